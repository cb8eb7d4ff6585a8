# types
SimpleNamespace = _prelude_get("_Namespace")
FunctionType = LambdaType = _prelude_get("function")
MethodType = _prelude_get("method")
BuiltinFunctionType = BuiltinMethodType = _prelude_get("builtin_function_or_method")
GeneratorType = _prelude_get("generator")
CoroutineType = _prelude_get("coroutine")
ModuleType = _prelude_get("module")
CodeType = _prelude_get("code")
TracebackType = _prelude_get("traceback")
NoneType = type(None)
NotImplementedType = type(NotImplemented)
EllipsisType = type(...)
GenericAlias = _prelude_get("_GenericAlias")
UnionType = tuple


def MappingProxyType(d):
    return d


def new_class(name, bases=(), kwds=None, exec_body=None):
    ns = {}
    if exec_body is not None:
        exec_body(ns)
    return type(name, bases, ns)


class DynamicClassAttribute(property):
    pass
