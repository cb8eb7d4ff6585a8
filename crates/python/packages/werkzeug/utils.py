"""Small helpers."""
from markupsafe import escape
from urllib.parse import quote

from werkzeug.wrappers import Response


def redirect(location, code=302, Response=Response):
    shown = str(escape(location))
    r = Response(
        "<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n"
        "<p>You should be redirected automatically to the target URL: <a href=\"" + shown + "\">" + shown
        + "</a>. If not, click the link.\n",
        code,
        mimetype="text/html",
    )
    r.headers["Location"] = quote(location, safe="!#$%&'()*+,/:;=?@[]~")
    return r


def secure_filename(filename):
    filename = filename.replace("/", " ").replace("\\", " ")
    out = "".join([c for c in "_".join(filename.split()) if c.isascii() and (c.isalnum() or c in "_.-")])
    return out.strip("._")
