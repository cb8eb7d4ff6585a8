//! Paths: what lies there, and what is put there.

use std::rc::Rc;

use super::ast::Ast;
use super::eval::{Env, Item, Jq, Out, Step, Stop, bounds, fail, get};
use super::value::{Object, Value};

/// Keys of one path.
const LONG: usize = 500;

/// The value at a path; `null` where there is none.
pub(super) fn get_path(v: &Value, path: &[Value]) -> Result<Value, Stop> {
    let mut v = v.clone();
    for k in path {
        if matches!(v, Value::Null) {
            return Ok(Value::Null);
        }
        v = get(&v, k)?;
    }
    Ok(v)
}

/// The value with another one at a path.
pub(super) fn set_path(v: &Value, path: &[Value], new: Value) -> Result<Value, Stop> {
    if path.len() > LONG {
        return fail("Path too deep");
    }
    let Some((k, rest)) = path.split_first() else { return Ok(new) };
    match (v, k) {
        (Value::Object(_) | Value::Null, Value::Text(key)) => {
            let mut o = if let Value::Object(o) = v { o.as_ref().clone() } else { Object::default() };
            let inner = set_path(o.get(key).unwrap_or(&Value::Null), rest, new)?;
            o.set(key.clone(), inner);
            Ok(Value::Object(Rc::new(o)))
        }
        (Value::Array(_) | Value::Null, Value::Number(n)) => {
            let mut a = if let Value::Array(a) = v { a.to_vec() } else { Vec::new() };
            let n = if *n < 0.0 { n + a.len() as f64 } else { *n };
            if n < 0.0 {
                return fail("Out of bounds negative array index");
            }
            if n > 1e6 {
                return fail("Array index too large");
            }
            let n = n as usize;
            if a.len() <= n {
                a.resize(n + 1, Value::Null);
            }
            if let Some(slot) = a.get_mut(n) {
                *slot = set_path(slot, rest, new)?;
            }
            Ok(Value::array(a))
        }
        (Value::Array(_) | Value::Null, Value::Object(range)) => {
            let mut a = if let Value::Array(a) = v { a.to_vec() } else { Vec::new() };
            let (from, to) = bounds(range, a.len())?;
            let old = Value::array(a.get(from..to).unwrap_or(&[]).to_vec());
            match set_path(&old, rest, new)? {
                Value::Array(items) => {
                    a.splice(from..to, items.iter().cloned());
                    Ok(Value::array(a))
                }
                _ => fail("A slice of an array can only be assigned another array"),
            }
        }
        (v, Value::Text(k)) => fail(format!("Cannot index {} with \"{k}\"", v.kind())),
        (v, k) => fail(format!("Cannot update field at {} index of {}", k.kind(), v.kind())),
    }
}

/// The value without what lies at some paths.
pub(super) fn delete(v: &Value, paths: &[Value]) -> Result<Value, Stop> {
    let mut sorted: Vec<&Value> = paths.iter().collect();
    // Last ones first: places before stay what they are.
    sorted.sort_by(|a, b| b.compare(a));
    let mut v = v.clone();
    for p in sorted {
        let Value::Array(p) = p else { return fail("Path must be specified as an array") };
        v = delete_one(&v, p)?;
    }
    Ok(v)
}

fn delete_one(v: &Value, path: &[Value]) -> Result<Value, Stop> {
    let Some((k, rest)) = path.split_first() else { return Ok(Value::Null) };
    if matches!(v, Value::Null) {
        return Ok(Value::Null);
    }
    if path.len() > LONG {
        return fail("Path too deep");
    }
    if !rest.is_empty() {
        let inner = get(v, k)?;
        if matches!(inner, Value::Null) {
            return Ok(v.clone());
        }
        return set_path(v, std::slice::from_ref(k), delete_one(&inner, rest)?);
    }
    match (v, k) {
        (Value::Object(o), Value::Text(key)) => {
            let mut o = o.as_ref().clone();
            o.remove(key);
            Ok(Value::Object(Rc::new(o)))
        }
        (Value::Array(a), Value::Number(n)) => {
            let n = if *n < 0.0 { n + a.len() as f64 } else { *n };
            let mut a = a.to_vec();
            if n >= 0.0 && (n as usize) < a.len() {
                a.remove(n as usize);
            }
            Ok(Value::array(a))
        }
        (Value::Array(a), Value::Object(range)) => {
            let (from, to) = bounds(range, a.len())?;
            let mut a = a.to_vec();
            a.drain(from..to);
            Ok(Value::array(a))
        }
        (v, Value::Text(k)) => fail(format!("Cannot delete field \"{k}\" of {}", v.kind())),
        (v, k) => fail(format!("Cannot delete field at {} index of {}", k.kind(), v.kind())),
    }
}

/// The paths that a filter names.
pub(super) fn of(jq: &Jq, f: &Ast, env: &Env, v: &Value) -> Result<Vec<Rc<Vec<Value>>>, Stop> {
    let mut all = Vec::new();
    let start = Item { value: v.clone(), path: Some(Rc::new(Vec::new())) };
    jq.eval(f, env, start, &mut |i| match i.path {
        Some(p) => {
            all.push(p);
            Ok(())
        }
        None => fail(format!("Invalid path expression with result {}", i.value.brief())),
    })?;
    Ok(all)
}

/// `|=`.
pub(super) fn update(jq: &Jq, f: &Ast, by: &Ast, env: &Env, v: &Value) -> Result<Value, Stop> {
    let mut v = v.clone();
    let mut gone = Vec::new();
    for p in of(jq, f, env, &v)? {
        let old = get_path(&v, &p)?;
        let mut new = None;
        let id = jq.label();
        match jq.eval(by, env, Item::of(old), &mut |i| {
            new = Some(i.value);
            Err(Stop::Break(id))
        }) {
            Err(Stop::Break(n)) if n == id => {}
            r => r?,
        }
        match new {
            Some(n) => v = set_path(&v, &p, n)?,
            None => gone.push(Value::array(p.to_vec())),
        }
    }
    delete(&v, &gone)
}

/// All assignments.
pub(super) fn assign(jq: &Jq, op: &str, a: &Ast, b: &Ast, env: &Env, item: &Item, out: Out) -> Step {
    if op == "|=" {
        return out(Item::of(update(jq, a, b, env, &item.value)?));
    }
    for value in jq.values(b, env, item)? {
        let mut v = item.value.clone();
        for p in of(jq, a, env, &item.value)? {
            let new = match op {
                "=" => value.clone(),
                "//=" => {
                    let old = get_path(&v, &p)?;
                    if old.truth() { old } else { value.clone() }
                }
                op => super::arith::binary(&op[..op.len() - 1], &get_path(&v, &p)?, &value)?,
            };
            v = set_path(&v, &p, new)?;
        }
        out(Item::of(v))?;
    }
    Ok(())
}
