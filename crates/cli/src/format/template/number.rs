//! Constants of numbers and characters (Go's `parse.newNumber`).

use super::lex;
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
    let (real, good) = lex::number(text);
    if let (true, Some((real, imaginary))) = (good, text.split_at_checked(real))
        && let Some(imaginary) = imaginary.strip_suffix('i')
    {
        let parts = float(real).zip(float(imaginary));
        let (re, im) = parts.ok_or("syntax error scanning complex number")?;
        return Ok(Operand::Complex(re, im));
    }
    if let Some(im) = text.strip_suffix('i').and_then(float) {
        return Ok(Operand::Complex(0.0, im));
    }
    let plain = without_underscores(text).ok_or_else(|| illegal(text))?;
    if let Ok(n) = parse_int(&plain) {
        return Ok(Operand::Int(n));
    }
    match float(text) {
        // What looks like a whole number is one that is too large.
        Some(_) if !text.contains(['.', 'e', 'E', 'p', 'P']) => Err(format!("integer overflow: {}", quote(text))),
        Some(n) => Ok(Operand::Float(n)),
        None => Err(illegal(text)),
    }
}

/// A number with a point or an exponent, also in hexadecimal (Go's `strconv.ParseFloat`).
fn float(text: &str) -> Option<f64> {
    let plain = without_underscores(text)?.to_ascii_lowercase();
    let digits = plain.trim_start_matches(['+', '-']);
    let Some(hex) = digits.strip_prefix("0x") else {
        return plain.parse().ok().filter(|n: &f64| n.is_finite());
    };
    let (mantissa, power) = hex.split_once('p')?;
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa = u64::from_str_radix(&format!("{whole}{part}"), 16).ok()?;
    let power = power.parse::<i32>().ok()?.checked_sub(4 * i32::try_from(part.len()).ok()?)?;
    let n = mantissa as f64 * 2f64.powi(power);
    Some(if plain.starts_with('-') { -n } else { n }).filter(|n| n.is_finite())
}

impl Operand {
    /// The whole number that a constant stands for where one is wanted.
    pub(super) fn whole(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            Self::Float(n) | Self::Complex(n, 0.0) => (*n as i64 as f64 == *n).then_some(*n as i64),
            _ => None,
        }
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
