//! How `od -t` shows bytes.

use layerlab_kernel::float::Float;

use crate::cli::quote;

/// One `-t` type.
#[derive(Clone, Debug)]
pub(super) struct Format {
    kind: char,
    /// Bytes of one number.
    pub(super) size: usize,
    /// Characters of one number.
    pub(super) width: usize,
    /// `z`: the characters at the end of the line.
    pub(super) printable: bool,
}

const NAMES: [&str; 33] = [
    "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr", "so", "si", "dle",
    "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs", "us", "sp",
];

/// The types of a `-t` argument; what is wrong otherwise.
pub(super) fn parse_formats(text: &str) -> Result<Vec<Format>, String> {
    let p: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(&kind) = p.get(i) {
        i += 1;
        if !"acdfoux".contains(kind) {
            return Err(format!("invalid character '{kind}' in type string {}", quote::word(text)));
        }
        let mut size = match kind {
            'a' | 'c' => 1,
            'f' => 8,
            _ => 4,
        };
        if !matches!(kind, 'a' | 'c') {
            let from = i;
            while p.get(i).is_some_and(char::is_ascii_digit) {
                i += 1;
            }
            if i > from {
                let digits: String = p[from..i].iter().collect();
                size = digits.parse().unwrap_or(0);
            } else if let Some(n) = p.get(i).and_then(|c| match (kind, c) {
                ('f', 'F') => Some(4),
                ('f', 'D' | 'L') => Some(8),
                ('f', _) => None,
                (_, 'C') => Some(1),
                (_, 'S') => Some(2),
                (_, 'I') => Some(4),
                (_, 'L') => Some(8),
                _ => None,
            }) {
                size = n;
                i += 1;
            }
            let fine = if kind == 'f' { matches!(size, 4 | 8) } else { matches!(size, 1 | 2 | 4 | 8) };
            if !fine {
                let what = if kind == 'f' { "floating point" } else { "integral" };
                return Err(format!(
                    "invalid type string {};\nthis system doesn't provide a {size}-byte {what} type",
                    quote::word(text)
                ));
            }
        }
        let printable = p.get(i) == Some(&'z');
        i += usize::from(printable);
        let width = match (kind, size) {
            ('a' | 'c', _) => 3,
            ('d', 1) => 4,
            ('d', 2) => 6,
            ('d', 4) => 11,
            ('d', _) => 20,
            ('u', 1) => 3,
            ('u', 2) => 5,
            ('u', 4) => 10,
            ('u', _) => 20,
            ('o', 1) => 3,
            ('o', 2) => 6,
            ('o', 4) => 11,
            ('o', _) => 22,
            ('f', 4) => 15,
            ('f', _) => 24,
            (_, n) => n * 2,
        };
        out.push(Format { kind, size, width, printable });
    }
    Ok(out)
}

impl Format {
    /// One number of little-endian bytes.
    pub(super) fn show(&self, bytes: &[u8]) -> String {
        let n = bytes.iter().rev().fold(0u64, |n, b| n << 8 | u64::from(*b));
        let b = bytes.first().copied().unwrap_or(0);
        let w = self.width;
        match self.kind {
            'a' => match b & 0x7f {
                127 => "del".to_owned(),
                b => NAMES.get(usize::from(b)).map_or_else(|| char::from(b).to_string(), |n| (*n).to_owned()),
            },
            'c' => match b {
                0 => "\\0".to_owned(),
                7 => "\\a".to_owned(),
                8 => "\\b".to_owned(),
                9 => "\\t".to_owned(),
                10 => "\\n".to_owned(),
                11 => "\\v".to_owned(),
                12 => "\\f".to_owned(),
                13 => "\\r".to_owned(),
                b' '..=b'~' => char::from(b).to_string(),
                b => format!("{b:03o}"),
            },
            'd' => {
                let shift = 64 - 8 * self.size as u32;
                (((n << shift) as i64) >> shift).to_string()
            }
            'u' => n.to_string(),
            'o' => format!("{n:0w$o}"),
            'x' => format!("{n:0w$x}"),
            _ if self.size == 4 => shortest(f64::from(f32::from_bits(n as u32)), f32::from_bits(n as u32).to_string()),
            _ => shortest(f64::from_bits(n), f64::from_bits(n).to_string()),
        }
    }
}

/// A float as `%g` with as many digits as tell it apart.
fn shortest(v: f64, plain: String) -> String {
    let digits = plain.trim_start_matches('-').trim_start_matches(['0', '.']).trim_end_matches('0');
    let digits = digits.chars().filter(char::is_ascii_digit).count().max(1);
    let sign = if v.is_sign_negative() { "-" } else { "" };
    format!("{sign}{}", Float::from(v).text('g', Some(digits), false))
}
