//! Expansion: from words to fields, as a machine that can stop for a command substitution.

pub mod arith;
mod fields;
mod glob;
mod param;
pub mod pattern;
mod quick;
mod regex;
mod value;

pub use fields::Mode;
pub use pattern::{Pattern, unescape as pattern_unescape};
pub(crate) use quick::Quick;
pub use regex::Regex;

use std::rc::Rc;

use fields::Fields;
use layerlab_kernel::{Cx, SimTime};

use crate::eval::{Control, Flow, Frame, Shell};
use crate::parse::ast::{Param, Part, Word};

/// A string or field that is larger ends the command: the machine's memory is bounded.
const LIMIT: usize = 48 << 20;

/// Words being expanded.
#[derive(Clone, Debug, Hash)]
pub struct Expand {
    words: Vec<(Word, Mode)>,
    next: usize,
    stack: Vec<Level>,
    fields: Fields,
    /// Outer fields, while a word within `${…}` is being expanded on its own.
    saved: Vec<Fields>,
    /// Results of such words.
    subs: Vec<String>,
    out: Vec<Vec<String>>,
    busy: bool,
    /// A quoted `$@` without parameters: quotes around it make no field.
    at_empty: bool,
}

#[derive(Clone, Debug, Hash)]
enum Level {
    /// Parts; the next; between double quotes; text is split too (within an unquoted `${x-…}`).
    Parts(Word, usize, bool, bool),
    /// The end of double quotes.
    CloseDouble(bool),
    /// The end of a word on its own.
    CloseSub,
    /// A parameter: double quotes, stage, where its words' results start.
    Param(Rc<Param>, bool, u8, usize),
    /// An expression whose text is ready.
    Arith(bool),
    /// A command substitution has run.
    Captured(bool),
    /// A process substitution has been started.
    Process,
}

/// What stops an expansion.
pub(crate) enum Stop {
    /// A message; the command doesn't run.
    Error(String),
    /// A message; the shell ends unless at a prompt.
    Fatal(String),
    /// What went wrong has been said.
    Silent,
    /// That too, and what follows is decided.
    Said,
    /// Words must be expanded first.
    Words(Vec<(Word, Mode)>),
    /// This word is expanded in place.
    Inline(Word),
}

impl Expand {
    /// Expands each word in its way.
    pub fn new(words: Vec<(Word, Mode)>) -> Self {
        Self {
            words,
            next: 0,
            stack: Vec::new(),
            fields: Fields::new(Mode::Fields),
            saved: Vec::new(),
            subs: Vec::new(),
            out: Vec::new(),
            busy: false,
            at_empty: false,
        }
    }

    fn push_text(&mut self, text: &str, double: bool, ifs: &str) {
        if double { self.fields.push(text, true) } else { self.fields.push_split(text, ifs) }
    }

    fn push_sub(&mut self, word: Word, mode: Mode) {
        let outer = std::mem::replace(&mut self.fields, Fields::new(mode));
        self.saved.push(outer);
        self.stack.push(Level::CloseSub);
        self.stack.push(Level::Parts(word, 0, false, false));
    }
}

impl Shell {
    /// The characters that separate fields.
    pub fn ifs(&self) -> String {
        match self.vars.get("IFS") {
            Some(v) => v.value.scalar().unwrap_or_default(),
            None => " \t\n".into(),
        }
    }

    pub(crate) fn step_expand(&mut self, mut x: Box<Expand>, cx: &mut Cx<'_>) -> Flow {
        for _ in 0..256 {
            cx.charge(SimTime(60));
            if x.stack.is_empty() {
                if x.busy {
                    self.finish_word(&mut x, cx);
                    if self.control.is_some() {
                        return Flow::Go;
                    }
                }
                let Some((word, mode)) = x.words.get(x.next).cloned() else {
                    self.results = x.out;
                    return Flow::Go;
                };
                x.next += 1;
                x.busy = true;
                x.fields = Fields::new(mode);
                x.stack.push(Level::Parts(word, 0, false, false));
            }
            if x.fields.len() > LIMIT {
                self.complain("xrealloc: cannot allocate memory");
                self.status = 2;
                self.control = Some(Control::Abort);
                return Flow::Go;
            }
            let result = match x.stack.pop() {
                Some(Level::Parts(word, i, double, split)) => match word.get(i).cloned() {
                    None => Ok(()),
                    Some(part) => {
                        x.stack.push(Level::Parts(word, i + 1, double, split));
                        match self.part(&mut x, &part, double, split, cx) {
                            Ok(true) => Ok(()),
                            Ok(false) => {
                                // A command runs first.
                                let below = self.frames.len();
                                self.begin_subst(&part, cx);
                                self.frames.insert(below, Frame::Expand(x));
                                return Flow::Go;
                            }
                            Err(e) => Err(e),
                        }
                    }
                },
                Some(level) => self.level(&mut x, level, cx),
                None => Ok(()),
            };
            if let Err(stop) = result {
                self.expansion_failed(stop);
                return Flow::Go;
            }
        }
        self.frames.push(Frame::Expand(x));
        Flow::Go
    }

    fn expansion_failed(&mut self, stop: Stop) {
        let (message, status) = match stop {
            Stop::Error(m) => (m, if self.dialect.is_bash() { 1 } else { 2 }),
            Stop::Fatal(m) => {
                self.complain(&m);
                // Bash: 127 where a string is run, 1 in a script.
                self.status = match (self.dialect.is_bash(), self.from_c) {
                    (true, true) if self.subshell == 0 => 127,
                    (true, _) => 1,
                    _ => 2,
                };
                self.control = Some(if self.interactive { Control::Abort } else { Control::Exit });
                return;
            }
            Stop::Silent => {
                self.status = if self.dialect.is_bash() && self.subshell == 0 { 1 } else { 2 };
                self.control = Some(Control::Abort);
                return;
            }
            Stop::Words(_) | Stop::Inline(_) | Stop::Said => return,
        };
        self.complain(&message);
        self.status = status;
        self.control = Some(Control::Abort);
    }

    fn finish_word(&mut self, x: &mut Expand, cx: &mut Cx<'_>) {
        x.busy = false;
        let fields = std::mem::replace(&mut x.fields, Fields::new(Mode::Fields));
        // Copying costs, so that long strings leave others their turn.
        cx.charge(SimTime(fields.len() as u64 / 8));
        if fields.mode != Mode::Fields {
            x.out.push(vec![fields.single()]);
            return;
        }
        let mut fields = fields;
        fields.end();
        let mut words = Vec::new();
        for f in fields.done {
            if f.glob && !self.opts.has("noglob") {
                let found = self.glob(&f.pattern, cx);
                if !found.is_empty() {
                    words.extend(found);
                    continue;
                }
                if self.opts.has("failglob") && pattern::is_pattern(&f.pattern) {
                    self.complain(&format!("no match: {}", f.text));
                    self.status = 1;
                    self.control = Some(Control::Abort);
                    return;
                }
                if self.opts.has("nullglob") && pattern::is_pattern(&f.pattern) {
                    continue;
                }
            }
            words.push(f.text);
        }
        x.out.push(words);
    }

    /// Starts a part; false where a command substitution must run.
    fn part(&mut self, x: &mut Expand, part: &Part, double: bool, split: bool, cx: &mut Cx<'_>) -> Result<bool, Stop> {
        match part {
            Part::Lit(s) if split && !double => {
                let ifs = self.ifs();
                x.fields.push_split(s, &ifs);
            }
            Part::Lit(s) => x.fields.push(s, double),
            Part::Quoted(s) => x.fields.push(s, true),
            Part::Double(inner) => {
                let outer = std::mem::replace(&mut x.at_empty, false);
                x.stack.push(Level::CloseDouble(outer));
                x.stack.push(Level::Parts(inner.clone(), 0, true, false));
            }
            Part::Tilde(user) => {
                let home = self.home(user, cx);
                x.fields.push(&home, true);
            }
            Part::Param(p) => {
                let base = x.subs.len();
                x.stack.push(Level::Param(p.clone(), double, 0, base));
            }
            Part::Arith(w) => {
                x.stack.push(Level::Arith(double));
                x.push_sub(Rc::from([Part::Double(w.clone())]), Mode::Single);
            }
            Part::Command(_) | Part::Backtick(_) => {
                x.stack.push(Level::Captured(double));
                return Ok(false);
            }
            Part::Process(..) => {
                x.stack.push(Level::Process);
                return Ok(false);
            }
            Part::Bad(text) => {
                return Err(if self.dialect.is_bash() {
                    Stop::Error(format!("{text}: bad substitution"))
                } else {
                    Stop::Error(if self.is_dash() {
                        "Bad substitution".into()
                    } else {
                        "syntax error: bad substitution".into()
                    })
                });
            }
            Part::Assign(a) => {
                if let Some(w) = Self::assign_word(a) {
                    x.stack.push(Level::Parts(w, 0, double, false));
                }
            }
        }
        Ok(true)
    }

    fn begin_subst(&mut self, part: &Part, cx: &mut Cx<'_>) {
        match part {
            Part::Command(list) => self.push_list_subst(list, cx),
            Part::Backtick(text) => self.push_text_subst(text, cx),
            Part::Process(input, list) => self.push_process(*input, list, cx),
            _ => {}
        }
    }

    fn level(&mut self, x: &mut Expand, level: Level, cx: &mut Cx<'_>) -> Result<(), Stop> {
        match level {
            Level::Parts(..) => {}
            Level::CloseDouble(outer) => {
                if !x.at_empty {
                    x.fields.touch();
                }
                x.at_empty = outer;
            }
            Level::CloseSub => {
                let outer = x.saved.pop().unwrap_or_else(|| Fields::new(Mode::Fields));
                let inner = std::mem::replace(&mut x.fields, outer);
                x.subs.push(inner.single());
            }
            Level::Arith(double) => {
                let text = x.subs.pop().unwrap_or_default();
                let n = self.eval_arith(&text, cx).map_err(|e| Stop::Error(self.arith_message(&e)))?;
                let ifs = self.ifs();
                x.push_text(&n.to_string(), double, &ifs);
            }
            Level::Captured(double) => {
                let text = std::mem::take(&mut self.captured);
                let ifs = self.ifs();
                x.push_text(&text, double, &ifs);
            }
            Level::Process => {
                let name = self.process_started(cx).map_err(Stop::Error)?;
                x.fields.push(&name, true);
            }
            Level::Param(p, double, stage, base) => {
                let subs = x.subs.split_off(base.min(x.subs.len()));
                match self.param(x, &p, double, stage, &subs, cx) {
                    Ok(()) => {}
                    Err(Stop::Words(words)) => {
                        x.subs.extend(subs);
                        x.stack.push(Level::Param(p, double, stage + 1, base));
                        for (w, mode) in words.into_iter().rev() {
                            x.push_sub(w, mode);
                        }
                    }
                    Err(Stop::Inline(word)) => x.stack.push(Level::Parts(word, 0, double, true)),
                    Err(e) => return Err(e),
                }
            }
        }
        Ok(())
    }
}
