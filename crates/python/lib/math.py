# math: the native functions and what Python code does better.
_import_star = _prelude_get("_import_star")
_import_star(_native, _self_dict)
pi = 3.141592653589793
e = 2.718281828459045
tau = 6.283185307179586
inf = float("inf")
nan = float("nan")
isqrt = _prelude_get("_isqrt")


def gcd(*args):
    r = 0
    for a in args:
        a = abs(a)
        while a:
            r, a = a, r % a
    return r


def lcm(*args):
    r = 1
    for a in args:
        if a == 0:
            return 0
        r = abs(r * a) // gcd(r, a)
    return r


def comb(n, k):
    if k > n:
        return 0
    k = min(k, n - k)
    r = 1
    for i in range(k):
        r = r * (n - i) // (i + 1)
    return r


def perm(n, k=None):
    r = 1
    for i in range(n if k is None else k):
        r *= n - i
    return r


def prod(it, *, start=1):
    for x in it:
        start *= x
    return start


def fsum(it):
    parts = []
    for x in it:
        i = 0
        x = float(x)
        for y in parts:
            if abs(x) < abs(y):
                x, y = y, x
            hi = x + y
            lo = y - (hi - x)
            if lo:
                parts[i] = lo
                i += 1
            x = hi
        parts[i:] = [x]
    return sum(parts, 0.0)


def dist(p, q):
    return sqrt(sum([(a - b) ** 2 for a, b in zip(p, q)]))


def isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    if a == b:
        return True
    if a in (inf, -inf) or b in (inf, -inf):
        return False
    return abs(a - b) <= max(rel_tol * max(abs(a), abs(b)), abs_tol)
