//! Dates and times.

use super::super::eval::{Stop, fail};
use super::super::value::Value;

/// The time of "broken down" numbers or of seconds.
pub(super) fn seconds(v: &Value) -> Result<f64, Stop> {
    match v {
        Value::Number(n) => Ok(*n),
        Value::Array(a) => {
            let n: Vec<f64> = a.iter().filter_map(|v| if let Value::Number(n) = v { Some(*n) } else { None }).collect();
            let [y, mo, d, h, mi, s, ..] = n.as_slice() else { return fail("mktime requires array of 6 numbers") };
            let days = crate::cli::time::days(*y as i64, (*mo as u32 + 1).min(12), *d as u32);
            Ok(days as f64 * 86400.0 + h * 3600.0 + mi * 60.0 + s)
        }
        v => fail(format!("{} ({}) cannot be taken for a time", v.kind(), v.brief())),
    }
}

pub(super) fn broken(t: f64) -> Value {
    let c = crate::cli::time::civil(t.floor() as i64);
    let numbers = [
        c.year as f64,
        f64::from(c.month) - 1.0,
        f64::from(c.day),
        f64::from(c.hour),
        f64::from(c.minute),
        f64::from(c.second) + (t - t.floor()),
        f64::from(c.weekday),
        f64::from(c.yearday),
    ];
    Value::array(numbers.map(Value::Number).to_vec())
}

/// `strptime`: what a format reads; `None` where it doesn't fit.
pub(super) fn scan(text: &str, pattern: &str) -> Option<f64> {
    let (mut y, mut mo, mut d, mut h, mut mi, mut s, mut off) = (1970i64, 1u32, 1u32, 0i64, 0i64, 0i64, 0i64);
    let mut rest = text;
    let mut p = pattern.chars();
    while let Some(c) = p.next() {
        if c.is_whitespace() {
            rest = rest.trim_start();
            continue;
        }
        if c != '%' {
            rest = rest.strip_prefix(c)?;
            continue;
        }
        let kind = p.next()?;
        let number = |rest: &mut &str, most: usize| -> Option<i64> {
            *rest = rest.trim_start();
            let n = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
            let v = rest.get(..n)?.parse().ok()?;
            *rest = &rest[n..];
            Some(v)
        };
        let name = |rest: &mut &str, names: &[&str]| -> Option<i64> {
            for (i, n) in names.iter().enumerate() {
                for w in [*n, &n[..3]] {
                    if rest.get(..w.len()).is_some_and(|r| r.eq_ignore_ascii_case(w)) {
                        *rest = &rest[w.len()..];
                        return Some(i as i64);
                    }
                }
            }
            None
        };
        match kind {
            'Y' => y = number(&mut rest, 4)?,
            'm' => mo = number(&mut rest, 2)? as u32,
            'd' | 'e' => d = number(&mut rest, 2)? as u32,
            'H' => h = number(&mut rest, 2)?,
            'M' => mi = number(&mut rest, 2)?,
            'S' => s = number(&mut rest, 2)?,
            'j' => d = number(&mut rest, 3)? as u32,
            'T' => {
                h = number(&mut rest, 2)?;
                rest = rest.strip_prefix(':')?;
                mi = number(&mut rest, 2)?;
                rest = rest.strip_prefix(':')?;
                s = number(&mut rest, 2)?;
            }
            'F' => {
                y = number(&mut rest, 4)?;
                rest = rest.strip_prefix('-')?;
                mo = number(&mut rest, 2)? as u32;
                rest = rest.strip_prefix('-')?;
                d = number(&mut rest, 2)? as u32;
            }
            'b' | 'B' | 'h' => mo = name(&mut rest, &crate::cli::time::MONTHS)? as u32 + 1,
            'a' | 'A' => {
                name(&mut rest, &crate::cli::time::DAYS)?;
            }
            's' => return number(&mut rest, 20).map(|n| n as f64),
            'Z' => {
                let n = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
                rest = &rest[n..];
            }
            'z' => {
                if let Some(r) = rest.strip_prefix('Z') {
                    rest = r;
                } else {
                    let sign = if rest.starts_with('-') { -1 } else { 1 };
                    rest = rest.strip_prefix(['+', '-'])?;
                    let hours = number(&mut rest, 2)?;
                    rest = rest.strip_prefix(':').unwrap_or(rest);
                    off = sign * (hours * 3600 + number(&mut rest, 2)? * 60);
                }
            }
            '%' => rest = rest.strip_prefix('%')?,
            _ => return None,
        }
    }
    if !rest.is_empty() || !(1..=12).contains(&mo) {
        return None;
    }
    Some((crate::cli::time::days(y, mo, d) * 86_400 + h * 3600 + mi * 60 + s - off) as f64)
}
