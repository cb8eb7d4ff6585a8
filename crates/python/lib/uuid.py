# uuid: 128-bit identities (RFC 4122).
import os as _os


class UUID:
    def __init__(self, hex=None, bytes=None, int=None, version=None):
        if hex is not None:
            text = hex.replace("urn:", "").replace("uuid:", "").strip("{}").replace("-", "")
            if len(text) != 32:
                raise ValueError("badly formed hexadecimal UUID string")
            int = _int(text, 16)
        elif bytes is not None:
            if len(bytes) != 16:
                raise ValueError("bytes is not a 16-char string")
            int = _int.from_bytes(bytes, "big")
        elif int is None:
            raise TypeError("one of the hex, bytes, bytes_le, fields, or int arguments must be given")
        if version is not None:
            int = int & ~(0xF000 << 64) & ~(0xC000 << 48) | 0x8000 << 48 | version << 76
        self.int = int

    @property
    def hex(self):
        return "%032x" % self.int

    @property
    def bytes(self):
        return self.int.to_bytes(16, "big")

    @property
    def version(self):
        return self.int >> 76 & 0xF

    @property
    def urn(self):
        return "urn:uuid:" + str(self)

    def __str__(self):
        h = self.hex
        return "-".join([h[:8], h[8:12], h[12:16], h[16:20], h[20:]])

    def __repr__(self):
        return "UUID(%r)" % str(self)

    def __eq__(self, other):
        return self.int == other.int if isinstance(other, UUID) else NotImplemented

    def __lt__(self, other):
        return self.int < other.int if isinstance(other, UUID) else NotImplemented

    def __hash__(self):
        return hash(self.int)

    def __int__(self):
        return self.int


_int = int


def uuid4():
    return UUID(bytes=_os.urandom(16), version=4)


def _named(version, algorithm):
    def make(namespace, name):
        import hashlib
        return UUID(bytes=hashlib.new(algorithm, namespace.bytes + name.encode()).digest()[:16], version=version)
    return make


uuid3 = _named(3, "md5")
uuid5 = _named(5, "sha1")


def uuid1(node=None, clock_seq=None):
    import time
    t = time.time_ns() // 100 + 0x01B21DD213814000
    rest = _int.from_bytes(_os.urandom(8), "big")
    return UUID(int=(t & 0xFFFFFFFF) << 96 | (t >> 32 & 0xFFFF) << 80 | (t >> 48 & 0xFFF) << 64 | rest, version=1)


NAMESPACE_DNS = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
NAMESPACE_URL = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
