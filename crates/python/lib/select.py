# select: which descriptors are ready.
_call = _os_call
error = OSError


def _number(f):
    return f if isinstance(f, int) else f.fileno()


def select(rlist, wlist, xlist, timeout=None):
    reading, writing = [_number(f) for f in rlist], [_number(f) for f in wlist]
    ready = _call("poll", reading, writing, None if timeout is None else int(timeout * 1000000000))
    return [f for f in rlist if _number(f) in ready], [f for f in wlist if _number(f) in ready], []
