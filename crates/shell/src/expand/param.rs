//! `${…}` with its operators.

use layerlab_kernel::Cx;

use super::pattern::Pattern;
use super::value::{Values, Which};
use super::{Expand, Mode, Stop};
use crate::dialect::Dialect;
use crate::escape;
use crate::eval::{Shell, Slot};
use crate::parse::ast::{Index, Param, ParamOp, ReplaceKind, Word};
use crate::parse::valid_name;
use crate::vars::Value;

type Res = Result<(), Stop>;

impl Shell {
    /// Expands a parameter. `stage` counts how often words were asked for; `subs` has their results,
    /// the index first.
    pub(super) fn param(
        &mut self,
        x: &mut Expand,
        p: &Param,
        double: bool,
        stage: u8,
        subs: &[String],
        cx: &mut Cx<'_>,
    ) -> Res {
        let keyed = matches!(p.index, Some(Index::Key(_)));
        if let (Some(Index::Key(w)), 0) = (&p.index, stage) {
            return Err(Stop::Words(vec![(w.clone(), Mode::Single)]));
        }
        let which = match &p.index {
            None => None,
            Some(Index::At) => Some(Which::All(false)),
            Some(Index::Star) => Some(Which::All(true)),
            Some(Index::Key(_)) => Some(Which::Key(subs.first().cloned().unwrap_or_default())),
        };
        // An index counts once, whatever it changes.
        let which = match which {
            Some(Which::Key(k)) if self.dialect.is_bash() && !p.indirect && !self.is_assoc(&p.name) => {
                match self.eval_arith(&k, cx) {
                    Ok(i) => Some(Which::Key(i.to_string())),
                    Err(e) => {
                        self.give_up(&e);
                        return Err(Stop::Said);
                    }
                }
            }
            w => w,
        };
        let subs = if keyed { subs.get(1..).unwrap_or(&[]) } else { subs };
        let asked = stage > u8::from(keyed);
        let (name, which) = if p.indirect { self.indirect(p, which, cx)? } else { (p.name.to_string(), which) };
        if let ParamOp::Names(at) = p.op {
            let names = self.names_with(&name);
            self.emit(x, Values::Many(names, !at), double);
            return Ok(());
        }
        if let ParamOp::Keys(at) = p.op {
            let keys = self.keys(&name);
            self.emit(x, Values::Many(keys, !at), double);
            return Ok(());
        }
        let values = self.values(&name, which.as_ref(), cx);
        if let (Values::One(None), Some(Which::Key(k))) = (&values, &which)
            && k.parse::<i64>().is_ok_and(|k| k < 0)
            && matches!(self.vars.get(&name).map(|v| &v.value), Some(Value::Array(_)))
        {
            self.complain(&format!("{name}: bad array subscript"));
        }
        let set = match &values {
            Values::One(v) => v.is_some(),
            // `$*` and `$@` are always set in dash and ash.
            Values::Many(..) if !self.dialect.is_bash() => true,
            Values::Many(v, _) => !v.is_empty(),
        };
        let empty = match &values {
            Values::One(v) => v.as_deref().unwrap_or("").is_empty(),
            Values::Many(v, _) => v.is_empty() || (v.len() == 1 && v.iter().all(String::is_empty)),
        };
        let fails = |colon: bool| !set || (colon && empty);
        match &p.op {
            ParamOp::Default(colon, w) => {
                return if fails(*colon) { Err(Stop::Inline(w.clone())) } else { self.emit_ok(x, values, double) };
            }
            ParamOp::Alternative(colon, w) => {
                if !fails(*colon) {
                    return Err(Stop::Inline(w.clone()));
                }
                // `"${@+…}"` without arguments is no word, as `"$@"` is none.
                x.at_empty |=
                    double && self.dialect.is_bash() && matches!(&values, Values::Many(all, false) if all.is_empty());
                return Ok(());
            }
            ParamOp::Assign(colon, w) if fails(*colon) => {
                return self.assign_default(x, &name, which, w, double, asked, subs, cx);
            }
            ParamOp::Error(colon, w) if fails(*colon) => return self.unset_error(&name, *colon, w, asked, subs),
            ParamOp::Assign(..) | ParamOp::Error(..) => return self.emit_ok(x, values, double),
            _ => {}
        }
        let special = matches!(values, Values::Many(..))
            && !(p.op == ParamOp::Length && p.index.is_some() && self.vars.get(&name).is_none());
        if !set && !special && self.opts.has("nounset") && !matches!(p.op, ParamOp::Transform(_)) {
            return Err(self.unbound(&name, which.as_ref()));
        }
        let values =
            match &p.op {
                ParamOp::Value => values,
                ParamOp::Length => {
                    let n = match &values {
                        // dash counts bytes.
                        Values::One(v) if self.is_dash() => v.as_deref().unwrap_or("").len(),
                        Values::One(v) => v.as_deref().unwrap_or("").chars().count(),
                        Values::Many(v, _) if self.dialect.is_bash() => v.len(),
                        Values::Many(v, _) => {
                            v.iter().map(|s| s.chars().count()).sum::<usize>() + v.len().saturating_sub(1)
                        }
                    };
                    Values::One(Some(n.to_string()))
                }
                ParamOp::Prefix(_, w) | ParamOp::Suffix(_, w) | ParamOp::Case(_, _, w) if !asked => {
                    return Err(Stop::Words(vec![(w.clone(), Mode::Pattern)]));
                }
                ParamOp::Replace(_, pat, with) if !asked => {
                    return Err(Stop::Words(vec![(pat.clone(), Mode::Pattern), (with.clone(), Mode::Pattern)]));
                }
                ParamOp::Slice(off, len) if !asked => {
                    let mut words: Vec<(Word, Mode)> = vec![(off.clone(), Mode::Single)];
                    words.extend(len.clone().map(|l| (l, Mode::Single)));
                    return Err(Stop::Words(words));
                }
                ParamOp::Prefix(longest, _) => self
                    .each(values, subs, |p, s| p.prefix(s, *longest).map_or(s, |n| s.get(n..).unwrap_or(s)).to_owned()),
                ParamOp::Suffix(longest, _) => self
                    .each(values, subs, |p, s| p.suffix(s, *longest).map_or(s, |n| s.get(..n).unwrap_or(s)).to_owned()),
                ParamOp::Replace(kind, ..) => {
                    let with = subs.get(1).cloned().unwrap_or_default();
                    let amp = self.opts.has("patsub_replacement");
                    let nocase = self.opts.has("nocasematch");
                    let lower: Vec<String> =
                        subs.iter().take(usize::from(nocase)).map(|p| p.to_ascii_lowercase()).collect();
                    let subs = if nocase { &lower } else { subs };
                    self.each(values, subs, |p, s| replace(p, s, *kind, &with, amp, nocase))
                }
                ParamOp::Case(to, all, _) => {
                    let any = subs.first().is_none_or(String::is_empty);
                    self.each(values, subs, |p, s| change_case(s, *to, *all, |c| any || p.matches(&c.to_string())))
                }
                ParamOp::Slice(..) => self.slice(&name, values, subs, cx)?,
                ParamOp::Transform('P') => {
                    let Values::One(Some(text)) = &values else { return self.emit_ok(x, values, double) };
                    let text = self.decode_prompt(text, cx);
                    return Err(Stop::Inline(crate::parse::quoted_text(&text, &self.parse_context())));
                }
                ParamOp::Transform(c) => self.transform(*c, &name, which.as_ref(), values),
                _ => values,
            };
        self.emit(x, values, double);
        Ok(())
    }

    fn is_assoc(&self, name: &str) -> bool {
        matches!(self.vars.get(name).map(|v| &v.value), Some(Value::Assoc(_)))
    }

    fn indirect(&mut self, p: &Param, which: Option<Which>, cx: &mut Cx<'_>) -> Result<(String, Option<Which>), Stop> {
        if let Some(v) = self.vars.get_raw(&p.name)
            && v.nameref
            && let Value::Str(s) = &v.value
        {
            // The name itself is asked for.
            return Err(Stop::Inline(std::rc::Rc::from([crate::parse::ast::Part::Quoted(s.clone())])));
        }
        let Values::One(target) = self.values(&p.name, which.as_ref(), cx) else {
            return Ok((p.name.to_string(), which));
        };
        let target = target.unwrap_or_default();
        if target.is_empty() {
            return Err(Stop::Error(format!("{}: invalid indirect expansion", p.name)));
        }
        if let Some((name, rest)) = target.split_once('[')
            && let Some(key) = rest.strip_suffix(']')
        {
            let which = match key {
                "@" => Which::All(false),
                "*" => Which::All(true),
                k => Which::Key(k.to_owned()),
            };
            return Ok((name.to_owned(), Some(which)));
        }
        let special = target.bytes().all(|b| b.is_ascii_digit())
            || matches!(target.as_str(), "@" | "*" | "#" | "?" | "-" | "$" | "!");
        if !special && !valid_name(&target) {
            return Err(Stop::Error(format!("{target}: invalid variable name")));
        }
        Ok((target, None))
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one expansion")]
    fn assign_default(
        &mut self,
        x: &mut Expand,
        name: &str,
        which: Option<Which>,
        w: &Word,
        double: bool,
        asked: bool,
        subs: &[String],
        cx: &mut Cx<'_>,
    ) -> Res {
        if !asked {
            return Err(Stop::Words(vec![(w.clone(), Mode::Single)]));
        }
        let value = subs.first().cloned().unwrap_or_default();
        if !valid_name(name) {
            return Err(Stop::Error(if self.dialect.is_bash() {
                format!("${name}: cannot assign in this way")
            } else {
                format!("{name}: bad variable name")
            }));
        }
        let index = match which {
            Some(Which::Key(k)) => Some(k),
            _ => None,
        };
        if !self.assign(&Slot { name: name.to_owned(), index }, &value, false, cx) {
            return Err(Stop::Silent);
        }
        self.emit_ok(x, Values::One(Some(value)), double)
    }

    fn unset_error(&mut self, name: &str, colon: bool, w: &Word, asked: bool, subs: &[String]) -> Res {
        if !asked && !w.is_empty() {
            return Err(Stop::Words(vec![(w.clone(), Mode::Single)]));
        }
        let text = match subs.first() {
            Some(t) if !w.is_empty() => t.clone(),
            _ => if colon { "parameter null or not set" } else { "parameter not set" }.to_owned(),
        };
        let text = if !self.dialect.is_bash() && w.is_empty() {
            if colon { "parameter not set or null" } else { "parameter not set" }.to_owned()
        } else {
            text
        };
        Err(Stop::Fatal(format!("{name}: {text}")))
    }

    fn unbound(&self, name: &str, which: Option<&Which>) -> Stop {
        let shown = match which {
            Some(Which::Key(k)) => format!("{name}[{k}]"),
            _ if name.bytes().all(|b| b.is_ascii_digit()) && self.dialect.is_bash() => format!("${name}"),
            _ => name.to_owned(),
        };
        Stop::Fatal(format!(
            "{shown}: {}",
            if self.dialect.is_bash() { "unbound variable" } else { "parameter not set" }
        ))
    }

    fn each(&self, values: Values, subs: &[String], f: impl Fn(&Pattern, &str) -> String) -> Values {
        let pattern = self.pattern(subs.first().map_or("", String::as_str));
        match values {
            Values::One(v) => Values::One(v.map(|s| f(&pattern, &s))),
            Values::Many(v, star) => Values::Many(v.iter().map(|s| f(&pattern, s)).collect(), star),
        }
    }

    fn slice(&mut self, name: &str, values: Values, subs: &[String], cx: &mut Cx<'_>) -> Result<Values, Stop> {
        let named = |e: String| Stop::Error(format!("{name}: {e}"));
        let off = self.eval_arith(subs.first().map_or("", String::as_str), cx).map_err(named)?;
        let len = match subs.get(1) {
            Some(t) => Some(self.eval_arith(t, cx).map_err(named)?),
            None => None,
        };
        let negative = || Stop::Error(format!("{}: substring expression < 0", subs.get(1).map_or("", String::as_str)));
        match values {
            // Elements are counted; only characters can be counted from the end.
            Values::Many(..) if len.is_some_and(|l| l < 0) => Err(negative()),
            Values::One(v) => {
                let chars: Vec<char> = v.unwrap_or_default().chars().collect();
                let (from, to) = range(chars.len() as i64, off, len).map_err(|()| negative())?;
                Ok(Values::One(Some(chars.get(from..to).unwrap_or(&[]).iter().collect())))
            }
            Values::Many(v, star) => {
                if name != "@"
                    && name != "*"
                    && let Some(map) = self.indexed(name)
                {
                    let end = map.last_key_value().map_or(0, |(k, _)| k + 1);
                    let from = if off < 0 { end + off } else { off };
                    let n = len.map_or(usize::MAX, |l| usize::try_from(l).unwrap_or(0));
                    return Ok(Values::Many(
                        map.into_iter().filter(|(k, _)| *k >= from && from >= 0).take(n).map(|(_, v)| v).collect(),
                        star,
                    ));
                }
                let mut all = v;
                if name == "@" || name == "*" {
                    all.insert(0, self.name.to_string());
                }
                let (from, to) = range(all.len() as i64, off, len).map_err(|()| negative())?;
                Ok(Values::Many(all.get(from..to).unwrap_or(&[]).to_vec(), star))
            }
        }
    }

    fn transform(&mut self, c: char, name: &str, which: Option<&Which>, values: Values) -> Values {
        if c == 'a' {
            let a = self.attributes(name);
            return match values {
                Values::One(_) => Values::One(Some(a)),
                Values::Many(all, star) => Values::Many(vec![a; all.len()], star),
            };
        }
        if c == 'A' {
            if matches!(which, Some(Which::All(_))) {
                return Values::One(self.vars.get_raw(name).map(|_| self.declaration(name, true)));
            }
            if let ("@" | "*", Values::Many(all, star)) = (name, &values) {
                let words = ["set".to_owned(), "--".to_owned()].into_iter();
                return Values::Many(words.chain(all.iter().map(|w| escape::single_quote(w))).collect(), *star);
            }
            let a = self.attributes(name);
            return Values::One(self.vars.value(name).map(|v| {
                let pair = format!("{name}={}", escape::single_quote(&v));
                if a.is_empty() { pair } else { format!("declare -{a} {pair}") }
            }));
        }
        if matches!(c, 'K' | 'k')
            && let Values::Many(all, star) = &values
        {
            let keys = self.keys(name);
            if c == 'k' {
                return Values::Many(keys.iter().zip(all).flat_map(|(k, v)| [k.clone(), v.clone()]).collect(), *star);
            }
            let pairs: Vec<String> =
                keys.iter().zip(all).map(|(k, v)| format!("{k} {}", escape::double_quote(v))).collect();
            let text = pairs.join(" ");
            let assoc = matches!(self.vars.get(name).map(|v| &v.value), Some(Value::Assoc(_)));
            return Values::Many(vec![if assoc { text + " " } else { text }], *star);
        }
        let user = |s: &str| match c {
            'Q' => {
                if s.chars().any(char::is_control) {
                    escape::dollar_quote(s)
                } else {
                    escape::single_quote(s)
                }
            }
            'U' => change_case(s, '^', true, |_| true),
            'L' => change_case(s, ',', true, |_| true),
            'u' => change_case(s, '^', false, |_| true),
            'E' => escape::ansi_c(s, Dialect::Bash),
            _ => s.to_owned(),
        };
        match values {
            Values::One(v) => Values::One(v.map(|s| user(&s))),
            Values::Many(v, star) => Values::Many(v.iter().map(|s| user(s)).collect(), star),
        }
    }

    fn emit_ok(&mut self, x: &mut Expand, values: Values, double: bool) -> Res {
        self.emit(x, values, double);
        Ok(())
    }

    /// Puts values into the fields.
    fn emit(&mut self, x: &mut Expand, values: Values, double: bool) {
        let ifs = self.ifs();
        match values {
            Values::One(v) => {
                if let Some(s) = v {
                    x.push_text(&s, double, &ifs);
                }
            }
            Values::Many(all, star) => {
                if star && (double || x.fields.mode != Mode::Fields) {
                    let sep: String = ifs.chars().next().map(String::from).unwrap_or_default();
                    let text = all.join(&sep);
                    if double {
                        x.fields.push(&text, true);
                    } else {
                        x.push_text(&text, false, &ifs);
                    }
                    return;
                }
                if double && all.is_empty() {
                    // Two of them make a field in dash and ash.
                    x.at_empty = self.dialect.is_bash() || !x.at_empty;
                    return;
                }
                if x.fields.mode != Mode::Fields {
                    let first = ifs.chars().next().filter(|_| !self.dialect.is_bash()).unwrap_or(' ');
                    let text = all.join(&first.to_string());
                    x.push_text(&text, double, &ifs);
                    return;
                }
                // Bash joins them with the first separator; one that is no blank keeps empty ones.
                let first = ifs.chars().next().filter(|c| self.dialect.is_bash() && !matches!(c, ' ' | '\t' | '\n'));
                if let Some(c) = first.filter(|_| !double) {
                    x.push_text(&all.join(&c.to_string()), false, &ifs);
                    return;
                }
                for (i, s) in all.iter().enumerate() {
                    if i > 0 {
                        x.fields.end();
                    }
                    x.push_text(s, double, &ifs);
                }
            }
        }
    }
}

/// From where to where, of `n` things.
fn range(n: i64, off: i64, len: Option<i64>) -> Result<(usize, usize), ()> {
    let from = if off < 0 { n + off } else { off };
    if from < 0 || from > n {
        return Ok((0, 0));
    }
    let to = match len {
        None => n,
        Some(l) if l < 0 => {
            let to = n + l;
            if to < from {
                return Err(());
            }
            to
        }
        Some(l) => from.saturating_add(l).min(n),
    };
    Ok((usize::try_from(from).unwrap_or(0), usize::try_from(to).unwrap_or(0)))
}

fn replace(p: &Pattern, s: &str, kind: ReplaceKind, with: &str, amp: bool, nocase: bool) -> String {
    let folded = if nocase { s.to_ascii_lowercase() } else { String::new() };
    let seen = if nocase { folded.as_str() } else { s };
    let put = |out: &mut String, matched: &str| {
        let mut it = with.chars();
        while let Some(c) = it.next() {
            match c {
                '\\' => out.extend(it.next()),
                '&' if amp => out.push_str(matched),
                c => out.push(c),
            }
        }
    };
    let mut out = String::new();
    match kind {
        ReplaceKind::Prefix | ReplaceKind::Suffix => {
            let (from, to) = match kind {
                ReplaceKind::Prefix => match p.prefix(seen, true) {
                    Some(n) => (0, n),
                    None => return s.to_owned(),
                },
                _ => match p.suffix(seen, true) {
                    Some(n) => (n, s.len()),
                    None => return s.to_owned(),
                },
            };
            out.push_str(s.get(..from).unwrap_or(""));
            put(&mut out, s.get(from..to).unwrap_or(""));
            out.push_str(s.get(to..).unwrap_or(""));
        }
        ReplaceKind::First | ReplaceKind::All => {
            let mut at = 0;
            // Of nothing, a pattern may match all; a pattern of nothing matches no part.
            if s.is_empty() && !p.is_empty() && p.matches("") {
                put(&mut out, "");
                return out;
            }
            while let Some((from, to)) = p.find(seen, at) {
                if to == from {
                    break;
                }
                out.push_str(s.get(at..from).unwrap_or(""));
                put(&mut out, s.get(from..to).unwrap_or(""));
                at = to;
                if kind == ReplaceKind::First || at >= s.len() {
                    break;
                }
            }
            out.push_str(s.get(at..).unwrap_or(""));
        }
    }
    out
}

/// A change of case that is one character, else the character itself.
fn single(mut changed: impl Iterator<Item = char>, c: char) -> char {
    match (changed.next(), changed.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

fn change_case(s: &str, to: char, all: bool, hit: impl Fn(char) -> bool) -> String {
    let mut out = String::new();
    for (i, c) in s.chars().enumerate() {
        if (all || i == 0) && hit(c) {
            // One character stays one: towupper() knows no `SS`.
            if to == '^' || (to == '~' && !c.is_uppercase()) {
                out.push(single(c.to_uppercase(), c));
            } else {
                out.push(single(c.to_lowercase(), c));
            }
        } else {
            out.push(c);
        }
    }
    out
}
