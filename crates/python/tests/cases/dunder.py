class Vec:
    def __init__(self, x, y): self.x, self.y = x, y
    def __repr__(self): return f"Vec({self.x}, {self.y})"
    def __add__(self, o): return Vec(self.x + o.x, self.y + o.y) if isinstance(o, Vec) else NotImplemented
    def __sub__(self, o): return Vec(self.x - o.x, self.y - o.y)
    def __mul__(self, k): return Vec(self.x * k, self.y * k)
    __rmul__ = __mul__
    def __neg__(self): return Vec(-self.x, -self.y)
    def __abs__(self): return (self.x ** 2 + self.y ** 2) ** 0.5
    def __eq__(self, o): return isinstance(o, Vec) and (self.x, self.y) == (o.x, o.y)
    def __hash__(self): return hash((self.x, self.y))
    def __iter__(self): yield self.x; yield self.y
    def __len__(self): return 2
    def __getitem__(self, i): return (self.x, self.y)[i]
    def __contains__(self, v): return v in (self.x, self.y)
    def __call__(self, z): return z
    def __iadd__(self, o): self.x += o.x; self.y += o.y; return self
    def __matmul__(self, o): return self.x * o.x + self.y * o.y
    def __format__(self, spec): return f"<{spec}>"
    def __bool__(self): return bool(self.x or self.y)
v = Vec(1, 2)
print(v + Vec(3, 4), v - v, v * 3, 3 * v, -v, abs(Vec(3, 4)), v == Vec(1, 2), v != Vec(1, 2), {v: 1}[Vec(1, 2)])
x, y = v
print(x, y, len(v), v[0], v[-1], 2 in v, 9 in v, v(5), v @ v, f"{v:abc}", bool(Vec(0, 0)), list(v), [*v], tuple(v))
v += Vec(1, 1); print(v)
for f in (lambda: v + 1, lambda: 1 + v, lambda: v < v, lambda: v ** 2, lambda: ~v, lambda: v[5]):
    try: f()
    except (TypeError, IndexError) as e: print(type(e).__name__, e)
class Acc:
    def __init__(self): self.d = {}
    def __setitem__(self, k, v): self.d[k] = v
    def __getitem__(self, k): return self.d[k]
    def __delitem__(self, k): del self.d[k]
a = Acc(); a["x"] = 1; a[2] = 6
print(a["x"], a[slice(1, 2)] if False else "ok")
del a["x"]; print(a.d == {slice(1, 2): 6} if False else len(a.d))
