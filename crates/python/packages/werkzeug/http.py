"""Status lines, dates, header values."""
import time

HTTP_STATUS_CODES = {
    100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted",
    203: "Non Authoritative Information", 204: "No Content", 205: "Reset Content", 206: "Partial Content",
    300: "Multiple Choices", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
    307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized",
    402: "Payment Required", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
    408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed",
    413: "Request Entity Too Large", 414: "Request URI Too Long", 415: "Unsupported Media Type", 418: "I'm a teapot",
    422: "Unprocessable Entity", 423: "Locked", 428: "Precondition Required", 429: "Too Many Requests",
    431: "Request Header Fields Too Large", 451: "Unavailable For Legal Reasons", 500: "Internal Server Error",
    501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    505: "HTTP Version Not Supported",
}


def http_date(seconds=None):
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(seconds))


def parse_options_header(value):
    parts = (value or "").split(";")
    options = {}
    for p in parts[1:]:
        k, _, v = p.strip().partition("=")
        options[k.lower()] = v.strip('"')
    return parts[0].strip(), options


def parse_cookie(header):
    out = {}
    for part in (header or "").split(";"):
        k, eq, v = part.strip().partition("=")
        if eq:
            out[k] = v.strip('"')
    return out


def dump_cookie(key, value="", max_age=None, expires=None, path="/", domain=None, secure=False, httponly=False, samesite=None):
    out = key + "=" + value
    if domain:
        out += "; Domain=" + domain
    if expires is not None:
        out += "; Expires=" + (expires if isinstance(expires, str) else http_date(expires))
    elif max_age is not None:
        out += "; Expires=" + http_date(time.time() + int(max_age))
    if max_age is not None:
        out += "; Max-Age=" + str(int(max_age))
    if secure:
        out += "; Secure"
    if httponly:
        out += "; HttpOnly"
    if path is not None:
        out += "; Path=" + path
    if samesite:
        out += "; SameSite=" + samesite
    return out
