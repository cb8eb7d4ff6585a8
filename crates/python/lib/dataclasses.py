# dataclasses
MISSING = type("_MISSING_TYPE", (), {"__repr__": lambda s: "<dataclasses._MISSING_TYPE object>"})()
KW_ONLY = object()


class FrozenInstanceError(AttributeError):
    pass


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = metadata or {}
        self.kw_only = kw_only


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=False):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def _is_classvar(t):
    return "ClassVar" in (t if isinstance(t, str) else repr(t))


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    def wrap(c):
        return _process(c, init, repr, eq, order, unsafe_hash, frozen, kw_only)
    return wrap if cls is None else wrap(cls)


def _process(cls, init, repr_, eq, order, unsafe_hash, frozen, kw_only):
    fields_ = {}
    for b in reversed(cls.__mro__[1:]):
        fields_.update(b.__dict__.get("__dataclass_fields__", {}))
    for name, t in cls.__dict__.get("__annotations__", {}).items():
        if _is_classvar(t):
            continue
        if t is KW_ONLY:
            kw_only = True
            continue
        d = cls.__dict__.get(name, MISSING)
        if isinstance(d, Field):
            f = d
            if f.default is MISSING:
                if name in cls.__dict__:
                    delattr(cls, name)
            else:
                setattr(cls, name, f.default)
        else:
            f = field(default=d)
            if isinstance(d, (list, dict, set)):
                raise ValueError("mutable default %r for field %s is not allowed: use default_factory" % (type(d), name))
        f.name = name
        f.type = t
        f.kw_only = f.kw_only or kw_only
        fields_[name] = f
    cls.__dataclass_fields__ = fields_
    cls.__match_args__ = tuple([f.name for f in fields_.values() if f.init and not f.kw_only])
    every = list(fields_.values())
    positional = [f for f in every if f.init and not f.kw_only]
    seen = None
    for f in positional:
        if f.default is not MISSING or f.default_factory is not MISSING:
            seen = f
        elif seen is not None:
            raise TypeError("non-default argument %r follows default argument" % f.name)
    qual = cls.__qualname__
    if init and "__init__" not in cls.__dict__:
        cls.__init__ = _make_init(qual, every, positional, frozen)
    if repr_ and "__repr__" not in cls.__dict__:
        shown = [f.name for f in every if f.repr]

        def __repr__(self):
            return type(self).__qualname__ + "(" + ", ".join([n + "=" + repr(getattr(self, n)) for n in shown]) + ")"
        cls.__repr__ = __repr__
    compared = [f.name for f in every if f.compare]

    def key(x):
        return tuple([getattr(x, n) for n in compared])
    if eq and "__eq__" not in cls.__dict__:
        cls.__eq__ = lambda a, b: key(a) == key(b) if type(a) is type(b) else NotImplemented
        if not frozen and not unsafe_hash and "__hash__" not in cls.__dict__:
            cls.__hash__ = None
    if order:
        cls.__lt__ = lambda a, b: key(a) < key(b) if type(a) is type(b) else NotImplemented
        cls.__le__ = lambda a, b: key(a) <= key(b) if type(a) is type(b) else NotImplemented
        cls.__gt__ = lambda a, b: key(a) > key(b) if type(a) is type(b) else NotImplemented
        cls.__ge__ = lambda a, b: key(a) >= key(b) if type(a) is type(b) else NotImplemented
    if (frozen and eq) or unsafe_hash:
        cls.__hash__ = lambda self: hash(key(self))
    if frozen:
        def __setattr__(self, name, value):
            raise FrozenInstanceError("cannot assign to field %r" % name)

        def __delattr__(self, name):
            raise FrozenInstanceError("cannot delete field %r" % name)
        cls.__setattr__ = __setattr__
        cls.__delattr__ = __delattr__
    return cls


def _make_init(qual, every, positional, frozen):
    names = [f.name for f in positional]

    def __init__(self, *args, **kw):
        if len(args) > len(names):
            need = len([f for f in positional if f.default is MISSING and f.default_factory is MISSING])
            takes = str(len(names) + 1) if need == len(names) else "from %d to %d" % (need + 1, len(names) + 1)
            raise TypeError("%s.__init__() takes %s positional argument%s but %d were given" % (qual, takes, "" if takes == "1" else "s", len(args) + 1))
        values = dict(zip(names, args))
        for k in kw:
            if k in values:
                raise TypeError("%s.__init__() got multiple values for argument %r" % (qual, k))
            if k not in known:
                raise TypeError("%s.__init__() got an unexpected keyword argument %r" % (qual, k))
        values.update(kw)
        missing = [f.name for f in every if f.init and f.name not in values and f.default is MISSING and f.default_factory is MISSING]
        if missing:
            q = [repr(m) for m in missing]
            text = q[0] if len(q) == 1 else ", ".join(q[:-1]) + (" and " if len(q) == 2 else ", and ") + q[-1]
            raise TypeError("%s.__init__() missing %d required positional argument%s: %s" % (qual, len(q), "" if len(q) == 1 else "s", text))
        for f in every:
            if f.init and f.name in values:
                v = values[f.name]
            elif f.default_factory is not MISSING:
                v = f.default_factory()
            elif f.default is not MISSING:
                v = f.default
            else:
                continue
            object.__setattr__(self, f.name, v)
        post = getattr(self, "__post_init__", None)
        if post is not None:
            post()
    known = {f.name for f in every if f.init}
    return __init__


def fields(x):
    return tuple(x.__dataclass_fields__.values())


def is_dataclass(x):
    return hasattr(x, "__dataclass_fields__")


def asdict(x, *, dict_factory=dict):
    return dict_factory([(f.name, _plain(getattr(x, f.name))) for f in fields(x)])


def _plain(v):
    if is_dataclass(v) and not isinstance(v, type):
        return asdict(v)
    if isinstance(v, (list, tuple)):
        return type(v)([_plain(x) for x in v])
    if isinstance(v, dict):
        return {k: _plain(x) for k, x in v.items()}
    return v


def astuple(x):
    return tuple([getattr(x, f.name) for f in fields(x)])


def replace(x, /, **changes):
    for f in fields(x):
        if f.init and f.name not in changes:
            changes[f.name] = getattr(x, f.name)
    return type(x)(**changes)
