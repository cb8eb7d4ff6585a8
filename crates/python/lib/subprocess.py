# subprocess: the names that programs import. Starting other programs is not supported, and says so.
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
        return "Command %r returned non-zero exit status %d." % (self.cmd, self.returncode)


class TimeoutExpired(SubprocessError):
    pass


class Popen:
    def __init__(self, args, *rest, **kw):
        raise OSError(38, "Function not implemented: Layerlab's Python cannot start other programs")


def run(args, **kw):
    return Popen(args, **kw)


call = check_call = check_output = run
