"""What is current while a request is handled."""
from flask.globals import _stack


class _AppCtxGlobals:
    def get(self, name, default=None):
        return self.__dict__.get(name, default)

    def pop(self, name, *default):
        return self.__dict__.pop(name, *default)

    def setdefault(self, name, default=None):
        return self.__dict__.setdefault(name, default)

    def __contains__(self, name):
        return name in self.__dict__

    def __iter__(self):
        return iter(self.__dict__)


class Session(dict):
    modified = False
    permanent = False

    def __setitem__(self, key, value):
        self.modified = True
        dict.__setitem__(self, key, value)

    def __delitem__(self, key):
        self.modified = True
        dict.__delitem__(self, key)

    def pop(self, key, *default):
        self.modified = True
        return dict.pop(self, key, *default)

    def clear(self):
        self.modified = True
        dict.clear(self)


class Context:
    def __init__(self, app, request=None):
        self.app = app
        self.request = request
        self.g = _AppCtxGlobals()
        self.session = None
        self.after = []

    def push(self):
        _stack.append(self)

    def pop(self, exc=None):
        _stack.remove(self)

    def __enter__(self):
        self.push()
        return self

    def __exit__(self, typ, exc, tb):
        self.pop()


def has_request_context():
    return bool(_stack) and _stack[-1].request is not None


def has_app_context():
    return bool(_stack)


def after_this_request(f):
    _stack[-1].after.append(f)
    return f


def copy_current_request_context(f):
    return f
