//! `@text`, `@json`, `@csv` and the like.

use super::eval::{Stop, fail};
use super::value::Value;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// As text: strings as they are.
pub(super) fn text(v: &Value) -> String {
    match v {
        Value::Text(t) => t.to_string(),
        v => v.show(),
    }
}

/// A value in a format.
pub(super) fn format(name: &str, v: &Value) -> Result<String, Stop> {
    Ok(match name {
        "@text" => text(v),
        "@json" => v.show(),
        "@html" => text(v)
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('\'', "&#39;")
            .replace('"', "&quot;"),
        "@uri" => text(v)
            .bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) {
                    char::from(b).to_string()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect(),
        "@urid" => {
            let t = text(v);
            let b = t.as_bytes();
            let mut out = Vec::new();
            let mut i = 0;
            while let Some(c) = b.get(i) {
                let hex = b.get(i + 1..i + 3).and_then(|h| std::str::from_utf8(h).ok());
                match hex.filter(|_| *c == b'%').and_then(|h| u8::from_str_radix(h, 16).ok()) {
                    Some(n) => {
                        out.push(n);
                        i += 3;
                    }
                    None => {
                        out.push(*c);
                        i += 1;
                    }
                }
            }
            String::from_utf8_lossy(&out).into_owned()
        }
        "@csv" | "@tsv" => {
            let kind = &name[1..];
            let Value::Array(items) = v else {
                return fail(format!("{} ({}) cannot be {kind}-formatted, only array", v.kind(), v.brief()));
            };
            let mut cells = Vec::new();
            for i in items.iter() {
                cells.push(match i {
                    Value::Text(t) if kind == "csv" => format!("\"{}\"", t.replace('"', "\"\"")),
                    Value::Text(t) => {
                        t.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
                    }
                    Value::Null => String::new(),
                    Value::Number(_) | Value::Bool(_) => i.show(),
                    v => return fail(format!("{} ({}) is not valid in a csv row", v.kind(), v.brief())),
                });
            }
            cells.join(if kind == "csv" { "," } else { "\t" })
        }
        "@sh" => {
            let one = |v: &Value| match v {
                Value::Text(t) => Ok(format!("'{}'", t.replace('\'', "'\\''"))),
                Value::Array(_) | Value::Object(_) => {
                    fail(format!("{} ({}) can not be escaped for shell", v.kind(), v.brief()))
                }
                v => Ok(v.show()),
            };
            match v {
                Value::Array(items) => items.iter().map(one).collect::<Result<Vec<_>, _>>()?.join(" "),
                v => one(v)?,
            }
        }
        "@base64" => {
            let t = text(v);
            let mut out = String::new();
            for chunk in t.as_bytes().chunks(3) {
                let n = chunk.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
                for i in 0..4 {
                    let letter = LETTERS[(n >> (18 - 6 * i) & 63) as usize];
                    out.push(if i <= chunk.len() { char::from(letter) } else { '=' });
                }
            }
            out
        }
        "@base64d" => {
            let t = text(v);
            let (mut n, mut bits, mut out) = (0u32, 0, Vec::new());
            for b in t.bytes().filter(|b| *b != b'=') {
                let Some(p) = LETTERS.iter().position(|l| *l == b) else {
                    return fail(format!("{} ({}) is not valid base64 data", v.kind(), v.brief()));
                };
                n = n << 6 | p as u32;
                bits += 6;
                if bits >= 8 {
                    bits -= 8;
                    out.push((n >> bits) as u8);
                }
            }
            String::from_utf8_lossy(&out).into_owned()
        }
        other => return fail(format!("{} is not a valid format", other.trim_start_matches('@'))),
    })
}
