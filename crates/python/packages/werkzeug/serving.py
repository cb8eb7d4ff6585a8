"""The development server: HTTP/1.1 over a socket, one request a connection."""
import logging
import os
import socket
import sys
import time
from urllib.parse import unquote

import werkzeug
from werkzeug.datastructures import Headers
from werkzeug.http import HTTP_STATUS_CODES, http_date
from werkzeug.wrappers import Request, Response

_ANSI = {"bold": 1, "red": 31, "green": 32, "yellow": 33, "magenta": 35, "cyan": 36}
_logger = None


def _log(type, message, *args):
    global _logger
    if _logger is None:
        _logger = logging.getLogger("werkzeug")
        if _logger.level == logging.NOTSET:
            _logger.setLevel(logging.INFO)
        if not logging.getLogger().handlers and not _logger.handlers:
            _logger.addHandler(logging.StreamHandler())
    getattr(_logger, type)(message.rstrip(), *args)


def _ansi_style(value, *styles):
    return "".join(["\x1b[%dm" % _ANSI[s] for s in styles]) + value + "\x1b[0m"


def get_interface_ip():
    try:
        return socket.gethostbyname(socket.gethostname())
    except OSError:
        return "127.0.0.1"


class BaseWSGIServer:
    def __init__(self, host, port, app):
        self.host = host
        self.port = port
        self.app = app
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self.socket.bind((host, port))
        except OSError as e:
            self.socket.close()
            print(e.strerror, file=sys.stderr)
            if e.errno == 98:
                print(
                    "Port %d is in use by another program. Either identify and stop that program, or start the server"
                    " with a different port." % port,
                    file=sys.stderr,
                )
            sys.exit(1)
        self.socket.listen(128)
        self.port = self.socket.getsockname()[1]

    def log_startup(self):
        messages = [
            _ansi_style(
                "WARNING: This is a development server. Do not use it in a production deployment."
                " Use a production WSGI server instead.",
                "bold",
                "red",
            )
        ]
        shown = self.host
        if self.host == "0.0.0.0":
            messages.append(" * Running on all addresses (0.0.0.0)")
            messages.append(" * Running on http://127.0.0.1:%d" % self.port)
            shown = get_interface_ip()
        messages.append(" * Running on http://%s:%d" % (shown, self.port))
        _log("info", "\n".join(messages))

    def serve_forever(self):
        try:
            while True:
                conn, peer = self.socket.accept()
                try:
                    self.handle(conn, peer)
                except (ConnectionError, TimeoutError):
                    pass
                finally:
                    conn.close()
        except KeyboardInterrupt:
            pass
        finally:
            self.socket.close()

    def handle(self, conn, peer):
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = conn.recv(65536)
            if not chunk:
                return
            data += chunk
            if len(data) > 1000000:
                return
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        requestline = lines[0]
        words = requestline.split(" ")
        address = peer[0]
        if len(words) != 3 or not words[2].startswith("HTTP/"):
            self.send(conn, "GET", Response("<!doctype html>\n<title>Error response</title>\n", 400))
            self.log_request(address, "code 400, message Bad request syntax (%r)" % requestline, None)
            return
        headers = Headers()
        for line in lines[1:]:
            k, _, v = line.partition(":")
            headers.add(k.strip().title(), v.strip())
        if headers.get("Expect", "").lower() == "100-continue":
            conn.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        length = headers.get("Content-Length")
        if length is not None and length.isdigit():
            while len(body) < int(length):
                chunk = conn.recv(65536)
                if not chunk:
                    break
                body += chunk
            body = body[:int(length)]
        request = self.app.request_class(words[0], words[1], headers, body, address, (self.host, self.port))
        response = self.app.handle(request)
        self.send(conn, words[0], response)
        path = unquote(words[1])
        self.log_request(address, "%s %s %s" % (words[0], path, words[2]), response.status_code)

    def send(self, conn, method, response):
        chunks = response._chunks
        body = b"" if chunks is not None else response.get_data()
        headers = response.headers
        lines = ["HTTP/1.1 " + response.status, "Server: Werkzeug/%s Python/%s" % (werkzeug.__version__, sys.version.split()[0]), "Date: " + http_date()]
        code = response.status_code
        for k, v in headers:
            if code in (204, 304) and k.lower() in ("content-length", "content-type"):
                continue
            lines.append(k + ": " + v)
        lines.append("Connection: close")
        conn.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace"))
        if method == "HEAD" or code in (204, 304):
            return
        if chunks is None:
            conn.sendall(body)
        else:
            for c in chunks:
                conn.sendall(c.encode() if isinstance(c, str) else c)

    def log_request(self, address, line, code):
        if code is None:
            message = line
        else:
            msg = line
            c = str(code)
            if c[0] == "1":
                msg = _ansi_style(msg, "bold")
            elif c == "200":
                pass
            elif c == "304":
                msg = _ansi_style(msg, "cyan")
            elif c[0] == "3":
                msg = _ansi_style(msg, "green")
            elif c == "404":
                msg = _ansi_style(msg, "yellow")
            elif c[0] == "4":
                msg = _ansi_style(msg, "bold", "red")
            elif c[0] == "5":
                msg = _ansi_style(msg, "bold", "magenta")
            message = '"%s" %s -' % (msg, c)
        if code is None or str(code)[0] != "2" or code == 200 or True:
            now = time.strftime("%d/%b/%Y %H:%M:%S")
            _log("info", "%s - - [%s] %s" % (address, now, message.replace("%", "%")))


def run_simple(hostname, port, application, use_reloader=False, use_debugger=False, threaded=False, **options):
    if not isinstance(port, int):
        raise TypeError("port must be an integer")
    server = BaseWSGIServer(hostname, port, application)
    server.log_startup()
    _log("info", _ansi_style("Press CTRL+C to quit", "yellow"))
    server.serve_forever()
