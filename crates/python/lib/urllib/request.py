# urllib.request: HTTP over sockets. There is no TLS here.
import io
import socket
import sys as _sys
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit


class Headers(dict):
    """Header fields, whatever their names' case."""

    def __getitem__(self, k):
        for n, v in self.items():
            if n.lower() == k.lower():
                return v
        return None

    def get(self, k, default=None):
        v = self[k]
        return default if v is None else v

    def __contains__(self, k):
        return self[k] is not None

    def get_content_type(self):
        return self.get("Content-Type", "text/plain").split(";")[0].strip()

    def get_content_charset(self, failobj=None):
        _, found, rest = self.get("Content-Type", "").partition("charset=")
        return rest.split(";")[0].strip(' "').lower() if found else failobj


class Request:
    def __init__(self, url, data=None, headers={}, origin_req_host=None, unverifiable=False, method=None):
        self.full_url = url
        self.data = data
        self.headers = dict(headers)
        self.method = method

    def get_method(self):
        return self.method or ("GET" if self.data is None else "POST")

    def add_header(self, key, value):
        self.headers[key.capitalize()] = value


class HTTPResponse(io.BytesIO):
    def __init__(self, url, status, reason, headers, body):
        super().__init__(body)
        self.url = url
        self.status = self.code = status
        self.reason = self.msg = reason
        self.headers = headers

    def getcode(self):
        return self.status

    def geturl(self):
        return self.url

    def info(self):
        return self.headers

    def getheader(self, name, default=None):
        return self.headers.get(name, default)

    def getheaders(self):
        return list(self.headers.items())


def _chunks(data):
    out = b""
    while True:
        line, _, data = data.partition(b"\r\n")
        n = int(line.split(b";")[0] or b"0", 16)
        if n == 0:
            return out
        out += data[:n]
        data = data[n + 2:]


def _exchange(req, url, timeout):
    u = urlsplit(url)
    if not u.scheme:
        raise ValueError("unknown url type: %r" % url)
    if u.scheme != "http":
        raise URLError("unknown url type: " + u.scheme)
    if not u.hostname:
        raise URLError("no host given")
    body = req.data or b""
    if isinstance(body, str):
        raise TypeError("POST data should be bytes, an iterable of bytes, or a file object. It cannot be of type str.")
    fields = {"Accept-Encoding": "identity"}
    if req.data is not None:
        fields["Content-Type"] = "application/x-www-form-urlencoded"
        fields["Content-Length"] = str(len(body))
    fields["Host"] = u.netloc
    fields["User-Agent"] = "Python-urllib/%d.%d" % _sys.version_info[:2]
    for k, v in req.headers.items():
        for old in list(fields):
            if old.lower() == k.lower():
                del fields[old]
        fields[k] = v
    fields["Connection"] = "close"
    path = (u.path or "/") + ("?" + u.query if u.query else "")
    head = "%s %s HTTP/1.1\r\n" % (req.get_method(), path) + "".join(["%s: %s\r\n" % f for f in fields.items()]) + "\r\n"
    try:
        s = socket.create_connection((u.hostname, u.port or 80), timeout)
        s.sendall(head.encode("latin-1") + body)
        got = b""
        while True:
            b = s.recv(65536)
            if not b:
                break
            got += b
        s.close()
    except OSError as e:
        raise URLError(e)
    top, _, rest = got.partition(b"\r\n\r\n")
    lines = top.decode("latin-1").split("\r\n")
    first = lines[0].split(" ", 2)
    if len(first) < 2 or not first[1].isdigit():
        raise URLError("the server's answer is not HTTP")
    headers = Headers()
    for line in lines[1:]:
        k, _, v = line.partition(":")
        headers[k] = v.strip()
    if "chunked" in headers.get("Transfer-Encoding", "").lower():
        rest = _chunks(rest)
    elif headers.get("Content-Length", "").isdigit():
        rest = rest[:int(headers["Content-Length"])]
    return HTTPResponse(url, int(first[1]), first[2] if len(first) > 2 else "", headers, rest)


def urlopen(url, data=None, timeout=None, *, cafile=None, capath=None, cadefault=False, context=None):
    req = url if isinstance(url, Request) else Request(url)
    if data is not None:
        req.data = data
    at = req.full_url
    for _ in range(10):
        r = _exchange(req, at, timeout)
        if r.status in (301, 302, 303, 307, 308) and r.headers.get("Location"):
            at = urljoin(at, r.headers["Location"])
            if r.status in (301, 302, 303):
                req = Request(at, headers=req.headers)
            continue
        if r.status >= 300:
            raise HTTPError(at, r.status, r.reason, r.headers, r)
        return r
    raise HTTPError(at, r.status, "The HTTP server returned a redirect error that would lead to an infinite loop.", r.headers, r)


def urlretrieve(url, filename):
    r = urlopen(url)
    with open(filename, "wb") as f:
        f.write(r.read())
    return filename, r.headers
