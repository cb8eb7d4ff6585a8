a, b = {1, 2, 3}, {3, 4}
print(a | b, a & b, a - b, a ^ b, a <= {1, 2, 3, 4}, {1} < a, a.isdisjoint({9}), a.union([7]), a.intersection([1, 9]), a.difference([1]), a.symmetric_difference([1, 8]))
a.add(5); a.discard(99); a.remove(1); print(a, len(a), 2 in a, sorted(a), set(), frozenset([1, 2]), {1, 1, 2})
a.update([10], (11,)); print(sorted(a)); a &= {2, 10}; print(sorted(a)); a |= {0}; a -= {2}; print(sorted(a))
try: a.remove(77)
except KeyError as e: print("KeyError", e)
print({frozenset({1}): "x"}[frozenset([1])], set("hello") == {"h", "e", "l", "o"}, list({7: 1}), sorted(set([3, 1, 3, 2])), {i % 3 for i in range(10)}, set(range(5)), {1, 2} == {2, 1}, set([1]) == frozenset([1]))
print(a.copy() == a, a.issubset(a), a.issuperset(set()), a.pop() in (0, 10), bool(set()), {True, 1, 1.0})
