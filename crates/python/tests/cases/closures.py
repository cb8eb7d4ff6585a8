def counter():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    return inc
a, b = counter(), counter()
print(a(), a(), b(), a(5))
fs = [lambda: i for i in range(3)]
print([f() for f in fs], [f() for f in [lambda i=i: i for i in range(3)]])
x = 1
def g():
    global x, y
    x += 1
    y = 10
    return x
print(g(), x, y)
def outer():
    v = "outer"
    def mid():
        def inner():
            nonlocal v
            v = "inner"
        inner()
        return v
    return mid(), v
print(outer())
def use_before():
    print(zz)
    zz = 1
try:
    use_before()
except UnboundLocalError as e:
    print(type(e).__name__, e)
def later():
    def h():
        return w
    try:
        h()
    except NameError as e:
        print(e)
    w = 1
    return h()
print(later())
print(a.__closure__[0].cell_contents, a.__code__.co_freevars, a.__code__.co_varnames)
