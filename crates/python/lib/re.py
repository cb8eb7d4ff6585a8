# re: patterns, matches and what is made of them. The engine is native.
from enum import IntFlag as _IntFlag

_parse = _native_modules["_re"].parse
_find = _native_modules["_re"].find


class RegexFlag(_IntFlag):
    NOFLAG = 0
    IGNORECASE = 2
    LOCALE = 4
    MULTILINE = 8
    DOTALL = 16
    UNICODE = 32
    VERBOSE = 64
    ASCII = 256


NOFLAG, I, L, M, S, U, X, A = 0, 2, 4, 8, 16, 32, 64, 256
IGNORECASE, LOCALE, MULTILINE, DOTALL, UNICODE, VERBOSE, ASCII = I, L, M, S, U, X, A


class error(Exception):
    __module__ = "re"

    def __init__(self, msg, pattern=None, pos=None):
        self.msg = msg
        self.pattern = pattern
        self.pos = pos
        text = msg
        if pos is not None and pattern is not None:
            text = "%s at position %d" % (msg, pos)
            self.lineno = pattern.count("\n", 0, pos) + 1
            self.colno = pos - pattern.rfind("\n", 0, pos)
            if "\n" in pattern:
                text = "%s (line %d, column %d)" % (text, self.lineno, self.colno)
        else:
            self.lineno = self.colno = None
        super().__init__(text)


class Match:
    def __init__(self, re, string, spans, pos, endpos):
        self.re = re
        self.string = string
        self._spans = spans
        self.pos = pos
        self.endpos = endpos

    def _index(self, g):
        if isinstance(g, str):
            g = self.re.groupindex.get(g, -1)
        if not isinstance(g, int) or not 0 <= g <= self.re.groups:
            raise IndexError("no such group")
        return g

    def _one(self, g, default=None):
        g = self._index(g)
        a = self._spans[2 * g]
        b = self._spans[2 * g + 1]
        return default if a < 0 or b < 0 else self.string[a:b]

    def group(self, *groups):
        if not groups:
            return self._one(0)
        if len(groups) == 1:
            return self._one(groups[0])
        return tuple([self._one(g) for g in groups])

    def __getitem__(self, g):
        return self._one(g)

    def groups(self, default=None):
        return tuple([self._one(i, default) for i in range(1, self.re.groups + 1)])

    def groupdict(self, default=None):
        return {n: self._one(i, default) for n, i in self.re.groupindex.items()}

    def start(self, group=0):
        return self.span(group)[0]

    def end(self, group=0):
        return self.span(group)[1]

    def span(self, group=0):
        g = self._index(group)
        a, b = self._spans[2 * g], self._spans[2 * g + 1]
        return (-1, -1) if a < 0 or b < 0 else (a, b)

    def expand(self, template):
        return _expand(self.re, template)(self)

    @property
    def lastindex(self):
        best = None
        for i in range(1, self.re.groups + 1):
            if self._spans[2 * i + 1] >= 0 and (best is None or self._spans[2 * i + 1] > self._spans[2 * best + 1]):
                best = i
        return best

    @property
    def lastgroup(self):
        i = self.lastindex
        for n, k in self.re.groupindex.items():
            if k == i:
                return n
        return None

    def __bool__(self):
        return True

    def __repr__(self):
        return "<re.Match object; span=%r, match=%.50r>" % (self.span(), self.group())


def _expand(pattern, template):
    """A replacement's text as a function of the match."""
    if callable(template):
        return template
    parts = []
    lit = ""
    i = 0
    while i < len(template):
        c = template[i]
        i += 1
        if c != "\\":
            lit += c
            continue
        if i >= len(template):
            raise error("bad escape (end of pattern)", template, i - 1)
        c = template[i]
        i += 1
        if c == "g":
            if template[i:i + 1] != "<":
                raise error("missing <", template, i)
            end = template.find(">", i)
            if end < 0:
                raise error("missing >, unterminated name", template, i + 1)
            name = template[i + 1:end]
            if name.isdigit():
                g = int(name)
            elif name in pattern.groupindex:
                g = pattern.groupindex[name]
            else:
                raise IndexError("unknown group name %r" % name)
            i = end + 1
        elif c.isdigit() and c != "0":
            if template[i:i + 1].isdigit():
                c += template[i]
                i += 1
            g = int(c)
        else:
            known = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "\\": "\\", "0": "\0"}
            if c in known:
                lit += known[c]
            elif c.isalpha() and c.isascii():
                raise error("bad escape \\" + c, template, i - 2)
            else:
                lit += "\\" + c
            continue
        if g > pattern.groups:
            raise error("invalid group reference %d" % g, template, i - len(str(g)))
        parts.append(lit)
        parts.append(g)
        lit = ""
    parts.append(lit)
    return lambda m: "".join([p if isinstance(p, str) else m._one(p) or "" for p in parts])


class Pattern:
    def __init__(self, pattern, flags):
        self.pattern = pattern
        # Patterns of bytes work on their Latin-1 text.
        self._bytes = isinstance(pattern, (bytes, bytearray))
        self._text = pattern.decode("latin-1") if self._bytes else pattern
        if not isinstance(self._text, str):
            raise TypeError("first argument must be string or compiled pattern")
        flags = int(flags)
        got = _parse(self._text, flags)
        if len(got) == 2:
            raise error(got[0], self._text, got[1])
        self.groups = got[0]
        self.groupindex = dict(got[1])
        self._flags = got[2]
        self.flags = got[2] | (0 if self._bytes or got[2] & A else U)

    def _spans(self, string, pos, endpos, mode, limit):
        if not isinstance(string, str):
            if isinstance(string, (bytes, bytearray)):
                if not self._bytes:
                    raise TypeError("cannot use a string pattern on a bytes-like object")
                string = string.decode("latin-1")
            else:
                raise TypeError("expected string or bytes-like object, got %r" % type(string).__name__)
        elif self._bytes:
            raise TypeError("cannot use a bytes pattern on a string")
        n = len(string)
        endpos = n if endpos is None else max(0, min(endpos, n))
        return [Match(self, string, s, pos, endpos) for s in _find(self._text, self._flags, string, pos, endpos, mode, limit)]

    def _first(self, string, pos, endpos, mode):
        for m in self._spans(string, pos, endpos, mode, 1):
            if self._bytes:
                m.string = string
            return m
        return None

    def match(self, string, pos=0, endpos=None):
        return self._first(string, pos, endpos, 1)

    def fullmatch(self, string, pos=0, endpos=None):
        return self._first(string, pos, endpos, 2)

    def search(self, string, pos=0, endpos=None):
        return self._first(string, pos, endpos, 0)

    def _all(self, string, pos=0, endpos=None, limit=1 << 60):
        ms = self._spans(string, pos, endpos, 0, limit)
        if self._bytes:
            for m in ms:
                m.string = string
        return ms

    def finditer(self, string, pos=0, endpos=None):
        return iter(self._all(string, pos, endpos))

    def findall(self, string, pos=0, endpos=None):
        empty = b"" if self._bytes else ""
        ms = self._all(string, pos, endpos)
        if self.groups == 0:
            return [m._one(0) for m in ms]
        if self.groups == 1:
            return [m._one(1, empty) for m in ms]
        return [m.groups(empty) for m in ms]

    def split(self, string, maxsplit=0):
        out = []
        at = 0
        for m in self._all(string, limit=maxsplit or 1 << 60):
            out.append(string[at:m.start()])
            out.extend(m.groups())
            at = m.end()
        out.append(string[at:])
        return out

    def subn(self, repl, string, count=0):
        if self._bytes:
            fixed = repl
            f = repl if callable(repl) else lambda m: fixed
        else:
            f = _expand(self, repl)
        out = []
        at = 0
        n = 0
        for m in self._all(string, limit=count or 1 << 60):
            out.append(string[at:m.start()])
            out.append(f(m))
            at = m.end()
            n += 1
        out.append(string[at:])
        return (b"" if self._bytes else "").join(out), n

    def sub(self, repl, string, count=0):
        return self.subn(repl, string, count)[0]

    def __eq__(self, other):
        return isinstance(other, Pattern) and (self.pattern, self.flags) == (other.pattern, other.flags)

    def __hash__(self):
        return hash((self.pattern, self.flags))

    def __repr__(self):
        names = [n for n, v in (("IGNORECASE", 2), ("MULTILINE", 8), ("DOTALL", 16), ("VERBOSE", 64), ("ASCII", 256)) if self.flags & v]
        return "re.compile(%.200r%s)" % (self.pattern, ", " + "|".join(["re." + n for n in names]) if names else "")


Match.__module__ = Pattern.__module__ = "re"
_cache = {}


def compile(pattern, flags=0):
    if isinstance(pattern, Pattern):
        if flags:
            raise ValueError("cannot process flags argument with a compiled pattern")
        return pattern
    key = (type(pattern), pattern, int(flags))
    p = _cache.get(key)
    if p is None:
        if len(_cache) > 200:
            _cache.clear()
        p = _cache[key] = Pattern(pattern, flags)
    return p


def match(pattern, string, flags=0):
    return compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    return compile(pattern, flags).fullmatch(string)


def search(pattern, string, flags=0):
    return compile(pattern, flags).search(string)


def findall(pattern, string, flags=0):
    return compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    return compile(pattern, flags).finditer(string)


def split(pattern, string, maxsplit=0, flags=0):
    return compile(pattern, flags).split(string, maxsplit)


def sub(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).subn(repl, string, count)


def escape(pattern):
    return "".join(["\\" + c if c in "()[]{}?*+-|^$\\.&~# \t\n\r\v\f" else c for c in pattern])


def purge():
    _cache.clear()
