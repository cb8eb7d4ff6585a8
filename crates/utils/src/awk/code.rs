//! What a program becomes: instructions for a machine with a stack, so that deep calls use the heap.

use std::rc::Rc;

use super::value::Value;
use crate::regex::Pattern;

/// Where a variable lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    Global(usize),
    Local(usize),
}

/// What is assigned to; the key or number of an element or field lies on the stack.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    Var(Slot),
    Elem(Slot),
    Field,
}

/// Where `print` writes to; the name lies on the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    Stdout,
    File,
    Append,
    Pipe,
}

/// Where `getline` reads from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    Main,
    File,
    Pipe,
}

/// A pattern that is known, or one that lies on the stack as text.
pub(super) type Known = Option<Rc<Pattern>>;

/// One instruction.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Const(Value),
    Load(Slot),
    Pop,
    /// Joins so many keys by `SUBSEP`.
    Keys(usize),
    Get(Target),
    /// As `Get`, the key stays.
    Keep(Target),
    Set(Target),
    Step(Target, f64, bool),
    Has(Slot),
    Delete(Slot),
    Clear(Slot),
    Binary(char),
    Compare(&'static str),
    Concat(usize),
    Negative,
    Plus,
    Not,
    Bool,
    Match(Known, bool),
    MatchRecord(Rc<Pattern>),
    Jump(usize),
    JumpIf(usize),
    JumpUnless(usize),
    Call(usize, usize),
    Return,
    Builtin(&'static str, usize),
    Sub(Known, bool, Target),
    Split(Slot, Known, bool),
    Find(Known),
    Gensub(Known, bool),
    Sorted(&'static str, Slot, Option<Slot>),
    Length(Slot),
    Getline(From, Option<Target>),
    Print(usize, To),
    Printf(usize, To),
    Iterate(Slot),
    NextKey(usize),
    DropIterator,
    InRange(usize),
    SetRange(usize, bool),
    Next,
    NextFile,
    Exit(bool),
    Done,
}

/// A function of the program.
#[derive(Clone, Debug, Default)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) parameters: Vec<String>,
    /// Which parameters are arrays.
    pub(super) arrays: Vec<bool>,
    pub(super) entry: Option<usize>,
    /// Where it was called first.
    pub(super) line: usize,
}

/// A whole program.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) code: Vec<Op>,
    pub(super) begin: Vec<usize>,
    pub(super) rules: Vec<usize>,
    pub(super) end: Vec<usize>,
    pub(super) functions: Vec<Function>,
    pub(super) globals: Vec<String>,
    pub(super) arrays: Vec<bool>,
    pub(super) ranges: usize,
}

/// Variables that mean something, in this order from global 0 on.
pub(super) const SPECIAL: &[&str] = &[
    "NF", "NR", "FNR", "FS", "OFS", "ORS", "RS", "SUBSEP", "CONVFMT", "OFMT", "RSTART", "RLENGTH", "FILENAME",
    "ENVIRON", "ARGC", "ARGV", "RT",
];
pub(super) const NF: usize = 0;
pub(super) const NR: usize = 1;
pub(super) const FNR: usize = 2;
pub(super) const FS: usize = 3;
pub(super) const OFS: usize = 4;
pub(super) const ORS: usize = 5;
pub(super) const RS: usize = 6;
pub(super) const SUBSEP: usize = 7;
pub(super) const CONVFMT: usize = 8;
pub(super) const OFMT: usize = 9;
pub(super) const RSTART: usize = 10;
pub(super) const RLENGTH: usize = 11;
pub(super) const FILENAME: usize = 12;
pub(super) const ENVIRON: usize = 13;
pub(super) const ARGC: usize = 14;
pub(super) const ARGV: usize = 15;
pub(super) const RT: usize = 16;
