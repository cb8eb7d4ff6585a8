# tempfile: files and folders with names that nobody has.
import os
import random
import shutil

template = "tmp"
tempdir = None
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"


def gettempdir():
    if tempdir is not None:
        return tempdir
    for d in (os.environ.get("TMPDIR"), os.environ.get("TEMP"), os.environ.get("TMP"), "/tmp", "/var/tmp", "/usr/tmp"):
        if d and os.path.isdir(d):
            return d
    return os.getcwd()


def gettempprefix():
    return template


def _names(suffix, prefix, dir):
    own = random.Random(int.from_bytes(os.urandom(8), "big"))
    base = os.path.abspath(dir or gettempdir())
    for _ in range(10000):
        name = "".join([own.choice(_LETTERS) for _ in range(8)])
        yield os.path.join(base, (template if prefix is None else prefix) + name + (suffix or ""))
    raise FileExistsError(17, "No usable temporary file name found")


def mkstemp(suffix=None, prefix=None, dir=None, text=False):
    for path in _names(suffix, prefix, dir):
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), path
        except FileExistsError:
            continue


def mkdtemp(suffix=None, prefix=None, dir=None):
    for path in _names(suffix, prefix, dir):
        try:
            os.mkdir(path, 0o700)
            return path
        except FileExistsError:
            continue


def mktemp(suffix="", prefix=template, dir=None):
    for path in _names(suffix, prefix, dir):
        if not os.path.lexists(path):
            return path


class _Named:
    def __init__(self, file, name, delete):
        self.file, self.name, self._delete = file, name, delete

    def __getattr__(self, name):
        return getattr(self.__dict__["file"], name)

    def __iter__(self):
        return iter(self.file)

    def __enter__(self):
        return self

    def __exit__(self, *a):
        self.close()

    def close(self):
        self.file.close()
        if self._delete and os.path.exists(self.name):
            self._delete = False
            os.unlink(self.name)


def NamedTemporaryFile(mode="w+b", buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None,
                       delete=True, *, errors=None):
    fd, path = mkstemp(suffix, prefix, dir)
    os.close(fd)
    return _Named(open(path, mode, encoding=encoding, newline=newline, errors=errors), path, delete)


def TemporaryFile(mode="w+b", buffering=-1, encoding=None, newline=None, suffix=None, prefix=None, dir=None, *, errors=None):
    return NamedTemporaryFile(mode, buffering, encoding, newline, suffix, prefix, dir, errors=errors)


class TemporaryDirectory:
    def __init__(self, suffix=None, prefix=None, dir=None, ignore_cleanup_errors=False):
        self.name = mkdtemp(suffix, prefix, dir)

    def __repr__(self):
        return "<TemporaryDirectory %r>" % self.name

    def __enter__(self):
        return self.name

    def __exit__(self, *a):
        self.cleanup()

    def cleanup(self):
        if os.path.exists(self.name):
            shutil.rmtree(self.name)
