//! JSON values: read, written, compared.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Arrays within arrays.
pub(super) const DEEP: usize = 256;

/// A JSON value; parts are shared.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(Rc<str>),
    Array(Rc<Vec<Value>>),
    Object(Rc<Object>),
}

/// An object; keys keep the order of their coming.
#[derive(Clone, Debug, Default)]
pub(super) struct Object {
    map: BTreeMap<Rc<str>, (u64, Value)>,
    next: u64,
}

impl Object {
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.map.get(key).map(|(_, v)| v)
    }
    pub(super) fn is_empty(&self) -> bool {
        self.map.is_empty()
    }
    pub(super) fn set(&mut self, key: Rc<str>, value: Value) {
        if let Some(slot) = self.map.get_mut(&key) {
            slot.1 = value;
            return;
        }
        self.next += 1;
        self.map.insert(key, (self.next, value));
    }
    pub(super) fn remove(&mut self, key: &str) {
        self.map.remove(key);
    }
    pub(super) fn len(&self) -> usize {
        self.map.len()
    }
    pub(super) fn sorted(&self) -> impl Iterator<Item = (&Rc<str>, &Value)> {
        self.map.iter().map(|(k, (_, v))| (k, v))
    }
    pub(super) fn ordered(&self) -> Vec<(&Rc<str>, &Value)> {
        let mut all: Vec<_> = self.map.iter().collect();
        all.sort_by_key(|(_, (n, _))| *n);
        all.into_iter().map(|(k, (_, v))| (k, v)).collect()
    }
}

/// How text is written.
#[derive(Clone, Copy, Default)]
pub(super) struct Style {
    /// Blanks a level; none: all in one line.
    pub(super) indent: usize,
    pub(super) tabs: bool,
    pub(super) sorted: bool,
    pub(super) ascii: bool,
    pub(super) color: bool,
}

impl Value {
    pub(super) fn text(t: impl Into<Rc<str>>) -> Self {
        Self::Text(t.into())
    }
    pub(super) fn array(items: Vec<Self>) -> Self {
        Self::Array(Rc::new(items))
    }
    pub(super) fn object(pairs: Vec<(&str, Self)>) -> Self {
        let mut o = Object::default();
        for (k, v) in pairs {
            o.set(k.into(), v);
        }
        Self::Object(Rc::new(o))
    }
    pub(super) fn truth(&self) -> bool {
        !matches!(self, Self::Null | Self::Bool(false))
    }
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }
    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(false) => 1,
            Self::Bool(true) => 2,
            Self::Number(_) => 3,
            Self::Text(_) => 4,
            Self::Array(_) => 5,
            Self::Object(_) => 6,
        }
    }
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.partial_cmp(b).unwrap_or(Ordering::Less),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Array(a), Self::Array(b)) => {
                for (x, y) in a.iter().zip(b.iter()) {
                    let o = x.compare(y);
                    if o != Ordering::Equal {
                        return o;
                    }
                }
                a.len().cmp(&b.len())
            }
            (Self::Object(a), Self::Object(b)) => {
                let keys = a.sorted().map(|(k, _)| k).cmp(b.sorted().map(|(k, _)| k));
                if keys != Ordering::Equal {
                    return keys;
                }
                for ((_, x), (_, y)) in a.sorted().zip(b.sorted()) {
                    let o = x.compare(y);
                    if o != Ordering::Equal {
                        return o;
                    }
                }
                Ordering::Equal
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }

    /// In one line.
    pub(super) fn show(&self) -> String {
        let mut out = String::new();
        self.write(Style::default(), 0, &mut out);
        out
    }

    /// As messages show it: cut where it is long.
    pub(super) fn brief(&self) -> String {
        let t = self.show();
        if t.len() > 14 { format!("{}...", t.chars().take(11).collect::<String>()) } else { t }
    }

    pub(super) fn write(&self, style: Style, level: usize, out: &mut String) {
        let paint = |out: &mut String, code: &str| {
            if style.color {
                out.push_str(&format!("\x1b[{code}m"));
            }
        };
        let line = |out: &mut String, level: usize| {
            if style.tabs {
                out.push('\n');
                out.extend(std::iter::repeat_n('\t', level));
            } else if style.indent > 0 {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', level * style.indent));
            }
        };
        let pretty = style.tabs || style.indent > 0;
        match self {
            Self::Null => {
                paint(out, "0;90");
                out.push_str("null");
                paint(out, "0");
            }
            Self::Bool(b) => {
                paint(out, "0;39");
                out.push_str(if *b { "true" } else { "false" });
                paint(out, "0");
            }
            Self::Number(n) => {
                paint(out, "0;39");
                out.push_str(&number(*n));
                paint(out, "0");
            }
            Self::Text(t) => {
                paint(out, "0;32");
                quoted(t, style.ascii, out);
                paint(out, "0");
            }
            Self::Array(items) => {
                paint(out, "1;39");
                out.push('[');
                for (i, v) in items.iter().enumerate() {
                    if i > 0 {
                        paint(out, "1;39");
                        out.push(',');
                    }
                    line(out, level + 1);
                    paint(out, "0");
                    v.write(style, level + 1, out);
                }
                paint(out, "1;39");
                if !items.is_empty() {
                    line(out, level);
                }
                paint(out, "1;39");
                out.push(']');
                paint(out, "0");
            }
            Self::Object(o) => {
                paint(out, "1;39");
                out.push('{');
                let pairs: Vec<_> = if style.sorted { o.sorted().collect() } else { o.ordered() };
                for (i, (k, v)) in pairs.iter().enumerate() {
                    if i > 0 {
                        paint(out, "1;39");
                        out.push(',');
                    }
                    line(out, level + 1);
                    paint(out, "0");
                    paint(out, "34;1");
                    quoted(k, style.ascii, out);
                    paint(out, "0");
                    paint(out, "1;39");
                    out.push(':');
                    if pretty {
                        out.push(' ');
                    }
                    paint(out, "0");
                    v.write(style, level + 1, out);
                }
                paint(out, "1;39");
                if !pairs.is_empty() {
                    line(out, level);
                }
                paint(out, "1;39");
                out.push('}');
                paint(out, "0");
            }
        }
    }
}

/// A number as jq writes it.
pub(super) fn number(n: f64) -> String {
    if n.is_nan() {
        return "null".to_owned();
    }
    let n = n.clamp(-f64::MAX, f64::MAX);
    if n == n.trunc() && n.abs() < 1e17 {
        return if n == 0.0 && n.is_sign_negative() { "-0".to_owned() } else { format!("{}", n as i64) };
    }
    let e = format!("{n:e}");
    let (mantissa, exponent) = e.split_once('e').unwrap_or((&e, "0"));
    let x: i32 = exponent.parse().unwrap_or(0);
    if (-4..18).contains(&x) {
        return format!("{n}");
    }
    format!("{mantissa}e{}{:02}", if x < 0 { '-' } else { '+' }, x.abs())
}

pub(super) fn quoted(t: &str, ascii: bool, out: &mut String) {
    out.push('"');
    for c in t.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            c if (c as u32) < 0x20 || c as u32 == 0x7f => out.push_str(&format!("\\u{:04x}", c as u32)),
            c if ascii && !c.is_ascii() => {
                let mut pair = [0; 2];
                for u in c.encode_utf16(&mut pair) {
                    out.push_str(&format!("\\u{u:04x}"));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
