//! Source text to tree: lexer, then a recursive-descent parser with a nesting limit.

pub(crate) mod ast;
mod expr;
mod fstring;
pub(crate) mod lexer;
pub(crate) mod parser;
mod pattern;
mod stmt;
