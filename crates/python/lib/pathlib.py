# pathlib: paths as objects, for POSIX.
import os


class PurePath:
    def __init__(self, *parts):
        text = os.path.join(*[os.fspath(p) for p in parts]) if parts else ""
        root = "/" if text.startswith("/") else ""
        self._parts = [p for p in text.split("/") if p and p != "."]
        self._root = root

    @classmethod
    def _of(cls, root, parts):
        p = cls()
        p._root, p._parts = root, parts
        return p

    def __str__(self):
        return self._root + "/".join(self._parts) or "."

    def __fspath__(self):
        return str(self)

    def __repr__(self):
        return "%s(%r)" % (type(self).__name__, str(self))

    def as_posix(self):
        return str(self)

    def __eq__(self, o):
        return str(self) == str(o) if isinstance(o, PurePath) else NotImplemented

    def __lt__(self, o):
        return self.parts < o.parts if isinstance(o, PurePath) else NotImplemented

    def __hash__(self):
        return hash(str(self))

    def __truediv__(self, other):
        try:
            return type(self)(self, other)
        except TypeError:
            return NotImplemented

    def __rtruediv__(self, other):
        return type(self)(other, self)

    @property
    def parts(self):
        return tuple(([self._root] if self._root else []) + self._parts)

    @property
    def root(self):
        return self._root

    anchor = root
    drive = ""

    @property
    def name(self):
        return self._parts[-1] if self._parts else ""

    @property
    def suffix(self):
        i = self.name.rfind(".")
        return self.name[i:] if 0 < i < len(self.name) - 1 else ""

    @property
    def suffixes(self):
        name = self.name
        return [] if name.endswith(".") else ["." + s for s in name.lstrip(".").split(".")[1:]]

    @property
    def stem(self):
        return self.name[:len(self.name) - len(self.suffix)]

    @property
    def parent(self):
        return self._of(self._root, self._parts[:-1]) if self._parts else self

    @property
    def parents(self):
        return tuple([self._of(self._root, self._parts[:i]) for i in range(len(self._parts) - 1, -1, -1)])

    def is_absolute(self):
        return self._root == "/"

    def joinpath(self, *other):
        return type(self)(self, *other)

    def with_name(self, name):
        if not self.name:
            raise ValueError("%r has an empty name" % self)
        return self._of(self._root, self._parts[:-1] + [name])

    def with_suffix(self, suffix):
        if suffix and (not suffix.startswith(".") or suffix == "."):
            raise ValueError("Invalid suffix %r" % suffix)
        return self.with_name(self.stem + suffix)

    def with_stem(self, stem):
        return self.with_name(stem + self.suffix)

    def relative_to(self, *other):
        o = type(self)(*other)
        n = len(o._parts)
        if o._root != self._root or self._parts[:n] != o._parts:
            raise ValueError("%r is not in the subpath of %r OR one path is relative and the other is absolute." % (str(self), str(o)))
        return self._of("", self._parts[n:])

    def is_relative_to(self, *other):
        try:
            self.relative_to(*other)
            return True
        except ValueError:
            return False

    def match(self, pattern):
        import glob
        want = [p for p in pattern.split("/") if p]
        have = self._parts[-len(want):]
        return len(have) == len(want) and all(glob._pattern(w).fullmatch(h) is not None for w, h in zip(want, have))


PurePosixPath = PurePath


class Path(PurePath):
    @classmethod
    def cwd(cls):
        return cls(os.getcwd())

    @classmethod
    def home(cls):
        return cls(os.path.expanduser("~"))

    def stat(self, *, follow_symlinks=True):
        return os.stat(self) if follow_symlinks else os.lstat(self)

    def exists(self):
        return os.path.exists(self)

    def is_file(self):
        return os.path.isfile(self)

    def is_dir(self):
        return os.path.isdir(self)

    def is_symlink(self):
        return os.path.islink(self)

    def open(self, mode="r", buffering=-1, encoding=None, errors=None, newline=None):
        return open(str(self), mode, encoding=encoding, errors=errors)

    def read_text(self, encoding=None, errors=None):
        with self.open(encoding=encoding) as f:
            return f.read()

    def read_bytes(self):
        with self.open("rb") as f:
            return f.read()

    def write_text(self, data, encoding=None, errors=None, newline=None):
        if not isinstance(data, str):
            raise TypeError("data must be str, not %s" % type(data).__name__)
        with self.open("w", encoding=encoding) as f:
            return f.write(data)

    def write_bytes(self, data):
        with self.open("wb") as f:
            return f.write(data)

    def mkdir(self, mode=0o777, parents=False, exist_ok=False):
        try:
            os.mkdir(self, mode)
        except FileNotFoundError:
            if not parents or self.parent == self:
                raise
            self.parent.mkdir(parents=True, exist_ok=True)
            self.mkdir(mode, exist_ok=exist_ok)
        except OSError:
            if not exist_ok or not self.is_dir():
                raise

    def rmdir(self):
        os.rmdir(self)

    def unlink(self, missing_ok=False):
        try:
            os.unlink(self)
        except FileNotFoundError:
            if not missing_ok:
                raise

    def touch(self, mode=0o666, exist_ok=True):
        open(str(self), "a" if exist_ok else "x").close()

    def rename(self, target):
        os.rename(self, target)
        return type(self)(target)

    replace = rename

    def chmod(self, mode):
        os.chmod(self, mode)

    def iterdir(self):
        for n in os.listdir(self):
            yield self / n

    def glob(self, pattern):
        import glob
        base = str(self)
        for p in glob.glob(os.path.join(base, pattern), recursive=True):
            yield type(self)(p)

    def rglob(self, pattern):
        return self.glob("**/" + pattern)

    def absolute(self):
        return self if self.is_absolute() else type(self)(os.getcwd(), self)

    def resolve(self, strict=False):
        return type(self)(os.path.realpath(self) if hasattr(os.path, "realpath") else os.path.abspath(self))

    def expanduser(self):
        return type(self)(os.path.expanduser(str(self)))


Path.__name__ = Path.__qualname__ = "PosixPath"
PurePath.__name__ = PurePath.__qualname__ = "PurePosixPath"
PosixPath = Path
