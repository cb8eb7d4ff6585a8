//! What a program is.

use std::rc::Rc;

use super::value::Value;

/// A filter.
#[derive(Debug)]
pub(super) enum Ast {
    Identity,
    Recurse,
    Index(Rc<Ast>, Rc<Ast>),
    Slice(Rc<Ast>, Option<Rc<Ast>>, Option<Rc<Ast>>),
    Iterate(Rc<Ast>),
    Const(Value),
    /// Parts of text; others are filters whose values are put through a format.
    Text(Option<String>, Vec<Part>),
    Format(String),
    Array(Option<Rc<Ast>>),
    Object(Vec<(Rc<Ast>, Rc<Ast>)>),
    Negative(Rc<Ast>),
    Pipe(Rc<Ast>, Rc<Ast>),
    Comma(Rc<Ast>, Rc<Ast>),
    Binary(&'static str, Rc<Ast>, Rc<Ast>),
    And(Rc<Ast>, Rc<Ast>),
    Or(Rc<Ast>, Rc<Ast>),
    Else(Rc<Ast>, Rc<Ast>),
    Assign(&'static str, Rc<Ast>, Rc<Ast>),
    Try(Rc<Ast>, Option<Rc<Ast>>),
    If(Rc<Ast>, Rc<Ast>, Rc<Ast>),
    Reduce(Rc<Ast>, Pattern, Rc<Ast>, Rc<Ast>),
    Foreach(Rc<Ast>, Pattern, Rc<Ast>, Rc<Ast>, Option<Rc<Ast>>),
    Define(Rc<Function>, Rc<Ast>),
    Call(String, Vec<Rc<Ast>>),
    Var(String),
    As(Rc<Ast>, Vec<Pattern>, Rc<Ast>),
    Label(String, Rc<Ast>),
    Break(String),
}

/// A part of a string.
#[derive(Debug)]
pub(super) enum Part {
    Plain(String),
    Filter(Rc<Ast>),
}

/// What `as` binds.
#[derive(Clone, Debug)]
pub(super) enum Pattern {
    Var(String),
    Array(Vec<Pattern>),
    Object(Vec<(Option<String>, Rc<Ast>, Option<Pattern>)>),
}

/// `def name(params): body;`
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) parameters: Vec<String>,
    pub(super) body: Rc<Ast>,
}
