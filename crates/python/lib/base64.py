# base64 (RFC 4648).
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def b64encode(s, altchars=None):
    if isinstance(s, str):
        raise TypeError("a bytes-like object is required, not 'str'")
    out = bytearray()
    for i in range(0, len(s), 3):
        part = bytes(s[i:i + 3])
        n = int.from_bytes(part + bytes(3 - len(part)), "big")
        four = [_ALPHABET[n >> k & 63] for k in (18, 12, 6, 0)]
        out += bytes(four[:len(part) + 1]) + b"=" * (3 - len(part))
    out = bytes(out)
    return out if altchars is None else out.replace(b"+", altchars[:1]).replace(b"/", altchars[1:])


def b64decode(s, altchars=None, validate=False):
    s = s.encode("ascii") if isinstance(s, str) else bytes(s)
    if altchars is not None:
        s = s.replace(altchars[:1], b"+").replace(altchars[1:], b"/")
    values = [_ALPHABET.index(c) for c in s if c in _ALPHABET]
    pad = len([c for c in s if c == 61])
    if len(values) % 4 == 1:
        raise ValueError("Invalid base64-encoded string: number of data characters (%d) cannot be 1 more than a multiple of 4" % len(values))
    if (len(values) + pad) % 4:
        raise ValueError("Incorrect padding")
    out = b""
    for i in range(0, len(values), 4):
        four = values[i:i + 4]
        n = 0
        for v in four + [0] * (4 - len(four)):
            n = n << 6 | v
        out += n.to_bytes(3, "big")[:len(four) - 1]
    return out


standard_b64encode, standard_b64decode = b64encode, b64decode


def urlsafe_b64encode(s):
    return b64encode(s, b"-_")


def urlsafe_b64decode(s):
    return b64decode(s, b"-_")
