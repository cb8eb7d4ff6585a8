"""Terminal output and a small form of commands."""
import sys


def echo(message=None, file=None, nl=True, err=False, color=None):
    out = file or (sys.stderr if err else sys.stdout)
    out.write(("" if message is None else str(message)) + ("\n" if nl else ""))
    out.flush()


_COLORS = {"black": 30, "red": 31, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36, "white": 37}


def style(text, fg=None, bg=None, bold=None, **kwargs):
    codes = ""
    if fg:
        codes += "\x1b[%dm" % _COLORS[fg]
    if bold:
        codes += "\x1b[1m"
    return codes + str(text) + "\x1b[0m" if codes else str(text)


def secho(message=None, file=None, nl=True, err=False, **styles):
    echo(style(message, **styles), file, nl, err)


class ClickException(Exception):
    exit_code = 1

    def __init__(self, message):
        super().__init__(message)
        self.message = message

    def show(self):
        echo("Error: " + self.message, err=True)


class UsageError(ClickException):
    exit_code = 2
