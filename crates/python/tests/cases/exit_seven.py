import sys, atexit
atexit.register(print, "bye")
print("out")
print("err", file=sys.stderr)
sys.exit(7)
