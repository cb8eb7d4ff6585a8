# traceback
import sys

_chain = _prelude_get("_format_chain")
_exc = _prelude_get("_format_exc")


def format_exc(limit=None, chain=True):
    e = sys.exc_info()[1]
    return "NoneType: None\n" if e is None else _chain(e)


def print_exc(limit=None, file=None, chain=True):
    (file or sys.stderr).write(format_exc())


def format_exception(exc, value=None, tb=None, limit=None, chain=True):
    e = value if value is not None else exc
    return [line + "\n" for line in _chain(e).split("\n")[:-1]]


def print_exception(exc, value=None, tb=None, limit=None, file=None, chain=True):
    (file or sys.stderr).write("".join(format_exception(exc, value)))


def format_exception_only(exc, value=None):
    e = value if value is not None else exc
    return [_exc(e, str(e), False)]


def format_tb(tb, limit=None):
    return [_prelude_get("_format_tb")(tb)] if tb is not None else []


def print_tb(tb, limit=None, file=None):
    (file or sys.stderr).write("".join(format_tb(tb)))


def format_stack(f=None, limit=None):
    return [_prelude_get("_format_tb")(_prelude_get("_stack_entries")())]


def print_stack(f=None, limit=None, file=None):
    (file or sys.stderr).write("".join(format_stack()))
