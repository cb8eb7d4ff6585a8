ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdefABCDEF"
octdigits = "01234567"
punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
whitespace = " \t\n\r\v\f"
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    return (sep or " ").join([w.capitalize() for w in s.split(sep)])


class Template:
    def __init__(self, template):
        self.template = template

    def _run(self, mapping, safe):
        t, out, i = self.template, [], 0
        while i < len(t):
            if t[i] != "$":
                out.append(t[i])
                i += 1
                continue
            if t[i + 1:i + 2] == "$":
                out.append("$")
                i += 2
                continue
            j = i + 1
            brace = t[j:j + 1] == "{"
            j += brace
            k = j
            while k < len(t) and (t[k].isalnum() or t[k] == "_"):
                k += 1
            name = t[j:k]
            end = k + brace
            if not name or (brace and t[k:k + 1] != "}"):
                if not safe:
                    raise ValueError("Invalid placeholder in string: line 1, col %d" % (i + 1))
                out.append("$")
                i += 1
                continue
            if name in mapping or not safe:
                out.append(str(mapping[name]))
            else:
                out.append(t[i:end])
            i = end
        return "".join(out)

    def substitute(self, mapping={}, /, **kw):
        return self._run({**mapping, **kw}, False)

    def safe_substitute(self, mapping={}, /, **kw):
        return self._run({**mapping, **kw}, True)
