import json
d = {"name": "Ada", "n": [1, 2.5, None, True, False], "nested": {"a": {"b": []}}, "ü": "äö€😀", "e": {}, 1: "int key", None: "x", "q": 'a"b\\c\n'}
print(json.dumps(d)); print(json.dumps(d, ensure_ascii=False)); print(json.dumps({"b": 1, "a": [1, {"c": 2}]}, indent=4, sort_keys=True)); print(json.dumps([1, 2], separators=(",", ":")), json.dumps("x"), json.dumps(1.0), json.dumps(float("nan")), json.dumps((1, 2)), json.dumps([], indent=2), json.dumps(10 ** 20))
x = json.loads('{"a": [1, 2.0, 1e3, -5, null, true], "s": "\\u00e9\\n\\ud83d\\ude00", "o": {}}'); print(x, type(x["a"][1]).__name__)
for bad in ("{", "[1,]", "{'a': 1}", "", "nul", '{"a" 1}', '{"a": 1} x', '"abc', "[1 2]", '{"a": 1,}'):
    try: json.loads(bad)
    except json.JSONDecodeError as e: print(bad, "->", e, e.lineno, e.colno, e.pos)
try: json.dumps({"s": {1, 2}})
except TypeError as e: print(e)
try: json.dumps({(1, 2): 3})
except TypeError as e: print(e)
class P:
    def __init__(s): s.x = 1
print(json.dumps(P(), default=lambda o: o.__dict__))
class Enc(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, set): return sorted(o)
        return super().default(o)
print(json.dumps({"s": {3, 1}}, cls=Enc))
with open("/tmp/x.json", "w") as f: json.dump({"k": [1]}, f, indent=2)
with open("/tmp/x.json") as f: print(f.read()); f.seek(0); print(json.load(f))
print(json.loads("[1, 2]", parse_int=float), json.loads('{"a": 1}', object_hook=lambda d: list(d)), json.loads(b'{"b": 2}'), json.loads(" 5 "))
