import hashlib, pathlib, textwrap, uuid, urllib.parse
for n in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512"):
    print(n, hashlib.new(n, b"hello").hexdigest(), hashlib.new(n).digest_size, getattr(hashlib, n)(b"x" * 200).hexdigest()[:16])
h = hashlib.sha256(); h.update(b"a"); h.update("ü".encode()); print(h.hexdigest(), h.name, h.digest()[:4], h.copy().hexdigest() == h.hexdigest())
try: hashlib.sha256("text")
except TypeError as e: print(e)
print(hashlib.pbkdf2_hmac("sha256", b"pw", b"salt", 3).hex())
p = pathlib.Path("/tmp/pl") / "sub" / "f.tar.gz"
print(p, repr(p), p.name, p.stem, p.suffix, p.suffixes, p.parent, p.parts, p.parents[1], p.with_suffix(".txt"), p.with_name("x"), p.is_absolute(), p.relative_to("/tmp"), p == pathlib.Path("/tmp/pl/sub/f.tar.gz"), str(pathlib.Path()), pathlib.Path("a//b/./c"), "base" / pathlib.Path("q"))
p.parent.mkdir(parents=True, exist_ok=True); print(p.exists(), p.write_text("hi\nyou"), p.read_text(), p.exists(), p.is_file(), p.parent.is_dir(), sorted(str(x) for x in p.parent.iterdir()), p.stat().st_size, p.match("*.gz"))
(p.parent / "b.txt").write_bytes(b"x"); print(sorted(x.name for x in pathlib.Path("/tmp/pl").glob("**/*.txt")), sorted(x.name for x in p.parent.glob("*")), sorted(x.name for x in pathlib.Path("/tmp/pl").rglob("*.gz")))
with p.open() as f: print(f.readline())
(p.parent / "b.txt").unlink(); p.unlink(); p.unlink(missing_ok=True); p.parent.rmdir(); pathlib.Path("/tmp/pl").rmdir(); print(pathlib.Path("/tmp/pl").exists())
try: p.read_text()
except FileNotFoundError as e: print(e)
t = "The quick brown fox jumped over the lazy dog, which was well-known for sleeping all day."
print(textwrap.fill(t, 30)); print(textwrap.wrap(t, 20, initial_indent="* ", subsequent_indent="  ")); print(textwrap.shorten(t, 30), textwrap.wrap("averyveryverylongword x", 8))
print(textwrap.dedent("""
    a
      b

    c"""), textwrap.indent("a\nb\n\nc", "> "))
u = uuid.uuid4(); print(len(str(u)), u.version, uuid.UUID("12345678123456781234567812345678"), repr(uuid.UUID(int=5)), uuid.uuid5(uuid.NAMESPACE_DNS, "python.example"), uuid.uuid3(uuid.NAMESPACE_URL, "x"), u == uuid.UUID(str(u)), u.hex == str(u).replace("-", ""))
try: uuid.UUID("zz")
except ValueError as e: print(e)
print(urllib.parse.quote("a b/ü&"), urllib.parse.urlencode({"a": 1, "b": "x y"}), urllib.parse.parse_qs("a=1&a=2&b="), urllib.parse.urlparse("http://u:p@h.example:80/p/q?x=1#f").port)
import bisect, heapq
x = [1, 3, 5]; bisect.insort(x, 4); print(x, bisect.bisect_left(x, 3), bisect.bisect(x, 3))
h = []
for i, n in enumerate([5, 1, 4, 1]): heapq.heappush(h, (n, i))
print([heapq.heappop(h) for _ in range(4)])
