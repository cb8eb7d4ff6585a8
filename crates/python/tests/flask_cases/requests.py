from flask import Flask, request, jsonify, abort, redirect, url_for, make_response, render_template_string, Response, Blueprint, session, g, flash, get_flashed_messages, current_app

app = Flask(__name__)
app.secret_key = "not secret"
events = []


@app.before_request
def before():
    g.user = request.headers.get("X-User", "nobody")
    events.append(request.path)


@app.after_request
def after(response):
    response.headers["X-After"] = "yes"
    return response


@app.teardown_request
def teardown(e):
    events.append("down")


@app.route("/")
def index():
    return f"<p>Hi {g.user}</p>"


@app.route("/user/<name>")
def user(name):
    return "user " + name


@app.route("/int/<int:n>/<float:f>")
def number(n, f):
    return {"n": n + 1, "f": f, "type": type(n).__name__}


@app.route("/path/<path:p>")
def path(p):
    return p


@app.get("/uuid/<uuid:u>")
def uu(u):
    return repr(u)


@app.route("/any/<any(a, b):x>")
def any_of(x):
    return x


@app.route("/args")
def args():
    return jsonify(q=request.args.get("q"), n=request.args.get("n", 1, type=int), all=request.args.getlist("x"), d=request.args.to_dict(), qs=request.query_string.decode())


@app.route("/form", methods=["GET", "POST"])
def form():
    if request.method == "POST":
        return f"name={request.form['name']} opt={request.form.get('opt', 'none')} v={request.values.get('name')}"
    return "<form method=post></form>"


@app.post("/json")
def js():
    data = request.get_json()
    return jsonify(got=data, keys=sorted(data)), 201


@app.post("/silent")
def silent():
    return jsonify(request.get_json(silent=True), request.is_json, request.mimetype)


@app.post("/raw")
def raw():
    return request.get_data(as_text=True)[::-1]


@app.route("/headers")
def headers():
    return jsonify(ua=request.headers.get("User-Agent"), x=request.headers.get("X-Test"), host=request.host, path=request.path, full=request.full_path, url=request.url, base=request.base_url, root=request.url_root, method=request.method, addr=request.remote_addr)


@app.route("/abort/<int:code>")
def ab(code):
    abort(code)


@app.route("/abort-text")
def ab_text():
    abort(403, description="You shall not pass")


@app.errorhandler(404)
def missing(e):
    return jsonify(error=str(e), code=e.code, name=e.name), 404


class Broken(Exception):
    pass


@app.errorhandler(Broken)
def broken(e):
    return f"broken: {e}", 418


@app.route("/broken")
def raise_broken():
    raise Broken("x")


@app.route("/go")
def go():
    return redirect(url_for("user", name="a b", q=1))


@app.route("/go301")
def go301():
    return redirect("/x", code=301)


@app.route("/urls")
def urls():
    return jsonify([url_for("index"), url_for("number", n=1, f=2.5), url_for("args", q="a&b", x=[1, 2]), url_for("static", filename="s.css"), url_for("index", _external=True), url_for("bp.home"), url_for("path", p="a/b"), url_for("user", name="ä", _anchor="top")])


@app.route("/tpl/<name>")
def tpl(name):
    return render_template_string("Hello {{ name }}! {% for i in items if i %}{{ loop.index }}:{{ i|upper }}{% if not loop.last %}, {% endif %}{% else %}none{% endfor %} {{ user.x or 'no' }} {{ '<b>' }} {{ '<b>'|safe }} {{ items|length }} {{ items|join('-') }} {{ 3.14159|round(2) }} {{ undefined_thing|default('d') }} {# comment #}{% set v = 5 %}{{ v * 2 }} {{ url_for('index') }} {{ request.path }}", name=name, items=["a", "b", ""], user={})


@app.route("/resp")
def resp():
    r = make_response("body", 202)
    r.headers["X-A"] = "1"
    r.set_cookie("k", "v", max_age=60, httponly=True)
    return r


@app.route("/custom")
def custom():
    return Response("plain", status=200, mimetype="text/plain", headers={"X-B": "2"})


@app.route("/tuple")
def tup():
    return "t", 203, {"X-C": "3"}


@app.route("/list")
def lst():
    return [1, {"b": 2, "a": [None, True]}, "ü"]


@app.route("/stream")
def stream():
    return (f"{i}\n" for i in range(3))


@app.route("/slash/")
def slash():
    return "slash"


@app.route("/count")
def count():
    session["n"] = session.get("n", 0) + 1
    return str(session["n"])


@app.route("/cookie")
def cookie():
    return request.cookies.get("c", "none")


@app.route("/ctx")
def ctx():
    return current_app.name + " " + str(request.endpoint) + " " + str(request.view_args) + " " + str(request.url_rule)


bp = Blueprint("bp", __name__, url_prefix="/bp")


@bp.before_request
def bp_before():
    events.append("bp")


@bp.route("/")
def home():
    return "home " + url_for(".other") + " " + request.blueprint


@bp.route("/other")
def other():
    return "other"


app.register_blueprint(bp)


@app.cli.command("hello") if False else (lambda f: f)
def hello():
    pass


c = app.test_client()


def show(r):
    print(r.status, sorted((k, ", ".join(sorted(v.split(", "))) if k == "Allow" else v) for k, v in r.headers.items() if k not in ("Date", "Server", "Set-Cookie")))
    print([c.split("; Expires")[0] for c in r.headers.getlist("Set-Cookie") if "session" not in c])
    print(r.get_data(as_text=True))


for p in ("/", "/user/x%20y", "/user/", "/int/5/2.5", "/int/x/1", "/int/-5/1.0", "/path/a/b/c", "/any/b", "/any/c", "/uuid/12345678-1234-5678-1234-567812345678", "/args?q=a+b&n=7&x=1&x=2&e=", "/args?n=bad", "/form", "/headers?a=1", "/abort/400", "/abort/401", "/abort/404", "/abort/409", "/abort/418", "/abort/422", "/abort/429", "/abort/500", "/abort/503", "/abort-text", "/nope", "/broken", "/go", "/go301", "/urls", "/tpl/<i>", "/resp", "/custom", "/tuple", "/list", "/stream", "/slash", "/slash/", "/ctx", "/bp/", "/bp", "/bp/other", "/json", "/cookie"):
    print("==", p)
    show(c.get(p, headers={"X-Test": "t", "User-Agent": "UA"}))
for r in (c.post("/form", data={"name": "Ada", "opt": "x y&z"}), c.post("/form", data={}), c.post("/json", json={"b": [1], "a": None}), c.post("/json", data="nope", content_type="application/json"), c.post("/json", data="{}"), c.post("/silent", data="x"), c.post("/raw", data="abc"), c.post("/"), c.put("/form"), c.delete("/json"), c.head("/"), c.options("/form"), c.get("/", headers={"X-User": "Bob"})):
    show(r)
for i in range(3):
    print(c.get("/count").data)
print(c.get("/list").json, c.get("/list").is_json, c.get("/").text, c.get("/nope").status_code, c.get("/go", follow_redirects=True).text)
print(events[:6], len(events))
with app.app_context():
    print(current_app.name)
with app.test_request_context("/args?z=1"):
    print(request.args["z"], url_for("index"))
print(sorted(str(r) for r in app.url_map.iter_rules()))
print(app.name, app.debug, app.config["DEBUG"], app.testing)
