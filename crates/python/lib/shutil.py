# shutil: copying and removing trees.
import os


class Error(OSError):
    pass


def copyfileobj(fsrc, fdst, length=65536):
    while True:
        b = fsrc.read(length)
        if not b:
            return
        fdst.write(b)


def copyfile(src, dst, *, follow_symlinks=True):
    if os.path.abspath(src) == os.path.abspath(dst):
        raise Error("%r and %r are the same file" % (src, dst))
    with open(src, "rb") as a, open(dst, "wb") as b:
        copyfileobj(a, b)
    return dst


def copymode(src, dst):
    os.chmod(dst, os.stat(src).st_mode & 0o7777)


def copy(src, dst, *, follow_symlinks=True):
    if os.path.isdir(dst):
        dst = os.path.join(dst, os.path.basename(src))
    copyfile(src, dst)
    copymode(src, dst)
    return dst


copy2 = copy


def copytree(src, dst, dirs_exist_ok=False):
    os.makedirs(dst, exist_ok=dirs_exist_ok)
    for name in os.listdir(src):
        a, b = os.path.join(src, name), os.path.join(dst, name)
        if os.path.isdir(a):
            copytree(a, b, dirs_exist_ok)
        else:
            copy(a, b)
    return dst


def rmtree(path, ignore_errors=False):
    try:
        for name in os.listdir(path):
            p = os.path.join(path, name)
            if os.path.isdir(p) and not os.path.islink(p):
                rmtree(p, ignore_errors)
            else:
                os.unlink(p)
        os.rmdir(path)
    except OSError:
        if not ignore_errors:
            raise


def move(src, dst):
    if os.path.isdir(dst):
        dst = os.path.join(dst, os.path.basename(src))
    os.rename(src, dst)
    return dst


def which(cmd, mode=1, path=None):
    for d in [""] if "/" in cmd else (path or os.environ.get("PATH", "")).split(":"):
        p = os.path.join(d, cmd)
        if os.path.isfile(p):
            return p
    return None
