//! Functions that the language brings and that are not written in itself (`prelude.jq`).

use std::rc::Rc;

use super::eval::{Env, Item, Jq, Out, Step, Stop, fail, get};
use super::parse::Ast;
use super::read::Reader;
use super::value::{Object, Value};
use super::{arith, format, paths};
use crate::regex::{Kind, compile};

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

/// The time of "broken down" numbers or of seconds.
fn seconds(v: &Value) -> Result<f64, Stop> {
    match v {
        Value::Number(n) => Ok(*n),
        Value::Array(a) => {
            let n: Vec<f64> = a.iter().filter_map(|v| if let Value::Number(n) = v { Some(*n) } else { None }).collect();
            let [y, mo, d, h, mi, s, ..] = n.as_slice() else { return fail("mktime requires array of 6 numbers") };
            let days = crate::cli::time::days(*y as i64, (*mo as u32 + 1).min(12), *d as u32);
            Ok(days as f64 * 86400.0 + h * 3600.0 + mi * 60.0 + s)
        }
        v => fail(format!("{} ({}) cannot be taken for a time", v.kind(), v.brief())),
    }
}

fn broken(t: f64) -> Value {
    let c = crate::cli::time::civil(t.floor() as i64);
    let numbers = [
        c.year as f64,
        f64::from(c.month) - 1.0,
        f64::from(c.day),
        f64::from(c.hour),
        f64::from(c.minute),
        f64::from(c.second) + (t - t.floor()),
        f64::from(c.weekday),
        f64::from(c.yearday),
    ];
    Value::array(numbers.map(Value::Number).to_vec())
}

/// `strptime`: what a format reads; `None` where it doesn't fit.
fn scan(text: &str, pattern: &str) -> Option<f64> {
    let (mut y, mut mo, mut d, mut h, mut mi, mut s, mut off) = (1970i64, 1u32, 1u32, 0i64, 0i64, 0i64, 0i64);
    let mut rest = text;
    let mut p = pattern.chars();
    while let Some(c) = p.next() {
        if c.is_whitespace() {
            rest = rest.trim_start();
            continue;
        }
        if c != '%' {
            rest = rest.strip_prefix(c)?;
            continue;
        }
        let kind = p.next()?;
        let number = |rest: &mut &str, most: usize| -> Option<i64> {
            *rest = rest.trim_start();
            let n = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
            let v = rest.get(..n)?.parse().ok()?;
            *rest = &rest[n..];
            Some(v)
        };
        let name = |rest: &mut &str, names: &[&str]| -> Option<i64> {
            for (i, n) in names.iter().enumerate() {
                for w in [*n, &n[..3]] {
                    if rest.get(..w.len()).is_some_and(|r| r.eq_ignore_ascii_case(w)) {
                        *rest = &rest[w.len()..];
                        return Some(i as i64);
                    }
                }
            }
            None
        };
        match kind {
            'Y' => y = number(&mut rest, 4)?,
            'm' => mo = number(&mut rest, 2)? as u32,
            'd' | 'e' => d = number(&mut rest, 2)? as u32,
            'H' => h = number(&mut rest, 2)?,
            'M' => mi = number(&mut rest, 2)?,
            'S' => s = number(&mut rest, 2)?,
            'j' => d = number(&mut rest, 3)? as u32,
            'T' => {
                h = number(&mut rest, 2)?;
                rest = rest.strip_prefix(':')?;
                mi = number(&mut rest, 2)?;
                rest = rest.strip_prefix(':')?;
                s = number(&mut rest, 2)?;
            }
            'F' => {
                y = number(&mut rest, 4)?;
                rest = rest.strip_prefix('-')?;
                mo = number(&mut rest, 2)? as u32;
                rest = rest.strip_prefix('-')?;
                d = number(&mut rest, 2)? as u32;
            }
            'b' | 'B' | 'h' => mo = name(&mut rest, &crate::cli::time::MONTHS)? as u32 + 1,
            'a' | 'A' => {
                name(&mut rest, &crate::cli::time::DAYS)?;
            }
            's' => return number(&mut rest, 20).map(|n| n as f64),
            'Z' => {
                let n = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
                rest = &rest[n..];
            }
            'z' => {
                if let Some(r) = rest.strip_prefix('Z') {
                    rest = r;
                } else {
                    let sign = if rest.starts_with('-') { -1 } else { 1 };
                    rest = rest.strip_prefix(['+', '-'])?;
                    let hours = number(&mut rest, 2)?;
                    rest = rest.strip_prefix(':').unwrap_or(rest);
                    off = sign * (hours * 3600 + number(&mut rest, 2)? * 60);
                }
            }
            '%' => rest = rest.strip_prefix('%')?,
            _ => return None,
        }
    }
    if !rest.is_empty() || !(1..=12).contains(&mo) {
        return None;
    }
    Some((crate::cli::time::days(y, mo, d) * 86_400 + h * 3600 + mi * 60 + s - off) as f64)
}

fn matches(v: &Value, re: &Value, flags: &Value, test: bool) -> Result<Value, Stop> {
    let text = match v {
        Value::Text(t) => t.clone(),
        v => return fail(format!("{} ({}) cannot be matched, as it is not a string", v.kind(), v.brief())),
    };
    let (re, flags) = match re {
        Value::Array(a) => {
            let flags = a.get(1).cloned().unwrap_or(Value::Null);
            (a.first().cloned().unwrap_or(Value::Null), flags)
        }
        re => (re.clone(), flags.clone()),
    };
    let Value::Text(re) = re else {
        return fail(format!("{} ({}) cannot be matched, as it is not a string", re.kind(), re.brief()));
    };
    let flags = match flags {
        Value::Null => "".into(),
        Value::Text(t) => t,
        f => return fail(format!("{} ({}) is not a string", f.kind(), f.brief())),
    };
    if let Some(bad) = flags.chars().find(|c| !"gimnpslx".contains(*c)) {
        return fail(format!("{flags} is not a valid modifier string ({bad})"));
    }
    let mut pattern = String::new();
    for (flag, inner) in [('x', 'x'), ('s', 's'), ('p', 's')] {
        if flags.contains(flag) {
            pattern.push_str(&format!("(?{inner})"));
        }
    }
    pattern.push_str(&re);
    let Ok(r) = compile(&pattern, Kind::Perl, flags.contains('i')) else {
        return fail(format!("{re} (at offset 0) is not a valid regex"));
    };
    if test {
        return Ok(Value::Bool(r.is_match(&text)));
    }
    let names = r.names();
    let offset = |b: usize| Value::Number(text[..b].chars().count() as f64);
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(g) = r.captures_at(&text, at) {
        let Some((s, e)) = g.first().copied().flatten() else { break };
        let part = |a: usize, b: usize| {
            vec![
                ("offset", offset(a)),
                ("length", Value::Number(text[a..b].chars().count() as f64)),
                ("string", Value::text(&text[a..b])),
            ]
        };
        let captures = g.iter().skip(1).enumerate().map(|(i, c)| {
            let mut p = match c {
                Some((a, b)) => part(*a, *b),
                None => {
                    vec![("offset", Value::Number(-1.0)), ("length", Value::Number(0.0)), ("string", Value::Null)]
                }
            };
            let name = names.get(i + 1).cloned().flatten();
            p.push(("name", name.map_or(Value::Null, Value::text)));
            Value::object(p)
        });
        let captures = Value::array(captures.collect());
        let mut m = part(s, e);
        m.push(("captures", captures));
        if !(flags.contains('n') && s == e) {
            all.push(Value::object(m));
        }
        if !flags.contains('g') {
            break;
        }
        at = if e > s {
            e
        } else {
            match text[e..].chars().next() {
                Some(c) => e + c.len_utf8(),
                None => break,
            }
        };
    }
    Ok(Value::array(all))
}

#[allow(clippy::too_many_lines, reason = "one arm a function")]
fn plain(jq: &Jq, name: &str, v: &Value, args: &[Value]) -> Result<Value, Stop> {
    let null = Value::Null;
    let a = args.first().unwrap_or(&null);
    let b = args.get(1).unwrap_or(&null);
    let math = |f: fn(f64) -> f64| Ok(Value::Number(f(number(v, "")?)));
    let math2 = |f: fn(f64, f64) -> f64| Ok(Value::Number(f(number(a, "")?, number(b, "")?)));
    match name {
        "length" => Ok(Value::Number(match v {
            Value::Null => 0.0,
            Value::Bool(_) => return fail(format!("boolean ({}) has no length", v.brief())),
            Value::Number(n) => n.abs(),
            Value::Text(t) => t.chars().count() as f64,
            Value::Array(a) => a.len() as f64,
            Value::Object(o) => o.len() as f64,
        })),
        "utf8bytelength" => match v {
            Value::Text(t) => Ok(Value::Number(t.len() as f64)),
            v => fail(format!("{} ({}) only strings have UTF-8 byte length", v.kind(), v.brief())),
        },
        "keys" => Ok(Value::array(keys(v, true)?)),
        "keys_unsorted" => Ok(Value::array(keys(v, false)?)),
        "has" => match (v, a) {
            (Value::Object(o), Value::Text(k)) => Ok(Value::Bool(o.get(k).is_some())),
            (Value::Array(x), Value::Number(n)) => Ok(Value::Bool(*n >= 0.0 && (*n as usize) < x.len())),
            (v, k) => fail(format!("Cannot check whether {} has a {} key", v.kind(), k.kind())),
        },
        "contains" => contains(v, a, 0).map(Value::Bool),
        "delpaths" => paths::delete(v, array(a, "Paths must be specified as an array")?),
        "setpath" => paths::set_path(v, array(a, "Path must be specified as an array")?, b.clone()),
        "type" => Ok(Value::text(v.kind())),
        "tostring" => Ok(match v {
            Value::Text(_) => v.clone(),
            v => Value::text(v.show()),
        }),
        "tonumber" => match v {
            Value::Number(_) => Ok(v.clone()),
            Value::Text(t) => match t.trim().parse::<f64>() {
                Ok(n) if t.contains(|c: char| c.is_ascii_digit()) => Ok(Value::Number(n)),
                _ => fail(format!("Cannot use {} ({}) as number", v.kind(), v.brief())),
            },
            v => fail(format!("{} ({}) cannot be parsed as a number", v.kind(), v.brief())),
        },
        "tojson" => Ok(Value::text(v.show())),
        "fromjson" => {
            let t = string(v, "only strings can be parsed")?;
            let mut r = Reader::new(&t);
            match r.next() {
                Ok(Some(value)) => match r.next() {
                    Ok(None) => Ok(value),
                    _ => fail(format!("Unexpected extra JSON values (while parsing '{t}')")),
                },
                Ok(None) => Ok(Value::Null),
                Err(e) => fail(format!("{e} (while parsing '{t}')")),
            }
        }
        "ascii_downcase" => Ok(Value::text(string(v, "ascii_downcase input must be a string")?.to_ascii_lowercase())),
        "ascii_upcase" => Ok(Value::text(string(v, "ascii_upcase input must be a string")?.to_ascii_uppercase())),
        "explode" => {
            let t = string(v, "cannot be exploded")?;
            Ok(Value::array(t.chars().map(|c| Value::Number(f64::from(c as u32))).collect()))
        }
        "implode" => {
            let mut t = String::new();
            for c in match v {
                Value::Array(a) => a.iter(),
                _ => return fail("implode input must be an array"),
            } {
                let Value::Number(n) = c else { return fail("Unicode codepoint must be numeric") };
                t.push(char::from_u32(*n as u32).unwrap_or('\u{fffd}'));
            }
            Ok(Value::text(t))
        }
        "ltrimstr" | "rtrimstr" | "trimstr" => Ok(match (v, a) {
            (Value::Text(t), Value::Text(p)) => {
                let mut t: &str = t;
                if name != "rtrimstr" {
                    t = t.strip_prefix(&**p).unwrap_or(t);
                }
                if name != "ltrimstr" {
                    t = t.strip_suffix(&**p).unwrap_or(t);
                }
                Value::text(t)
            }
            _ => v.clone(),
        }),
        "trim" => Ok(Value::text(string(v, "cannot be trimmed")?.trim())),
        "ltrim" => Ok(Value::text(string(v, "cannot be trimmed")?.trim_start())),
        "rtrim" => Ok(Value::text(string(v, "cannot be trimmed")?.trim_end())),
        "startswith" | "endswith" => match (v, a) {
            (Value::Text(t), Value::Text(p)) => {
                Ok(Value::Bool(if name == "startswith" { t.starts_with(&**p) } else { t.ends_with(&**p) }))
            }
            _ => fail(format!("{name}() requires string inputs")),
        },
        "split" => match (v, a) {
            (Value::Text(t), Value::Text(by)) => Ok(arith::split(t, by)),
            _ => fail("split input and separator must be strings"),
        },
        "indices" => match (v, a) {
            (Value::Null, _) => Ok(Value::Null),
            (Value::Text(t), Value::Text(p)) if !p.is_empty() => {
                let at = t.char_indices().filter(|(i, _)| t[*i..].starts_with(&**p));
                Ok(Value::array(at.map(|(i, _)| Value::Number(t[..i].chars().count() as f64)).collect()))
            }
            (Value::Array(x), Value::Array(y)) => Ok(arith::indices(x, y)),
            (Value::Array(x), y) => Ok(arith::indices(x, std::slice::from_ref(y))),
            (v, a) => get(v, a),
        },
        "flatten" => {
            let depth = number(a, "")?;
            if depth < 0.0 {
                return fail("flatten depth must not be negative");
            }
            let mut all = Vec::new();
            let Value::Array(items) = v else {
                return fail(format!("Cannot iterate over {} ({})", v.kind(), v.brief()));
            };
            for x in items.iter() {
                flat(x, depth - 1.0, &mut all);
            }
            Ok(Value::array(all))
        }
        "floor" => math(f64::floor),
        "ceil" => math(f64::ceil),
        "round" => math(f64::round),
        "trunc" => math(f64::trunc),
        "sqrt" => math(f64::sqrt),
        "fabs" => math(f64::abs),
        "exp" => math(libm::exp),
        "exp2" => math(libm::exp2),
        "exp10" => math(libm::exp10),
        "log" => math(libm::log),
        "log2" => math(libm::log2),
        "log10" => math(libm::log10),
        "sin" => math(libm::sin),
        "cos" => math(libm::cos),
        "tan" => math(libm::tan),
        "asin" => math(libm::asin),
        "acos" => math(libm::acos),
        "atan" => math(libm::atan),
        "cbrt" => math(libm::cbrt),
        "gamma" => math(libm::lgamma),
        "logb" => math(|n| f64::from(libm::ilogb(n))),
        "pow" => math2(libm::pow),
        "fmod" => math2(libm::fmod),
        "atan2" => math2(libm::atan2),
        "ldexp" => math2(|x, n| libm::ldexp(x, n as i32)),
        "infinite" => Ok(Value::Number(f64::INFINITY)),
        "nan" => Ok(Value::Number(f64::NAN)),
        "isinfinite" => Ok(Value::Bool(number(v, "")?.is_infinite())),
        "isnan" => Ok(Value::Bool(number(v, "")?.is_nan())),
        "isnormal" => Ok(Value::Bool(number(v, "")?.is_normal())),
        "sort" => {
            let mut all = array(v, "cannot be sorted, as it is not an array")?.to_vec();
            all.sort_by(Value::compare);
            Ok(Value::array(all))
        }
        "_sort_by" => {
            let mut all = ranked(v, a)?;
            all.sort_by(|x, y| x.0.compare(&y.0));
            Ok(Value::array(all.into_iter().map(|(_, v)| v).collect()))
        }
        "_group_by" => {
            let mut all = ranked(v, a)?;
            all.sort_by(|x, y| x.0.compare(&y.0));
            let mut groups: Vec<Value> = Vec::new();
            for group in all.chunk_by(|x, y| x.0.compare(&y.0).is_eq()) {
                groups.push(Value::array(group.iter().map(|(_, v)| v.clone()).collect()));
            }
            Ok(Value::array(groups))
        }
        "_min_by" => Ok(ranked(v, a)?.into_iter().min_by(|x, y| x.0.compare(&y.0)).map_or(Value::Null, |(_, v)| v)),
        "_max_by" => Ok(ranked(v, a)?.into_iter().max_by(|x, y| x.0.compare(&y.0)).map_or(Value::Null, |(_, v)| v)),
        "reverse" => match v {
            Value::Text(t) => Ok(Value::text(t.chars().rev().collect::<String>())),
            Value::Null => Ok(Value::array(Vec::new())),
            v => {
                Ok(Value::array(array(v, "cannot be reversed, as it is not an array")?.iter().rev().cloned().collect()))
            }
        },
        "transpose" => {
            let Value::Array(rows) = v else {
                return fail(format!("Cannot iterate over {} ({})", v.kind(), v.brief()));
            };
            let width = rows.iter().map(|r| if let Value::Array(a) = r { a.len() } else { 0 }).max().unwrap_or(0);
            let mut all = Vec::new();
            for i in 0..width {
                let column: Result<Vec<Value>, Stop> = rows.iter().map(|r| get(r, &Value::Number(i as f64))).collect();
                all.push(Value::array(column?));
            }
            Ok(Value::array(all))
        }
        "now" => Ok(Value::Number(jq.now)),
        "mktime" if !matches!(v, Value::Array(_)) => fail("mktime requires array inputs"),
        "mktime" => seconds(v).map(|n| Value::Number(n.floor())),
        "gmtime" | "localtime" if !matches!(v, Value::Number(_)) => fail(format!("{name}() requires a number")),
        "gmtime" => Ok(broken(number(v, "")?)),
        "localtime" => {
            let t = number(v, "")?;
            Ok(broken(t + jq.zone.at(t.floor() as i64).0 as f64))
        }
        "strflocaltime" => {
            let f = string(a, "strflocaltime/1 requires a string format")?;
            let at = seconds(v)?.floor() as i64;
            // A time that is taken apart is one of the zone's clock.
            let at = if matches!(v, Value::Array(_)) { jq.zone.universal(at) } else { at };
            Ok(Value::text(jq.zone.format(&f, at, 0)))
        }
        "strftime" => {
            let f = string(a, "strftime/1 requires a string format")?;
            Ok(Value::text(crate::cli::time::format(&f, seconds(v)?.floor() as i64, 0)))
        }
        "strptime" => {
            let (Value::Text(t), Value::Text(f)) = (v, a) else {
                return fail("strptime/1 requires string inputs and arguments");
            };
            match scan(t, f) {
                Some(n) => Ok(broken(n)),
                None => fail(format!("date \"{t}\" does not match format \"{f}\"")),
            }
        }
        "input_filename" => Ok(Value::Null),
        "builtins" => Ok(Value::array(NAMES.iter().map(|(n, k)| Value::text(format!("{n}/{k}"))).collect())),
        "_match" => matches(v, a, b, args.get(2).is_some_and(Value::truth)),
        "_join_subs" => {
            // Texts between matches and what takes the matches' places.
            let t = string(a, "cannot be matched")?;
            let chars: Vec<char> = t.chars().collect();
            let (ms, with) = (array(b, "")?, array(args.get(2).unwrap_or(&null), "")?);
            let mut out = String::new();
            let mut at = 0;
            for (m, w) in ms.iter().zip(with) {
                let n =
                    |k: &str| get(m, &Value::text(k)).map(|v| if let Value::Number(n) = v { n as usize } else { 0 });
                let (from, len) = (n("offset")?, n("length")?);
                out.extend(chars.get(at..from).unwrap_or(&[]));
                out.push_str(&format::text(w));
                at = from + len;
            }
            out.extend(chars.get(at..).unwrap_or(&[]));
            Ok(Value::text(out))
        }
        _ => fail(format!("{name}/{} is not defined", args.len())),
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
