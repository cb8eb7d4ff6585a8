# signal: handlers run between instructions.
_call = _os_call
_handlers = _prelude_get("_handlers")


from enum import IntEnum as _IntEnum


class Signals(_IntEnum):
    SIGHUP = 1
    SIGINT = 2
    SIGQUIT = 3
    SIGILL = 4
    SIGABRT = 6
    SIGFPE = 8
    SIGKILL = 9
    SIGUSR1 = 10
    SIGSEGV = 11
    SIGUSR2 = 12
    SIGPIPE = 13
    SIGALRM = 14
    SIGTERM = 15
    SIGCHLD = 17
    SIGCONT = 18
    SIGSTOP = 19
    SIGTSTP = 20
    SIGWINCH = 28


class Handlers(_IntEnum):
    SIG_DFL = 0
    SIG_IGN = 1


SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGABRT, SIGFPE, SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGWINCH = Signals
SIG_DFL, SIG_IGN = Handlers
default_int_handler = _prelude_get("_default_int")


def signal(signalnum, handler):
    n = int(signalnum)
    if n in (9, 19):
        raise OSError(22, "Invalid argument")
    if not callable(handler) and handler not in (0, 1):
        raise TypeError("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
    old = getsignal(n)
    _call("sigaction", n, 2 if callable(handler) and handler is not SIG_DFL and handler is not SIG_IGN else int(handler))
    _handlers[n] = handler
    return old


def getsignal(signalnum):
    n = int(signalnum)
    h = _handlers.get(n)
    if h is None:
        return default_int_handler if n == 2 else SIG_DFL
    return h


def strsignal(n):
    return {1: "Hangup", 2: "Interrupt", 9: "Killed", 15: "Terminated"}.get(int(n))


def raise_signal(n):
    _call("kill", _call("getpid"), int(n))


def pause():
    while True:
        _call("poll", [], [], None)
        return


def alarm(n):
    return 0
