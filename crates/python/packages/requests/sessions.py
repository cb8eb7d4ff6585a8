"""Requests, over the standard library's sockets. There is no TLS here, and it says so."""
import base64
import datetime
import json as _json
import socket
import time
import urllib.error
import urllib.request
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from requests import exceptions
from requests.models import CaseInsensitiveDict, Response

REDIRECTS = (301, 302, 303, 307, 308)


def _url(url, params):
    url = url.strip()
    parts = urlsplit(url)
    if not parts.scheme:
        raise exceptions.MissingSchema("Invalid URL %r: No scheme supplied. Perhaps you meant https://%s?" % (url, url))
    if parts.scheme not in ("http", "https"):
        raise exceptions.InvalidSchema("No connection adapters were found for %r" % url)
    if not parts.hostname:
        raise exceptions.InvalidURL("Invalid URL %r: No host supplied" % url)
    query = parts.query
    if params:
        if isinstance(params, str):
            more = params
        else:
            pairs = params.items() if hasattr(params, "items") else params
            more = urlencode([(k, v) for k, v in pairs if v is not None], True)
        query = query + "&" + more if query else more
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, parts.fragment))


class Session:
    max_redirects = 30

    def __init__(self):
        self.headers = CaseInsensitiveDict()
        self.params, self.auth, self.verify, self.cookies = {}, None, True, {}

    def __enter__(self):
        return self

    def __exit__(self, *a):
        self.close()

    def close(self):
        pass

    def request(self, method, url, params=None, data=None, headers=None, cookies=None, files=None, auth=None, timeout=None,
                allow_redirects=True, proxies=None, hooks=None, stream=None, verify=None, cert=None, json=None):
        from requests import __version__
        url = _url(url, {**self.params, **params} if isinstance(params, dict) else params or self.params)
        fields = CaseInsensitiveDict()
        for k, v in {"User-Agent": "python-requests/" + __version__, "Accept-Encoding": "identity", "Accept": "*/*"}.items():
            fields[k] = v
        body = None
        if data:
            if hasattr(data, "items") or isinstance(data, (list, tuple)):
                body = urlencode(data, True).encode()
                fields["Content-Type"] = "application/x-www-form-urlencoded"
            else:
                body = data.encode() if isinstance(data, str) else data.read() if hasattr(data, "read") else data
        elif json is not None:
            body = _json.dumps(json).encode()
            fields["Content-Type"] = "application/json"
        if files:
            raise NotImplementedError("files: Layerlab's requests does not send them")
        for more in (self.headers, headers or {}):
            for k, v in more.items():
                fields[k] = v
        jar = {**self.cookies, **(cookies or {})}
        if jar:
            fields["Cookie"] = "; ".join(["%s=%s" % kv for kv in jar.items()])
        login = auth or self.auth
        if login:
            fields["Authorization"] = "Basic " + base64.b64encode(("%s:%s" % tuple(login)).encode()).decode()
        if body is not None or method.upper() in ("POST", "PUT", "PATCH"):
            fields["Content-Length"] = str(len(body or b""))
        if isinstance(timeout, tuple):
            timeout = timeout[0]
        history = []
        while True:
            r = self._send(method.upper(), url, fields, body, timeout)
            if not allow_redirects or r.status_code not in REDIRECTS or not r.headers.get("Location"):
                r.history = history
                return r
            if len(history) >= self.max_redirects:
                raise exceptions.TooManyRedirects("Exceeded %d redirects." % self.max_redirects, response=r)
            history.append(r)
            url = urljoin(url, r.headers["Location"])
            if r.status_code == 303 and method.upper() != "HEAD" or r.status_code in (301, 302) and method.upper() == "POST":
                method, body = "GET", None
                for k in ("Content-Type", "Content-Length"):
                    if k in fields:
                        del fields[fields._key(k)]

    def _send(self, method, url, fields, body, timeout):
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
        path = (parts.path or "/") + ("?" + parts.query if parts.query else "")
        kind = "HTTPSConnection" if parts.scheme == "https" else "HTTPConnection"
        here = "%s(host=%r, port=%d)" % (kind, host, port)

        def failed(what, why):
            return "%sPool(host=%r, port=%d): Max retries exceeded with url: %s (Caused by %s(\"%s: %s\"))" % (
                kind, host, port, path, what, here, why)

        if parts.scheme == "https":
            raise exceptions.SSLError(failed("SSLError", "Layerlab's Python has no TLS; ask with http:// instead"))
        start = time.monotonic()
        try:
            got = urllib.request._exchange(urllib.request.Request(url, body, dict(fields), method=method), url, timeout)
        except urllib.error.URLError as e:
            why = e.reason
            if isinstance(why, socket.gaierror):
                text = failed("NameResolutionError", "Failed to resolve %r (%s)" % (host, why))
            elif isinstance(why, TimeoutError):
                text = "%sPool(host=%r, port=%d): Read timed out. (read timeout=%s)" % (kind, host, port, timeout)
                raise exceptions.ReadTimeout(text) from None
            elif isinstance(why, OSError):
                text = failed("NewConnectionError", "Failed to establish a new connection: %s" % why)
            else:
                text = "('Connection aborted.', %s)" % why
            raise exceptions.ConnectionError(text) from None
        r = Response()
        r.status_code, r.reason, r.url, r.content = got.status, got.reason, url, got.read()
        for k, v in got.headers.items():
            r.headers[k] = v
            if k.lower() == "set-cookie":
                name, _, value = v.split(";")[0].partition("=")
                r.cookies[name] = self.cookies[name] = value
        kind = r.headers.get("Content-Type") or ""
        _, found, charset = kind.partition("charset=")
        r.encoding = charset.split(";")[0].strip(" \"'") if found else "ISO-8859-1" if kind.startswith("text/") else None
        if "json" in kind and not found:
            r.encoding = "utf-8"
        r.elapsed = datetime.timedelta(seconds=time.monotonic() - start)
        return r

    def get(self, url, **kwargs):
        return self.request("GET", url, **kwargs)

    def options(self, url, **kwargs):
        return self.request("OPTIONS", url, **kwargs)

    def head(self, url, **kwargs):
        kwargs.setdefault("allow_redirects", False)
        return self.request("HEAD", url, **kwargs)

    def post(self, url, data=None, json=None, **kwargs):
        return self.request("POST", url, data=data, json=json, **kwargs)

    def put(self, url, data=None, **kwargs):
        return self.request("PUT", url, data=data, **kwargs)

    def patch(self, url, data=None, **kwargs):
        return self.request("PATCH", url, data=data, **kwargs)

    def delete(self, url, **kwargs):
        return self.request("DELETE", url, **kwargs)


def session():
    return Session()
