import json, collections, functools, itertools, math, os.path, random
print(json.dumps({"a": [1, 2.5, None, True], "b": "ü"}, indent=2), json.loads('{"x": [1, {"y": "z\\n"}]}'))
print(math.sqrt(2), math.gcd(12, 18), os.path.join("a", "b"), collections.Counter("hello"))
random.seed(42)
print(random.random(), random.randint(1, 100), random.sample(range(10), 3))
print(list(itertools.islice(itertools.count(3, 2), 4)), functools.reduce(lambda a, b: a * b, range(1, 6)))
try:
    json.loads("{bad")
except json.JSONDecodeError as e:
    print(e)
