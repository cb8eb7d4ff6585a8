l = [3, 1, 2]
l.append(4); l.extend([5, 6]); l.insert(0, 9); print(l, len(l), l.pop(), l.pop(0), l.index(2), l.count(1))
l.remove(1); print(l); l.sort(); print(l); l.reverse(); print(l); l.sort(key=lambda x: -x); print(l, l.copy() == l, l is l.copy()); l.clear(); print(l)
print(sorted(["banana", "Apple", "cherry"], key=str.lower), sorted(["bb", "a", "ccc"], key=len, reverse=True), sorted([(1, "b"), (1, "a"), (0, "z")]))
people = [{"n": "A", "a": 30}, {"n": "B", "a": 25}, {"n": "C", "a": 30}]
print([p["n"] for p in sorted(people, key=lambda p: (-p["a"], p["n"]))], min(people, key=lambda p: p["a"]), max([1, 5, 3]), sum([0.1] * 3))
import operator
print(sorted(people, key=operator.itemgetter("a"))[0]["n"], [1, 2] + [3], [0] * 3, [1, 2] == [1, 2], [1, 2] < [1, 3], 2 in [1, 2], [1] * 0, [[]] * 2)
print(list(range(5, 0, -2)), list(reversed([1, 2])), list(enumerate("ab")), list(zip([1, 2], [3, 4])), all([]), any([]), list("ab"), [*range(2)])
t = (1, 2, 2); print(t.count(2), t.index(2), t + (3,), t * 2, (1,), (), tuple([1]), hash((1, 2)) == hash((1, 2)))
try: t[0] = 1
except TypeError as e: print(e)
import copy
a = [[1], [2]]; b = copy.copy(a); c = copy.deepcopy(a); a[0].append(9); print(b, c)
import bisect, heapq
x = [1, 3, 5]; bisect.insort(x, 4); print(x, bisect.bisect_left(x, 3), bisect.bisect(x, 3))
h = [5, 1, 4]; heapq.heapify(h); heapq.heappush(h, 0); print(heapq.heappop(h), heapq.nsmallest(2, h), heapq.nlargest(2, h))
l = [1]; l.append(l); print(l)
l = [1, 2, 3, 4]
for v in l[:]:
    if v % 2: l.remove(v)
print(l); l += [7]; l *= 2; print(l)
print([1, [2, (3, {"a": [4]})]], [None, True, 1.0, "s", b"b"])
