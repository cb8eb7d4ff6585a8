//! Where commands come from: a script, `-c`, standard input, `eval`, a trap.

use std::rc::Rc;

use layerlab_kernel::{Cx, Errno, Fd, Ret, Syscall, Whence};

use super::{Control, Flow, Frame, Shell};
use crate::dialect::Dialect;
use crate::parse::{self, ParseError};

/// Kinds of sources; messages differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// `-c`.
    Command,
    /// A script file, or a sourced one.
    File,
    /// Standard input, read as it comes.
    Stdin(Fd),
    /// `eval`.
    Eval,
    /// A trap's action.
    Trap,
    /// A line at a prompt.
    Line,
    /// Backquotes.
    Backquote,
}

/// A text being read and run.
#[derive(Clone, Debug, Hash)]
pub struct SourceFrame {
    /// Where it comes from.
    pub kind: SourceKind,
    text: Rc<str>,
    pos: usize,
    line: u32,
    /// All of it is here.
    whole: bool,
    reading: bool,
    /// Standard input can be rewound, so blocks can be read.
    seekable: bool,
    bytes: Vec<u8>,
    ran: bool,
}

impl SourceFrame {
    /// A text that is wholly known.
    pub fn new(kind: SourceKind, text: &str, line: u32) -> Self {
        let whole = !matches!(kind, SourceKind::Stdin(_));
        Self {
            kind,
            text: text.into(),
            pos: 0,
            line,
            whole,
            reading: false,
            seekable: false,
            bytes: Vec::new(),
            ran: false,
        }
    }

    /// Whether it goes on after a command's error.
    pub(super) fn goes_on(&self) -> bool {
        matches!(self.kind, SourceKind::File | SourceKind::Stdin(_) | SourceKind::Command)
    }

    /// Whether nothing but blanks and comments is left.
    pub(super) fn is_at_end(&self) -> bool {
        self.whole
            && !matches!(self.kind, SourceKind::Trap)
            && self
                .text
                .get(self.pos..)
                .is_none_or(|t| t.lines().all(|l| l.trim_start().is_empty() || l.trim_start().starts_with('#')))
    }
}

impl Shell {
    /// Runs a text.
    pub fn push_source(&mut self, kind: SourceKind, text: &str, line: u32) {
        self.frames.push(Frame::Source(Box::new(SourceFrame::new(kind, text, line))));
    }

    pub(super) fn step_source(&mut self, mut f: Box<SourceFrame>, cx: &mut Cx<'_>) -> Flow {
        if f.reading {
            f.reading = false;
            self.take_input(&mut f, cx);
        }
        if !f.whole && !has_whole_line(&f) {
            return self.read_more(f, cx);
        }
        let parsed = parse::next_command(&f.text, f.pos, f.line, &self.parse_context());
        match parsed {
            Ok(None) if !f.whole => self.read_more(f, cx),
            Ok(None) => {
                if !f.ran {
                    self.status = 0;
                }
                Flow::Go
            }
            Ok(Some(p)) => {
                if self.opts.has("verbose")
                    && (matches!(f.kind, SourceKind::Stdin(_) | SourceKind::File)
                        || (f.kind == SourceKind::Command && self.dialect.is_bash()))
                {
                    let mut text = f.text.get(f.pos..p.pos).unwrap_or("").to_owned();
                    if self.dialect.is_bash() && !text.ends_with('\n') {
                        text.push('\n');
                    }
                    self.err(text);
                }
                if self.dialect.is_bash() && f.whole {
                    for (line, text) in &p.warnings {
                        let kept = std::mem::replace(&mut self.line, *line);
                        self.complain(text);
                        self.line = kept;
                    }
                }
                f.pos = p.pos;
                f.line = p.line;
                if !f.whole {
                    f.text = f.text.get(f.pos..).unwrap_or("").into();
                    f.pos = 0;
                }
                if p.list.items.is_empty() {
                    self.frames.push(Frame::Source(f));
                    return Flow::Go;
                }
                f.ran = true;
                let backquote = f.kind == SourceKind::Backquote && self.dialect.is_bash();
                self.frames.push(Frame::Source(f));
                let list = if backquote { parse::file_content(p.list) } else { p.list };
                self.frames.push(Frame::List(list, 0));
                Flow::Go
            }
            Err(e) if e.is_incomplete() && !f.whole => self.read_more(f, cx),
            Err(e) => {
                self.syntax_error(&e, f.kind);
                Flow::Go
            }
        }
    }

    /// Says what is wrong with the syntax, and leaves what has it.
    pub fn syntax_error(&mut self, e: &ParseError, kind: SourceKind) {
        if kind == SourceKind::Eval {
            // Messages say that it was in `eval`.
            self.push_source(SourceKind::Eval, "", 1);
            self.tell_syntax_error(e, kind);
            self.frames.pop();
        } else {
            self.tell_syntax_error(e, kind);
        }
    }

    fn tell_syntax_error(&mut self, e: &ParseError, kind: SourceKind) {
        let line = std::mem::replace(&mut self.line, e.line);
        let lines = e.message(self.dialect, kind != SourceKind::Line || !self.interactive);
        let context = match kind {
            SourceKind::Command if self.dialect.is_bash() && matches!(e.kind, parse::ErrorKind::BadName(_)) => "",
            SourceKind::Command if self.dialect.is_bash() => "-c: ",
            SourceKind::Eval if self.dialect.is_bash() => "eval: ",
            SourceKind::Backquote if self.dialect.is_bash() => "command substitution: ",
            _ => "",
        };
        for text in lines {
            let message = if self.dialect.is_bash() {
                if self.interactive && kind == SourceKind::Line {
                    format!("{}: {text}\n", self.name)
                } else {
                    let name = self.sources.last().unwrap_or(&self.name);
                    format!("{name}: {context}line {}: {text}\n", self.line)
                }
            } else {
                let prefix = match self.dialect {
                    // The file is no longer on the stack.
                    Dialect::Ash if self.from_c && kind == SourceKind::File => {
                        format!("{}: {}line {}: ", self.name, self.within(), self.line)
                    }
                    _ => self.prefix(),
                };
                format!("{prefix}{text}\n")
            };
            self.err(message);
        }
        self.line = line;
        self.status = if self.dialect.is_bash() && matches!(e.kind, parse::ErrorKind::BadName(_)) { 1 } else { 2 };
        // A script cannot go on; bash's eval and a prompt can.
        if self.dialect.is_bash() && matches!(kind, SourceKind::Eval | SourceKind::Trap | SourceKind::Line) {
            return;
        }
        if matches!(kind, SourceKind::Line) {
            return;
        }
        self.control = Some(if matches!(kind, SourceKind::File) && self.dots > 0 && self.dialect.is_bash() {
            Control::Return
        } else {
            Control::Abort
        });
    }

    fn read_more(&mut self, mut f: Box<SourceFrame>, cx: &mut Cx<'_>) -> Flow {
        let SourceKind::Stdin(fd) = f.kind else {
            f.whole = true;
            self.frames.push(Frame::Source(f));
            return Flow::Go;
        };
        f.seekable = cx.lseek(fd, 0, Whence::Current).is_ok();
        f.reading = true;
        let len = if f.seekable { 4096 } else { 1 };
        self.frames.push(Frame::Source(f));
        Flow::Call(Syscall::Read { fd, len })
    }

    fn take_input(&mut self, f: &mut SourceFrame, cx: &mut Cx<'_>) {
        let SourceKind::Stdin(fd) = f.kind else { return };
        match self.ret.take() {
            Some(Ok(Ret::Bytes(b))) if !b.is_empty() => {
                // Commands may read from the same input: only whole lines are taken from it.
                let end = b.iter().position(|c| *c == b'\n').map_or(b.len(), |i| i + 1);
                if end < b.len() {
                    let _ = cx.lseek(fd, end as i64 - b.len() as i64, Whence::Current);
                }
                f.bytes.extend_from_slice(b.get(..end).unwrap_or(&b));
                if f.bytes.ends_with(b"\n") {
                    let line = String::from_utf8_lossy(&std::mem::take(&mut f.bytes)).into_owned();
                    f.text = format!("{}{line}", f.text).into();
                }
            }
            Some(Err(Errno::EINTR)) => {}
            _ => {
                let rest = String::from_utf8_lossy(&std::mem::take(&mut f.bytes)).into_owned();
                f.text = format!("{}{rest}", f.text).into();
                f.whole = true;
            }
        }
    }

    /// Whether input for a prompt's `>` is missing only because the text ends.
    pub fn wants_more(&self, text: &str) -> bool {
        let mut pos = 0;
        let mut line = 1;
        loop {
            match parse::next_command(text, pos, line, &self.parse_context()) {
                Ok(Some(p)) => (pos, line) = (p.pos, p.line),
                Ok(None) => return unfinished_here_doc(text) || ends_in_backslash(text),
                Err(e) => return e.is_incomplete(),
            }
        }
    }
}

fn ends_in_backslash(text: &str) -> bool {
    let t = text.strip_suffix('\n').unwrap_or(text);
    t.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1
}

/// A rough look for `<<WORD` whose WORD hasn't come yet; the parser takes an open one as it is.
fn unfinished_here_doc(text: &str) -> bool {
    let Some(at) = text.find("<<") else { return false };
    let rest = text.get(at + 2..).unwrap_or("");
    if rest.starts_with('<') {
        return false;
    }
    let strip = rest.starts_with('-');
    let rest = rest.trim_start_matches('-').trim_start_matches([' ', '\t']);
    let word: String = rest
        .chars()
        .take_while(|c| !c.is_whitespace() && !";&|<>()".contains(*c))
        .filter(|c| !"'\"\\".contains(*c))
        .collect();
    if word.is_empty() {
        return false;
    }
    !text.lines().skip(1).any(|l| if strip { l.trim_start_matches('\t') == word } else { l == word })
}

fn has_whole_line(f: &SourceFrame) -> bool {
    f.text.get(f.pos..).is_some_and(|t| t.contains('\n'))
}

/// How a shell that could not read a script says so.
pub(crate) fn cannot_open(dialect: Dialect, name: &str, path: &str, e: Errno) -> String {
    match dialect {
        Dialect::Bash => format!("{name}: {path}: {e}\n"),
        Dialect::Dash => {
            format!("{name}: 0: cannot open {path}: {}\n", if e == Errno::ENOENT { "No such file" } else { e.text() })
        }
        Dialect::Ash => format!("{name}: can't open '{path}': {e}\n"),
    }
}
