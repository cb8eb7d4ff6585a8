//! Expansions that need no machine: words of text, plain variables and arithmetic. A loop's body is
//! mostly such words.

use layerlab_kernel::{Cx, SimTime};

use super::{Mode, Stop, pattern};
use crate::eval::{Hot, Shell};
use crate::parse::ast::{Param, ParamOp, Part, Word};
use crate::vars::Value;

/// How a quick expansion ended.
pub(crate) enum Quick {
    /// With this text.
    Done(String),
    /// It needs the machine; nothing has happened.
    Machine,
    /// With an error, which has been said.
    Failed,
}

impl Shell {
    /// Expands the words into `results` if that can be done at once: all of them, or none.
    pub(crate) fn quick_expand(&mut self, words: &[(Word, Mode)], cx: &mut Cx<'_>) -> bool {
        // Arithmetic has side effects, that happen once: nothing may need the machine after it.
        let alone = words.len() == 1;
        let mut results = Vec::with_capacity(words.len());
        for (w, mode) in words {
            match self.quick_word(w, *mode, alone, cx) {
                Quick::Done(text) => results.push(vec![text]),
                Quick::Machine => return false,
                Quick::Failed => return true,
            }
            cx.charge(SimTime(60));
        }
        self.results = results;
        true
    }

    /// Expands a word if that can be done at once; `alone`: nothing will be expanded again.
    pub(crate) fn quick_word(&mut self, w: &Word, mode: Mode, alone: bool, cx: &mut Cx<'_>) -> Quick {
        match &**w {
            [] if mode == Mode::Fields => return Quick::Machine,
            _ if mode == Mode::Regex => return Quick::Machine,
            [Part::Lit(s)] if mode != Mode::Fields || !is_pattern(s) => return Quick::Done(s.to_string()),
            [Part::Arith(e)] if alone && mode == Mode::Single => {
                if let [Part::Lit(s) | Part::Quoted(s)] = &**e {
                    return self.quick_sum(s, |n| n.to_string(), cx);
                }
            }
            _ => {}
        }
        let mut text = String::new();
        let mut sum: Option<String> = None;
        for p in w.iter() {
            let fits = match p {
                Part::Double(inner) => {
                    inner.iter().all(|p| self.quick_part(p, mode, alone, true, &mut text, &mut sum, cx))
                }
                p => self.quick_part(p, mode, alone, false, &mut text, &mut sum, cx),
            };
            if !fits {
                return Quick::Machine;
            }
        }
        let Some(expression) = sum else { return Quick::Done(text) };
        // Its place was marked.
        self.quick_sum(&expression, |n| text.replacen('\0', &n.to_string(), 1), cx)
    }

    fn quick_sum(&mut self, expression: &str, show: impl Fn(i64) -> String, cx: &mut Cx<'_>) -> Quick {
        match self.eval_arith(expression, cx) {
            Ok(n) => Quick::Done(show(n)),
            Err(e) => {
                let message = self.arith_message(&e);
                self.expansion_failed(Stop::Error(message));
                Quick::Failed
            }
        }
    }

    /// Appends a part; false where the machine is needed. An expression is kept for the end.
    #[allow(clippy::too_many_arguments, reason = "the state of one word")]
    fn quick_part(
        &self,
        p: &Part,
        mode: Mode,
        alone: bool,
        double: bool,
        text: &mut String,
        sum: &mut Option<String>,
        cx: &mut Cx<'_>,
    ) -> bool {
        match p {
            Part::Lit(s) if double => {
                text.push_str(s);
                true
            }
            Part::Lit(s) => {
                text.push_str(s);
                mode != Mode::Fields || !(pattern::has_glob(s) || s.contains('('))
            }
            Part::Quoted(s) if mode == Mode::Pattern => {
                pattern::escape_into(s, text);
                true
            }
            Part::Quoted(s) => {
                text.push_str(s);
                true
            }
            Part::Param(p) if mode != Mode::Pattern && is_plain(p) => {
                let from = text.len();
                self.quick_value(p, text, cx)
                    && (double
                        || mode == Mode::Single
                        || (text.get(from..).is_some_and(is_one_field) && self.usual_separators()))
            }
            Part::Arith(w) if mode == Mode::Single && alone && sum.is_none() => {
                let mut expression = String::new();
                let fits = w.iter().all(|p| match p {
                    Part::Lit(s) | Part::Quoted(s) => {
                        expression.push_str(s);
                        true
                    }
                    Part::Param(p) => is_plain(p) && self.quick_value(p, &mut expression, cx),
                    _ => false,
                });
                text.push('\0');
                *sum = Some(expression);
                fits
            }
            _ => false,
        }
    }

    /// Appends a parameter's value; false where it is not a plain one.
    fn quick_value(&self, p: &Param, out: &mut String, cx: &mut Cx<'_>) -> bool {
        if p.name.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
            && let Some(v) = self.vars.get_raw(&p.name)
            && let (Value::Str(s), false) = (&v.value, v.nameref)
        {
            out.push_str(s);
            return true;
        }
        if matches!(&*p.name, "@" | "*") {
            return false;
        }
        match self.scalar(&p.name, cx) {
            Some(s) => out.push_str(&s),
            None if self.opts.hot(Hot::Nounset) => return false,
            None => {}
        }
        true
    }

    fn usual_separators(&self) -> bool {
        match self.vars.get("IFS").map(|v| &v.value) {
            None => true,
            Some(Value::Str(s)) => &**s == " \t\n",
            _ => false,
        }
    }
}

/// Whether a whole word may be a pattern: a bracket alone is none.
fn is_pattern(s: &str) -> bool {
    s.contains(['*', '?', '(', '\\']) || (s.contains('[') && s.contains(']'))
}

fn is_plain(p: &Param) -> bool {
    p.index.is_none() && !p.indirect && p.op == ParamOp::Value
}

/// Whether an unquoted value stays one field that matches only itself.
fn is_one_field(value: &str) -> bool {
    !value.is_empty() && !value.bytes().any(|b| matches!(b, b' ' | b'\t' | b'\n' | b'*' | b'?' | b'[' | b'\\' | b'('))
}
