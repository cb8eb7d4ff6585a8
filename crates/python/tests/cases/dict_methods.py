d = {"a": 1, "b": 2}
d["c"] = 3; print(d, len(d), "a" in d, d.get("z"), d.get("z", 0), list(d), list(d.values()), list(d.items()), d.keys(), d.values(), d.items())
print(d.pop("a"), d.pop("zz", None), d.setdefault("x", []), d.setdefault("b", 9), d); d.update({"b": 5}, q=7); print(d, d.popitem()); del d["b"]; print(d)
print(dict(a=1, b=2), dict([("x", 1)]), dict(zip("ab", [1, 2])), {**{"a": 1}, **{"a": 2}}, {"a": 1} | {"b": 2}, dict.fromkeys("ab", 0), {"a": 1, "b": 2} == {"b": 2, "a": 1})
for k, v in {"one": 1, "two": 2}.items(): print(k, v)
try: d["missing"]
except KeyError as e: print("KeyError", e, e.args)
try:
    for k in d: d[k + "1"] = 1
except RuntimeError as e: print(e)
print({1: "int", 1.0: "float", True: "bool"}, {(1, 2): "t"}[(1, 2)], {None: 1}, sorted({"b": 1, "a": 2}, key=lambda k: k), max({"a": 3, "b": 5}.items(), key=lambda kv: kv[1]))
n = {"l1": {"l2": [1, {"l3": "deep"}]}}; print(n["l1"]["l2"][1]["l3"], n)
words = "the cat the dog the end".split(); c = {}
for w in words: c[w] = c.get(w, 0) + 1
print(c, sorted(c.items(), key=lambda kv: (-kv[1], kv[0])), list(reversed(c)), d.copy(), "k" in {}.keys(), {"a": 1}.keys() & {"a", "b"})
e = {}; e |= {"z": 1}; print(e, bool({}), [*e], {k: i for i, k in enumerate("ab")}, d.clear(), d)
