//! Text and actions, and the words of an action (Go's `text/template/parse/lex.go`).

use crate::format::quote;

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
    /// A function.
    Word,
    /// `true` or `false`.
    Bool,
    /// `if`, `end`, `nil` …
    Keyword,
    /// A text; its value.
    Str(String),
    /// A number, or a character between `'`.
    Number,
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
    /// Another character.
    Char,
    /// What is printed.
    Text,
    /// `{{`
    LeftDelim,
    /// `}}`
    RightDelim,
    /// Nothing can be read here.
    Error,
    /// The end.
    Eof,
}

/// Words that are no names of functions.
const KEYWORDS: &[&str] =
    &["block", "break", "continue", "define", "else", "end", "if", "range", "nil", "template", "with"];

impl Token {
    /// As it stands in messages.
    pub(super) fn shown(&self) -> String {
        match self.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Error => self.text.clone(),
            Kind::Keyword | Kind::Dot => format!("<{}>", self.text),
            _ if self.text.len() > 10 => format!("{}...", quote(&self.text.chars().take(10).collect::<String>())),
            _ => quote(&self.text),
        }
    }
}

pub(super) fn error(line: usize, what: impl std::fmt::Display) -> String {
    format!("template: :{line}: {what}")
}

/// What cannot be read ends the words: who comes so far tells it.
struct Lexer<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

/// Cuts a template into words. The last one is the end, or what is wrong there.
pub(super) fn cut(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { text, tokens: Vec::new() };
    if let Err((at, what)) = lexer.run() {
        lexer.push(Kind::Error, &what, at, false);
    }
    lexer.tokens
}

type Wrong = (usize, String);

impl Lexer<'_> {
    fn rest(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or("")
    }

    fn push(&mut self, kind: Kind, text: &str, at: usize, spaced: bool) {
        let before = self.text.get(..at).unwrap_or("");
        let line = 1 + before.matches('\n').count();
        let column = at - before.rfind('\n').map_or(0, |n| n + 1);
        self.tokens.push(Token { kind, text: text.to_owned(), line, column, spaced });
    }

    fn run(&mut self) -> Result<(), Wrong> {
        let (text, mut at, mut trim) = (self.text, 0, false);
        loop {
            let rest = text.get(at..).unwrap_or("");
            let open = rest.find("{{");
            let mut plain = rest.get(..open.unwrap_or(rest.len())).unwrap_or("");
            if trim {
                plain = plain.trim_start();
            }
            let mut start = at + open.map_or(rest.len(), |o| o + 2);
            let trims =
                |r: &str| r.starts_with('-') && r.get(1..).is_some_and(|r| r.starts_with([' ', '\n', '\t', '\r']));
            let delim = start;
            if open.is_some() && trims(self.rest(start)) {
                plain = plain.trim_end();
                start += 2;
            }
            if !plain.is_empty() {
                self.push(Kind::Text, plain, at, false);
            }
            if open.is_none() {
                self.push(Kind::Eof, "", text.len(), false);
                return Ok(());
            }
            if self.rest(start).starts_with("/*") {
                (at, trim) = self.comment(start)?;
                continue;
            }
            self.push(Kind::LeftDelim, "{{", delim - 2, false);
            (at, trim) = self.action(start)?;
        }
    }

    fn comment(&self, start: usize) -> Result<(usize, bool), Wrong> {
        let body = self.rest(start);
        let end = body.find("*/").ok_or((start, "unclosed comment".to_owned()))?;
        let tail = body.get(end + 2..).unwrap_or("");
        if tail.starts_with("}}") {
            Ok((start + end + 4, false))
        } else if tail.starts_with(" -}}") {
            Ok((start + end + 6, true))
        } else {
            Err((start, "comment ends before closing delimiter".to_owned()))
        }
    }

    /// The words of an action; where it ends, and whether blanks after it are left out.
    fn action(&mut self, start: usize) -> Result<(usize, bool), Wrong> {
        let (text, mut at, mut spaced, mut depth) = (self.text, start, false, 0usize);
        loop {
            let rest = text.get(at..).unwrap_or("");
            let Some(c) = rest.chars().next() else { return Err((at, "unclosed action".to_owned())) };
            // The mark of trimming stands after a blank, or after that of the beginning.
            let trim =
                (spaced || at == start && text.get(..at).is_some_and(|t| t.ends_with(' '))) && rest.starts_with("-}}");
            if rest.starts_with("}}") || trim {
                if depth > 0 {
                    return Err((at, "unclosed left paren".to_owned()));
                }
                self.push(Kind::RightDelim, "}}", at, spaced);
                return Ok((at + if trim { 3 } else { 2 }, trim));
            }
            if c.is_whitespace() {
                spaced = true;
                at += c.len_utf8();
                continue;
            }
            let (kind, len) = word(rest).map_err(|what| (at, what))?;
            match kind {
                Kind::Open => depth += 1,
                Kind::Close => {
                    depth = depth.checked_sub(1).ok_or_else(|| (at, "unexpected right paren".to_owned()))?;
                }
                _ => {}
            }
            self.push(kind, rest.get(..len).unwrap_or(""), at, spaced);
            spaced = false;
            at += len;
        }
    }
}

fn name_len(s: &str) -> usize {
    s.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(s.len())
}

/// `%#U`.
fn shown(c: char) -> String {
    if c.is_control() { format!("U+{:04X}", c as u32) } else { format!("U+{:04X} '{c}'", c as u32) }
}

/// A name's length, if what follows may follow one.
fn name(rest: &str, skip: usize) -> Result<usize, String> {
    let n = skip + name_len(rest.get(skip..).unwrap_or(""));
    let after = rest.get(n..).unwrap_or("");
    match after.chars().next() {
        Some(c) if !c.is_whitespace() && !".,|:)(".contains(c) && !after.starts_with("}}") => {
            Err(format!("bad character {}", shown(c)))
        }
        _ => Ok(n),
    }
}

fn word(rest: &str) -> Result<(Kind, usize), String> {
    let mut chars = rest.chars();
    let first = chars.next().unwrap_or(' ');
    let second = chars.next().unwrap_or(' ');
    Ok(match first {
        '|' => (Kind::Pipe, 1),
        '(' => (Kind::Open, 1),
        ')' => (Kind::Close, 1),
        '=' => (Kind::Assign, 1),
        ':' if second == '=' => (Kind::Declare, 2),
        ':' => return Err("expected :=".into()),
        '"' => return quoted(rest),
        '`' => {
            let end = rest.get(1..).and_then(|r| r.find('`')).ok_or("unterminated raw quoted string")?;
            (Kind::Str(rest.get(1..=end).unwrap_or("").to_owned()), end + 2)
        }
        '\'' => (Kind::Number, character(rest)?),
        '$' => (Kind::Variable, name(rest, 1)?),
        '.' if !second.is_ascii_digit() => match name(rest, 1)? {
            1 => (Kind::Dot, 1),
            n => (Kind::Field, n),
        },
        '+' | '-' | '0'..='9' | '.' => {
            let (mut n, mut good) = number(rest);
            if good && rest.get(n..).is_some_and(|r| r.starts_with(['+', '-'])) {
                // Complex: `1+2i`.
                let (more, also) = number(rest.get(n..).unwrap_or(""));
                n += more;
                good = also && rest.get(..n).is_some_and(|t| t.ends_with('i'));
            }
            if !good {
                return Err(format!("bad number syntax: {}", quote(rest.get(..n).unwrap_or(""))));
            }
            (Kind::Number, n)
        }
        c if c.is_alphanumeric() || c == '_' => {
            let n = name(rest, 0)?;
            let kind = match rest.get(..n).unwrap_or("") {
                "true" | "false" => Kind::Bool,
                w if KEYWORDS.contains(&w) => Kind::Keyword,
                _ => Kind::Word,
            };
            (kind, n)
        }
        c if c.is_ascii_graphic() => (Kind::Char, 1),
        c => return Err(format!("unrecognized character in action: {}", shown(c))),
    })
}

/// A character's length with its quotes.
fn character(rest: &str) -> Result<usize, String> {
    let mut chars = rest.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        match c {
            '\\' if chars.next().is_some_and(|(_, c)| c != '\n') => {}
            '\'' => return Ok(i + 1),
            '\\' | '\n' => break,
            _ => {}
        }
    }
    Err("unterminated character constant".into())
}

/// A number's length, and whether it is one by its looks (Go's `scanNumber`).
pub(super) fn number(rest: &str) -> (usize, bool) {
    let bytes = rest.as_bytes();
    let is = |n: usize, set: &str| bytes.get(n).is_some_and(|b| set.as_bytes().contains(b));
    let run = |mut n: usize, set: &str| {
        while is(n, set) {
            n += 1;
        }
        n
    };
    let mut n = usize::from(is(0, "+-"));
    let (mut digits, mut exponent) = ("0123456789_", "eE");
    if is(n, "0") {
        n += 1;
        let of_base = [("xX", "0123456789abcdefABCDEF_", "pP"), ("oO", "01234567_", ""), ("bB", "01_", "")];
        if let Some(base) = of_base.into_iter().find(|b| is(n, b.0)) {
            (digits, exponent) = (base.1, base.2);
            n += 1;
        }
    }
    n = run(n, digits);
    if is(n, ".") {
        n = run(n + 1, digits);
    }
    if is(n, exponent) {
        n += 1;
        n = run(n + usize::from(is(n, "+-")), "0123456789_");
    }
    n += usize::from(is(n, "i"));
    match rest.get(n..).and_then(|r| r.chars().next()) {
        Some(c) if c.is_alphanumeric() || c == '_' => (n + c.len_utf8(), false),
        _ => (n, true),
    }
}

fn quoted(rest: &str) -> Result<(Kind, usize), String> {
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
                _ => return Err("invalid syntax".into()),
            },
            c => out.push(c),
        }
    }
    Err("unterminated quoted string".into())
}
