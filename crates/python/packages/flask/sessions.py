"""Sessions in a signed cookie."""
import json

from flask.ctx import Session


def _sign(key, payload):
    import hashlib
    return hashlib.sha256((str(key) + "." + payload).encode()).hexdigest()[:32]


def open_session(app, request):
    s = Session()
    key = app.secret_key
    if key is None:
        return s
    value = request.cookies.get("session")
    if value:
        payload, _, sig = value.rpartition(".")
        if sig == _sign(key, payload):
            try:
                s.update(json.loads(bytes.fromhex(payload)))
            except ValueError:
                pass
    return s


def save_session(app, session, response):
    if not session.modified:
        return
    if app.secret_key is None:
        raise RuntimeError(
            "The session is unavailable because no secret key was set.  Set the secret_key on the application to"
            " something unique and secret."
        )
    payload = json.dumps(dict(session)).encode().hex()
    response.set_cookie("session", payload + "." + _sign(app.secret_key, payload), httponly=True)
    response.headers.add("Vary", "Cookie")
