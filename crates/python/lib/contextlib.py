# contextlib
from functools import wraps


class AbstractContextManager:
    def __enter__(self):
        return self

    def __exit__(self, *a):
        return None


class ContextDecorator:
    def __call__(self, func):
        @wraps(func)
        def inner(*args, **kw):
            with self:
                return func(*args, **kw)
        return inner


class _Manager(ContextDecorator):
    def __init__(self, func, args, kw):
        self.gen = func(*args, **kw)
        self.func, self.args, self.kw = func, args, kw

    def __call__(self, func):
        @wraps(func)
        def inner(*args, **kw):
            with _Manager(self.func, self.args, self.kw):
                return func(*args, **kw)
        return inner

    def __enter__(self):
        try:
            return next(self.gen)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None

    def __exit__(self, typ, value, tb):
        if typ is None:
            try:
                next(self.gen)
            except StopIteration:
                return False
            raise RuntimeError("generator didn't stop")
        try:
            self.gen.throw(value)
        except StopIteration as e:
            return e is not value
        except RuntimeError as e:
            if e is value:
                return False
            if isinstance(value, StopIteration) and e.__cause__ is value:
                return False
            raise
        except BaseException as e:
            if e is not value:
                raise
            return False
        raise RuntimeError("generator didn't stop after throw()")


def contextmanager(func):
    @wraps(func)
    def helper(*args, **kw):
        return _Manager(func, args, kw)
    return helper


class closing(AbstractContextManager):
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *a):
        self.thing.close()


class suppress(AbstractContextManager):
    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __exit__(self, typ, value, tb):
        return typ is not None and issubclass(typ, self._exceptions)


class nullcontext(AbstractContextManager):
    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result


class _Redirect(AbstractContextManager):
    def __init__(self, target):
        self._target = target
        self._old = []

    def __enter__(self):
        import sys
        self._old.append(getattr(sys, self._name))
        setattr(sys, self._name, self._target)
        return self._target

    def __exit__(self, *a):
        import sys
        setattr(sys, self._name, self._old.pop())


class redirect_stdout(_Redirect):
    _name = "stdout"


class redirect_stderr(_Redirect):
    _name = "stderr"


class ExitStack(AbstractContextManager):
    def __init__(self):
        self._stack = []

    def enter_context(self, cm):
        r = cm.__enter__()
        self._stack.append(cm.__exit__)
        return r

    def push(self, exit):
        self._stack.append(exit.__exit__ if hasattr(exit, "__exit__") else exit)
        return exit

    def callback(self, f, /, *args, **kw):
        self._stack.append(lambda *a: f(*args, **kw) and False)
        return f

    def close(self):
        self.__exit__(None, None, None)

    def __exit__(self, typ, value, tb):
        got = value
        while self._stack:
            f = self._stack.pop()
            try:
                if f(None if value is None else type(value), value, None if value is None else value.__traceback__):
                    value = None
            except BaseException as e:
                value = e
        if value is not None and value is not got:
            raise value
        return got is not None and value is None
