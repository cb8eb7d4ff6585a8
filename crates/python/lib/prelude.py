# Builtins that call back into Python code. Native helpers have names that begin with an underscore.


def _type_name(x):
    return _raw_type(x).__name__


# ---- raising

def _raise_from(e, cause):
    if _kind(e) == 7:
        e = e()
    if _kind(e) != 5:
        raise TypeError("exceptions must derive from BaseException")
    if _kind(cause) == 7:
        cause = cause()
    if cause is not None and _kind(cause) != 5:
        raise TypeError("exception causes must derive from BaseException")
    e.__cause__ = cause
    raise e


def _gen_throw(gen, typ, val=None, tb=None):
    if _kind(typ) == 7:
        if _kind(val) == 5:
            e = val
        elif val is None:
            e = typ()
        else:
            e = typ(val)
    else:
        e = typ
    if _kind(e) != 5:
        raise TypeError("exceptions must be classes or instances deriving from BaseException, not " + _type_name(e))
    return gen.throw(e)


def _gen_close(gen):
    if _gen_state(gen) in (0, 3):
        try:
            gen.throw(GeneratorExit())
        except BaseException:
            pass
        return
    try:
        gen.throw(GeneratorExit())
    except (GeneratorExit, StopIteration):
        return
    raise RuntimeError("generator ignored GeneratorExit")


def _get_awaitable(x):
    if _raw_type(x) is coroutine:
        return x
    m = _user_method(x, "__await__")
    if m is None:
        raise TypeError("object %s can't be used in 'await' expression" % _type_name(x))
    return iter(m(x))


def _send(it, v):
    return it.send(v)


# ---- truth, comparison

def _ne(eq, a, b):
    r = eq(a, b)
    return r if r is NotImplemented else not r


def _compare(op, a, b):
    if op == "==":
        return a == b
    if op == "!=":
        return a != b
    if op == "<":
        return a < b
    if op == "<=":
        return a <= b
    if op == ">":
        return a > b
    return a >= b


def _compare_slow(op, a, b):
    kind = _same_kind(a, b)
    if kind == 3:
        eq = _dict_eq(a, b)
    elif kind == 4:
        eq = len(a) == len(b) and all(x in b for x in a)
    elif kind in (1, 2):
        n = min(len(a), len(b))
        i = 0
        while i < n:
            x = a[i]
            y = b[i]
            if x is not y and not (x == y):
                if op == "==":
                    return False
                if op == "!=":
                    return True
                return _compare(op, x, y)
            i += 1
        return _compare(op, len(a), len(b))
    else:
        eq = a is b
    if op == "==":
        return eq
    if op == "!=":
        return not eq
    raise TypeError("'%s' not supported between instances of '%s' and '%s'" % (op, _type_name(a), _type_name(b)))


def _dict_eq(a, b):
    if len(a) != len(b):
        return False
    for k, v in a.items():
        if k not in b:
            return False
        w = b[k]
        if v is not w and not (v == w):
            return False
    return True


def _contains(c, x):
    if _raw_type(c) is dict_values or _kind(c) in (1, 2):
        for v in c:
            if v is x or v == x:
                return True
        return False
    if _kind(c) == 3:
        return _dict_find(c, x) is not None
    if _kind(c) == 4:
        return _set_find(c, x)
    try:
        it = iter(c)
    except TypeError:
        raise TypeError("argument of type '%s' is not iterable" % _type_name(c)) from None
    for v in it:
        if v is x or v == x:
            return True
    return False


# ---- hashing, dictionaries and sets with keys that have methods of their own

def _hash_slow(x):
    if _raw_type(x) is tuple:
        h = 3430008
        for v in x:
            h = (h * 1000003 ^ hash(v)) & 0x7FFFFFFFFFFFFFFF
        return h
    h = _user_method(x, "__hash__")(x)
    if not isinstance(h, int):
        raise TypeError("__hash__ method should return an integer")
    if -0x8000000000000000 <= h <= 0x7FFFFFFFFFFFFFFF:
        return h
    return h % 0x1FFFFFFFFFFFFFFF


def _dict_find(d, k):
    for i, key in _dict_candidates(d, hash(k)):
        if key is k or key == k:
            return i
    return None


def _dict_getitem(d, k):
    i = _dict_find(d, k)
    if i is None:
        m = _user_method(d, "__missing__")
        if m is not None:
            return m(d, k)
        raise KeyError(k)
    return _dict_at(d, i)


def _dict_get(d, k, default):
    i = _dict_find(d, k)
    return default if i is None else _dict_at(d, i)


def _dict_set(d, k, v):
    h = hash(k)
    for i, key in _dict_candidates(d, h):
        if key is k or key == k:
            _dict_set_at(d, i, v)
            return
    _dict_push(d, h, k, v)


def _dict_setdefault(d, k, v):
    i = _dict_find(d, k)
    if i is None:
        _dict_set(d, k, v)
        return v
    return _dict_at(d, i)


def _dict_del(d, k):
    i = _dict_find(d, k)
    if i is None:
        raise KeyError(k)
    _dict_del_at(d, i)


def _dict_pop(d, k, *default):
    i = _dict_find(d, k)
    if i is None:
        if default:
            return default[0]
        raise KeyError(k)
    v = _dict_at(d, i)
    _dict_del_at(d, i)
    return v


def _dict_contains(d, k):
    return _dict_find(d, k) is not None


def _dict_from_flat(d, flat):
    i = 0
    while i < len(flat):
        _dict_set(d, flat[i], flat[i + 1])
        i += 2
    return d


def _dict_update(d, other):
    if _is_dict(other) and _user_method(other, "keys") is None:
        if not _dict_try_update(d, other):
            for k, v in other.items():
                _dict_set(d, k, v)
        return
    if hasattr(other, "keys"):
        for k in other.keys():
            dict.__setitem__(d, k, other[k])
        return
    i = 0
    for pair in other:
        try:
            pair = tuple(pair)
        except TypeError:
            raise TypeError("cannot convert dictionary update sequence element #%d to a sequence" % i) from None
        if len(pair) != 2:
            raise ValueError("dictionary update sequence element #%d has length %d; 2 is required" % (i, len(pair)))
        dict.__setitem__(d, pair[0], pair[1])
        i += 1


def _dict_merge(d, other, f):
    if not hasattr(other, "keys"):
        raise TypeError("%s() argument after ** must be a mapping, not %s" % (getattr(f, "__qualname__", "function"), _type_name(other)))
    for k in other.keys():
        if k in d:
            raise TypeError("%s() got multiple values for keyword argument '%s'" % (getattr(f, "__qualname__", "function"), k))
        if not isinstance(k, str):
            raise TypeError("keywords must be strings")
        d[k] = other[k]


def _dict_init(d, other):
    if _is_dict(other) or hasattr(other, "keys"):
        _dict_update(d, other)
        return d
    if not hasattr(other, "__iter__") and not hasattr(other, "__getitem__"):
        raise TypeError("'%s' object is not iterable" % _type_name(other))
    _dict_update(d, other)
    return d


def _dict_update_method(self, other=(), /, **kw):
    if other is not ():
        _dict_update(self, other)
    for k in kw:
        dict.__setitem__(self, k, kw[k])


def _dict_dunder_init(self, other=(), /, **kw):
    _dict_update_method(self, other, **kw)


def _dict_fromkeys(cls, keys, value=None):
    d = cls()
    for k in keys:
        d[k] = value
    return d


def _set_find(s, x):
    for v in _set_candidates(s, hash(x)):
        if v is x or v == x:
            return True
    return False


def _set_add(s, x):
    if not _set_find(s, x):
        _set_push(s, hash(x), x)


def _set_from(s, it):
    if _raw_type(s) is frozenset or _kind(s) == 4:
        for x in it:
            _set_add_any(s, x)
    return s


def _set_add_any(s, x):
    if x in s:
        return
    _set_push(s, hash(x), x)


def _set_remove(s, x, must):
    for v in _set_candidates(s, hash(x)):
        if v is x or v == x:
            _set_drop(s, v)
            return
    if must:
        raise KeyError(x)


def _as_set(x):
    return x if _kind(x) == 4 else set(x)


def _set_iop(a, b, name):
    return _set_replace(a, _set_combine(a, b, name))


def _set_update(self, *others):
    for o in others:
        _set_from(self, o)


def _set_union(self, *others):
    r = self.copy()
    for o in others:
        r = _set_combine(r, _as_set(o), "or")
    return r


def _set_intersection(self, *others):
    r = self.copy()
    for o in others:
        r = _set_combine(r, _as_set(o), "and")
    return r


def _set_difference(self, *others):
    r = self.copy()
    for o in others:
        r = _set_combine(r, _as_set(o), "sub")
    return r


def _set_symmetric_difference(self, other):
    return _set_combine(self, _as_set(other), "xor")


def _set_intersection_update(self, *others):
    _set_replace(self, _set_intersection(self, *others))


def _set_difference_update(self, *others):
    _set_replace(self, _set_difference(self, *others))


def _set_symmetric_difference_update(self, other):
    _set_replace(self, _set_symmetric_difference(self, other))


def _set_issubset(self, other):
    other = _as_set(other)
    return all(x in other for x in self)


def _set_issuperset(self, other):
    return all(x in self for x in other)


def _set_isdisjoint(self, other):
    return not any(x in self for x in other)


def _set_init(self, it=()):
    self.clear()
    _set_from(self, it)


# ---- texts

_repr_running = []


def _repr_slow(x):
    m = _user_method(x, "__repr__")
    if m is not None:
        s = m(x)
        if not isinstance(s, str):
            raise TypeError("__repr__ returned non-string (type %s)" % _type_name(s))
        return s
    kind = _kind(x)
    if kind == 7:
        m = _class_lookup(_raw_type(x), "__repr__")
        return m(x)
    for y in _repr_running:
        if y is x:
            return {1: "[...]", 2: "(...)", 3: "{...}"}.get(kind, "...")
    _repr_running.append(x)
    try:
        if kind == 1:
            return "[" + ", "._join([repr(v) for v in list.__iter__(x)]) + "]"
        if kind == 2:
            if len(x) == 1:
                return "(" + repr(x[0]) + ",)"
            return "(" + ", "._join([repr(v) for v in tuple.__iter__(x)]) + ")"
        if kind == 3:
            return "{" + ", "._join([repr(k) + ": " + repr(v) for k, v in x.items()]) + "}"
        if kind == 4:
            body = "{" + ", "._join([repr(v) for v in x]) + "}"
            name = _type_name(x)
            return body if name == "set" else name + "(" + body + ")"
        if kind == 5:
            return _type_name(x) + "(" + ", "._join([repr(v) for v in x.args]) + ")"
        if kind == 6:
            return _type_name(x) + "([" + ", "._join([repr(v) for v in x]) + "])"
        if kind == 8:
            return "<bound method " + x.__func__.__qualname__ + " of " + repr(x.__self__) + ">"
        if _raw_type(x) is slice:
            return "slice(%s, %s, %s)" % (repr(x.start), repr(x.stop), repr(x.step))
        return object.__repr__(x)
    finally:
        _repr_running.pop()


def _object_repr(x):
    return "<" + _full_name(_raw_type(x)) + " object at 0x%012x>" % id(x)


def _str_of(x):
    m = _user_method(x, "__str__")
    if m is not None:
        s = m(x)
        if not isinstance(s, str):
            raise TypeError("__str__ returned non-string (type %s)" % _type_name(s))
        return s
    if _kind(x) == 5:
        a = x.args
        if len(a) == 0:
            return ""
        if len(a) == 1:
            return repr(a[0]) if isinstance(x, KeyError) else _to_text(a[0])
        return repr(a)
    return repr(x)


def _str_slow(cls, x):
    s = _str_of(x)
    return s if cls is str else _object_new(cls, s)


def _format_value(v, conv, spec):
    if conv == "r":
        v = repr(v)
    elif conv == "s":
        v = _to_text(v)
    elif conv == "a":
        v = ascii(v)
    return format(v, spec)


def format(v, spec="", /):
    m = _user_method(v, "__format__")
    if m is not None:
        s = m(v, spec)
        if not isinstance(s, str):
            raise TypeError("__format__ must return a str, not " + _type_name(s))
        return s
    return _object_format(v, spec)


def _object_format(v, spec):
    s = _format_native(v, spec)
    if s is not None:
        return s
    if spec == "":
        return _to_text(v)
    raise TypeError("unsupported format string passed to %s.__format__" % _type_name(v))


def _str_format(self, /, *args, **kw):
    return _vformat(self, args, kw, [0])


def _str_format_map(self, mapping, /):
    return _vformat(self, (), mapping, [0])


def _vformat(text, args, kw, auto):
    out = []
    for lit, field, conv, spec in _parse_format(text):
        if lit:
            out.append(lit)
        if field is None:
            continue
        v = _get_field(field, args, kw, auto)
        if "{" in spec:
            spec = _vformat(spec, args, kw, auto)
        out.append(_format_value(v, conv, spec))
    return ""._join(out)


def _get_field(field, args, kw, auto):
    i = 0
    while i < len(field) and field[i] not in ".[":
        i += 1
    first = field[:i]
    rest = field[i:]
    if first == "":
        if auto[0] is None:
            raise ValueError("cannot switch from manual field specification to automatic field numbering")
        first = auto[0]
        auto[0] += 1
    elif first.isdigit():
        first = int(first)
        if auto[0]:
            raise ValueError("cannot switch from automatic field numbering to manual field specification")
        auto[0] = None
    if isinstance(first, int):
        if first >= len(args):
            raise IndexError("Replacement index %d out of range for positional args tuple" % first)
        v = args[first]
    else:
        v = kw[first]
    while rest:
        if rest[0] == ".":
            rest = rest[1:]
            j = 0
            while j < len(rest) and rest[j] not in ".[":
                j += 1
            v = getattr(v, rest[:j])
            rest = rest[j:]
        else:
            j = rest.index("]")
            key = rest[1:j]
            v = v[int(key) if key.isdigit() else key]
            rest = rest[j + 1:]
    return v


def _percent_slow(fmt, values):
    # Texts are made here; what %s and %r need is then plain.
    if _is_dict(values) and "%(" in fmt:
        # The same with places instead of keys.
        plain, places, i = "", [], 0
        while i < len(fmt):
            if fmt[i] == "%" and fmt[i + 1:i + 2] == "(":
                end = fmt.index(")", i)
                places.append(values[fmt[i + 2:end]])
                plain += "%"
                i = end + 1
                continue
            width = 2 if fmt[i] == "%" else 1
            plain += fmt[i:i + width]
            i += width
        return plain % tuple(places)
    if not isinstance(values, tuple):
        values = (values,)
    out = []
    i = 0
    n = 0
    while i < len(fmt):
        if fmt[i] != "%":
            i += 1
            continue
        i += 1
        while i < len(fmt) and fmt[i] in "-+ #0123456789.*":
            if fmt[i] == "*":
                if n < len(values):
                    out.append(values[n])
                n += 1
            i += 1
        c = fmt[i:i + 1]
        i += 1
        if c == "%" or n >= len(values):
            continue
        v = values[n]
        n += 1
        if c == "s":
            v = _to_text(v)
        elif c in ("r", "a"):
            fmt = fmt[:i - 1] + "s" + fmt[i:]
            v = repr(v)
        out.append(v)
    out.extend(values[n:])
    return fmt % tuple(out)


def _join(self, it, /):
    if _raw_type(it) is not list:
        try:
            it = [*it]
        except TypeError as e:
            if not hasattr(it, "__iter__"):
                raise TypeError("can only join an iterable") from None
            raise
    return self._join(it)


# ---- iteration

def _index(x):
    m = _user_method(x, "__index__")
    if m is None:
        raise TypeError("'%s' object cannot be interpreted as an integer" % _type_name(x))
    n = m(x)
    if not isinstance(n, int):
        raise TypeError("__index__ returned non-int (type %s)" % _type_name(n))
    return n


def _get_at_index(o, i):
    return o[_index(i)]


def _extend(l, it):
    for x in it:
        l.append(x)


def _to_list(it):
    return [*it]


def _unpack(it, n):
    try:
        it = iter(it)
    except TypeError:
        raise TypeError("cannot unpack non-iterable %s object" % _type_name(it)) from None
    out = []
    for x in it:
        out.append(x)
        if len(out) > n:
            raise ValueError("too many values to unpack (expected %d)" % n)
    if len(out) < n:
        raise ValueError("not enough values to unpack (expected %d, got %d)" % (n, len(out)))
    return tuple(out)


def _iter_getitem(x):
    i = 0
    try:
        while True:
            yield x[i]
            i += 1
    except IndexError:
        return


def _iter_callable(f, sentinel):
    def gen():
        while True:
            v = f()
            if v == sentinel:
                return
            yield v
    return _relabel(gen(), callable_iterator)


def _next_or(it, default):
    try:
        return next(it)
    except StopIteration:
        return default


def _map(f=None, *its):
    if not its:
        raise TypeError("map() must have at least two arguments.")
    if len(its) == 1:
        return _relabel(_map1(f, iter(its[0])), map)
    return _relabel(_mapn(f, [iter(i) for i in its]), map)


def _map1(f, it):
    for x in it:
        yield f(x)


def _mapn(f, its):
    while True:
        args = []
        for it in its:
            try:
                args.append(next(it))
            except StopIteration:
                return
        yield f(*args)


def _filter(f, it):
    return _relabel(_filter_gen(f, iter(it)), filter)


def _filter_gen(f, it):
    if f is None:
        for x in it:
            if x:
                yield x
    else:
        for x in it:
            if f(x):
                yield x


def _zip(*its, strict=False):
    return _relabel(_zip_gen([iter(i) for i in its], strict), zip)


def _zip_gen(its, strict):
    if not its:
        return
    while True:
        row = []
        for it in its:
            try:
                row.append(next(it))
            except StopIteration:
                if strict:
                    n = len(row)
                    if n:
                        raise ValueError("zip() argument %d is shorter than argument%s %s" % (n + 1, "" if n == 1 else "s", "1" if n == 1 else "1-%d" % n)) from None
                    for i in range(1, len(its)):
                        for _ in its[i]:
                            raise ValueError("zip() argument %d is longer than argument%s %s" % (i + 1, "" if i == 1 else "s", "1" if i == 1 else "1-%d" % i)) from None
                return
        yield tuple(row)


def _enumerate(it, start=0):
    return _relabel(_enumerate_gen(iter(it), start), enumerate)


def _enumerate_gen(it, i):
    for x in it:
        yield i, x
        i += 1


def _reversed(x):
    m = _user_method(x, "__reversed__")
    if m is not None:
        return m(x)
    if _kind(x) in (1, 2):
        return _list_back(x)
    if _is_dict(x):
        return _dict_reversed(x, 0)
    if _kind(x) == 6:
        return _dict_reversed(x, 0)
    if _raw_type(x) is range:
        return iter(x[::-1])
    if not hasattr(x, "__getitem__") and not isinstance(x, (str, bytes, bytearray)):
        raise TypeError("'%s' object is not reversible" % _type_name(x))
    return _relabel(_reversed_gen(x), reversed)


def _reversed_gen(x):
    i = len(x) - 1
    while i >= 0:
        yield x[i]
        i -= 1


def all(it, /):
    for x in it:
        if not x:
            return False
    return True


def any(it, /):
    for x in it:
        if x:
            return True
    return False


def sum(it, /, start=0):
    if isinstance(start, str):
        raise TypeError("sum() can't sum strings [use ''.join(seq) instead]")
    for x in it:
        start = start + x
    return start


_missing = object()


def _extreme(name, less, args, key, default):
    if len(args) == 0:
        raise TypeError("%s expected at least 1 argument, got 0" % name)
    if len(args) == 1:
        it = args[0]
    else:
        if default is not _missing:
            raise TypeError("Cannot specify a default for %s() with multiple positional arguments" % name)
        it = args
    best = _missing
    for x in it:
        k = x if key is None else key(x)
        if best is _missing:
            best = x
            best_key = k
        elif less:
            if k < best_key:
                best = x
                best_key = k
        elif k > best_key:
            best = x
            best_key = k
    if best is _missing:
        if default is _missing:
            raise ValueError("%s() arg is an empty sequence" % name)
        return default
    return best


def min(*args, key=None, default=_missing):
    return _extreme("min", True, args, key, default)


def max(*args, key=None, default=_missing):
    return _extreme("max", False, args, key, default)


def sorted(it, /, *, key=None, reverse=False):
    l = [*it]
    _list_sort(l, key, reverse)
    return l


def _list_sort(l, key, reverse):
    keys = l if key is None else [key(x) for x in l]
    out = _sort_by_keys(l, keys, bool(reverse))
    if out is None:
        pairs = [(k, x) for k, x in zip(keys, l)]
        if reverse:
            pairs.reverse()
        pairs = _merge_sort(pairs)
        if reverse:
            pairs.reverse()
        out = [p[1] for p in pairs]
    _list_set_all(l, out)


def _merge_sort(a):
    n = len(a)
    if n < 2:
        return a
    b = _merge_sort(a[:n // 2])
    c = _merge_sort(a[n // 2:])
    out = []
    i = j = 0
    while i < len(b) and j < len(c):
        if c[j][0] < b[i][0]:
            out.append(c[j])
            j += 1
        else:
            out.append(b[i])
            i += 1
    out.extend(b[i:])
    out.extend(c[j:])
    return out


def _list_index(l, x, start=0, stop=None):
    i = start
    for v in l[start:stop]:
        if v is x or v == x:
            return i
        i += 1
    raise ValueError(repr(x) + " is not in list")


def _list_count(l, x):
    n = 0
    for v in l:
        if v is x or v == x:
            n += 1
    return n


def _list_remove(l, x):
    i = 0
    for v in l:
        if v is x or v == x:
            del l[i]
            return
        i += 1
    raise ValueError("list.remove(x): x not in list")


def _set_slice(l, s, it):
    l[s] = [*it]


def _len_slow(x):
    m = _user_method(x, "__len__")
    n = (_class_lookup(_raw_type(x), "__len__") if m is None else m)(x)
    if not isinstance(n, int):
        raise TypeError("'%s' object cannot be interpreted as an integer" % _type_name(n))
    if n < 0:
        raise ValueError("__len__() should return >= 0")
    return n


# ---- numbers

def _int_slow(cls, x):
    m = _user_method(x, "__int__")
    if m is None:
        m = _user_method(x, "__index__")
    v = m(x)
    if not isinstance(v, int):
        raise TypeError("__int__ returned non-int (type %s)" % _type_name(v))
    return v if cls is int else _object_new(cls, v)


def _float_slow(cls, x):
    v = _user_method(x, "__float__")(x)
    return v if cls is float else _object_new(cls, v)


def abs(x, /):
    m = _user_method(x, "__abs__")
    if m is not None:
        return m(x)
    if not isinstance(x, (int, float)):
        raise TypeError("bad operand type for abs(): '%s'" % _type_name(x))
    if x < 0:
        return -x
    return x + 0 if isinstance(x, bool) else (0.0 if x == 0 and isinstance(x, float) else x)


def round(number, ndigits=None):
    m = _user_method(number, "__round__")
    if m is not None:
        return m(number) if ndigits is None else m(number, ndigits)
    return _round(number, ndigits)


def divmod(a, b, /):
    m = _user_method(a, "__divmod__")
    if m is not None:
        return m(a, b)
    return (a // b, a % b)


def pow(base, exp, mod=None):
    if mod is None:
        return base ** exp
    return _pow_mod(base, exp, mod)


# ---- classes

def isinstance(x, cls, /):
    if _kind(cls) == 7:
        if _raw_type(cls) is not type:
            m = _class_lookup(_raw_type(cls), "__instancecheck__")
            if m is not NotImplemented:
                return bool(m(cls, x))
        return _isinstance(x, cls)
    if _raw_type(cls) is tuple:
        for c in cls:
            if isinstance(x, c):
                return True
        return False
    origin = getattr(cls, "__union__", None)
    if origin is not None:
        return isinstance(x, origin)
    return _isinstance(x, cls)


def issubclass(c, cls, /):
    if _kind(cls) == 7 and _raw_type(cls) is not type:
        m = _class_lookup(_raw_type(cls), "__subclasscheck__")
        if m is not NotImplemented:
            return bool(m(cls, c))
    return _issubclass(c, cls)


def getattr(o, name, *default):
    if default:
        try:
            return _getattr(o, name)
        except AttributeError:
            return default[0]
    return _getattr(o, name)


def hasattr(o, name, /):
    try:
        _getattr(o, name)
        return True
    except AttributeError:
        return False


def vars(o=_missing, /):
    if o is _missing:
        return _builtins["locals"]()
    try:
        return o.__dict__
    except AttributeError:
        raise TypeError("vars() argument must have __dict__ attribute") from None


def dir(o=_missing, /):
    if o is _missing:
        return sorted(_builtins["locals"]())
    m = _user_method(o, "__dir__")
    if m is not None:
        return sorted(m(o))
    return _dir(o)


def __build_class__(func, name, *bases, metaclass=None, **kw):
    orig = bases
    resolved = []
    for b in bases:
        if _kind(b) != 7:
            m = _user_method(b, "__mro_entries__")
            if m is not None:
                resolved.extend(m(b, bases))
                continue
        resolved.append(b)
    bases = tuple(resolved)
    meta = metaclass
    if meta is None:
        meta = type
    if _kind(meta) == 7:
        for b in bases:
            t = _raw_type(b)
            if t is not meta and _issubclass(t, meta):
                meta = t
    prepare = getattr(meta, "__prepare__", None)
    ns = {} if prepare is None else prepare(name, bases, **kw)
    cell = _exec_in(func, ns)
    if bases != orig:
        ns["__orig_bases__"] = orig
    cls = meta(name, bases, ns, **kw)
    if cell is not None:
        _set_cell(cell, cls)
    return cls


def _new_type(meta, name, bases=(), ns=None):
    return _type_new(meta, name, bases, ns)


def _type_new(meta, name, bases, ns, /, **kw):
    for b in bases:
        if _kind(b) == 7:
            t = _raw_type(b)
            if t is not meta and _issubclass(t, meta):
                meta = t
    if "__qualname__" not in ns:
        ns["__qualname__"] = name
    if "__module__" not in ns:
        g = _caller_globals()
        if g is not None:
            ns["__module__"] = g.get("__name__", "__main__")
    new = ns.get("__new__")
    if _raw_type(new) is function:
        ns["__new__"] = staticmethod(new)
    for n in ("__init_subclass__", "__class_getitem__"):
        f = ns.get(n)
        if _raw_type(f) is function:
            ns[n] = classmethod(f)
    if "__eq__" in ns and "__hash__" not in ns:
        ns["__hash__"] = None
    cls = _class_new(meta, name, bases, ns)
    for k, v in [*ns.items()]:
        m = _user_method(v, "__set_name__")
        if m is not None:
            m(v, cls, k)
    super(cls, cls).__init_subclass__(**kw)
    return cls


def _type_init(cls, *args, **kw):
    pass


def _construct(cls, args, kw):
    new = _class_lookup(cls, "__new__")
    if new is NotImplemented:
        obj = _object_new(cls, *args)
    else:
        obj = new(cls, *args, **kw)
    if isinstance(obj, cls):
        init = _user_method(obj, "__init__")
        if init is not None:
            _init(obj, args, kw)
    return obj


def _init(obj, args, kw):
    r = _user_method(obj, "__init__")(obj, *args, **kw)
    if r is not None:
        raise TypeError("__init__() should return None, not '%s'" % _type_name(r))
    return obj


def _construct_from(cls, it):
    return _construct_native(cls, [*it])


def _construct_kw(cls, args, kw):
    if _issubclass(cls, dict):
        d = _construct_native(cls, *args)
        for k in kw:
            dict.__setitem__(d, k, kw[k])
        return d
    if _issubclass(cls, int):
        return _object_new(cls, *args, kw["base"])
    if _issubclass(cls, str):
        names = ("object", "encoding", "errors")
        return _object_new(cls, *args, *[kw[n] for n in names if n in kw])
    if _issubclass(cls, bytes):
        return _object_new(cls, *args, *[kw[n] for n in ("source", "encoding", "errors") if n in kw])
    if cls is zip:
        return _zip(*args, **kw)
    if cls is enumerate:
        names = ("iterable", "start")
        return _enumerate(*args, *[kw[n] for n in names if n in kw])
    if cls is property:
        vals = [*args]
        for n in ("fget", "fset", "fdel", "doc")[len(args):]:
            vals.append(kw.get(n))
        return property(*vals)
    raise TypeError("%s() takes no keyword arguments" % cls.__name__)


def _abstract_error(cls):
    names = sorted(cls.__abstractmethods__)
    raise TypeError("Can't instantiate abstract class %s with abstract method%s %s" % (cls.__name__, "" if len(names) == 1 else "s", ", ".join(names)))


def _generic_alias(cls, args):
    return _GenericAlias(cls, args)


# ---- match

def _match_seq(subject, before, after):
    if _kind(subject) not in (1, 2) and _raw_type(subject) is not range and not getattr(subject, "_is_sequence", False):
        return None
    n = len(subject)
    if after < 0:
        return tuple(subject) if n == before else None
    if n < before + after:
        return None
    items = [*subject]
    return tuple(items[:before] + [items[before:n - after]] + items[n - after:])


def _match_map(subject, keys, rest):
    if not _is_dict(subject):
        return None
    out = []
    for k in keys:
        if k not in subject:
            return None
        out.append(subject[k])
    if rest:
        out.append({k: v for k, v in subject.items() if k not in keys})
    return tuple(out)


def _match_class(subject, cls, n, names):
    if _kind(cls) != 7:
        raise TypeError("called match pattern must be a class")
    if not isinstance(subject, cls):
        return None
    out = []
    if n:
        args = getattr(cls, "__match_args__", None)
        if args is None:
            if n == 1 and cls in (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple):
                out.append(subject)
            else:
                raise TypeError("%s() accepts 0 positional sub-patterns (%d given)" % (cls.__name__, n))
        else:
            if n > len(args):
                raise TypeError("%s() accepts %d positional sub-pattern%s (%d given)" % (cls.__name__, len(args), "" if len(args) == 1 else "s", n))
            for a in args[:n]:
                try:
                    out.append(getattr(subject, a))
                except AttributeError:
                    return None
    for a in names:
        try:
            out.append(getattr(subject, a))
        except AttributeError:
            return None
    return tuple(out)


# ---- code

def _source_text(source):
    if isinstance(source, (bytes, bytearray)):
        source = source.decode()
    return source


def compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1):
    return _compile(_source_text(source), filename, mode, False)


def exec(source, globals=None, locals=None, /):
    if globals is None:
        globals = _caller_globals()
        if locals is None:
            locals = _builtins["locals"]()
    if _raw_type(source) is not code:
        source = _compile(_source_text(source), "<string>", "exec", False)
    if "__builtins__" not in globals:
        globals["__builtins__"] = _native_modules["builtins"]
    _exec_code(source, globals, locals)


def eval(source, globals=None, locals=None, /):
    if globals is None:
        globals = _caller_globals()
        if locals is None:
            locals = _builtins["locals"]()
    if _raw_type(source) is not code:
        source = _compile(_source_text(source), "<string>", "eval", False)
    return _exec_code(source, globals, locals)


# ---- put the builtins into place

for _n in ("all", "any", "sum", "min", "max", "sorted", "abs", "round", "divmod", "pow", "isinstance", "issubclass", "getattr", "hasattr", "vars", "dir", "format", "compile", "exec", "eval", "__build_class__"):
    _builtins[_n] = _prelude_get(_n)


def _put(cls, /, **methods):
    d = cls.__dict__
    for n in methods:
        d[n] = methods[n]


_put(object, __repr__=_object_repr, __str__=lambda self: repr(self), __format__=_object_format, __new__=staticmethod(_object_new), __ne__=lambda a, b: _ne(_raw_type(a).__eq__, a, b), __dir__=lambda self: _dir(self), __reduce__=lambda self: (_raw_type(self), ()), __sizeof__=lambda self: 48)
_put(type, __new__=staticmethod(_type_new), __init__=_type_init, __repr__=lambda c: "<class '" + _full_name(c) + "'>", __instancecheck__=lambda c, x: _isinstance(x, c), __subclasscheck__=lambda c, x: _issubclass(x, c), __or__=lambda a, b: (a, b))
_put(str, format=_str_format, format_map=_str_format_map, join=_join, maketrans=staticmethod(lambda x, y=None, z=None: _maketrans(x, y, z)), __str__=lambda s: s[:], __add__=lambda a, b: a + b if isinstance(b, str) else NotImplemented, __contains__=lambda a, b: b in a, __getitem__=lambda s, i: s[i], __mod__=lambda a, b: a % b)
def _bytes_percent(form, values):
    """b"..." % values: as text, byte for byte."""
    many = isinstance(values, tuple)
    plain = []
    for v in values if many else (values,):
        if isinstance(v, str):
            raise TypeError("%b requires a bytes-like object, or an object that implements __bytes__, not 'str'")
        plain.append(v.decode("latin-1") if isinstance(v, (bytes, bytearray)) else v)
    text = form.decode("latin-1").replace("%b", "%s")
    return (text % (tuple(plain) if many else plain[0])).encode("latin-1")


_put(bytes, join=_join, fromhex=classmethod(lambda cls, s: _bytes_fromhex(s)), __getitem__=lambda s, i: s[i])
_put(bytearray, join=_join)
_put(int, from_bytes=classmethod(lambda cls, b, byteorder="big", *, signed=False: _int_from_bytes(bytes(b), byteorder, signed)), __add__=lambda a, b: a + b, __sub__=lambda a, b: a - b, __mul__=lambda a, b: a * b, __int__=lambda a: a, __bool__=lambda a: a != 0, __repr__=lambda a: "%d" % a)
_put(float, __repr__=lambda f: _to_text(f + 0.0), __add__=lambda a, b: a + b, __sub__=lambda a, b: a - b, __mul__=lambda a, b: a * b)
_put(dict, update=_dict_update_method, __init__=_dict_dunder_init, fromkeys=classmethod(_dict_fromkeys), __repr__=_repr_slow, __reversed__=lambda d: _dict_reversed(d, 0), __eq__=lambda a, b: _dict_eq(a, b) if _is_dict(b) else NotImplemented)
_put(list, __getitem__=lambda l, i: _plain_get(l, i), __setitem__=lambda l, i, v: _plain_set(l, i, v), __delitem__=lambda l, i: _plain_del(l, i), __contains__=lambda l, x: any(v is x or v == x for v in list.__iter__(l)), __add__=lambda a, b: [*list.__iter__(a), *b], __repr__=lambda l: "[" + ", "._join([repr(v) for v in list.__iter__(l)]) + "]", __reversed__=lambda l: _list_back(l))
_put(tuple, __getitem__=lambda l, i: _plain_get(l, i), __repr__=lambda t: "(" + ", "._join([repr(v) for v in tuple.__iter__(t)]) + (",)" if len(t) == 1 else ")"), __contains__=lambda l, x: any(v is x or v == x for v in tuple.__iter__(l)))
for _c in (set, frozenset):
    _put(_c, union=_set_union, intersection=_set_intersection, difference=_set_difference, symmetric_difference=_set_symmetric_difference, issubset=_set_issubset, issuperset=_set_issuperset, isdisjoint=_set_isdisjoint, __contains__=lambda s, x: _set_find(s, x))
_put(set, update=_set_update, intersection_update=_set_intersection_update, difference_update=_set_difference_update, symmetric_difference_update=_set_symmetric_difference_update, __init__=_set_init)
_put(BaseException, __str__=lambda e: _plain_exc_text(e), __repr__=lambda e: _type_name(e) + "(" + ", "._join([repr(a) for a in e.args]) + ")")
_put(slice, indices=lambda s, n: (lambda r: (r.start, r.stop, r.step))(range(n)[s]))
_put(generator, close=_gen_close)
_put(coroutine, close=_gen_close, __await__=lambda c: c)
_put(Exception, __module__="builtins")


def _plain_exc_text(e):
    a = e.args
    if len(a) == 0:
        return ""
    if isinstance(e, OSError) and len(a) > 1:
        s = "[Errno %s] %s" % (a[0], a[1])
        return s + ": " + repr(a[2]) if len(a) > 2 else s
    if len(a) == 1:
        return repr(a[0]) if isinstance(e, KeyError) else _to_text(a[0])
    return repr(a)


def _maketrans(x, y, z):
    out = {}
    if y is None:
        for k, v in x.items():
            out[ord(k) if isinstance(k, str) else k] = v
        return out
    if len(x) != len(y):
        raise ValueError("the first two maketrans arguments must have equal length")
    for a, b in zip(x, y):
        out[ord(a)] = ord(b)
    for a in z or "":
        out[ord(a)] = None
    return out


class _GenericAlias:
    def __init__(self, origin, args):
        self.__origin__ = origin
        self.__args__ = args if isinstance(args, tuple) else (args,)

    def __call__(self, *a, **k):
        return self.__origin__(*a, **k)

    def __mro_entries__(self, bases):
        return (self.__origin__,)

    def __getitem__(self, a):
        return self

    def __or__(self, other):
        return (self, other)

    def __ror__(self, other):
        return (other, self)

    def __repr__(self):
        def show(a):
            if _kind(a) == 7:
                return a.__qualname__ if a.__module__ == "builtins" else a.__module__ + "." + a.__qualname__
            return "..." if a is Ellipsis else repr(a)
        return show(self.__origin__) + "[" + ", ".join([show(a) for a in self.__args__]) + "]"


_GenericAlias.__module__ = "types"
