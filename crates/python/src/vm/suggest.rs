//! "Did you mean …?" (CPython's Python/suggestions.c): the nearest name by weighted edit distance.

use super::*;

const MOVE: usize = 2;
const CASE: usize = 1;

impl Vm {
    /// The hint after an uncaught NameError's or AttributeError's message.
    pub(crate) fn suggestion(&self, e: Value) -> String {
        let Value::Obj(r) = e else { return String::new() };
        let Kind::Exc(x) = &self.object(r).kind else { return String::new() };
        let attr = |n: &str| self.object(r).attrs.and_then(|a| self.get_name(a, n));
        if self.is_instance(e, T::AttributeError.class()) {
            let (Some(name), Some(obj)) = (attr("name").and_then(|v| self.text(v)), attr("obj")) else {
                return String::new();
            };
            return hint(&name, &self.dir_names(obj));
        }
        if !self.is_instance(e, T::NameError.class()) || self.is_instance(e, T::UnboundLocalError.class()) {
            return String::new();
        }
        let msg = x.args.first().and_then(|a| self.text(*a)).unwrap_or_default();
        let Some(name) = msg.strip_prefix("name '").and_then(|m| m.split('\'').next()) else { return String::new() };
        let mut names: Vec<Arc<str>> = attr("_names")
            .and_then(|v| self.items(v))
            .unwrap_or_default()
            .into_iter()
            .filter_map(|v| self.text(v))
            .collect();
        names.extend(self.dict_names(self.builtins));
        hint(name, &names)
    }

    pub(crate) fn dict_names(&self, d: Ref) -> Vec<Arc<str>> {
        self.dict_ref(d).map(|d| d.entries().filter_map(|(k, _)| self.text(k)).collect()).unwrap_or_default()
    }

    /// The names that `dir()` gives, sorted.
    pub(crate) fn dir_names(&self, o: Value) -> Vec<Arc<str>> {
        let mut out = Vec::new();
        if let Value::Obj(r) = o {
            match &self.object(r).kind {
                Kind::Module { dict } => {
                    let mut n = self.dict_names(*dict);
                    n.sort();
                    return n;
                }
                Kind::Class(c) => {
                    for m in &c.mro {
                        if let Some(c) = self.class_info(*m) {
                            out.extend(self.dict_names(c.dict));
                        }
                    }
                }
                _ => {}
            }
            if let Some(a) = self.object(r).attrs {
                out.extend(self.dict_names(a));
            }
        }
        if !matches!(self.kind(o), Kind::Class(_))
            && let Some(c) = self.class_info(self.class_of(o))
        {
            for m in &c.mro {
                if let Some(c) = self.class_info(*m) {
                    out.extend(self.dict_names(c.dict));
                }
            }
        }
        out.sort();
        out.dedup();
        out
    }
}

fn hint(name: &str, names: &[Arc<str>]) -> String {
    let mut best: Option<(usize, &Arc<str>)> = None;
    for n in names.iter().take(750) {
        if **n == *name {
            continue;
        }
        let max = (n.chars().count() + name.chars().count() + 3) * MOVE / 6;
        let max = best.map_or(max, |b| max.min(b.0.saturating_sub(1)));
        let d = distance(name, n);
        if d <= max {
            best = Some((d, n));
        }
    }
    best.map_or(String::new(), |b| format!(". Did you mean: '{}'?", b.1))
}

fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() > 40 || b.len() > 40 {
        return usize::MAX;
    }
    let cost = |x: char, y: char| {
        if x == y {
            0
        } else if x.eq_ignore_ascii_case(&y) {
            CASE
        } else {
            MOVE
        }
    };
    let mut row: Vec<usize> = (0..=b.len()).map(|i| i * MOVE).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diag = i * MOVE;
        let mut left = (i + 1) * MOVE;
        row[0] = left;
        for (j, y) in b.iter().enumerate() {
            let up = row[j + 1];
            let v = (diag + cost(*x, *y)).min(up + MOVE).min(left + MOVE);
            diag = up;
            row[j + 1] = v;
            left = v;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
