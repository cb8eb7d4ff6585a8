# socket: TCP and unix stream sockets.
import errno as _errno

_call = _os_call
AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6 = 0, 1, 2, 10
SOCK_STREAM, SOCK_DGRAM = 1, 2
SOL_SOCKET, SO_REUSEADDR, SO_KEEPALIVE, SO_REUSEPORT, SO_BROADCAST = 1, 2, 9, 15, 6
IPPROTO_TCP, TCP_NODELAY = 6, 1
SHUT_RD, SHUT_WR, SHUT_RDWR = 0, 1, 2
SOMAXCONN = 4096
INADDR_ANY = 0
has_ipv6 = False
error = OSError
timeout = TimeoutError


class gaierror(OSError):
    pass


class herror(OSError):
    pass


_default_timeout = None


def setdefaulttimeout(t):
    global _default_timeout
    _default_timeout = t


def getdefaulttimeout():
    return _default_timeout


def _address(host):
    if host == "":
        return "0.0.0.0"
    if host == "<broadcast>":
        return "255.255.255.255"
    parts = host.split(".")
    if len(parts) == 4 and all(p.isdigit() and int(p) < 256 for p in parts):
        return host
    try:
        found = _call("resolve", host)
    except OSError:
        found = []
    if not found:
        raise gaierror(-2, "Name or service not known")
    return found[0]


def gethostbyname(host):
    return _address(host)


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    return [(AF_INET, SOCK_STREAM, 6, "", (_address(host or "0.0.0.0"), int(port or 0)))]


def gethostname():
    return _call("uname")[1]


def getfqdn(name=""):
    return name or gethostname()


def inet_aton(s):
    return bytes([int(p) for p in s.split(".")])


def htons(n):
    return (n & 255) << 8 | n >> 8


class socket:
    def __init__(self, family=AF_INET, type=SOCK_STREAM, proto=0, fileno=None):
        self.family = AF_INET if family == -1 else family
        self.type = type
        self.proto = proto
        self._closed = False
        self._timeout = _default_timeout
        self._fd = _call("socket", self.family, type) if fileno is None else fileno

    def fileno(self):
        return -1 if self._closed else self._fd

    def _resolve(self, addr):
        if self.family == AF_UNIX:
            return addr
        if not isinstance(addr, tuple):
            raise TypeError("AF_INET address must be tuple, not " + type(addr).__name__)
        return (_address(addr[0]), addr[1])

    def bind(self, addr):
        _call("bind", self._fd, self._resolve(addr))

    def listen(self, backlog=128):
        _call("listen", self._fd, backlog)

    def _wait(self, write):
        if self._timeout is None:
            return
        r = _call("poll", [] if write else [self._fd], [self._fd] if write else [], int(self._timeout * 1000000000))
        if not r:
            if self._timeout == 0:
                raise BlockingIOError(11, "Resource temporarily unavailable")
            raise TimeoutError("timed out")

    def accept(self):
        self._wait(False)
        fd, peer = _call("accept", self._fd)
        return socket(self.family, self.type, self.proto, fd), peer

    def connect(self, addr):
        _call("connect", self._fd, self._resolve(addr))

    def connect_ex(self, addr):
        try:
            self.connect(addr)
            return 0
        except OSError as e:
            return e.errno

    def send(self, data, flags=0):
        return _call("write", self._fd, bytes(data))

    def sendall(self, data, flags=0):
        data = bytes(data)
        while data:
            n = _call("write", self._fd, data)
            data = data[n:]

    def recv(self, n, flags=0):
        self._wait(False)
        return _call("read", self._fd, n)

    def shutdown(self, how):
        _call("shutdown", self._fd, how)

    def close(self):
        if not self._closed:
            self._closed = True
            _call("close", self._fd)

    def detach(self):
        self._closed = True
        return self._fd

    def getsockname(self):
        return _call("getsockname", self._fd)

    def getpeername(self):
        return _call("getpeername", self._fd)

    def setsockopt(self, *a):
        pass

    def getsockopt(self, *a):
        return 0

    def settimeout(self, t):
        self._timeout = t

    def gettimeout(self):
        return self._timeout

    def setblocking(self, flag):
        self._timeout = None if flag else 0

    def makefile(self, mode="r", buffering=None, *, encoding=None, errors=None, newline=None):
        raw = _prelude_get("FileIO")(self._fd, self._fd, mode, "r" in mode or "+" in mode, "w" in mode or "+" in mode)
        raw.close = raw.flush
        return raw if "b" in mode else _prelude_get("TextIOWrapper")(raw, encoding, errors, newline)

    def __enter__(self):
        return self

    def __exit__(self, *a):
        self.close()

    def __repr__(self):
        return "<socket.socket fd=%d, family=%d, type=%d, proto=%d>" % (self.fileno(), self.family, self.type, self.proto)


SocketType = socket


def create_connection(address, timeout=None, source_address=None):
    s = socket()
    if timeout is not None:
        s.settimeout(timeout)
    try:
        s.connect(address)
    except OSError:
        s.close()
        raise
    return s


def create_server(address, *, family=AF_INET, backlog=None, reuse_port=False):
    s = socket(family)
    s.bind(address)
    s.listen(backlog or 128)
    return s
