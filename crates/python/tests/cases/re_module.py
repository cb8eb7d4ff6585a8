import re
print(re.match(r"(\w+)@(\w+)\.com", "joe@site.com").groups(), re.match("a", "ba"), re.search(r"\d+", "abc 123 x"), re.fullmatch(r"\d{3}", "123").group(), re.fullmatch("a|ab", "ab").span())
print(re.findall(r"\b\w{3}\b", "the cat sat on mats"), re.findall(r"(\w)(\d)", "a1 b2"), re.findall(r"(\w)\d", "a1 b2"), [m.start() for m in re.finditer("o", "foo boo")], re.findall("a*", "baac"))
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.sub("x*", "-", "abxd"), re.sub(r"\d+", lambda m: str(int(m.group()) * 2), "3 apples 4"), re.subn("a", "b", "aaa", count=2), re.sub(r"(?P<n>\d)", r"<\g<n>>", "a1"), re.sub(r"\s+", " ", "a  b \n c"))
print(re.split(r"[,;]\s*", "a, b;c"), re.split(r"(-)", "a-b-c"), re.split(r"\s", "a b c", maxsplit=1), re.split("", "ab"))
m = re.match(r"(?P<year>\d{4})-(?P<month>\d\d)(-(?P<day>\d\d))?", "2024-05")
print(m.groupdict(), m["year"], m.group("month", 0), m.start("year"), m.end(), m.span(2), m.groups("none"), m.lastindex, m.lastgroup, m, m.re.pattern, m.string)
print(re.findall("<.*?>", "<a><b>"), re.findall("<.*>", "<a><b>"), re.findall(r"^\w+", "one\ntwo", re.M), re.findall("a.b", "a\nb", re.S), re.findall("HeLLo", "hello HELLO", re.I), re.findall(r"(?i)x", "xX"), re.findall(r"\$\d+(?:\.\d\d)?", "$5 $6.50"))
print(re.findall(r"\w+(?=!)", "hi! you"), re.findall(r"(?<!\d)\d{2}(?!\d)", "12 345 67"), re.findall(r"(?<=\$)\d+", "$42 43"), re.findall(r"(\w)\1", "aabbcd"), re.findall(r"[^aeiou\s]+", "hello world"), re.findall(r"[a-c\d_-]+", "ab-1_z"), re.findall(r"[\]x]", "]x"))
p = re.compile(r"""
    (\d+)   # number
    \s*
    (px|em) # unit
""", re.X | re.I)
print(p.search("width: 10 PX").groups(), p, p.flags, p.groups, re.compile("a"), p.pattern[:5], bool(p.match("x")))
for bad in ("(", "[a", "*a", "a)", "a**", "(?P<n", "\\q", "[z-a]", "a{2,1}", "(?<=a*)b", "(?P<a>x)(?P<a>y)", r"\2", "(?z)", "a\\"):
    try: print(re.compile(bad))
    except re.error as e: print(repr(bad), e, e.pos)
print(re.escape("a.b*c-d e_f"), re.match(r"(a+)+b", "aaaaaaaaaaaaab") is not None, re.sub(r"[aeiou]", "*", "education", flags=re.I), re.match(r".*", "a\nb").group(), re.search(r"b$", "ab\n") is not None, re.search(r"\Aab\Z", "ab") is not None)
print(re.findall(r"[äöü]", "grün schön"), re.findall(r"\w+", "naïve café"), re.match(rb"(\d+)", b"12a").group(1), re.findall(r"(a)|(b)", "ab"), re.match("(a)?b", "b").groups(), re.findall(r"\d{2,}", "1 22 333"), re.findall(r"x{,2}y", "xxy"), re.match("a{1", "a{1").group())
email = re.compile(r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$")
print([bool(email.match(e)) for e in ("a@b.co", "bad@", "x.y+z@host.example")], re.findall(r"([a-z]+)=(\d+)", "a=1, bc=22"), re.sub(r"(?<!^)(?=[A-Z])", "_", "camelCaseName").lower())
for f in (lambda: m.group(9), lambda: m.group("zz"), lambda: re.match("a", 5), lambda: re.match("a", b"a"), lambda: re.sub("a", r"\3", "a")):
    try: f()
    except (IndexError, TypeError, re.error) as e: print(type(e).__name__, e)
