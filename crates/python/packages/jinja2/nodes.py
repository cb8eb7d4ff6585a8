"""Template text to a tree of tuples."""


def _error(message, line=1):
    from jinja2 import TemplateSyntaxError
    raise TemplateSyntaxError(message, line)


def _split(source):
    """(kind, text, line) with kind text, var or tag; whitespace control done."""
    out = []
    i = 0
    strip = False
    if source.endswith("\n"):
        source = source[:-1]
    while True:
        found = -1
        for mark in ("{{", "{%", "{#"):
            j = source.find(mark, i)
            if j >= 0 and (found < 0 or j < found):
                found = j
        text = source[i:] if found < 0 else source[i:found]
        if strip:
            text = text.lstrip()
        if found < 0:
            out.append(("text", text, 0))
            return out
        mark = source[found:found + 2]
        close = {"{{": "}}", "{%": "%}", "{#": "#}"}[mark]
        end = source.find(close, found + 2)
        line = source.count("\n", 0, found) + 1
        if end < 0:
            _error("unexpected end of template, expected 'end of print statement'." if mark == "{{" else "Missing end of comment tag" if mark == "{#" else "unexpected end of template, expected 'end of statement block'.", line)
        body = source[found + 2:end]
        if body.startswith("-"):
            text = text.rstrip()
            body = body[1:]
        strip = body.endswith("-")
        if strip:
            body = body[:-1]
        out.append(("text", text, 0))
        if mark == "{{":
            out.append(("var", body.strip(), line))
        elif mark == "{%" and body.strip() == "raw":
            at = end + 2
            while True:
                j = source.find("{%", at)
                stop = source.find("%}", j)
                if j < 0 or stop < 0:
                    _error("Missing end of raw directive", line)
                if source[j + 2:stop].strip("- ") == "endraw":
                    break
                at = j + 2
            out.append(("text", source[end + 2:j], line))
            end = stop
        elif mark == "{%":
            out.append(("tag", body.strip(), line))
        i = end + 2


def parse(source):
    pieces = _split(source)
    nodes, i, _ = _body(pieces, 0, ())
    return nodes


def _body(pieces, i, ends):
    out = []
    while i < len(pieces):
        kind, text, line = pieces[i]
        i += 1
        if kind == "text":
            if text:
                out.append(("text", text))
            continue
        if kind == "var":
            out.append(("output", _expr(text, line, "end of print statement")))
            continue
        word, _, rest = text.partition(" ")
        rest = rest.strip()
        if word in ends:
            return out, i, (word, rest, line)
        if word == "if":
            arms = []
            test = _expr(rest, line)
            while True:
                body, i, (end, rest, line) = _body(pieces, i, ("elif", "else", "endif"))
                arms.append((test, body))
                if end == "endif":
                    break
                test = _expr(rest, line) if end == "elif" else None
            out.append(("if", arms))
        elif word == "for":
            names, _, rest = rest.partition(" in ")
            test = None
            if " if " in rest:
                rest, _, cond = rest.partition(" if ")
                test = _expr(cond, line)
            it = _expr(rest.strip(), line)
            body, i, (end, _, line) = _body(pieces, i, ("else", "endfor"))
            orelse = []
            if end == "else":
                orelse, i, _ = _body(pieces, i, ("endfor",))
            out.append(("for", [n.strip() for n in names.strip("() ").split(",")], it, test, body, orelse))
        elif word == "set" and "=" not in rest:
            body, i, _ = _body(pieces, i, ("endset",))
            out.append(("setblock", rest, body))
        elif word == "set":
            name, _, value = rest.partition("=")
            out.append(("set", name.strip(), _expr(value.strip(), line)))
        elif word == "with":
            p = _Parser(rest, line)
            names = []
            while p.t[p.i][0] == "name":
                name = p.t[p.i][1]
                p.i += 1
                p.need("=")
                names.append((name, p.cond()))
                p.op(",")
            body, i, _ = _body(pieces, i, ("endwith",))
            out.append(("with", names, body))
        elif word == "filter":
            body, i, _ = _body(pieces, i, ("endfilter",))
            out.append(("filtered", rest, _expr("_body|" + rest, line), body))
        elif word == "block":
            body, i, _ = _body(pieces, i, ("endblock",))
            out.append(("block", rest.split()[0], body))
        elif word == "extends":
            out.append(("extends", _expr(rest, line)))
        elif word == "include":
            out.append(("include", _expr(rest, line)))
        elif word == "macro":
            name, _, args = rest.partition("(")
            params = []
            for a in args.rstrip(") ").split(","):
                n, eq, d = a.partition("=")
                if n.strip():
                    params.append((n.strip(), _expr(d.strip(), line) if eq else None))
            body, i, _ = _body(pieces, i, ("endmacro",))
            out.append(("macro", name.strip(), params, body))
        else:
            _error("Encountered unknown tag %r." % word, line)
    if ends:
        _error("Unexpected end of template. Jinja was looking for the following tags: %s." % " or ".join([repr(e) for e in ends]))
    return out, i, None


def _tokens(text, line):
    out = []
    i = 0
    while i < len(text):
        c = text[i]
        if c.isspace():
            i += 1
        elif c.isalpha() or c == "_":
            j = i
            while j < len(text) and (text[j].isalnum() or text[j] == "_"):
                j += 1
            out.append(("name", text[i:j]))
            i = j
        elif c.isdigit():
            j = i
            while j < len(text) and (text[j].isdigit() or text[j] == "." and text[j + 1:j + 2].isdigit()):
                j += 1
            out.append(("const", float(text[i:j]) if "." in text[i:j] else int(text[i:j])))
            i = j
        elif c in "'\"":
            j = i + 1
            s = ""
            while j < len(text) and text[j] != c:
                if text[j] == "\\":
                    j += 1
                    s += {"n": "\n", "t": "\t"}.get(text[j], text[j])
                else:
                    s += text[j]
                j += 1
            out.append(("const", s))
            i = j + 1
        elif text[i:i + 2] in ("==", "!=", "<=", ">=", "//", "**"):
            out.append(("op", text[i:i + 2]))
            i += 2
        elif c in "+-*/%~<>()[]{}.,:|=":
            out.append(("op", c))
            i += 1
        else:
            _error("unexpected char %r at %d" % (c, i), line)
    out.append(("end", None))
    return out


class _Parser:
    def __init__(self, text, line, end="end of statement block"):
        self.t = _tokens(text, line)
        self.i = 0
        self.line = line
        self.end = end

    def op(self, *ops):
        kind, v = self.t[self.i]
        if kind == "op" and v in ops:
            self.i += 1
            return v

    def word(self, w):
        if self.t[self.i] == ("name", w):
            self.i += 1
            return True

    def need(self, op):
        if not self.op(op):
            _error("expected token %r, got %r" % (op, self.t[self.i][1]), self.line)

    def cond(self):
        e = self.or_()
        while self.word("if"):
            test = self.or_()
            e = ("cond", test, e, self.cond() if self.word("else") else None)
        return e

    def or_(self):
        e = self.and_()
        while self.word("or"):
            e = ("or", e, self.and_())
        return e

    def and_(self):
        e = self.not_()
        while self.word("and"):
            e = ("and", e, self.not_())
        return e

    def not_(self):
        return ("not", self.not_()) if self.word("not") else self.compare()

    def compare(self):
        e = self.binary(0)
        while True:
            o = self.op("==", "!=", "<", "<=", ">", ">=")
            if o:
                e = ("bin", o, e, self.binary(0))
            elif self.word("in"):
                e = ("bin", "in", e, self.binary(0))
            elif self.t[self.i] == ("name", "not") and self.t[self.i + 1] == ("name", "in"):
                self.i += 2
                e = ("bin", "not in", e, self.binary(0))
            else:
                return e

    LEVELS = (("~",), ("+", "-"), ("*", "/", "//", "%"))

    def binary(self, level):
        if level == len(self.LEVELS):
            return self.unary()
        e = self.binary(level + 1)
        while True:
            o = self.op(*self.LEVELS[level])
            if not o:
                return e
            e = ("bin", o, e, self.binary(level + 1))

    def unary(self, filters=True):
        # As in Jinja, `-5|abs` filters the negated value.
        if self.op("-"):
            e = ("neg", self.unary(False))
        else:
            e = self.postfix(self.atom())
            if self.op("**"):
                e = ("bin", "**", e, self.unary(False))
        while filters:
            if self.op("|"):
                name = self.t[self.i][1]
                self.i += 1
                args, kwargs = self.args() if self.op("(") else ([], [])
                e = self.postfix(("filter", e, name, args, kwargs))
            elif self.word("is"):
                negate = bool(self.word("not"))
                name = self.t[self.i][1]
                self.i += 1
                args = []
                if self.op("("):
                    args = self.args()[0]
                elif self.t[self.i][0] == "const" or self.t[self.i][0] == "name" and self.t[self.i][1] not in ("and", "or", "not", "if", "else", "in", "is"):
                    args = [self.postfix(self.atom())]
                e = ("test", e, name, args, negate)
            else:
                break
        return e

    def atom(self):
        kind, v = self.t[self.i]
        self.i += 1
        if kind == "const":
            return ("const", v)
        if kind == "name":
            words = {"true": True, "True": True, "false": False, "False": False, "none": None, "None": None}
            return ("const", words[v]) if v in words else ("name", v)
        if v == "(":
            if self.op(")"):
                return ("tuple", [])
            e = self.cond()
            if self.op(","):
                items = [e]
                while not self.op(")"):
                    items.append(self.cond())
                    self.op(",")
                return ("tuple", items)
            self.need(")")
            return e
        if v == "[":
            items = []
            while not self.op("]"):
                items.append(self.cond())
                self.op(",")
            return ("list", items)
        if v == "{":
            items = []
            while not self.op("}"):
                k = self.cond()
                self.need(":")
                items.append((k, self.cond()))
                self.op(",")
            return ("dict", items)
        _error("Expected an expression, got %r" % self.end if v is None else "unexpected %r" % v, self.line)

    def postfix(self, e):
        while True:
            if self.op("."):
                kind, v = self.t[self.i]
                self.i += 1
                e = ("attr", e, v) if kind == "name" else ("item", e, ("const", v))
            elif self.op("["):
                a = None if self.t[self.i] == ("op", ":") else self.cond()
                if self.op(":"):
                    b = None if self.t[self.i] == ("op", "]") else self.cond()
                    e = ("slice", e, a, b)
                else:
                    e = ("item", e, a)
                self.need("]")
            elif self.op("("):
                args, kwargs = self.args()
                e = ("call", e, args, kwargs)
            else:
                return e

    def args(self):
        args, kwargs = [], []
        while not self.op(")"):
            if self.t[self.i][0] == "name" and self.t[self.i + 1] == ("op", "="):
                name = self.t[self.i][1]
                self.i += 2
                kwargs.append((name, self.cond()))
            else:
                args.append(self.cond())
            if not self.op(","):
                self.need(")")
                break
        return args, kwargs


def _expr(text, line, end="end of statement block"):
    p = _Parser(text, line, end)
    e = p.cond()
    if p.t[p.i][0] != "end":
        _error("expected token %r, got %r" % (end, p.t[p.i][1]), line)
    return e
