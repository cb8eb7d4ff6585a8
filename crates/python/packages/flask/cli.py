"""The `flask` command."""
import os
import sys

import click


def show_server_banner(debug, app_import_path):
    if app_import_path is not None:
        click.echo(" * Serving Flask app '%s'" % app_import_path)
    if debug is not None:
        click.echo(" * Debug mode: %s" % ("on" if debug else "off"))


def _usage_error(message, command="flask"):
    click.echo("Usage: %s [OPTIONS]\nTry '%s --help' for help.\n\nError: %s" % (command, command, message), err=True)
    sys.exit(2)


def load_app(name):
    from flask.app import Flask
    attr = None
    if name is None:
        for candidate in ("wsgi.py", "app.py"):
            if os.path.isfile(candidate):
                name = candidate
                break
        else:
            _usage_error(
                "Could not locate a Flask application. Use the 'flask --app' option, 'FLASK_APP' environment variable,"
                " or a 'wsgi.py' or 'app.py' file in the current directory.", "flask run"
            )
    if ":" in name:
        name, _, attr = name.partition(":")
    folder, base = os.path.split(os.path.abspath(name))
    module = base[:-3] if base.endswith(".py") else base
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        m = __import__(module, fromlist=["*"])
    except ModuleNotFoundError as e:
        if e.name == module:
            _usage_error("Could not import %r." % module, "flask run")
        raise
    if attr is not None:
        v = getattr(m, attr.rstrip("()"), None)
        if v is None:
            _usage_error("Failed to find attribute %r in %r." % (attr, module), "flask run")
        return v if isinstance(v, Flask) else v()
    for n in ("app", "application"):
        if isinstance(getattr(m, n, None), Flask):
            return getattr(m, n)
    found = [v for v in m.__dict__.values() if isinstance(v, Flask)]
    if len(found) == 1:
        return found[0]
    for n in ("create_app", "make_app"):
        if callable(getattr(m, n, None)):
            return getattr(m, n)()
    _usage_error(
        "Failed to find Flask application or factory in module %r. Use '%s:name' to specify one." % (module, module), "flask run"
    )


HELP = """Usage: flask [OPTIONS] COMMAND [ARGS]...

  A general utility script for Flask applications.

  An application to load must be given with the '--app' option, 'FLASK_APP'
  environment variable, or with a 'wsgi.py' or 'app.py' file in the current
  directory.

Options:
  -e, --env-file FILE   Load environment variables from this file. python-
                        dotenv must be installed.
  -A, --app IMPORT      The Flask application or factory function to load, in
                        the form 'module:name'. Module can be a dotted import
                        or file path. Name is not required if it is 'app',
                        'application', 'create_app', or 'make_app', and can be
                        'name(args)' to pass arguments.
  --debug / --no-debug  Set debug mode.
  --version             Show the Flask version.
  --help                Show this message and exit.

Commands:
  routes  Show the routes for the app.
  run     Run a development server.
  shell   Run a shell in the app context."""


def main():
    args = sys.argv[1:]
    app_name = os.environ.get("FLASK_APP")
    host = os.environ.get("FLASK_RUN_HOST", "127.0.0.1")
    port = os.environ.get("FLASK_RUN_PORT", "5000")
    debug = None
    command = None
    i = 0

    def value(a):
        nonlocal i
        if "=" in a and a.startswith("--"):
            return a.partition("=")[2]
        i += 1
        if i >= len(args):
            _usage_error("Option '%s' requires an argument." % a)
        return args[i]
    while i < len(args):
        a = args[i]
        key = a.partition("=")[0]
        if key in ("-A", "--app"):
            app_name = value(a)
        elif key in ("-h", "--host"):
            host = value(a)
        elif key in ("-p", "--port"):
            port = value(a)
        elif a in ("--debug", "--no-debug"):
            debug = a == "--debug"
        elif a in ("--reload", "--no-reload", "--debugger", "--no-debugger", "--with-threads", "--without-threads"):
            pass
        elif a == "--version":
            import flask
            import werkzeug
            click.echo("Python %s\nFlask %s\nWerkzeug %s" % (sys.version.split()[0], flask.__version__, werkzeug.__version__))
            return
        elif a == "--help":
            click.echo(HELP)
            return
        elif a.startswith("-"):
            _usage_error("No such option: " + a)
        elif command is None:
            command = a
        i += 1
    if command is None:
        click.echo(HELP)
        return
    if command not in ("run", "routes"):
        _usage_error("No such command '%s'." % command)
    if not str(port).isdigit():
        _usage_error("Invalid value for '--port' / '-p': %r is not a valid integer." % port, "flask run")
    os.environ["FLASK_RUN_FROM_CLI"] = "true"
    if debug is not None:
        os.environ["FLASK_DEBUG"] = "1" if debug else "0"
    app = load_app(app_name)
    if debug is not None:
        app.debug = debug
    if command == "routes":
        return routes(app)
    show_server_banner(app.debug, app_name or "app.py")
    from werkzeug.serving import run_simple
    run_simple(host, int(port), app)


def routes(app):
    rows = [("Endpoint", "Methods", "Rule")]
    for r in sorted(app.url_map.iter_rules(), key=lambda r: r.endpoint):
        rows.append((r.endpoint, ", ".join(sorted(r.methods - {"HEAD", "OPTIONS"})), r.rule))
    widths = [max(len(r[i]) for r in rows) for i in range(3)]
    for n, row in enumerate(rows):
        click.echo("  ".join([c.ljust(w) for c, w in zip(row, widths)]).rstrip())
        if n == 0:
            click.echo("  ".join(["-" * w for w in widths]))
