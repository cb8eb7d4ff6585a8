//! The arguments of each keyword: words, pairs, JSON or one string.

use super::line::cut_blank;
use crate::quote::quote;

/// What stands behind keyword and flags.
#[derive(Default)]
pub(super) struct Arguments {
    pub(super) words: Vec<String>,
    pub(super) json: bool,
}

impl Arguments {
    fn plain(words: Vec<String>) -> Self {
        Self { words, json: false }
    }

    fn one(text: &str) -> Self {
        Self::plain(if text.is_empty() { Vec::new() } else { vec![text.to_owned()] })
    }
}

/// Splits `rest` (trimmed) as `keyword` demands.
pub(super) fn read(keyword: &str, rest: &str, escape: char) -> Result<Arguments, String> {
    let is = |names: &[&str]| names.iter().any(|name| keyword.eq_ignore_ascii_case(name));
    if is(&["run", "cmd", "entrypoint", "shell"]) {
        Ok(json(rest)?.unwrap_or_else(|| Arguments::one(rest)))
    } else if is(&["copy", "add", "volume"]) {
        Ok(json(rest)?.unwrap_or_else(|| Arguments::plain(blank_separated(rest))))
    } else if is(&["from", "expose"]) {
        Ok(Arguments::plain(blank_separated(rest)))
    } else if is(&["env"]) {
        pairs(rest, "ENV", escape)
    } else if is(&["label"]) {
        pairs(rest, "LABEL", escape)
    } else if is(&["arg"]) {
        Ok(Arguments::plain(words(rest, escape).into_iter().map(str::to_owned).collect()))
    } else if is(&["workdir", "user", "stopsignal", "maintainer"]) {
        Ok(Arguments::one(rest))
    } else if is(&["healthcheck"]) {
        healthcheck(rest)
    } else {
        // An unknown keyword: its arguments are dropped, as BuildKit does.
        Ok(Arguments::plain(vec![String::new()]))
    }
}

fn blank_separated(rest: &str) -> Vec<String> {
    if rest.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut rest = rest;
    while let Some((word, after)) = cut_blank(rest) {
        out.push(word.to_owned());
        rest = after;
    }
    out.push(rest.to_owned());
    out
}

/// The strings of a JSON array; nothing if the text is not JSON (then it is the other form).
fn json(rest: &str) -> Result<Option<Arguments>, String> {
    let rest = rest.trim_start();
    if !rest.starts_with('[') {
        return Ok(None);
    }
    if let Ok(words) = serde_json::from_str(rest) {
        return Ok(Some(Arguments { words, json: true }));
    }
    // Well-formed, but with something else than strings.
    match serde_json::from_str::<Vec<serde_json::Value>>(rest) {
        Ok(_) => Err("when using JSON array syntax, arrays must be comprised of strings only".into()),
        Err(_) => Ok(None),
    }
}

fn healthcheck(rest: &str) -> Result<Arguments, String> {
    let Some(at) = rest.find(char::is_whitespace) else {
        return Ok(Arguments::one(rest));
    };
    let (kind, command) = rest.split_at(at);
    let command = command.trim_start();
    let mut arguments = json(command)?.unwrap_or_else(|| Arguments::one(command));
    arguments.words.insert(0, kind.to_owned());
    Ok(arguments)
}

/// `key=value …`, or the legacy `key value` if the first word has no `=`.
fn pairs(rest: &str, name: &str, escape: char) -> Result<Arguments, String> {
    let words = words(rest, escape);
    let Some(first) = words.first() else {
        return Ok(Arguments::default());
    };
    if !first.contains('=') {
        let Some((key, value)) = cut_blank(rest) else {
            return Err(format!("{name} must have two arguments"));
        };
        return Ok(Arguments::plain(vec![key.to_owned(), value.to_owned(), String::new()]));
    }
    let mut out = Vec::with_capacity(words.len() * 3);
    for word in &words {
        let Some((key, value)) = word.split_once('=') else {
            return Err(format!("Syntax error - can't find = in {}. Must be of the form: name=value", quote(word)));
        };
        out.extend([key.to_owned(), value.to_owned(), "=".to_owned()]);
    }
    Ok(Arguments::plain(out))
}

/// Splits at blanks outside quotes. Quotes and escapes stay: expansion removes them.
fn words(rest: &str, escape: char) -> Vec<&str> {
    let mut out = Vec::new();
    // Where the word begins.
    let mut word: Option<usize> = None;
    let mut quote = None;
    let mut end = rest.len();
    let mut input = rest.char_indices();
    while let Some((at, c)) = input.next() {
        if quote.is_none() && c.is_whitespace() {
            out.extend(word.take().and_then(|from| rest.get(from..at)));
            continue;
        }
        // Nothing is escaped between single quotes; an escape character at the end is dropped.
        if c == escape && quote != Some('\'') {
            if input.next().is_none() {
                end = at;
                break;
            }
        } else {
            match quote {
                None if c == '\'' || c == '"' => quote = Some(c),
                Some(open) if c == open => quote = None,
                _ => {}
            }
        }
        word.get_or_insert(at);
    }
    out.extend(word.and_then(|from| rest.get(from..end)));
    out
}
