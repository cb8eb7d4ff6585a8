//! Characters, blanks, operators and aliases.

use std::cell::Cell;
use std::rc::Rc;

use super::ast::{HereDoc, Part, Word};
use super::error::{ErrorKind, ParseError};
use crate::dialect::Dialect;
use layerlab_kernel::sorted::SortedMap;

/// How deep constructs may nest: the parser recurses, and a wasm stack has 1 MiB.
const MAX_DEPTH: u32 = 48;

/// What the parser must know of the shell.
pub struct Context<'a> {
    /// Which language.
    pub dialect: Dialect,
    /// Names and their replacement; `None` where aliases aren't expanded.
    pub aliases: Option<&'a SortedMap<String, String>>,
    /// `shopt -s extglob`.
    pub extglob: bool,
}

/// A here-document whose lines follow.
pub(super) struct PendingHere {
    pub(super) doc: Rc<HereDoc>,
    pub(super) delimiter: String,
    pub(super) quoted: bool,
    pub(super) strip: bool,
}

pub(super) struct Parser<'a> {
    pub(super) src: String,
    pub(super) pos: usize,
    pub(super) line: u32,
    pub(super) cx: &'a Context<'a>,
    pub(super) pending: Vec<PendingHere>,
    pub(super) depth: u32,
    /// What bash warns of, with its line.
    pub(super) warnings: Vec<(u32, String)>,
    steps: usize,
    /// Extended patterns are read.
    pub(super) extglob: bool,
    /// Words are kept as they are written, for `declare -f`.
    pub(super) verbatim: bool,
    /// A here-document's text is read.
    pub(super) here: bool,
    /// The text goes on behind what is here, and might have been read in another way with it.
    pub(super) cut: Cell<bool>,
    /// How much longer `src` became by aliases.
    grown: i64,
    /// Aliases being expanded, and where their text ends.
    active: Vec<(String, usize)>,
    /// There are backslashes before line ends.
    continued: bool,
    /// Where the word after an alias that ends in a blank starts to be tried too.
    pub(super) alias_next: Option<usize>,
}

pub(super) type Res<T> = Result<T, ParseError>;

pub(super) fn is_name_start(b: u8) -> bool {
    b.is_ascii_alphabetic() || b == b'_'
}
pub(super) fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}
/// Whether the text is a variable's name.
pub fn valid_name(s: &str) -> bool {
    s.bytes().next().is_some_and(is_name_start) && s.bytes().all(is_name)
}
pub(super) fn is_meta(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &str, line: u32, cx: &'a Context<'a>) -> Self {
        Self {
            src: text.to_owned(),
            pos: 0,
            line,
            cx,
            pending: Vec::new(),
            depth: 0,
            warnings: Vec::new(),
            steps: 0,
            extglob: cx.extglob,
            verbatim: false,
            here: false,
            cut: Cell::new(false),
            grown: 0,
            active: Vec::new(),
            continued: text.contains("\\\n"),
            alias_next: None,
        }
    }

    pub(super) fn bash(&self) -> bool {
        self.cx.dialect.is_bash()
    }
    /// Position in the text that was given.
    pub(super) fn original_pos(&self) -> usize {
        usize::try_from(self.pos as i64 - self.grown).unwrap_or(0)
    }
    pub(super) fn at(&self, ahead: usize) -> Option<u8> {
        self.src.as_bytes().get(self.pos + ahead).copied()
    }
    pub(super) fn peek(&self) -> Option<u8> {
        self.at(0)
    }
    pub(super) fn rest(&self) -> &str {
        self.src.get(self.pos..).unwrap_or("")
    }
    pub(super) fn starts(&self, s: &str) -> bool {
        self.rest().starts_with(s)
    }
    pub(super) fn bump(&mut self) {
        if self.peek() == Some(b'\n') {
            self.line += 1;
        }
        self.pos += 1;
    }
    pub(super) fn skip(&mut self, n: usize) {
        for _ in 0..n {
            self.bump();
        }
    }
    /// The character here, taken.
    pub(super) fn take_char(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        if c == '\n' {
            self.line += 1;
        }
        self.pos += c.len_utf8();
        Some(c)
    }
    pub(super) fn eat(&mut self, s: &str) -> bool {
        let found = self.starts(s);
        if found {
            self.skip(s.len());
        }
        found
    }
    /// The text since the byte as a word, where words are kept as they are written.
    pub(super) fn kept(&self, from: usize, to: usize) -> Option<Word> {
        self.verbatim.then(|| Rc::from([Part::Lit(self.slice(from, to).into())]))
    }
    pub(super) fn slice(&self, from: usize, to: usize) -> &str {
        self.src.get(from..to).unwrap_or("")
    }

    pub(super) fn enter(&mut self) -> Res<()> {
        self.depth += 1;
        // Where text can be read in two ways it is read twice: together not without end.
        self.steps += 1;
        if self.depth > MAX_DEPTH || self.steps > 20_000 + 16 * self.src.len() {
            Err(self.error(ErrorKind::TooDeep))
        } else {
            Ok(())
        }
    }
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Blanks, continued lines and comments.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.pos += 1,
                Some(b'\r') if self.at(1) == Some(b'\n') => self.pos += 1,
                Some(b'\\') if self.at(1) == Some(b'\n') => self.skip(2),
                Some(b'#') => {
                    while self.peek().is_some_and(|b| b != b'\n') {
                        self.pos += 1;
                    }
                }
                _ => break,
            }
        }
        if self.continued {
            self.join_token(self.pos);
        }
    }

    /// Takes out backslashes before line ends within the word or operator at the byte.
    fn join_token(&mut self, from: usize) {
        let mut i = from;
        while let Some(b) = self.src.as_bytes().get(i).copied() {
            if b == b'\\' && self.src.as_bytes().get(i + 1) == Some(&b'\n') {
                self.splice(i);
                continue;
            }
            let operator = matches!(b, b';' | b'&' | b'|' | b'<' | b'>');
            let within = i == from
                || self.src.as_bytes().get(i - 1).is_some_and(|b| matches!(b, b';' | b'&' | b'|' | b'<' | b'>'));
            match b {
                b'\'' | b'"' | b'`' | b'$' | b'\\' => return,
                _ if operator && within => i += 1,
                _ if is_meta(b) => return,
                _ if operator || (i > from && within) => return,
                _ => i += 1,
            }
        }
    }

    /// Takes out backslashes before line ends within the parameter at the byte.
    pub(super) fn join_name(&mut self, from: usize) {
        let mut i = from;
        while self.continued {
            match self.src.as_bytes().get(i) {
                Some(b'\\') if self.src.as_bytes().get(i + 1) == Some(&b'\n') => self.splice(i),
                Some(b'{' | b'(') if i == from => i += 1,
                Some(b) if is_name(*b) => i += 1,
                _ => return,
            }
        }
    }

    /// A backslash and the line end after it are gone.
    fn splice(&mut self, at: usize) {
        self.src.replace_range(at..at + 2, "");
        self.grown -= 2;
        for (_, end) in &mut self.active {
            if *end > at {
                *end -= 2;
            }
        }
        self.line += 1;
    }

    /// Blanks and line ends; here-documents are read on the way.
    pub(super) fn newlines(&mut self) -> Res<()> {
        loop {
            self.blanks();
            if self.peek() != Some(b'\n') {
                return Ok(());
            }
            self.newline()?;
        }
    }

    /// A line's end, and the here-documents after it.
    pub(super) fn newline(&mut self) -> Res<()> {
        self.bump();
        self.read_here_docs()
    }

    pub(super) fn error(&self, kind: ErrorKind) -> ParseError {
        let at = self.pos.min(self.src.len());
        let bytes = self.src.as_bytes();
        let start = bytes.get(..at).unwrap_or(bytes).iter().rposition(|b| *b == b'\n').map_or(0, |p| p + 1);
        let end = bytes.iter().skip(at).position(|b| *b == b'\n').map_or(self.src.len(), |p| at + p);
        let e = ParseError { line: self.line, kind, source: self.slice(start, end).to_owned() };
        self.cut.set(self.cut.get() || e.is_incomplete());
        e
    }

    /// The token here is not one that can stand here.
    pub(super) fn unexpected(&mut self, expecting: Option<&'static str>) -> ParseError {
        self.blanks();
        let (token, word) = self.token_text();
        if token.is_empty() {
            // Bash tells the line after the last one.
            let mut e = self.error(ErrorKind::Eof { expecting });
            if self.bash() && !self.src.ends_with('\n') {
                e.line += 1;
            }
            return e;
        }
        // Dash and ash have read the line's end when they complain of it.
        let after = u32::from(token == "newline" && !self.bash());
        let mut e = self.error(ErrorKind::Unexpected { token, word, expecting });
        e.line += after;
        e
    }

    /// Takes an operator, or the end of a line.
    pub(super) fn skip_token(&mut self) {
        match self.peek() {
            Some(b'\n') => self.bump(),
            _ => self.skip(self.token_text().0.len()),
        }
    }

    fn token_text(&self) -> (String, bool) {
        const OPS: &[&str] = &[
            ";;&", "<<-", "<<<", "&>>", "&&", "||", ";;", ";&", "<<", ">>", "<&", ">&", "<>", ">|", "&>", "|&", "(",
            ")", "<", ">", "&", "|", ";",
        ];
        let rest = self.rest();
        if rest.starts_with('\n') {
            return ("newline".into(), false);
        }
        if let Some(op) = OPS.iter().find(|o| rest.starts_with(**o)) {
            return ((*op).to_owned(), false);
        }
        let end = rest.bytes().position(is_meta).unwrap_or(rest.len());
        let w = rest.get(..end).unwrap_or(rest).to_owned();
        let reserved = super::command::RESERVED.contains(&w.as_str());
        (w, !reserved)
    }

    /// The word here, if it is plain text up to the next meta character.
    pub(super) fn plain_word(&self) -> Option<&str> {
        let rest = self.rest();
        let end = rest.bytes().position(is_meta).unwrap_or(rest.len());
        let w = rest.get(..end)?;
        (!w.is_empty() && !w.bytes().any(|b| matches!(b, b'\'' | b'"' | b'\\' | b'$' | b'`'))).then_some(w)
    }

    /// Puts an alias's text in the place of its name, where a command's name stands.
    pub(super) fn expand_alias(&mut self) {
        let Some(aliases) = self.cx.aliases else { return };
        for _ in 0..64 {
            let pos = self.pos;
            self.active.retain(|(_, end)| *end > pos);
            let Some(word) = self.plain_word().map(str::to_owned) else { return };
            if self.active.iter().any(|(n, _)| *n == word) {
                return;
            }
            let Some(text) = aliases.get(&word) else { return };
            self.src.replace_range(pos..pos + word.len(), text);
            let delta = text.len() as i64 - word.len() as i64;
            self.grown += delta;
            for (_, end) in &mut self.active {
                *end = usize::try_from(*end as i64 + delta).unwrap_or(0);
            }
            self.active.push((word, pos + text.len()));
            self.alias_next = text.ends_with([' ', '\t']).then_some(pos + text.len());
            self.blanks();
        }
    }
}
