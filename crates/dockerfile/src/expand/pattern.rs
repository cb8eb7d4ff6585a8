//! The patterns of `${x#p}`, `${x%p}` and `${x/p/r}`: `*`, `?` and `\`-escapes (no brackets).

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
                    return Err(format!(
                        "invalid escape '\\{}'",
                        other.unwrap_or('\u{fffd}')
                    ));
                }
            },
            other => Token::Literal(other),
        });
    }
    Ok(out)
}

/// The shortest or longest end of a match that begins at `start`. Wildcards never cross a line end.
fn match_end(tokens: &[Token], text: &[char], start: usize, greedy: bool) -> Option<usize> {
    // `reached` holds every offset (from `start`) at which the tokens so far can end.
    let rest = text.get(start..)?;
    let mut reached = vec![false; rest.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for token in tokens {
        let mut next = vec![false; rest.len() + 1];
        let mut running = false;
        for (at, here) in reached.iter().enumerate() {
            match token {
                Token::Many => {
                    let crossed =
                        at.checked_sub(1).and_then(|before| rest.get(before)) == Some(&'\n');
                    running = *here || (running && !crossed);
                    if let Some(cell) = next.get_mut(at) {
                        *cell = running;
                    }
                }
                Token::One | Token::Literal(_) => {
                    let fits = match (token, rest.get(at)) {
                        (Token::Literal(wanted), Some(found)) => wanted == found,
                        (_, Some(found)) => *found != '\n',
                        (_, None) => false,
                    };
                    if *here
                        && fits
                        && let Some(cell) = next.get_mut(at + 1)
                    {
                        *cell = true;
                    }
                }
            }
        }
        reached = next;
    }
    let offset = if greedy {
        reached.iter().rposition(|here| *here)
    } else {
        reached.iter().position(|here| *here)
    };
    offset.map(|offset| start + offset)
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

pub(super) fn replace(
    glob: &str,
    value: &str,
    replacement: &str,
    all: bool,
) -> Result<String, String> {
    let glob: Vec<char> = glob.chars().collect();
    let tokens = tokens(&glob)?;
    let text: Vec<char> = value.chars().collect();
    let mut out = String::new();
    let mut copied = 0;
    let mut from = 0;
    while from <= text.len() {
        let found = (from..=text.len())
            .find_map(|start| match_end(&tokens, &text, start, true).map(|end| (start, end)));
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
