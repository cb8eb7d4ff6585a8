# os.path for POSIX.
_call = _os_call
fspath = _prelude_get("_fspath")
sep = "/"
curdir = "."
pardir = ".."


def join(a, *p):
    r = fspath(a)
    for b in p:
        b = fspath(b)
        if b.startswith("/"):
            r = b
        elif not r or r.endswith("/"):
            r += b
        else:
            r += "/" + b
    return r


def split(p):
    p = fspath(p)
    i = p.rfind("/") + 1
    head, tail = p[:i], p[i:]
    if head and head != "/" * len(head):
        head = head.rstrip("/")
    return head, tail


def basename(p):
    p = fspath(p)
    return p[p.rfind("/") + 1:]


def dirname(p):
    return split(p)[0]


def splitext(p):
    p = fspath(p)
    s = p.rfind("/")
    d = p.rfind(".")
    if d > s:
        i = s + 1
        while i < d:
            if p[i] != ".":
                return p[:d], p[d:]
            i += 1
    return p, ""


def splitdrive(p):
    return "", p


def isabs(p):
    return fspath(p).startswith("/")


def normpath(p):
    p = fspath(p)
    if not p:
        return "."
    lead = 2 if p.startswith("//") and not p.startswith("///") else (1 if p.startswith("/") else 0)
    out = []
    for c in p.split("/"):
        if c in ("", "."):
            continue
        if c != ".." or (not lead and not out) or (out and out[-1] == ".."):
            out.append(c)
        elif out:
            out.pop()
    return "/" * lead + "/".join(out) or "."


def abspath(p):
    p = fspath(p)
    if not p.startswith("/"):
        p = join(_call("getcwd"), p)
    return normpath(p)


def realpath(p, *, strict=False):
    return abspath(p)


def _mode(p, follow=True):
    try:
        return _call("stat", fspath(p), follow)[0] & 0o170000
    except (OSError, ValueError):
        return 0


def exists(p):
    return _mode(p) != 0


def lexists(p):
    return _mode(p, False) != 0


def isfile(p):
    return _mode(p) == 0o100000


def isdir(p):
    return _mode(p) == 0o040000


def islink(p):
    return _mode(p, False) == 0o120000


def ismount(p):
    return abspath(p) == "/"


def getsize(p):
    return _call("stat", fspath(p), True)[1]


def getmtime(p):
    return _call("stat", fspath(p), True)[4] / 1e9


getatime = getctime = getmtime


def expanduser(p):
    import os
    p = fspath(p)
    if p == "~" or p.startswith("~/"):
        return (os.environ.get("HOME", "/root").rstrip("/") + p[1:]) or "/"
    return p


def expandvars(p):
    import os
    for k, v in os.environ.items():
        p = p.replace("${" + k + "}", v).replace("$" + k, v)
    return p


def commonprefix(m):
    if not m:
        return ""
    a, b = min(m), max(m)
    for i, c in enumerate(a):
        if i >= len(b) or c != b[i]:
            return a[:i]
    return a


def commonpath(paths):
    parts = [p.split("/") for p in paths]
    return "/".join(commonprefix(parts)) or "/"


def relpath(p, start="."):
    a = [x for x in abspath(start).split("/") if x]
    b = [x for x in abspath(p).split("/") if x]
    n = len(commonprefix([a, b]))
    return join(*([".."] * (len(a) - n) + b[n:])) if a != b else "."
