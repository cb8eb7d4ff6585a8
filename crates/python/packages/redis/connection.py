"""A connection: commands as RESP arrays, answers as they come."""
import socket

from redis.exceptions import AuthenticationError, ConnectionError, DataError, InvalidResponse, ReadOnlyError, ResponseError, TimeoutError


def encode(value):
    if isinstance(value, bytes):
        return value
    if isinstance(value, bool):
        raise DataError("Invalid input of type: 'bool'. Convert to a bytes, string, int or float first.")
    if isinstance(value, float):
        return repr(value).encode()
    if isinstance(value, (int, str)):
        return str(value).encode()
    raise DataError("Invalid input of type: %r. Convert to a bytes, string, int or float first." % type(value).__name__)


class Connection:
    def __init__(self, host="localhost", port=6379, db=0, username=None, password=None, timeout=None, decode_responses=False):
        self.host, self.port, self.db, self.timeout = host, port, db, timeout
        self.username, self.password, self.decode = username, password, decode_responses
        self._sock = None
        self._rest = b""

    def connect(self):
        if self._sock is not None:
            return
        try:
            self._sock = socket.create_connection((self.host, self.port), self.timeout)
        except TimeoutError_:
            raise TimeoutError("Timeout connecting to server") from None
        except OSError as e:
            raise ConnectionError("Error %s connecting to %s:%s. %s." % (e.errno, self.host, self.port, e.strerror)) from None
        self._rest = b""
        if self.password is not None:
            login = (self.username, self.password) if self.username else (self.password,)
            try:
                self._once("AUTH", *login)
            except ResponseError as e:
                raise AuthenticationError(str(e)) from None
        if self.db:
            self._once("SELECT", self.db)

    def disconnect(self):
        if self._sock is not None:
            self._sock.close()
            self._sock = None

    def _once(self, *args):
        self.send(args)
        return self.read()

    def send(self, args):
        words = [encode(a) for a in args]
        text = b"*%d\r\n" % len(words) + b"".join([b"$%d\r\n%s\r\n" % (len(w), w) for w in words])
        try:
            self._sock.sendall(text)
        except OSError as e:
            self.disconnect()
            raise ConnectionError("Error %s while writing to socket. %s." % (e.errno, e.strerror)) from None

    def _more(self):
        try:
            got = self._sock.recv(65536)
        except TimeoutError_:
            raise TimeoutError("Timeout reading from %s:%s" % (self.host, self.port)) from None
        except OSError as e:
            self.disconnect()
            raise ConnectionError("Error while reading from %s:%s : %s" % (self.host, self.port, e.args)) from None
        if not got:
            self.disconnect()
            raise ConnectionError("Connection closed by server.")
        self._rest += got

    def _line(self):
        while b"\r\n" not in self._rest:
            self._more()
        line, _, self._rest = self._rest.partition(b"\r\n")
        return line

    def read(self):
        line = self._line()
        kind, text = line[:1], line[1:]
        if kind == b"+":
            return self._text(text)
        if kind == b"-":
            message = text.decode()
            code, _, why = message.partition(" ")
            if code == "ERR":
                raise ResponseError(why)
            if code in ("NOAUTH", "WRONGPASS"):
                raise AuthenticationError(why)
            raise ReadOnlyError(why) if code == "READONLY" else ResponseError(message)
        if kind == b":":
            return int(text)
        if kind == b"$":
            n = int(text)
            if n < 0:
                return None
            while len(self._rest) < n + 2:
                self._more()
            value, self._rest = self._rest[:n], self._rest[n + 2:]
            return self._text(value)
        if kind == b"*":
            n = int(text)
            return None if n < 0 else [self.read() for _ in range(n)]
        raise InvalidResponse("Protocol Error: %r" % line)

    def _text(self, value):
        return value.decode() if self.decode else value


TimeoutError_ = socket.timeout
