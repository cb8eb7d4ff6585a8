//! Functions that the language brings and that are not written in itself (`prelude.jq`).

mod matches;
mod plain;
mod time;

use std::rc::Rc;

use super::ast::Ast;
use super::eval::{Env, Item, Jq, Out, Step, Stop, fail};
use super::paths;
use super::value::{Object, Value};
use plain::plain;

/// Names with their numbers of arguments.
pub(super) const NAMES: &[(&str, usize)] = &[
    ("empty", 0),
    ("error", 0),
    ("not", 0),
    ("length", 0),
    ("utf8bytelength", 0),
    ("keys", 0),
    ("keys_unsorted", 0),
    ("has", 1),
    ("contains", 1),
    ("path", 1),
    ("delpaths", 1),
    ("getpath", 1),
    ("setpath", 2),
    ("type", 0),
    ("tostring", 0),
    ("tonumber", 0),
    ("tojson", 0),
    ("fromjson", 0),
    ("ascii_downcase", 0),
    ("ascii_upcase", 0),
    ("explode", 0),
    ("implode", 0),
    ("ltrimstr", 1),
    ("rtrimstr", 1),
    ("trimstr", 1),
    ("trim", 0),
    ("ltrim", 0),
    ("rtrim", 0),
    ("startswith", 1),
    ("endswith", 1),
    ("split", 1),
    ("indices", 1),
    ("flatten", 1),
    ("range", 2),
    ("floor", 0),
    ("ceil", 0),
    ("round", 0),
    ("trunc", 0),
    ("sqrt", 0),
    ("fabs", 0),
    ("exp", 0),
    ("exp2", 0),
    ("exp10", 0),
    ("log", 0),
    ("log2", 0),
    ("log10", 0),
    ("sin", 0),
    ("cos", 0),
    ("tan", 0),
    ("asin", 0),
    ("acos", 0),
    ("atan", 0),
    ("cbrt", 0),
    ("logb", 0),
    ("pow", 2),
    ("fmod", 2),
    ("atan2", 2),
    ("ldexp", 2),
    ("infinite", 0),
    ("nan", 0),
    ("isinfinite", 0),
    ("isnan", 0),
    ("isnormal", 0),
    ("sort", 0),
    ("_sort_by", 1),
    ("_group_by", 1),
    ("_min_by", 1),
    ("_max_by", 1),
    ("reverse", 0),
    ("transpose", 0),
    ("first", 1),
    ("last", 1),
    ("_limit", 2),
    ("until", 2),
    ("while", 2),
    ("repeat", 1),
    ("recurse", 1),
    ("recurse", 2),
    ("isempty", 1),
    ("now", 0),
    ("mktime", 0),
    ("gmtime", 0),
    ("localtime", 0),
    ("strftime", 1),
    ("strflocaltime", 1),
    ("strptime", 1),
    ("input", 0),
    ("_inputs", 0),
    ("debug", 1),
    ("stderr", 0),
    ("input_filename", 0),
    ("halt", 0),
    ("halt_error", 1),
    ("_match", 3),
    ("_join_subs", 3),
    ("builtins", 0),
    ("gamma", 0),
];

fn number(v: &Value, what: &str) -> Result<f64, Stop> {
    match v {
        Value::Number(n) => Ok(*n),
        v => fail(format!("{} ({}) number required{what}", v.kind(), v.brief())),
    }
}

fn string(v: &Value, what: &str) -> Result<Rc<str>, Stop> {
    match v {
        Value::Text(t) => Ok(t.clone()),
        v => fail(format!("{} ({}) {what}", v.kind(), v.brief())),
    }
}

/// `recurse(f)` and `recurse(f; cond)`, without nesting.
pub(super) fn recurse(jq: &Jq, f: &Ast, cond: Option<&Ast>, env: &Env, item: Item, out: Out) -> Step {
    let mut todo = vec![item];
    while let Some(i) = todo.pop() {
        out(i.clone())?;
        let mut next = jq.all(f, env, &i)?;
        if let Some(c) = cond {
            let mut kept = Vec::new();
            for n in next {
                if jq.values(c, env, &n)?.iter().any(Value::truth) {
                    kept.push(n);
                }
            }
            next = kept;
        }
        if todo.len() + next.len() > 1 << 20 {
            return fail("too many values");
        }
        todo.extend(next.into_iter().rev());
    }
    Ok(())
}

/// Calls one.
pub(super) fn call(jq: &Jq, name: &str, args: &[Rc<Ast>], env: &Env, item: Item, out: Out) -> Step {
    match (name, args) {
        ("empty", []) => Ok(()),
        ("error", []) => Err(Stop::Error(item.value)),
        ("not", []) => out(Item::of(Value::Bool(!item.value.truth()))),
        ("path", [f]) => {
            for p in paths::of(jq, f, env, &item.value)? {
                out(Item::of(Value::array(p.to_vec())))?;
            }
            Ok(())
        }
        ("first", [f]) | ("isempty", [f]) => {
            let id = jq.label();
            let mut found = None;
            match jq.eval(f, env, item, &mut |i| {
                found = Some(i);
                Err(Stop::Break(id))
            }) {
                Err(Stop::Break(n)) if n == id => {}
                r => r?,
            }
            match (name, found) {
                ("isempty", f) => out(Item::of(Value::Bool(f.is_none()))),
                (_, Some(i)) => out(i),
                _ => Ok(()),
            }
        }
        ("last", [f]) => match jq.all(f, env, &item)?.pop() {
            Some(i) => out(i),
            None => Ok(()),
        },
        ("_limit", [n, f]) => {
            for n in jq.values(n, env, &item)? {
                let most = number(&n, "")?;
                let id = jq.label();
                let mut count = 0.0;
                match jq.eval(f, env, item.clone(), &mut |i| {
                    count += 1.0;
                    out(i)?;
                    if count >= most { Err(Stop::Break(id)) } else { Ok(()) }
                }) {
                    Err(Stop::Break(n)) if n == id => {}
                    r => r?,
                }
            }
            Ok(())
        }
        ("recurse", [f]) => recurse(jq, f, None, env, item, out),
        ("recurse", [f, c]) => recurse(jq, f, Some(c), env, item, out),
        ("repeat", [f]) => recurse(jq, f, None, env, item, out),
        ("until" | "while", [cond, update]) => {
            let mut todo = vec![item];
            while let Some(i) = todo.pop() {
                let holds = jq.values(cond, env, &i)?.iter().any(Value::truth);
                match (name, holds) {
                    ("until", true) => {
                        out(i)?;
                        continue;
                    }
                    ("while", false) => continue,
                    ("while", true) => out(i.clone())?,
                    _ => {}
                }
                todo.extend(jq.all(update, env, &i)?.into_iter().rev());
            }
            Ok(())
        }
        ("getpath", [p]) => {
            for p in jq.values(p, env, &item)? {
                let Value::Array(keys) = &p else { return fail("Path must be specified as an array") };
                let v = paths::get_path(&item.value, keys)?;
                let path = item.path.as_ref().map(|own| Rc::new(own.iter().chain(keys.iter()).cloned().collect()));
                out(Item { value: v, path })?;
            }
            Ok(())
        }
        ("range", [a, b]) => {
            let (from, to) = (jq.values(a, env, &item)?, jq.values(b, env, &item)?);
            for a in &from {
                for b in &to {
                    let (Value::Number(a), Value::Number(b)) = (a, b) else {
                        return fail("Range bounds must be numeric");
                    };
                    let mut n = *a;
                    while n < *b {
                        jq.steps.set(jq.steps.get() + 1);
                        // What a page's memory holds, were they all kept.
                        if n - a > 5e6 {
                            return fail("cannot allocate memory");
                        }
                        out(Item::of(Value::Number(n)))?;
                        n += 1.0;
                    }
                }
            }
            Ok(())
        }
        ("input" | "_inputs", []) => loop {
            let next = jq.inputs.borrow_mut().pop_front();
            match next {
                Some(Ok(v)) => out(Item::of(v))?,
                Some(Err(e)) => return fail(e),
                None if name == "input" => return fail("No more inputs"),
                None => return Ok(()),
            }
            if name == "input" {
                return Ok(());
            }
        },
        ("debug", [message]) => {
            for m in jq.values(message, env, &item)? {
                let text = Value::array(vec![Value::text("DEBUG:"), m]).show();
                jq.said.borrow_mut().push_str(&format!("{text}\n"));
            }
            out(item)
        }
        ("stderr", []) => {
            jq.said.borrow_mut().push_str(&item.value.show());
            out(item)
        }
        ("halt", []) => Err(Stop::Halt(0)),
        ("halt_error", [code]) => {
            let codes = jq.values(code, env, &item)?;
            if let Some(c) = codes.first() {
                let text = match &item.value {
                    Value::Text(t) => t.to_string(),
                    v => format!("{}\n", v.show()),
                };
                jq.said.borrow_mut().push_str(&text);
                return Err(Stop::Halt(number(c, "")? as i32 & 0xff));
            }
            Ok(())
        }
        _ => {
            // The rest takes values: each combination of the arguments' ones.
            let mut all: Vec<Vec<Value>> = vec![Vec::new()];
            for a in args.iter().rev() {
                let values = jq.values(a, env, &item)?;
                let mut next = Vec::new();
                for rest in &all {
                    for v in &values {
                        let mut row = vec![v.clone()];
                        row.extend(rest.iter().cloned());
                        next.push(row);
                    }
                }
                all = next;
            }
            for row in all {
                out(Item::of(plain(jq, name, &item.value, &row)?))?;
            }
            Ok(())
        }
    }
}

fn keys(v: &Value, sorted: bool) -> Result<Vec<Value>, Stop> {
    match v {
        Value::Object(o) if sorted => Ok(o.sorted().map(|(k, _)| Value::Text(k.clone())).collect()),
        Value::Object(o) => Ok(o.ordered().into_iter().map(|(k, _)| Value::Text(k.clone())).collect()),
        Value::Array(a) => Ok((0..a.len()).map(|n| Value::Number(n as f64)).collect()),
        v => fail(format!("{} ({}) has no keys", v.kind(), v.brief())),
    }
}

fn contains(a: &Value, b: &Value, depth: usize) -> Result<bool, Stop> {
    if depth > 200 {
        return fail("values nested too deeply");
    }
    Ok(match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            for (k, v) in y.sorted() {
                let fits = match x.get(k) {
                    Some(w) => contains(w, v, depth + 1)?,
                    None => false,
                };
                if !fits {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Array(x), Value::Array(y)) => {
            for v in y.iter() {
                let mut any = false;
                for w in x.iter() {
                    if w.kind() == v.kind() && contains(w, v, depth + 1)? {
                        any = true;
                        break;
                    }
                }
                if !any {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Text(x), Value::Text(y)) => x.contains(&**y),
        (a, b) if a.kind() == b.kind() => a.compare(b).is_eq(),
        (a, b) => {
            return fail(format!(
                "{} ({}) and {} ({}) cannot have their containment checked",
                a.kind(),
                a.brief(),
                b.kind(),
                b.brief()
            ));
        }
    })
}

fn array<'a>(v: &'a Value, what: &str) -> Result<&'a [Value], Stop> {
    match v {
        Value::Array(a) => Ok(a),
        v => fail(format!("{} ({}) {what}", v.kind(), v.brief())),
    }
}

/// Elements beside what they are ordered by.
fn ranked(v: &Value, by: &Value) -> Result<Vec<(Value, Value)>, Stop> {
    let items = array(v, "cannot be sorted, as it is not an array")?;
    let by = array(by, "cannot be sorted, as it is not an array")?;
    Ok(by.iter().cloned().zip(items.iter().cloned()).collect())
}

fn flat(v: &Value, depth: f64, out: &mut Vec<Value>) {
    match v {
        Value::Array(a) if depth >= 0.0 => a.iter().for_each(|x| flat(x, depth - 1.0, out)),
        v => out.push(v.clone()),
    }
}

/// The environment as an object.
pub(super) fn environment(env: &[(String, String)]) -> Value {
    let mut o = Object::default();
    for (k, v) in env {
        o.set(k.as_str().into(), Value::text(v.as_str()));
    }
    Value::Object(Rc::new(o))
}
