# functools
WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__")
WRAPPER_UPDATES = ("__dict__",)


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    for a in assigned:
        try:
            setattr(wrapper, a, getattr(wrapped, a))
        except AttributeError:
            pass
    for a in updated:
        getattr(wrapper, a).update(getattr(wrapped, a, {}))
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    return lambda wrapper: update_wrapper(wrapper, wrapped, assigned, updated)


_none = object()


def reduce(function, iterable, initial=_none, /):
    it = iter(iterable)
    if initial is _none:
        try:
            value = next(it)
        except StopIteration:
            raise TypeError("reduce() of empty iterable with no initial value") from None
    else:
        value = initial
    for x in it:
        value = function(value, x)
    return value


class partial:
    def __init__(self, func, /, *args, **keywords):
        if not callable(func):
            raise TypeError("the first argument must be callable")
        self.func = func
        self.args = args
        self.keywords = keywords

    def __call__(self, /, *args, **keywords):
        return self.func(*self.args, *args, **{**self.keywords, **keywords})

    def __repr__(self):
        parts = [repr(self.func)] + [repr(a) for a in self.args] + ["%s=%r" % p for p in self.keywords.items()]
        return "functools.partial(" + ", ".join(parts) + ")"


class partialmethod:
    def __init__(self, func, /, *args, **keywords):
        self.func, self.args, self.keywords = func, args, keywords

    def __get__(self, obj, cls=None):
        return partial(self.func, obj, *self.args, **self.keywords)


class _CacheInfo(tuple):
    hits = property(lambda s: s[0])
    misses = property(lambda s: s[1])
    maxsize = property(lambda s: s[2])
    currsize = property(lambda s: s[3])

    def __repr__(self):
        return "CacheInfo(hits=%r, misses=%r, maxsize=%r, currsize=%r)" % tuple(self)


class _Cached:
    def __init__(self, func, maxsize, typed):
        update_wrapper(self, func)
        self._func = func
        self._maxsize = maxsize
        self._typed = typed
        self._cache = {}
        self._hits = self._misses = 0

    def __call__(self, *args, **kw):
        key = args
        if kw:
            key = (args, tuple(kw.items()))
        elif self._typed:
            key = (args, tuple([type(a) for a in args]))
        cache = self._cache
        if key in cache:
            self._hits += 1
            v = cache[key]
            if self._maxsize is not None:
                del cache[key]
                cache[key] = v
            return v
        self._misses += 1
        v = self._func(*args, **kw)
        if self._maxsize != 0:
            cache[key] = v
            if self._maxsize is not None and len(cache) > self._maxsize:
                del cache[next(iter(cache))]
        return v

    def __get__(self, obj, cls=None):
        return self if obj is None else partial(self, obj)

    def cache_info(self):
        return _CacheInfo((self._hits, self._misses, self._maxsize, len(self._cache)))

    def cache_clear(self):
        self._cache.clear()
        self._hits = self._misses = 0


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _Cached(maxsize, 128, False)
    return lambda f: _Cached(f, maxsize, typed)


def cache(f):
    return _Cached(f, None, False)


class cached_property:
    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__

    def __set_name__(self, owner, name):
        self.attrname = name

    def __get__(self, obj, cls=None):
        if obj is None:
            return self
        d = obj.__dict__
        if self.attrname not in d:
            d[self.attrname] = self.func(obj)
        return d[self.attrname]


def cmp_to_key(mycmp):
    class K:
        __slots__ = ["obj"]

        def __init__(self, obj):
            self.obj = obj

        def __lt__(self, other):
            return mycmp(self.obj, other.obj) < 0

        def __gt__(self, other):
            return mycmp(self.obj, other.obj) > 0

        def __eq__(self, other):
            return mycmp(self.obj, other.obj) == 0

        __hash__ = None
    return K


def total_ordering(cls):
    d = cls.__dict__
    if "__lt__" in d:
        ops = {"__gt__": lambda a, b: not (a < b or a == b), "__le__": lambda a, b: a < b or a == b, "__ge__": lambda a, b: not a < b}
    elif "__gt__" in d:
        ops = {"__lt__": lambda a, b: not (a > b or a == b), "__ge__": lambda a, b: a > b or a == b, "__le__": lambda a, b: not a > b}
    elif "__le__" in d:
        ops = {"__ge__": lambda a, b: not a <= b or a == b, "__lt__": lambda a, b: a <= b and not a == b, "__gt__": lambda a, b: not a <= b}
    elif "__ge__" in d:
        ops = {"__le__": lambda a, b: not a >= b or a == b, "__gt__": lambda a, b: a >= b and not a == b, "__lt__": lambda a, b: not a >= b}
    else:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    for n, f in ops.items():
        if n not in d:
            setattr(cls, n, f)
    return cls


def singledispatch(func):
    registry = {object: func}

    def register(cls, f=None):
        if f is None:
            if not isinstance(cls, type):
                f = cls
                cls = [v for k, v in f.__annotations__.items() if k != "return"][0]
                registry[cls] = f
                return f
            return lambda f: register(cls, f)
        registry[cls] = f
        return f

    def dispatch(cls):
        for c in cls.__mro__:
            if c in registry:
                return registry[c]

    def wrapper(*args, **kw):
        return dispatch(type(args[0]))(*args, **kw)
    update_wrapper(wrapper, func)
    wrapper.register = register
    wrapper.dispatch = dispatch
    return wrapper
