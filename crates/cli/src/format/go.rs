//! Pieces of Go's `fmt`.

/// Go's `%q` of a text.
pub fn quote(s: &str) -> String {
    let mut out = String::from("\"");
    for c in s.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\u{b}' => out.push_str("\\v"),
            c if (c as u32) < 0x20 || c as u32 == 0x7f => out.push_str(&format!("\\x{:02x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// From here on a number is told with an exponent.
const EXPONENT: i32 = 6;

/// Go's `%v` of a number: as few digits as tell it, with an exponent where it is very small or large.
pub fn shortest(n: f64) -> String {
    let text = format!("{n:e}");
    let power: i32 = text.split_once('e').and_then(|(_, p)| p.parse().ok()).unwrap_or(0);
    if (-4..EXPONENT).contains(&power) { n.to_string() } else { exponent(&text) }
}

/// `1.5e+00`: an exponent has a sign and two digits at least.
pub fn exponent(text: &str) -> String {
    let (digits, power) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, power) = power.strip_prefix('-').map_or(('+', power), |p| ('-', p));
    format!("{digits}e{sign}{power:0>2}")
}

/// Go's `%b` of a number: `6755399441055744p-52`.
pub fn binary(n: f64) -> String {
    let bits = n.to_bits();
    let sign = if n.is_sign_negative() { "-" } else { "" };
    let (fraction, power) = (bits & ((1 << 52) - 1), ((bits >> 52) & 0x7ff) as i64);
    let (mantissa, power) = if power == 0 { (fraction, 1) } else { (fraction | 1 << 52, power) };
    format!("{sign}{mantissa}p{:+}", power - 1075)
}

/// Go's `%x` of a number: `0x1.8p+00`.
pub fn hex(n: f64) -> String {
    let bits = n.to_bits();
    let sign = if n.is_sign_negative() { "-" } else { "" };
    let (mut fraction, mut power) = (bits & ((1 << 52) - 1), ((bits >> 52) & 0x7ff) as i64 - 1023);
    if n == 0.0 {
        return format!("{sign}0x0p+00");
    }
    if power == -1023 {
        // Without a leading one: it is moved there.
        let moved = fraction.leading_zeros() - 11;
        fraction = (fraction << moved) & ((1 << 52) - 1);
        power = -1022 - i64::from(moved);
    }
    let digits = format!("{fraction:013x}");
    let digits = digits.trim_end_matches('0');
    let dot = if digits.is_empty() { "" } else { "." };
    format!("{sign}0x1{dot}{digits}p{}{:02}", if power < 0 { '-' } else { '+' }, power.abs())
}

/// Go's `%.{digits}g`: so many significant digits, without zeros at the end.
pub fn general(v: f64, digits: usize) -> String {
    let text = format!("{v:.*e}", digits.saturating_sub(1));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |m| ("-", m));
    let all: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let figures = all.trim_end_matches('0');
    let figures = if figures.is_empty() { "0" } else { figures };
    if exponent < -4 || exponent >= digits as i32 {
        let (first, rest) = figures.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let e = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{first}{dot}{rest}e{e}{:02}", exponent.abs());
    }
    if exponent < 0 {
        return format!("{sign}0.{}{figures}", "0".repeat((-exponent - 1) as usize));
    }
    let whole = exponent as usize + 1;
    if figures.len() <= whole {
        return format!("{sign}{figures}{}", "0".repeat(whole - figures.len()));
    }
    let (a, b) = figures.split_at(whole);
    format!("{sign}{a}.{b}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_as_go() {
        assert_eq!(quote("sh -c \"x\"\n…"), r#""sh -c \"x\"\n…""#);
        assert_eq!(quote("\u{1}"), r#""\x01""#);
    }

    #[test]
    fn significant_digits_as_go() {
        for (v, n, want) in [
            (5.0, 3, "5"),
            (117.0, 3, "117"),
            (999.6, 3, "1e+03"),
            (2.045, 3, "2.04"),
            (1.0704, 4, "1.07"),
            (0.0, 3, "0"),
            (23.541, 4, "23.54"),
            (0.05, 3, "0.05"),
            (12.39, 4, "12.39"),
        ] {
            assert_eq!(general(v, n), want, "{v}");
        }
    }
}
