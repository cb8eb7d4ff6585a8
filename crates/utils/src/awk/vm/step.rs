//! One instruction that needs no system call.

use std::collections::VecDeque;
use std::rc::Rc;

use super::super::code::{NF, Op, SUBSEP, Slot, Target};
use super::super::value::{Array, Value};
use super::{DEEP, Fails, Frame, HIGH, Machine};

impl Machine<'_> {
    pub(super) fn compare(&mut self, op: &str) -> bool {
        use std::cmp::Ordering;
        let (b, a) = (self.pop(), self.pop());
        let numeric = |v: &Value| !matches!(v, Value::Text(_));
        let order = if numeric(&a) && numeric(&b) {
            a.number().partial_cmp(&b.number())
        } else {
            let convert = self.convert();
            Some(a.show(&convert).cmp(&b.show(&convert)))
        };
        match op {
            "<" => order == Some(Ordering::Less),
            "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            "==" => order == Some(Ordering::Equal),
            "!=" => order != Some(Ordering::Equal),
            ">" => order == Some(Ordering::Greater),
            _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }
    }

    pub(super) fn binary(&mut self, op: char) -> Fails<f64> {
        let (b, a) = (self.pop().number(), self.pop().number());
        Ok(match op {
            '+' => a + b,
            '-' => a - b,
            '*' => a * b,
            '/' => a / b,
            '%' => a % b,
            _ => libm::pow(a, b),
        })
    }

    /// A step that needs no system call; where to go on otherwise.
    #[allow(clippy::too_many_lines, reason = "one arm an instruction")]
    pub(in crate::awk) fn step(&mut self, op: &Op, pc: &mut usize) -> Fails<()> {
        match op {
            Op::Const(v) => self.stack.push(v.clone()),
            Op::Load(s) => {
                let v =
                    if *s == Slot::Global(NF) { self.get(Target::Var(*s), &Value::Nothing)? } else { self.slot(*s) };
                self.stack.push(v);
            }
            Op::Pop => {
                self.pop();
            }
            Op::Keys(n) => {
                let convert = self.convert();
                let from = self.stack.len().saturating_sub(*n);
                let parts: Vec<Rc<str>> = self.stack.drain(from..).map(|v| v.show(&convert)).collect();
                let sep = self.global(SUBSEP).show(&convert);
                self.stack.push(Value::text(parts.join(&*sep)));
            }
            Op::Get(t) => {
                let key = self.key(*t);
                let v = self.get(*t, &key)?;
                self.stack.push(v);
            }
            Op::Keep(t) => {
                let key = if matches!(t, Target::Var(_)) {
                    Value::Nothing
                } else {
                    self.stack.last().cloned().unwrap_or_default()
                };
                let v = self.get(*t, &key)?;
                self.stack.push(v);
            }
            Op::Set(t) => {
                let v = self.pop();
                let key = self.key(*t);
                self.set(*t, &key, v.clone())?;
                self.stack.push(v);
            }
            Op::Step(t, delta, post) => {
                let key = self.key(*t);
                let old = self.get(*t, &key)?.number();
                self.set(*t, &key, Value::Number(old + delta))?;
                self.stack.push(Value::Number(if *post { old } else { old + delta }));
            }
            Op::Has(s) => {
                let key = self.text();
                let yes = self.array(*s)?.borrow().has(&key);
                self.stack.push(Value::bool(yes));
            }
            Op::Delete(s) => {
                let key = self.text();
                self.array(*s)?.borrow_mut().remove(&key);
            }
            Op::Clear(s) => self.array(*s)?.borrow_mut().clear(),
            Op::Binary(op) => {
                let n = self.binary(*op)?;
                self.stack.push(Value::Number(n));
            }
            Op::Compare(op) => {
                let yes = self.compare(op);
                self.stack.push(Value::bool(yes));
            }
            Op::Concat(n) => {
                let convert = self.convert();
                let from = self.stack.len().saturating_sub(*n);
                let text: String = self.stack.drain(from..).map(|v| v.show(&convert).to_string()).collect();
                if text.len() > 64 << 20 {
                    return Err("out of memory".to_owned());
                }
                self.stack.push(Value::text(text));
            }
            Op::Negative => {
                let n = self.pop().number();
                self.stack.push(Value::Number(-n));
            }
            Op::Plus => {
                let n = self.pop().number();
                self.stack.push(Value::Number(n));
            }
            Op::Not => {
                let t = self.pop().truth();
                self.stack.push(Value::bool(!t));
            }
            Op::Bool => {
                let t = self.pop().truth();
                self.stack.push(Value::bool(t));
            }
            Op::Match(known, not) => {
                let r = self.known(known)?;
                let t = self.text();
                self.stack.push(Value::bool(r.is_match(&t) != *not));
            }
            Op::MatchRecord(r) => {
                let t = self.whole().show("%.6g");
                self.stack.push(Value::bool(r.is_match(&t)));
            }
            Op::Jump(to) => *pc = *to,
            Op::JumpIf(to) => {
                if self.pop().truth() {
                    *pc = *to;
                }
            }
            Op::JumpUnless(to) => {
                if !self.pop().truth() {
                    *pc = *to;
                }
            }
            Op::Call(f, n) => {
                let program = self.program.clone();
                let f = program.functions.get(*f).ok_or("no such function")?;
                if self.frames.len() >= DEEP || self.stack.len() + self.locals.len() > HIGH {
                    return Err("function call nesting too deep".to_owned());
                }
                let from = self.stack.len().saturating_sub(*n);
                let base = self.locals.len();
                self.locals.extend(self.stack.drain(from..));
                for k in *n..f.parameters.len() {
                    let array = f.arrays.get(k).copied().unwrap_or(false);
                    self.locals.push(if array { Value::Array(Array::default()) } else { Value::Nothing });
                }
                self.frames.push(Frame {
                    back: *pc,
                    locals: base,
                    stack: self.stack.len(),
                    iterators: self.iterators.len(),
                });
                *pc = f.entry.unwrap_or(0);
            }
            Op::Return => {
                let v = self.pop();
                let Some(f) = self.frames.pop() else { return Err("return outside of a function".to_owned()) };
                self.locals.truncate(f.locals);
                self.stack.truncate(f.stack);
                self.iterators.truncate(f.iterators);
                self.stack.push(v);
                *pc = f.back;
            }
            Op::Iterate(s) => {
                let keys = self.array(*s)?.borrow().keys();
                self.iterators.push(keys.into());
            }
            Op::NextKey(out) => match self.iterators.last_mut().and_then(VecDeque::pop_front) {
                Some(k) => self.stack.push(Value::input(k)),
                None => {
                    self.iterators.pop();
                    *pc = *out;
                }
            },
            Op::DropIterator => {
                self.iterators.pop();
            }
            Op::InRange(n) => {
                let yes = self.ranges.get(*n).copied().unwrap_or(false);
                self.stack.push(Value::bool(yes));
            }
            Op::SetRange(n, on) => {
                if let Some(r) = self.ranges.get_mut(*n) {
                    *r = *on;
                }
            }
            other => return self.text_op(other),
        }
        Ok(())
    }
}
