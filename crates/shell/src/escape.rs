//! Backslash sequences: `$'…'`, `echo -e`, `printf`.

use std::fmt::Write;

use crate::dialect::Dialect;

/// What a backslash sequence gives.
pub enum Escape {
    /// Bytes.
    Bytes(Vec<u8>),
    /// `\c`: nothing more is printed.
    Stop,
    /// Not one: the backslash stands for itself.
    None,
}

/// Which sequences are known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// `$'…'`: also quotes, `\cx`; octal without a leading 0.
    Quote,
    /// `echo -e` and `%b`: octal as `\0nnn`, `\c` stops.
    Echo,
    /// A `printf` format: octal as `\nnn`.
    Format,
}

/// Reads the sequence after a backslash; answers it and how many bytes it took.
pub fn sequence(s: &str, flavour: Flavour, dialect: Dialect) -> (Escape, usize) {
    let b = s.as_bytes();
    let Some(&c) = b.first() else { return (Escape::None, 0) };
    let one = |x: u8| (Escape::Bytes(vec![x]), 1);
    let digits = |from: usize, max: usize, radix: u32| -> (u32, usize) {
        let mut n = 0_u32;
        let mut len = 0;
        while len < max
            && let Some(d) = b.get(from + len).and_then(|d| char::from(*d).to_digit(radix))
        {
            n = n.wrapping_mul(radix).wrapping_add(d);
            len += 1;
        }
        (n, len)
    };
    match c {
        b'a' => one(7),
        b'b' => one(8),
        b'e' | b'E' if dialect != Dialect::Ash || flavour != Flavour::Quote => one(27),
        b'f' => one(12),
        b'n' => one(b'\n'),
        b'r' => one(b'\r'),
        b't' => one(b'\t'),
        b'v' => one(11),
        b'\\' => one(b'\\'),
        b'\'' | b'"' | b'?' if flavour == Flavour::Quote => one(c),
        b'"' | b'\'' if flavour == Flavour::Format && dialect.is_bash() => one(c),
        b'c' if flavour == Flavour::Echo => (Escape::Stop, 1),
        b'c' if flavour == Flavour::Quote => b.get(1).map_or((Escape::None, 0), |x| (Escape::Bytes(vec![x & 0x1f]), 2)),
        b'0' if flavour == Flavour::Echo => {
            let (n, len) = digits(1, 3, 8);
            (Escape::Bytes(vec![n as u8]), 1 + len)
        }
        // Dash's and ash's echo needs no leading 0.
        b'0'..=b'7' if flavour != Flavour::Echo || !dialect.is_bash() => {
            let (n, len) = digits(0, 3, 8);
            (Escape::Bytes(vec![n as u8]), len)
        }
        b'x' if dialect != Dialect::Dash => match digits(1, 2, 16) {
            (_, 0) => (Escape::None, 0),
            (n, len) => (Escape::Bytes(vec![n as u8]), 1 + len),
        },
        b'u' | b'U' if dialect.is_bash() => match digits(1, if c == b'u' { 4 } else { 8 }, 16) {
            (_, 0) => (Escape::None, 0),
            (n, len) => (Escape::Bytes(char::from_u32(n).unwrap_or('\u{fffd}').to_string().into_bytes()), 1 + len),
        },
        _ => (Escape::None, 0),
    }
}

/// All sequences in a text; true if `\c` ended it.
pub fn expand(s: &str, flavour: Flavour, dialect: Dialect) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let mut rest = s;
    while let Some(i) = rest.find('\\') {
        out.extend_from_slice(rest.get(..i).unwrap_or("").as_bytes());
        rest = rest.get(i + 1..).unwrap_or("");
        match sequence(rest, flavour, dialect) {
            (Escape::Bytes(b), n) => {
                out.extend(b);
                rest = rest.get(n..).unwrap_or("");
            }
            (Escape::Stop, _) => return (out, true),
            (Escape::None, _) => out.push(b'\\'),
        }
    }
    out.extend_from_slice(rest.as_bytes());
    (out, false)
}

/// The text of `$'…'`.
pub fn ansi_c(s: &str, dialect: Dialect) -> String {
    let (bytes, _) = expand(s, Flavour::Quote, dialect);
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or(&bytes)).into_owned()
}

/// Quoted so that the shell reads it back: as `set`, `export -p`, `trap` and `alias` print.
pub fn single_quote(s: &str) -> String {
    format!("'{}'", s.replace('\'', "'\\''"))
}

/// As `declare -p` and `export -p` of bash print.
pub fn double_quote(s: &str) -> String {
    if s.chars().any(char::is_control) {
        return dollar_quote(s);
    }
    let mut out = String::from("\"");
    for c in s.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// As `$'…'`.
pub fn dollar_quote(s: &str) -> String {
    let mut out = String::from("$'");
    for c in s.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x1b' => out.push_str("\\E"),
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\{:03o}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// Whether a word can stand unquoted in output (`set`, `printf %q`, xtrace).
pub fn is_plain(s: &str) -> bool {
    !s.is_empty() && !s.starts_with(['~', '#']) && s.chars().all(|c| c.is_alphanumeric() || "_-./:=@%+,^~#".contains(c))
}

/// As bash quotes words in `set -x` and `set` output: only where needed.
pub fn quote_if_needed(s: &str) -> String {
    if s.is_empty() {
        return "''".into();
    }
    if is_plain(s) {
        return s.into();
    }
    if s.chars().any(char::is_control) {
        return dollar_quote(s);
    }
    single_quote(s)
}

/// As bash quotes words in `set -x`: control characters alone make it `$'…'`.
pub fn quote_for_trace(s: &str) -> String {
    let meta = |c: char| " \t\n'\"\\|&;()<>!{}*[]?^$`".contains(c);
    if s.is_empty() {
        return "''".into();
    }
    if s.chars().any(meta) || s.starts_with(['~', '#']) {
        return single_quote(s);
    }
    if s.chars().any(char::is_control) {
        return dollar_quote(s);
    }
    s.into()
}

/// As dash and ash quote: a single quote within double ones.
pub fn sh_quote(s: &str) -> String {
    let mut out = String::new();
    let mut rest = s;
    while !rest.is_empty() {
        let plain = rest.find('\'').unwrap_or(rest.len());
        if plain > 0 {
            out.push('\'');
            out.push_str(rest.get(..plain).unwrap_or(""));
            out.push('\'');
        }
        rest = rest.get(plain..).unwrap_or("");
        let quotes = rest.len() - rest.trim_start_matches('\'').len();
        if quotes > 0 {
            out.push('"');
            out.push_str(rest.get(..quotes).unwrap_or(""));
            out.push('"');
        }
        rest = rest.get(quotes..).unwrap_or("");
    }
    if out.is_empty() { "''".into() } else { out }
}

/// As `printf %q` and `${x@Q}`-like backslash quoting.
pub fn backslash_quote(s: &str) -> String {
    if s.is_empty() {
        return "''".into();
    }
    if s.chars().any(char::is_control) {
        return dollar_quote(s);
    }
    let mut out = String::new();
    for (i, c) in s.chars().enumerate() {
        let special = " \t!\"#$&'()*,;<>?[\\]^`{|}~".contains(c) && !(matches!(c, '#' | '~') && i > 0);
        if special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
