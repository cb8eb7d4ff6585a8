# json: encoder and decoder.
_quote = _native_modules["_text"].json_quote


class JSONDecodeError(ValueError):
    def __init__(self, msg, doc, pos):
        lineno = doc.count("\n", 0, pos) + 1
        colno = pos - doc.rfind("\n", 0, pos)
        ValueError.__init__(self, "%s: line %d column %d (char %d)" % (msg, lineno, colno, pos))
        self.msg = msg
        self.doc = doc
        self.pos = pos
        self.lineno = lineno
        self.colno = colno


JSONDecodeError.__module__ = "json.decoder"


class JSONEncoder:
    item_separator = ", "
    key_separator = ": "

    def __init__(self, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, sort_keys=False, indent=None, separators=None, default=None):
        self.skipkeys = skipkeys
        self.ensure_ascii = ensure_ascii
        self.allow_nan = allow_nan
        self.sort_keys = sort_keys
        self.indent = indent
        if separators is not None:
            self.item_separator, self.key_separator = separators
        elif indent is not None:
            self.item_separator = ","
        if default is not None:
            self.default = default

    def default(self, o):
        raise TypeError("Object of type %s is not JSON serializable" % type(o).__name__)

    def encode(self, o):
        out = []
        self._put(o, out, 0, [])
        return "".join(out)

    def iterencode(self, o):
        yield self.encode(o)

    def _float(self, o):
        if o != o or o in (float("inf"), float("-inf")):
            if not self.allow_nan:
                raise ValueError("Out of range float values are not JSON compliant: " + repr(o))
            return "NaN" if o != o else ("Infinity" if o > 0 else "-Infinity")
        return float.__repr__(o)

    def _put(self, o, out, level, seen):
        if isinstance(o, str):
            out.append(_quote(o, self.ensure_ascii))
        elif o is None:
            out.append("null")
        elif o is True:
            out.append("true")
        elif o is False:
            out.append("false")
        elif isinstance(o, int):
            out.append(int.__repr__(o))
        elif isinstance(o, float):
            out.append(self._float(o))
        elif isinstance(o, (list, tuple)):
            if not o:
                out.append("[]")
                return
            self._enter(o, seen)
            out.append("[")
            self._items(o, out, level + 1, seen, False)
            self._line(out, level)
            out.append("]")
            seen.pop()
        elif isinstance(o, dict):
            if not o:
                out.append("{}")
                return
            self._enter(o, seen)
            out.append("{")
            self._items(sorted(o.items()) if self.sort_keys else o.items(), out, level + 1, seen, True)
            self._line(out, level)
            out.append("}")
            seen.pop()
        else:
            self._enter(o, seen)
            self._put(self.default(o), out, level, seen)
            seen.pop()

    def _enter(self, o, seen):
        i = id(o)
        if i in seen:
            raise ValueError("Circular reference detected")
        seen.append(i)

    def _line(self, out, level):
        if self.indent is not None:
            unit = self.indent if isinstance(self.indent, str) else " " * self.indent
            out.append("\n" + unit * level)

    def _items(self, items, out, level, seen, pairs):
        first = True
        for x in items:
            if pairs:
                k, v = x
                if isinstance(k, str):
                    pass
                elif k is True:
                    k = "true"
                elif k is False:
                    k = "false"
                elif k is None:
                    k = "null"
                elif isinstance(k, float):
                    k = self._float(k)
                elif isinstance(k, int):
                    k = int.__repr__(k)
                elif self.skipkeys:
                    continue
                else:
                    raise TypeError("keys must be str, int, float, bool or None, not " + type(k).__name__)
            if not first:
                out.append(self.item_separator)
            first = False
            self._line(out, level)
            if pairs:
                out.append(_quote(k, self.ensure_ascii))
                out.append(self.key_separator)
                self._put(v, out, level, seen)
            else:
                self._put(x, out, level, seen)


def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None, separators=None, default=None, sort_keys=False, **kw):
    return (cls or JSONEncoder)(skipkeys=skipkeys, ensure_ascii=ensure_ascii, allow_nan=allow_nan, indent=indent, separators=separators, default=default, sort_keys=sort_keys, **kw).encode(obj)


def dump(obj, fp, **kw):
    fp.write(dumps(obj, **kw))


class JSONDecoder:
    def __init__(self, *, object_hook=None, parse_float=None, parse_int=None, object_pairs_hook=None, strict=True, parse_constant=None):
        self.object_hook = object_hook
        self.object_pairs_hook = object_pairs_hook
        self.parse_float = parse_float or float
        self.parse_int = parse_int or int
        self.strict = strict

    def decode(self, s):
        v, i = self.raw_decode(s, _blank(s, 0))
        i = _blank(s, i)
        if i != len(s):
            raise JSONDecodeError("Extra data", s, i)
        return v

    def raw_decode(self, s, idx=0):
        return self._value(s, idx)

    def _value(self, s, i):
        c = s[i:i + 1]
        if c == '"':
            return self._string(s, i + 1)
        if c == "{":
            return self._object(s, i)
        if c == "[":
            return self._array(s, i)
        if c == "n" and s[i:i + 4] == "null":
            return None, i + 4
        if c == "t" and s[i:i + 4] == "true":
            return True, i + 4
        if c == "f" and s[i:i + 5] == "false":
            return False, i + 5
        if c == "-" or c.isdigit():
            return self._number(s, i)
        if c == "N" and s[i:i + 3] == "NaN":
            return float("nan"), i + 3
        if c == "I" and s[i:i + 8] == "Infinity":
            return float("inf"), i + 8
        raise JSONDecodeError("Expecting value", s, i)

    def _number(self, s, i):
        j = i
        n = len(s)
        if s[j:j + 1] == "-":
            j += 1
            if s[j:j + 8] == "Infinity":
                return float("-inf"), j + 8
        if not s[j:j + 1].isdigit():
            raise JSONDecodeError("Expecting value", s, i)
        if s[j] == "0":
            j += 1
        else:
            while j < n and s[j].isdigit():
                j += 1
        is_float = False
        if s[j:j + 1] == "." and s[j + 1:j + 2].isdigit():
            is_float = True
            j += 1
            while j < n and s[j].isdigit():
                j += 1
        if s[j:j + 1] in ("e", "E"):
            k = j + 1
            if s[k:k + 1] in ("+", "-"):
                k += 1
            if s[k:k + 1].isdigit():
                is_float = True
                j = k
                while j < n and s[j].isdigit():
                    j += 1
        t = s[i:j]
        return (self.parse_float(t) if is_float else self.parse_int(t)), j

    def _string(self, s, i):
        begin = i - 1
        out = []
        while True:
            j = i
            while s[j:j + 1] not in ('"', "\\", "") and s[j] >= " ":
                j += 1
            out.append(s[i:j])
            c = s[j:j + 1]
            if c == '"':
                return "".join(out), j + 1
            if c == "":
                raise JSONDecodeError("Unterminated string starting at", s, begin)
            if c != "\\":
                if self.strict:
                    raise JSONDecodeError("Invalid control character at", s, j)
                out.append(c)
                i = j + 1
                continue
            e = s[j + 1:j + 2]
            if e == "":
                raise JSONDecodeError("Unterminated string starting at", s, begin)
            if e == "u":
                v = _hex4(s, j + 2)
                i = j + 6
                if 0xD800 <= v <= 0xDBFF and s[i:i + 2] == "\\u":
                    w = _hex4(s, i + 2)
                    if 0xDC00 <= w <= 0xDFFF:
                        v = 0x10000 + ((v - 0xD800) << 10) + (w - 0xDC00)
                        i += 6
                out.append(chr(v))
            else:
                r = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}.get(e)
                if r is None:
                    raise JSONDecodeError("Invalid \\escape", s, j)
                out.append(r)
                i = j + 2

    def _object(self, s, i):
        i = _blank(s, i + 1)
        pairs = []
        if s[i:i + 1] != "}":
            while True:
                if s[i:i + 1] != '"':
                    raise JSONDecodeError("Expecting property name enclosed in double quotes", s, i)
                k, i = self._string(s, i + 1)
                i = _blank(s, i)
                if s[i:i + 1] != ":":
                    raise JSONDecodeError("Expecting ':' delimiter", s, i)
                v, i = self._value(s, _blank(s, i + 1))
                pairs.append((k, v))
                i = _blank(s, i)
                c = s[i:i + 1]
                if c == "}":
                    break
                if c != ",":
                    raise JSONDecodeError("Expecting ',' delimiter", s, i)
                i = _blank(s, i + 1)
        if self.object_pairs_hook is not None:
            return self.object_pairs_hook(pairs), i + 1
        d = dict(pairs)
        return (d if self.object_hook is None else self.object_hook(d)), i + 1

    def _array(self, s, i):
        i = _blank(s, i + 1)
        out = []
        if s[i:i + 1] == "]":
            return out, i + 1
        while True:
            v, i = self._value(s, i)
            out.append(v)
            i = _blank(s, i)
            c = s[i:i + 1]
            if c == "]":
                return out, i + 1
            if c != ",":
                raise JSONDecodeError("Expecting ',' delimiter", s, i)
            i = _blank(s, i + 1)


def _hex4(s, i):
    t = s[i:i + 4]
    try:
        if len(t) == 4:
            return int(t, 16)
    except ValueError:
        pass
    raise JSONDecodeError("Invalid \\uXXXX escape", s, i - 1)


def _blank(s, i):
    while s[i:i + 1] in (" ", "\t", "\n", "\r"):
        i += 1
    return i


def loads(s, *, cls=None, object_hook=None, parse_float=None, parse_int=None, object_pairs_hook=None, **kw):
    if isinstance(s, (bytes, bytearray)):
        s = s.decode()
    elif not isinstance(s, str):
        raise TypeError("the JSON object must be str, bytes or bytearray, not " + type(s).__name__)
    if s.startswith("\ufeff"):
        raise JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", s, 0)
    return (cls or JSONDecoder)(object_hook=object_hook, parse_float=parse_float, parse_int=parse_int, object_pairs_hook=object_pairs_hook, **kw).decode(s)


def load(fp, **kw):
    return loads(fp.read(), **kw)
