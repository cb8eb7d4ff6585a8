from collections import Counter, defaultdict, deque, namedtuple, OrderedDict, ChainMap
c = Counter("abracadabra"); print(c, c.most_common(2), c["z"], c["a"], sum(c.values()), c + Counter("aaa"), c - Counter("aaaa"), c & Counter("ab"), list(Counter(a=2, b=1).elements()), c.total())
c.update("zz"); print(c["z"], dict(Counter([1, 1, 2]))); c.subtract("a"); print(c["a"])
d = defaultdict(list); d["x"].append(1); d["y"]; print(d, dict(d), "q" in d); n = defaultdict(int); n["a"] += 1; print(n); t = defaultdict(lambda: defaultdict(int)); t["a"]["b"] += 2; print(t["a"]["b"])
q = deque([1, 2, 3], maxlen=3); q.append(4); q.appendleft(0); print(q, q.pop(), q.popleft(), len(q), list(q)); q.rotate(1); q.extend([7, 8]); q.extendleft([9]); print(q, q[0], 7 in q, deque("ab"), q.maxlen)
P = namedtuple("P", ["x", "y"]); p = P(1, y=2); print(p, p.x, p[1], p._asdict(), p._replace(x=5), P._fields, p == (1, 2), P(*[3, 4]), *p); Q = namedtuple("Q", "a b c", defaults=[0]); print(Q(1, 2), Q._make([1, 2, 3]))
try: p.x = 3
except AttributeError as e: print(e)
try: P(1)
except TypeError as e: print(e)
o = OrderedDict(a=1, b=2); o.move_to_end("a"); print(o, list(o), o.popitem(last=False))
m = ChainMap({"a": 1}, {"a": 2, "b": 3}); print(m["a"], m["b"], dict(m), len(m))
try: deque().pop()
except IndexError as e: print(e)
