//! One pattern of an ignore file: `*`, `?`, `[a-z]`, `\x`, and `**` for any number of folders.

use crate::glob::{spread, step};

/// How a pattern is compared. The original has the same four ways, and they differ in corner
/// cases (`**file` alone is a suffix, `**file*` is not).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Way {
    Exact(String),
    Prefix(String),
    Suffix(String),
    Tokens(Vec<Token>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Token {
    Literal(char),
    /// `?`
    One,
    /// `*`
    Many,
    /// `**/`: nothing, or anything that ends with a slash
    Folders,
    /// `**` at the end
    Rest,
    /// `[a-z]`, `[^a-z]`
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    pub(super) negated: bool,
    way: Way,
}

impl Pattern {
    pub(super) fn new(text: &str, negated: bool) -> Result<Self, String> {
        Ok(Self { negated, way: compile(text).ok_or("syntax error in pattern")? })
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        match &self.way {
            Way::Exact(text) => path == text,
            Way::Prefix(text) => path.starts_with(text),
            Way::Suffix(text) => path.ends_with(text) || text.strip_prefix('/').is_some_and(|rest| path == rest),
            Way::Tokens(tokens) => matches_tokens(tokens, path),
        }
    }
}

fn compile(text: &str) -> Option<Way> {
    #[derive(PartialEq)]
    enum Seen {
        Plain,
        Prefix,
        Suffix,
        Special,
    }
    let mut tokens = Vec::new();
    let mut seen = Seen::Plain;
    let mut input = text.chars().peekable();
    let mut first = true;
    while let Some(c) = input.next() {
        match c {
            '*' if input.next_if_eq(&'*').is_some() => {
                let _ = input.next_if_eq(&'/');
                if input.peek().is_some() {
                    tokens.push(Token::Folders);
                    seen = Seen::Special;
                } else {
                    tokens.push(Token::Rest);
                    seen = if seen == Seen::Plain { Seen::Prefix } else { Seen::Special };
                }
                if first {
                    seen = Seen::Suffix;
                }
            }
            '*' => {
                tokens.push(Token::Many);
                seen = Seen::Special;
            }
            '?' => {
                tokens.push(Token::One);
                seen = Seen::Special;
            }
            '[' => {
                tokens.push(class(&mut input)?);
                seen = Seen::Special;
            }
            '\\' => {
                tokens.push(Token::Literal(input.next()?));
                seen = Seen::Special;
            }
            other => tokens.push(Token::Literal(other)),
        }
        first = false;
    }
    Some(match seen {
        Seen::Plain => Way::Exact(text.to_owned()),
        Seen::Prefix => Way::Prefix(text.strip_suffix("**").unwrap_or(text).to_owned()),
        Seen::Suffix => Way::Suffix(text.strip_prefix("**").unwrap_or(text).to_owned()),
        Seen::Special => Way::Tokens(tokens),
    })
}

/// A class behind its `[`, by the rules of Go's `filepath.Match`.
fn class(input: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Token> {
    let negated = input.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && input.next_if_eq(&']').is_some() {
            return Some(Token::Class { negated, ranges });
        }
        let low = class_char(input)?;
        let high = if input.next_if_eq(&'-').is_some() { class_char(input)? } else { low };
        ranges.push((low, high));
    }
}

fn class_char(input: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    match input.next()? {
        '-' | ']' => None,
        '\\' => input.next(),
        other => Some(other),
    }
}

fn matches_tokens(tokens: &[Token], path: &str) -> bool {
    let text: Vec<char> = path.chars().collect();
    // Every offset at which the tokens so far can end, ascending.
    let mut reached = vec![0];
    for token in tokens {
        let Some(&first) = reached.first() else { return false };
        reached = match token {
            Token::Rest => return true,
            Token::Many => spread(&reached, &text, '/'),
            Token::Folders => {
                let behind_slash = |at: usize| at > first && text.get(at - 1) == Some(&'/');
                (first..=text.len()).filter(|at| behind_slash(*at) || reached.binary_search(at).is_ok()).collect()
            }
            Token::One => step(&reached, &text, |c| c != '/'),
            Token::Literal(wanted) => step(&reached, &text, |c| c == *wanted),
            Token::Class { negated, ranges } => {
                step(&reached, &text, |c| ranges.iter().any(|(low, high)| (low..=high).contains(&&c)) != *negated)
            }
        };
    }
    reached.last() == Some(&text.len())
}
