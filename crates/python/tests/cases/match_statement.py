def f(x):
    match x:
        case 0: return "zero"
        case -1 | 1.5: return "special"
        case "a" | "b": return "letter"
        case True: return "true"
        case None: return "none"
        case int(n) if n > 100: return f"big {n}"
        case int(): return "int"
        case []: return "empty"
        case [a]: return f"one {a}"
        case [1, 2, *rest]: return f"12 {rest}"
        case (a, b): return f"pair {a} {b}"
        case {"type": "circle", "r": r}: return f"circle {r}"
        case {"k": [x, *_], **rest}: return f"k {x} {rest}"
        case str() as s: return f"str {s}"
        case [*_, last]: return f"last {last}"
        case _: return "other"
for v in (0, -1, 1.5, "a", True, None, 500, 5, [], [9], [1, 2, 3, 4], (7, 8), {"type": "circle", "r": 2, "z": 1}, {"k": [1, 2], "q": 3}, "hello", [5, 6, 7], 2.5, {}, b"x"): print(repr(v), f(v))
class P:
    __match_args__ = ("x", "y")
    def __init__(s, x, y): s.x, s.y = x, y
def g(p):
    match p:
        case P(0, 0): return "origin"
        case P(x, 0): return f"x={x}"
        case P(x=0, y=y): return f"y={y}"
        case P(x, y) if x == y: return "diag"
        case P(): return "P"
print(g(P(0, 0)), g(P(3, 0)), g(P(0, 4)), g(P(2, 2)), g(P(1, 2)), g(5))
match "go north".split():
    case ["go", ("north" | "south") as d]: print(d)
match {"a": {"b": [1, {"c": 2}]}}:
    case {"a": {"b": [_, {"c": c}]}}: print(c)
