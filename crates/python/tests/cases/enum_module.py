from enum import Enum, auto, Flag, unique, StrEnum
class Color(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1
    def describe(self): return f"{self.name.lower()} {self.value}"
print(Color.RED, repr(Color.RED), Color.RED.name, Color.RED.value, Color(2), Color["GREEN"], list(Color), Color.CRIMSON is Color.RED, Color.RED.describe(), Color.RED == 1, Color.RED in Color, len(Color), Color.RED is Color.RED, isinstance(Color.RED, Color), {Color.RED: 1}, Color)
class State(Enum):
    ON = auto()
    OFF = auto()
    @classmethod
    def default(cls): return cls.OFF
print(State.ON.value, State.OFF.value, State.default(), [s.name for s in State], State.__members__)
for f in (lambda: Color(9), lambda: Color["X"], lambda: Color.BLUE, lambda: setattr(Color, "RED", 3)):
    try: f()
    except (ValueError, KeyError, AttributeError) as e: print(type(e).__name__, e)
class Perm(Flag):
    R = auto()
    W = auto()
    X = auto()
p = Perm.R | Perm.W; print(p, Perm.R in p, Perm.X in p, p.value, bool(p & Perm.X), Perm(0))
class S(StrEnum):
    A = auto()
print(S.A, S.A == "a", f"{S.A}")
class Planet(Enum):
    EARTH = (5.97e24, 6.37e6)
    def __init__(self, m, r): self.m = m; self.r = r
print(Planet.EARTH.m, Planet.EARTH)
match Color.RED:
    case Color.GREEN: print("g")
    case Color.RED: print("r")
try:
    @unique
    class U(Enum):
        A = 1
        B = 1
except ValueError as e: print(e)
