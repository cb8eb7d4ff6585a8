def add(a, b=2, *args, c=3, **kw):
    """Adds."""
    return a, b, args, c, kw
print(add(1), add(1, 5, 6, 7, c=8, d=9), add.__name__, add.__doc__, add.__defaults__, add.__kwdefaults__)
def posonly(a, /, b, *, c):
    return a + b + c
print(posonly(1, b=2, c=3))
for call in (lambda: posonly(a=1, b=2, c=3), lambda: posonly(1, 2, 3), lambda: posonly(1), lambda: add(), lambda: add(1, a=2), lambda: (lambda: 0)(1), lambda: posonly(1, 2, c=3, d=4)):
    try:
        call()
    except TypeError as e:
        print(e)
def default_list(x, acc=[]):
    acc.append(x)
    return acc
print(default_list(1), default_list(2))
print((lambda x, *y: (x, y))(1, 2, 3))
def rec(n): return 1 if n == 0 else n * rec(n - 1)
print(rec(20), rec(30))
print(callable(add), callable(3), type(add), type(len), type(lambda: 0).__name__)
def annotated(x: int, y: "str" = "a") -> bool: ...
print(annotated.__annotations__, annotated(1))
args = [1, 2]; kw = {"c": 5}
print(add(*args, **kw), add(*[1], *(2, 3), **{"c": 1}, **{"z": 2}))
def f():
    return
print(f(), print.__name__, len.__name__)
