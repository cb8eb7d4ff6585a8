//! One joined line to a node: keyword, flags, then arguments as the keyword demands.

use super::arguments::{self, Arguments};
use crate::ast::Node;

/// ONBUILD may nest this deep before its argument is left unread (more than one is refused later).
const MAX_DEPTH: usize = 8;

/// Blanks that separate words (Go: `[\t\v\f\r ]+`).
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\x0b' | '\x0c' | '\r' | ' ')
}

/// The text before and behind the first run of blanks.
pub(super) fn cut_blank(text: &str) -> Option<(&str, &str)> {
    let at = text.find(is_blank)?;
    let (before, after) = text.split_at(at);
    Some((before, after.trim_start_matches(is_blank)))
}

/// The node of a line. If its arguments can't be read: the node without them, and the reason.
pub(super) fn node(line: String, escape: char) -> (Node, Option<String>) {
    nested(line, escape, 0)
}

fn nested(line: String, escape: char, depth: usize) -> (Node, Option<String>) {
    let trimmed = line.trim();
    let (keyword, rest) = cut_blank(trimmed).unwrap_or((trimmed, ""));
    let (flags, rest) = flags(rest);
    let rest = rest.trim();
    let mut node = Node {
        keyword: keyword.to_owned(),
        flags,
        args: Vec::new(),
        sub: None,
        json: false,
        heredocs: Vec::new(),
        original: String::new(),
        comments: Vec::new(),
        lines: 0..=0,
        span: 0..0,
        broken: false,
    };
    let mut wrong = None;
    if !keyword.eq_ignore_ascii_case("onbuild") {
        match arguments::read(keyword, rest, escape) {
            Ok(Arguments { words, json }) => (node.args, node.json) = (words, json),
            Err(message) => wrong = Some(message),
        }
    } else if !rest.is_empty() && depth < MAX_DEPTH {
        let (sub, message) = nested(rest.to_owned(), escape, depth + 1);
        node.sub = Some(Box::new(sub));
        wrong = message;
    }
    node.broken = wrong.is_some();
    node.original = line;
    (node, wrong)
}

/// The `--flag` words at the start, without quotes and escapes, and the text behind them.
/// `--` alone ends them.
fn flags(text: &str) -> (Vec<String>, &str) {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let start = rest.trim_start();
        if !start.starts_with("--") {
            return (found, start);
        }
        let (word, after) = flag_word(start);
        if word == "--" {
            return (found, after);
        }
        found.push(word);
        rest = after;
    }
}

/// One flag and the text behind it: quotes group, a backslash escapes.
fn flag_word(text: &str) -> (String, &str) {
    let mut word = String::new();
    let mut quote = None;
    let mut input = text.char_indices();
    while let Some((at, c)) = input.next() {
        match quote {
            None if c.is_whitespace() => return (word, text.get(at..).unwrap_or_default()),
            None if c == '\'' || c == '"' => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ if c == '\\' => word.extend(input.next().map(|(_, escaped)| escaped)),
            _ => word.push(c),
        }
    }
    (word, "")
}
