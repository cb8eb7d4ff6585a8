//! The shell's language as data.
//!
//! [`next_command`] reads one complete command (up to the end of its line) at a time: earlier lines
//! run before a later syntax error is found, and aliases that they define hold from there on.

pub mod ast;
mod brace;
mod command;
mod compound;
mod cond;
mod error;
mod heredoc;
mod lexer;
mod redirect;
mod simple;
mod word;

pub use brace::expand_braces;
pub use error::{ErrorKind, ParseError};
pub use lexer::Context;
use lexer::Parser;
pub use lexer::valid_name;

use ast::{List, Word};
use std::rc::Rc;

/// The name of the builtin that stands in `$(< file)`; nobody can type it as a command's name by
/// accident.
pub const SLURP: &str = "$(<)";

/// What [`next_command`] found.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The commands of the line; empty for blank lines and comments.
    pub list: Rc<List>,
    /// Where the next command starts.
    pub pos: usize,
    /// The line number there.
    pub line: u32,
    /// What bash warns of, with its line.
    pub warnings: Vec<(u32, String)>,
}

/// Reads the complete command at `pos`; `None` at the end of the text.
pub fn next_command(text: &str, pos: usize, line: u32, cx: &Context<'_>) -> Result<Option<Parsed>, ParseError> {
    let mut p = Parser::new(text, pos, line, cx);
    p.top_level()
}

/// Text as between double quotes, for here-documents and prompts; never fails, what isn't
/// understood stays as it is.
pub fn quoted_text(text: &str, cx: &Context<'_>) -> Word {
    let mut p = Parser::new(text, 0, 1, cx);
    p.here_text().unwrap_or_else(|_| Rc::from([ast::Part::Quoted(text.into())]))
}
