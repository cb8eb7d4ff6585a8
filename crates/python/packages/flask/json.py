"""JSON as flask makes it."""
import json as _json

from flask.globals import current_app


def _default(o):
    import datetime
    if isinstance(o, datetime.date):
        from werkzeug.http import http_date
        return o.strftime("%a, %d %b %Y %H:%M:%S GMT")
    if hasattr(o, "__dataclass_fields__"):
        import dataclasses
        return dataclasses.asdict(o)
    if hasattr(o, "__html__"):
        return str(o.__html__())
    if type(o).__name__ in ("Decimal", "UUID"):
        return str(o)
    raise TypeError("Object of type %s is not JSON serializable" % type(o).__name__)


def dumps(obj, **kwargs):
    kwargs.setdefault("default", _default)
    kwargs.setdefault("sort_keys", current_app.json.sort_keys if current_app else True)
    return _json.dumps(obj, **kwargs)


def loads(s, **kwargs):
    return _json.loads(s, **kwargs)


class Provider:
    sort_keys = True
    compact = None
    ensure_ascii = True
    mimetype = "application/json"

    def dumps(self, obj, **kwargs):
        kwargs.setdefault("ensure_ascii", self.ensure_ascii)
        return dumps(obj, **kwargs)

    def loads(self, s, **kwargs):
        return _json.loads(s, **kwargs)


def jsonify(*args, **kwargs):
    if args and kwargs:
        raise TypeError("app.json.response() takes either args or kwargs, not both")
    if not args and not kwargs:
        obj = None
    elif len(args) == 1:
        obj = args[0]
    else:
        obj = args or kwargs
    app = current_app._get_current_object()
    p = app.json
    options = {"indent": 2} if p.compact is None and app.debug or p.compact is False else {"separators": (",", ":")}
    return app.response_class(p.dumps(obj, **options) + "\n", mimetype=p.mimetype)
