"""Templates: variables, filters, if, for, set, include, extends and blocks."""
from jinja2.nodes import parse
from markupsafe import Markup, escape


class TemplateError(Exception):
    pass


class TemplateNotFound(TemplateError):
    pass


class TemplateSyntaxError(TemplateError):
    def __init__(self, message, lineno=1, name=None, filename=None):
        super().__init__(message)
        self.message = message
        self.lineno = lineno


class TemplateAssertionError(TemplateSyntaxError):
    pass


class UndefinedError(TemplateError):
    pass


class Undefined:
    def __init__(self, name):
        self._name = name

    def _fail(self, *args):
        raise UndefinedError("%r is undefined" % self._name)

    def __str__(self):
        return ""

    def __bool__(self):
        return False

    def __len__(self):
        return 0

    def __iter__(self):
        return iter(())

    def __eq__(self, other):
        return isinstance(other, Undefined)

    def __hash__(self):
        return 0

    __call__ = __getitem__ = __add__ = __radd__ = __mul__ = __sub__ = __lt__ = __gt__ = _fail

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self._fail()


class Loop:
    def __init__(self, length):
        self.length = length
        self.index0 = -1

    index = property(lambda s: s.index0 + 1)
    first = property(lambda s: s.index0 == 0)
    last = property(lambda s: s.index0 == s.length - 1)
    revindex = property(lambda s: s.length - s.index0)

    def cycle(self, *args):
        return args[self.index0 % len(args)]


class Context:
    def __init__(self, env, variables, autoescape):
        self.env = env
        self.scopes = [variables]
        self.autoescape = autoescape
        self.blocks = {}

    def get(self, name):
        for s in reversed(self.scopes):
            if name in s:
                return s[name]
        if name in self.env.globals:
            return self.env.globals[name]
        return Undefined(name)


class Template:
    def __init__(self, source, env=None, name=None):
        self.env = env or Environment()
        self.name = name
        self.nodes = parse(source)

    def render(self, *args, **kwargs):
        variables = dict(*args, **kwargs)
        return self.env._render(self, variables)


class Environment:
    def __init__(self, loader=None, autoescape=False, **options):
        self.loader = loader
        self.autoescape = autoescape
        self.globals = {"range": range, "dict": dict, "len": len}
        self.filters = dict(FILTERS)
        self.tests = dict(TESTS)

    def from_string(self, source):
        return Template(source, self)

    def get_template(self, name):
        if self.loader is None:
            raise TemplateNotFound(name)
        return Template(self.loader(name), self, name)

    def _escapes(self, name):
        if callable(self.autoescape):
            return self.autoescape(name)
        return self.autoescape

    def _render(self, template, variables):
        ctx = Context(self, variables, self._escapes(template.name))
        return self._run(template, ctx)

    def _run(self, template, ctx):
        parent = None
        for node in template.nodes:
            if node[0] == "extends":
                parent = self.get_template(self.eval(node[1], ctx))
        if parent is None:
            out = []
            self.exec(template.nodes, ctx, out)
            return "".join(out)
        for node in template.nodes:
            if node[0] == "block":
                ctx.blocks.setdefault(node[1], []).append(node[2])
            elif node[0] == "set":
                self.exec([node], ctx, [])
        return self._run(parent, ctx)

    def exec(self, nodes, ctx, out):
        for node in nodes:
            kind = node[0]
            if kind == "text":
                out.append(node[1])
            elif kind == "output":
                v = self.eval(node[1], ctx)
                if v is None:
                    v = "None"
                out.append(str.__str__(escape(v)) if ctx.autoescape else str(v))
            elif kind == "if":
                for test, body in node[1]:
                    if test is None or self.eval(test, ctx):
                        self.exec(body, ctx, out)
                        break
            elif kind == "for":
                self._for(node, ctx, out)
            elif kind == "set":
                ctx.scopes[-1][node[1]] = self.eval(node[2], ctx)
            elif kind == "setblock":
                inner = []
                self.exec(node[2], ctx, inner)
                ctx.scopes[-1][node[1]] = Markup("".join(inner))
            elif kind == "with":
                ctx.scopes.append({k: self.eval(v, ctx) for k, v in node[1]})
                self.exec(node[2], ctx, out)
                ctx.scopes.pop()
            elif kind == "filtered":
                inner = []
                self.exec(node[3], ctx, inner)
                ctx.scopes.append({"_body": Markup("".join(inner))})
                out.append(str(self.eval(node[2], ctx)))
                ctx.scopes.pop()
            elif kind == "block":
                stack = ctx.blocks.get(node[1], []) + [node[2]]
                self._block(stack, ctx, out)
            elif kind == "include":
                t = self.get_template(self.eval(node[1], ctx))
                self.exec(t.nodes, ctx, out)
            elif kind == "macro":
                ctx.scopes[-1][node[1]] = self._macro(node, ctx)

    def _block(self, stack, ctx, out):
        def parent():
            inner = []
            self._block(stack[1:], ctx, inner)
            return Markup("".join(inner))
        ctx.scopes.append({"super": parent})
        self.exec(stack[0], ctx, out)
        ctx.scopes.pop()

    def _macro(self, node, ctx):
        def call(*args, **kwargs):
            scope = {}
            for i, (name, default) in enumerate(node[2]):
                if i < len(args):
                    scope[name] = args[i]
                elif name in kwargs:
                    scope[name] = kwargs[name]
                else:
                    scope[name] = Undefined(name) if default is None else self.eval(default, ctx)
            ctx.scopes.append(scope)
            inner = []
            self.exec(node[3], ctx, inner)
            ctx.scopes.pop()
            return Markup("".join(inner))
        return call

    def _for(self, node, ctx, out):
        _, targets, it, test, body, orelse = node
        items = list(self.eval(it, ctx))
        scope = {}
        ctx.scopes.append(scope)

        def bind(x):
            if len(targets) == 1:
                scope[targets[0]] = x
            else:
                for n, v in zip(targets, x):
                    scope[n] = v
        if test is not None:
            kept = []
            for x in items:
                bind(x)
                if self.eval(test, ctx):
                    kept.append(x)
            items = kept
        loop = Loop(len(items))
        scope["loop"] = loop
        for x in items:
            loop.index0 += 1
            bind(x)
            self.exec(body, ctx, out)
        ctx.scopes.pop()
        if not items:
            self.exec(orelse, ctx, out)

    def getattr(self, o, name):
        try:
            return getattr(o, name)
        except AttributeError:
            pass
        try:
            return o[name]
        except (TypeError, LookupError, AttributeError):
            return Undefined(name)

    def eval(self, e, ctx):
        kind = e[0]
        if kind == "const":
            return e[1]
        if kind == "name":
            return ctx.get(e[1])
        if kind == "attr":
            return self.getattr(self.eval(e[1], ctx), e[2])
        if kind == "item":
            o, k = self.eval(e[1], ctx), self.eval(e[2], ctx)
            try:
                return o[k]
            except (TypeError, LookupError, AttributeError):
                return getattr(o, k, Undefined(k)) if isinstance(k, str) else Undefined(k)
        if kind == "slice":
            o = self.eval(e[1], ctx)
            a, b = [None if x is None else self.eval(x, ctx) for x in e[2:]]
            return o[a:b]
        if kind == "call":
            args = [self.eval(a, ctx) for a in e[2]]
            kwargs = {k: self.eval(v, ctx) for k, v in e[3]}
            return self.eval(e[1], ctx)(*args, **kwargs)
        if kind == "filter":
            f = self.filters.get(e[2])
            if f is None:
                raise TemplateAssertionError("No filter named %r." % e[2])
            args = [self.eval(a, ctx) for a in e[3]]
            return f(self.eval(e[1], ctx), *args, **{k: self.eval(v, ctx) for k, v in e[4]})
        if kind == "test":
            v = self.tests[e[2]](self.eval(e[1], ctx), *[self.eval(a, ctx) for a in e[3]])
            return not v if e[4] else v
        if kind == "and":
            return self.eval(e[1], ctx) and self.eval(e[2], ctx)
        if kind == "or":
            return self.eval(e[1], ctx) or self.eval(e[2], ctx)
        if kind == "not":
            return not self.eval(e[1], ctx)
        if kind == "neg":
            return -self.eval(e[1], ctx)
        if kind == "cond":
            if self.eval(e[1], ctx):
                return self.eval(e[2], ctx)
            return Undefined("") if e[3] is None else self.eval(e[3], ctx)
        if kind == "list":
            return [self.eval(x, ctx) for x in e[1]]
        if kind == "tuple":
            return tuple([self.eval(x, ctx) for x in e[1]])
        if kind == "dict":
            return {self.eval(k, ctx): self.eval(v, ctx) for k, v in e[1]}
        return BINARY[e[1]](self.eval(e[2], ctx), self.eval(e[3], ctx))


BINARY = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "//": lambda a, b: a // b, "%": lambda a, b: a % b, "**": lambda a, b: a ** b, "~": lambda a, b: str(a) + str(b),
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "in": lambda a, b: a in b, "not in": lambda a, b: a not in b,
}


def _default(v, default="", boolean=False):
    return default if isinstance(v, Undefined) or (boolean and not v) else v


def _tojson(v, indent=None):
    import json
    s = json.dumps(v, indent=indent, sort_keys=True)
    return Markup(s.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("'", "\\u0027"))


def _truncate(s, length=255, killwords=False, end="..."):
    if len(s) <= length + 5:
        return s
    cut = s[:length - len(end)]
    return (cut if killwords else cut.rsplit(" ", 1)[0]) + end


def _sort(v, reverse=False, case_sensitive=False, attribute=None):
    def key(x):
        k = x if attribute is None else getattr(x, attribute, None) if not isinstance(x, dict) else x[attribute]
        return k.lower() if isinstance(k, str) and not case_sensitive else k
    return sorted(v, key=key, reverse=reverse)


def _attr(x, name):
    for part in str(name).split("."):
        if part.isdigit():
            x = x[int(part)]
        elif isinstance(x, dict):
            x = x.get(part, Undefined(part))
        else:
            x = getattr(x, part, Undefined(part))
    return x


def _selector(attribute, keep):
    """select, reject, selectattr, rejectattr."""
    def choose(v, *args):
        name = None
        if attribute:
            name, *args = args
        test = TESTS[args[0]] if args else bool
        return iter([x for x in v if bool(test(_attr(x, name) if attribute else x, *args[1:])) == keep])
    return choose


def _map(v, name=None, *args, attribute=None, default=None):
    if attribute is not None:
        got = [_attr(x, attribute) for x in v]
        return iter([default if isinstance(x, Undefined) and default is not None else x for x in got])
    return iter([FILTERS[name](x, *args) for x in v])


def _batch(v, n, fill=None):
    out = []
    for x in v:
        if not out or len(out[-1]) == n:
            out.append([])
        out[-1].append(x)
    if fill is not None and out:
        out[-1].extend([fill] * (n - len(out[-1])))
    return iter(out)


def _groupby(v, attribute):
    groups = {}
    for x in _sort(v, attribute=attribute):
        groups.setdefault(_attr(x, attribute), []).append(x)
    return list(groups.items())


def _striptags(s):
    import re
    return " ".join(re.sub("<[^>]*>|<!--.*?-->", "", str(s)).split())


def _indent(s, width=4, first=False, blank=False):
    lines = str(s).split("\n")
    pad = width if isinstance(width, str) else " " * width
    return "\n".join([pad + x if (i or first) and (x or blank) else x for i, x in enumerate(lines)])


FILTERS = {
    "upper": lambda s: str(s).upper(), "lower": lambda s: str(s).lower(), "title": lambda s: str(s).title(),
    "capitalize": lambda s: str(s).capitalize(), "trim": lambda s: str(s).strip(), "length": len, "count": len,
    "default": _default, "d": _default, "safe": Markup, "escape": escape, "e": escape, "tojson": _tojson,
    "join": lambda v, d="", attribute=None: d.join([str(x if attribute is None else _attr(x, attribute)) for x in v]),
    "replace": lambda s, a, b, n=None: s.replace(a, b), "int": lambda v, default=0: _number(int, v, default),
    "float": lambda v, default=0.0: _number(float, v, default), "string": str, "list": list, "first": lambda v: next(iter(v), Undefined("first")),
    "last": lambda v: list(v)[-1] if v else Undefined("last"), "reverse": lambda v: v[::-1] if isinstance(v, str) else list(v)[::-1],
    "sort": _sort, "round": lambda v, p=0: float(round(v, p)), "abs": abs, "sum": lambda v, attribute=None, start=0: sum([x if attribute is None else _attr(x, attribute) for x in v], start), "max": max, "min": min,
    "truncate": _truncate, "items": lambda d: d.items(), "format": lambda s, *a, **k: s % (k or a), "unique": lambda v: list(dict.fromkeys(v)),
    "dictsort": lambda d: sorted(d.items()), "striptags": _striptags, "urlencode": lambda s: __import__("urllib.parse").parse.quote(str(s)),
    "map": _map, "select": _selector(False, True), "reject": _selector(False, False), "selectattr": _selector(True, True), "rejectattr": _selector(True, False),
    "batch": _batch, "groupby": _groupby, "indent": _indent, "center": lambda s, width=80: str(s).center(width), "attr": lambda o, name: getattr(o, name, Undefined(name)),
    "wordcount": lambda s: len(s.split()),
}


def _number(kind, v, default):
    try:
        return kind(v)
    except (TypeError, ValueError):
        return default


TESTS = {
    "defined": lambda v: not isinstance(v, Undefined), "undefined": lambda v: isinstance(v, Undefined), "none": lambda v: v is None,
    "even": lambda v: v % 2 == 0, "odd": lambda v: v % 2 == 1, "string": lambda v: isinstance(v, str),
    "number": lambda v: isinstance(v, (int, float)), "mapping": lambda v: isinstance(v, dict), "iterable": lambda v: hasattr(v, "__iter__"),
    "divisibleby": lambda v, n: v % n == 0, "true": lambda v: v is True, "false": lambda v: v is False,
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
    "lessthan": lambda a, b: a < b, "greaterthan": lambda a, b: a > b, "callable": callable, "sequence": lambda v: hasattr(v, "__len__"), "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "float": lambda v: isinstance(v, float), "boolean": lambda v: isinstance(v, bool), "lower": lambda v: str(v).islower(), "upper": lambda v: str(v).isupper(),
    "equalto": lambda a, b: a == b, "in": lambda a, b: a in b, "sameas": lambda a, b: a is b,
}
