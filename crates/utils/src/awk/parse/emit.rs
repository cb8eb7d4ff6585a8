//! Expressions as instructions.

use std::rc::Rc;

use super::super::code::{Op, Slot, Target};
use super::super::expr::Expr;
use super::super::value::Value;
use super::{Done, Parser, Wrong};
use crate::regex::{Kind, Pattern, compile};

impl Parser<'_> {
    pub(super) fn keys(&mut self, keys: &[Expr]) -> Done {
        for k in keys {
            self.value(k)?;
        }
        if keys.len() > 1 {
            self.emit(Op::Keys(keys.len()));
        }
        Ok(())
    }

    pub(super) fn pattern(&self, text: &str) -> Result<Rc<Pattern>, Wrong> {
        compile(text, Kind::Awk, false)
            .map(Rc::new)
            .map_err(|e| (self.line(), format!("regular expression compile failed ({e})\n{text}")))
    }

    /// What is assigned to; pushes its key or number.
    pub(super) fn lvalue(&mut self, e: &Expr) -> Result<Target, Wrong> {
        match e {
            Expr::Var(name) => Ok(Target::Var(self.slot(name))),
            Expr::Elem(name, keys) => {
                self.keys(keys)?;
                Ok(Target::Elem(self.array(name)))
            }
            Expr::Field(n) => {
                self.value(n)?;
                Ok(Target::Field)
            }
            Expr::Group(e) => self.lvalue(e),
            _ => Err(self.wrong("syntax error: not something that can be assigned to")),
        }
    }

    /// A pattern argument: known, or pushed as text.
    pub(super) fn regex_argument(&mut self, e: &Expr) -> Result<Option<Rc<Pattern>>, Wrong> {
        match e {
            Expr::Regex(r) => Ok(Some(self.pattern(r)?)),
            e => {
                self.value(e)?;
                Ok(None)
            }
        }
    }

    /// Code that leaves the expression's value on the stack.
    #[allow(clippy::too_many_lines, reason = "one arm a kind of expression")]
    pub(super) fn value(&mut self, e: &Expr) -> Done {
        match e {
            Expr::Number(n) => {
                self.emit(Op::Const(Value::Number(*n)));
            }
            Expr::Text(t) => {
                self.emit(Op::Const(Value::text(t.as_str())));
            }
            Expr::Regex(r) => {
                let p = self.pattern(r)?;
                self.emit(Op::MatchRecord(p));
            }
            Expr::Group(e) => self.value(e)?,
            Expr::Var(_) | Expr::Elem(..) | Expr::Field(_) => {
                let t = self.lvalue(e)?;
                self.emit(Op::Get(t));
            }
            Expr::Assign(to, op, value) => {
                let t = self.lvalue(to)?;
                if let Some(op) = op {
                    self.emit(Op::Keep(t));
                    self.value(value)?;
                    self.emit(Op::Binary(*op));
                } else {
                    self.value(value)?;
                }
                self.emit(Op::Set(t));
            }
            Expr::Step(to, delta, post) => {
                let t = self.lvalue(to)?;
                self.emit(Op::Step(t, *delta, *post));
            }
            Expr::Binary(op, a, b) => {
                self.value(a)?;
                self.value(b)?;
                self.emit(Op::Binary(*op));
            }
            Expr::Compare(op, a, b) => {
                self.value(a)?;
                self.value(b)?;
                self.emit(Op::Compare(op));
            }
            Expr::Concat(all) => {
                for e in all {
                    self.value(e)?;
                }
                self.emit(Op::Concat(all.len()));
            }
            Expr::Unary(op, e) => {
                self.value(e)?;
                self.emit(match op {
                    '!' => Op::Not,
                    '-' => Op::Negative,
                    _ => Op::Plus,
                });
            }
            Expr::And(a, b) | Expr::Or(a, b) => {
                let and = matches!(e, Expr::And(..));
                self.value(a)?;
                let short = self.emit(if and { Op::JumpUnless(0) } else { Op::JumpIf(0) });
                self.value(b)?;
                self.emit(Op::Bool);
                let end = self.emit(Op::Jump(0));
                self.patch(short);
                self.emit(Op::Const(Value::bool(!and)));
                self.patch(end);
            }
            Expr::Cond(c, yes, no) => {
                self.value(c)?;
                let otherwise = self.emit(Op::JumpUnless(0));
                self.value(yes)?;
                let end = self.emit(Op::Jump(0));
                self.patch(otherwise);
                self.value(no)?;
                self.patch(end);
            }
            Expr::Match(not, text, r) => {
                self.value(text)?;
                let known = self.regex_argument(r)?;
                self.emit(Op::Match(known, *not));
            }
            Expr::In(keys, array) => {
                self.keys(keys)?;
                let array = self.array(array);
                self.emit(Op::Has(array));
            }
            Expr::Getline(from, source, target) => {
                let t = match target {
                    Some(t) => Some(self.lvalue(t)?),
                    None => None,
                };
                if let Some(s) = source {
                    self.value(s)?;
                }
                self.emit(Op::Getline(*from, t));
            }
            Expr::Call(name, args) => {
                let f = self.function_number(name);
                if let Some(f) = self.program.functions.get_mut(f)
                    && f.arrays.len() < args.len()
                {
                    if f.entry.is_some() {
                        return Err((self.line(), format!("too many arguments in call to {name}")));
                    }
                    f.arrays.resize(args.len(), false);
                }
                for (n, a) in args.iter().enumerate() {
                    if let Expr::Var(name) = a {
                        let slot = self.slot(name);
                        self.handed.push((self.current, slot, f, n));
                        self.emit(Op::Load(slot));
                    } else {
                        self.value(a)?;
                    }
                }
                self.emit(Op::Call(f, args.len()));
            }
            Expr::Builtin(name, args) => self.builtin(name, args)?,
        }
        Ok(())
    }

    pub(super) fn builtin(&mut self, name: &'static str, args: &[Expr]) -> Done {
        let least = match name {
            "substr" | "index" | "split" | "sub" | "gsub" | "match" | "atan2" | "and" | "or" | "xor" | "lshift"
            | "rshift" => 2,
            "gensub" => 3,
            "length" | "rand" | "srand" | "fflush" | "systime" | "strftime" => 0,
            _ => 1,
        };
        if args.len() < least {
            return Err(self.wrong(&format!("not enough arguments to {name}")));
        }
        match (name, args) {
            ("sub" | "gsub", [r, with, rest @ ..]) => {
                let whole = Expr::Field(Box::new(Expr::Number(0.0)));
                let target = rest.first().unwrap_or(&whole);
                // A target that is no variable is only looked at.
                let target = if let Expr::Var(_) | Expr::Elem(..) | Expr::Field(_) | Expr::Group(_) = target {
                    self.lvalue(target)?
                } else {
                    let slot = Slot::Global(self.global(" nowhere"));
                    self.value(target)?;
                    self.emit(Op::Set(Target::Var(slot)));
                    self.emit(Op::Pop);
                    Target::Var(slot)
                };
                let known = self.regex_argument(r)?;
                self.value(with)?;
                self.emit(Op::Sub(known, name == "gsub", target));
            }
            ("split", [text, Expr::Var(array), rest @ ..]) => {
                self.value(text)?;
                let array = self.array(array);
                let known = match rest.first() {
                    Some(r) => self.regex_argument(r)?,
                    None => None,
                };
                self.emit(Op::Split(array, known, !rest.is_empty()));
            }
            ("match", [text, r, ..]) => {
                self.value(text)?;
                let known = self.regex_argument(r)?;
                self.emit(Op::Find(known));
            }
            ("gensub", [r, with, how, rest @ ..]) => {
                let known = self.regex_argument(r)?;
                self.value(with)?;
                self.value(how)?;
                if let Some(t) = rest.first() {
                    self.value(t)?;
                }
                self.emit(Op::Gensub(known, !rest.is_empty()));
            }
            ("asort" | "asorti", [Expr::Var(a), rest @ ..]) => {
                let a = self.array(a);
                let b = match rest.first() {
                    Some(Expr::Var(b)) => Some(self.array(b)),
                    _ => None,
                };
                self.emit(Op::Sorted(name, a, b));
            }
            ("length", [Expr::Var(v)]) => {
                let slot = self.slot(v);
                self.emit(Op::Length(slot));
            }
            _ => {
                for a in args {
                    self.value(a)?;
                }
                self.emit(Op::Builtin(name, args.len()));
            }
        }
        Ok(())
    }
}
