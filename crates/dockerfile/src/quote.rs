//! Go's `%q` for strings: BuildKit's messages and its tree dump use it.

use std::fmt::Write as _;

/// `text` in double quotes with Go's escapes (`strconv.Quote`).
#[must_use]
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            ' '..='~' => out.push(c),
            c if is_printable(c) => out.push(c),
            c if c < ' ' || c == '\x7f' => push_code(&mut out, 'x', 2, c),
            c if u32::from(c) <= 0xffff => push_code(&mut out, 'u', 4, c),
            c => push_code(&mut out, 'U', 8, c),
        }
    }
    out.push('"');
    out
}

fn push_code(out: &mut String, letter: char, width: usize, c: char) {
    // Writing to a String cannot fail.
    let _ = write!(out, "\\{letter}{:0width$x}", u32::from(c));
}

/// Go's `unicode.IsPrint`. The standard library has the same table behind `escape_debug`, which
/// spares combining marks only when they follow another character.
fn is_printable(c: char) -> bool {
    let mut pair = String::from("a");
    pair.push(c);
    pair.escape_debug().nth(1) == Some(c)
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn quotes_as_go_does() {
        assert_eq!(quote("a\"b\\\t\u{1}é"), r#""a\"b\\\t\x01é""#);
        assert_eq!(quote("\u{a0}\u{301}\u{e0001}"), "\"\\u00a0\u{301}\\U000e0001\"");
        assert_eq!(quote("'"), "\"'\"");
    }
}
