# enum
class auto:
    pass


def _members(ns):
    return [(k, v) for k, v in ns.items() if not (k.startswith("_") or callable(v) or isinstance(v, (staticmethod, classmethod, property)) or hasattr(v, "__get__"))]


class EnumType(type):
    def __new__(meta, name, bases, ns, **kw):
        base_enum = None
        for b in bases:
            if isinstance(b, EnumType):
                base_enum = b
        if base_enum is None:
            return type.__new__(meta, name, bases, ns)
        if base_enum._member_map_:
            raise TypeError("<enum '%s'> cannot extend <enum '%s'>" % (name, base_enum.__name__))
        found = _members(ns)
        for k, v in found:
            del ns[k]
        cls = type.__new__(meta, name, bases, ns)
        cls._member_map_ = {}
        cls._value2member_map_ = {}
        kind = None
        for b in cls.__mro__:
            if b in (int, str, float):
                kind = b
        if kind is not None:
            # A mixed-in type's own text does not hide the enum's.
            for n in ("__repr__", "__str__", "__format__"):
                for b in cls.__mro__[:-1]:
                    if n in b.__dict__:
                        if not isinstance(b, EnumType):
                            type.__setattr__(cls, n, getattr(Enum, n))
                        break
        last = []
        for k, v in found:
            if isinstance(v, auto):
                gen = getattr(cls, "_generate_next_value_", None)
                v = gen(k, 1, len(last), last)
            last.append(v)
            args = v if isinstance(v, tuple) else (v,)
            same = None
            for m in cls._member_map_.values():
                if m._value_ == v:
                    same = m
            if same is not None:
                cls._member_map_[k] = same
                continue
            if kind is None:
                m = object.__new__(cls)
            else:
                m = kind.__new__(cls, v)
            m._name_ = k
            m._value_ = v
            init = cls.__dict__.get("__init__")
            if init is not None:
                init(m, *args)
            cls._member_map_[k] = m
            cls._value2member_map_[v] = m if True else None
        for k, m in cls._member_map_.items():
            type.__setattr__(cls, k, m)
        return cls

    def __call__(cls, value, names=None, **kw):
        if names is not None:
            if isinstance(names, str):
                names = names.replace(",", " ").split()
            ns = dict(names) if isinstance(names, dict) else {n: i + 1 for i, n in enumerate(names)}
            return EnumType.__new__(EnumType, value, (cls,), ns)
        for m in cls._member_map_.values():
            if m._value_ == value or m is value:
                return m
        missing = getattr(cls, "_missing_", None)
        if missing is not None:
            m = missing(value)
            if m is not None:
                return m
        if issubclass(cls, Flag):
            return cls._compose(value)
        raise ValueError("%r is not a valid %s" % (value, cls.__qualname__))

    def __iter__(cls):
        seen = []
        for m in cls._member_map_.values():
            if not any(m is s for s in seen):
                seen.append(m)
                yield m

    def __len__(cls):
        return len([m for m in cls])

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __contains__(cls, x):
        return isinstance(x, cls) and any(m is x for m in cls._member_map_.values())

    @property
    def __members__(cls):
        return dict(cls._member_map_)

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", ()):
            raise AttributeError("cannot reassign member %r" % name)
        type.__setattr__(cls, name, value)

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError("type object %r has no attribute %r" % (cls.__name__, name))
        raise AttributeError(name) from None

    def __repr__(cls):
        return "<enum %r>" % cls.__name__


EnumMeta = EnumType


class Enum(metaclass=EnumType):
    _member_map_ = {}

    def _generate_next_value_(name, start, count, last_values):
        return last_values[-1] + 1 if last_values else start

    @property
    def name(self):
        return self._name_

    @property
    def value(self):
        return self._value_

    def __repr__(self):
        return "<%s.%s: %r>" % (type(self).__name__, self._name_, self._value_)

    def __str__(self):
        return "%s.%s" % (type(self).__name__, self._name_)

    def __format__(self, spec):
        return format(str(self), spec)

    def __hash__(self):
        return hash(self._name_)


class IntEnum(int, Enum):
    def __str__(self):
        return str(self._value_)

    def __format__(self, spec):
        return format(self._value_, spec)

    def __hash__(self):
        return hash(self._value_)


class StrEnum(str, Enum):
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()

    def __str__(self):
        return self._value_

    def __format__(self, spec):
        return format(self._value_, spec)

    def __hash__(self):
        return hash(self._value_)


class Flag(Enum):
    def _generate_next_value_(name, start, count, last_values):
        return 1 << count

    @classmethod
    def _compose(cls, value):
        m = object.__new__(cls)
        m._value_ = value
        m._name_ = "|".join([x._name_ for x in cls._member_map_.values() if x._value_ & value]) or None
        return m

    def _same(self, v):
        return type(self)(v)

    def __str__(self):
        return "%s.%s" % (type(self).__name__, self._name_) if self._name_ else "%s(%r)" % (type(self).__name__, self._value_)

    def __repr__(self):
        return "<%s.%s: %r>" % (type(self).__name__, self._name_, self._value_) if self._name_ else "<%s: %r>" % (type(self).__name__, self._value_)

    def __invert__(self):
        every = 0
        for m in type(self)._member_map_.values():
            every |= m._value_
        return self._same(every & ~self._value_)

    def __or__(self, o):
        return self._same(self._value_ | o._value_)

    def __and__(self, o):
        return self._same(self._value_ & o._value_)

    def __xor__(self, o):
        return self._same(self._value_ ^ o._value_)

    def __contains__(self, o):
        return o._value_ & self._value_ == o._value_

    def __bool__(self):
        return bool(self._value_)

    def __eq__(self, o):
        return type(self) is type(o) and self._value_ == o._value_

    def __hash__(self):
        return hash(self._value_)


class IntFlag(int, Flag):
    pass


def unique(cls):
    seen = {}
    for n, m in cls._member_map_.items():
        if m._name_ != n:
            raise ValueError("duplicate values found in %r: %s -> %s" % (cls, n, m._name_))
    return cls


def property_(f):
    return property(f)
