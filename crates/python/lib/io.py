# io: files in memory; the classes of real files.
open = _prelude_get("open")
IOBase = _prelude_get("IOBase")
TextIOWrapper = _prelude_get("TextIOWrapper")
UnsupportedOperation = _prelude_get("UnsupportedOperation")
BufferedIOBase = RawIOBase = TextIOBase = IOBase
BufferedReader = BufferedWriter = FileIO = _prelude_get("FileIO")
SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
DEFAULT_BUFFER_SIZE = 8192


class _Memory(IOBase):
    def _init(self, value):
        self._v = value
        self._at = 0

    def _nl(self):
        return self._v[:0]

    def read(self, n=-1):
        self._check()
        end = len(self._v) if n is None or n < 0 else self._at + n
        r = self._v[self._at:end]
        self._at += len(r)
        return r

    def readline(self, limit=-1):
        self._check()
        i = self._v.find(self._newline, self._at)
        end = len(self._v) if i < 0 else i + 1
        r = self._v[self._at:end]
        self._at = end
        return r

    def write(self, s):
        self._check()
        if self._at > len(self._v):
            self._v += self._zero * (self._at - len(self._v))
        self._v = self._v[:self._at] + s + self._v[self._at + len(s):]
        self._at += len(s)
        return len(s)

    def seek(self, offset, whence=0):
        self._at = offset if whence == 0 else (self._at if whence == 1 else len(self._v)) + offset
        return self._at

    def tell(self):
        return self._at

    def truncate(self, size=None):
        self._v = self._v[:self._at if size is None else size]
        return len(self._v)

    def getvalue(self):
        self._check()
        return self._v

    def readable(self):
        return True

    def writable(self):
        return True

    def seekable(self):
        return True


class StringIO(_Memory):
    _newline = "\n"
    _zero = "\0"

    def __init__(self, initial_value="", newline="\n"):
        self._init(initial_value or "")

    def write(self, s):
        if not isinstance(s, str):
            raise TypeError("string argument expected, got %r" % type(s).__name__)
        return super().write(s)


class BytesIO(_Memory):
    _newline = b"\n"
    _zero = b"\0"

    def __init__(self, initial_bytes=b""):
        self._init(bytes(initial_bytes))

    def write(self, b):
        return super().write(bytes(b))

    def getbuffer(self):
        return self._v
