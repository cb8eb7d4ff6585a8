"""Request and response."""
import json
from urllib.parse import parse_qsl, unquote

from werkzeug.datastructures import CombinedMultiDict, Headers, ImmutableMultiDict
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.http import HTTP_STATUS_CODES, dump_cookie, parse_cookie, parse_options_header


class Request:
    def __init__(self, method, target, headers, body, remote_addr, server):
        self.method = method
        path, _, query = target.partition("?")
        self.path = unquote(path)
        self.query_string = query.encode()
        self.headers = headers
        self._body = body
        self.remote_addr = remote_addr
        self.scheme = "http"
        self.server = server
        self.host = headers.get("Host") or "%s:%d" % server
        self.root_path = ""
        self.script_root = ""
        self.args = ImmutableMultiDict(parse_qsl(query, keep_blank_values=True))
        self._form = None
        self._files = None
        self._json = None
        self.environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": self.path,
            "QUERY_STRING": query,
            "REMOTE_ADDR": remote_addr,
            "HTTP_HOST": self.host,
            "SERVER_NAME": server[0],
            "SERVER_PORT": str(server[1]),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
        }
        for k, v in headers:
            self.environ["HTTP_" + k.upper().replace("-", "_")] = v

    @property
    def data(self):
        return b"" if self._is_form() else self._body

    def get_data(self, cache=True, as_text=False, parse_form_data=False):
        return self._body.decode("utf-8", "replace") if as_text else self._body

    @property
    def content_type(self):
        return self.headers.get("Content-Type")

    @property
    def mimetype(self):
        return parse_options_header(self.content_type)[0].lower()

    @property
    def mimetype_params(self):
        return parse_options_header(self.content_type)[1]

    @property
    def content_length(self):
        return self.headers.get("Content-Length", type=int)

    @property
    def full_path(self):
        return self.path + "?" + self.query_string.decode()

    @property
    def host_url(self):
        return self.scheme + "://" + self.host + "/"

    root_url = url_root = host_url

    @property
    def base_url(self):
        return self.scheme + "://" + self.host + self.path

    @property
    def url(self):
        q = self.query_string.decode()
        return self.base_url + ("?" + q if q else "")

    @property
    def user_agent(self):
        return _UserAgent(self.headers.get("User-Agent", ""))

    @property
    def access_route(self):
        f = self.headers.get("X-Forwarded-For")
        return [p.strip() for p in f.split(",")] if f else [self.remote_addr]

    @property
    def is_secure(self):
        return self.scheme == "https"

    @property
    def referrer(self):
        return self.headers.get("Referer")

    @property
    def cookies(self):
        return ImmutableMultiDict(parse_cookie(self.headers.get("Cookie")))

    @property
    def authorization(self):
        return self.headers.get("Authorization")

    def _is_form(self):
        return self.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data")

    @property
    def form(self):
        if self._form is None:
            if self.mimetype == "application/x-www-form-urlencoded":
                self._form = ImmutableMultiDict(parse_qsl(self._body.decode(), keep_blank_values=True))
            elif self.mimetype == "multipart/form-data":
                self._multipart()
            else:
                self._form = ImmutableMultiDict()
        return self._form

    @property
    def files(self):
        self.form
        return self._files or ImmutableMultiDict()

    def _multipart(self):
        boundary = b"--" + self.mimetype_params.get("boundary", "").encode()
        fields, files = [], []
        for part in self._body.split(boundary)[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            content = content[:-2]
            name = filename = None
            for line in head.decode().split("\r\n"):
                if line.lower().startswith("content-disposition:"):
                    options = parse_options_header(line)[1]
                    name, filename = options.get("name"), options.get("filename")
            if filename is None:
                fields.append((name, content.decode()))
            else:
                files.append((name, FileStorage(content, filename)))
        self._form = ImmutableMultiDict(fields)
        self._files = ImmutableMultiDict(files)

    @property
    def values(self):
        dicts = [self.args]
        if self.method in ("POST", "PUT", "PATCH"):
            dicts.append(self.form)
        return CombinedMultiDict(dicts)

    @property
    def is_json(self):
        m = self.mimetype
        return m == "application/json" or m.startswith("application/") and m.endswith("+json")

    @property
    def json(self):
        return self.get_json()

    def get_json(self, force=False, silent=False, cache=True):
        if not (force or self.is_json):
            if silent:
                return None
            raise UnsupportedMediaType(
                "Did not attempt to load JSON data because the request Content-Type was not 'application/json'."
            )
        try:
            return json.loads(self._body)
        except ValueError:
            if silent:
                return None
            raise BadRequest(BadRequest.description) from None

    def __repr__(self):
        return "<Request %r [%s]>" % (self.url, self.method)


class FileStorage:
    def __init__(self, content, filename):
        self._content = content
        self.filename = filename

    def read(self, n=-1):
        return self._content

    def save(self, dst):
        with open(dst, "wb") as f:
            f.write(self._content)


class _UserAgent:
    def __init__(self, string):
        self.string = string

    def __str__(self):
        return self.string

    def __repr__(self):
        return "<UserAgent %r>" % self.string


class Response:
    default_status = 200
    default_mimetype = "text/html"

    def __init__(self, response=None, status=None, headers=None, mimetype=None, content_type=None, direct_passthrough=False):
        self.headers = headers if isinstance(headers, Headers) else Headers(headers)
        if content_type is None:
            if mimetype is None and "Content-Type" not in self.headers:
                mimetype = self.default_mimetype
            if mimetype is not None:
                text = mimetype.startswith("text/") or mimetype in ("application/javascript", "application/xml")
                content_type = mimetype + "; charset=utf-8" if text else mimetype
        if content_type is not None:
            self.headers["Content-Type"] = content_type
        if status is None:
            status = self.default_status
        if isinstance(status, int):
            self.status_code = status
        else:
            self.status = status
        self._chunks = None
        self._data = b""
        if response is None:
            pass
        elif isinstance(response, (str, bytes, bytearray)):
            self.set_data(response)
        else:
            self._chunks = response

    @property
    def status_code(self):
        return self._code

    @status_code.setter
    def status_code(self, code):
        self._code = code
        self._status = "%d %s" % (code, HTTP_STATUS_CODES.get(code, "UNKNOWN").upper())

    @property
    def status(self):
        return self._status

    @status.setter
    def status(self, value):
        code = value.split(" ")[0]
        self._code = int(code)
        self._status = value if " " in value else "%s %s" % (code, HTTP_STATUS_CODES.get(self._code, "UNKNOWN").upper())

    def set_data(self, value):
        self._chunks = None
        self._data = value.encode() if isinstance(value, str) else bytes(value)
        self.headers["Content-Length"] = str(len(self._data))

    def get_data(self, as_text=False):
        if self._chunks is not None:
            self.set_data(b"".join([c.encode() if isinstance(c, str) else c for c in self._chunks]))
        return self._data.decode() if as_text else self._data

    def head_only(self):
        """The answer to HEAD: the length stays, the body goes."""
        self.get_data()
        self._data = b""

    @property
    def text(self):
        return self.get_data(as_text=True)

    data = property(lambda self: self.get_data(), lambda self, value: self.set_data(value))

    @property
    def mimetype(self):
        return parse_options_header(self.headers.get("Content-Type"))[0]

    @mimetype.setter
    def mimetype(self, value):
        self.headers["Content-Type"] = value + "; charset=utf-8" if value.startswith("text/") else value

    @property
    def content_type(self):
        return self.headers.get("Content-Type")

    @content_type.setter
    def content_type(self, value):
        self.headers["Content-Type"] = value

    @property
    def location(self):
        return self.headers.get("Location")

    @property
    def is_json(self):
        return self.mimetype == "application/json"

    @property
    def json(self):
        return json.loads(self.get_data())

    def get_json(self, force=False, silent=False):
        return json.loads(self.get_data())

    def set_cookie(self, key, value="", **kwargs):
        self.headers.add("Set-Cookie", dump_cookie(key, value, **kwargs))

    def delete_cookie(self, key, path="/", **kwargs):
        self.set_cookie(key, expires=0, max_age=0, path=path, **kwargs)

    def __repr__(self):
        return "<%s %d bytes [%s]>" % (type(self).__name__, len(self.get_data()), self.status)
