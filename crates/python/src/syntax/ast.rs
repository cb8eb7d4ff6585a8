//! The syntax tree. Left-leaning chains carry their depth, so that no walk over it can overflow.

use num_bigint::BigInt;
use std::sync::Arc;

pub(crate) type Str = Arc<str>;

/// Place in the source: lines from 1, columns in characters from 0, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) line: u32,
    pub(crate) col: u32,
    pub(crate) end_line: u32,
    pub(crate) end_col: u32,
}

impl Span {
    pub(crate) fn to(self, end: Span) -> Span {
        Span { end_line: end.end_line, end_col: end.end_col, ..self }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) kind: Box<Ex>,
    pub(crate) span: Span,
    pub(crate) depth: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinOp {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    And,
    Or,
    Xor,
    MatMul,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnOp {
    Neg,
    Pos,
    Invert,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CmpOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    NotIn,
    Is,
    IsNot,
}

#[derive(Clone, Debug)]
pub(crate) enum FPart {
    Lit(String),
    Expr { value: Expr, conv: Option<char>, spec: Option<Vec<FPart>> },
}

#[derive(Clone, Debug)]
pub(crate) enum Arg {
    Pos(Expr),
    Star(Expr),
    Kw(Str, Expr),
    DoubleStar(Expr),
}

#[derive(Clone, Debug)]
pub(crate) struct Comp {
    pub(crate) target: Expr,
    pub(crate) iter: Expr,
    pub(crate) ifs: Vec<Expr>,
}

#[derive(Clone, Debug)]
pub(crate) enum Ex {
    Name(Str),
    Int(i64),
    Big(BigInt),
    Float(f64),
    Str(Str),
    Bytes(Vec<u8>),
    FString(Vec<FPart>),
    None,
    Bool(bool),
    Ellipsis,
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    Set(Vec<Expr>),
    Dict(Vec<(Option<Expr>, Expr)>),
    Bin(BinOp, Expr, Expr),
    Unary(UnOp, Expr),
    /// `and` when true, else `or`.
    BoolOp(bool, Vec<Expr>),
    Compare(Expr, Vec<(CmpOp, Expr)>),
    Call(Expr, Vec<Arg>),
    Attr(Expr, Str),
    Sub(Expr, Expr),
    Slice(Option<Expr>, Option<Expr>, Option<Expr>),
    Star(Expr),
    IfElse {
        test: Expr,
        body: Expr,
        orelse: Expr,
    },
    Lambda {
        scope: u32,
        params: Params,
        body: Expr,
    },
    ListComp {
        scope: u32,
        elt: Expr,
        comps: Vec<Comp>,
    },
    SetComp {
        scope: u32,
        elt: Expr,
        comps: Vec<Comp>,
    },
    DictComp {
        scope: u32,
        key: Expr,
        value: Expr,
        comps: Vec<Comp>,
    },
    GenExp {
        scope: u32,
        elt: Expr,
        comps: Vec<Comp>,
    },
    Yield(Option<Expr>),
    YieldFrom(Expr),
    Await(Expr),
    Walrus(Str, Expr),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Params {
    pub(crate) pos_only: u32,
    pub(crate) args: Vec<Param>,
    pub(crate) vararg: Option<Param>,
    pub(crate) kwonly: Vec<Param>,
    pub(crate) kwarg: Option<Param>,
}

#[derive(Clone, Debug)]
pub(crate) struct Param {
    pub(crate) name: Str,
    pub(crate) annotation: Option<Expr>,
    pub(crate) default: Option<Expr>,
}

#[derive(Clone, Debug)]
pub(crate) struct Stmt {
    pub(crate) kind: St,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) struct Handler {
    pub(crate) typ: Option<Expr>,
    pub(crate) name: Option<Str>,
    pub(crate) body: Vec<Stmt>,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) struct WithItem {
    pub(crate) context: Expr,
    pub(crate) target: Option<Expr>,
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) pattern: Pat,
    pub(crate) guard: Option<Expr>,
    pub(crate) body: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub(crate) enum Pat {
    /// A literal or dotted name, compared with `==`.
    Value(Expr),
    /// None, True or False, compared with `is`.
    Singleton(Expr),
    Capture(Str),
    Wildcard,
    As(Box<Pat>, Str),
    Or(Vec<Pat>),
    Seq(Vec<Pat>),
    Star(Option<Str>),
    Map {
        keys: Vec<(Expr, Pat)>,
        rest: Option<Str>,
    },
    Class {
        cls: Expr,
        args: Vec<Pat>,
        kwargs: Vec<(Str, Pat)>,
    },
}

#[derive(Clone, Debug)]
pub(crate) struct Alias {
    pub(crate) name: Str,
    pub(crate) asname: Option<Str>,
}

#[derive(Clone, Debug)]
pub(crate) struct FuncDef {
    pub(crate) scope: u32,
    pub(crate) name: Str,
    pub(crate) params: Params,
    pub(crate) returns: Option<Expr>,
    pub(crate) body: Vec<Stmt>,
    pub(crate) decorators: Vec<Expr>,
    pub(crate) is_async: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct ClassDef {
    pub(crate) scope: u32,
    pub(crate) name: Str,
    pub(crate) args: Vec<Arg>,
    pub(crate) body: Vec<Stmt>,
    pub(crate) decorators: Vec<Expr>,
}

#[derive(Clone, Debug)]
pub(crate) enum St {
    Expr(Expr),
    Assign(Vec<Expr>, Expr),
    AugAssign(Expr, BinOp, Expr),
    AnnAssign { target: Expr, annotation: Expr, value: Option<Expr> },
    Return(Option<Expr>),
    Delete(Vec<Expr>),
    Pass,
    Break,
    Continue,
    If(Vec<(Expr, Vec<Stmt>)>, Vec<Stmt>),
    While(Expr, Vec<Stmt>, Vec<Stmt>),
    For { target: Expr, iter: Expr, body: Vec<Stmt>, orelse: Vec<Stmt>, is_async: bool },
    Try { body: Vec<Stmt>, handlers: Vec<Handler>, orelse: Vec<Stmt>, finally: Vec<Stmt> },
    With { items: Vec<WithItem>, body: Vec<Stmt>, is_async: bool },
    Raise(Option<Expr>, Option<Expr>),
    Assert(Expr, Option<Expr>),
    Import(Vec<Alias>),
    From { module: Str, names: Vec<Alias>, level: u32 },
    FromStar { module: Str, level: u32 },
    Global(Vec<Str>),
    Nonlocal(Vec<Str>),
    Func(Box<FuncDef>),
    Class(ClassDef),
    Match(Expr, Vec<Case>),
}
