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
