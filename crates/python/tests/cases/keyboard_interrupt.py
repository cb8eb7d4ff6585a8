import time
try:
    raise KeyboardInterrupt
except KeyboardInterrupt:
    print("stopped")
def work():
    raise KeyboardInterrupt
try:
    work()
except Exception:
    print("not here")
