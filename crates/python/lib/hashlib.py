# hashlib: the hashes that are native here.
_digest = _native_modules["_hash"].digest
_SIZES = {"md5": (16, 64), "sha1": (20, 64), "sha224": (28, 64), "sha256": (32, 64), "sha384": (48, 128), "sha512": (64, 128)}
algorithms_available = algorithms_guaranteed = set(_SIZES)


class _Hash:
    def __init__(self, name, data):
        self.name = name
        self.digest_size, self.block_size = _SIZES[name]
        self._data = b""
        self.update(data)

    def update(self, data):
        if isinstance(data, str):
            raise TypeError("Strings must be encoded before hashing")
        if not isinstance(data, (bytes, bytearray)):
            raise TypeError("object supporting the buffer API required")
        self._data += bytes(data)

    def digest(self):
        return _digest(self.name, self._data)

    def hexdigest(self):
        return self.digest().hex()

    def copy(self):
        return _Hash(self.name, self._data)

    def __repr__(self):
        return "<%s _hashlib.HASH object @ 0x%x>" % (self.name, id(self))


def new(name, data=b"", *, usedforsecurity=True):
    name = name.lower().replace("-", "")
    if name not in _SIZES:
        raise ValueError("unsupported hash type " + name)
    return _Hash(name, data)


def _named(name):
    def make(data=b"", *, usedforsecurity=True):
        return _Hash(name, data)
    make.__name__ = make.__qualname__ = "openssl_" + name
    return make


md5, sha1, sha224, sha256, sha384, sha512 = [_named(n) for n in _SIZES]


def file_digest(fileobj, digest):
    h = new(digest) if isinstance(digest, str) else digest()
    h.update(fileobj.read())
    return h


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    size, block = _SIZES[hash_name]
    if len(password) > block:
        password = _digest(hash_name, password)
    password = password + bytes(block - len(password))
    inner = bytes([b ^ 0x36 for b in password])
    outer = bytes([b ^ 0x5C for b in password])
    out = b""
    i = 1
    while len(out) < (dklen or size):
        u = _digest(hash_name, outer + _digest(hash_name, inner + salt + i.to_bytes(4, "big")))
        n = int.from_bytes(u, "big")
        for _ in range(iterations - 1):
            u = _digest(hash_name, outer + _digest(hash_name, inner + u))
            n ^= int.from_bytes(u, "big")
        out += n.to_bytes(size, "big")
        i += 1
    return out[:dklen or size]
