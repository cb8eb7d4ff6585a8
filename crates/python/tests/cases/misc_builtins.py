print(type(1), type("a"), type(None), type([]), type(type), type(range(1)), type(lambda: 0), type(Exception()), type(...))
print(isinstance(1, (int, str)), id(1) == id(1), callable(print), bool([]), repr(None), str(1.0), int("5"), float("2"), list("ab"), tuple([1]), set([1]), dict(a=1), bytes([65]), bytearray(b"a"), complex if False else "", frozenset())
print(eval("1+2"), [exec("zz = 5"), zz], eval("x * 2", {"x": 4}), all([1, 0]), any([0, 1]), round(1.5), pow(2, 5), hash(1), len({1: 2}), chr(65), ord("A"), bin(2), iter([1]).__next__(), sorted({3: 0, 1: 0}), sum([[1], [2]], []), max("a", "b", key=ord), min([3, 1], default=0), max([], default="none"))
print(hasattr([], "append"), getattr("a", "upper")(), [].__class__.__name__, (1).__class__, "a".__len__(), [1].__contains__(1), int.__name__, object().__class__.__name__, vars(type("T", (), {"a": 1})())) 
print(range(3), range(0, 10, 2), len(range(0, 10, 3)), 4 in range(0, 10, 2), range(5)[-1], list(range(3, 0, -1)), range(3) == range(0, 3), reversed(range(3)).__class__.__name__, slice(1, 2), enumerate([]).__class__.__name__, zip().__class__.__name__, map(str, []).__class__.__name__)
print(b"abc", b"\x00\xff", b"a" + b"b", b"abc"[0], b"abc".hex(), bytes.fromhex("6162"), b"a,b".split(b","), list(b"ab"), b"abc".decode(), bytearray(b"ab"), "x".encode().upper(), b"a" in b"abc", bytes(3))
x = 5; del x
try: x
except NameError as e: print(e)
print(__name__, not [], 1 and 2, 0 or "d", None or 0, 1 if [] else 2, not not 1)
for i in range(5):
    if i == 3: break
    if i == 1: continue
    print(i)
else: print("no")
while False: pass
else: print("else ran")
for i in []: pass
else: print("empty else")
i = 0
while True:
    i += 1
    if i > 3: break
print(i, end="\n"); pass; a = b = 3; a += 1; print(a, b); a, b = b, a; print(a, b); assert True
print("%s" % print.__doc__[:5] if print.__doc__ else "Print", NotImplemented, Ellipsis, __debug__, globals()["a"], "a" in locals(), (lambda: (yield))().__class__.__name__)
import random, time, copy; random.seed(1); print(random.randint(1, 6), random.choice("abc"), random.random(), random.uniform(1, 2), [random.randrange(10) for _ in range(5)]); l = [1, 2, 3, 4]; random.shuffle(l); print(l, random.sample(l, 2), random.choices("ab", k=3), random.gauss(0, 1)); s = time.time(); time.sleep(0.01); print(time.time() - s >= 0.009, time.strftime("%Y", time.gmtime(0)), time.perf_counter() > 0)

import http


class Shown:
    def __str__(self):
        return "shown"

    def __repr__(self):
        return "Shown()"


print("%(a)d %(a)s %% %(b)5s|%(b)r" % {"a": http.HTTPStatus.OK, "b": Shown()})
try:
    "%(c)s" % {"b": Shown()}
except KeyError as e:
    print("KeyError", e)
print(IOError is OSError)
print(b"%d-%s-%b-%5.2f|%x" % (3, b"x", b"\xff", 1.5, 255), b"$%d\r\n" % 7)
try:
    b"%s" % "text"
except TypeError as e:
    print(e)
