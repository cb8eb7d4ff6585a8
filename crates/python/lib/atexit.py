_list = _prelude_get("_atexit")


def register(func, /, *args, **kw):
    _list.append((func, args, kw))
    return func


def unregister(func):
    _list[:] = [x for x in _list if x[0] is not func]
