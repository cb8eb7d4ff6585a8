//! Shell patterns with the rules of Go's `path.Match`.

use std::fmt;

/// A pattern that is not well-formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PatternError;

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("syntax error in pattern")
    }
}

impl std::error::Error for PatternError {}

enum Token {
    Star,
    Any,
    Char(char),
    Class { negated: bool, ranges: Vec<(char, char)> },
}

/// Whether the whole text fits. `*` and `?` do not match `/`.
pub(super) fn matches(pattern: &str, text: &str) -> Result<bool, PatternError> {
    let tokens = tokens(pattern)?;
    let text: Vec<char> = text.chars().collect();
    // Greedy with one point of return: enough, since a later star can do all that an earlier one can,
    // except across a slash, where neither may go.
    let (mut token, mut at) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    loop {
        let fits = match (tokens.get(token), text.get(at)) {
            (None, None) => return Ok(true),
            (Some(Token::Star), _) => {
                back = Some((token + 1, at));
                token += 1;
                continue;
            }
            (Some(Token::Any), Some(&c)) => c != '/',
            (Some(Token::Char(wanted)), Some(c)) => wanted == c,
            (Some(Token::Class { negated, ranges }), Some(&c)) => {
                ranges.iter().any(|&(low, high)| (low..=high).contains(&c)) != *negated
            }
            _ => false,
        };
        if fits {
            token += 1;
            at += 1;
            continue;
        }
        match back {
            Some((after_star, from)) if text.get(from).is_some_and(|&c| c != '/') => {
                back = Some((after_star, from + 1));
                token = after_star;
                at = from + 1;
            }
            _ => return Ok(false),
        }
    }
}

fn tokens(pattern: &str) -> Result<Vec<Token>, PatternError> {
    let mut chars = pattern.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => Token::Star,
            '?' => Token::Any,
            '\\' => Token::Char(chars.next().ok_or(PatternError)?),
            '[' => {
                let negated = chars.next_if_eq(&'^').is_some();
                let mut ranges = Vec::new();
                while ranges.is_empty() || chars.next_if_eq(&']').is_none() {
                    let low = class_char(&mut chars)?;
                    let high = if chars.next_if_eq(&'-').is_some() { class_char(&mut chars)? } else { low };
                    ranges.push((low, high));
                }
                Token::Class { negated, ranges }
            }
            plain => Token::Char(plain),
        });
    }
    Ok(tokens)
}

fn class_char(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<char, PatternError> {
    match chars.next() {
        None | Some('-' | ']') => Err(PatternError),
        Some('\\') => chars.next().ok_or(PatternError),
        Some(c) => Ok(c),
    }
}
