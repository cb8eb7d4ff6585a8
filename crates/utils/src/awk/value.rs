//! What variables hold.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A value.
#[derive(Clone, Debug, Default)]
pub(super) enum Value {
    /// Never assigned: both `""` and 0.
    #[default]
    Nothing,
    Number(f64),
    Text(Rc<str>),
    /// From input, and it looks like a number: compares as one.
    Both(Rc<str>, f64),
    Array(Array),
}

/// An associative array; shared, as arrays are passed by reference.
pub(super) type Array = Rc<RefCell<Table>>;

/// Elements, in the order of their coming for `for (k in a)`.
#[derive(Debug, Default)]
pub(super) struct Table {
    map: BTreeMap<Rc<str>, (u64, Value)>,
    next: u64,
}

impl Table {
    /// An element; made where there was none, as awk does.
    pub(super) fn get(&mut self, key: &str) -> Value {
        if let Some((_, v)) = self.map.get(key) {
            return v.clone();
        }
        self.set(key.into(), Value::Nothing);
        Value::Nothing
    }
    pub(super) fn set(&mut self, key: Rc<str>, value: Value) {
        if let Some(slot) = self.map.get_mut(&key) {
            slot.1 = value;
        } else {
            self.next += 1;
            self.map.insert(key, (self.next, value));
        }
    }
    pub(super) fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }
    pub(super) fn remove(&mut self, key: &str) {
        self.map.remove(key);
    }
    pub(super) fn clear(&mut self) {
        self.map.clear();
    }
    pub(super) fn len(&self) -> usize {
        self.map.len()
    }
    /// Keys in the order of their coming.
    pub(super) fn keys(&self) -> Vec<Rc<str>> {
        let mut all: Vec<_> = self.map.iter().map(|(k, (n, _))| (*n, k.clone())).collect();
        all.sort_by_key(|(n, _)| *n);
        all.into_iter().map(|(_, k)| k).collect()
    }
}

impl Value {
    /// Memory that it takes, about.
    pub(super) fn held(&self) -> usize {
        match self {
            Self::Nothing | Self::Number(_) => 0,
            Self::Text(t) | Self::Both(t, _) => t.len(),
            Self::Array(a) => a.borrow().map.len() * 96,
        }
    }
    pub(super) fn text(t: impl Into<Rc<str>>) -> Self {
        Self::Text(t.into())
    }
    pub(super) fn bool(b: bool) -> Self {
        Self::Number(if b { 1.0 } else { 0.0 })
    }
    /// A text from outside: a number too, where it looks like one.
    pub(super) fn input(t: impl Into<Rc<str>>) -> Self {
        let t = t.into();
        match numeric(&t) {
            Some(n) => Self::Both(t, n),
            None => Self::Text(t),
        }
    }
    pub(super) fn number(&self) -> f64 {
        match self {
            Self::Number(n) | Self::Both(_, n) => *n,
            Self::Text(t) => leading(t).0,
            Self::Nothing | Self::Array(_) => 0.0,
        }
    }
    pub(super) fn truth(&self) -> bool {
        match self {
            Self::Number(n) | Self::Both(_, n) => *n != 0.0,
            Self::Text(t) => !t.is_empty(),
            Self::Nothing | Self::Array(_) => false,
        }
    }
    /// As text; numbers that are not whole by `format` (`CONVFMT` or `OFMT`).
    pub(super) fn show(&self, format: &str) -> Rc<str> {
        match self {
            Self::Text(t) | Self::Both(t, _) => t.clone(),
            Self::Number(n) => shown(*n, format).into(),
            Self::Nothing | Self::Array(_) => "".into(),
        }
    }
}

/// A number as text.
pub(super) fn shown(n: f64, format: &str) -> String {
    if n.is_nan() {
        return if n.is_sign_negative() { "-nan" } else { "nan" }.to_owned();
    }
    if n == n.trunc() && n.abs() < 1e16 {
        return format!("{}", n as i64);
    }
    if n == n.trunc() && n.abs() < 1e30 {
        return format!("{n:.0}");
    }
    super::format::format(format, &[Value::Number(n)], "%.6g").unwrap_or_default()
}

/// The number that a whole text is, blanks around it apart.
fn numeric(t: &str) -> Option<f64> {
    let trimmed = t.trim_matches([' ', '\t', '\n', '\r']);
    if !trimmed.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | 'f' | 'F' | 'n' | 'N')) {
        return None;
    }
    let (n, used) = leading(trimmed);
    (used == trimmed.len() && used > 0).then_some(n)
}

/// The number that a text begins with, and how many bytes it takes.
pub(super) fn leading(t: &str) -> (f64, usize) {
    let b = t.as_bytes();
    let skip = b.iter().take_while(|c| matches!(c, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)).count();
    let mut i = skip;
    if matches!(b.get(i), Some(b'+' | b'-')) {
        let word = b.get(i + 1..i + 4).map(<[u8]>::to_ascii_lowercase);
        let sign = if b.get(i) == Some(&b'-') { -1.0 } else { 1.0 };
        match word.as_deref() {
            Some(b"inf") => return (sign * f64::INFINITY, i + 4),
            Some(b"nan") => return (f64::NAN.copysign(sign), i + 4),
            _ => i += 1,
        }
    }
    let digits = |mut i: usize| {
        while b.get(i).is_some_and(u8::is_ascii_digit) {
            i += 1;
        }
        i
    };
    let from = i;
    i = digits(i);
    let mut any = i > from;
    if b.get(i) == Some(&b'.') {
        let end = digits(i + 1);
        any |= end > i + 1;
        i = end;
    }
    if !any {
        return (0.0, 0);
    }
    if matches!(b.get(i), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(b.get(i + 1), Some(b'+' | b'-')));
        if b.get(i + 1 + sign).is_some_and(u8::is_ascii_digit) {
            i = digits(i + 1 + sign);
        }
    }
    (t.get(skip..i).and_then(|t| t.parse().ok()).unwrap_or(0.0), i)
}
