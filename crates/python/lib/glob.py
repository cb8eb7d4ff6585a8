# glob: names that match a shell pattern.
import os
import re as _re


def _pattern(text):
    out = ""
    i = 0
    while i < len(text):
        c = text[i]
        end = text.find("]", i + 2) if c == "[" else -1
        if c == "*":
            out += "[^/]*"
        elif c == "?":
            out += "[^/]"
        elif end > 0:
            body = text[i + 1:end]
            out += "[" + ("^" + body[1:] if body[0] == "!" else body) + "]"
            i = end
        else:
            out += _re.escape(c)
        i += 1
    return _re.compile(out)


def has_magic(s):
    return any(c in s for c in "*?[")


def glob(pathname, *, recursive=False):
    found = [""]
    if pathname.startswith("/"):
        found = ["/"]
    parts = [p for p in pathname.split("/") if p]
    for i, part in enumerate(parts):
        more = []
        for base in found:
            if part == "**" and recursive:
                more.extend(_below(base))
            elif has_magic(part):
                p = _pattern(part)
                try:
                    names = os.listdir(base or ".")
                except OSError:
                    continue
                more.extend([os.path.join(base, n) for n in names if p.fullmatch(n) and (part[0] == "." or n[0] != ".")])
            elif os.path.exists(os.path.join(base, part)):
                more.append(os.path.join(base, part))
        found = more
    return found


def iglob(pathname, *, recursive=False):
    return iter(glob(pathname, recursive=recursive))


def _below(base):
    out = [base]
    try:
        names = os.listdir(base or ".")
    except OSError:
        return out
    for n in names:
        p = os.path.join(base, n)
        if os.path.isdir(p):
            out.extend(_below(p))
    return out
