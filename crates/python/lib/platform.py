import os as _os
import sys as _sys


def system(): return "Linux"
def node(): return _os.uname().nodename
def release(): return _os.uname().release
def version(): return _os.uname().version
def machine(): return _os.uname().machine
def processor(): return ""
def python_version(): return _sys.version.split()[0]
def python_version_tuple(): return tuple(python_version().split("."))
def python_implementation(): return "CPython"
def architecture(): return ("64bit", "ELF")
def platform(): return "Linux-%s-%s-with-glibc2.36" % (release(), machine())
def uname(): return _os.uname()
