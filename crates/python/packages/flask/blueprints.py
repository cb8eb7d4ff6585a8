"""Parts of an application, registered under a prefix."""
from flask.scaffold import Scaffold


class Blueprint(Scaffold):
    def __init__(self, name, import_name, static_folder=None, static_url_path=None, template_folder=None, url_prefix=None, **options):
        self._init_scaffold()
        self.name = name
        self.import_name = import_name
        self.template_folder = template_folder
        self.url_prefix = url_prefix
        self.deferred = []

    def add_url_rule(self, rule, endpoint=None, view_func=None, **options):
        self.deferred.append((rule, endpoint, view_func, options))

    def register(self, app, url_prefix=None):
        prefix = (url_prefix if url_prefix is not None else self.url_prefix) or ""
        for rule, endpoint, f, options in self.deferred:
            endpoint = self.name + "." + (endpoint or f.__name__)
            full = prefix.rstrip("/") + "/" + rule.lstrip("/") if prefix else rule
            app.add_url_rule(full, endpoint, f, **options)
        app.before_request_funcs.extend([self._only(f) for f in self.before_request_funcs])
        app.after_request_funcs.extend(self.after_request_funcs)
        for k, f in self.error_handlers.items():
            app.error_handlers.setdefault(k, f)
        app.template_context_processors.extend(self.template_context_processors)

    def _only(self, f):
        from flask.globals import request

        def wrapped():
            if request.blueprint == self.name:
                return f()
        return wrapped
