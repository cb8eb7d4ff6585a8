//! A function's activation. It lives on the heap, so a call, a generator and a waiting program are the same thing.

use crate::compile::code::Code;
use crate::syntax::ast::{BinOp, CmpOp};
use crate::value::{Ref, Value};
use std::sync::Arc;

/// A place to go on when an exception arrives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    pub(crate) handler: u32,
    pub(crate) depth: u32,
    pub(crate) handling: u32,
}

/// What the caller does with a callee's result.
#[derive(Clone, Debug)]
pub(crate) enum Cont {
    Push,
    Discard,
    /// The result of `__init__`: the instance is pushed.
    Init(Value),
    /// The result of `__new__`: `__init__` follows if it is an instance of the class.
    New {
        class: Ref,
        args: Box<Args>,
    },
    /// The result's truth, or its opposite.
    Truth(bool),
    /// The truth of the value on the stack: it stays and a jump follows if it is `want`, else it goes.
    TruthOr {
        target: u32,
        want: bool,
    },
    BinOp {
        op: BinOp,
        inplace: bool,
        a: Value,
        b: Value,
        stage: u8,
    },
    Cmp {
        op: CmpOp,
        a: Value,
        b: Value,
        stage: u8,
    },
    /// The next element for a `for` loop; at the end, jump.
    ForIter(u32),
    /// The next element, or this.
    NextOr(Value),
    /// `__getattribute__` or a property failed: `__getattr__` follows.
    GetAttr {
        object: Value,
        name: Value,
    },
    YieldFrom,
    /// The result of an iteration's `__iter__`.
    Iter,
    /// Nobody waits: the program's main function.
    Main,
}

impl Cont {
    pub(crate) fn values(&self) -> Vec<Value> {
        match self {
            Cont::Init(v) | Cont::NextOr(v) => vec![*v],
            Cont::New { class, args } => {
                let mut vs = vec![Value::Obj(*class)];
                vs.extend(&args.pos);
                vs.extend(args.kw.iter().map(|k| k.1));
                vs
            }
            Cont::BinOp { a, b, .. } | Cont::Cmp { a, b, .. } => vec![*a, *b],
            Cont::GetAttr { object, name } => vec![*object, *name],
            _ => Vec::new(),
        }
    }
}

/// Arguments of a call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Args {
    pub(crate) pos: Vec<Value>,
    pub(crate) kw: Vec<(Arc<str>, Value)>,
}

impl Args {
    pub(crate) fn of(pos: Vec<Value>) -> Args {
        Args { pos, kw: Vec::new() }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) code: Arc<Code>,
    pub(crate) consts: Arc<[Value]>,
    pub(crate) pc: u32,
    pub(crate) locals: Vec<Value>,
    pub(crate) cells: Vec<Ref>,
    pub(crate) stack: Vec<Value>,
    pub(crate) blocks: Vec<Block>,
    /// Exceptions that are being handled, innermost last.
    pub(crate) handling: Vec<Value>,
    pub(crate) globals: Ref,
    /// The names of a class body or module.
    pub(crate) names: Option<Ref>,
    pub(crate) generator: Option<Ref>,
    /// The next result is a method call's function: an empty receiver goes on top of it.
    pub(crate) null_after: bool,
    pub(crate) cont: Cont,
}
