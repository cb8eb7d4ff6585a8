//! Assignments: attributes, array elements, variables that mean something to the shell.

use std::rc::Rc;

use layerlab_kernel::Cx;
use layerlab_kernel::sorted::SortedMap;

use super::{Control, Flow, Frame, Hot, Shell};
use crate::dialect::Dialect;
use crate::expand::{self, Mode};
use crate::parse::ast::{Assign, AssignValue, Part, Word};
use crate::vars::Value;

/// A variable or an element.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// Variable.
    pub name: String,
    /// Element.
    pub index: Option<String>,
}

impl Slot {
    /// From `name` or `name[index]`.
    pub fn of(text: &str) -> Self {
        match text.split_once('[').and_then(|(n, k)| Some((n, k.strip_suffix(']')?))) {
            Some((n, k)) => Self { name: n.to_owned(), index: Some(k.to_owned()) },
            None => Self { name: text.to_owned(), index: None },
        }
    }
}

/// An array's words being expanded.
#[derive(Clone, Debug, Hash)]
pub struct ArrayFrame {
    assign: Rc<Assign>,
}

impl Shell {
    /// Expands an assignment's words; [`Self::finish_assign`] does the rest.
    pub(super) fn expand_assign(&mut self, a: &Assign, cx: &mut Cx<'_>) {
        self.results.clear();
        let words = self.assign_words(a);
        if !words.is_empty() {
            self.push_expand(words, cx);
        }
    }

    /// The words of an assignment: index, value or values.
    pub(super) fn assign_words(&self, a: &Assign) -> Vec<(Word, Mode)> {
        let mut words: Vec<(Word, Mode)> = Vec::new();
        if let Some(i) = &a.index {
            words.push((i.clone(), Mode::Single));
        }
        match &a.value {
            AssignValue::Scalar(w) => words.push((w.clone(), Mode::Single)),
            AssignValue::Array(items) => {
                for (index, w) in items {
                    match index {
                        Some((i, _)) => {
                            words.push((i.clone(), Mode::Single));
                            words.push((w.clone(), Mode::Single));
                        }
                        None => {
                            // One result for all the words that braces make.
                            let all = self.braces(std::slice::from_ref(w));
                            words.push((all.first().cloned().unwrap_or_else(|| w.clone()), Mode::Fields));
                            words.extend(all.into_iter().skip(1).map(|w| (w, Mode::Fields)));
                        }
                    }
                }
            }
        }
        words
    }

    /// Assigns what the words became; false (with a message) if that cannot be.
    pub(super) fn finish_assign(&mut self, a: &Assign, cx: &mut Cx<'_>) -> bool {
        let mut results = std::mem::take(&mut self.results).into_iter();
        let one = |results: &mut std::vec::IntoIter<Vec<String>>| {
            results.next().and_then(|v| v.into_iter().next()).unwrap_or_default()
        };
        match &a.value {
            AssignValue::Scalar(_) => {
                let index = a.index.as_ref().map(|_| one(&mut results));
                let value = one(&mut results);
                if index.is_none() && !a.append && self.assign_plain(&a.name, &value) {
                    return true;
                }
                self.assign(&Slot { name: a.name.to_string(), index }, &value, a.append, cx)
            }
            AssignValue::Array(items) => {
                let mut pairs: Vec<(Option<(String, bool)>, String)> = Vec::new();
                for (index, w) in items {
                    if let Some((_, append)) = index {
                        let i = one(&mut results);
                        pairs.push((Some((i, *append)), one(&mut results)));
                    } else {
                        let n = self.braces(std::slice::from_ref(w)).len().max(1);
                        for _ in 0..n {
                            pairs.extend(results.next().into_iter().flatten().map(|v| (None, v)));
                        }
                    }
                }
                self.assign_array(&a.name, pairs, a.append, cx)
            }
        }
    }

    pub(super) fn step_array_assigns(&mut self, list: Vec<Rc<Assign>>, cx: &mut Cx<'_>) -> Flow {
        if self.status != 0 {
            return Flow::Go;
        }
        let mut rest = list.into_iter();
        if let Some(a) = rest.next() {
            let others: Vec<_> = rest.collect();
            if !others.is_empty() {
                self.frames.push(Frame::ArrayAssigns(others));
            }
            self.frames.push(Frame::ArrayValues(Box::new(ArrayFrame { assign: a.clone() })));
            self.expand_assign(&a, cx);
        }
        Flow::Go
    }

    pub(super) fn step_array_values(&mut self, f: &ArrayFrame, cx: &mut Cx<'_>) -> Flow {
        let readonly = std::mem::take(&mut self.vars.entry(&f.assign.name).readonly);
        if !self.finish_assign(&f.assign, cx) {
            self.status = 1;
        }
        self.vars.entry(&f.assign.name).readonly = readonly;
        Flow::Go
    }

    /// A loop's variable; a name reference gets another name with each round.
    pub(super) fn assign_in_loop(&mut self, name: &str, value: &str) -> bool {
        if let Some(v) = self.vars.get_raw(name).filter(|v| v.nameref) {
            if v.readonly {
                return self.readonly(name);
            }
            self.vars.entry_raw(name).value = Value::Str(value.into());
            return true;
        }
        self.assign_scalar(name, value, false)
    }

    fn readonly(&mut self, name: &str) -> bool {
        if !self.vars.get(name).is_some_and(|v| v.readonly) {
            return false;
        }
        match (self.dialect, self.builtin) {
            (Dialect::Bash, _) => self.complain(&format!("{name}: readonly variable")),
            (_, Some(b)) => self.complain_as(b, &format!("{name}: is read only")),
            (_, None) => self.complain(&format!("{name}: is read only")),
        }
        true
    }

    /// Assigns to a variable that is a string without attributes; false if it is another one.
    pub(crate) fn assign_plain(&mut self, name: &str, value: &str) -> bool {
        if self.opts.hot(Hot::Allexport) {
            return false;
        }
        let Some(v) = self.vars.plain(name) else { return false };
        *v = Value::Str(value.into());
        self.set += value.len();
        self.variable_changed(name);
        true
    }

    /// `name=value` (or `+=`); false with a message if it is read-only.
    pub fn assign_scalar(&mut self, name: &str, value: &str, append: bool) -> bool {
        if !append && self.assign_plain(name, value) {
            return true;
        }
        if self.readonly(name) {
            return false;
        }
        let export_all = self.opts.hot(Hot::Allexport);
        let var = self.vars.entry(name);
        let mut text = value.to_owned();
        if append {
            text = var.value.scalar().unwrap_or_default() + value;
        }
        self.set += text.len();
        if var.lower {
            text = text.to_lowercase();
        }
        if var.upper {
            text = text.to_uppercase();
        }
        match &mut var.value {
            Value::Array(a) => {
                Rc::make_mut(a).insert(0, text);
            }
            Value::Assoc(a) => {
                Rc::make_mut(a).insert("0".into(), text);
            }
            v => *v = Value::Str(text.into()),
        }
        var.export |= export_all;
        self.variable_changed(name);
        true
    }

    /// Assigns to a variable or an element, as its attributes want.
    pub fn assign(&mut self, slot: &Slot, value: &str, append: bool, cx: &mut Cx<'_>) -> bool {
        let name = &slot.name;
        if self.readonly(name) {
            return false;
        }
        let integer = self.vars.get(name).is_some_and(|v| v.integer);
        let mut value = value.to_owned();
        let mut append = append;
        if integer {
            let old = if append { self.value_of(slot, cx).unwrap_or_default() } else { String::new() };
            let text = if append {
                format!("({}) + ({value})", if old.is_empty() { "0" } else { &old })
            } else {
                value.clone()
            };
            append = false;
            match self.eval_arith(&text, cx) {
                Ok(n) => value = n.to_string(),
                Err(e) => {
                    self.give_up(&e);
                    return false;
                }
            }
        }
        let Some(index) = &slot.index else { return self.assign_scalar(name, &value, append) };
        if append {
            value = self.value_of(slot, cx).unwrap_or_default() + &value;
        }
        let (upper, lower) = self.vars.get(name).map_or((false, false), |v| (v.upper, v.lower));
        if upper {
            value = value.to_uppercase();
        }
        if lower {
            value = value.to_lowercase();
        }
        if let Some(Value::Assoc(_)) = self.vars.get(name).map(|v| &v.value) {
            let key = expand::pattern_unescape(index);
            if let Value::Assoc(a) = &mut self.vars.entry(name).value {
                Rc::make_mut(a).insert(key, value);
            }
            return true;
        }
        let i = match self.eval_arith(index, cx) {
            Ok(i) => i,
            Err(e) => {
                self.give_up(&e);
                return false;
            }
        };
        let var = self.vars.entry(name);
        let mut map: SortedMap<i64, String> = match &var.value {
            Value::Unset | Value::Assoc(_) => SortedMap::new(),
            Value::Str(s) => [(0, s.to_string())].into(),
            Value::Array(a) => {
                let a = a.clone();
                // Changed in place below, if nobody else holds it.
                var.value = Value::Unset;
                Rc::unwrap_or_clone(a)
            }
        };
        let i = if i < 0 { map.last_key_value().map_or(0, |(k, _)| k + 1) + i } else { i };
        let ok = i >= 0;
        if ok {
            map.insert(i, value);
        }
        self.vars.entry(name).value = Value::Array(Rc::new(map));
        if !ok {
            self.complain(&format!("{name}[{index}]: bad array subscript"));
        }
        ok
    }

    /// An index or integer value that is no expression: a script goes on with its next line, `-c` ends.
    pub(crate) fn give_up(&mut self, message: &str) {
        self.complain(message);
        self.status = 1;
        self.control = Some(if self.from_c && self.dialect.is_bash() { Control::Exit } else { Control::Abort });
    }

    /// `name=( … )`.
    pub fn assign_array(
        &mut self,
        name: &str,
        pairs: Vec<(Option<(String, bool)>, String)>,
        append: bool,
        cx: &mut Cx<'_>,
    ) -> bool {
        if self.readonly(name) {
            return false;
        }
        let old = self.vars.get(name).map(|v| v.value.clone()).unwrap_or_default();
        if let Value::Assoc(a) = old {
            let mut map = if append { (*a).clone() } else { SortedMap::new() };
            let mut it = pairs.into_iter();
            while let Some((key, value)) = it.next() {
                match key {
                    Some((k, more)) => {
                        // Bash adds to what was there before the list.
                        let old = if append { map.get(&k) } else { a.get(&k) };
                        let old = old.filter(|_| more).cloned().unwrap_or_default();
                        map.insert(k, old + &value);
                    }
                    None => {
                        // Keys and values in turn.
                        let v = it.next().map(|(_, v)| v).unwrap_or_default();
                        map.insert(value, v);
                    }
                }
            }
            self.vars.entry(name).value = Value::Assoc(Rc::new(map));
            return true;
        }
        let mut map: SortedMap<i64, String> = match (append, old) {
            (true, Value::Array(a)) => (*a).clone(),
            (true, Value::Str(s)) => [(0, s.to_string())].into(),
            _ => SortedMap::new(),
        };
        let mut next = map.last_key_value().map_or(0, |(k, _)| k + 1);
        let integer = self.vars.get(name).is_some_and(|v| v.integer);
        for (key, mut value) in pairs {
            let more = key.as_ref().is_some_and(|(_, more)| *more);
            if let Some((k, _)) = key {
                match self.eval_arith(&k, cx) {
                    Ok(n) => next = n,
                    Err(e) => {
                        self.give_up(&e);
                        return false;
                    }
                }
            }
            if let Some(old) = map.get(&next).filter(|_| more) {
                value = if integer { format!("{old} + ({value})") } else { format!("{old}{value}") };
            }
            if integer {
                value = self.eval_arith(&value, cx).unwrap_or(0).to_string();
            }
            map.insert(next, value);
            next += 1;
        }
        self.vars.entry(name).value = Value::Array(Rc::new(map));
        true
    }

    /// What changes with a variable.
    pub fn variable_changed(&mut self, name: &str) {
        match name {
            "PATH" => self.hashed.clear(),
            "OPTIND" => {
                self.getopts_at = 0;
                self.getopts_index = self.vars.value("OPTIND").and_then(|v| v.parse().ok()).unwrap_or(1).max(1);
            }
            "RANDOM" if self.dialect.is_bash() => {
                let seed = self.vars.value("RANDOM").and_then(|v| v.trim().parse::<i64>().ok()).unwrap_or(0);
                self.random.seed(Some(seed as u32));
            }
            "SECONDS" if self.dialect.is_bash() => {
                self.seconds = self.vars.value("SECONDS").and_then(|v| v.trim().parse().ok()).unwrap_or(0);
                self.started = self.turn;
            }
            _ => {}
        }
    }

    /// Declares through a word like `name=value` (`export`, `readonly`, `local`).
    pub fn split_assignment(word: &str) -> (&str, Option<&str>, bool) {
        match word.split_once('=') {
            Some((n, v)) => match n.strip_suffix('+') {
                Some(n) => (n, Some(v), true),
                None => (n, Some(v), false),
            },
            None => (word, None, false),
        }
    }

    /// The word of an assignment among arguments, as text.
    pub(crate) fn assign_word(a: &Assign) -> Option<Word> {
        let mut parts: Vec<Part> = vec![Part::Quoted(a.name.clone())];
        match &a.value {
            AssignValue::Scalar(w) => {
                if let Some(i) = &a.index {
                    parts.push(Part::Quoted("[".into()));
                    parts.extend(i.iter().cloned());
                    parts.push(Part::Quoted("]".into()));
                }
                parts.push(Part::Quoted(if a.append { "+=" } else { "=" }.into()));
                parts.extend(w.iter().cloned());
            }
            AssignValue::Array(_) => {}
        }
        Some(parts.into())
    }
}
