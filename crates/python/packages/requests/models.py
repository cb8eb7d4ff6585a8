"""Answers."""
import datetime
import json as _json

from requests.exceptions import HTTPError, JSONDecodeError


class CaseInsensitiveDict(dict):
    def _key(self, k):
        for n in self.keys():
            if n.lower() == k.lower():
                return n
        return k

    def __getitem__(self, k):
        return super().__getitem__(self._key(k))

    def __setitem__(self, k, v):
        super().__setitem__(self._key(k), v)

    def __contains__(self, k):
        return super().__contains__(self._key(k))

    def get(self, k, default=None):
        return super().get(self._key(k), default)


class Response:
    def __init__(self):
        self.status_code = None
        self.reason = self.url = ""
        self.headers = CaseInsensitiveDict()
        self.content = b""
        self.encoding = None
        self.history = []
        self.elapsed = datetime.timedelta(0)
        self.cookies = {}
        self.request = None

    def __repr__(self):
        return "<Response [%s]>" % self.status_code

    def __bool__(self):
        return self.ok

    def __enter__(self):
        return self

    def __exit__(self, *a):
        self.close()

    def close(self):
        pass

    @property
    def ok(self):
        return self.status_code < 400

    @property
    def is_redirect(self):
        return "location" in self.headers and self.status_code in (301, 302, 303, 307, 308)

    @property
    def text(self):
        return self.content.decode(self.encoding or "utf-8", "replace")

    def json(self, **kwargs):
        try:
            return _json.loads(self.content.decode("utf-8"), **kwargs)
        except ValueError as e:
            raise JSONDecodeError(str(e)) from None

    def iter_content(self, chunk_size=1, decode_unicode=False):
        size = chunk_size or len(self.content) or 1
        for i in range(0, len(self.content), size):
            yield self.content[i:i + size]

    def iter_lines(self, chunk_size=512, decode_unicode=False, delimiter=None):
        for line in self.content.splitlines():
            yield line.decode() if decode_unicode else line

    def raise_for_status(self):
        kind = "Client" if 400 <= self.status_code < 500 else "Server" if 500 <= self.status_code < 600 else None
        if kind:
            raise HTTPError("%s %s Error: %s for url: %s" % (self.status_code, kind, self.reason, self.url), response=self)
