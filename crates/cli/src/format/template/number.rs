//! Constants of numbers and characters (Go's `parse.newNumber`).

use super::parse::Operand;
use crate::flags::value::parse_int;
use crate::format::quote;

/// What a number's or character's text stands for.
pub(super) fn read(text: &str) -> Result<Operand, String> {
    if let Some(rest) = text.strip_prefix('\'') {
        let malformed = || format!("malformed character constant: {text}");
        let c = character(rest.strip_suffix('\'').unwrap_or("")).ok_or_else(malformed)?;
        return Ok(Operand::Int(i64::from(c as u32)));
    }
    let plain = without_underscores(text).ok_or_else(|| illegal(text))?;
    if let Ok(n) = parse_int(&plain) {
        return Ok(Operand::Int(n));
    }
    match plain.parse::<f64>() {
        // What looks like a whole number is one that is too large.
        Ok(_) if !text.contains(['.', 'e', 'E', 'p', 'P']) => Err(format!("integer overflow: {}", quote(text))),
        Ok(n) => Ok(Operand::Float(n)),
        Err(_) => Err(illegal(text)),
    }
}

fn illegal(text: &str) -> String {
    format!("illegal number syntax: {}", quote(text))
}

/// Underscores stand between digits, or after what tells the base.
fn without_underscores(text: &str) -> Option<String> {
    let digits = text.trim_start_matches(['+', '-']);
    let wrong = digits.starts_with('_') || digits.ends_with('_') || digits.contains("__");
    (!wrong).then(|| text.replace('_', ""))
}

fn character(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let c = match chars.next()? {
        '\'' => return None,
        '\\' => match chars.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            c @ ('\\' | '\'') => c,
            'x' | 'u' | 'U' => return u32::from_str_radix(text.get(2..)?, 16).ok().and_then(char::from_u32),
            _ => return None,
        },
        c => c,
    };
    chars.next().is_none().then_some(c)
}
