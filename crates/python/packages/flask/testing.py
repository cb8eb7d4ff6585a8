"""Requests without a server."""
import json as _json

from werkzeug.datastructures import Headers


class FlaskClient:
    def __init__(self, app):
        self.app = app

    def open(self, path, method="GET", data=None, json=None, headers=None, query_string=None, content_type=None):
        h = Headers(headers or {})
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
        return self.app.handle(self.app.request_class(method, path, h, body, "127.0.0.1", ("localhost", 80)))

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
