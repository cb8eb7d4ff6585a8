# venv: an interpreter's name and packages of its own in a folder.
import os
import sys

USAGE = """usage: venv [-h] [--system-site-packages] [--symlinks | --copies] [--clear]
            [--upgrade] [--without-pip] [--prompt PROMPT]
            ENV_DIR [ENV_DIR ...]"""

ACTIVATE = """# This file must be used with "source bin/activate" *from bash*
# You cannot run it directly

deactivate () {
    if [ -n "${_OLD_VIRTUAL_PATH:-}" ] ; then
        PATH="${_OLD_VIRTUAL_PATH:-}"
        export PATH
        unset _OLD_VIRTUAL_PATH
    fi
    if [ -n "${_OLD_VIRTUAL_PS1:-}" ] ; then
        PS1="${_OLD_VIRTUAL_PS1:-}"
        export PS1
        unset _OLD_VIRTUAL_PS1
    fi
    hash -r 2> /dev/null
    unset VIRTUAL_ENV
    unset VIRTUAL_ENV_PROMPT
    if [ ! "${1:-}" = "nondestructive" ] ; then
        unset -f deactivate
    fi
}

deactivate nondestructive

VIRTUAL_ENV="__DIR__"
export VIRTUAL_ENV
_OLD_VIRTUAL_PATH="$PATH"
PATH="$VIRTUAL_ENV/bin:$PATH"
export PATH

if [ -z "${VIRTUAL_ENV_DISABLE_PROMPT:-}" ] ; then
    _OLD_VIRTUAL_PS1="${PS1:-}"
    PS1="(__PROMPT__) ${PS1:-}"
    export PS1
    VIRTUAL_ENV_PROMPT="(__PROMPT__) "
    export VIRTUAL_ENV_PROMPT
fi
hash -r 2> /dev/null
"""

NO_PIP = """The virtual environment was not created successfully because ensurepip is not
available.  On Debian/Ubuntu systems, you need to install the python3-venv
package using the following command.

    apt install python%s-venv

You may need to use sudo with that command.  After installing the python3-venv
package, recreate your virtual environment.

Failing command: %s
"""


def _write(path, text):
    with open(path, "w") as f:
        f.write(text)


def _link(target, path):
    if os.path.lexists(path):
        os.unlink(path)
    os.symlink(target, path)


def _pip():
    """The pip that comes with Python, for new environments."""
    minor = "%d.%d" % sys.version_info[:2]
    for path in (sys.base_prefix + "/lib/python" + minor + "/ensurepip/_bundled/pip", "/usr/local/bin/pip" + minor):
        if os.path.exists(path) and path.startswith(sys.base_prefix + "/"):
            with open(path, "rb") as f:
                return f.read()
    return None


def create(env_dir, system_site_packages=False, clear=False, symlinks=True, with_pip=False, prompt=None):
    env_dir = os.path.abspath(env_dir)
    if os.path.exists(env_dir) and not os.path.isdir(env_dir):
        raise ValueError("Unable to create directory %r" % env_dir)
    if clear and os.path.isdir(env_dir):
        import shutil
        shutil.rmtree(env_dir)
    minor = "%d.%d" % sys.version_info[:2]
    bin_dir = env_dir + "/bin"
    for d in (bin_dir, env_dir + "/include/python" + minor, env_dir + "/lib/python" + minor + "/site-packages"):
        os.makedirs(d, exist_ok=True)
    if not os.path.lexists(env_dir + "/lib64"):
        os.symlink("lib", env_dir + "/lib64")
    base = getattr(sys, "_base_executable", sys.executable)
    called = os.path.basename(sys.executable)
    home = os.path.dirname(sys.executable) if sys.prefix == sys.base_prefix else os.path.dirname(base)
    lines = ["home = " + home,
             "include-system-site-packages = " + ("true" if system_site_packages else "false"),
             "version = %d.%d.%d" % sys.version_info[:3],
             "executable = " + base,
             "command = " + home + "/" + called + " -m venv " + env_dir]
    if prompt:
        lines.insert(3, "prompt = %r" % prompt)
    _write(env_dir + "/pyvenv.cfg", "\n".join(lines) + "\n")
    _link(home + "/" + called, bin_dir + "/" + called)
    for name in ("python", "python3", "python" + minor):
        if name != called:
            _link(called, bin_dir + "/" + name)
    text = ACTIVATE.replace("__DIR__", env_dir).replace("__PROMPT__", prompt or os.path.basename(env_dir))
    _write(bin_dir + "/activate", text)
    if not with_pip:
        return
    pip = _pip()
    if pip is None:
        sys.stderr.write(NO_PIP % (minor, bin_dir + "/" + called) + "\n")
        sys.exit(1)
    for name in ("pip", "pip3", "pip" + minor):
        with open(bin_dir + "/" + name, "wb") as f:
            f.write(pip)
        os.chmod(bin_dir + "/" + name, 0o755)


def main(args=None):
    args = sys.argv[1:] if args is None else args
    dirs, options = [], {"with_pip": True}
    i = 0
    while i < len(args):
        a = args[i]
        i += 1
        if a in ("-h", "--help"):
            print(USAGE)
            return 0
        if a == "--system-site-packages":
            options["system_site_packages"] = True
        elif a == "--clear":
            options["clear"] = True
        elif a == "--without-pip":
            options["with_pip"] = False
        elif a == "--prompt" and i < len(args):
            options["prompt"] = args[i]
            i += 1
        elif a in ("--symlinks", "--copies", "--upgrade", "--upgrade-deps"):
            pass
        elif a.startswith("-"):
            sys.stderr.write(USAGE + "\nvenv: error: unrecognized arguments: " + a + "\n")
            return 2
        else:
            dirs.append(a)
    if not dirs:
        sys.stderr.write(USAGE + "\nvenv: error: the following arguments are required: ENV_DIR\n")
        return 2
    for d in dirs:
        try:
            create(d, **options)
        except (OSError, ValueError) as e:
            print("Error: %s" % e, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
