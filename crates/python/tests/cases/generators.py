def gen(n):
    for i in range(n):
        got = yield i
        if got: print("got", got)
    return "done"
g = gen(3)
print(next(g), g.send("hello"), next(g))
try: next(g)
except StopIteration as e: print("stop", e.value)
def outer():
    r = yield from gen(2)
    print("inner returned", r)
    yield from [10, 20]
    yield from "ab"
print(list(outer()))
print(sum(x * x for x in range(5)), list(x for x in "abc" if x != "b"))
def closing():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        print("closing")
        raise
    finally:
        print("cleanup")
c = closing(); next(c); c.close()
def thrower():
    while True:
        try:
            yield "v"
        except ValueError as e:
            yield f"caught {e}"
t = thrower(); next(t); print(t.throw(ValueError("x")), next(t))
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
import itertools
print(list(itertools.islice(fib(), 10)), list(itertools.takewhile(lambda x: x < 20, fib())))
print(type(gen(1)).__name__, next(iter([]), "default"), any(x > 2 for x in range(5)))
def pipeline(lines):
    stripped = (l.strip() for l in lines)
    return (l for l in stripped if l)
print(list(pipeline([" a ", "", "b "])))
try:
    g2 = gen(1); g2.send("early")
except TypeError as e: print(e)
def flatten(x):
    for i in x:
        if isinstance(i, list): yield from flatten(i)
        else: yield i
print(list(flatten([1, [2, [3, [4]], 5]])))
print(*map(lambda a, b: a + b, [1, 2], [3, 4]), *filter(None, [0, 1, "", "a"]), *zip([1, 2, 3], "ab"))
