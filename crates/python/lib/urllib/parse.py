# urllib.parse: splitting, joining and quoting of URLs.
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")


def quote(string, safe="/", encoding=None, errors=None):
    if isinstance(string, str):
        string = string.encode(encoding or "utf-8", errors or "strict")
    keep = safe.encode() if isinstance(safe, str) else safe
    return "".join([chr(b) if b in _SAFE or b in keep else "%%%02X" % b for b in string])


def quote_plus(string, safe="", encoding=None, errors=None):
    return quote(string, safe + " ", encoding, errors).replace(" ", "+")


def unquote_to_bytes(string):
    if isinstance(string, str):
        string = string.encode()
    parts = string.split(b"%")
    out = [parts[0]]
    for p in parts[1:]:
        try:
            out.append(bytes([int(p[:2].decode(), 16)]) + p[2:] if len(p) >= 2 else b"%" + p)
        except ValueError:
            out.append(b"%" + p)
    return b"".join(out)


def unquote(string, encoding="utf-8", errors="replace"):
    if "%" not in string:
        return string
    return unquote_to_bytes(string).decode(encoding, errors)


def unquote_plus(string, encoding="utf-8", errors="replace"):
    return unquote(string.replace("+", " "), encoding, errors)


def parse_qsl(qs, keep_blank_values=False, strict_parsing=False, encoding="utf-8", errors="replace", max_num_fields=None, separator="&"):
    if isinstance(qs, bytes):
        qs = qs.decode()
    out = []
    for pair in qs.split(separator):
        if not pair:
            continue
        k, eq, v = pair.partition("=")
        if v or (keep_blank_values and (eq or not strict_parsing)):
            out.append((unquote_plus(k), unquote_plus(v)))
    return out


def parse_qs(qs, keep_blank_values=False, **kw):
    out = {}
    for k, v in parse_qsl(qs, keep_blank_values, **kw):
        out.setdefault(k, []).append(v)
    return out


def urlencode(query, doseq=False, safe="", encoding=None, errors=None, quote_via=quote_plus):
    items = query.items() if hasattr(query, "items") else query
    out = []
    for k, v in items:
        k = quote_via(k if isinstance(k, bytes) else str(k), safe)
        for x in (v if doseq and not isinstance(v, (str, bytes)) and hasattr(v, "__iter__") else (v,)):
            out.append(k + "=" + quote_via(x if isinstance(x, bytes) else str(x), safe))
    return "&".join(out)


class _Result(tuple):
    scheme = property(lambda s: s[0])
    netloc = property(lambda s: s[1])
    path = property(lambda s: s[2])

    @property
    def _hostinfo(self):
        host = self.netloc.rpartition("@")[2]
        h, _, p = host.partition(":")
        return h, p

    @property
    def hostname(self):
        return self._hostinfo[0].lower() or None

    @property
    def port(self):
        p = self._hostinfo[1]
        if not p:
            return None
        if not p.isdigit():
            raise ValueError("Port could not be cast to integer value as %r" % p)
        return int(p)

    @property
    def username(self):
        u = self.netloc.rpartition("@")[0]
        return u.partition(":")[0] or None

    @property
    def password(self):
        u = self.netloc.rpartition("@")[0]
        return u.partition(":")[2] or None

    def geturl(self):
        return urlunsplit(self) if len(self) == 5 else urlunparse(self)

    def _replace(self, **kw):
        return type(self)([kw.get(n, v) for n, v in zip(self._fields, self)])

    def __repr__(self):
        return type(self).__name__ + "(" + ", ".join(["%s=%r" % p for p in zip(self._fields, self)]) + ")"


class SplitResult(_Result):
    _fields = ("scheme", "netloc", "path", "query", "fragment")
    query = property(lambda s: s[3])
    fragment = property(lambda s: s[4])


class ParseResult(_Result):
    _fields = ("scheme", "netloc", "path", "params", "query", "fragment")
    params = property(lambda s: s[3])
    query = property(lambda s: s[4])
    fragment = property(lambda s: s[5])


def urlsplit(url, scheme="", allow_fragments=True):
    netloc = query = fragment = ""
    i = url.find(":")
    if i > 0 and url[0].isalpha() and all(c.isalnum() or c in "+-." for c in url[:i]):
        scheme, url = url[:i].lower(), url[i + 1:]
    if url[:2] == "//":
        end = len(url)
        for c in "/?#":
            j = url.find(c, 2)
            if j >= 0 and j < end:
                end = j
        netloc, url = url[2:end], url[end:]
    if "#" in url:
        url, _, fragment = url.partition("#")
    if "?" in url:
        url, _, query = url.partition("?")
    return SplitResult((scheme, netloc, url, query, fragment))


def urlparse(url, scheme="", allow_fragments=True):
    s = urlsplit(url, scheme)
    path, _, params = s.path.partition(";")
    return ParseResult((s.scheme, s.netloc, path, params, s.query, s.fragment))


def urlunsplit(parts):
    scheme, netloc, path, query, fragment = parts
    url = path
    if netloc:
        if url and url[:1] != "/":
            url = "/" + url
        url = "//" + netloc + url
    if scheme:
        url = scheme + ":" + url
    if query:
        url += "?" + query
    if fragment:
        url += "#" + fragment
    return url


def urlunparse(parts):
    scheme, netloc, path, params, query, fragment = parts
    return urlunsplit((scheme, netloc, path + ";" + params if params else path, query, fragment))


def urljoin(base, url, allow_fragments=True):
    if not base:
        return url
    b, u = urlsplit(base), urlsplit(url)
    if u.scheme and u.scheme != b.scheme:
        return url
    if u.netloc:
        return urlunsplit((b.scheme,) + tuple(u)[1:])
    path = u.path
    if not path:
        return urlunsplit((b.scheme, b.netloc, b.path, u.query or b.query, u.fragment))
    if not path.startswith("/"):
        path = b.path.rpartition("/")[0] + "/" + path
    out = []
    for p in path.split("/"):
        if p == "..":
            if len(out) > 1:
                out.pop()
        elif p != ".":
            out.append(p)
    if path.endswith(("/.", "/..")):
        out.append("")
    return urlunsplit((b.scheme, b.netloc, "/".join(out), u.query, u.fragment))
