//! Text to tree: lines, continuations, comments, directives, heredocs.

mod arguments;
mod directive;
pub(crate) mod heredoc;
mod line;

use std::ops::{Range, RangeInclusive};

use crate::ast::{Ast, Directives, Node};
use crate::diagnostic::{Diagnostic, DiagnosticKind};
use directive::DirectiveParser;

/// Bytes of a line without its `\n`: BuildKit reads lines into a buffer one larger.
const MAX_LINE: usize = 65_535;

/// What [`parse`] returns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Parsed {
    /// What was understood.
    pub ast: Ast,
    /// The same as `ast.directives`.
    pub directives: Directives,
    /// Errors of the parser, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a Dockerfile. It never gives up: what can't be understood is reported and left out.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let mut parser = Parser::new(text);
    parser.run();
    parser.finish()
}

/// Only the directives at the top of a file.
#[must_use]
pub fn parse_directives(text: &str) -> Directives {
    let mut directives = DirectiveParser::default();
    for line in Lines::new(text) {
        if directives.is_done() {
            break;
        }
        // A wrong directive is reported by `parse`.
        let _ = directives.read(line.trimmed, line.number, line.span());
    }
    directives.found
}

/// A physical line.
#[derive(Clone, Copy)]
struct Line<'a> {
    number: u32,
    start: usize,
    /// With its line end.
    raw: &'a str,
    /// Without its line end.
    content: &'a str,
    /// Without leading blanks, too.
    trimmed: &'a str,
}

impl<'a> Line<'a> {
    fn new(number: u32, start: usize, raw: &'a str) -> Self {
        let content = raw.trim_end_matches(['\r', '\n']);
        Self { number, start, raw, content, trimmed: content.trim_start() }
    }

    fn end(&self) -> usize {
        self.start + self.content.len()
    }

    /// From the first character that is not blank to the end of the line.
    fn span(&self) -> Range<usize> {
        self.start + self.content.len() - self.trimmed.len()..self.end()
    }

    fn is_comment(&self) -> bool {
        self.trimmed.starts_with('#')
    }
}

struct Lines<'a> {
    rest: &'a str,
    offset: usize,
    number: u32,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { rest, offset: text.len() - rest.len(), number: 0 }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let length = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
        let (raw, rest) = self.rest.split_at(length);
        let line = Line::new(self.number + 1, self.offset, raw);
        self.rest = rest;
        self.offset += length;
        self.number += 1;
        Some(line)
    }
}

struct Parser<'a> {
    text: &'a str,
    lines: Lines<'a>,
    directives: DirectiveParser,
    comments: Vec<String>,
    ast: Ast,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            lines: Lines::new(text),
            directives: DirectiveParser::default(),
            comments: Vec::new(),
            // A guess: room for most files at once.
            ast: Ast { nodes: Vec::with_capacity(text.len() / 64), ..Ast::default() },
            diagnostics: Vec::new(),
        }
    }

    fn run(&mut self) {
        while let Some(line) = self.lines.next() {
            self.check_length(line);
            if self.directive(line) {
                continue;
            }
            let trimmed = line.trimmed;
            if let Some(comment) = trimmed.strip_prefix('#') {
                match comment.trim() {
                    "" => self.comments.clear(),
                    comment => self.comments.push(comment.to_owned()),
                }
            } else if trimmed.is_empty() {
                self.comments.clear();
            } else {
                self.instruction(line);
            }
        }
    }

    fn finish(mut self) -> Parsed {
        let last = self.lines.number;
        let whole = 0..self.text.len();
        if self.text.is_empty() {
            let message = "the Dockerfile cannot be empty";
            self.diagnostics.push(Diagnostic::error(DiagnosticKind::Empty, message, 0..=0, whole));
        } else if self.ast.nodes.is_empty() && self.diagnostics.is_empty() {
            let message = "file with no instructions";
            self.diagnostics.push(Diagnostic::error(DiagnosticKind::Empty, message, last..=last, whole));
        }
        self.ast.directives = self.directives.found;
        Parsed { directives: self.ast.directives.clone(), ast: self.ast, diagnostics: self.diagnostics }
    }

    fn check_length(&mut self, line: Line<'_>) {
        if line.raw.strip_suffix('\n').unwrap_or(line.raw).len() > MAX_LINE {
            let message = format!("dockerfile line greater than max allowed size of {MAX_LINE}");
            // BuildKit marks the last line that it could read.
            let before = line.number - 1;
            self.error(DiagnosticKind::Syntax, message, before..=before, line.span());
        }
    }

    fn directive(&mut self, line: Line<'_>) -> bool {
        if self.directives.is_done() {
            return false;
        }
        match self.directives.read(line.trimmed, line.number, line.span()) {
            Ok(found) => found,
            Err(message) => {
                self.error(DiagnosticKind::Directive, message, line.number..=line.number, line.span());
                true
            }
        }
    }

    fn error(
        &mut self,
        kind: DiagnosticKind,
        message: impl Into<String>,
        lines: RangeInclusive<u32>,
        span: Range<usize>,
    ) {
        self.diagnostics.push(Diagnostic::error(kind, message, lines, span));
    }

    /// An instruction that begins on `first`: joins its continuation lines, then reads its heredocs.
    fn instruction(&mut self, first: Line<'a>) {
        let escape = self.directives.found.escape_char();
        let (part, mut more) = cut_continuation(first.trimmed, escape);
        let mut joined = String::with_capacity(if more { 4 * part.len() } else { part.len() });
        joined.push_str(part);
        let mut last = first;
        let mut empty_line = false;
        while more {
            let Some(line) = self.lines.next() else { break };
            self.check_length(line);
            last = line;
            if line.is_comment() {
                continue;
            }
            if line.trimmed.is_empty() {
                empty_line = true;
                continue;
            }
            let (part, goes_on) = cut_continuation(line.content, escape);
            joined.push_str(part);
            more = goes_on;
        }
        if empty_line {
            self.ast.empty_continuations.push((last.number, last.span()));
        }
        let comments = std::mem::take(&mut self.comments);
        let (mut node, wrong) = line::node(joined, escape);
        if let Some(message) = wrong {
            let lines = first.number..=last.number;
            self.error(DiagnosticKind::Syntax, message, lines, first.span().start..last.end());
        }
        if !node.broken && heredoc::allowed(&node) {
            last = self.heredocs(&mut node, first, last);
        }
        node.comments = comments;
        node.lines = first.number..=last.number;
        node.span = first.span().start..last.end().max(first.span().start);
        if let Some(sub) = &mut node.sub {
            sub.lines = node.lines.clone();
            sub.span = node.span.clone();
        }
        self.ast.nodes.push(node);
    }

    /// Reads the contents that the node's words announce. Returns the last line read.
    fn heredocs(&mut self, node: &mut Node, first: Line<'a>, mut last: Line<'a>) -> Line<'a> {
        for mut heredoc in heredoc::in_line(&node.original) {
            let mut ended = false;
            while let Some(line) = self.lines.next() {
                self.check_length(line);
                last = line;
                let content = line.content;
                let candidate = if heredoc.chomp { content.trim_start_matches('\t') } else { content };
                if candidate == heredoc.name {
                    ended = true;
                    break;
                }
                heredoc.content.push_str(line.raw);
            }
            if !ended {
                let lines = first.number..=last.number;
                let span = first.span().start..last.end();
                self.error(DiagnosticKind::Heredoc, "unterminated heredoc", lines, span);
                node.broken = true;
            }
            node.heredocs.push(heredoc);
        }
        last
    }
}

/// The line without its continuation character, and whether there was one. A doubled escape
/// character at the end continues nothing.
fn cut_continuation(line: &str, escape: char) -> (&str, bool) {
    match line.trim_end_matches([' ', '\t']).strip_suffix(escape) {
        Some(before) if !before.ends_with(escape) => (before, true),
        _ => (line, false),
    }
}
