# Files, print, imports, and the program's start and end.

_call = _native_modules["_os"].call
_sys = _new_module("sys")
_sd = _sys.__dict__


# ---- files

class UnsupportedOperation(OSError, ValueError):
    pass


UnsupportedOperation.__module__ = "io"


class IOBase:
    closed = False

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *exc):
        self.close()

    def __iter__(self):
        self._check()
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def readlines(self, hint=-1):
        return [*self]

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def seekable(self):
        return False

    def readable(self):
        return False

    def writable(self):
        return False

    def isatty(self):
        return False

    def flush(self):
        pass

    def close(self):
        self.closed = True


class FileIO(IOBase):
    """A descriptor with a buffer for reading and one for writing."""

    def __init__(self, fd, name, mode, reading, writing):
        self._fd = fd
        self.name = name
        self.mode = mode
        self._reading = reading
        self._writing = writing
        self._in = b""
        self._out = []
        self._size = 0
        self._eof = False
        self._buffered = True

    def fileno(self):
        self._check()
        return self._fd

    def isatty(self):
        self._check()
        return _call("isatty", self._fd) == 1

    def readable(self):
        return self._reading

    def writable(self):
        return self._writing

    def seekable(self):
        return True

    def read(self, n=-1):
        self._check()
        if not self._reading:
            raise UnsupportedOperation("read")
        if self._out:
            self.flush()
        if n is None or n < 0:
            parts = [self._in]
            self._in = b""
            while True:
                b = _call("read", self._fd, 65536)
                if not b:
                    return b"".join(parts)
                parts.append(b)
        while len(self._in) < n:
            b = _call("read", self._fd, max(n - len(self._in), 8192))
            if not b:
                break
            self._in += b
        r = self._in[:n]
        self._in = self._in[n:]
        return r

    def read1(self, n=-1):
        self._check()
        if not self._in:
            self._in = _call("read", self._fd, 8192)
        if n is None or n < 0:
            n = len(self._in)
        r = self._in[:n]
        self._in = self._in[n:]
        return r

    def readline(self, limit=-1):
        self._check()
        if not self._reading:
            raise UnsupportedOperation("not readable")
        if self._out:
            self.flush()
        while True:
            i = self._in.find(b"\n")
            if i >= 0:
                r = self._in[:i + 1]
                self._in = self._in[i + 1:]
                return r
            b = _call("read", self._fd, 8192)
            if not b:
                r = self._in
                self._in = b""
                return r
            self._in += b

    def write(self, b):
        self._check()
        if not self._writing:
            raise UnsupportedOperation("write")
        b = bytes(b)
        self._out.append(b)
        self._size += len(b)
        if self._size >= 8192 or not self._buffered:
            self.flush()
        return len(b)

    def flush(self):
        if not self._out:
            return
        b = b"".join(self._out)
        self._out = []
        self._size = 0
        while b:
            n = _call("write", self._fd, b)
            if n >= len(b):
                break
            b = b[n:]

    def seek(self, offset, whence=0):
        self._check()
        self.flush()
        if whence == 1:
            offset -= len(self._in)
        self._in = b""
        return _call("seek", self._fd, offset, whence)

    def tell(self):
        self.flush()
        return _call("seek", self._fd, 0, 1) - len(self._in)

    def truncate(self, size=None):
        self.flush()
        if size is None:
            size = self.tell()
        _call("truncate", self._fd, size)
        return size

    def close(self):
        if not self.closed:
            try:
                self.flush()
            finally:
                self.closed = True
                _call("close", self._fd)

    def __repr__(self):
        return "<_io.Buffered%s name=%r>" % ("Writer" if self._writing else "Reader", self.name)


FileIO.__name__ = "BufferedReader"
FileIO.__module__ = "_io"


class TextIOWrapper(IOBase):
    def __init__(self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False):
        self.buffer = buffer
        self.encoding = encoding or "utf-8"
        self.errors = errors or "strict"
        self.newlines = newline
        self.line_buffering = line_buffering
        self.write_through = write_through
        self.name = getattr(buffer, "name", None)
        self._pending = ""

    @property
    def mode(self):
        return self.buffer.mode

    @property
    def closed(self):
        return self.buffer.closed

    def fileno(self):
        return self.buffer.fileno()

    def isatty(self):
        return self.buffer.isatty()

    def readable(self):
        return self.buffer.readable()

    def writable(self):
        return self.buffer.writable()

    def seekable(self):
        return self.buffer.seekable()

    def reconfigure(self, *, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None):
        if line_buffering is not None:
            self.line_buffering = line_buffering
        if write_through is not None:
            self.write_through = write_through
        if encoding is not None:
            self.encoding = encoding

    def write(self, s, /):
        if not isinstance(s, str):
            raise TypeError("write() argument must be str, not " + type(s).__name__)
        b = self.buffer
        if b.closed:
            raise ValueError("I/O operation on closed file.")
        if not b._writing:
            raise UnsupportedOperation("not writable")
        data = s.encode(self.encoding, self.errors)
        b._out.append(data)
        b._size += len(data)
        if self.write_through or b._size >= 8192 or (self.line_buffering and "\n" in s):
            b.flush()
        return len(s)

    def _decode(self, b):
        s = b.decode(self.encoding, self.errors)
        if self.newlines is None and "\r" in s:
            s = s.replace("\r\n", "\n").replace("\r", "\n")
        return s

    def read(self, n=-1):
        b = self.buffer
        if b.closed:
            raise ValueError("I/O operation on closed file.")
        if not b._reading:
            raise UnsupportedOperation("not readable")
        if n is None or n < 0:
            s = self._pending + self._decode(b.read())
            self._pending = ""
            return s
        while len(self._pending) < n:
            line = b.readline()
            if not line:
                break
            self._pending += self._decode(line)
        s = self._pending[:n]
        self._pending = self._pending[n:]
        return s

    def readline(self, limit=-1):
        if self._pending:
            i = self._pending.find("\n")
            if i >= 0:
                s = self._pending[:i + 1]
                self._pending = self._pending[i + 1:]
                return s
            s = self._pending
            self._pending = ""
            return s + self._decode(self.buffer.readline())
        return self._decode(self.buffer.readline())

    def flush(self):
        self.buffer.flush()

    def seek(self, offset, whence=0):
        self._pending = ""
        return self.buffer.seek(offset, whence)

    def tell(self):
        return self.buffer.tell() - len(self._pending)

    def truncate(self, size=None):
        return self.buffer.truncate(size)

    def detach(self):
        return self.buffer

    def close(self):
        self.buffer.close()

    def __repr__(self):
        return "<_io.TextIOWrapper name=%r mode=%r encoding=%r>" % (self.name, self.mode, self.encoding)


TextIOWrapper.__module__ = "_io"


class _PathLikeType(type):
    def __instancecheck__(cls, x):
        return hasattr(x, "__fspath__")


class _PathLike(metaclass=_PathLikeType):
    pass


_PathLike.__name__ = "PathLike"


def _fspath(path):
    if isinstance(path, (str, bytes, int)):
        return path
    m = _user_method(path, "__fspath__")
    if m is None:
        raise TypeError("expected str, bytes or os.PathLike object, not " + _type_name(path))
    return m(path)


def open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    if not isinstance(mode, str):
        raise TypeError("open() argument 'mode' must be str, not " + _type_name(mode))
    path = _fspath(file)
    plus = "+" in mode
    binary = "b" in mode
    kinds = [c for c in mode if c in "rwax"]
    if [c for c in mode if c not in "rwaxbt+U"] or len(mode) != len(set(mode)):
        raise ValueError("invalid mode: %r" % mode)
    if len(kinds) != 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    if binary and "t" in mode:
        raise ValueError("can't have text and binary mode at once")
    if binary and encoding is not None:
        raise ValueError("binary mode doesn't take an encoding argument")
    kind = kinds[0]
    reading = kind == "r" or plus
    writing = kind != "r" or plus
    if isinstance(path, int):
        fd = path
    else:
        flags = 2 if plus else (0 if kind == "r" else 1)
        flags |= {"r": 0, "w": 0o1000 | 0o100, "a": 0o2000 | 0o100, "x": 0o200 | 0o100}[kind]
        fd = _call("open", path, flags | 0o2000000, 0o666)
        if kind == "r" and not plus:
            try:
                st = _call("fstat_mode", fd) if False else _call("stat", path)
            except OSError:
                st = None
            if st is not None and st[0] & 0o170000 == 0o040000:
                _call("close", fd)
                raise IsADirectoryError(21, "Is a directory", path)
    raw = FileIO(fd, file if isinstance(file, (str, int)) else path, mode, reading, writing)
    if binary:
        return raw
    f = TextIOWrapper(raw, encoding, errors, newline, buffering == 1)
    if isinstance(path, int) and buffering == -1:
        f.line_buffering = raw.isatty()
    return f


# ---- print and input

def print(*args, sep=" ", end="\n", file=None, flush=False):
    if file is None:
        file = _sd.get("stdout")
        if file is None:
            return
    if sep is None:
        sep = " "
    elif not isinstance(sep, str):
        raise TypeError("sep must be None or a string, not " + _type_name(sep))
    if end is None:
        end = "\n"
    elif not isinstance(end, str):
        raise TypeError("end must be None or a string, not " + _type_name(end))
    if len(args) == 1:
        s = _to_text(args[0]) + end
    else:
        s = sep._join([_to_text(a) for a in args]) + end
    file.write(s)
    if flush:
        file.flush()


def input(prompt="", /):
    out = _sd["stdout"]
    if prompt != "":
        out.write(_to_text(prompt))
    out.flush()
    line = _sd["stdin"].readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line[:-1] if line.endswith("\n") else line


# ---- modules

class ModuleSpec:
    def __init__(self, name, loader=None, *, origin=None, is_package=None):
        self.name = name
        self.loader = loader
        self.origin = origin
        self.submodule_search_locations = [] if is_package else None

    @property
    def parent(self):
        return self.name if self.submodule_search_locations is not None else self.name.rpartition(".")[0]


def _import(name, globals, fromlist, level):
    if level:
        package = globals.get("__package__")
        if package is None:
            package = globals.get("__name__", "")
            if "__path__" not in globals:
                package = package.rpartition(".")[0]
        if not package:
            raise ImportError("attempted relative import with no known parent package")
        parts = package.split(".")
        if level > len(parts):
            raise ImportError("attempted relative import beyond top-level package")
        base = ".".join(parts[:len(parts) - level + 1])
        name = base + "." + name if name else base
    module = _load(name)
    if fromlist:
        if "__path__" in module.__dict__:
            for n in fromlist:
                if n != "*" and n not in module.__dict__:
                    try:
                        _load(name + "." + n)
                    except ModuleNotFoundError as e:
                        if e.name != name + "." + n:
                            raise
        return module
    return module if level else _modules[name.split(".")[0]]


def _not_found(name, extra=""):
    e = ModuleNotFoundError("No module named %r%s" % (name, extra))
    e.name = name
    return e


def _load(name):
    m = _modules.get(name)
    if m is not None:
        return m
    parent, _, last = name.rpartition(".")
    path = None
    if parent:
        p = _load(parent)
        m = _modules.get(name)
        if m is not None:
            return m
        path = p.__dict__.get("__path__")
        if path is None:
            raise _not_found(name, "; %r is not a package" % parent)
    m = _find(name, last, path)
    if parent:
        setattr(_modules[parent], last, m)
    return m


def _find(name, last, path):
    n = _native_modules.get(name)
    if n is not None and not name.startswith("_"):
        f = _frozen(name)
        if f is None:
            _modules[name] = n
            return n
    f = _frozen(name)
    if f is not None:
        m = _new_module(name)
        d = m.__dict__
        d["_native"] = _native_modules.get(name)
        d["_os_call"] = _call
        d["_self_dict"] = d
        d["_native_modules"] = _native_modules
        d["_prelude_get"] = _prelude_get
        _set_package(d, name, f[1])
        if f[1]:
            d["__path__"] = [_lib[0] + "/" + name.replace(".", "/")]
        d["__spec__"] = ModuleSpec(name, origin="frozen", is_package=f[1])
        if name not in ("json", "os"):
            pass
        d["__file__"] = _lib[0] + "/" + name.replace(".", "/") + ("/__init__.py" if f[1] else ".py")
        code = _compiled.get(name)
        if code is None:
            code = _compile(f[0], d["__file__"], "hidden", False)
        return _run_module(name, m, code)
    for entry in (_sd["path"] if path is None else path):
        base = (entry or ".") + "/" + last
        if entry == "":
            base = _call("getcwd") + "/" + last
        try:
            st = _call("stat", base)
        except OSError:
            st = None
        if st is not None and st[0] & 0o170000 == 0o040000:
            init = base + "/__init__.py"
            text = _read_source(init)
            if text is not None:
                m = _new_module(name)
                _set_package(m.__dict__, name, True)
                m.__dict__["__path__"] = [base]
                return _run_file(name, m, init, text)
            namespace = base
        else:
            text = _read_source(base + ".py")
            if text is not None:
                m = _new_module(name)
                _set_package(m.__dict__, name, False)
                return _run_file(name, m, base + ".py", text)
            continue
        m = _new_module(name)
        _set_package(m.__dict__, name, True)
        m.__dict__["__path__"] = [namespace]
        _modules[name] = m
        return m
    raise _not_found(name)


_compiled = {}


def _set_package(d, name, is_package):
    d["__package__"] = name if is_package else name.rpartition(".")[0]


def _read_bytes(path):
    fd = _call("open", path, 0o2000000, 0)
    try:
        parts = []
        while True:
            b = _call("read", fd, 65536)
            if not b:
                return b"".join(parts)
            parts.append(b)
    finally:
        _call("close", fd)


def _read_source(path):
    try:
        return _read_bytes(path).decode()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _run_file(name, m, path, text):
    m.__dict__["__file__"] = path
    m.__dict__["__spec__"] = ModuleSpec(name, origin=path, is_package="__path__" in m.__dict__)
    return _run_module(name, m, _compile(text, path, "exec", True))


def _run_module(name, m, code):
    _modules[name] = m
    try:
        _exec_code(code, m.__dict__, None)
    except BaseException:
        _modules.pop(name, None)
        raise
    return _modules.get(name, m)


def _import_from(m, name):
    try:
        return _getattr_builtin(m, name)
    except AttributeError:
        pass
    full = getattr(m, "__name__", "<unknown module name>")
    sub = _modules.get(full + "." + name)
    if sub is not None:
        return sub
    where = getattr(m, "__file__", None)
    e = ImportError("cannot import name %r from %r (%s)" % (name, full, where or "unknown location"))
    e.name = full
    e.path = where
    raise e


_getattr_builtin = _builtins["_getattr"]
_getattr = _getattr_builtin


def _import_star(m, globals):
    d = m.__dict__
    names = d.get("__all__")
    if names is None:
        names = [n for n in d if not n.startswith("_")]
    for n in names:
        globals[n] = getattr(m, n)


def __import__(name, globals=None, locals=None, fromlist=(), level=0):
    return _import(name, globals or {}, fromlist, level)


# ---- errors that nobody caught

def _safe_text(e):
    try:
        return _to_text(e)
    except Exception:
        return "<exception str() failed>"


def _format_chain(e, seen=None):
    if seen is None:
        seen = []
    out = ""
    parts = _exc_parts(e)
    seen.append(e)
    cause, context, suppress = parts
    if cause is not None and not any(x is cause for x in seen):
        out += _format_chain(cause, seen) + "\nThe above exception was the direct cause of the following exception:\n\n"
    elif context is not None and not suppress and not any(x is context for x in seen):
        out += _format_chain(context, seen) + "\nDuring handling of the above exception, another exception occurred:\n\n"
    out += _format_exc(e, _safe_text(e), True)
    for note in getattr(e, "__notes__", ()):
        out += _to_text(note) + "\n"
    return out


def _excepthook(typ, value, tb):
    err = _sd.get("stderr")
    if err is not None:
        err.write(_format_chain(value))
        err.flush()


def _exc_info():
    e = _handled()
    if e is None:
        return (None, None, None)
    return (type(e), e, e.__traceback__)


def _exception():
    return _handled()


# ---- signals

_handlers = {}
SIG_DFL = 0
SIG_IGN = 1


def _default_int(signum, frame):
    raise KeyboardInterrupt


def _on_signal(n):
    h = _handlers.get(n)
    if h is None or h == SIG_DFL:
        if n == 2:
            raise KeyboardInterrupt
        return
    if h == SIG_IGN:
        return
    h(n, None)


# ---- the program

def _flush_std():
    for n in ("stdout", "stderr"):
        f = _sd.get(n)
        if f is not None and not f.closed:
            try:
                f.flush()
            except OSError as e:
                if n == "stdout":
                    return 120
    return 0


_atexit = []


def _exit_handlers():
    while _atexit:
        f, a, k = _atexit.pop()
        try:
            f(*a, **k)
        except SystemExit:
            pass
        except BaseException as e:
            _sd["stderr"].write("Exception ignored in atexit callback: %r\n" % f + _format_chain(e))


def _std(fd, name, mode, tty, unbuffered):
    raw = FileIO(fd, name, mode, mode == "r", mode == "w")
    f = TextIOWrapper(raw, "utf-8", "strict")
    f.line_buffering = tty or fd == 2
    f.write_through = unbuffered
    if fd == 2:
        f.errors = "backslashreplace"
    return f


def _which(name, env):
    """The path of the interpreter, from how it was called."""
    if "/" in name:
        return name if name.startswith("/") else _call("getcwd") + "/" + name
    for folder in env.get("PATH", "/usr/local/bin:/usr/bin:/bin").split(":"):
        if folder and _exists(folder + "/" + name):
            return folder + "/" + name
    return ""


# Where the standard library is.
_lib = ["/usr/local/lib/python3.11"]


def _locate(env, executable):
    """Prefixes and module search path, as Modules/getpath.py and Lib/site.py find them."""
    d = _sd
    minor = "%d.%d" % d["version_info"][:2]
    real = executable
    for _ in range(40):
        try:
            target = _call("readlink", real)
        except OSError:
            break
        real = target if target.startswith("/") else real.rpartition("/")[0] + "/" + target
    base = real.rpartition("/")[0].rpartition("/")[0] or ("/usr/local" if not real else "/usr")
    prefix = executable.rpartition("/")[0].rpartition("/")[0]
    settings = _read_source(prefix + "/pyvenv.cfg") if prefix else None
    venv = settings is not None
    if not venv:
        prefix = base
    _lib[0] = base + "/lib/python" + minor
    path = [base + "/lib/python" + minor.replace(".", "") + ".zip", _lib[0], _lib[0] + "/lib-dynload"]
    if venv:
        path.append(prefix + "/lib/python" + minor + "/site-packages")
    if not venv or "include-system-site-packages = true" in settings:
        user = env.get("HOME", "") + "/.local/lib/python" + minor + "/site-packages"
        if not env.get("PYTHONNOUSERSITE") and _exists(user):
            path.append(user)
        if base == "/usr" and _exists("/etc/debian_version"):
            # Debian's own packages, and what root installs beside them.
            path += ["/usr/local/lib/python" + minor + "/dist-packages", "/usr/lib/python3/dist-packages"]
        else:
            path.append(_lib[0] + "/site-packages")
    d["path"] = path
    d["prefix"] = d["exec_prefix"] = prefix
    d["base_prefix"] = d["base_exec_prefix"] = base
    d["_base_executable"] = real


def _setup(env, executable, argv, unbuffered):
    d = _sd
    d["argv"] = argv
    d["executable"] = executable
    d["modules"] = _modules
    d["stdin"] = _std(0, "<stdin>", "r", False, False)
    d["stdout"] = _std(1, "<stdout>", "w", _call("isatty", 1) == 1, unbuffered)
    d["stderr"] = _std(2, "<stderr>", "w", False, unbuffered)
    d["__stdin__"] = d["stdin"]
    d["__stdout__"] = d["stdout"]
    d["__stderr__"] = d["stderr"]
    _locate(env, executable)
    extra = env.get("PYTHONPATH")
    if extra:
        d["path"][0:0] = extra.split(":")


class _VersionInfo(tuple):
    major = property(lambda s: s[0])
    minor = property(lambda s: s[1])
    micro = property(lambda s: s[2])
    releaselevel = property(lambda s: s[3])
    serial = property(lambda s: s[4])

    def __repr__(self):
        return "sys.version_info(major=%d, minor=%d, micro=%d, releaselevel=%r, serial=%d)" % tuple(self)


class _Namespace:
    def __init__(self, **kw):
        self.__dict__.update(kw)

    def __repr__(self):
        return "namespace(" + ", ".join([k + "=" + repr(v) for k, v in self.__dict__.items()]) + ")"


_Namespace.__name__ = "SimpleNamespace"
_Namespace.__module__ = "types"


def _sys_exit(status=None, /):
    raise SystemExit(*([] if status is None else [status]))


def _set_version(version):
    d = _sd
    numbers = [int(n) for n in version.split(".")[:3]]
    built = "Jun  3 2025, 18:38:25) [GCC 12.2.0]" if numbers[1] < 12 else "Aug  5 2026, 01:12:14) [GCC 14.2.0]"
    d["version"] = version + " (main, " + built
    d["version_info"] = _VersionInfo(numbers + ["final", 0])
    d["hexversion"] = numbers[0] << 24 | numbers[1] << 16 | numbers[2] << 8 | 0xF0
    tag = "cpython-%d%d" % (numbers[0], numbers[1])
    d["implementation"] = _Namespace(name="cpython", version=d["version_info"], cache_tag=tag, hexversion=d["hexversion"])


def _fill_sys():
    d = _sd
    _set_version("3.11.13")
    d["platform"] = "linux"
    d["maxsize"] = 0x7FFFFFFFFFFFFFFF
    d["maxunicode"] = 0x10FFFF
    d["byteorder"] = "little"
    d["float_info"] = _Namespace(max=1.7976931348623157e308, min=2.2250738585072014e-308, epsilon=2.220446049250313e-16, dig=15, mant_dig=53)
    d["exit"] = _sys_exit
    d["exc_info"] = _exc_info
    d["exception"] = _exception
    d["excepthook"] = _excepthook
    d["__excepthook__"] = _excepthook
    d["getrecursionlimit"] = lambda: _recursion_limit(0)
    d["setrecursionlimit"] = lambda n: _recursion_limit(n) and None
    d["getsizeof"] = lambda o, default=0: 48 + 8 * (len(o) if hasattr(o, "__len__") else 0)
    d["intern"] = lambda s: s
    d["getrefcount"] = lambda o: 2
    d["getdefaultencoding"] = lambda: "utf-8"
    d["getfilesystemencoding"] = lambda: "utf-8"
    d["flags"] = _Namespace(debug=0, inspect=0, interactive=0, optimize=0, dont_write_bytecode=0, verbose=0)
    d["builtin_module_names"] = ("builtins", "sys", "time", "math")
    d["stdlib_module_names"] = frozenset()
    d["warnoptions"] = []
    d["path_hooks"] = []
    d["meta_path"] = []
    d["dont_write_bytecode"] = False
    d["displayhook"] = lambda v: None if v is None else print(repr(v))
    d["copyright"] = "Copyright (c) 2001-2023 Python Software Foundation.\nAll Rights Reserved."
    d["_MEIPASS"] = None
    del d["_MEIPASS"]


_fill_sys()
_modules["sys"] = _sys
_modules["builtins"] = _native_modules["builtins"]


def _usage(msg):
    _sd["stderr"].write(msg + "\nusage: python [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `python -h' for more information.\n")
    return 2


def _main(argv):
    try:
        _status[0] = _main_inner(argv)
    except BaseException as e:
        _status[0] = _report(e)
    try:
        _exit_handlers()
    except BaseException as e:
        _status[0] = _report(e)
    try:
        n = _flush_std()
        if n:
            _status[0] = n
    except BaseException:
        pass
    _exit(_status[0])


_status = [0]


def _report(e):
    if "stderr" not in _sd:
        raise e
    if isinstance(e, SystemExit):
        a = e.args
        code = a[0] if len(a) == 1 else (None if not a else a)
        c = getattr(e, "code", code)
        code = c if c is not None else code
        if code is None:
            return 0
        if isinstance(code, int):
            return code & 255
        try:
            _sd["stdout"].flush()
        except BaseException:
            pass
        _sd["stderr"].write(_to_text(code) + "\n")
        return 1
    try:
        _sd["stdout"].flush()
    except BaseException:
        pass
    try:
        _sd["excepthook"](type(e), e, e.__traceback__)
    except BaseException:
        _excepthook(type(e), e, e.__traceback__)
    return 130 if isinstance(e, KeyboardInterrupt) else 1


def _main_inner(argv):
    env, called, version = _config()
    _set_version(version)
    executable = _which(called, env)
    args = argv[1:]
    unbuffered = bool(env.get("PYTHONUNBUFFERED"))
    command = module = script = None
    i = 0
    while i < len(args):
        a = args[i]
        if a == "-" or not a.startswith("-"):
            break
        i += 1
        if a == "--":
            break
        if a in ("-V", "--version", "-VV"):
            _setup(env, executable, argv, unbuffered)
            print("Python " + (version if a != "-VV" else _sd["version"]))
            return 0
        if a.startswith("--"):
            _setup(env, executable, argv, True)
            return _usage("unknown option " + a)
        j = 1
        while j < len(a):
            c = a[j]
            j += 1
            if c == "u":
                unbuffered = True
            elif c in "cm":
                value = a[j:]
                if not value:
                    if i >= len(args):
                        _setup(env, executable, argv, True)
                        return _usage("Argument expected for the -%s option" % c)
                    value = args[i]
                    i += 1
                if c == "c":
                    command = value
                else:
                    module = value
                break
            elif c in "BEIOPSbdqsvix":
                pass
            elif c in "WX":
                if j >= len(a):
                    i += 1
                break
            else:
                _setup(env, executable, argv, True)
                return _usage("Unknown option: -" + c)
        if command is not None or module is not None:
            break
    rest = args[i:]
    main = _new_module("__main__")
    d = main.__dict__
    d["__annotations__"] = {}
    d["__builtins__"] = _native_modules["builtins"]
    _modules["__main__"] = main
    if command is not None:
        _setup(env, executable, ["-c"] + rest, unbuffered)
        _sd["path"].insert(0, "")
        _exec_code(_compile(command, "<string>", "exec", False), d, None)
        return 0
    if module is not None:
        _setup(env, executable, ["-m"] + rest, unbuffered)
        _sd["path"].insert(0, _call("getcwd"))
        return _run_dash_m(module, d)
    if rest and rest[0] != "-":
        script = rest[0]
        _setup(env, executable, rest, unbuffered)
        try:
            st = _call("stat", script)
            if st[0] & 0o170000 == 0o040000:
                script = script.rstrip("/") + "/__main__.py"
                try:
                    _call("stat", script)
                except OSError:
                    _sd["stderr"].write("%s: can't find '__main__' module in '%s'\n" % (executable, rest[0]))
                    return 1
            text = _read_bytes(script)
        except OSError as e:
            full = script if script.startswith("/") else _call("getcwd") + "/" + script
            _sd["stderr"].write("%s: can't open file '%s': [Errno %d] %s\n" % (called, full, e.errno, e.strerror))
            return 2
        full = script if script.startswith("/") else _call("getcwd") + "/" + script
        _sd["path"].insert(0, _normal_dir(full))
        d["__file__"] = full
        try:
            text = text.decode()
        except UnicodeDecodeError:
            e = SyntaxError("(unicode error) 'utf-8' codec can't decode the source")
            raise e from None
        _exec_code(_compile(text, full, "exec", True), d, None)
        return 0
    _setup(env, executable, [""] if not rest else rest, unbuffered)
    _sd["path"].insert(0, "")
    if _call("isatty", 0) == 1:
        return _interact(d)
    text = _sd["stdin"].read()
    _exec_code(_compile(text, "<stdin>", "exec", False), d, None)
    return 0


def _display(value):
    """sys.displayhook, as the prompt calls it."""
    _sd["displayhook"](value)


def _displayhook(value):
    if value is not None:
        _builtins["_"] = None
        _sd["stdout"].write(repr(value) + "\n")
        _builtins["_"] = value


class _Quitter:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return "Use %s() or Ctrl-D (i.e. EOF) to exit" % self.name

    def __call__(self, code=None):
        raise SystemExit(code)


_COMPOUND = ("if", "for", "while", "def", "class", "with", "try", "async", "match")

# What a syntax error says where more lines may mend it.
_UNFINISHED = ("was never closed", "unexpected EOF", "unterminated triple-quoted", "expected an indented block")


def _unfinished(lines, e):
    """Whether the statement may go on in the next line."""
    if not any(w in e.msg for w in _UNFINISHED):
        return False
    return "expected an indented block" not in e.msg or not lines[-1].strip() or e.lineno >= len(lines)


def _interact(d):
    """The prompt (Python/pythonrun.c, PyRun_InteractiveLoop)."""
    out, err = _sd["stdout"], _sd["stderr"]
    _sd.setdefault("ps1", ">>> ")
    _sd.setdefault("ps2", "... ")
    out.write('Python %s on linux\nType "help", "copyright", "credits" or "license" for more information.\n' % _sd["version"])
    lines = []
    while True:
        try:
            out.write(str(_sd["ps2"] if lines else _sd["ps1"]))
            out.flush()
            line = _sd["stdin"].readline()
            if not line:
                out.write("\n")
                out.flush()
                return 0
            line = line.rstrip("\n")
            if not lines and not line.strip():
                continue
            if not lines and _sd["version_info"] >= (3, 13) and line.strip() in ("exit", "quit"):
                return 0
            lines.append(line)
            try:
                code = _compile("\n".join(lines) + "\n", "<stdin>", "single", False)
            except SyntaxError as e:
                if _unfinished(lines, e):
                    continue
                lines = []
                err.write(_format_chain(e))
                err.flush()
                continue
            # A block ends with an empty line.
            if line.strip() and (lines[0][0] == "@" or lines[0].replace(":", " ").split()[0] in _COMPOUND):
                continue
            lines = []
            _exec_code(code, d, None)
            out.flush()
        except SystemExit:
            raise
        except KeyboardInterrupt:
            lines = []
            out.write("\nKeyboardInterrupt\n")
            out.flush()
        except BaseException as e:
            lines = []
            out.flush()
            _sd["last_value"] = e
            _sd["excepthook"](type(e), e, e.__traceback__)


def _normal_dir(full):
    parts = []
    for p in full.split("/")[:-1]:
        if p == "..":
            if parts:
                parts.pop()
        elif p and p != ".":
            parts.append(p)
    return "/" + "/".join(parts)


def _exists(path):
    try:
        _call("stat", path, True)
        return True
    except OSError:
        return False


def _run_dash_m(name, d):
    def missing(why):
        _sd["stderr"].write("%s: %s\n" % (_sd["executable"], why))
        return 1
    try:
        parent, _, last = name.rpartition(".")
        path = _sd["path"]
        if parent:
            path = _load(parent).__path__
    except ModuleNotFoundError as e:
        return missing("Error while finding module specification for %r (%s: %s)" % (name, type(e).__name__, e))
    is_package = False
    f = _frozen(name + ".__main__")
    if f is None:
        f = _frozen(name)
    if f is not None:
        file = _lib[0] + "/" + name.replace(".", "/") + ".py"
        _sd["argv"][0] = file
        d["__file__"] = file
        d["_os_call"] = _call
        d["_prelude_get"] = _prelude_get
        d["__package__"] = name
        _exec_code(_compile(f[0], file, "hidden", False), d, None)
        return 0
    for entry in path:
        base = (entry or _call("getcwd")) + "/" + last
        for file, package in ((base + "/__main__.py", True), (base + ".py", False)):
            text = _read_source(file)
            if text is None:
                continue
            if package:
                _load(name)
            _sd["argv"][0] = file
            d["__file__"] = file
            d["__package__"] = name if package else parent
            d["__spec__"] = ModuleSpec(name + ".__main__" if package else name, origin=file)
            _exec_code(_compile(text, file, "exec", True), d, None)
            return 0
        if _read_source(base + "/__init__.py") is not None:
            return missing("No module named %s.__main__; '%s' is a package and cannot be directly executed" % (name, name))
    # pip is a program of its own here, beside the interpreter.
    pip = _sd["executable"].rpartition("/")[0] + "/pip"
    if name == "pip" and _exists(pip):
        _call("exec", pip, ["pip"] + _sd["argv"][1:], _config()[0])
    return missing("No module named " + name)


for _n in ("print", "input", "open", "__import__"):
    _builtins[_n] = _prelude_get(_n)
_sd["displayhook"] = _sd["__displayhook__"] = _displayhook
_builtins["IOError"] = _builtins["EnvironmentError"] = OSError
_builtins["exit"] = _Quitter("exit")
_builtins["quit"] = _Quitter("quit")
