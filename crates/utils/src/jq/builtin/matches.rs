//! Regular expressions.

use super::super::eval::{Stop, fail};
use super::super::value::Value;
use crate::regex::{Kind, compile};

pub(super) fn matches(v: &Value, re: &Value, flags: &Value, test: bool) -> Result<Value, Stop> {
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
