# threading: locks and the main thread. Starting another one is not supported yet, and says so.
class Lock:
    def __init__(self):
        self._n = 0

    def acquire(self, blocking=True, timeout=-1):
        self._n += 1
        return True

    def release(self):
        if not self._n:
            raise RuntimeError("release unlocked lock")
        self._n -= 1

    def locked(self):
        return self._n > 0

    def __enter__(self):
        self.acquire()
        return True

    def __exit__(self, *a):
        self.release()


RLock = Lock


class Event:
    def __init__(self):
        self._flag = False

    def is_set(self):
        return self._flag

    def set(self):
        self._flag = True

    def clear(self):
        self._flag = False

    def wait(self, timeout=None):
        if not self._flag and timeout is not None:
            import time
            time.sleep(timeout)
        return self._flag


class local:
    pass


class Thread:
    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        self.name = name or "Thread-1"
        self.daemon = bool(daemon)
        self.ident = 1
        self._target, self._args, self._kwargs = target, args, kwargs or {}

    def start(self):
        raise RuntimeError("can't start new thread: threads are not supported by Layerlab's Python")

    def join(self, timeout=None):
        pass

    def is_alive(self):
        return False

    def run(self):
        if self._target is not None:
            self._target(*self._args, **self._kwargs)


_main = Thread(name="MainThread")


def current_thread():
    return _main


main_thread = current_thread


def get_ident():
    return 1


def active_count():
    return 1


def enumerate():
    return [_main]
