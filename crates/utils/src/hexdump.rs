//! `hexdump`: bytes in columns (util-linux), by formats as its `-e` takes them.

use layerlab_kernel::float::Float;

use crate::cli::feed::Feed;
use crate::cli::{Cli, Run, Spec, human};

const SPEC: Spec = Spec::new(
    "[options] <file>...",
    "Display file contents in hexadecimal, decimal, octal, or ascii.",
    "b|one-byte-octal c|one-byte-char C|canonical d|two-bytes-decimal o|two-bytes-octal x|two-bytes-hex X|one-byte-hex e|format= f|format-file= n|length= s|skip= v|no-squeezing L|color? V h",
)
.version("util-linux 2.41 (simulated");

/// A part of a line's format.
#[derive(Clone)]
struct Unit {
    repeat: usize,
    bytes: usize,
    format: String,
}

/// The built-in formats: of the address, and of the bytes.
fn builtin(name: &str) -> (&'static str, &'static str) {
    match name {
        "b" => ("%07.7_ax", " %03o|1|16"),
        "c" => ("%07.7_ax", " %3_c|1|16"),
        "d" => ("%07.7_ax", "   %05u|2|8"),
        "o" => ("%07.7_ax", "  %06o|2|8"),
        "X" => ("%07.7_ax", "  %02x|1|16"),
        "x" => ("%07.7_ax", "    %04x|2|8"),
        _ => ("%07.7_ax", " %04x|2|8"),
    }
}

/// Escapes of a format.
fn plain(text: &str) -> String {
    String::from_utf8_lossy(&crate::echo::unescape(text).0).into_owned()
}

/// `-e`'s units: `[count][/bytes] "format"`.
fn units(text: &str) -> Option<Vec<Unit>> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let quote = rest.find('"')?;
        let head = rest[..quote].trim();
        let body = &rest[quote + 1..];
        let mut end = 0;
        let mut escaped = false;
        for (i, ch) in body.char_indices() {
            if ch == '"' && !escaped {
                end = i;
                break;
            }
            escaped = ch == '\\' && !escaped;
        }
        let format = plain(body.get(..end)?);
        rest = body.get(end + 1..)?.trim_start();
        let (count, bytes) = match head.split_once('/') {
            Some((c, b)) => (c.trim(), b.trim().parse().ok()?),
            None => (head, 0),
        };
        let repeat = if count.is_empty() { 1 } else { count.parse().ok()? };
        let bytes = if bytes > 0 { bytes } else { default_size(&format) };
        out.push(Unit { repeat, bytes, format });
    }
    Some(out)
}

/// Bytes that a format's conversions take.
fn default_size(format: &str) -> usize {
    let mut n = 0;
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        rest = &rest[at + 1..];
        if let Some(r) = rest.strip_prefix('%') {
            rest = r;
            continue;
        }
        let tail = rest.trim_start_matches(|c: char| "-+ #0.".contains(c) || c.is_ascii_digit());
        n += match tail.chars().next() {
            Some('_') => match tail.chars().nth(1) {
                Some('a' | 'A') => 0,
                _ => 1,
            },
            Some('c') => 1,
            Some('e' | 'E' | 'f' | 'g' | 'G') => 8,
            Some('s') => rest
                .split('.')
                .nth(1)
                .map_or(1, |p| p.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(1)),
            Some(_) => 4,
            None => 0,
        };
    }
    n
}

fn special(b: u8) -> String {
    match b {
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
    }
}

const NAMES: [&str; 33] = [
    "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "lf", "vt", "ff", "cr", "so", "si", "dle",
    "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs", "us", "sp",
];

/// One unit's text for its bytes; blanks as wide where there are none.
fn show(format: &str, bytes: &[u8], size: usize, at: u64, file_end: Option<u64>) -> String {
    let mut out = String::new();
    let mut rest = format;
    while let Some(p) = rest.find('%') {
        out.push_str(&rest[..p]);
        rest = &rest[p + 1..];
        if let Some(r) = rest.strip_prefix('%') {
            out.push('%');
            rest = r;
            continue;
        }
        let flags: String = rest.chars().take_while(|c| "-+ #0".contains(*c)).collect();
        rest = &rest[flags.len()..];
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        rest = &rest[digits.len()..];
        let width: usize = digits.parse::<usize>().unwrap_or(0).min(4096);
        let mut precision = None;
        if let Some(r) = rest.strip_prefix('.') {
            let d: String = r.chars().take_while(char::is_ascii_digit).collect();
            precision = Some(d.parse::<usize>().unwrap_or(0).min(4096));
            rest = &r[d.len()..];
        }
        let Some(mut kind) = rest.chars().next() else { break };
        rest = &rest[kind.len_utf8()..];
        let mut sub = ' ';
        if kind == '_' {
            kind = rest.chars().next().unwrap_or('c');
            rest = &rest[kind.len_utf8().min(rest.len())..];
            if matches!(kind, 'a' | 'A') {
                sub = rest.chars().next().unwrap_or('x');
                rest = &rest[sub.len_utf8().min(rest.len())..];
            }
            sub = if sub == ' ' { '_' } else { sub };
        }
        let b = bytes.first().copied().unwrap_or(0);
        let value = bytes.iter().take(8).rev().fold(0u64, |n, b| n << 8 | u64::from(*b));
        let none = bytes.is_empty();
        let body = match (kind, sub) {
            ('a' | 'A', radix) => {
                let at = if kind == 'A' { file_end.unwrap_or(at) } else { at };
                match radix {
                    'd' => at.to_string(),
                    'o' => format!("{at:o}"),
                    _ => format!("{at:x}"),
                }
            }
            _ if none => String::new(),
            ('c', '_') => special(b),
            ('p', '_') => if (b' '..=b'~').contains(&b) { char::from(b) } else { '.' }.to_string(),
            ('u', '_') => match b {
                127 => "del".to_owned(),
                b => NAMES.get(usize::from(b)).filter(|_| b < 32).map_or_else(|| special(b), |n| (*n).to_owned()),
            },
            ('c', _) => char::from(b).to_string(),
            ('s', _) => {
                String::from_utf8_lossy(&bytes[..bytes.len().min(precision.unwrap_or(usize::MAX))]).into_owned()
            }
            ('d' | 'i', _) => {
                let shift = 64 - 8 * (bytes.len().clamp(1, 8) as u32);
                (((value << shift) as i64) >> shift).to_string()
            }
            ('u', _) => value.to_string(),
            ('o', _) => format!("{value:o}"),
            ('X', _) => format!("{value:X}"),
            ('e' | 'E' | 'f' | 'g' | 'G', _) => {
                let v = if size == 4 { f64::from(f32::from_bits(value as u32)) } else { f64::from_bits(value) };
                let sign = if v.is_sign_negative() { "-" } else { "" };
                format!("{sign}{}", Float::from(v).text(kind, precision, false))
            }
            _ => format!("{value:x}"),
        };
        let number = matches!(kind, 'd' | 'i' | 'o' | 'x' | 'X' | 'a' | 'A') || kind == 'u' && sub != '_';
        let body = match precision {
            Some(p) if number && !body.is_empty() => format!("{body:0>p$}"),
            _ => body,
        };
        let zero = flags.contains('0') && !flags.contains('-') && number && !body.is_empty();
        out.push_str(&match (flags.contains('-'), zero) {
            (true, _) => format!("{body:<width$}"),
            (_, true) => format!("{body:0>width$}"),
            _ => format!("{body:>width$}"),
        });
    }
    out.push_str(rest);
    out
}

struct Dump {
    /// Each `-e` or built-in: the address's format, then units.
    rows: Vec<(Option<String>, Vec<Unit>)>,
    canonical: bool,
    block: usize,
    end_format: Option<&'static str>,
}

impl Dump {
    fn line(&self, at: u64, bytes: &[u8]) -> String {
        let mut out = String::new();
        if self.canonical {
            out.push_str(&format!("{at:08x} "));
            for i in 0..16 {
                if i == 8 {
                    out.push(' ');
                }
                out.push_str(&bytes.get(i).map_or("   ".to_owned(), |b| format!(" {b:02x}")));
            }
            let text: String =
                bytes.iter().map(|b| if (b' '..=b'~').contains(b) { char::from(*b) } else { '.' }).collect();
            out.push_str(&format!("  |{text}|\n"));
            return out;
        }
        for (address, row) in &self.rows {
            if let Some(a) = address {
                out.push_str(&show(a, &[], 0, at, None));
            }
            let mut used = 0;
            for u in row {
                let last = u.repeat.saturating_sub(1);
                for k in 0..u.repeat {
                    let part = &bytes[used.min(bytes.len())..(used + u.bytes).min(bytes.len())];
                    // Blanks at the end are left out the last time.
                    let trimmed = if k == last && u.repeat > 1 && address.is_none() {
                        u.format.trim_end_matches(' ')
                    } else {
                        &u.format
                    };
                    if part.is_empty() && u.bytes > 0 && address.is_none() && used >= bytes.len() {
                        let blank = show(trimmed, &[], u.bytes, at, None);
                        out.push_str(&blank);
                    } else {
                        out.push_str(&show(trimmed, part, u.bytes, at + used as u64, None));
                    }
                    used += u.bytes;
                }
            }
            if address.is_some() {
                out.push('\n');
            }
        }
        out
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mut dump = Dump { rows: Vec::new(), canonical: p.has("C") || c.name == "hd", block: 16, end_format: None };
    for (name, value) in &p.options {
        match (*name, value) {
            ("e", Some(v)) => match units(v) {
                Some(u) => dump.rows.push((None, u)),
                None => return c.die(1, format!("bad format {{{v}}}")).await,
            },
            ("b" | "c" | "d" | "o" | "x" | "X", _) => {
                let (address, body) = builtin(name);
                dump.rows.push((Some(address.to_owned()), row(body)));
                dump.end_format = Some(address);
            }
            _ => {}
        }
    }
    if dump.rows.is_empty() && !dump.canonical {
        let (address, body) = builtin("");
        dump.rows.push((Some(address.to_owned()), row(body)));
        dump.end_format = Some(address);
    }
    if !dump.canonical {
        let size = |r: &Vec<Unit>| r.iter().map(|u| u.repeat * u.bytes).sum::<usize>();
        dump.block = dump.rows.iter().map(|(_, r)| size(r)).max().unwrap_or(16).max(1);
    }
    let number = |name: &str| p.value(name).map(human::parse);
    let (Some(skip), Some(limit)) = (number("s").unwrap_or(Some(0)), number("n").unwrap_or(Some(u64::MAX))) else {
        return c.die(1, "failed to parse length or offset").await;
    };
    let mut feed = Feed::new(&p.operands);
    let (mut to_skip, mut left, mut at) = (skip, limit, skip);
    let mut held: Vec<u8> = Vec::new();
    let (mut before, mut starred): (Option<Vec<u8>>, bool) = (None, false);
    let mut ended = false;
    while !ended || !held.is_empty() {
        while !ended && held.len() < dump.block {
            match if left == 0 { None } else { feed.chunk(c).await? } {
                None => ended = true,
                Some(mut b) => {
                    let n = to_skip.min(b.len() as u64);
                    b.drain(..n as usize);
                    to_skip -= n;
                    b.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                    left -= b.len() as u64;
                    held.extend(b);
                }
            }
        }
        if held.is_empty() {
            break;
        }
        let part: Vec<u8> = held.drain(..dump.block.min(held.len())).collect();
        if !p.has("v") && part.len() == dump.block && before.as_deref() == Some(&part) {
            if !std::mem::replace(&mut starred, true) {
                c.put("*\n").await?;
            }
        } else {
            starred = false;
            c.put(dump.line(at, &part)).await?;
        }
        at += part.len() as u64;
        before = Some(part);
    }
    if before.is_some() || c.code == 0 {
        if dump.canonical && before.is_some() {
            c.put(format!("{at:08x}\n")).await?;
        } else if let (Some(f), true) = (dump.end_format, before.is_some()) {
            let text = show(f, &[], 0, at, None);
            c.put(format!("{text}\n")).await?;
        }
    }
    Ok(())
}

fn row(body: &str) -> Vec<Unit> {
    let mut f = body.split('|');
    let format = f.next().unwrap_or("").to_owned();
    let mut n = || f.next().and_then(|n| n.parse().ok()).unwrap_or(1);
    let bytes = n();
    vec![Unit { repeat: n(), bytes, format }]
}
