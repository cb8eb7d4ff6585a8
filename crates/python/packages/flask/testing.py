"""Requests without a server."""
import json as _json

from werkzeug.datastructures import Headers


class FlaskClient:
    def __init__(self, app):
        self.app = app
        self._cookies = {}

    def open(self, path, method="GET", data=None, json=None, headers=None, query_string=None, content_type=None, follow_redirects=False):
        h = Headers(headers or {})
        if self._cookies:
            h.setdefault("Cookie", "; ".join([k + "=" + v for k, v in self._cookies.items()]))
        h.setdefault("Host", "localhost")
        body = b""
        if json is not None:
            body = _json.dumps(json).encode()
            content_type = content_type or "application/json"
        elif isinstance(data, dict):
            from urllib.parse import urlencode
            body = urlencode(data).encode()
            content_type = content_type or "application/x-www-form-urlencoded"
        elif data is not None:
            body = data.encode() if isinstance(data, str) else data
        if content_type:
            h.set("Content-Type", content_type)
        if query_string:
            from urllib.parse import urlencode
            path += "?" + (query_string if isinstance(query_string, str) else urlencode(query_string))
        if path.startswith("http://localhost"):
            path = path[16:] or "/"
        r = self.app.handle(self.app.request_class(method, path, h, body, "127.0.0.1", ("localhost", 80)))
        for k, v in list(r.headers):
            if k.lower() == "set-cookie":
                self._keep_cookie(v)
        if method == "HEAD":
            r.head_only()
        if follow_redirects and r.status_code in (301, 302, 303, 307, 308):
            if r.status_code in (307, 308):
                return self.open(r.headers["Location"], method, data, json, headers, None, content_type, True)
            return self.open(r.headers["Location"], headers=headers, follow_redirects=True)
        return r

    def _keep_cookie(self, text):
        first, *attributes = text.split("; ")
        k, _, v = first.partition("=")
        if "Max-Age=0" in attributes:
            self._cookies.pop(k, None)
        else:
            self._cookies[k] = v

    def set_cookie(self, key, value="", **kw):
        self._cookies[key] = value

    def head(self, path, **kw):
        return self.open(path, "HEAD", **kw)

    def options(self, path, **kw):
        return self.open(path, "OPTIONS", **kw)

    def get(self, path, **kw):
        return self.open(path, "GET", **kw)

    def post(self, path, **kw):
        return self.open(path, "POST", **kw)

    def put(self, path, **kw):
        return self.open(path, "PUT", **kw)

    def delete(self, path, **kw):
        return self.open(path, "DELETE", **kw)

    def patch(self, path, **kw):
        return self.open(path, "PATCH", **kw)

    def __enter__(self):
        return self

    def __exit__(self, *a):
        pass
