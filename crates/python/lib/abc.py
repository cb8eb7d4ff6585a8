# abc
def abstractmethod(f):
    f.__isabstractmethod__ = True
    return f


class ABCMeta(type):
    def __new__(meta, name, bases, ns, **kw):
        cls = type.__new__(meta, name, bases, ns, **kw)
        names = set()
        for c in cls.__mro__:
            for k, v in c.__dict__.items():
                if _abstract(v) and _abstract(getattr_static(cls, k)):
                    names.add(k)
        type.__setattr__(cls, "__abstractmethods__", frozenset(names))
        type.__setattr__(cls, "_registered", [])
        return cls

    def register(cls, sub):
        cls._registered.append(sub)
        return sub

    def __instancecheck__(cls, x):
        return cls.__subclasscheck__(type(x))

    def __subclasscheck__(cls, c):
        if type.__subclasscheck__(cls, c):
            return True
        for r in cls._registered:
            if issubclass(c, r):
                return True
        hook = getattr(cls, "__subclasshook__", None)
        return hook is not None and hook(c) is True


def getattr_static(cls, name):
    for c in cls.__mro__:
        if name in c.__dict__:
            return c.__dict__[name]


def _abstract(v):
    if isinstance(v, property):
        return any(getattr(f, "__isabstractmethod__", False) for f in (v.fget, v.fset, v.fdel) if f is not None)
    if isinstance(v, (classmethod, staticmethod)):
        v = v.__func__
    return type(v).__name__ == "function" and getattr(v, "__isabstractmethod__", False)


class ABC(metaclass=ABCMeta):
    pass


abstractproperty = property
