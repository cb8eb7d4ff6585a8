# http.server: a server for files and for small programs of one's own.
import datetime
import html
import io
import os
import posixpath
import shutil
import socket
import socketserver
import sys
import time
import urllib.parse
from http import HTTPStatus
from urllib.request import Headers

__version__ = "0.6"

DEFAULT_ERROR_CONTENT_TYPE = "text/html;charset=utf-8"
DEFAULT_ERROR_MESSAGE = """\
<!DOCTYPE HTML>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <title>Error response</title>
    </head>
    <body>
        <h1>Error response</h1>
        <p>Error code: %(code)d</p>
        <p>Message: %(message)s.</p>
        <p>Error code explanation: %(code)s - %(explain)s.</p>
    </body>
</html>
"""

_TYPES = {".html": "text/html", ".htm": "text/html", ".css": "text/css", ".js": "text/javascript", ".txt": "text/plain",
          ".py": "text/x-python", ".json": "application/json", ".png": "image/png", ".jpg": "image/jpeg",
          ".jpeg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml", ".pdf": "application/pdf",
          ".xml": "text/xml", ".csv": "text/csv", ".ico": "image/vnd.microsoft.icon", ".md": "text/markdown",
          ".zip": "application/zip", ".tar": "application/x-tar", ".wasm": "application/wasm", ".sh": "application/x-sh"}


class HTTPServer(socketserver.TCPServer):
    allow_reuse_address = True

    def server_bind(self):
        super().server_bind()
        host, port = self.server_address[:2]
        self.server_name = socket.getfqdn(host)
        self.server_port = port


class ThreadingHTTPServer(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True


class BaseHTTPRequestHandler(socketserver.StreamRequestHandler):
    server_version = "BaseHTTP/" + __version__
    error_message_format = DEFAULT_ERROR_MESSAGE
    error_content_type = DEFAULT_ERROR_CONTENT_TYPE
    default_request_version = "HTTP/0.9"
    protocol_version = "HTTP/1.0"
    responses = {s: (s.phrase, s.description) for s in HTTPStatus}

    def handle(self):
        self.close_connection = True
        self.handle_one_request()
        while not self.close_connection:
            self.handle_one_request()

    def handle_one_request(self):
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline:
            self.close_connection = True
            return
        if not self.parse_request():
            return
        method = getattr(self, "do_" + self.command, None)
        if method is None:
            self.send_error(HTTPStatus.NOT_IMPLEMENTED, "Unsupported method (%r)" % self.command)
            return
        method()
        self.wfile.flush()

    def parse_request(self):
        self.command = None
        self.request_version = self.default_request_version
        self.close_connection = True
        self.requestline = self.raw_requestline.decode("latin-1").rstrip("\r\n")
        words = self.requestline.split()
        if not words:
            return False
        if len(words) >= 3:
            version = words[-1]
            number = version[5:].split(".")
            if not version.startswith("HTTP/") or len(number) != 2 or not all(n.isdigit() for n in number):
                self.send_error(HTTPStatus.BAD_REQUEST, "Bad request version (%r)" % version)
                return False
            self.request_version = version
            if [int(n) for n in number] >= [2, 0]:
                self.send_error(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "Invalid HTTP version (%s)" % version[5:])
                return False
            if [int(n) for n in number] >= [1, 1] and self.protocol_version >= "HTTP/1.1":
                self.close_connection = False
        if not 2 <= len(words) <= 3:
            self.send_error(HTTPStatus.BAD_REQUEST, "Bad request syntax (%r)" % self.requestline)
            return False
        if len(words) == 2 and words[0] != "GET":
            self.send_error(HTTPStatus.BAD_REQUEST, "Bad HTTP/0.9 request type (%r)" % words[0])
            return False
        self.command, self.path = words[:2]
        if self.path.startswith("//"):
            self.path = "/" + self.path.lstrip("/")
        self.headers = Headers()
        while True:
            line = self.rfile.readline(65537).decode("latin-1").rstrip("\r\n")
            if not line:
                break
            k, _, v = line.partition(":")
            self.headers[k] = v.strip()
        wanted = self.headers.get("Connection", "").lower()
        if wanted == "close":
            self.close_connection = True
        elif wanted == "keep-alive" and self.protocol_version >= "HTTP/1.1":
            self.close_connection = False
        return True

    def send_error(self, code, message=None, explain=None):
        short, long = self.responses.get(code, ("???", "???"))
        message = short if message is None else message
        explain = long if explain is None else explain
        self.log_error("code %d, message %s", code, message)
        self.send_response(code, message)
        self.send_header("Connection", "close")
        body = None
        if code >= 200 and code not in (204, 205, 304):
            body = (self.error_message_format % {
                "code": code, "message": html.escape(message, quote=False),
                "explain": html.escape(explain, quote=False)}).encode("utf-8", "replace")
            self.send_header("Content-Type", self.error_content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and body:
            self.wfile.write(body)

    def send_response(self, code, message=None):
        self.log_request(code)
        self.send_response_only(code, message)
        self.send_header("Server", self.version_string())
        self.send_header("Date", self.date_time_string())

    def send_response_only(self, code, message=None):
        if self.request_version != "HTTP/0.9":
            if message is None:
                message = self.responses[code][0] if code in self.responses else ""
            self._head = ["%s %d %s\r\n" % (self.protocol_version, code, message)]

    def send_header(self, keyword, value):
        if self.request_version != "HTTP/0.9":
            if not hasattr(self, "_head"):
                self._head = []
            self._head.append("%s: %s\r\n" % (keyword, value))
        if keyword.lower() == "connection":
            self.close_connection = value.lower() == "close"

    def end_headers(self):
        if self.request_version != "HTTP/0.9":
            self._head.append("\r\n")
            self.wfile.write("".join(self._head).encode("latin-1", "replace"))
        self._head = []

    def log_request(self, code="-", size="-"):
        self.log_message('"%s" %s %s', self.requestline, str(int(code)) if code != "-" else code, str(size))

    def log_error(self, format, *args):
        self.log_message(format, *args)

    def log_message(self, format, *args):
        sys.stderr.write("%s - - [%s] %s\n" % (self.address_string(), self.log_date_time_string(), format % args))

    def version_string(self):
        return self.server_version + " Python/" + sys.version.split()[0]

    def date_time_string(self, timestamp=None):
        at = datetime.datetime.utcfromtimestamp(time.time() if timestamp is None else timestamp)
        return at.strftime("%a, %d %b %Y %H:%M:%S GMT")

    def log_date_time_string(self):
        return time.strftime("%d/%b/%Y %H:%M:%S")

    def address_string(self):
        return self.client_address[0]


class SimpleHTTPRequestHandler(BaseHTTPRequestHandler):
    server_version = "SimpleHTTP/" + __version__
    index_pages = ["index.html", "index.htm"]
    extensions_map = {".gz": "application/gzip", ".Z": "application/octet-stream", ".bz2": "application/x-bzip2",
                      ".xz": "application/x-xz"}

    def __init__(self, *args, directory=None, **kwargs):
        self.directory = os.getcwd() if directory is None else directory
        super().__init__(*args, **kwargs)

    def do_GET(self):
        f = self.send_head()
        if f:
            try:
                shutil.copyfileobj(f, self.wfile)
            finally:
                f.close()

    def do_HEAD(self):
        f = self.send_head()
        if f:
            f.close()

    def send_head(self):
        path = self.translate_path(self.path)
        if os.path.isdir(path):
            parts = urllib.parse.urlsplit(self.path)
            if not parts.path.endswith("/"):
                self.send_response(HTTPStatus.MOVED_PERMANENTLY)
                self.send_header("Location", parts.path + "/" + ("?" + parts.query if parts.query else ""))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return None
            for index in self.index_pages:
                if os.path.isfile(os.path.join(path, index)):
                    path = os.path.join(path, index)
                    break
            else:
                return self.list_directory(path)
        if path.endswith("/"):
            self.send_error(HTTPStatus.NOT_FOUND, "File not found")
            return None
        try:
            f = open(path, "rb")
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND, "File not found")
            return None
        st = os.stat(path)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-type", self.guess_type(path))
        self.send_header("Content-Length", str(st.st_size))
        self.send_header("Last-Modified", self.date_time_string(st.st_mtime))
        self.end_headers()
        return f

    def list_directory(self, path):
        try:
            names = os.listdir(path)
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND, "No permission to list directory")
            return None
        names.sort(key=lambda a: a.lower())
        shown = html.escape(urllib.parse.unquote(urllib.parse.urlsplit(self.path).path), quote=False)
        title = "Directory listing for " + shown
        r = ["<!DOCTYPE HTML>", '<html lang="en">', "<head>", '<meta charset="utf-8">', "<title>%s</title>" % title,
             "</head>", "<body>", "<h1>%s</h1>" % title, "<hr>", "<ul>"]
        for name in names:
            full = os.path.join(path, name)
            text = link = name
            if os.path.isdir(full):
                text = link = name + "/"
            if os.path.islink(full):
                text = name + "@"
            r.append('<li><a href="%s">%s</a></li>' % (urllib.parse.quote(link), html.escape(text, quote=False)))
        r.append("</ul>\n<hr>\n</body>\n</html>\n")
        encoded = "\n".join(r).encode("utf-8", "surrogateescape")
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        return io.BytesIO(encoded)

    def translate_path(self, path):
        path = path.split("?", 1)[0].split("#", 1)[0]
        slash = path.rstrip().endswith("/")
        path = posixpath.normpath(urllib.parse.unquote(path))
        found = self.directory
        for word in path.split("/"):
            if word and word not in (os.curdir, os.pardir):
                found = os.path.join(found, word)
        return found + "/" if slash else found

    def guess_type(self, path):
        ext = posixpath.splitext(path)[1]
        for e in (ext, ext.lower()):
            if e in self.extensions_map:
                return self.extensions_map[e]
        return _TYPES.get(ext.lower(), "application/octet-stream")


def test(HandlerClass=BaseHTTPRequestHandler, ServerClass=ThreadingHTTPServer, protocol="HTTP/1.0", port=8000, bind=None):
    HandlerClass.protocol_version = protocol
    with ServerClass((bind or "0.0.0.0", port), HandlerClass) as httpd:
        host, port = httpd.socket.getsockname()[:2]
        print("Serving HTTP on %s port %d (http://%s:%d/) ..." % (host, port, host, port))
        try:
            httpd.serve_forever()
        except KeyboardInterrupt:
            print("\nKeyboard interrupt received, exiting.")
            sys.exit(0)


if __name__ == "__main__":
    import argparse
    parser = argparse.ArgumentParser(prog="server.py")
    parser.add_argument("--cgi", action="store_true", help="run as CGI server")
    parser.add_argument("-b", "--bind", metavar="ADDRESS", help="bind to this address (default: all interfaces)")
    parser.add_argument("-d", "--directory", default=os.getcwd(), help="serve this directory (default: current directory)")
    parser.add_argument("-p", "--protocol", metavar="VERSION", default="HTTP/1.0",
                        help="conform to this HTTP version (default: %(default)s)")
    parser.add_argument("port", default=8000, type=int, nargs="?", help="bind to this port (default: %(default)s)")
    args = parser.parse_args()

    class _Files(SimpleHTTPRequestHandler):
        def __init__(self, *a, **k):
            super().__init__(*a, directory=args.directory, **k)

    test(HandlerClass=_Files, port=args.port, bind=args.bind, protocol=args.protocol)
