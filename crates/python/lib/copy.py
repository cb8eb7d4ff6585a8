class Error(Exception):
    pass


def copy(x):
    m = getattr(type(x), "__copy__", None)
    if m is not None:
        return m(x)
    if isinstance(x, (list, dict, set)) and type(x) in (list, dict, set):
        return x.copy()
    if x is None or isinstance(x, (int, float, str, bytes, tuple, frozenset, type)) or callable(x):
        return x
    if isinstance(x, (list, set)):
        y = type(x)(x)
    elif isinstance(x, dict):
        y = type(x).__new__(type(x))
        for k, v in x.items():
            dict.__setitem__(y, k, v)
    else:
        y = object.__new__(type(x))
    y.__dict__.update(x.__dict__)
    return y


def deepcopy(x, memo=None):
    if memo is None:
        memo = {}
    if id(x) in memo:
        return memo[id(x)]
    m = getattr(type(x), "__deepcopy__", None)
    if m is not None:
        return m(x, memo)
    if type(x) is list:
        y = memo[id(x)] = []
        for v in x:
            y.append(deepcopy(v, memo))
        return y
    if type(x) is dict:
        y = memo[id(x)] = {}
        for k, v in x.items():
            y[deepcopy(k, memo)] = deepcopy(v, memo)
        return y
    if type(x) in (tuple, set, frozenset):
        return type(x)([deepcopy(v, memo) for v in x])
    if x is None or isinstance(x, (int, float, str, bytes, type)) or not hasattr(x, "__dict__") or callable(x):
        return copy(x)
    y = memo[id(x)] = copy(x)
    for k, v in list(y.__dict__.items()):
        y.__dict__[k] = deepcopy(v, memo)
    return y
