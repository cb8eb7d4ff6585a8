"""Proxies for what belongs to the current request."""

_stack = []


class _Proxy:
    def __init__(self, name, what):
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_what", what)

    def _get_current_object(self):
        if not _stack:
            raise RuntimeError("Working outside of %s context." % self._what)
        v = getattr(_stack[-1], self._name)
        if v is None:
            raise RuntimeError("Working outside of %s context." % self._what)
        return v

    def __getattr__(self, name):
        return getattr(self._get_current_object(), name)

    def __setattr__(self, name, value):
        setattr(self._get_current_object(), name, value)

    def __delattr__(self, name):
        delattr(self._get_current_object(), name)

    def __getitem__(self, key):
        return self._get_current_object()[key]

    def __setitem__(self, key, value):
        self._get_current_object()[key] = value

    def __delitem__(self, key):
        del self._get_current_object()[key]

    def __contains__(self, key):
        return key in self._get_current_object()

    def __iter__(self):
        return iter(self._get_current_object())

    def __len__(self):
        return len(self._get_current_object())

    def __bool__(self):
        return bool(_stack) and getattr(_stack[-1], self._name) is not None

    def __repr__(self):
        return repr(self._get_current_object()) if self else "<LocalProxy unbound>"


request = _Proxy("request", "request")
session = _Proxy("session", "request")
g = _Proxy("g", "application")
current_app = _Proxy("app", "application")
