//! What a `bc` program becomes: steps of a stack machine.

use std::collections::BTreeMap;
use std::rc::Rc;

/// What can be assigned to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    /// A variable.
    Variable(u32),
    /// An array's element; its index lies on the stack.
    Element(u32),
    /// `ibase`
    Input,
    /// `obase`
    Output,
    /// `scale`
    Scale,
    /// `last`, `.`
    Last,
}

/// Operators of two numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
    Unequal,
    And,
    Or,
}

/// A step.
#[derive(Clone, Debug)]
pub(super) enum Op {
    /// Digits as they are written: the base is that of the moment.
    Number(Rc<str>),
    Load(Place),
    /// Loads an element and leaves its index.
    Peek(Place),
    /// Stores the top and leaves it.
    Store(Place),
    Binary(Binary),
    Negate,
    Not,
    Jump(usize),
    /// Jumps where the top is zero.
    Unless(usize),
    Pop,
    /// Prints the top and a newline.
    Show,
    /// Prints the top alone.
    Print,
    Text(Rc<str>),
    Length,
    ScaleOf,
    Root,
    Read,
    /// A function by number, its arguments: `Some` an array, `None` a number on the stack.
    Call(u32, Rc<[Option<u32>]>),
    /// With the top's value.
    Return,
    /// Ends the program.
    Halt,
}

impl Op {
    /// Bytes that the step takes in GNU's code: its messages count them.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Op::Number(n) if matches!(&**n, "0" | "1") => 1,
            Op::Number(n) => n.len() + 2,
            Op::Load(_) | Op::Peek(_) | Op::Store(_) | Op::Length | Op::ScaleOf | Op::Root | Op::Read => 2,
            Op::Jump(_) | Op::Unless(_) => 3,
            Op::Text(t) => t.len() + 2,
            // What is wrong with a call is said before its arguments are passed over.
            Op::Call(..) => 2,
            _ => 1,
        }
    }
}

/// A function, or a line's statements.
#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    pub(super) name: String,
    /// Parameters: whether an array, its number.
    pub(super) parameters: Vec<(bool, u32)>,
    /// `auto`s.
    pub(super) locals: Vec<(bool, u32)>,
    pub(super) ops: Vec<Op>,
}

/// Numbers for names.
#[derive(Debug, Default)]
pub(super) struct Names {
    variables: BTreeMap<String, u32>,
    arrays: BTreeMap<String, u32>,
    /// Of functions, in order of their numbers.
    pub(super) functions: Vec<String>,
    /// Those that have no value.
    pub(super) void: Vec<String>,
}

impl Names {
    pub(super) fn variable(&mut self, name: &str) -> u32 {
        let n = self.variables.len() as u32;
        *self.variables.entry(name.to_owned()).or_insert(n)
    }
    pub(super) fn array(&mut self, name: &str) -> u32 {
        let n = self.arrays.len() as u32;
        *self.arrays.entry(name.to_owned()).or_insert(n)
    }
    /// An array's name.
    pub(super) fn array_name(&self, number: u32) -> &str {
        self.arrays.iter().find(|(_, n)| **n == number).map_or("", |(k, _)| k)
    }
    /// A parameter's or local's name.
    pub(super) fn local_name(&self, (array, number): (bool, u32)) -> &str {
        let of = if array { &self.arrays } else { &self.variables };
        of.iter().find(|(_, n)| **n == number).map_or("", |(k, _)| k)
    }
    /// Whether a function has no value.
    pub(super) fn is_void(&self, name: &str) -> bool {
        self.void.iter().any(|v| v == name)
    }
    pub(super) fn function(&mut self, name: &str) -> u32 {
        match self.functions.iter().position(|f| f == name) {
            Some(n) => n as u32,
            None => {
                self.functions.push(name.to_owned());
                self.functions.len() as u32 - 1
            }
        }
    }
}
