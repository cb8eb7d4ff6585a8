# warnings: shown once for each place, on stderr.
import sys

_seen = {}
_caller_line = _prelude_get("_caller_line")


def warn(message, category=None, stacklevel=1, source=None):
    if isinstance(message, Warning):
        category = type(message)
    category = category or UserWarning
    if issubclass(category, DeprecationWarning):
        return
    file, line, name = _caller_line() or ("<string>", 1, "")
    if (str(message), file, line) in _seen:
        return
    _seen[(str(message), file, line)] = True
    sys.stderr.write("%s:%d: %s: %s\n" % (file, line, category.__name__, message))


def simplefilter(*a, **k):
    pass


filterwarnings = resetwarnings = simplefilter
