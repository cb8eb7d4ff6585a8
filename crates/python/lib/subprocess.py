# subprocess: other programs, started by fork and exec.
import os
import signal
import time

PIPE, STDOUT, DEVNULL = -1, -2, -3


class SubprocessError(Exception):
    pass


class CalledProcessError(SubprocessError):
    def __init__(self, returncode, cmd, output=None, stderr=None):
        super().__init__(returncode, cmd)
        self.returncode = returncode
        self.cmd = cmd
        self.output = self.stdout = output
        self.stderr = stderr

    def __str__(self):
        if self.returncode < 0:
            try:
                return "Command '%s' died with %r." % (self.cmd, signal.Signals(-self.returncode))
            except ValueError:
                return "Command '%s' died with unknown signal %d." % (self.cmd, -self.returncode)
        return "Command '%s' returned non-zero exit status %d." % (self.cmd, self.returncode)


class TimeoutExpired(SubprocessError):
    def __init__(self, cmd, timeout, output=None, stderr=None):
        super().__init__(cmd, timeout)
        self.cmd, self.timeout = cmd, timeout
        self.output = self.stdout = output
        self.stderr = stderr

    def __str__(self):
        return "Command '%s' timed out after %s seconds" % (self.cmd, self.timeout)


class CompletedProcess:
    def __init__(self, args, returncode, stdout=None, stderr=None):
        self.args, self.returncode, self.stdout, self.stderr = args, returncode, stdout, stderr

    def __repr__(self):
        shown = ["args=%r" % (self.args,), "returncode=%r" % (self.returncode,)]
        if self.stdout is not None:
            shown.append("stdout=%r" % (self.stdout,))
        if self.stderr is not None:
            shown.append("stderr=%r" % (self.stderr,))
        return "CompletedProcess(%s)" % ", ".join(shown)

    def check_returncode(self):
        if self.returncode:
            raise CalledProcessError(self.returncode, self.args, self.stdout, self.stderr)


def list2cmdline(seq):
    return " ".join(['"%s"' % a if " " in a or not a else a for a in seq])


def _find(name, env, cwd):
    """The program's path, or the error that exec would have."""
    base = cwd or os.getcwd()
    if "/" in name:
        places = [os.path.join(base, name)]
    else:
        places = [os.path.join(base, d, name) for d in env.get("PATH", "/bin:/usr/bin").split(":")]
    denied = False
    for p in places:
        if os.path.isfile(p):
            if os.access(p, os.X_OK):
                return p
            denied = True
    if denied:
        raise PermissionError(13, "Permission denied", name)
    raise FileNotFoundError(2, "No such file or directory", name)


class Popen:
    def __init__(self, args, bufsize=-1, executable=None, stdin=None, stdout=None, stderr=None, preexec_fn=None, close_fds=True,
                 shell=False, cwd=None, env=None, universal_newlines=None, startupinfo=None, creationflags=0, restore_signals=True,
                 start_new_session=False, pass_fds=(), *, user=None, group=None, extra_groups=None, encoding=None, errors=None,
                 text=None, umask=-1, pipesize=-1, process_group=None):
        self.args, self.returncode = args, None
        self.stdin = self.stdout = self.stderr = None
        words = [os.fspath(args)] if isinstance(args, (str, bytes, os.PathLike)) else [os.fspath(a) for a in args]
        for w in words:
            if not isinstance(w, (str, bytes)):
                raise TypeError("expected str, bytes or os.PathLike object, not " + type(w).__name__)
        if shell:
            words = ["/bin/sh", "-c"] + words
        own = dict(os.environ if env is None else env)
        if cwd is not None and not os.path.isdir(cwd):
            raise FileNotFoundError(2, "No such file or directory", os.fspath(cwd))
        program = _find(executable or words[0], own, cwd)
        self._text = bool(text or universal_newlines or encoding or errors)
        self._coding = encoding or "utf-8", errors or "strict"
        ends, ours = [], []
        for given, write in ((stdin, True), (stdout, False), (stderr, False)):
            if given == PIPE and isinstance(given, int):
                r, w = os.pipe()
                ends.append(r if write else w)
                ours.append(w if write else r)
            elif given == DEVNULL and isinstance(given, int):
                ends.append(os.open("/dev/null", os.O_RDWR))
                ours.append(None)
            elif given == STDOUT and isinstance(given, int):
                ends.append(STDOUT)
                ours.append(None)
            else:
                ends.append(None if given is None else given if isinstance(given, int) else given.fileno())
                ours.append(None)
                if given is not None and not isinstance(given, int):
                    given.flush()
        self.pid = os.fork()
        if self.pid == 0:
            self._become(program, words, own, cwd, ends, ours, preexec_fn, start_new_session)
        for given, end in zip((stdin, stdout, stderr), ends):
            if isinstance(given, int) and given in (PIPE, DEVNULL):
                os.close(end)
        kinds = ("wb", "rb", "rb")
        files = [None if fd is None else self._file(fd, kind) for fd, kind in zip(ours, kinds)]
        self.stdin, self.stdout, self.stderr = files

    def _file(self, fd, mode):
        return os.fdopen(fd, mode.replace("b", "") if self._text else mode, encoding=self._coding[0], errors=self._coding[1])

    def _become(self, program, words, env, cwd, ends, ours, preexec_fn, start_new_session):
        try:
            for fd in ours:
                if fd is not None:
                    os.close(fd)
            for target, end in enumerate(ends):
                if end is not None and end != target:
                    os.dup2(1 if end == STDOUT else end, target)
            for end in set(ends):
                if end is not None and end > 2:
                    os.close(end)
            if cwd is not None:
                os.chdir(cwd)
            if start_new_session:
                os.setsid()
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            if preexec_fn is not None:
                preexec_fn()
            os.execve(program, words, env)
        except OSError as e:
            os.write(2, ("%s: %s\n" % (words[0], e.strerror)).encode())
        finally:
            os._exit(127)

    def __repr__(self):
        return "<Popen: returncode: %s args: %r>" % (self.returncode, self.args)

    def __enter__(self):
        return self

    def __exit__(self, *a):
        for f in (self.stdin, self.stdout, self.stderr):
            if f is not None:
                f.close()
        self.wait()

    def poll(self):
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout=None):
        if self.returncode is None and timeout is None:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        end = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() >= end:
                raise TimeoutExpired(self.args, timeout)
            time.sleep(min(0.01, max(end - time.monotonic(), 0)))
        return self.returncode

    def communicate(self, input=None, timeout=None):
        """Sends the input and collects what comes, whichever side is ready."""
        end = None if timeout is None else time.monotonic() + timeout
        data = b"" if input is None else input.encode(*self._coding) if isinstance(input, str) else bytes(input)
        got = {}
        reading = {}
        for name, f in (("stdout", self.stdout), ("stderr", self.stderr)):
            if f is not None:
                reading[f.fileno()] = name
                got[name] = []
        writing = self.stdin.fileno() if self.stdin is not None else None
        if writing is not None and not data:
            self.stdin.close()
            writing = None
        while reading or writing is not None:
            left = None if end is None else max(int((end - time.monotonic()) * 1000000000), 0)
            ready = _os_call("poll", list(reading), [] if writing is None else [writing], left)
            if not ready:
                raise TimeoutExpired(self.args, timeout, b"".join(got.get("stdout", [])) or None)
            for fd in ready:
                if fd == writing:
                    try:
                        data = data[os.write(fd, data[:4096]):]
                    except BrokenPipeError:
                        data = b""
                    if not data:
                        self.stdin.close()
                        writing = None
                elif fd in reading:
                    b = os.read(fd, 65536)
                    if b:
                        got[reading[fd]].append(b)
                    else:
                        del reading[fd]
        for f in (self.stdout, self.stderr):
            if f is not None:
                f.close()
        self.wait(None if end is None else max(end - time.monotonic(), 0))

        def whole(name):
            if name not in got:
                return None
            b = b"".join(got[name])
            return b.decode(*self._coding).replace("\r\n", "\n") if self._text else b

        return whole("stdout"), whole("stderr")

    def send_signal(self, sig):
        if self.poll() is None:
            os.kill(self.pid, sig)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)


def run(*popenargs, input=None, capture_output=False, timeout=None, check=False, **kwargs):
    if input is not None:
        if kwargs.get("stdin") is not None:
            raise ValueError("stdin and input arguments may not both be used.")
        kwargs["stdin"] = PIPE
    if capture_output:
        if kwargs.get("stdout") is not None or kwargs.get("stderr") is not None:
            raise ValueError("stdout and stderr arguments may not be used with capture_output.")
        kwargs["stdout"] = kwargs["stderr"] = PIPE
    p = Popen(*popenargs, **kwargs)
    try:
        stdout, stderr = p.communicate(input, timeout)
    except BaseException:
        p.kill()
        p.wait()
        raise
    done = CompletedProcess(p.args, p.returncode, stdout, stderr)
    if check:
        done.check_returncode()
    return done


def call(*popenargs, timeout=None, **kwargs):
    p = Popen(*popenargs, **kwargs)
    try:
        return p.wait(timeout)
    except BaseException:
        p.kill()
        p.wait()
        raise


def check_call(*popenargs, **kwargs):
    code = call(*popenargs, **kwargs)
    if code:
        raise CalledProcessError(code, kwargs.get("args") or popenargs[0])
    return 0


def check_output(*popenargs, timeout=None, **kwargs):
    return run(*popenargs, stdout=PIPE, timeout=timeout, check=True, **kwargs).stdout


def getstatusoutput(cmd, *, encoding=None, errors=None):
    p = run(cmd, shell=True, text=True, stdout=PIPE, stderr=STDOUT)
    return p.returncode, p.stdout[:-1] if p.stdout.endswith("\n") else p.stdout


def getoutput(cmd, *, encoding=None, errors=None):
    return getstatusoutput(cmd)[1]
