"""The application's settings."""
import os


class Config(dict):
    def __init__(self, root_path, defaults=None):
        dict.__init__(self, defaults or {})
        self.root_path = root_path

    def from_object(self, obj):
        for key in dir(obj):
            if key.isupper():
                self[key] = getattr(obj, key)

    def from_mapping(self, mapping=None, **kwargs):
        for k, v in {**(mapping or {}), **kwargs}.items():
            if k.isupper():
                self[k] = v
        return True

    def from_prefixed_env(self, prefix="FLASK", *, loads=None):
        import json
        for k in sorted(os.environ):
            if k.startswith(prefix + "_"):
                v = os.environ[k]
                try:
                    v = (loads or json.loads)(v)
                except Exception:
                    pass
                self[k[len(prefix) + 1:]] = v
        return True

    def from_envvar(self, name, silent=False):
        return self.from_pyfile(os.environ[name], silent)

    def from_pyfile(self, filename, silent=False):
        d = {}
        with open(os.path.join(self.root_path, filename)) as f:
            exec(f.read(), d)
        return self.from_mapping({k: v for k, v in d.items() if k.isupper()})

    def from_file(self, filename, load, silent=False, text=True):
        with open(os.path.join(self.root_path, filename), "r" if text else "rb") as f:
            return self.from_mapping(load(f))
