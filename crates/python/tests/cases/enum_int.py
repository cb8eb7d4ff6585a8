from enum import IntEnum, Enum, Flag, auto
class P(IntEnum):
    LOW = 1
    HIGH = 10
print(P.LOW < P.HIGH, P.LOW + 1, sorted([P.HIGH, P.LOW]), P(10), list(P), P.LOW == 1, repr(P.LOW), str(P.LOW), f"{P.LOW}", max(P), {1: "a"}[P.LOW])
print(P.HIGH > 5, P.HIGH * 2, [1,2,3][P.LOW], range(P.LOW, 3), P.LOW.name, P.LOW.value, hash(P.LOW), bool(P.LOW), isinstance(P.LOW, int), P["LOW"], P.HIGH in P)
class C(str, Enum):
    RED = "r"
    BLUE = "b"
print(C.RED, repr(C.RED), f"{C.RED}", C.RED == "r", C("b"), C.RED.upper(), [c.value for c in C], "%s" % C.RED)
