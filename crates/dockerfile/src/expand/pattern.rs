//! The patterns of `${x#p}`, `${x%p}` and `${x/p/r}`: `*`, `?` and `\`-escapes (no brackets).

use crate::glob::{spread, step};

enum Token {
    Literal(char),
    One,
    Many,
}

/// A pattern's tokens, or why it has none. `\}` and `\/` stand for the plain character because
/// they had to be escaped inside `${}`.
fn tokens(glob: &[char]) -> Result<Vec<Token>, String> {
    let mut out = Vec::with_capacity(glob.len());
    let mut input = glob.iter().copied().peekable();
    while let Some(c) = input.next() {
        out.push(match c {
            '*' => Token::Many,
            '?' => Token::One,
            '\\' => match input.next() {
                Some(next @ ('}' | '/' | '*' | '?' | '\\')) => Token::Literal(next),
                other => {
                    return Err(format!("invalid escape '\\{}'", other.unwrap_or('\u{fffd}')));
                }
            },
            other => Token::Literal(other),
        });
    }
    Ok(out)
}

/// The shortest or longest end of a match that begins at `start`. Wildcards never cross a line end.
fn match_end(tokens: &[Token], text: &[char], start: usize, greedy: bool) -> Option<usize> {
    // Every offset at which the tokens so far can end, ascending.
    let mut reached = vec![start];
    for token in tokens {
        reached = match token {
            Token::Many => spread(&reached, text, '\n'),
            Token::One => step(&reached, text, |c| c != '\n'),
            Token::Literal(wanted) => step(&reached, text, |c| c == *wanted),
        };
        if reached.is_empty() {
            return None;
        }
    }
    if greedy { reached.last().copied() } else { reached.first().copied() }
}

pub(super) fn trim_prefix(glob: &str, value: &str, greedy: bool) -> Result<String, String> {
    let glob: Vec<char> = glob.chars().collect();
    let value: Vec<char> = value.chars().collect();
    Ok(trim_front(&glob, &value, greedy)?.iter().collect())
}

fn trim_front<'a>(glob: &[char], value: &'a [char], greedy: bool) -> Result<&'a [char], String> {
    let end = match_end(&tokens(glob)?, value, 0, greedy).unwrap_or(0);
    Ok(value.get(end..).unwrap_or_default())
}

pub(super) fn trim_suffix(glob: &str, value: &str, greedy: bool) -> Result<String, String> {
    // The shortest match at the end is the shortest match at the start of the mirrored text.
    let glob = mirrored(glob);
    let value: Vec<char> = value.chars().rev().collect();
    Ok(trim_front(&glob, &value, greedy)?.iter().rev().collect())
}

/// The pattern backwards, its escapes still before what they escape.
fn mirrored(glob: &str) -> Vec<char> {
    let mut out = Vec::with_capacity(glob.len());
    let mut input = glob.chars().peekable();
    while let Some(c) = input.next() {
        if c == '\\'
            && let Some(escaped) = input.next()
        {
            out.extend([escaped, c]);
        } else {
            out.push(c);
        }
    }
    out.reverse();
    out
}

/// For each offset, whether a match begins there: found from the pattern's end backwards, so that a
/// text without a match costs no more than its length times the pattern's.
fn starts(tokens: &[Token], text: &[char]) -> Vec<bool> {
    let mut fits = vec![true; text.len() + 1];
    for token in tokens.iter().rev() {
        let mut before = Vec::with_capacity(fits.len());
        // From the last offset to the first; there is no character at the last.
        let characters = std::iter::once(None).chain(text.iter().rev().map(Some));
        let mut behind = false;
        let mut reached = false;
        for (c, here) in characters.zip(fits.iter().rev()) {
            reached = match token {
                Token::Literal(wanted) => behind && c == Some(wanted),
                Token::One => behind && c.is_some_and(|c| *c != '\n'),
                Token::Many => *here || (reached && c.is_some_and(|c| *c != '\n')),
            };
            before.push(reached);
            behind = *here;
        }
        before.reverse();
        fits = before;
    }
    fits
}

pub(super) fn replace(glob: &str, value: &str, replacement: &str, all: bool) -> Result<String, String> {
    let glob: Vec<char> = glob.chars().collect();
    let tokens = tokens(&glob)?;
    let text: Vec<char> = value.chars().collect();
    let starts = starts(&tokens, &text);
    let mut out = String::new();
    let mut copied = 0;
    let mut from = 0;
    while from <= text.len() {
        let start = (from..=text.len()).find(|start| starts.get(*start) == Some(&true));
        let found = start.and_then(|start| Some((start, match_end(&tokens, &text, start, true)?)));
        let Some((start, end)) = found else { break };
        out.extend(text.get(copied..start).unwrap_or_default());
        // As Go's regexp: no empty match directly behind another match.
        if end > copied || start == 0 {
            out.push_str(replacement);
        }
        copied = end;
        from = if end > from { end } else { from + 1 };
        if !all {
            break;
        }
    }
    out.extend(text.get(copied..).unwrap_or_default());
    Ok(out)
}
