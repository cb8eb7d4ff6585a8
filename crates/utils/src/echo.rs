//! `echo`: its arguments.

use crate::cli::{Cli, Run};

/// A text with `\n`, `\t`, `\0nnn` … replaced; whether `\c` ended it.
pub(crate) fn unescape(text: &str) -> (Vec<u8>, bool) {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut i = 0;
    let digits = |from: usize, most: usize, radix: u32| {
        let mut n = 0u32;
        let mut k = from;
        while k < from + most
            && let Some(d) = bytes.get(k).and_then(|b| char::from(*b).to_digit(radix))
        {
            n = n * radix + d;
            k += 1;
        }
        (n as u8, k)
    };
    while i < bytes.len() {
        let (b, next) = (bytes[i], bytes.get(i + 1));
        i += 1;
        let Some(next) = next.filter(|_| b == b'\\') else {
            out.push(b);
            continue;
        };
        i += 1;
        match next {
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'c' => return (out, true),
            b'e' => out.push(27),
            b'f' => out.push(12),
            b'n' => out.push(10),
            b'r' => out.push(13),
            b't' => out.push(9),
            b'v' => out.push(11),
            b'\\' => out.push(b'\\'),
            b'0' => {
                let (n, k) = digits(i, 3, 8);
                out.push(n);
                i = k;
            }
            b'1'..=b'7' => {
                let (n, k) = digits(i - 1, 3, 8);
                out.push(n);
                i = k;
            }
            b'x' => {
                let (n, k) = digits(i, 2, 16);
                if k == i {
                    out.extend(b"\\x");
                } else {
                    out.push(n);
                    i = k;
                }
            }
            other => out.extend([b'\\', *other]),
        }
    }
    (out, false)
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let mut words = args.as_slice();
    let (mut newline, mut escapes) = (true, false);
    if let [only] = words
        && only == "--help"
    {
        return c.put("Usage: echo [SHORT-OPTION]... [STRING]...\nEcho the STRING(s) to standard output.\n").await;
    }
    while let [first, rest @ ..] = words {
        let flags = first.strip_prefix('-').unwrap_or("");
        if flags.is_empty() || !flags.chars().all(|f| matches!(f, 'n' | 'e' | 'E')) {
            break;
        }
        for f in flags.chars() {
            match f {
                'n' => newline = false,
                'e' => escapes = true,
                _ => escapes = false,
            }
        }
        words = rest;
    }
    let text = words.join(" ");
    if escapes {
        let (bytes, ended) = unescape(&text);
        c.put(bytes).await?;
        newline &= !ended;
    } else {
        c.put(text).await?;
    }
    if newline { c.put("\n").await } else { Ok(()) }
}
