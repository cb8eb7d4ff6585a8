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
pub(crate) use word::file_content;

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
    /// How many bytes were looked at for it.
    pub work: usize,
}

/// How much of a script is looked at first for its next command, in bytes.
const WINDOW: usize = 512;

/// Reads the complete command at `pos`, where a line starts; `None` at the end of the text.
///
/// Only some lines are looked at; where the command doesn't end in them, twice as many: a long
/// script costs time in proportion to its length, not to its square.
pub fn next_command(text: &str, pos: usize, line: u32, cx: &Context<'_>) -> Result<Option<Parsed>, ParseError> {
    let rest = text.get(pos..).unwrap_or("");
    let mut size = WINDOW;
    let mut work = 0;
    loop {
        let bytes = rest.as_bytes();
        let end =
            bytes.get(size..).and_then(|b| b.iter().position(|b| *b == b'\n')).map_or(rest.len(), |i| size + i + 1);
        work += end;
        let mut p = Parser::new(rest.get(..end).unwrap_or(rest), line, cx);
        let result = p.top_level();
        if end == rest.len() || (result.is_ok() && !p.cut.get()) {
            return result.map(|found| found.map(|c| Parsed { pos: c.pos + pos, work, ..c }));
        }
        size = end * 2;
    }
}

/// The first command of a text, with words as they are written.
pub fn verbatim(text: &str, cx: &Context<'_>) -> Option<Rc<List>> {
    let mut p = Parser::new(text, 1, cx);
    p.verbatim = true;
    p.top_level().ok()?.map(|found| found.list)
}

/// Text as between double quotes, for here-documents and prompts; never fails, what isn't
/// understood stays as it is.
pub fn quoted_text(text: &str, cx: &Context<'_>) -> Word {
    let mut p = Parser::new(text, 1, cx);
    p.here_text().unwrap_or_else(|_| Rc::from([ast::Part::Quoted(text.into())]))
}
