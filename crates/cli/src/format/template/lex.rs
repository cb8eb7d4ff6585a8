//! Text and actions, and the words of an action.

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// Text to print.
    Text(String),
    /// What is between `{{` and `}}`: words, and the action's line.
    Action(Vec<Token>, usize),
}

/// A word of an action with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) text: String,
    pub(super) line: usize,
    /// Bytes since the line's start.
    pub(super) column: usize,
    /// A blank stood before it.
    pub(super) spaced: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// `.Name`, without the dot in `Token::text`.
    Field,
    /// `.`
    Dot,
    /// `$name`
    Variable,
    /// A function or keyword.
    Word,
    /// A text; its value.
    Str(String),
    /// A number.
    Number(f64, bool),
    /// `|`
    Pipe,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `:=`
    Declare,
    /// `=`
    Assign,
    /// `,`
    Comma,
}

pub(super) struct Cut {
    pub(super) pieces: Vec<Piece>,
    /// The line of the end.
    pub(super) line: usize,
}

pub(super) fn error(line: usize, what: impl std::fmt::Display) -> String {
    format!("template: :{line}: {what}")
}

/// Cuts a template into text and actions.
pub(super) fn cut(text: &str) -> Result<Cut, String> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut trim_next = false;
    while at <= text.len() {
        let rest = text.get(at..).unwrap_or("");
        let open = rest.find("{{");
        let mut plain = rest.get(..open.unwrap_or(rest.len())).unwrap_or("");
        if trim_next {
            plain = plain.trim_start();
        }
        let Some(open) = open else {
            if !plain.is_empty() {
                pieces.push(Piece::Text(plain.to_owned()));
            }
            break;
        };
        let mut start = at + open + 2;
        if text.get(start..).is_some_and(|t| t.starts_with("- ") || t.starts_with("-\n") || t.starts_with("-\t")) {
            plain = plain.trim_end();
            start += 2;
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain.to_owned()));
        }
        let line = 1 + text.get(..start).unwrap_or("").matches('\n').count();
        if text.get(start..).is_some_and(|t| t.starts_with("/*")) {
            let body = text.get(start..).unwrap_or("");
            let end = body.find("*/").ok_or_else(|| error(line, "unclosed comment"))?;
            let tail = body.get(end + 2..).unwrap_or("");
            let (skip, trim) = if tail.starts_with("}}") {
                (2, false)
            } else if tail.starts_with(" -}}") {
                (4, true)
            } else {
                return Err(error(line, "comment ends before closing delimiter"));
            };
            at = start + end + 2 + skip;
            trim_next = trim;
            continue;
        }
        let (tokens, end, trim) = action(text, start)?;
        pieces.push(Piece::Action(tokens, line));
        at = end;
        trim_next = trim;
    }
    Ok(Cut { pieces, line: 1 + text.matches('\n').count() })
}

fn action(text: &str, start: usize) -> Result<(Vec<Token>, usize, bool), String> {
    let mut tokens = Vec::new();
    let mut at = start;
    let mut spaced = true;
    let mut depth = 0usize;
    loop {
        let before = text.get(..at).unwrap_or("");
        let line = 1 + before.matches('\n').count();
        let column = at - before.rfind('\n').map_or(0, |n| n + 1);
        let rest = text.get(at..).unwrap_or("");
        let Some(c) = rest.chars().next() else { return Err(error(line, "unclosed action")) };
        if rest.starts_with("}}") || (spaced && rest.starts_with("-}}")) {
            if depth > 0 {
                return Err(error(line, "unclosed left paren"));
            }
            let trim = c == '-';
            return Ok((tokens, at + if trim { 3 } else { 2 }, trim));
        }
        if c.is_whitespace() {
            spaced = true;
            at += c.len_utf8();
            continue;
        }
        let (kind, len) = word(rest, line)?;
        match kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.checked_sub(1).ok_or_else(|| error(line, "unexpected right paren"))?,
            _ => {}
        }
        tokens.push(Token { kind, text: rest.get(..len).unwrap_or("").to_owned(), line, column, spaced });
        spaced = false;
        at += len;
    }
}

fn name_len(s: &str) -> usize {
    s.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(s.len())
}

fn word(rest: &str, line: usize) -> Result<(Kind, usize), String> {
    let mut chars = rest.chars();
    let first = chars.next().unwrap_or(' ');
    let second = chars.next().unwrap_or(' ');
    Ok(match first {
        '|' => (Kind::Pipe, 1),
        '(' => (Kind::Open, 1),
        ')' => (Kind::Close, 1),
        ',' => (Kind::Comma, 1),
        '=' => (Kind::Assign, 1),
        ':' if second == '=' => (Kind::Declare, 2),
        ':' => return Err(error(line, "expected :=")),
        '"' => return quoted(rest, line),
        '`' => {
            let end =
                rest.get(1..).and_then(|r| r.find('`')).ok_or_else(|| error(line, "unterminated raw quoted string"))?;
            (Kind::Str(rest.get(1..=end).unwrap_or("").to_owned()), end + 2)
        }
        '\'' => {
            let end = rest
                .get(1..)
                .and_then(|r| r.find('\''))
                .ok_or_else(|| error(line, "unterminated character constant"))?;
            let c = rest.get(1..=end).and_then(|s| s.chars().next()).unwrap_or('\0');
            (Kind::Number(f64::from(c as u32), true), end + 2)
        }
        '.' if second.is_alphabetic() || second == '_' => {
            let n = name_len(rest.get(1..).unwrap_or(""));
            (Kind::Field, n + 1)
        }
        '.' if !second.is_ascii_digit() => (Kind::Dot, 1),
        '$' => {
            let n = name_len(rest.get(1..).unwrap_or(""));
            (Kind::Variable, n + 1)
        }
        '+' | '-' | '0'..='9' | '.' => {
            let skip = usize::from(matches!(first, '+' | '-'));
            let body = rest.get(skip..).unwrap_or("");
            let n =
                skip + body.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_').unwrap_or(body.len());
            let text = rest.get(..n).unwrap_or("");
            let whole = crate::flags::value::parse_int(text).ok();
            match whole.map(|i| i as f64).or_else(|| text.parse().ok()) {
                Some(v) => (Kind::Number(v, whole.is_some()), n),
                None => return Err(error(line, format!("bad number syntax: {}", super::super::quote(text)))),
            }
        }
        c if c.is_alphabetic() || c == '_' => (Kind::Word, name_len(rest)),
        c => return Err(error(line, format!("unexpected bad character U+{:04X} '{c}' in command", c as u32))),
    })
}

fn quoted(rest: &str, line: usize) -> Result<(Kind, usize), String> {
    let mut out = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        match c {
            '"' => return Ok((Kind::Str(out), i + 1)),
            '\n' => break,
            '\\' => match chars.next() {
                Some((_, 'n')) => out.push('\n'),
                Some((_, 't')) => out.push('\t'),
                Some((_, 'r')) => out.push('\r'),
                Some((_, c @ ('"' | '\\' | '\''))) => out.push(c),
                Some((_, 'x')) => {
                    let hex: String = chars.by_ref().take(2).map(|(_, c)| c).collect();
                    out.push(u8::from_str_radix(&hex, 16).map_or('\u{fffd}', char::from));
                }
                Some((_, 'u')) => {
                    let hex: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                    out.push(u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'));
                }
                _ => return Err(error(line, "invalid syntax")),
            },
            c => out.push(c),
        }
    }
    Err(error(line, "unterminated quoted string"))
}
