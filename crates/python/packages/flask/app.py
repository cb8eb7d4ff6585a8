"""The application: routes, request dispatch, errors, the development server."""
import logging
import os
import sys

from flask.config import Config
from flask.ctx import Context
from flask.globals import _stack
from flask.json import Provider
from flask.scaffold import Scaffold
from flask.sessions import open_session, save_session
from flask.wrappers import Request, Response
from urllib.parse import quote

from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.routing import BuildError, Map, RequestRedirect, Rule
from werkzeug.utils import redirect


class Flask(Scaffold):
    request_class = Request
    response_class = Response
    testing = False

    def __init__(self, import_name, static_url_path=None, static_folder="static", template_folder="templates", instance_path=None, root_path=None, **options):
        self._init_scaffold()
        self.import_name = import_name
        module = sys.modules.get(import_name)
        file = getattr(module, "__file__", None)
        self.root_path = root_path or (os.path.dirname(os.path.abspath(file)) if file else os.getcwd())
        self.template_folder = template_folder
        self.static_folder = None if static_folder is None else os.path.join(self.root_path, static_folder)
        self.static_url_path = static_url_path or "/" + os.path.basename(static_folder or "static")
        self.instance_path = os.path.join(self.root_path, "instance")
        self.config = Config(self.root_path, {
            "DEBUG": False, "TESTING": False, "SECRET_KEY": None, "APPLICATION_ROOT": "/", "SERVER_NAME": None,
            "MAX_CONTENT_LENGTH": None, "PREFERRED_URL_SCHEME": "http", "PROPAGATE_EXCEPTIONS": None,
            "SESSION_COOKIE_NAME": "session", "JSON_SORT_KEYS": True,
        })
        if os.environ.get("FLASK_DEBUG", "").lower() in ("1", "true", "yes", "on"):
            self.config["DEBUG"] = True
        self.json = Provider()
        self.url_map = Map()
        self.blueprints = {}
        self.extensions = {}
        self.teardown_appcontext_funcs = []
        self._logger = None
        self._jinja_env = None
        self.filters = {}
        if self.static_folder is not None:
            from flask.helpers import send_from_directory
            self.add_url_rule(self.static_url_path + "/<path:filename>", "static", lambda filename: send_from_directory(self.static_folder, filename))

    @property
    def name(self):
        if self.import_name == "__main__":
            f = getattr(sys.modules["__main__"], "__file__", None)
            return "__main__" if f is None else os.path.splitext(os.path.basename(f))[0]
        return self.import_name

    @property
    def debug(self):
        return self.config["DEBUG"]

    @debug.setter
    def debug(self, value):
        self.config["DEBUG"] = value

    @property
    def secret_key(self):
        return self.config["SECRET_KEY"]

    @secret_key.setter
    def secret_key(self, value):
        self.config["SECRET_KEY"] = value

    @property
    def logger(self):
        if self._logger is None:
            self._logger = logging.getLogger(self.name)
            if self.debug and not self._logger.level:
                self._logger.setLevel(logging.DEBUG)
            if not self._logger.handlers and not logging.getLogger().handlers:
                h = logging.StreamHandler()
                h.setFormatter(logging.Formatter("[%(asctime)s] %(levelname)s in %(module)s: %(message)s"))
                self._logger.addHandler(h)
        return self._logger

    @property
    def jinja_env(self):
        if self._jinja_env is None:
            from flask.templating import make_environment
            self._jinja_env = make_environment(self)
            self._jinja_env.filters.update(self.filters)
        return self._jinja_env

    def template_filter(self, name=None):
        def decorator(f):
            self.filters[name or f.__name__] = f
            self._jinja_env = None
            return f
        return decorator

    def _template_folders(self):
        out = [os.path.join(self.root_path, self.template_folder)]
        for b in self.blueprints.values():
            if b.template_folder:
                out.append(os.path.join(self.root_path, b.template_folder))
        return out

    def add_url_rule(self, rule, endpoint=None, view_func=None, provide_automatic_options=None, **options):
        if endpoint is None:
            endpoint = view_func.__name__
        methods = options.pop("methods", None) or getattr(view_func, "methods", None) or ("GET",)
        if isinstance(methods, str):
            raise TypeError('Allowed methods must be a list of strings, for example: @app.route(..., methods=["POST"])')
        methods = {m.upper() for m in methods}
        automatic = "OPTIONS" not in methods
        if automatic:
            methods.add("OPTIONS")
        if view_func is not None:
            old = self.view_functions.get(endpoint)
            if old is not None and old != view_func:
                raise AssertionError("View function mapping is overwriting an existing endpoint function: " + endpoint)
            self.view_functions[endpoint] = view_func
        r = Rule(rule, endpoint, methods, options.get("defaults"), options.get("strict_slashes"))
        r.automatic_options = automatic
        self.url_map.add(r)

    def register_blueprint(self, blueprint, url_prefix=None, **options):
        self.blueprints[blueprint.name] = blueprint
        blueprint.register(self, url_prefix)

    def teardown_appcontext(self, f):
        self.teardown_appcontext_funcs.append(f)
        return f

    def app_context(self):
        return Context(self)

    def test_request_context(self, path="/", method="GET", **kw):
        from werkzeug.datastructures import Headers
        return Context(self, self.request_class(method, path, Headers(kw.get("headers") or {}), b"", "127.0.0.1", ("localhost", 80)))

    def test_client(self):
        from flask.testing import FlaskClient
        return FlaskClient(self)

    def url_for(self, endpoint, *, _anchor=None, _method=None, _scheme=None, _external=None, **values):
        ctx = _stack[-1] if _stack else None
        request = ctx.request if ctx else None
        if endpoint.startswith(".") and request is not None:
            endpoint = (request.blueprint + endpoint) if request.blueprint else endpoint[1:]
        url = self.url_map.build(endpoint, values, _method)
        if _external and request is not None:
            url = (_scheme or request.scheme) + "://" + request.host + url
        if _anchor:
            url += "#" + _anchor
        return url

    # ---- a request's way

    def wsgi_app(self, environ, start_response):
        """The application as servers call it (PEP 3333)."""
        headers = Headers()
        for k, v in environ.items():
            if k.startswith("HTTP_"):
                headers.add(k[5:].replace("_", "-").title(), v)
        for k, name in (("CONTENT_TYPE", "Content-Type"), ("CONTENT_LENGTH", "Content-Length")):
            if environ.get(k):
                headers.add(name, environ[k])
        query = environ.get("QUERY_STRING", "")
        target = environ.get("RAW_URI") or quote(environ.get("PATH_INFO", "/")) + ("?" + query if query else "")
        length = environ.get("CONTENT_LENGTH") or "0"
        body = environ["wsgi.input"].read(int(length)) if length.isdigit() else b""
        server = (environ.get("SERVER_NAME", ""), int(environ.get("SERVER_PORT") or 80))
        request = self.request_class(environ["REQUEST_METHOD"], target, headers, body, environ.get("REMOTE_ADDR"), server)
        response = self.handle(request)
        start_response(response.status, [(k, v) for k, v in response.headers])
        if environ["REQUEST_METHOD"] == "HEAD" or response.status_code in (204, 304):
            return []
        if response._chunks is None:
            return [response.get_data()]
        return (c.encode() if isinstance(c, str) else c for c in response._chunks)

    def __call__(self, environ, start_response):
        return self.wsgi_app(environ, start_response)

    def handle(self, request):
        """The response to a request: what the server calls."""
        ctx = Context(self, request)
        ctx.push()
        try:
            try:
                ctx.session = open_session(self, request)
                response = self.full_dispatch_request(ctx)
            except Exception as e:
                response = self.handle_exception(e)
            return response
        finally:
            for f in reversed(self.teardown_request_funcs):
                f(None)
            for f in reversed(self.teardown_appcontext_funcs):
                f(None)
            ctx.pop()

    def full_dispatch_request(self, ctx):
        try:
            rv = self.preprocess_request(ctx)
            if rv is None:
                rv = self.dispatch_request(ctx.request)
        except Exception as e:
            rv = self.handle_user_exception(e)
        return self.finalize_request(rv)

    def preprocess_request(self, ctx):
        request = ctx.request
        try:
            request.url_rule, request.view_args = self.url_map.match(request.path, request.method)
        except RequestRedirect as e:
            query = request.query_string.decode()
            request.routing_exception = redirect(request.host_url.rstrip("/") + e.new_url + ("?" + query if query else ""), 308)
        except HTTPException as e:
            request.routing_exception = e
        for f in self.before_request_funcs:
            rv = f()
            if rv is not None:
                return rv

    def dispatch_request(self, request):
        e = request.routing_exception
        if e is not None:
            if isinstance(e, Response) or not isinstance(e, Exception):
                return e
            if request.method == "OPTIONS" and getattr(e, "valid_methods", None):
                return self.response_class("", headers={"Allow": ", ".join(e.valid_methods)})
            raise e
        rule = request.url_rule
        if rule.automatic_options and request.method == "OPTIONS":
            return self.response_class("", headers={"Allow": ", ".join(sorted(rule.methods))})
        return self.view_functions[rule.endpoint](**request.view_args)

    def _find_handler(self, e):
        code = e.code if isinstance(e, HTTPException) else None
        if code is not None and code in self.error_handlers:
            return self.error_handlers[code]
        for c in type(e).__mro__:
            if c in self.error_handlers:
                return self.error_handlers[c]
        return None

    def handle_user_exception(self, e):
        handler = self._find_handler(e)
        if handler is not None:
            return handler(e)
        if isinstance(e, HTTPException):
            return e
        raise e

    def handle_exception(self, e):
        self.log_exception((type(e), e, e.__traceback__))
        error = InternalServerError(original_exception=e)
        handler = self._find_handler(error)
        return self.finalize_request(handler(error) if handler is not None else error)

    def log_exception(self, exc_info):
        request = _stack[-1].request
        self.logger.error("Exception on %s [%s]" % (request.path, request.method), exc_info=exc_info)

    def finalize_request(self, rv):
        response = self.make_response(rv)
        ctx = _stack[-1]
        for f in ctx.after:
            response = f(response)
        for f in reversed(self.after_request_funcs):
            response = f(response)
        if ctx.session is not None:
            save_session(self, ctx.session, response)
        return response

    def make_response(self, rv):
        status = headers = None
        if isinstance(rv, tuple):
            if len(rv) == 3:
                rv, status, headers = rv
            elif len(rv) == 2:
                if isinstance(rv[1], (dict, list, tuple)) or hasattr(rv[1], "items"):
                    rv, headers = rv
                else:
                    rv, status = rv
            else:
                raise TypeError(
                    "The view function did not return a valid response tuple. The tuple must have the form (body, status,"
                    " headers), (body, status), or (body, headers)."
                )
        if rv is None:
            raise TypeError(
                "The view function for %r did not return a valid response. The function either returned None or ended"
                " without a return statement." % _stack[-1].request.endpoint
            )
        if isinstance(rv, HTTPException):
            rv = rv.get_response()
        elif isinstance(rv, (dict, list)):
            from flask.json import jsonify
            rv = jsonify(rv)
        elif isinstance(rv, (str, bytes, bytearray)) or hasattr(rv, "__next__"):
            rv = self.response_class(rv, status, headers)
            status = headers = None
        elif not hasattr(rv, "status_code"):
            raise TypeError(
                "The view function did not return a valid response. The return type must be a string, dict, list, tuple"
                " with headers or status, Response instance, or WSGI callable, but it was a %s." % type(rv).__name__
            )
        if status is not None:
            if isinstance(status, str):
                rv.status = status
            else:
                rv.status_code = status
        if headers:
            rv.headers.update(headers)
        return rv

    def run(self, host=None, port=None, debug=None, load_dotenv=True, **options):
        if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
            return
        if debug is not None:
            self.debug = bool(debug)
        from flask.cli import show_server_banner
        from werkzeug.serving import run_simple
        show_server_banner(self.debug, self.name)
        run_simple(host or "127.0.0.1", int(port) if port or port == 0 else 5000, self)
