"""Flask's request and response."""
from werkzeug.wrappers import Request as _Request
from werkzeug.wrappers import Response as _Response


class Request(_Request):
    url_rule = None
    view_args = None
    routing_exception = None

    @property
    def endpoint(self):
        return None if self.url_rule is None else self.url_rule.endpoint

    @property
    def blueprint(self):
        e = self.endpoint
        return e.rpartition(".")[0] if e is not None and "." in e else None


class Response(_Response):
    pass
