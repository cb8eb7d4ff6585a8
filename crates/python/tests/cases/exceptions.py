def f(x):
    try:
        return 10 / x
    except ZeroDivisionError:
        return "zero"
    except (TypeError, ValueError) as e:
        return f"bad {e}"
    else:
        return "never"
    finally:
        print("finally", x)
print(f(2), f(0), f("a"))
class AppError(Exception):
    def __init__(self, msg, code):
        super().__init__(msg)
        self.code = code
class Sub(AppError): pass
try:
    raise Sub("oops", 42)
except AppError as e:
    print(e, e.code, e.args, repr(e), type(e).__mro__[1].__name__)
try:
    try:
        {}["k"]
    except KeyError as e:
        raise ValueError("wrapped") from e
except ValueError as e:
    print(repr(e.__cause__), e.__suppress_context__, repr(e.__context__))
try:
    try: 1 / 0
    except ZeroDivisionError: int("x")
except ValueError as e:
    print(repr(e.__context__), e.__cause__)
for code in ("[][1]", "{}['a']", "int('abc')", "'a' + 1", "1 + 'a'", "None.x", "undefined", "len(5)", "[1,2,3].index(9)", "float('x')", "'abc'.foo", "(1,2)[5]", "int(None)", "'x' * 'y'", "range(1.5)", "chr(-1)", "ord('ab')", "[1].remove(2)", "{1:2}.pop(3)", "set([[]])", "{[]: 1}", "1 < 'a'", "import_me", "next(iter([]))", "sum(['a'])", "max([])", "open('/nope')", "abs('a')", "round('a')", "sorted([1,'a'])", "1 << -1", "2 ** 'a'", "-'a'", "not_there.x", "''.join([1])", "int('12', 1)", "[].pop()", "{}.popitem()", "set().pop()", "1 % 0", "1.0 // 0", "divmod(1, 0)", "0 ** -1", "bytes([300])", "'é'.encode('ascii')", "b'\xff'.decode()", "isinstance(1, 2)", "zip(1)", "for_x", "dict([1])", "dict([(1,2,3)])", "str(b'a', 'nope')", "list(3)", "tuple(None)", "a.b.c", "print(end=3)", "'%d' % 'a'", "'%s %s' % 1", "'{} {}'.format(1)", "'{x}'.format()", "format(1, 'zz')"):
    try:
        eval(code)
        print(code, "ok")
    except Exception as e:
        print(f"{code}: {type(e).__name__}: {e}")
try:
    a, b = 1, 2, 3
except ValueError as e: print(e)
try:
    a, b, c = "ab"
except ValueError as e: print(e)
try:
    a, b = 5
except TypeError as e: print(e)
try: raise 5
except TypeError as e: print(e)
try: assert 1 == 2, "math"
except AssertionError as e: print(repr(e))
try: assert False
except AssertionError as e: print(repr(e))
e = ValueError("n"); e.add_note("a note"); print(e.__notes__)
def g():
    for i in range(3):
        try:
            continue
        finally:
            print("f", i)
    try:
        return "r"
    finally:
        print("last")
print(g())
