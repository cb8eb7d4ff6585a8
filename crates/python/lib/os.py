# os: processes, files, environment.
import sys
import posixpath as path

name = "posix"
sep = "/"
pathsep = ":"
linesep = "\n"
curdir = "."
pardir = ".."
extsep = "."
devnull = "/dev/null"
_call = _os_call
fspath = _prelude_get("_fspath")
PathLike = _prelude_get("_PathLike")
error = OSError

O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND = 0, 1, 2, 0o100, 0o200, 0o1000, 0o2000
SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
F_OK, R_OK, W_OK, X_OK = 0, 4, 2, 1
EX_OK = 0


class _Environ(dict):
    def __getitem__(self, key):
        if not isinstance(key, str):
            raise TypeError("str expected, not " + type(key).__name__)
        try:
            return dict.__getitem__(self, key)
        except KeyError:
            raise KeyError(key) from None

    def __setitem__(self, key, value):
        if not isinstance(key, str):
            raise TypeError("str expected, not " + type(key).__name__)
        if not isinstance(value, str):
            raise TypeError("str expected, not " + type(value).__name__)
        dict.__setitem__(self, key, value)

    def copy(self):
        return dict(self)

    def __repr__(self):
        return "environ(" + dict.__repr__(dict(self)) + ")"


environ = _Environ(_prelude_get("_config")()[0])


def getenv(key, default=None):
    return environ.get(key, default)


def putenv(key, value):
    environ[key] = value


def unsetenv(key):
    environ.pop(key, None)


def getpid():
    return _call("getpid")


def getppid():
    return _call("getppid")


def getuid():
    return _call("getuid")


def geteuid():
    return _call("getuid")


def getgid():
    return _call("getgid")


def getegid():
    return _call("getgid")


def getlogin():
    return environ.get("USER", "root")


def getcwd():
    return _call("getcwd")


def chdir(p):
    _call("chdir", fspath(p))


def listdir(p="."):
    return _call("listdir", fspath(p))


def mkdir(p, mode=0o777):
    _call("mkdir", fspath(p), mode)


def makedirs(name, mode=0o777, exist_ok=False):
    name = fspath(name)
    head, tail = path.split(name)
    if not tail:
        head, tail = path.split(head)
    if head and tail and not path.exists(head):
        makedirs(head, mode, exist_ok)
    try:
        mkdir(name, mode)
    except OSError:
        if not exist_ok or not path.isdir(name):
            raise


def rmdir(p):
    _call("rmdir", fspath(p))


def remove(p):
    _call("unlink", fspath(p))


unlink = remove


def removedirs(p):
    rmdir(p)


def rename(a, b):
    _call("rename", fspath(a), fspath(b))


replace = rename


def symlink(src, dst, target_is_directory=False):
    _call("symlink", fspath(src), fspath(dst))


def readlink(p):
    return _call("readlink", fspath(p))


def chmod(p, mode):
    _call("chmod", fspath(p), mode)


def kill(pid, sig):
    _call("kill", pid, int(sig))


WNOHANG = 1


def fork():
    # What is written so far is written once.
    for f in (sys.stdout, sys.stderr):
        f.flush()
    return _call("fork")


def waitpid(pid, options):
    return tuple(_call("wait", pid, options))


def wait():
    return waitpid(-1, 0)


def WIFEXITED(status):
    return status & 0x7F == 0


def WEXITSTATUS(status):
    return status >> 8 & 0xFF


def WIFSIGNALED(status):
    return status & 0x7F not in (0, 0x7F)


def WTERMSIG(status):
    return status & 0x7F


def waitstatus_to_exitcode(status):
    return WEXITSTATUS(status) if WIFEXITED(status) else -WTERMSIG(status)


def pipe():
    return tuple(_call("pipe"))


def dup2(fd, fd2, inheritable=True):
    _call("dup2", fd, fd2)
    return fd2


def setsid():
    _call("setsid")


def system(command):
    import subprocess
    sys.stdout.flush()
    p = subprocess.Popen(command, shell=True)
    p.wait()
    return -p.returncode if p.returncode < 0 else p.returncode << 8


def popen(cmd, mode="r", buffering=-1):
    import subprocess
    if mode == "r":
        p = subprocess.Popen(cmd, shell=True, text=True, stdout=subprocess.PIPE)
        f = p.stdout
    else:
        p = subprocess.Popen(cmd, shell=True, text=True, stdin=subprocess.PIPE)
        f = p.stdin
    close_file = f.close

    def close():
        close_file()
        code = p.wait()
        return None if code == 0 else -code if code < 0 else code << 8

    f.close = close
    return f


def fdopen(fd, mode="r", *args, **kwargs):
    raw = _prelude_get("FileIO")(fd, fd, mode, "r" in mode or "+" in mode, "w" in mode or "a" in mode or "+" in mode)
    return raw if "b" in mode else _prelude_get("TextIOWrapper")(raw, kwargs.get("encoding"), kwargs.get("errors"), None)


def cpu_count():
    return 2


def urandom(n):
    return _call("random", n)


def isatty(fd):
    return _call("isatty", fd) == 1


def open(p, flags, mode=0o777):
    return _call("open", fspath(p), flags, mode)


def read(fd, n):
    return _call("read", fd, n)


def write(fd, data):
    return _call("write", fd, data)


def close(fd):
    _call("close", fd)


def fsync(fd):
    pass


def strerror(n):
    return _native_modules["_os"].strerror(n)


def abort():
    _call("kill", getpid(), 6)


def _exit(code):
    _prelude_get("_exit")(code)


class stat_result(tuple):
    @property
    def st_mode(self):
        return self[0]

    @property
    def st_size(self):
        return self[6]

    @property
    def st_uid(self):
        return self[4]

    @property
    def st_gid(self):
        return self[5]

    @property
    def st_mtime(self):
        return self._mtime / 1e9

    @property
    def st_mtime_ns(self):
        return self._mtime

    st_atime = st_ctime = st_mtime


def _stat(p, follow):
    mode, size, uid, gid, mtime = _call("stat", p, follow)
    r = stat_result((mode, 0, 0, 1, uid, gid, size, mtime // 1000000000, mtime // 1000000000, mtime // 1000000000))
    r._mtime = mtime
    return r


def stat(p, follow_symlinks=True):
    return _stat(fspath(p), follow_symlinks)


def lstat(p):
    return _stat(fspath(p), False)


def access(p, mode):
    try:
        stat(p)
        return True
    except OSError:
        return False


class uname_result(tuple):
    sysname = property(lambda s: s[0])
    nodename = property(lambda s: s[1])
    release = property(lambda s: s[2])
    version = property(lambda s: s[3])
    machine = property(lambda s: s[4])

    def __repr__(self):
        return "posix.uname_result(sysname=%r, nodename=%r, release=%r, version=%r, machine=%r)" % tuple(self)


def uname():
    return uname_result(_call("uname"))


class DirEntry:
    def __init__(self, dir, name):
        self.name = name
        self.path = path.join(dir, name)

    def is_dir(self, follow_symlinks=True):
        return path.isdir(self.path)

    def is_file(self, follow_symlinks=True):
        return path.isfile(self.path)

    def is_symlink(self):
        return path.islink(self.path)

    def stat(self, follow_symlinks=True):
        return stat(self.path)

    def __fspath__(self):
        return self.path

    def __repr__(self):
        return "<DirEntry %r>" % self.name


class _Scan(list):
    def __enter__(self):
        return self

    def __exit__(self, *a):
        pass

    def close(self):
        pass


def scandir(p="."):
    p = fspath(p)
    return _Scan([DirEntry(p, n) for n in listdir(p)])


def walk(top, topdown=True, onerror=None, followlinks=False):
    top = fspath(top)
    dirs, files = [], []
    try:
        names = listdir(top)
    except OSError as e:
        if onerror is not None:
            onerror(e)
        return
    for n in names:
        (dirs if path.isdir(path.join(top, n)) else files).append(n)
    if topdown:
        yield top, dirs, files
    for d in dirs:
        yield from walk(path.join(top, d), topdown, onerror, followlinks)
    if not topdown:
        yield top, dirs, files


def get_terminal_size(fd=1):
    raise OSError(25, "Inappropriate ioctl for device")


sys.modules["os.path"] = path


def execve(path, args, env):
    _call("exec", fspath(path), [str(a) for a in args], dict(env))


def execv(path, args):
    execve(path, args, environ)


def execvpe(file, args, env):
    for d in [""] if "/" in file else environ.get("PATH", "/usr/bin:/bin").split(":"):
        p = d + "/" + file if d else file
        if path.isfile(p):
            return execve(p, args, env)
    raise FileNotFoundError(2, "No such file or directory")


def execvp(file, args):
    execvpe(file, args, environ)


def execl(path, *args):
    execve(path, args, environ)


def execlp(file, *args):
    execvpe(file, args, environ)
