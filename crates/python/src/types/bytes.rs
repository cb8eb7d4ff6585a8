//! `bytes` and `bytearray`, encoding and decoding.

use super::arg;
use crate::value::{Kind, Value};
use crate::vm::builtin_types::T;
use crate::vm::start::Registry;
use crate::vm::{R, Vm};

pub(super) fn register(reg: &mut Registry) {
    for t in [T::Bytes, T::ByteArray] {
        reg.method(t, "decode", 0, 2, |vm, a| {
            let b = vm.want_bytes(arg(a, 0))?;
            decode(vm, &b, arg(a, 1), arg(a, 2))
        });
        reg.method(t, "hex", 0, 0, |vm, a| {
            let b = vm.want_bytes(arg(a, 0))?;
            let s: String = b.iter().map(|c| format!("{c:02x}")).collect();
            Ok(vm.str(s))
        });
        reg.method(t, "startswith", 1, 1, |vm, a| affix(vm, a, true));
        reg.method(t, "endswith", 1, 1, |vm, a| affix(vm, a, false));
        reg.method(t, "find", 1, 2, find);
        reg.method(t, "index", 1, 2, |vm, a| match find(vm, a)? {
            Value::Int(-1) => vm.value_error("subsection not found"),
            v => Ok(v),
        });
        reg.method(t, "count", 1, 1, |vm, a| {
            let (b, x) = (vm.want_bytes(arg(a, 0))?, needle(vm, arg(a, 1))?);
            Ok(Value::Int(pieces(&b, &x, usize::MAX).len() as i64 - 1))
        });
        reg.method(t, "split", 0, 2, |vm, a| {
            let b = vm.want_bytes(arg(a, 0))?;
            let max = if a.len() > 2 { vm.want_int(arg(a, 2))? } else { -1 };
            let max = if max < 0 { usize::MAX } else { max as usize };
            let parts = if arg(a, 1).is_none() {
                b.split(u8::is_ascii_whitespace).filter(|p| !p.is_empty()).map(<[u8]>::to_vec).collect()
            } else {
                let x = vm.want_bytes(arg(a, 1))?;
                if x.is_empty() {
                    return vm.value_error("empty separator");
                }
                pieces(&b, &x, max)
            };
            let vs = parts.into_iter().map(|p| vm.bytes(p)).collect();
            Ok(vm.list(vs))
        });
        reg.method(t, "partition", 1, 1, |vm, a| {
            let (b, x) = (vm.want_bytes(arg(a, 0))?, vm.want_bytes(arg(a, 1))?);
            let p = pieces(&b, &x, 1);
            let vs = match p.as_slice() {
                [l, r] => vec![vm.bytes(l.clone()), arg(a, 1), vm.bytes(r.clone())],
                _ => vec![vm.bytes(b), vm.bytes(Vec::new()), vm.bytes(Vec::new())],
            };
            Ok(vm.tuple(vs))
        });
        reg.method(t, "replace", 2, 2, |vm, a| {
            let (b, x, y) = (vm.want_bytes(arg(a, 0))?, vm.want_bytes(arg(a, 1))?, vm.want_bytes(arg(a, 2))?);
            let v = if x.is_empty() { b } else { pieces(&b, &x, usize::MAX).join(&y[..]) };
            Ok(vm.bytes(v))
        });
        reg.method(t, "strip", 0, 0, |vm, a| {
            let b = vm.want_bytes(arg(a, 0))?;
            let v = b.trim_ascii().to_vec();
            Ok(vm.bytes(v))
        });
        reg.method(t, "rstrip", 0, 1, |vm, a| {
            let b = vm.want_bytes(arg(a, 0))?;
            let set = if arg(a, 1).is_none() { b" \t\r\n\x0b\x0c".to_vec() } else { vm.want_bytes(arg(a, 1))? };
            let n = b.iter().rposition(|c| !set.contains(c)).map_or(0, |i| i + 1);
            let v = b.get(..n).unwrap_or(&[]).to_vec();
            Ok(vm.bytes(v))
        });
        reg.method(t, "upper", 0, 0, |vm, a| {
            let v = vm.want_bytes(arg(a, 0))?.to_ascii_uppercase();
            Ok(vm.bytes(v))
        });
        reg.method(t, "lower", 0, 0, |vm, a| {
            let v = vm.want_bytes(arg(a, 0))?.to_ascii_lowercase();
            Ok(vm.bytes(v))
        });
        reg.method(t, "_join", 1, 1, |vm, a| {
            let sep = vm.want_bytes(arg(a, 0))?;
            let mut parts = Vec::new();
            for v in vm.items(arg(a, 1)).unwrap_or_default() {
                parts.push(vm.want_bytes(v)?);
            }
            let v = parts.join(&sep[..]);
            Ok(vm.bytes(v))
        });
    }
    reg.method(T::ByteArray, "append", 1, 1, |vm, a| {
        let Ok(x) = u8::try_from(vm.want_int(arg(a, 1))?) else {
            return vm.value_error("byte must be in range(0, 256)");
        };
        if let Value::Obj(r) = arg(a, 0)
            && let Kind::ByteArray(b) = vm.kind_mut(r)
        {
            b.push(x);
        }
        Ok(Value::None)
    });
    reg.method(T::ByteArray, "extend", 1, 1, |vm, a| {
        let x = vm.want_bytes(arg(a, 1))?;
        if let Value::Obj(r) = arg(a, 0)
            && let Kind::ByteArray(b) = vm.kind_mut(r)
        {
            b.extend(x);
        }
        Ok(Value::None)
    });
    reg.func("_prelude", "_bytes_fromhex", 1, 1, |vm, a| {
        let s: String = vm.want_str(arg(a, 0), "fromhex() argument")?.split_whitespace().collect();
        let bytes: Option<Vec<u8>> = s
            .as_bytes()
            .chunks(2)
            .map(|c| std::str::from_utf8(c).ok().filter(|c| c.len() == 2).and_then(|c| u8::from_str_radix(c, 16).ok()))
            .collect();
        match bytes {
            Some(b) => Ok(vm.bytes(b)),
            None => vm.value_error("non-hexadecimal number found in fromhex() arg at position 0"),
        }
    });
}

fn pieces(b: &[u8], sep: &[u8], max: usize) -> Vec<Vec<u8>> {
    let (mut out, mut from, mut i) = (Vec::new(), 0, 0);
    while !sep.is_empty() && i + sep.len() <= b.len() && out.len() < max {
        if b.get(i..i + sep.len()) == Some(sep) {
            out.push(b.get(from..i).unwrap_or(&[]).to_vec());
            i += sep.len();
            from = i;
        } else {
            i += 1;
        }
    }
    out.push(b.get(from..).unwrap_or(&[]).to_vec());
    out
}

fn affix(vm: &mut Vm, a: &[Value], start: bool) -> R<Value> {
    let b = vm.want_bytes(arg(a, 0))?;
    let options = match vm.kind(arg(a, 1)) {
        Kind::Tuple(t) => t.to_vec(),
        _ => vec![arg(a, 1)],
    };
    for o in options {
        let o = vm.want_bytes(o)?;
        if if start { b.starts_with(&o) } else { b.ends_with(&o) } {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

/// What is looked for in bytes: bytes, or one byte's number.
fn needle(vm: &mut Vm, v: Value) -> R<Vec<u8>> {
    match vm.as_int(v) {
        Some(n) => match u8::try_from(n) {
            Ok(b) => Ok(vec![b]),
            Err(_) => vm.value_error("byte must be in range(0, 256)"),
        },
        None => vm.want_bytes(v),
    }
}

fn find(vm: &mut Vm, a: &[Value]) -> R<Value> {
    let (b, x) = (vm.want_bytes(arg(a, 0))?, needle(vm, arg(a, 1))?);
    let from = if a.len() > 2 { vm.want_int(arg(a, 2))?.max(0) as usize } else { 0 };
    let at = (from..b.len() + 1).find(|i| b.get(*i..).is_some_and(|t| t.starts_with(&x)));
    Ok(Value::Int(at.map_or(-1, |i| i as i64)))
}

fn codec(name: &str) -> String {
    name.to_ascii_lowercase().replace(['-', '_'], "")
}

pub(super) fn encode(vm: &mut Vm, obj: Value, s: &str, encoding: Value, errors: Value) -> R<Value> {
    let name = vm.text(encoding).unwrap_or_else(|| "utf-8".into());
    let errors = vm.text(errors).unwrap_or_else(|| "strict".into());
    let limit = match codec(&name).as_str() {
        "utf8" | "utf8sig" => {
            let v = s.as_bytes().to_vec();
            return Ok(vm.bytes(v));
        }
        "ascii" | "usascii" => 0x80,
        "latin1" | "iso88591" => 0x100,
        _ => return vm.fail(T::LookupError, format!("unknown encoding: {name}")),
    };
    let mut out = Vec::new();
    for (i, c) in s.chars().enumerate() {
        if (c as u32) < limit {
            out.push(c as u32 as u8);
            continue;
        }
        match &*errors {
            "ignore" => {}
            "replace" => out.push(b'?'),
            "xmlcharrefreplace" => out.extend(format!("&#{};", c as u32).bytes()),
            "backslashreplace" => out.extend(c.escape_unicode().to_string().bytes()),
            _ => {
                let shown = if limit == 0x80 { "ascii" } else { "latin-1" };
                let esc = match c as u32 {
                    n if n < 0x100 => format!("\\x{n:02x}"),
                    n if n < 0x10000 => format!("\\u{n:04x}"),
                    n => format!("\\U{n:08x}"),
                };
                let e = vm.exc(
                    T::UnicodeEncodeError,
                    format!(
                        "'{shown}' codec can't encode character '{esc}' in position {i}: ordinal not in range({limit})"
                    ),
                );
                let _ = obj;
                return Err(e);
            }
        }
    }
    Ok(vm.bytes(out))
}

pub(super) fn decode(vm: &mut Vm, b: &[u8], encoding: Value, errors: Value) -> R<Value> {
    let name = vm.text(encoding).unwrap_or_else(|| "utf-8".into());
    let errors = vm.text(errors).unwrap_or_else(|| "strict".into());
    let s = match codec(&name).as_str() {
        "latin1" | "iso88591" => b.iter().map(|c| char::from(*c)).collect(),
        "utf8" | "utf8sig" | "ascii" | "usascii" => match (std::str::from_utf8(b), &*errors) {
            (Ok(s), _) => s.strip_prefix('\u{feff}').filter(|_| codec(&name) == "utf8sig").unwrap_or(s).to_owned(),
            (_, "replace") => String::from_utf8_lossy(b).into_owned(),
            (_, "ignore") => String::from_utf8_lossy(b).replace('\u{fffd}', ""),
            (Err(e), _) => {
                let at = e.valid_up_to();
                let byte = b.get(at).copied().unwrap_or(0);
                let why = if e.error_len().is_none() {
                    "unexpected end of data"
                } else if byte & 0xc0 == 0x80 || byte >= 0xf5 || byte == 0xc0 || byte == 0xc1 {
                    "invalid start byte"
                } else {
                    "invalid continuation byte"
                };
                let msg = format!("'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: {why}");
                return vm.fail(T::UnicodeDecodeError, msg);
            }
        },
        _ => return vm.fail(T::LookupError, format!("unknown encoding: {name}")),
    };
    Ok(vm.str(s))
}
