//! `int` and `float`.

use super::arg;
use crate::value::{Kind, Value};
use crate::vm::builtin_types::T;
use crate::vm::repr::str_repr;
use crate::vm::start::Registry;
use crate::vm::{R, Vm};
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Num, Signed, ToPrimitive};

pub(super) fn register(reg: &mut Registry) {
    reg.method(T::Int, "bit_length", 0, 0, |vm, a| Ok(Value::Int(vm.as_big(arg(a, 0)).map_or(0, |b| b.bits()) as i64)));
    reg.method(T::Int, "bit_count", 0, 0, |vm, a| {
        let b = vm.as_big(arg(a, 0)).unwrap_or_default();
        Ok(Value::Int(b.magnitude().iter_u64_digits().map(|d| i64::from(d.count_ones())).sum()))
    });
    reg.method(T::Int, "to_bytes", 0, 3, to_bytes);
    reg.method(T::Int, "conjugate", 0, 0, |_, a| Ok(arg(a, 0)));
    reg.method(T::Int, "__index__", 0, 0, |_, a| Ok(arg(a, 0)));
    reg.method(T::Int, "as_integer_ratio", 0, 0, |vm, a| Ok(vm.tuple(vec![arg(a, 0), Value::Int(1)])));
    reg.method(T::Float, "is_integer", 0, 0, |vm, a| {
        let f = vm.number(arg(a, 0)).unwrap_or(0.5);
        Ok(Value::Bool(f.is_finite() && f == f.trunc()))
    });
    reg.method(T::Float, "as_integer_ratio", 0, 0, |vm, a| {
        let f = vm.number(arg(a, 0)).unwrap_or(0.0);
        let (mut n, mut d) = (f, BigInt::from(1));
        while n != n.trunc() && n.is_finite() {
            n *= 2.0;
            d *= 2;
        }
        let n = vm.big(BigInt::from_f64(n).unwrap_or_default());
        let d = vm.big(d);
        Ok(vm.tuple(vec![n, d]))
    });
    reg.func("_prelude", "_int_from_bytes", 3, 3, |vm, a| {
        let mut b = vm.want_bytes(arg(a, 0))?;
        if vm.text(arg(a, 1)).as_deref() == Some("little") {
            b.reverse();
        }
        let signed = arg(a, 2) == Value::Bool(true);
        let n =
            if signed { BigInt::from_signed_bytes_be(&b) } else { BigInt::from_bytes_be(num_bigint::Sign::Plus, &b) };
        Ok(vm.big(n))
    });
    reg.func("_prelude", "_round", 2, 2, round);
    reg.func("_prelude", "_pow_mod", 3, 3, |vm, a| {
        let (Some(x), Some(y), Some(m)) = (vm.as_big(arg(a, 0)), vm.as_big(arg(a, 1)), vm.as_big(arg(a, 2))) else {
            return vm.type_error("pow() 3rd argument not allowed unless all arguments are integers");
        };
        if m == BigInt::from(0) {
            return vm.value_error("pow() 3rd argument cannot be 0");
        }
        if y.is_negative() {
            return match x.modinv(&m) {
                Some(i) => {
                    let v = i.modpow(&-y, &m);
                    Ok(vm.big(v))
                }
                None => vm.value_error("base is not invertible for the given modulus"),
            };
        }
        let v = x.modpow(&y, &m);
        Ok(vm.big(v))
    });
    reg.func("_prelude", "_isqrt", 1, 1, |vm, a| {
        let b = vm.as_big(arg(a, 0)).unwrap_or_default();
        if b.is_negative() {
            return vm.value_error("isqrt() argument must be nonnegative");
        }
        Ok(vm.big(b.sqrt()))
    });
    for (name, radix, prefix) in [("bin", 2u32, "0b"), ("oct", 8, "0o"), ("hex", 16, "0x")] {
        let _ = (radix, prefix);
        reg.func(
            "builtins",
            name,
            1,
            1,
            match radix {
                2 => |vm: &mut Vm, a: &[Value]| based(vm, arg(a, 0), 2, "0b"),
                8 => |vm: &mut Vm, a: &[Value]| based(vm, arg(a, 0), 8, "0o"),
                _ => |vm: &mut Vm, a: &[Value]| based(vm, arg(a, 0), 16, "0x"),
            },
        );
    }
}

fn based(vm: &mut Vm, v: Value, radix: u32, prefix: &str) -> R<Value> {
    let Some(b) = vm.as_big(v) else {
        let t = vm.type_name(v);
        return vm.type_error(format!("'{t}' object cannot be interpreted as an integer"));
    };
    let sign = if b.is_negative() { "-" } else { "" };
    let s = format!("{sign}{prefix}{}", b.magnitude().to_str_radix(radix));
    Ok(vm.str(s))
}

fn to_bytes(vm: &mut Vm, a: &[Value]) -> R<Value> {
    let b = vm.as_big(arg(a, 0)).unwrap_or_default();
    let len = if a.len() > 1 { vm.want_int(arg(a, 1))?.clamp(0, 1 << 20) as usize } else { 1 };
    if b.is_negative() {
        return vm.fail(T::OverflowError, "can't convert negative int to unsigned");
    }
    let (_, mut out) = b.to_bytes_be();
    if out == [0] {
        out.clear();
    }
    if out.len() > len {
        return vm.fail(T::OverflowError, "int too big to convert");
    }
    let mut full = vec![0; len - out.len()];
    full.extend(out);
    if vm.text(arg(a, 2)).as_deref() == Some("little") {
        full.reverse();
    }
    Ok(vm.bytes(full))
}

/// `int(x)`, `int(text, base)`
pub(super) fn to_int(vm: &mut Vm, a: &[Value]) -> R<Value> {
    let v = arg(a, 0);
    if a.is_empty() {
        return Ok(Value::Int(0));
    }
    if a.len() == 1 {
        if let Some(i) = vm.as_int(v) {
            return Ok(Value::Int(i));
        }
        if let Some(b) = vm.as_big(v) {
            return Ok(vm.big(b));
        }
        if let Some(f) = vm.as_float(v) {
            if f.is_nan() {
                return vm.value_error("cannot convert float NaN to integer");
            }
            return match BigInt::from_f64(f.trunc()) {
                Some(b) => Ok(vm.big(b)),
                None => vm.fail(T::OverflowError, "cannot convert float infinity to integer"),
            };
        }
    }
    let text = match vm.kind(v) {
        Kind::Str(s) => s.s.to_string(),
        Kind::Bytes(b) => String::from_utf8_lossy(b).into_owned(),
        _ if a.len() > 1 => return vm.type_error("int() can't convert non-string with explicit base"),
        _ => {
            let t = vm.type_name(v);
            return vm.type_error(format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{t}'"
            ));
        }
    };
    let base = if a.len() > 1 { vm.want_int(arg(a, 1))? } else { 10 };
    if base != 0 && !(2..=36).contains(&base) {
        return vm.value_error("int() base must be >= 2 and <= 36, or 0");
    }
    match parse_int(&text, base as u32) {
        Some(b) => Ok(vm.big(b)),
        None => {
            let shown = vm.repr(v, 0).unwrap_or_else(|| str_repr(&text));
            vm.value_error(format!("invalid literal for int() with base {base}: {shown}"))
        }
    }
}

fn parse_int(text: &str, mut base: u32) -> Option<BigInt> {
    let t = text.trim();
    let (neg, t) = match t.strip_prefix('-') {
        Some(r) => (true, r),
        None => (false, t.strip_prefix('+').unwrap_or(t)),
    };
    let lower = t.to_ascii_lowercase();
    let mut t = lower.as_str();
    for (p, b) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if (base == b || base == 0)
            && let Some(r) = t.strip_prefix(p)
        {
            t = r.strip_prefix('_').unwrap_or(r);
            base = b;
        }
    }
    if base == 0 {
        base = 10;
    }
    if t.is_empty() || t.starts_with('_') || t.ends_with('_') || t.contains("__") || t.starts_with(['+', '-']) {
        return None;
    }
    let digits: String =
        t.chars().filter(|c| *c != '_').map(|c| c.to_digit(10).map_or(c, |d| char::from(b'0' + d as u8))).collect();
    let b = BigInt::from_str_radix(&digits, base).ok()?;
    Some(if neg { -b } else { b })
}

pub(super) fn to_float(vm: &mut Vm, a: &[Value]) -> R<Value> {
    let v = arg(a, 0);
    if a.is_empty() {
        return Ok(Value::Float(0.0));
    }
    if let Some(b) = vm.as_big(v)
        && b.to_f64().is_none_or(f64::is_infinite)
    {
        return vm.fail(T::OverflowError, "int too large to convert to float");
    }
    if let Some(f) = vm.number(v) {
        return Ok(Value::Float(f));
    }
    let text = match vm.kind(v) {
        Kind::Str(s) => s.s.to_string(),
        Kind::Bytes(b) => String::from_utf8_lossy(b).into_owned(),
        _ => {
            let t = vm.type_name(v);
            return vm.type_error(format!("float() argument must be a string or a real number, not '{t}'"));
        }
    };
    match parse_float(&text) {
        Some(f) => Ok(Value::Float(f)),
        None => {
            let shown = vm.repr(v, 0).unwrap_or_default();
            vm.value_error(format!("could not convert string to float: {shown}"))
        }
    }
}

pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let t = text.trim().to_ascii_lowercase();
    let body = t.trim_start_matches(['+', '-']);
    if t.len() - body.len() > 1 || t.starts_with('_') || t.ends_with('_') {
        return None;
    }
    let ok = matches!(body, "inf" | "infinity" | "nan")
        || (body.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && body.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | '+' | '-' | '_')));
    if !ok {
        return None;
    }
    t.replace('_', "").parse().ok()
}

/// `round(x, n)` for builtin numbers: to even, correctly rounded.
fn round(vm: &mut Vm, a: &[Value]) -> R<Value> {
    let (v, n) = (arg(a, 0), arg(a, 1));
    if let Some(b) = vm.as_big(v) {
        let Some(n) = vm.as_int(n) else { return Ok(vm.big(b)) };
        if n >= 0 {
            return Ok(vm.big(b));
        }
        let p = BigInt::from(10).pow((-n).min(10_000) as u32);
        let (q, r) = num_integer::Integer::div_mod_floor(&b, &p);
        let twice: BigInt = r * 2;
        let up = twice > p || (twice == p && q.bit(0));
        let q = if up { q + 1 } else { q };
        return Ok(vm.big(q * p));
    }
    let Some(f) = vm.as_float(v) else {
        let t = vm.type_name(v);
        return vm.type_error(format!("type {t} doesn't define __round__ method"));
    };
    if n.is_none() {
        if f.is_nan() {
            return vm.value_error("cannot convert float NaN to integer");
        }
        return match BigInt::from_f64(f.round_ties_even()) {
            Some(b) => Ok(vm.big(b)),
            None => vm.fail(T::OverflowError, "cannot convert float infinity to integer"),
        };
    }
    let n = vm.want_int(n)?;
    if !f.is_finite() || n > 322 {
        return Ok(Value::Float(f));
    }
    if n >= 0 {
        // The decimal expansion that Rust prints is exact, so its rounding is correct.
        let s = format!("{f:.*}", n as usize);
        return Ok(Value::Float(s.parse().unwrap_or(f)));
    }
    let p = libm::pow(10.0, (-n) as f64);
    Ok(Value::Float(if p.is_infinite() { 0.0 } else { (f / p).round_ties_even() * p }))
}
