//! Expansions that need no machine: words of text, plain variables and arithmetic. A loop's body is
//! mostly such words.

use layerlab_kernel::{Cx, SimTime};

use super::{Mode, Stop, pattern};
use crate::eval::{Hot, Shell};
use crate::parse::ast::{Param, ParamOp, Part, Word};
use crate::vars::Value;

impl Shell {
    /// Expands the words into `results` if that can be done at once: all of them, or none.
    pub(crate) fn quick_expand(&mut self, words: &[(Word, Mode)], cx: &mut Cx<'_>) -> bool {
        let alone = words.len() == 1;
        if !words.iter().all(|(w, mode)| self.is_quick(w, *mode, alone, cx)) {
            return false;
        }
        let mut results = Vec::with_capacity(words.len());
        for (w, mode) in words {
            cx.charge(SimTime(60));
            let mut text = String::new();
            if let Err(stop) = self.quick_parts(w, *mode, &mut text, cx) {
                self.expansion_failed(stop);
                return true;
            }
            results.push(vec![text]);
        }
        self.results = results;
        true
    }

    fn is_quick(&self, w: &Word, mode: Mode, alone: bool, cx: &mut Cx<'_>) -> bool {
        if w.is_empty() {
            return mode != Mode::Fields;
        }
        w.iter().all(|p| match p {
            Part::Lit(s) => mode != Mode::Fields || !(pattern::has_glob(s) || s.contains('(')),
            Part::Quoted(_) => true,
            Part::Double(inner) => inner.iter().all(|p| match p {
                Part::Quoted(_) => true,
                Part::Param(p) => mode != Mode::Pattern && is_plain(p) && self.quick_value(p, &mut String::new(), cx),
                // Its side effects happen once: nothing that follows may need the machine.
                Part::Arith(w) => mode == Mode::Single && alone && self.is_quick_arith(w, cx),
                _ => false,
            }),
            Part::Param(p) => {
                let mut value = String::new();
                mode != Mode::Pattern
                    && is_plain(p)
                    && self.quick_value(p, &mut value, cx)
                    && (mode == Mode::Single || (self.usual_separators() && is_one_field(&value)))
            }
            Part::Arith(w) => mode == Mode::Single && alone && self.is_quick_arith(w, cx),
            _ => false,
        })
    }

    fn is_quick_arith(&self, w: &Word, cx: &mut Cx<'_>) -> bool {
        w.iter().all(|p| match p {
            Part::Lit(_) | Part::Quoted(_) => true,
            Part::Param(p) => is_plain(p) && self.quick_value(p, &mut String::new(), cx),
            _ => false,
        })
    }

    fn quick_parts(&mut self, w: &Word, mode: Mode, out: &mut String, cx: &mut Cx<'_>) -> Result<(), Stop> {
        for p in w.iter() {
            match p {
                Part::Lit(s) => out.push_str(s),
                Part::Quoted(s) if mode == Mode::Pattern => pattern::escape_into(s, out),
                Part::Quoted(s) => out.push_str(s),
                Part::Double(inner) => self.quick_parts(inner, mode, out, cx)?,
                Part::Param(p) => {
                    self.quick_value(p, out, cx);
                }
                Part::Arith(w) => {
                    let mut text = String::new();
                    self.quick_parts(w, Mode::Single, &mut text, cx)?;
                    let n = self.eval_arith(&text, cx).map_err(|e| Stop::Error(self.arith_message(&e)))?;
                    out.push_str(&n.to_string());
                }
                _ => {}
            }
        }
        Ok(())
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

fn is_plain(p: &Param) -> bool {
    p.index.is_none() && !p.indirect && p.op == ParamOp::Value
}

/// Whether an unquoted value stays one field that matches only itself.
fn is_one_field(value: &str) -> bool {
    !value.is_empty() && !value.bytes().any(|b| matches!(b, b' ' | b'\t' | b'\n' | b'*' | b'?' | b'[' | b'\\' | b'('))
}
