//! The record `$0` and its fields.

use std::rc::Rc;

use super::value::Value;
use crate::regex::Pattern;

/// How records or texts are split into fields.
#[derive(Clone)]
pub(super) enum Separator {
    /// Blanks and newlines, those at the ends ignored.
    Blanks,
    /// Each character is a field.
    Each,
    One(char),
    Regex(Rc<Pattern>),
}

/// A text's parts.
pub(super) fn split(text: &str, by: &Separator, newline_too: bool) -> Vec<Value> {
    if text.is_empty() {
        return Vec::new();
    }
    let values = |parts: &mut dyn Iterator<Item = &str>| parts.map(Value::input).collect();
    match by {
        Separator::Blanks => values(&mut text.split([' ', '\t', '\n']).filter(|p| !p.is_empty())),
        Separator::Each => values(&mut text.split("").filter(|p| !p.is_empty())),
        Separator::One(c) => values(&mut text.split(|x| x == *c || newline_too && x == '\n')),
        Separator::Regex(r) => {
            let mut out = Vec::new();
            for line in [text] {
                let (mut from, mut at) = (0, 0);
                while let Some((s, e)) = r.find_at(line, at) {
                    if s == e {
                        let Some(c) = line[e..].chars().next() else { break };
                        at = e + c.len_utf8();
                        continue;
                    }
                    out.push(Value::input(&line[from..s]));
                    (from, at) = (e, e);
                }
                out.push(Value::input(&line[from..]));
            }
            out
        }
    }
}

/// `$0`; its fields are looked for when somebody asks.
#[derive(Default)]
pub(super) struct Record {
    text: Option<Value>,
    fields: Vec<Value>,
    is_split: bool,
}

/// The highest field.
const MOST: usize = 1 << 20;

impl Record {
    pub(super) fn set(&mut self, text: Value) {
        self.text = Some(text);
        self.is_split = false;
    }
    pub(super) fn needs_split(&self) -> bool {
        !self.is_split
    }
    pub(super) fn fill(&mut self, by: &Separator, newline_too: bool) {
        let text = self.text.as_ref().map_or_else(|| "".into(), |t| t.show("%.6g"));
        self.fields = split(&text, by, newline_too);
        self.is_split = true;
    }
    pub(super) fn count(&self) -> usize {
        self.fields.len()
    }
    /// The record's text; put together again where fields were assigned to.
    pub(super) fn whole(&mut self, ofs: &str, convert: &str) -> Value {
        if let Some(t) = &self.text {
            return t.clone();
        }
        let parts: Vec<Rc<str>> = self.fields.iter().map(|f| f.show(convert)).collect();
        let v = Value::input(parts.join(ofs));
        self.text = Some(v.clone());
        v
    }
    pub(super) fn get(&self, n: usize) -> Value {
        n.checked_sub(1).and_then(|n| self.fields.get(n)).cloned().unwrap_or_default()
    }
    /// Assigns a field; false for one beyond all limits.
    pub(super) fn put(&mut self, n: usize, value: Value) -> bool {
        if n > MOST || n == 0 {
            return false;
        }
        if self.fields.len() < n {
            self.fields.resize(n, Value::text(""));
        }
        if let Some(f) = self.fields.get_mut(n - 1) {
            *f = value;
        }
        self.text = None;
        true
    }
    /// Sets `NF`.
    pub(super) fn resize(&mut self, n: usize) -> bool {
        if n > MOST {
            return false;
        }
        self.fields.resize(n, Value::text(""));
        self.text = None;
        true
    }
}
