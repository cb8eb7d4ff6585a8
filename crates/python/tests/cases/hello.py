print("hello", 1, 2.5, [1, "a", None], {"k": (1,)}, sep=", ")
def f(a, b=2, *args, c=3, **kw):
    return a + b + c + sum(args) + len(kw)
print(f(1), f(1, 5, 6, c=7, z=1))
class A:
    def __init__(self, x): self.x = x
    def __repr__(self): return f"A({self.x!r})"
    def __add__(self, o): return A(self.x + o.x)
print([A(1), A("b")], A(1) + A(2))
print({i: i * i for i in range(5) if i % 2}, sorted([3, 1, 2], reverse=True))
try:
    1 / 0
except ZeroDivisionError as e:
    print("err:", e)
def g():
    yield 1
    x = yield 2
    print("got", x)
print(list(g()))
print("%d %s %5.2f" % (3, A(4), 2.345), "{:>5}|{:<5}|{!r}".format("a", 1, "q"))
raise ValueError("bad")
