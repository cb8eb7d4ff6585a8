# typing: names that annotations use; nothing is checked.
_Alias = _prelude_get("_GenericAlias")
TYPE_CHECKING = False


class _Special:
    def __init__(self, name):
        self._name = name

    def __getitem__(self, args):
        return _Alias(self, args)

    def __call__(self, *a, **k):
        return self

    def __or__(self, other):
        return (self, other)

    __ror__ = __or__

    def __mro_entries__(self, bases):
        return (Generic,) if self._name != "Protocol" else (Generic,)

    def __repr__(self):
        return "typing." + self._name

    @property
    def __qualname__(self):
        return self._name

    __module__ = "typing"


Any, Union, Optional, Callable, Literal, Final, ClassVar, Annotated, NoReturn, Never, Self, TypeAlias, LiteralString, Concatenate, TypeGuard = [_Special(n) for n in ("Any", "Union", "Optional", "Callable", "Literal", "Final", "ClassVar", "Annotated", "NoReturn", "Never", "Self", "TypeAlias", "LiteralString", "Concatenate", "TypeGuard")]
List, Dict, Set, FrozenSet, Tuple, Type, Iterable, Iterator, Generator, Sequence, MutableSequence, Mapping, MutableMapping, Collection, Container, Hashable, Sized, Deque, DefaultDict, Counter, OrderedDict, Awaitable, Coroutine, AsyncIterator, AsyncIterable, AsyncGenerator, IO, TextIO, BinaryIO, Pattern, Match, SupportsInt, SupportsFloat, ContextManager, Reversible, Text, ByteString, AnyStr = [_Special(n) for n in ("List", "Dict", "Set", "FrozenSet", "Tuple", "Type", "Iterable", "Iterator", "Generator", "Sequence", "MutableSequence", "Mapping", "MutableMapping", "Collection", "Container", "Hashable", "Sized", "Deque", "DefaultDict", "Counter", "OrderedDict", "Awaitable", "Coroutine", "AsyncIterator", "AsyncIterable", "AsyncGenerator", "IO", "TextIO", "BinaryIO", "Pattern", "Match", "SupportsInt", "SupportsFloat", "ContextManager", "Reversible", "Text", "ByteString", "AnyStr")]


class Generic:
    def __class_getitem__(cls, args):
        return _Alias(cls, args)


class Protocol(Generic):
    pass


class TypeVar(_Special):
    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False):
        self._name = name
        self.__name__ = name

    def __repr__(self):
        return "~" + self._name


ParamSpec = TypeVar


def cast(typ, val):
    return val


def overload(f):
    return f


def final(f):
    return f


def override(f):
    return f


def runtime_checkable(c):
    return c


def no_type_check(f):
    return f


def get_type_hints(o, *a, **k):
    return dict(getattr(o, "__annotations__", {}))


def get_origin(t):
    return getattr(t, "__origin__", None)


def get_args(t):
    return getattr(t, "__args__", ())


def NewType(name, tp):
    return tp


class _NamedTupleMeta(type):
    def __new__(meta, name, bases, ns):
        if name == "NamedTuple":
            return type.__new__(meta, name, bases, ns)
        from collections import namedtuple
        fields = list(ns.get("__annotations__", {}))
        defaults = [ns[f] for f in fields if f in ns]
        nt = namedtuple(name, fields, defaults=defaults, module=ns.get("__module__"))
        for k, v in ns.items():
            if k not in fields and k not in ("__annotations__", "__qualname__", "__module__"):
                setattr(nt, k, v)
        return nt


class NamedTuple(metaclass=_NamedTupleMeta):
    pass


class _TypedDictMeta(type):
    def __new__(meta, name, bases, ns, total=True):
        return type.__new__(meta, name, (dict,), ns)


class TypedDict(metaclass=_TypedDictMeta):
    pass
