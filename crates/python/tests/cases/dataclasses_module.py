from dataclasses import dataclass, field, asdict, astuple, replace, fields, FrozenInstanceError
@dataclass
class Item:
    name: str
    price: float = 0.0
    tags: list = field(default_factory=list)
    def total(self, n): return self.price * n
i = Item("pen", 1.5); j = Item("pen", 1.5); print(i, i == j, i.total(2), asdict(i), astuple(i), replace(i, name="x"), [f.name for f in fields(i)]); i.tags.append("a"); print(i, j, i == j)
@dataclass(frozen=True, order=True)
class V:
    major: int
    minor: int = 0
print(V(1, 2) < V(1, 3), sorted([V(2), V(1, 5)]), hash(V(1)) == hash(V(1)), {V(1): "a"}[V(1)])
try: V(1).major = 2
except FrozenInstanceError as e: print(type(e).__name__, e)
try: Item()
except TypeError as e: print(e)
@dataclass
class Base:
    a: int
    def __post_init__(self): self.b = self.a * 2
@dataclass
class Child(Base):
    c: int = field(default=5, repr=False)
    d: int = field(init=False, default=9)
print(Child(1), Child(1).b, Child(1, 2).c, Child(1).d)
try:
    @dataclass
    class Bad:
        x: list = []
except ValueError as e: print(e)
@dataclass(slots=True, kw_only=True)
class S:
    x: int
print(S(x=1))
try: S(1)
except TypeError as e: print(e)
try: V(1) < 3
except TypeError as e: print(e)
