import functools, time
def deco(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        print("before", f.__name__, args, kwargs)
        try:
            return f(*args, **kwargs)
        finally:
            print("after")
    return wrapper
def repeat(n):
    def d(f):
        @functools.wraps(f)
        def w(*a):
            return [f(*a) for _ in range(n)]
        return w
    return d
@deco
@repeat(3)
def hi(name):
    "Says hi."
    return "hi " + name
print(hi("x"), hi.__name__, hi.__doc__, hi.__wrapped__.__name__)
class CountCalls:
    def __init__(self, f):
        functools.update_wrapper(self, f)
        self.f = f
        self.n = 0
    def __call__(self, *a):
        self.n += 1
        return self.f(*a)
@CountCalls
def sq(x): return x * x
print(sq(3), sq(4), sq.n, sq.__name__)
def classdeco(cls):
    cls.tag = "T"
    return cls
@classdeco
class K: pass
print(K.tag)
@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(80), fib.cache_info())
@functools.cache
def c(x):
    print("computing", x)
    return x
c(1); c(1); c(2)
registry = {}
def register(name):
    def d(f):
        registry[name] = f
        return f
    return d
@register("plus")
def plus(a, b): return a + b
print(registry["plus"](1, 2), list(registry))
@functools.singledispatch
def show(x): return "object"
@show.register
def _(x: int): return "int"
@show.register(list)
def _(x): return "list"
print(show(1), show([]), show("s"))
print(functools.reduce(lambda a, b: a + b, [1, 2, 3], 10), functools.partial(int, base=2)("101"))
@functools.total_ordering
class V:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
print(V(1) <= V(2), V(3) > V(2), V(2) >= V(2))
print(sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)))
