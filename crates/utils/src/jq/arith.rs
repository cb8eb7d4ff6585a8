//! Operators.

use std::rc::Rc;

use super::eval::{Stop, fail};
use super::value::Value;

/// Where a part stands in an array.
pub(super) fn indices(a: &[Value], b: &[Value]) -> Value {
    if b.is_empty() {
        return Value::Null;
    }
    let same = |w: &[Value]| w.iter().zip(b).all(|(x, y)| x.compare(y).is_eq());
    let at = a.windows(b.len()).enumerate().filter(|(_, w)| same(w));
    Value::array(at.map(|(i, _)| Value::Number(i as f64)).collect())
}

fn cannot<T>(what: &str, a: &Value, b: &Value) -> Result<T, Stop> {
    fail(format!("{} ({}) and {} ({}) cannot be {what}", a.kind(), a.brief(), b.kind(), b.brief()))
}

fn merge(a: &Value, b: &Value, depth: usize) -> Value {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) if depth < 200 => {
            let mut o = x.as_ref().clone();
            for (k, v) in y.ordered() {
                let new = match o.get(k) {
                    Some(old) => merge(old, v, depth + 1),
                    None => v.clone(),
                };
                o.set(k.clone(), new);
            }
            Value::Object(Rc::new(o))
        }
        _ => b.clone(),
    }
}

/// A value of two.
pub(super) fn binary(op: &str, a: &Value, b: &Value) -> Result<Value, Stop> {
    use Value::{Array, Null, Number, Object, Text};
    Ok(match op {
        "==" => Value::Bool(a.compare(b).is_eq()),
        "!=" => Value::Bool(a.compare(b).is_ne()),
        "<" => Value::Bool(a.compare(b).is_lt()),
        "<=" => Value::Bool(a.compare(b).is_le()),
        ">" => Value::Bool(a.compare(b).is_gt()),
        ">=" => Value::Bool(a.compare(b).is_ge()),
        "+" => match (a, b) {
            (Null, v) | (v, Null) => v.clone(),
            (Number(x), Number(y)) => Number(x + y),
            (Text(x), Text(y)) => {
                if x.len() + y.len() > 64 << 20 {
                    return fail("string too long");
                }
                Value::text(format!("{x}{y}"))
            }
            (Array(x), Array(y)) => {
                let mut all = x.to_vec();
                all.extend(y.iter().cloned());
                Value::array(all)
            }
            (Object(x), Object(y)) => {
                let mut o = x.as_ref().clone();
                for (k, v) in y.ordered() {
                    o.set(k.clone(), v.clone());
                }
                Object(Rc::new(o))
            }
            _ => return cannot("added", a, b),
        },
        "-" => match (a, b) {
            (Number(x), Number(y)) => Number(x - y),
            (Array(x), Array(y)) => {
                Value::array(x.iter().filter(|v| !y.iter().any(|w| w.compare(v).is_eq())).cloned().collect())
            }
            _ => return cannot("subtracted", a, b),
        },
        "*" => match (a, b) {
            (Number(x), Number(y)) => Number(x * y),
            (Text(t), Number(n)) | (Number(n), Text(t)) => {
                if *n <= 0.0 {
                    return Ok(Null);
                }
                let times = n.ceil().max(1.0);
                if times * t.len() as f64 > 64e6 {
                    return fail("Repeat string result too long");
                }
                Value::text(t.repeat(times as usize))
            }
            (Object(_), Object(_)) => merge(a, b, 0),
            _ => return cannot("multiplied", a, b),
        },
        "/" => match (a, b) {
            (Number(_), Number(0.0)) => return cannot("divided because the divisor is zero", a, b),
            (Number(x), Number(y)) => Number(x / y),
            (Text(x), Text(y)) => split(x, y),
            _ => return cannot("divided", a, b),
        },
        _ => match (a, b) {
            (Number(x), Number(y)) => {
                let (x, y) = (x.trunc().clamp(-9.2e18, 9.2e18) as i64, y.trunc().clamp(-9.2e18, 9.2e18) as i64);
                if y == 0 {
                    return cannot("divided (remainder) because the divisor is zero", a, b);
                }
                let n = x.unsigned_abs() % y.unsigned_abs();
                Number(if x < 0 { -(n as f64) } else { n as f64 })
            }
            _ => return cannot("divided (remainder)", a, b),
        },
    })
}

/// A text's parts between separators.
pub(super) fn split(text: &str, by: &str) -> Value {
    if text.is_empty() {
        return Value::array(Vec::new());
    }
    let parts: Vec<Value> = if by.is_empty() {
        text.chars().map(|c| Value::text(c.to_string())).collect()
    } else {
        text.split(by).map(Value::text).collect()
    };
    Value::array(parts)
}
