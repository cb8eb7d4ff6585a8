//! Functions of the language that work on texts and numbers.

use std::rc::Rc;

use super::code::{FS, Known, Op, RLENGTH, RSTART};
use super::record::{Separator, split};
use super::value::Value;
use super::vm::{Fails, Machine};
use crate::regex::Pattern;

/// What a replacement makes of a match: `&` is the match, `\&` an ampersand; groups where `groups`.
fn replacement(with: &str, text: &str, groups: &[Option<(usize, usize)>], numbered: bool, out: &mut String) {
    let group = |n: usize| groups.get(n).copied().flatten().map_or("", |(s, e)| &text[s..e]);
    let mut chars = with.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '&' => out.push_str(group(0)),
            '\\' => {
                let mut slashes = 1;
                while chars.peek() == Some(&'\\') {
                    chars.next();
                    slashes += 1;
                }
                match chars.peek().copied() {
                    Some('&') => {
                        out.extend(std::iter::repeat_n('\\', slashes / 2));
                        if slashes % 2 == 1 {
                            chars.next();
                            out.push('&');
                        }
                    }
                    Some(d @ '0'..='9') if numbered => {
                        out.extend(std::iter::repeat_n('\\', slashes / 2));
                        if slashes % 2 == 1 {
                            chars.next();
                            out.push_str(group(d as usize - '0' as usize));
                        }
                    }
                    _ => out.extend(std::iter::repeat_n('\\', slashes)),
                }
            }
            c => out.push(c),
        }
    }
}

/// Replaces matches: the `nth`, or all for 0. The new text and how many.
fn substitute(text: &str, r: &Pattern, with: &str, nth: usize, numbered: bool) -> (String, usize) {
    let mut out = String::new();
    let (mut at, mut copied, mut seen, mut count) = (0, 0, 0, 0);
    let mut last = None;
    while let Some(groups) = r.captures_at(text, at) {
        let Some((s, e)) = groups.first().copied().flatten() else { break };
        let step = |e: usize| text[e..].chars().next().map(|c| e + c.len_utf8());
        if s == e && last == Some(s) {
            let Some(next) = step(e) else { break };
            at = next;
            last = None;
            continue;
        }
        seen += 1;
        if nth == 0 || seen == nth {
            out.push_str(&text[copied..s]);
            replacement(with, text, &groups, numbered, &mut out);
            copied = e;
            count += 1;
            if nth > 0 {
                break;
            }
        }
        last = Some(e);
        at = if s == e {
            let Some(next) = step(e) else { break };
            last = None;
            next
        } else {
            e
        };
    }
    out.push_str(&text[copied..]);
    (out, count)
}

impl Machine<'_> {
    /// `sprintf` of so many values on the stack.
    pub(super) fn formatted(&mut self, n: usize) -> Fails<String> {
        let from = self.stack.len().saturating_sub(n);
        let args: Vec<Value> = self.stack.drain(from..).collect();
        let convert = self.convert();
        let Some((f, rest)) = args.split_first() else { return Ok(String::new()) };
        super::format::format(&f.show(&convert), rest, &convert)
    }

    /// Instructions that work on text.
    pub(super) fn text_op(&mut self, op: &Op) -> Fails<()> {
        match op {
            Op::Sub(known, global, target) => {
                let with = self.text();
                let r = self.known(known)?;
                let key = self.key(*target);
                let convert = self.convert();
                self.stack.push(key.clone());
                let get = Op::Get(*target);
                if matches!(target, super::code::Target::Var(_)) {
                    self.pop();
                }
                self.get_now(&get)?;
                let old = self.pop().show(&convert);
                let (new, count) = substitute(&old, &r, &with, usize::from(!*global), false);
                if count > 0 {
                    self.set(*target, &key, Value::text(new))?;
                }
                self.stack.push(Value::Number(count as f64));
            }
            Op::Gensub(known, given) => {
                let text = if *given { self.text() } else { self.whole().show("%.6g") };
                let how = self.text();
                let with = self.text();
                let r = self.known(known)?;
                let nth = if how.starts_with(['g', 'G']) { 0 } else { (super::value::leading(&how).0 as usize).max(1) };
                let new = substitute(&text, &r, &with, nth, true).0;
                self.stack.push(Value::text(new));
            }
            Op::Split(array, known, given) => {
                let by = match (known, given) {
                    (Some(r), _) => Separator::Regex(r.clone()),
                    (None, true) => {
                        let t = self.text();
                        self.separator(&t)?
                    }
                    (None, false) => {
                        let t = self.global(FS).show("%.6g");
                        self.separator(&t)?
                    }
                };
                let text = self.text();
                let parts = split(&text, &by, false);
                let array = self.array(*array)?;
                let mut table = array.borrow_mut();
                table.clear();
                let n = parts.len();
                for (i, v) in parts.into_iter().enumerate() {
                    table.set((i + 1).to_string().into(), v);
                }
                self.stack.push(Value::Number(n as f64));
            }
            Op::Find(known) => self.find(known)?,
            Op::Sorted(name, from, to) => {
                let from = self.array(*from)?;
                let to = match to {
                    Some(t) => self.array(*t)?,
                    None => from.clone(),
                };
                let keys = from.borrow().keys();
                let mut values: Vec<Value> = if *name == "asort" {
                    keys.iter().map(|k| from.borrow_mut().get(k)).collect()
                } else {
                    keys.into_iter().map(Value::Text).collect()
                };
                let convert = self.convert();
                let rank = |v: &Value| matches!(v, Value::Text(_));
                values.sort_by(|a, b| match (rank(a), rank(b)) {
                    (true, true) => a.show(&convert).cmp(&b.show(&convert)),
                    (false, false) => a.number().total_cmp(&b.number()),
                    (x, y) => x.cmp(&y),
                });
                let mut table = to.borrow_mut();
                table.clear();
                let n = values.len();
                for (i, v) in values.into_iter().enumerate() {
                    table.set((i + 1).to_string().into(), v);
                }
                self.stack.push(Value::Number(n as f64));
            }
            Op::Length(slot) => {
                let n = match self.array(*slot) {
                    Ok(a) => a.borrow().len(),
                    Err(_) => {
                        self.get_now(&Op::Get(super::code::Target::Var(*slot)))?;
                        self.text().chars().count()
                    }
                };
                self.stack.push(Value::Number(n as f64));
            }
            Op::Builtin(name, n) => {
                let v = self.builtin(name, *n)?;
                self.stack.push(v);
            }
            _ => return Err("unknown instruction".to_owned()),
        }
        Ok(())
    }

    fn find(&mut self, known: &Known) -> Fails<()> {
        let r = self.known(known)?;
        let text: Rc<str> = self.text();
        let (start, length) = match r.find_at(&text, 0) {
            Some((s, e)) => ((text[..s].chars().count() + 1) as f64, text[s..e].chars().count() as f64),
            None => (0.0, -1.0),
        };
        self.set_global(RSTART, Value::Number(start));
        self.set_global(RLENGTH, Value::Number(length));
        self.stack.push(Value::Number(start));
        Ok(())
    }

    fn next_random(&mut self) -> f64 {
        // xorshift64*
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        (self.random.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1u64 << 53) as f64
    }

    #[allow(clippy::too_many_lines, reason = "one arm a function")]
    fn builtin(&mut self, name: &str, n: usize) -> Fails<Value> {
        if name == "sprintf" {
            return Ok(Value::text(self.formatted(n)?));
        }
        let from = self.stack.len().saturating_sub(n);
        let args: Vec<Value> = self.stack.drain(from..).collect();
        let convert = self.convert();
        let arg = |i: usize| args.get(i).cloned().unwrap_or_default();
        let text = |i: usize| arg(i).show(&convert);
        let number = |i: usize| arg(i).number();
        let bits = |f: fn(u64, u64) -> u64| {
            let all = args.iter().map(|a| a.number() as u64);
            all.reduce(f).unwrap_or(0) as f64
        };
        Ok(Value::Number(match name {
            "length" => {
                let t = if n == 0 { self.whole().show("%.6g") } else { text(0) };
                t.chars().count() as f64
            }
            "index" => match text(0).find(&*text(1)) {
                Some(b) => (text(0)[..b].chars().count() + 1) as f64,
                None => 0.0,
            },
            "substr" => {
                let from = number(1).round_ties_even();
                let to = if n > 2 { from + number(2).round_ties_even() } else { f64::INFINITY };
                let t = text(0);
                let keep = |i: usize| (i as f64 + 1.0) >= from && (i as f64 + 1.0) < to;
                let part: String = t.chars().enumerate().filter(|(i, _)| keep(*i)).map(|(_, c)| c).collect();
                return Ok(Value::text(part));
            }
            "tolower" => return Ok(Value::text(text(0).to_lowercase())),
            "toupper" => return Ok(Value::text(text(0).to_uppercase())),
            "sin" => libm::sin(number(0)),
            "cos" => libm::cos(number(0)),
            "atan2" => libm::atan2(number(0), number(1)),
            "exp" => libm::exp(number(0)),
            "log" => libm::log(number(0)),
            "sqrt" => number(0).sqrt(),
            "int" => number(0).trunc(),
            "rand" => self.next_random(),
            "srand" => {
                let old = self.seed;
                self.seed = if n > 0 { number(0) } else { (self.c.sys.wall_clock() / 1_000_000_000) as f64 };
                self.random = (self.seed.to_bits() ^ 0x9e37_79b9_7f4a_7c15).max(1);
                for _ in 0..8 {
                    self.next_random();
                }
                old
            }
            "systime" => (self.c.sys.wall_clock() / 1_000_000_000) as f64,
            "strftime" => {
                let format = if n > 0 { text(0) } else { "%a %b %e %H:%M:%S %Z %Y".into() };
                let at = if n > 1 { number(1) as i64 } else { self.c.sys.wall_clock() / 1_000_000_000 };
                return Ok(Value::text(self.zone.format(&format, at, 0)));
            }
            "mktime" => {
                let t = text(0);
                let f: Vec<i64> = t.split_whitespace().filter_map(|p| p.parse().ok()).collect();
                let [y, mo, d, h, mi, s, ..] = f.as_slice() else { return Ok(Value::Number(-1.0)) };
                let local = crate::cli::time::days(*y, *mo as u32, *d as u32) * 86_400 + h * 3600 + mi * 60 + s;
                self.zone.universal(local) as f64
            }
            "and" => bits(|a, b| a & b),
            "or" => bits(|a, b| a | b),
            "xor" => bits(|a, b| a ^ b),
            "lshift" => (number(0) as u64).checked_shl(number(1) as u32).unwrap_or(0) as f64,
            "rshift" => (number(0) as u64).checked_shr(number(1) as u32).unwrap_or(0) as f64,
            "compl" => (!(number(0) as u64) & ((1 << 53) - 1)) as f64,
            "strtonum" => {
                let t = text(0);
                let t = t.trim();
                let radix = |r: u32, t: &str| {
                    let digits = t.find(|c: char| !c.is_digit(r)).unwrap_or(t.len());
                    u64::from_str_radix(&t[..digits], r).unwrap_or(0) as f64
                };
                match t.strip_prefix("0x").or(t.strip_prefix("0X")) {
                    Some(hex) => radix(16, hex),
                    None if t.starts_with('0') && !t.contains(['.', 'e', '8', '9']) => radix(8, t),
                    None => super::value::leading(t).0,
                }
            }
            _ => return Err(format!("function {name} is not known")),
        }))
    }

    fn get_now(&mut self, op: &Op) -> Fails<()> {
        let mut pc = 0;
        self.step(op, &mut pc)
    }
}
