import os, signal, sys
def handler(num, frame):
    print("got", signal.Signals(num).name)
signal.signal(signal.SIGTERM, handler)
os.kill(os.getpid(), signal.SIGTERM)
print("goes on")
signal.signal(signal.SIGUSR1, lambda n, f: sys.exit(9))
os.kill(os.getpid(), signal.SIGUSR1)
print("never")
