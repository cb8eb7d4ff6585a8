"""Dictionaries with several values for a key, headers without case."""


class MultiDict(dict):
    def __init__(self, pairs=()):
        super().__init__()
        if isinstance(pairs, MultiDict):
            pairs = pairs.items(multi=True)
        elif isinstance(pairs, dict):
            pairs = pairs.items()
        for k, v in pairs:
            self.add(k, v)

    def add(self, key, value):
        if not dict.__contains__(self, key):
            dict.__setitem__(self, key, [])
        dict.__getitem__(self, key).append(value)

    def __getitem__(self, key):
        if dict.__contains__(self, key):
            values = dict.__getitem__(self, key)
            if values:
                return values[0]
        from werkzeug.exceptions import BadRequestKeyError
        raise BadRequestKeyError(key)

    def __setitem__(self, key, value):
        dict.__setitem__(self, key, [value])

    def get(self, key, default=None, type=None):
        if not dict.__contains__(self, key):
            return default
        value = dict.__getitem__(self, key)[0]
        if type is not None:
            try:
                value = type(value)
            except (ValueError, TypeError):
                return default
        return value

    def getlist(self, key, type=None):
        values = list(dict.get(self, key, []))
        return [type(v) for v in values] if type else values

    def items(self, multi=False):
        for k in dict.keys(self):
            values = dict.__getitem__(self, k)
            if multi:
                for v in values:
                    yield k, v
            else:
                yield k, values[0]

    def values(self):
        for k, v in self.items():
            yield v

    def lists(self):
        for k in dict.keys(self):
            yield k, list(dict.__getitem__(self, k))

    def to_dict(self, flat=True):
        return dict(self.items()) if flat else dict(self.lists())

    def __repr__(self):
        return type(self).__name__ + "(" + repr(list(self.items(multi=True))) + ")"


class ImmutableMultiDict(MultiDict):
    def __setitem__(self, key, value):
        raise TypeError(repr(type(self).__name__) + " objects are immutable")


class CombinedMultiDict(ImmutableMultiDict):
    def __init__(self, dicts):
        super().__init__([p for d in dicts for p in d.items(multi=True)])


class Headers:
    def __init__(self, defaults=None):
        self._list = []
        if defaults is not None:
            for k, v in defaults.items() if hasattr(defaults, "items") else defaults:
                self.add(k, v)

    def add(self, key, value, **kwargs):
        value = str(value)
        if "\n" in value or "\r" in value:
            raise ValueError("Header values must not contain newline characters.")
        self._list.append((str(key), value))

    def get(self, key, default=None, type=None):
        key = key.lower()
        for k, v in self._list:
            if k.lower() == key:
                return v if type is None else type(v)
        return default

    def getlist(self, key):
        return [v for k, v in self._list if k.lower() == key.lower()]

    get_all = getlist

    def set(self, key, value):
        self.remove(key)
        self.add(key, value)

    def remove(self, key):
        self._list = [p for p in self._list if p[0].lower() != key.lower()]

    def setdefault(self, key, value):
        if key not in self:
            self.set(key, value)
        return self.get(key)

    def pop(self, key, default=None):
        v = self.get(key, default)
        self.remove(key)
        return v

    def extend(self, other):
        for k, v in other.items() if hasattr(other, "items") else other:
            self.add(k, v)

    def update(self, other):
        for k, v in other.items() if hasattr(other, "items") else other:
            self.set(k, v)

    def __getitem__(self, key):
        v = self.get(key)
        if v is None:
            from werkzeug.exceptions import BadRequestKeyError
            raise BadRequestKeyError(key)
        return v

    def __setitem__(self, key, value):
        self.set(key, value)

    def __delitem__(self, key):
        self.remove(key)

    def __contains__(self, key):
        return self.get(key) is not None

    def items(self, lower=False):
        return iter(list(self._list))

    def keys(self):
        return [k for k, v in self._list]

    def values(self):
        return [v for k, v in self._list]

    def __iter__(self):
        return iter(list(self._list))

    def __len__(self):
        return len(self._list)

    def __str__(self):
        return "".join([k + ": " + v + "\r\n" for k, v in self._list]) + "\r\n"

    def __repr__(self):
        return "Headers(" + repr(self._list) + ")"


EnvironHeaders = Headers
