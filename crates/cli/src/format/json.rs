//! JSON as Go's `encoding/json` writes it.

use super::value::Value;

/// A number as Go writes floats.
pub fn number(n: f64) -> String {
    if n == n.trunc() && n.abs() < 1e15 { format!("{}", n as i64) } else { format!("{n}") }
}

/// A text in quotes; `html` escapes `<`, `>` and `&` too, as `json.Marshal` does.
pub fn text(s: &str, html: bool) -> String {
    let mut out = String::from("\"");
    for c in s.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' if html => out.push_str(&format!("\\u{:04x}", c as u32)),
            '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// On one line.
pub fn compact(v: &Value) -> String {
    let mut out = String::new();
    write(&mut out, v, None, 0, false);
    out
}

/// The same with `<`, `>` and `&` escaped, as `json.Marshal` does.
pub fn compact_html(v: &Value) -> String {
    let mut out = String::new();
    write(&mut out, v, None, 0, true);
    out
}

/// On lines, indented by `indent`.
pub fn pretty(v: &Value, indent: &str) -> String {
    let mut out = String::new();
    write(&mut out, v, Some(indent), 0, false);
    out
}

/// The same with `<`, `>` and `&` escaped, too, as `json.Encoder` does unless it is told not to.
pub fn pretty_html(v: &Value, indent: &str) -> String {
    let mut out = String::new();
    write(&mut out, v, Some(indent), 0, true);
    out
}

fn write(out: &mut String, v: &Value, indent: Option<&str>, depth: usize, html: bool) {
    match v {
        Value::Null => out.push_str("null"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Int(n) => out.push_str(&n.to_string()),
        Value::Number(n) => out.push_str(n),
        Value::Float(n) => out.push_str(&number(*n)),
        Value::Str(s) => out.push_str(&text(s, html)),
        // `json.Marshal` refuses it; the function `json` says so.
        Value::Complex(..) => out.push_str("null"),
        Value::List(l) | Value::Strings(l) => {
            let items = l.iter().map(|v| (None, v));
            brackets(out, items, indent, depth, html, ('[', ']'));
        }
        Value::Map(m) => brackets(out, m.iter().map(|(k, v)| (Some(k.as_str()), v)), indent, depth, html, ('{', '}')),
        Value::Dict(Some(_), _) => {
            brackets(out, v.items().iter().map(|(k, v)| (Some(k.as_str()), v)), indent, depth, html, ('{', '}'));
        }
        Value::Nil | Value::NilList | Value::Dict(None, _) => out.push_str("null"),
        Value::Pointer(v) => write(out, v, indent, depth, html),
        Value::Struct(s) => write(out, &s.raw, indent, depth, html),
        Value::Time(t) => out.push_str(&text(t, html)),
        Value::Duration(n) => out.push_str(&n.to_string()),
        Value::Row(r) => brackets(out, r.fields.iter().map(|(k, v)| (Some(*k), v)), indent, depth, true, ('{', '}')),
    }
}

/// Deepest nesting that is written; serde_json reads no deeper.
const MAX_DEPTH: usize = 128;

fn brackets<'a>(
    out: &mut String,
    items: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
    indent: Option<&str>,
    depth: usize,
    html: bool,
    (open, close): (char, char),
) {
    out.push(open);
    let mut empty = true;
    let newline = |out: &mut String, depth: usize| {
        if let Some(i) = indent {
            out.push('\n');
            out.push_str(&i.repeat(depth));
        }
    };
    for (key, v) in items {
        if depth > MAX_DEPTH {
            break;
        }
        if !empty {
            out.push(',');
        }
        empty = false;
        newline(out, depth + 1);
        if let Some(k) = key {
            out.push_str(&text(k, html));
            out.push_str(if indent.is_some() { ": " } else { ":" });
        }
        write(out, v, indent, depth + 1, html);
    }
    if !empty {
        newline(out, depth);
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_indents_as_go() {
        let v = Value::from_json(br#"{"b":[1,"x>y"],"a":{},"c":[],"n":null,"f":1.5}"#).unwrap();
        assert_eq!(
            pretty(&v, "    "),
            "{\n    \"b\": [\n        1,\n        \"x>y\"\n    ],\n    \"a\": {},\n    \"c\": [],\n    \"n\": null,\n    \"f\": 1.5\n}"
        );
        assert_eq!(compact(&v), r#"{"b":[1,"x>y"],"a":{},"c":[],"n":null,"f":1.5}"#);
    }
}
