//! Values and objects. A value is small and copied; objects live in the heap and are named by index.

use crate::compile::code::Code;
use crate::dict::Dict;
use crate::set::Set;
use crate::vm::frame::Frame;
use num_bigint::BigInt;
use std::sync::Arc;

/// Index of an object in the heap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub(crate) struct Ref(pub(crate) u32);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    /// Nothing at all: an unset local. Programs never see it.
    Unbound,
    None,
    NotImplemented,
    Ellipsis,
    Bool(bool),
    Int(i64),
    Float(f64),
    Obj(Ref),
}

impl Value {
    pub(crate) fn is_unbound(self) -> bool {
        matches!(self, Value::Unbound)
    }

    pub(crate) fn is_none(self) -> bool {
        matches!(self, Value::None)
    }

    /// Identity, as `is` sees it.
    pub(crate) fn same(self, o: Value) -> bool {
        match (self, o) {
            (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
            _ => self == o,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct PyStr {
    pub(crate) s: Arc<str>,
    pub(crate) ascii: bool,
}

impl PyStr {
    pub(crate) fn new(s: impl Into<Arc<str>>) -> PyStr {
        let s = s.into();
        let ascii = s.is_ascii();
        PyStr { s, ascii }
    }

    pub(crate) fn len(&self) -> usize {
        if self.ascii { self.s.len() } else { self.s.chars().count() }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Func {
    pub(crate) code: Arc<Code>,
    pub(crate) consts: Arc<[Value]>,
    pub(crate) globals: Ref,
    pub(crate) name: Arc<str>,
    pub(crate) qualname: Arc<str>,
    pub(crate) defaults: Arc<[Value]>,
    pub(crate) kwdefaults: Value,
    pub(crate) annotations: Value,
    pub(crate) closure: Arc<[Value]>,
    pub(crate) doc: Value,
    pub(crate) module: Value,
}

#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) name: Arc<str>,
    pub(crate) bases: Vec<Ref>,
    pub(crate) mro: Vec<Ref>,
    pub(crate) dict: Ref,
    /// The builtin class whose native form its instances have.
    pub(crate) layout: Ref,
    pub(crate) subclasses: Vec<Ref>,
    /// Instances have no `__dict__`.
    pub(crate) slotted: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Exc {
    pub(crate) args: Vec<Value>,
    pub(crate) tb: Vec<TbEntry>,
    pub(crate) cause: Option<Value>,
    pub(crate) context: Option<Value>,
    pub(crate) suppress: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct TbEntry {
    pub(crate) code: Arc<Code>,
    pub(crate) pc: u32,
}

#[derive(Clone, Debug)]
pub(crate) enum Iter {
    List(Ref, usize),
    Tuple(Ref, usize),
    Str(Ref, usize),
    Bytes(Ref, usize),
    Range {
        next: i64,
        step: i64,
        left: u64,
    },
    /// What: 0 keys, 1 values, 2 items.
    Dict {
        dict: Ref,
        at: usize,
        len: usize,
        what: u8,
        back: bool,
    },
    Set {
        set: Ref,
        at: usize,
        len: usize,
    },
    ListBack(Ref, usize),
    Done,
}

#[derive(Clone, Debug)]
pub(crate) struct Gen {
    pub(crate) frame: Option<Box<Frame>>,
    pub(crate) running: bool,
    pub(crate) started: bool,
    pub(crate) name: Arc<str>,
    pub(crate) qualname: Arc<str>,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A free slot, and the next one.
    Free(u32),
    Instance,
    Str(PyStr),
    Bytes(Arc<[u8]>),
    ByteArray(Vec<u8>),
    BigInt(Arc<BigInt>),
    /// An instance of a subclass of int or float.
    Boxed(Value),
    Tuple(Arc<[Value]>),
    List(Vec<Value>),
    Dict(Dict),
    Set(Set),
    /// What: 0 keys, 1 values, 2 items.
    View(Ref, u8),
    Range {
        start: i64,
        stop: i64,
        step: i64,
    },
    Slice(Value, Value, Value),
    Func(Box<Func>),
    Method {
        func: Value,
        this: Value,
    },
    Native(u32),
    /// A native function bound to a receiver.
    NativeMethod(u32, Value),
    Class(Box<Class>),
    Module {
        dict: Ref,
    },
    Cell(Value),
    Code(Arc<Code>),
    Gen(Box<Gen>),
    Iter(Iter),
    Exc(Box<Exc>),
    Property {
        get: Value,
        set: Value,
        del: Value,
        doc: Value,
    },
    StaticMethod(Value),
    ClassMethod(Value),
    Super {
        class: Ref,
        this: Value,
        start: Ref,
    },
    /// `x.__traceback__`
    Traceback(Arc<[TbEntry]>),
}

impl Kind {
    /// Bytes that its content takes in CPython, roughly.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Kind::Str(s) => s.s.len(),
            Kind::Bytes(b) => b.len(),
            Kind::ByteArray(b) => b.len(),
            Kind::Tuple(v) => v.len() * 8,
            Kind::List(v) => v.len() * 8,
            Kind::Dict(d) => d.len() * 100,
            Kind::Set(s) => s.len() * 70,
            _ => 0,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) class: Ref,
    /// The instance's attributes, a dict object; made at the first write.
    pub(crate) attrs: Option<Ref>,
    pub(crate) kind: Kind,
}
