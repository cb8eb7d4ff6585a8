//! The builtin classes. Their objects stand at fixed places of the heap, in this order.

use crate::value::Ref;

macro_rules! types {
    ($($id:ident $name:literal $base:ident;)*) => {
        /// A builtin class.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u32)]
        pub(crate) enum T { $($id),* }

        /// Class, name, base.
        pub(crate) const TYPES: &[(T, &str, T)] = &[$((T::$id, $name, T::$base)),*];
    };
}

types! {
    Object "object" Object;
    Type "type" Object;
    Int "int" Object;
    Bool "bool" Int;
    Float "float" Object;
    Str "str" Object;
    Bytes "bytes" Object;
    ByteArray "bytearray" Object;
    Tuple "tuple" Object;
    List "list" Object;
    Dict "dict" Object;
    Set "set" Object;
    FrozenSet "frozenset" Object;
    Range "range" Object;
    Slice "slice" Object;
    Property "property" Object;
    StaticMethod "staticmethod" Object;
    ClassMethod "classmethod" Object;
    Super "super" Object;
    Map "map" Object;
    Filter "filter" Object;
    Zip "zip" Object;
    Enumerate "enumerate" Object;
    Reversed "reversed" Object;
    NoneType "NoneType" Object;
    NotImplementedType "NotImplementedType" Object;
    EllipsisType "ellipsis" Object;
    Function "function" Object;
    Method "method" Object;
    Builtin "builtin_function_or_method" Object;
    MethodDescriptor "method_descriptor" Object;
    Module "module" Object;
    Cell "cell" Object;
    Code "code" Object;
    Generator "generator" Object;
    Coroutine "coroutine" Object;
    Traceback "traceback" Object;
    DictKeys "dict_keys" Object;
    DictValues "dict_values" Object;
    DictItems "dict_items" Object;
    ListIterator "list_iterator" Object;
    TupleIterator "tuple_iterator" Object;
    StrIterator "str_iterator" Object;
    BytesIterator "bytes_iterator" Object;
    RangeIterator "range_iterator" Object;
    SetIterator "set_iterator" Object;
    DictKeyIterator "dict_keyiterator" Object;
    DictValueIterator "dict_valueiterator" Object;
    DictItemIterator "dict_itemiterator" Object;
    ListReverseIterator "list_reverseiterator" Object;
    CallableIterator "callable_iterator" Object;
    BaseException "BaseException" Object;
    SystemExit "SystemExit" BaseException;
    KeyboardInterrupt "KeyboardInterrupt" BaseException;
    GeneratorExit "GeneratorExit" BaseException;
    Exception "Exception" BaseException;
    StopIteration "StopIteration" Exception;
    StopAsyncIteration "StopAsyncIteration" Exception;
    ArithmeticError "ArithmeticError" Exception;
    FloatingPointError "FloatingPointError" ArithmeticError;
    OverflowError "OverflowError" ArithmeticError;
    ZeroDivisionError "ZeroDivisionError" ArithmeticError;
    AssertionError "AssertionError" Exception;
    AttributeError "AttributeError" Exception;
    BufferError "BufferError" Exception;
    EOFError "EOFError" Exception;
    ImportError "ImportError" Exception;
    ModuleNotFoundError "ModuleNotFoundError" ImportError;
    LookupError "LookupError" Exception;
    IndexError "IndexError" LookupError;
    KeyError "KeyError" LookupError;
    MemoryError "MemoryError" Exception;
    NameError "NameError" Exception;
    UnboundLocalError "UnboundLocalError" NameError;
    OSError "OSError" Exception;
    BlockingIOError "BlockingIOError" OSError;
    ChildProcessError "ChildProcessError" OSError;
    ConnectionError "ConnectionError" OSError;
    BrokenPipeError "BrokenPipeError" ConnectionError;
    ConnectionAbortedError "ConnectionAbortedError" ConnectionError;
    ConnectionRefusedError "ConnectionRefusedError" ConnectionError;
    ConnectionResetError "ConnectionResetError" ConnectionError;
    FileExistsError "FileExistsError" OSError;
    FileNotFoundError "FileNotFoundError" OSError;
    InterruptedError "InterruptedError" OSError;
    IsADirectoryError "IsADirectoryError" OSError;
    NotADirectoryError "NotADirectoryError" OSError;
    PermissionError "PermissionError" OSError;
    ProcessLookupError "ProcessLookupError" OSError;
    TimeoutError "TimeoutError" OSError;
    ReferenceError "ReferenceError" Exception;
    RuntimeError "RuntimeError" Exception;
    NotImplementedError "NotImplementedError" RuntimeError;
    RecursionError "RecursionError" RuntimeError;
    SyntaxError "SyntaxError" Exception;
    IndentationError "IndentationError" SyntaxError;
    TabError "TabError" IndentationError;
    SystemError "SystemError" Exception;
    TypeError "TypeError" Exception;
    ValueError "ValueError" Exception;
    UnicodeError "UnicodeError" ValueError;
    UnicodeDecodeError "UnicodeDecodeError" UnicodeError;
    UnicodeEncodeError "UnicodeEncodeError" UnicodeError;
    Warning "Warning" Exception;
    UserWarning "UserWarning" Warning;
    DeprecationWarning "DeprecationWarning" Warning;
    RuntimeWarning "RuntimeWarning" Warning;
    FutureWarning "FutureWarning" Warning;
    ResourceWarning "ResourceWarning" Warning;
}

impl T {
    pub(crate) fn class(self) -> Ref {
        Ref(self as u32)
    }

    pub(crate) fn is_exception(self) -> bool {
        self >= T::BaseException
    }

    /// Whether a program sees the class as a builtin name.
    pub(crate) fn is_public(self) -> bool {
        self <= T::Reversed || self.is_exception()
    }
}
