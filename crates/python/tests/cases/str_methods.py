s = "  Hello, World!  "
print(s.strip(), s.lstrip(), s.rstrip(), s.strip().lower(), s.upper(), s.strip().swapcase(), s.title(), "hello world".capitalize())
t = s.strip()
print(t.find("o"), t.rfind("o"), t.find("z"), t.index("W"), t.count("l"), t.replace("l", "L"), t.replace("l", "L", 1), t.startswith("He"), t.endswith(("!", "?")))
print("a,b,,c".split(","), "a b  c".split(), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1), "l1\nl2\r\nl3".splitlines(), "l1\nl2".splitlines(True), "k=v=w".partition("="), "k=v=w".rpartition("="))
print("-".join(["a", "b"]), "ab" * 3, "a" + "b", "b" in "abc", len("äöü"), "abc".center(9, "*"), "7".zfill(3), "-7".zfill(4), "x".ljust(3, ".") + "|", "x".rjust(3) + "|", "\t|".expandtabs(4))
print("123".isdigit(), "12a".isdigit(), "abc".isalpha(), "ab1".isalnum(), " ".isspace(), "Ab".islower(), "AB".isupper(), "Ab Cd".istitle(), "x_1".isidentifier(), "1.5".isnumeric(), "".isdigit(), "½".isnumeric())
print(ord("a"), chr(8364), "äß".upper(), "ẞ".lower(), "ß".casefold(), "é".encode(), "€".encode("utf-8"), b"\xc3\xa9".decode(), "abc".encode("ascii"))
print(repr("it's"), repr('say "x"'), repr("both ' and \""), repr("tab\t nl\n \\ \x00 \x7f é \u200b 😀"), ascii("é€😀"), str(b"a"), r"raw\n")
print("abc" < "abd", "Z" < "a", "" < "a", max("hello"), sorted("hello"), "".join(reversed("abc")), "abc".translate(str.maketrans("ab", "xy", "c")), "removeprefix".removeprefix("remove"), "file.txt".removesuffix(".txt"))
print("a\tb", "a\\b", "x" "y", """tri'ple""", "\u00e9", "\N{BULLET}" if False else "-", "%s" % "z", "abc"[-1], list("abc"), tuple("ab"), "a" "b")
for f in (lambda: "abc".index("z"), lambda: "a" + 1, lambda: "a" * "b", lambda: "abc".split(""), lambda: int("4.5"), lambda: "x".join([1])):
    try: f()
    except (ValueError, TypeError) as e: print(type(e).__name__, e)
import string
print(string.ascii_lowercase, string.digits, string.punctuation, string.capwords("a bc"), string.Template("$x is ${y}").substitute(x=1, y=2))
print("%s" % ("t",), "{:>10}".format("r"), "caf\u0065\u0301" == "café", hash("a") == hash("a"), "A".lower() is not None)
