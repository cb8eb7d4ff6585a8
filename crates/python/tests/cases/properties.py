class Temp:
    def __init__(self, c): self._c = c
    @property
    def celsius(self):
        "Grad."
        return self._c
    @celsius.setter
    def celsius(self, v):
        if v < -273.15:
            raise ValueError("too cold")
        self._c = v
    @celsius.deleter
    def celsius(self): print("deleted")
    @property
    def fahrenheit(self): return self._c * 9 / 5 + 32
t = Temp(20)
t.celsius = 25
print(t.celsius, t.fahrenheit, Temp.celsius.__doc__)
del t.celsius
for f in (lambda: setattr(t, "fahrenheit", 3), lambda: setattr(t, "celsius", -300), lambda: delattr(t, "fahrenheit")):
    try:
        f()
    except (AttributeError, ValueError) as e:
        print(type(e).__name__, e)
class Desc:
    def __set_name__(self, owner, name): self.name = name
    def __get__(self, obj, owner=None):
        if obj is None: return self
        return obj.__dict__.get(self.name, "unset")
    def __set__(self, obj, v):
        if not isinstance(v, int): raise TypeError(f"{self.name} must be int")
        obj.__dict__[self.name] = v
class U:
    age = Desc()
u = U()
print(u.age); u.age = 4; print(u.age, u.__dict__)
try:
    u.age = "x"
except TypeError as e: print(e)
class G:
    def __getattr__(self, n): return "no " + n
    def __setattr__(self, n, v):
        print("set", n); object.__setattr__(self, n, v)
    def __delattr__(self, n): print("del", n); super().__delattr__(n)
g = G(); g.a = 1; print(g.a, g.b); del g.a; print(g.a)
import functools
class Cp:
    @functools.cached_property
    def v(self):
        print("once"); return 42
c = Cp(); print(c.v, c.v)
