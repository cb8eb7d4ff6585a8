class Card:
    def __init__(self, r): self.r = r
    def __lt__(self, o): return self.r < o.r
    def __le__(self, o): return self.r <= o.r
    def __repr__(self): return f"Card({self.r})"
cs = [Card(3), Card(1), Card(2)]
print(sorted(cs), min(cs), max(cs), sorted(cs, reverse=True), Card(1) > Card(0), Card(1) >= Card(2))
class It:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n <= 0: raise StopIteration
        self.n -= 1
        return self.n
print(list(It(3)), sum(It(4)), max(It(5)), 2 in It(5), dict(zip("abc", It(3))), *It(2))
class Seq:
    def __getitem__(self, i):
        if i > 3: raise IndexError
        return i * 10
print(list(Seq()), 20 in Seq(), list(reversed([1, 2])), [a for a in Seq()])
class R:
    def __radd__(self, o): return ("radd", o)
    def __rsub__(self, o): return ("rsub", o)
    def __int__(self): return 7
    def __index__(self): return 2
    def __float__(self): return 1.5
    def __round__(self, n=None): return ("round", n)
    def __reversed__(self): return iter("zyx")
    def __divmod__(self, o): return ("dm", o)
r = R()
print(1 + r, 1 - r, int(r), float(r), round(r), round(r, 2), list(reversed(r)), divmod(r, 3), [10, 20, 30][r])
class Ctx:
    def __enter__(self): print("in"); return self
    def __exit__(self, t, v, tb): print("out", t and t.__name__, v); return t is KeyError
with Ctx() as c, Ctx():
    print("body")
with Ctx(): raise KeyError("k")
try:
    with Ctx(): 1 / 0
except ZeroDivisionError as e: print("caught", e)
class E:
    def __eq__(self, o): return True
print(E() == 1, 1 == E(), E() != 1, [E()] == [3])
try: hash(E())
except TypeError as e: print(e)
class Del:
    def __sizeof__(self): return 1
    def __dir__(self): return ["b", "a"]
print(dir(Del()))
