"""URL rules: parsing, matching, building."""
from urllib.parse import quote, urlencode

from werkzeug.exceptions import MethodNotAllowed, NotFound


class BuildError(LookupError):
    def __init__(self, endpoint, values, method=None):
        super().__init__(endpoint, values, method)
        self.endpoint = endpoint
        self.values = values

    def __str__(self):
        return "Could not build url for endpoint %r." % self.endpoint


class RequestRedirect(Exception):
    def __init__(self, new_url):
        self.new_url = new_url


def _digits(s):
    return s.isascii() and s.isdigit()


class Rule:
    def __init__(self, rule, endpoint=None, methods=None, defaults=None, strict_slashes=None):
        if not rule.startswith("/"):
            raise ValueError("urls must start with a leading slash")
        self.rule = rule
        self.endpoint = endpoint
        self.defaults = defaults or {}
        self.methods = None if methods is None else {m.upper() for m in methods}
        if self.methods is not None and "GET" in self.methods:
            self.methods.add("HEAD")
        self.strict_slashes = strict_slashes is not False
        self.parts = []
        self.arguments = set(self.defaults)
        rest = rule
        while rest:
            text, lt, rest = rest.partition("<")
            if text:
                self.parts.append((None, text, {}))
            if not lt:
                break
            field, gt, rest = rest.partition(">")
            if not gt:
                raise ValueError("malformed url rule: %r" % rule)
            kind, colon, name = field.partition(":")
            if not colon:
                kind, name = "default", field
            options = {}
            if "(" in kind:
                kind, _, inside = kind.partition("(")
                for o in inside.rstrip(")").split(","):
                    k, eq, v = o.strip().partition("=")
                    options[k if eq else "items"] = options.get("items", []) + [o.strip().strip("'\"")] if not eq else v.strip("'\"")
            if kind not in ("default", "string", "int", "float", "path", "uuid", "any"):
                raise LookupError("the converter %r does not exist" % kind)
            self.parts.append((kind, name, options))
            self.arguments.add(name)

    def weight(self):
        order = {None: 0, "int": 1, "float": 1, "uuid": 1, "any": 1, "string": 2, "default": 2, "path": 3}
        return [(order[p[0]], -len(p[1]) if p[0] is None else 0) for p in self.parts]

    def match(self, path):
        """The converted values, or None."""
        return self._match(0, path)

    def _match(self, i, path):
        if i == len(self.parts):
            return {} if not path else None
        kind, name, options = self.parts[i]
        if kind is None:
            return self._match(i + 1, path[len(name):]) if path.startswith(name) else None
        # The longest piece first, as a regular expression would try.
        end = len(path)
        if kind != "path":
            slash = path.find("/")
            if slash >= 0:
                end = slash
        while end > 0:
            value = self._convert(kind, path[:end], options)
            if value is not None:
                rest = self._match(i + 1, path[end:])
                if rest is not None:
                    rest[name] = value
                    return rest
            end -= 1
        return None

    def _convert(self, kind, text, options):
        if kind == "int":
            if not _digits(text):
                return None
            v = int(text)
            if "min" in options and v < int(options["min"]) or "max" in options and v > int(options["max"]):
                return None
            return v
        if kind == "float":
            a, dot, b = text.partition(".")
            return float(text) if dot and _digits(a) and _digits(b) else None
        if kind == "any":
            return text if text in options.get("items", []) else None
        if kind == "path" and text.startswith("/"):
            return None
        if kind == "uuid":
            import uuid
            try:
                return uuid.UUID(text) if len(text) == 36 else None
            except ValueError:
                return None
        if "minlength" in options and len(text) < int(options["minlength"]):
            return None
        if "maxlength" in options and len(text) > int(options["maxlength"]):
            return None
        return text

    def build(self, values):
        """The path and the names that it used, or None."""
        out = ""
        for kind, name, options in self.parts:
            if kind is None:
                out += name
            elif name in values:
                v = values[name]
                out += quote(str(v), safe="/!$&'()*+,/:;=@" if kind == "path" else "!$&'()*+,:;=@")
            else:
                return None
        return out

    def __str__(self):
        return self.rule

    def __repr__(self):
        methods = "" if self.methods is None else " (%s)" % ", ".join(sorted(self.methods))
        return "<Rule %r%s -> %s>" % (self.rule, methods, self.endpoint)


class Map:
    def __init__(self):
        self.rules = []

    def add(self, rule):
        self.rules.append(rule)
        self.rules.sort(key=lambda r: r.weight())

    def iter_rules(self, endpoint=None):
        return iter([r for r in self.rules if endpoint is None or r.endpoint == endpoint])

    def match(self, path, method):
        allowed = set()
        for r in self.rules:
            values = r.match(path)
            if values is None:
                if r.strict_slashes and r.rule.endswith("/") and r.match(path + "/") is not None and method in (r.methods or (method,)):
                    raise RequestRedirect(path + "/")
                continue
            if r.methods is not None and method not in r.methods:
                allowed |= r.methods
                continue
            values.update(r.defaults)
            return r, values
        if allowed:
            raise MethodNotAllowed(valid_methods=sorted(allowed))
        raise NotFound()

    def build(self, endpoint, values, method=None):
        best = None
        for r in self.rules:
            if r.endpoint != endpoint:
                continue
            path = r.build(values)
            if path is None:
                continue
            if best is None or len(r.arguments) > len(best[0].arguments):
                best = (r, path)
        if best is None:
            raise BuildError(endpoint, values, method)
        rule, path = best
        rest = {k: v for k, v in values.items() if k not in rule.arguments and v is not None}
        return path + ("?" + urlencode(rest, doseq=True) if rest else "")
