import traceback
def t(f):
    try:
        f()
    except Exception:
        traceback.print_exc()
def f1(): return 1 + 2 + "a"
def f2(): return {"a": {"b": None}}["a"]["b"]["c"]
def f3():
    x = [1, 2, 3]
    return x[1] + x[7]
def f4(): return foo(1, 2)
def foo(a): return a
def f5():
    obj = None
    return obj.name.upper()
def f6():
    return foo(1) + foo("a") * foo(2.0)
def f7(): raise ValueError("plain")
def f8():
    assert 1 > 2, "no"
def f9():
    import nothing_here
def f10():
    a = 3; b = a.append(4)
for f in (f1, f2, f3, f4, f5, f6, f7, f8, f9, f10):
    t(f)
