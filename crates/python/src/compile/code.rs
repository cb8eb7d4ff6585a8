//! Compiled code: instructions with their places in the source. Immutable and shared.

use crate::syntax::ast::{BinOp, CmpOp, Span, UnOp};
use num_bigint::BigInt;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Op {
    LoadConst(u32),
    LoadFast(u32),
    StoreFast(u32),
    DeleteFast(u32),
    LoadName(u32),
    StoreName(u32),
    DeleteName(u32),
    LoadGlobal(u32),
    StoreGlobal(u32),
    DeleteGlobal(u32),
    LoadDeref(u32),
    StoreDeref(u32),
    DeleteDeref(u32),
    /// In a class body: the class's own names first, then the enclosing function's.
    LoadClassDeref(u32),
    LoadClosure(u32),
    LoadAttr(u32),
    StoreAttr(u32),
    DeleteAttr(u32),
    LoadMethod(u32),
    /// A function of the prelude, by name.
    LoadPrelude(u32),
    BinarySubscr,
    StoreSubscr,
    DeleteSubscr,
    Binary(BinOp),
    Inplace(BinOp),
    Unary(UnOp),
    Compare(CmpOp),
    Contains(bool),
    Is(bool),
    BuildTuple(u32),
    BuildList(u32),
    BuildSet(u32),
    BuildMap(u32),
    BuildString(u32),
    /// 2 or 3 parts.
    BuildSlice(u32),
    ListAppend(u32),
    SetAdd(u32),
    MapAdd(u32),
    ListExtend,
    SetUpdate,
    DictUpdate,
    /// As DictUpdate, for `f(**d)`: a second value for a name is an error.
    DictMerge,
    ListToTuple,
    FormatValue {
        conv: Option<char>,
        spec: bool,
    },
    Jump(u32),
    PopJumpIfFalse(u32),
    PopJumpIfTrue(u32),
    JumpIfFalseOrPop(u32),
    JumpIfTrueOrPop(u32),
    GetIter,
    ForIter(u32),
    PushNull,
    Call(u16),
    CallKw(u16, u32),
    CallEx(bool),
    MakeFunction(u32, u8),
    Return,
    Yield,
    YieldFrom,
    GetAwaitable,
    Setup(u32),
    /// As Setup, with one more value on the stack that the block takes.
    SetupWith(u32),
    PopBlock,
    PopExcept,
    Raise(u8),
    Reraise,
    MatchExc,
    BeforeWith(bool),
    WithExcept,
    ImportName(u32),
    ImportFrom(u32),
    ImportStar,
    BuildClass,
    Unpack(u32),
    UnpackEx(u16, u16),
    Pop,
    Dup,
    Dup2,
    Rot2,
    Rot3,
    SetupAnnotations,
    Nop,
}

/// Place of an instruction; `lo..hi` is the operator's column range inside the span, if it has one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pos {
    pub(crate) span: Span,
    pub(crate) lo: u32,
    pub(crate) hi: u32,
}

#[derive(Clone, Debug)]
pub(crate) enum Const {
    None,
    Bool(bool),
    Ellipsis,
    Int(i64),
    Big(BigInt),
    Float(f64),
    Str(Arc<str>),
    Bytes(Vec<u8>),
    Tuple(Vec<Const>),
    Code(Arc<Code>),
}

/// A name with its hash, so that look-ups do not hash it again.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) s: Arc<str>,
    pub(crate) hash: u64,
}

impl Name {
    pub(crate) fn new(s: Arc<str>) -> Name {
        let hash = crate::heap::hash_str(&s);
        Name { s, hash }
    }
}

/// The text that code came from, for tracebacks.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) filename: Arc<str>,
    pub(crate) lines: Vec<String>,
    /// Part of the interpreter: its frames do not show in tracebacks, as C code's don't.
    pub(crate) hidden: bool,
}

#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) id: u32,
    pub(crate) name: Arc<str>,
    pub(crate) qualname: Arc<str>,
    pub(crate) source: Arc<Source>,
    pub(crate) first_line: u32,
    pub(crate) doc: Option<Arc<str>>,
    pub(crate) ops: Vec<Op>,
    pub(crate) pos: Vec<Pos>,
    pub(crate) consts: Vec<Const>,
    pub(crate) names: Vec<Name>,
    pub(crate) varnames: Vec<Arc<str>>,
    pub(crate) cellvars: Vec<Arc<str>>,
    pub(crate) freevars: Vec<Arc<str>>,
    /// (local, cell) for parameters that closures capture.
    pub(crate) cell_args: Vec<(u32, u32)>,
    pub(crate) argcount: u32,
    pub(crate) posonly: u32,
    pub(crate) kwonly: u32,
    pub(crate) varargs: bool,
    pub(crate) varkw: bool,
    pub(crate) generator: bool,
    pub(crate) coroutine: bool,
    /// A module's or class's body: names live in a dict.
    pub(crate) by_name: bool,
}
