"""What views call."""
import os

from flask.globals import current_app, request, session
from werkzeug.exceptions import NotFound
from werkzeug.exceptions import abort as _abort
from werkzeug.utils import redirect as _redirect


def abort(code, *args, **kwargs):
    _abort(code, *args, **kwargs)


def redirect(location, code=302, Response=None):
    return _redirect(location, code, Response or current_app.response_class)


def make_response(*args):
    if not args:
        return current_app.response_class()
    return current_app.make_response(args[0] if len(args) == 1 else args)


def url_for(endpoint, *, _anchor=None, _method=None, _scheme=None, _external=None, **values):
    return current_app.url_for(endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values)


def flash(message, category="message"):
    flashes = session.get("_flashes", [])
    flashes.append((category, message))
    session["_flashes"] = flashes


def get_flashed_messages(with_categories=False, category_filter=()):
    flashes = session.pop("_flashes", []) if "_flashes" in session else []
    if category_filter:
        flashes = [f for f in flashes if f[0] in category_filter]
    return [tuple(f) for f in flashes] if with_categories else [f[1] for f in flashes]


_TYPES = {
    ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".txt": "text/plain",
    ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml", ".ico": "image/vnd.microsoft.icon",
    ".pdf": "application/pdf", ".csv": "text/csv", ".xml": "application/xml",
}


def send_file(path_or_file, mimetype=None, as_attachment=False, download_name=None, **options):
    if hasattr(path_or_file, "read"):
        data = path_or_file.read()
    else:
        download_name = download_name or os.path.basename(path_or_file)
        with open(path_or_file, "rb") as f:
            data = f.read()
    if mimetype is None:
        mimetype = _TYPES.get(os.path.splitext(download_name or "")[1], "application/octet-stream")
    r = current_app.response_class(data, mimetype=mimetype)
    r.headers.set("Content-Disposition", ("attachment" if as_attachment else "inline") + "; filename=" + (download_name or ""))
    return r


def send_from_directory(directory, path, **kwargs):
    full = os.path.normpath(os.path.join(directory, path))
    if not full.startswith(os.path.normpath(directory).rstrip("/") + "/") or not os.path.isfile(full):
        raise NotFound()
    return send_file(full, **kwargs)
