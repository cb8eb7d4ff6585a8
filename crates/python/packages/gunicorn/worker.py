"""A worker: answers one request after the other."""
import io
import os
import sys
import time
import traceback
from urllib.parse import unquote


class AppImportError(Exception):
    pass


def load(name):
    """The application that `module:name` names; `name()` is called."""
    module, _, attribute = name.partition(":")
    attribute = attribute or "application"
    __import__(module)
    m = sys.modules[module]
    called = attribute.endswith("()")
    found = getattr(m, attribute.removesuffix("()"), None)
    if found is None:
        raise AppImportError("Failed to find attribute %r in %r." % (attribute.removesuffix("()"), module))
    if called:
        found = found()
    if not callable(found):
        raise AppImportError("Application object must be callable.")
    return found


class Worker:
    def __init__(self, arbiter):
        self.arbiter, self.log, self.options = arbiter, arbiter.log, arbiter.options

    def run(self):
        app = self.arbiter.app or load(self.arbiter.name)
        sockets = self.arbiter.sockets
        served = 0
        while not self.options.max_requests or served < self.options.max_requests:
            for s in self.ready(sockets):
                conn, peer = s.accept()
                served += 1
                try:
                    self.handle(app, conn, peer, s.getsockname())
                except OSError:
                    pass
                finally:
                    conn.close()

    def ready(self, sockets):
        if len(sockets) == 1:
            return sockets
        fds = _poll([s.fileno() for s in sockets])
        return [s for s in sockets if s.fileno() in fds]

    def handle(self, app, conn, peer, here):
        rfile = conn.makefile("rb")
        line = rfile.readline().decode("latin-1").rstrip("\r\n")
        words = line.split(" ")
        if len(words) != 3:
            if line:
                self.log.warning("Invalid request from ip=%s: Invalid HTTP request line: %r" % (peer[0], line))
                self.send(conn, "400 Bad Request", [("Content-Type", "text/html")], [b"<h1>Bad Request</h1>"], False)
            return
        method, target, version = words
        path, _, query = target.partition("?")
        environ = {"REQUEST_METHOD": method, "RAW_URI": target, "PATH_INFO": unquote(path), "QUERY_STRING": query,
                   "SCRIPT_NAME": "", "SERVER_PROTOCOL": version, "REMOTE_ADDR": peer[0], "REMOTE_PORT": str(peer[1]),
                   "SERVER_NAME": here[0], "SERVER_PORT": str(here[1]), "SERVER_SOFTWARE": "gunicorn", "wsgi.version": (1, 0),
                   "wsgi.url_scheme": "http", "wsgi.multithread": False, "wsgi.multiprocess": self.options.workers > 1,
                   "wsgi.run_once": False, "wsgi.errors": sys.stderr, "gunicorn.socket": conn}
        while True:
            header = rfile.readline().decode("latin-1").rstrip("\r\n")
            if not header:
                break
            k, _, v = header.partition(":")
            k = k.upper().replace("-", "_")
            environ[k if k in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + k] = v.strip()
        if environ.get("HTTP_EXPECT", "").lower() == "100-continue":
            conn.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        length = environ.get("CONTENT_LENGTH", "0")
        environ["wsgi.input"] = io.BytesIO(rfile.read(int(length)) if length.isdigit() and int(length) else b"")
        answer = []

        def start_response(status, headers, exc_info=None):
            answer[:] = [status, headers]

        try:
            body = app(environ, start_response)
            sent = self.send(conn, answer[0], answer[1], body, method == "HEAD")
        except Exception:
            self.log.error("Error handling request %s\n%s" % (target, traceback.format_exc().rstrip("\n")))
            answer[:] = ["500 Internal Server Error", []]
            text = (b"<html>\n  <head>\n    <title>Internal Server Error</title>\n  </head>\n  <body>\n"
                    b"    <h1><p>Internal Server Error</p></h1>\n    \n  </body>\n</html>\n")
            sent = self.send(conn, answer[0], [("Content-Type", "text/html"), ("Content-Length", str(len(text)))], [text], False)
        self.log.access('%s - - [%s] "%s" %s %d "%s" "%s"' % (
            peer[0], time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime()), line, answer[0].split()[0], sent,
            environ.get("HTTP_REFERER", "-"), environ.get("HTTP_USER_AGENT", "-")))

    def send(self, conn, status, headers, body, is_head):
        lines = ["HTTP/1.1 " + status, "Server: gunicorn",
                 "Date: " + time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()), "Connection: close"]
        lines += ["%s: %s" % kv for kv in headers]
        chunked = not any(k.lower() == "content-length" for k, _ in headers) and status[:3] not in ("204", "304") and not is_head
        if chunked:
            lines.append("Transfer-Encoding: chunked")
        conn.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        sent = 0
        for part in body:
            if part and not is_head:
                conn.sendall(b"%x\r\n%s\r\n" % (len(part), part) if chunked else part)
                sent += len(part)
        if chunked:
            conn.sendall(b"0\r\n\r\n")
        if hasattr(body, "close"):
            body.close()
        return sent


def _poll(fds):
    import select
    return select.select(fds, [], [])[0]
