# collections
import sys as _sys

_kind_abc = None


class OrderedDict(dict):
    def move_to_end(self, key, last=True):
        v = self[key]
        if last:
            del self[key]
            self[key] = v
        else:
            items = [(k, x) for k, x in self.items() if k != key]
            self.clear()
            self[key] = v
            for k, x in items:
                self[k] = x

    def popitem(self, last=True):
        if not self:
            raise KeyError("dictionary is empty")
        k = next(reversed(self)) if last else next(iter(self))
        return k, self.pop(k)

    def copy(self):
        return type(self)(self)

    def __eq__(self, other):
        if isinstance(other, OrderedDict):
            return list(self.items()) == list(other.items())
        return dict.__eq__(self, other)

    def __repr__(self):
        return "OrderedDict(" + ("[" + ", ".join([repr(p) for p in self.items()]) + "]" if self else "") + ")"


class defaultdict(dict):
    def __init__(self, default_factory=None, /, *args, **kw):
        if default_factory is not None and not callable(default_factory):
            raise TypeError("first argument must be callable or None")
        self.default_factory = default_factory
        dict.__init__(self, *args, **kw)

    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        v = self[key] = self.default_factory()
        return v

    def copy(self):
        return type(self)(self.default_factory, self)

    def __repr__(self):
        return "defaultdict(%r, %s)" % (self.default_factory, dict.__repr__(dict(self)))


class Counter(dict):
    def __init__(self, iterable=None, /, **kw):
        dict.__init__(self)
        self.update(iterable, **kw)

    def __missing__(self, key):
        return 0

    def update(self, iterable=None, /, **kw):
        if iterable is not None:
            if isinstance(iterable, dict):
                for k, n in iterable.items():
                    self[k] = self.get(k, 0) + n
            else:
                for x in iterable:
                    self[x] = self.get(x, 0) + 1
        for k, n in kw.items():
            self[k] = self.get(k, 0) + n

    def subtract(self, iterable=None, /, **kw):
        if iterable is not None:
            for k, n in (iterable.items() if isinstance(iterable, dict) else [(x, 1) for x in iterable]):
                self[k] = self.get(k, 0) - n
        for k, n in kw.items():
            self[k] = self.get(k, 0) - n

    def most_common(self, n=None):
        items = sorted(self.items(), key=lambda p: p[1], reverse=True)
        return items if n is None else items[:n]

    def elements(self):
        for k, n in self.items():
            for _ in range(n):
                yield k

    def total(self):
        return sum(self.values())

    def copy(self):
        return type(self)(self)

    def __delitem__(self, key):
        if key in self:
            dict.__delitem__(self, key)

    def __add__(self, other):
        return self._combine(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._combine(other, lambda a, b: a - b)

    def __or__(self, other):
        return self._combine(other, max)

    def __and__(self, other):
        return self._combine(other, min)

    def _combine(self, other, f):
        r = Counter()
        for k in list(self) + [k for k in other if k not in self]:
            n = f(self[k], other[k])
            if n > 0:
                r[k] = n
        return r

    def __repr__(self):
        if not self:
            return "Counter()"
        return "Counter({" + ", ".join(["%r: %r" % p for p in self.most_common()]) + "})"


class _Field:
    """A named tuple's attribute."""

    def __init__(self, i):
        self._i = i

    def __get__(self, obj, owner=None):
        return self if obj is None else tuple.__getitem__(obj, self._i)

    def __set__(self, obj, value):
        raise AttributeError("can't set attribute")


def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    if isinstance(field_names, str):
        field_names = field_names.replace(",", " ").split()
    fields = tuple([str(f) for f in field_names])
    for f in fields:
        if not f.isidentifier():
            raise ValueError("Type names and field names must be valid identifiers: %r" % f)
        if f.startswith("_"):
            raise ValueError("Field names cannot start with an underscore: %r" % f)
    if len(set(fields)) != len(fields):
        raise ValueError("Encountered duplicate field name")
    given = dict(zip(fields[len(fields) - len(defaults):], defaults)) if defaults else {}

    def __new__(cls, *args, **kw):
        if len(args) > len(fields):
            raise TypeError("%s.__new__() takes %d positional arguments but %d were given" % (typename, len(fields) + 1, len(args) + 1))
        values = list(args)
        for f in fields[len(args):]:
            if f in kw:
                values.append(kw.pop(f))
            elif f in given:
                values.append(given[f])
            else:
                missing = [repr(x) for x in fields[len(values):] if x not in kw and x not in given]
                text = missing[0] if len(missing) == 1 else ", ".join(missing[:-1]) + (" and " if len(missing) == 2 else ", and ") + missing[-1]
                raise TypeError("%s.__new__() missing %d required positional argument%s: %s" % (typename, len(missing), "" if len(missing) == 1 else "s", text))
        if kw:
            raise TypeError("%s.__new__() got an unexpected keyword argument %r" % (typename, next(iter(kw))))
        return tuple.__new__(cls, values)

    def __repr__(self):
        return type(self).__name__ + "(" + ", ".join(["%s=%r" % p for p in zip(fields, self)]) + ")"

    def _replace(self, /, **kw):
        r = self._make([kw.pop(f, v) for f, v in zip(fields, self)])
        if kw:
            raise ValueError("Got unexpected field names: %r" % list(kw))
        return r

    def _getter(i):
        return _Field(i)
    ns = {
        "__slots__": (), "_fields": fields, "_field_defaults": given, "__match_args__": fields, "__new__": __new__, "__repr__": __repr__,
        "_replace": _replace, "_asdict": lambda self: dict(zip(fields, self)), "_make": classmethod(lambda cls, it: tuple.__new__(cls, it)),
    }
    for i, f in enumerate(fields):
        ns[f] = _getter(i)
    if module is not None:
        ns["__module__"] = module
    return type(typename, (tuple,), ns)


class deque:
    _is_sequence = True

    def __init__(self, iterable=(), maxlen=None):
        self.maxlen = maxlen
        self._l = []
        self.extend(iterable)

    def _trim(self, left):
        if self.maxlen is not None and len(self._l) > self.maxlen:
            n = len(self._l) - self.maxlen
            if left:
                del self._l[:n]
            else:
                del self._l[self.maxlen:]

    def append(self, x):
        self._l.append(x)
        self._trim(True)

    def appendleft(self, x):
        self._l.insert(0, x)
        self._trim(False)

    def extend(self, it):
        for x in it:
            self.append(x)

    def extendleft(self, it):
        for x in it:
            self.appendleft(x)

    def pop(self):
        if not self._l:
            raise IndexError("pop from an empty deque")
        return self._l.pop()

    def popleft(self):
        if not self._l:
            raise IndexError("pop from an empty deque")
        return self._l.pop(0)

    def rotate(self, n=1):
        if self._l:
            n %= len(self._l)
            self._l = self._l[-n:] + self._l[:-n] if n else self._l

    def clear(self):
        self._l = []

    def copy(self):
        return deque(self._l, self.maxlen)

    def count(self, x):
        return self._l.count(x)

    def index(self, x, *a):
        return self._l.index(x, *a)

    def insert(self, i, x):
        self._l.insert(i, x)

    def remove(self, x):
        self._l.remove(x)

    def reverse(self):
        self._l.reverse()

    def __len__(self):
        return len(self._l)

    def __iter__(self):
        return iter(self._l)

    def __reversed__(self):
        return reversed(self._l)

    def __contains__(self, x):
        return x in self._l

    def __getitem__(self, i):
        if not isinstance(i, int):
            raise TypeError("sequence index must be integer, not %r" % type(i).__name__)
        try:
            return self._l[i]
        except IndexError:
            raise IndexError("deque index out of range") from None

    def __setitem__(self, i, v):
        self._l[i] = v

    def __delitem__(self, i):
        del self._l[i]

    def __eq__(self, other):
        return isinstance(other, deque) and self._l == other._l

    __hash__ = None

    def __add__(self, other):
        return deque(self._l + other._l, self.maxlen)

    def __iadd__(self, other):
        self.extend(other)
        return self

    def __repr__(self):
        return "deque(" + repr(self._l) + (", maxlen=%d" % self.maxlen if self.maxlen is not None else "") + ")"


class ChainMap:
    def __init__(self, *maps):
        self.maps = list(maps) or [{}]

    def __getitem__(self, key):
        for m in self.maps:
            if key in m:
                return m[key]
        raise KeyError(key)

    def get(self, key, default=None):
        return self[key] if key in self else default

    def __setitem__(self, key, v):
        self.maps[0][key] = v

    def __delitem__(self, key):
        del self.maps[0][key]

    def __contains__(self, key):
        return any(key in m for m in self.maps)

    def __iter__(self):
        d = {}
        for m in reversed(self.maps):
            d.update(dict.fromkeys(m))
        return iter(d)

    def keys(self):
        return list(self)

    def items(self):
        return [(k, self[k]) for k in self]

    def values(self):
        return [self[k] for k in self]

    def __len__(self):
        return len(list(iter(self)))

    def new_child(self, m=None, **kw):
        return ChainMap(dict(kw) if m is None else m, *self.maps)

    def __repr__(self):
        return "ChainMap(" + ", ".join([repr(m) for m in self.maps]) + ")"


class UserDict(dict):
    @property
    def data(self):
        return self


UserList = list
UserString = str
