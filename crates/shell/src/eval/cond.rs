//! `[[ … ]]`.

use std::rc::Rc;

use layerlab_kernel::Cx;

use super::{Flow, Frame, Shell};
use crate::expand::Mode;
use crate::parse::ast::Cond;

/// What is left to decide.
#[derive(Clone, Debug, Hash)]
pub enum CondFrame {
    /// `&&`/`||` whose left side has been decided: whether it is `&&`, the right side.
    Join(bool, Rc<Cond>),
    /// A test whose words are being expanded.
    Test(Rc<Cond>),
}

impl Shell {
    pub(super) fn push_cond(&mut self, c: &Rc<Cond>, cx: &mut Cx<'_>) -> Flow {
        match &**c {
            Cond::Not(inner) => {
                self.frames.push(Frame::Not);
                self.frames.push(Frame::CondPush(inner.clone()));
            }
            Cond::And(a, b) => {
                self.frames.push(Frame::Cond(Box::new(CondFrame::Join(true, b.clone()))));
                self.frames.push(Frame::CondPush(a.clone()));
            }
            Cond::Or(a, b) => {
                self.frames.push(Frame::Cond(Box::new(CondFrame::Join(false, b.clone()))));
                self.frames.push(Frame::CondPush(a.clone()));
            }
            Cond::Word(w) | Cond::Unary(_, w) => {
                self.frames.push(Frame::Cond(Box::new(CondFrame::Test(c.clone()))));
                self.push_expand(vec![(w.clone(), Mode::Single)], cx);
            }
            Cond::Binary(op, a, b) => {
                // Quoted parts of patterns match themselves.
                let mode = match &**op {
                    "==" | "=" | "!=" => Mode::Pattern,
                    "=~" => Mode::Regex,
                    _ => Mode::Single,
                };
                self.frames.push(Frame::Cond(Box::new(CondFrame::Test(c.clone()))));
                self.push_expand(vec![(a.clone(), Mode::Single), (b.clone(), mode)], cx);
            }
        }
        Flow::Go
    }

    pub(super) fn step_cond(&mut self, f: CondFrame, cx: &mut Cx<'_>) -> Flow {
        match f {
            CondFrame::Join(_, _) if self.status > 1 => {}
            CondFrame::Join(and, right) => {
                if (self.status == 0) == and {
                    self.frames.push(Frame::CondPush(right));
                }
            }
            CondFrame::Test(c) => {
                let words: Vec<String> = std::mem::take(&mut self.results).into_iter().flatten().collect();
                let (a, b) = (words.first().cloned().unwrap_or_default(), words.get(1).cloned().unwrap_or_default());
                if self.opts.has("xtrace") {
                    let shown = |w: &str| if w.is_empty() { "''".to_owned() } else { w.to_owned() };
                    let text = match &*c {
                        Cond::Unary(op, _) => format!("{op} {}", shown(&a)),
                        Cond::Binary(op, ..) => format!("{} {op} {}", shown(&a), shown(&b)),
                        _ => format!("-n {}", shown(&a)),
                    };
                    self.trace(&format!("[[ {text} ]]"), cx);
                }
                let answer = match &*c {
                    Cond::Word(_) => Ok(!a.is_empty()),
                    Cond::Unary(op, _) => crate::builtins::unary_test(self, cx, op, &a),
                    Cond::Binary(op, ..) => self.compare(op, &a, &b, cx),
                    _ => Ok(false),
                };
                match answer {
                    Ok(yes) => self.status = i32::from(!yes),
                    Err(e) if e.is_empty() => self.status = 2,
                    Err(e) => {
                        self.complain(&format!("[[: {e}"));
                        self.status = 1;
                    }
                }
            }
        }
        Flow::Go
    }

    fn compare(&mut self, op: &str, a: &str, b: &str, cx: &mut Cx<'_>) -> Result<bool, String> {
        match op {
            "==" | "=" | "!=" => {
                let saved = self.opts.has("extglob");
                self.opts.set("extglob", true);
                let m = self.pattern_matches(b, a);
                self.opts.set("extglob", saved);
                Ok(m == (op != "!="))
            }
            "<" => Ok(a < b),
            ">" => Ok(a > b),
            "=~" => self.regex_match(a, b),
            "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" => {
                let (x, y) = (self.eval_arith(a, cx)?, self.eval_arith(b, cx)?);
                Ok(match op {
                    "-eq" => x == y,
                    "-ne" => x != y,
                    "-lt" => x < y,
                    "-le" => x <= y,
                    "-gt" => x > y,
                    _ => x >= y,
                })
            }
            _ => crate::builtins::binary_file_test(cx, op, a, b),
        }
    }

    fn regex_match(&mut self, text: &str, pattern: &str) -> Result<bool, String> {
        let Some(re) = crate::expand::Regex::new(pattern, self.opts.has("nocasematch")) else {
            // Bash 5.2 says nothing.
            return Err(String::new());
        };
        let found = re.find(text);
        let map = found
            .as_ref()
            .map(|groups| groups.iter().enumerate().map(|(i, g)| (i as i64, g.clone().unwrap_or_default())).collect())
            .unwrap_or_default();
        self.vars.entry("BASH_REMATCH").value = crate::vars::Value::Array(Rc::new(map));
        Ok(found.is_some())
    }
}
