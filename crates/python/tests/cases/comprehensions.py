print([x for x in range(10) if x % 2], {x: x ** 2 for x in range(4)}, {c for c in "aab"} == {"a", "b"})
print([(x, y) for x in range(3) for y in range(x)], [[i * j for j in range(3)] for i in range(3)])
m = [[1, 2, 3], [4, 5, 6]]
print([list(r) for r in zip(*m)], [x for row in m for x in row], {k: v for k, v in zip("ab", [1, 2])})
x = "outer"
print([x for x in range(2)], x)
print([y := 5, y ** 2], [last := i for i in range(3)], last)
print([a if a > 1 else -a for a in range(4)], sum([1 for _ in "abc"]))
print({v: k for k, v in {"a": 1, "b": 2}.items()}, dict(sorted({"b": 1, "a": 2}.items())))
print([f"{i}:{c}" for i, c in enumerate("xyz", start=1)], [*range(3)], {**{"a": 1}, "b": 2}, [*"ab", *[1]])
if (n := len("hello")) > 3: print(n)
print([i for i in range(20) if i % 2 == 0 if i % 3 == 0])
class A:
    items = [1, 2]
    doubled = [i * 2 for i in items]
print(A.doubled)
