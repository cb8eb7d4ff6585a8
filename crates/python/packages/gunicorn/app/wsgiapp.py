"""The `gunicorn` command."""
import argparse
import os
import shlex
import sys

import gunicorn
from gunicorn.arbiter import Arbiter


def _parser():
    p = argparse.ArgumentParser(prog="gunicorn", usage="%(prog)s [OPTIONS] [APP_MODULE]")
    p.add_argument("-v", "--version", action="version", version="%(prog)s (version " + gunicorn.__version__ + ")")
    p.add_argument("args", nargs="*", help=argparse.SUPPRESS)
    p.add_argument("-b", "--bind", action="append", metavar="ADDRESS", help="The socket to bind.")
    p.add_argument("-w", "--workers", type=int, metavar="INT", default=int(os.environ.get("WEB_CONCURRENCY", 1)),
                   help="The number of worker processes for handling requests.")
    p.add_argument("-k", "--worker-class", metavar="STRING", default="sync", help="The type of workers to use.")
    p.add_argument("--threads", type=int, metavar="INT", default=1, help="The number of worker threads for handling requests.")
    p.add_argument("-t", "--timeout", type=int, metavar="INT", default=30, help="Workers silent for more than this many seconds are killed and restarted.")
    p.add_argument("--graceful-timeout", type=int, metavar="INT", default=30, help="Timeout for graceful workers restart in seconds.")
    p.add_argument("--access-logfile", metavar="FILE", help="The Access log file to write to.")
    p.add_argument("--error-logfile", "--log-file", metavar="FILE", default="-", help="The Error log file to write to.")
    p.add_argument("--log-level", metavar="LEVEL", default="info", help="The granularity of Error log outputs.")
    p.add_argument("--chdir", metavar="DIR", help="Change directory to specified directory before loading apps.")
    p.add_argument("-e", "--env", action="append", metavar="ENV", default=[], help="Set environment variables in the execution environment.")
    p.add_argument("-n", "--name", metavar="STRING", help="A base to use with setproctitle for process naming.")
    p.add_argument("--preload", action="store_true", help="Load application code before the worker processes are forked.")
    p.add_argument("--reload", action="store_true", help="Restart workers when code changes.")
    p.add_argument("--max-requests", type=int, metavar="INT", default=0, help="The maximum number of requests a worker will process before restarting.")
    p.add_argument("--pythonpath", metavar="STRING", help="A comma-separated list of directories to add to the Python path.")
    return p


def run(prog=None):
    parser = _parser()
    options = parser.parse_args(shlex.split(os.environ.get("GUNICORN_CMD_ARGS", "")) + sys.argv[1:])
    if not options.args:
        parser.print_usage()
        print("gunicorn: error: No application module specified.", file=sys.stderr)
        sys.exit(1)
    if options.worker_class not in ("sync", "gthread"):
        print("\nError: class uri %r invalid or not found: Layerlab's gunicorn has sync workers only\n" % options.worker_class, file=sys.stderr)
        sys.exit(1)
    for setting in options.env:
        k, _, v = setting.partition("=")
        os.environ[k] = v
    if options.chdir:
        os.chdir(options.chdir)
    sys.path.insert(0, os.getcwd())
    for d in (options.pythonpath or "").split(","):
        if d:
            sys.path.insert(0, os.path.abspath(d))
    if not options.bind:
        options.bind = ["0.0.0.0:" + os.environ["PORT"]] if "PORT" in os.environ else ["127.0.0.1:8000"]
    Arbiter(options, options.args[0]).run()


if __name__ == "__main__":
    run()
