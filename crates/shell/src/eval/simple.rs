//! Simple commands: words, assignments, redirections, then a function, a builtin or a program.

use std::rc::Rc;

use layerlab_kernel::{Cx, SimTime};

use super::exec::ExecFrame;
use super::fork::ForkFrame;
use super::redirect::{self, Resolved};
use super::{Control, Flow, Frame, Hot, Shell, Slot};
use crate::builtins::{self, Builtin, Ran};
use crate::dialect::Dialect;
use crate::expand::{Mode, Quick};
use crate::parse::ast::{Assign, AssignValue, Command, CommandKind, Part, Word};
use crate::vars::Var;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    /// Its words have been expanded.
    Words,
    /// The n-th assignment's value has been expanded.
    Assign(usize),
    /// Its redirections' words have been expanded.
    Redirs,
    /// Its line of `set -x` has been written: its redirections can be done.
    Run,
}

/// A simple command in progress.
#[derive(Clone, Debug, Hash)]
pub struct SimpleFrame {
    command: Rc<Command>,
    stage: Stage,
    argv: Vec<String>,
    /// Array assignments among the arguments of a declaration command.
    arrays: Vec<Rc<Assign>>,
    /// Assignments that `set -x` of dash and ash shows in the command's line.
    traced: Vec<String>,
    /// Its redirections.
    redirs: Vec<Resolved>,
    /// Variables that the command's own assignments hide.
    hidden: Vec<(String, Option<Var>)>,
}

/// The function that bash calls for commands that it doesn't find.
const HANDLE: &str = "command_not_found_handle";
/// How deep functions may call each other.
const MAX_FUNCTIONS: usize = 2_500;

impl Shell {
    pub(super) fn start_simple(&mut self, command: Rc<Command>, cx: &mut Cx<'_>) -> Flow {
        let CommandKind::Simple(_, words) = &command.kind else { return Flow::Go };
        self.subst_status = None;
        if command.redirs.is_empty()
            && !self.opts.hot(Hot::Xtrace)
            && self.process_fds.is_empty()
            && self.at_once(&command, cx)
        {
            return Flow::Go;
        }
        let mut arrays = Vec::new();
        let mut list: Vec<(Word, Mode)> = Vec::with_capacity(words.len());
        for w in words.iter() {
            match &**w {
                [Part::Assign(a)] => {
                    if let AssignValue::Array(_) = a.value {
                        arrays.push(a.clone());
                    }
                    list.push((w.clone(), Mode::Single));
                }
                parts if parts.iter().any(|p| matches!(p, Part::Lit(s) if s.contains('{'))) => {
                    list.extend(self.braces(std::slice::from_ref(w)).into_iter().map(|w| (w, Mode::Fields)));
                }
                _ => list.push((w.clone(), Mode::Fields)),
            }
        }
        let f = SimpleFrame {
            command,
            stage: Stage::Words,
            argv: Vec::new(),
            arrays,
            traced: Vec::new(),
            redirs: Vec::new(),
            hidden: Vec::new(),
        };
        self.results.clear();
        match self.quickly(Box::new(f), list, cx) {
            Some(f) => self.step_simple(f, cx),
            None => Flow::Go,
        }
    }

    /// Runs a lone assignment or a builtin whose words need no machine; false if it is neither, and nothing has
    /// happened. A loop is mostly such commands.
    fn at_once(&mut self, command: &Command, cx: &mut Cx<'_>) -> bool {
        let CommandKind::Simple(assigns, words) = &command.kind else { return false };
        if let ([a], []) = (&**assigns, &**words) {
            let AssignValue::Scalar(w) = &a.value else { return false };
            if a.append || a.index.is_some() {
                return false;
            }
            let text = match self.quick_word(w, Mode::Single, true, cx) {
                Quick::Done(text) => text,
                Quick::Machine => return false,
                Quick::Failed => return true,
            };
            if !self.assign_plain(&a.name, &text)
                && !self.assign(&Slot { name: a.name.to_string(), index: None }, &text, false, cx)
            {
                self.status = if self.dialect.is_bash() { 1 } else { 2 };
                self.control.get_or_insert(Control::Abort);
                return true;
            }
            self.status = 0;
            self.frames.push(Frame::Check);
            return true;
        }
        let Some([Part::Lit(name)]) = words.first().map(|w| &**w).filter(|_| assigns.is_empty()) else { return false };
        let braces = |w: &Word| w.iter().any(|p| matches!(p, Part::Lit(s) if s.contains('{')));
        let Some(b) = builtins::find(name, self.dialect).filter(|b| b.name != "exec") else { return false };
        if self.disabled.contains(b.name) || self.funcs.contains_key(b.name) || words.iter().any(braces) {
            return false;
        }
        let mut argv = Vec::with_capacity(words.len());
        for w in words.iter() {
            match self.quick_word(w, Mode::Fields, false, cx) {
                Quick::Done(text) => argv.push(text),
                _ => return false,
            }
        }
        cx.charge(SimTime(2_000 + 60 * argv.len() as u64));
        if let Some(last) = argv.last() {
            self.last_arg.clone_from(last);
        }
        self.frames.push(Frame::Check);
        self.run_builtin(b, &argv, cx);
        true
    }

    /// Expands the words that a command's next stage needs; without the frame where that takes time, or fails.
    fn quickly(&mut self, f: Box<SimpleFrame>, words: Vec<(Word, Mode)>, cx: &mut Cx<'_>) -> Option<Box<SimpleFrame>> {
        self.results.clear();
        if words.is_empty() {
            return Some(f);
        }
        if self.quick_expand(&words, cx) {
            return if self.control.is_none() { Some(f) } else { None };
        }
        self.frames.push(Frame::Simple(f));
        self.frames.push(Frame::Expand(Box::new(crate::expand::Expand::new(words))));
        None
    }

    pub(super) fn step_simple(&mut self, mut f: Box<SimpleFrame>, cx: &mut Cx<'_>) -> Flow {
        let command = f.command.clone();
        let CommandKind::Simple(assigns, _) = &command.kind else { return Flow::Go };
        loop {
            let next = match f.stage {
                Stage::Words => {
                    f.argv = std::mem::take(&mut self.results).into_iter().flatten().collect();
                    0
                }
                Stage::Assign(i) => {
                    if let Some(a) = assigns.get(i)
                        && !self.do_assign(&mut f, a, cx)
                    {
                        return Flow::Go;
                    }
                    i + 1
                }
                Stage::Redirs => {
                    f.redirs = redirect::resolve(&command.redirs, std::mem::take(&mut self.results));
                    f.stage = Stage::Run;
                    self.trace_simple(&mut f, cx);
                    if !self.io.is_empty() && !f.redirs.is_empty() {
                        self.frames.push(Frame::Simple(f));
                        return Flow::Go;
                    }
                    continue;
                }
                Stage::Run => {
                    let redirs = std::mem::take(&mut f.redirs);
                    return self.run_simple(*f, redirs, cx);
                }
            };
            let words = match assigns.get(next) {
                Some(a) => {
                    f.stage = Stage::Assign(next);
                    self.assign_words(a)
                }
                None => {
                    f.stage = Stage::Redirs;
                    redirect::targets(&command.redirs, self.dialect)
                }
            };
            match self.quickly(f, words, cx) {
                Some(same) => f = same,
                None => return Flow::Go,
            }
        }
    }

    /// Does one assignment before a command; false if that ends the command.
    fn do_assign(&mut self, f: &mut SimpleFrame, a: &Assign, cx: &mut Cx<'_>) -> bool {
        let temporary = !f.argv.is_empty();
        if temporary && !f.hidden.iter().any(|(n, _)| **n == *a.name) {
            f.hidden.push((a.name.to_string(), self.vars.get_raw(&a.name).cloned()));
        }
        if self.opts.hot(Hot::Xtrace)
            && let AssignValue::Scalar(_) = a.value
        {
            let v = self.results.last().and_then(|v| v.first()).cloned().unwrap_or_default();
            let op = if a.append { "+=" } else { "=" };
            let v = if v.is_empty() { String::new() } else { self.traced(std::slice::from_ref(&v)) };
            let text = format!("{}{op}{v}", a.name);
            if self.dialect.is_bash() {
                self.trace(&text, cx);
            } else {
                f.traced.push(text);
            }
        }
        if temporary && self.dialect.is_bash() && self.vars.get(&a.name).is_some_and(|v| v.readonly) {
            self.complain(&format!("{}: readonly variable", a.name));
            f.hidden.retain(|(n, _)| **n != *a.name);
            return true;
        }
        if !self.finish_assign(a, cx) {
            let hidden = std::mem::take(&mut f.hidden);
            self.restore_vars(hidden);
            self.status = if self.dialect.is_bash() { 1 } else { 2 };
            if !temporary || !self.dialect.is_bash() {
                self.control.get_or_insert(Control::Abort);
            }
            return false;
        }
        if temporary {
            self.vars.entry(&a.name).export = true;
        }
        true
    }

    pub(super) fn restore_vars(&mut self, saved: Vec<(String, Option<Var>)>) {
        for (name, old) in saved.into_iter().rev() {
            match old {
                Some(v) => *self.vars.entry_raw(&name) = v,
                None => self.vars.remove(&name),
            }
            self.variable_changed(&name);
        }
    }

    /// The command's line of `set -x`.
    fn trace_simple(&mut self, f: &mut SimpleFrame, cx: &mut Cx<'_>) {
        if self.opts.hot(Hot::Xtrace) && !f.argv.is_empty() {
            f.traced.push(self.traced(&f.argv));
        }
        if !f.traced.is_empty() {
            let text = std::mem::take(&mut f.traced).join(" ");
            self.trace(&text, cx);
        }
    }

    fn run_simple(&mut self, mut f: SimpleFrame, redirs: Vec<Resolved>, cx: &mut Cx<'_>) -> Flow {
        if !self.process_fds.is_empty() {
            self.frames.push(Frame::Close(std::mem::take(&mut self.process_fds)));
        }
        let Some(name) = f.argv.first().cloned() else {
            let mut saved = Vec::new();
            let r = self.redirect(&redirs, Some(&mut saved), cx);
            self.restore_fds(saved, cx);
            self.status = self.subst_status.unwrap_or(0);
            if let Err(e) = r {
                self.complain(&e);
                self.status = self.redirect_status();
            }
            self.frames.push(Frame::Check);
            return Flow::Go;
        };
        if let Some(last) = f.argv.last() {
            self.last_arg.clone_from(last);
        }
        self.simple_text = f.command.text.clone();
        let builtin = builtins::find(&name, self.dialect).filter(|b| !self.disabled.contains(b.name));
        let special = builtin.is_some_and(|b| b.special);
        let function = self.funcs.get(&name).cloned().filter(|_| self.dialect.is_bash() || !special);
        self.frames.push(Frame::Check);
        let keeps = special && !self.dialect.is_bash() && function.is_none();
        // `x=1 export x` sets it for good.
        if matches!(name.as_str(), "export" | "readonly") {
            f.hidden.retain(|(n, _)| !f.argv.iter().any(|a| a.split('=').next() == Some(n)));
        }
        if !f.hidden.is_empty() && !keeps {
            self.frames.push(Frame::TempEnv(std::mem::take(&mut f.hidden)));
        }
        if let Some(func) = function {
            return self.call_function(&name, &func, f.argv, &redirs, cx);
        }
        match builtin {
            Some(b) => self.call_builtin(b, f, &redirs, cx),
            None if self.handles_missing(&name, cx) => {
                if let Some(func) = self.funcs.get(HANDLE).cloned() {
                    let argv = std::iter::once(HANDLE.to_owned()).chain(f.argv).collect();
                    return self.call_function(HANDLE, &func, argv, &redirs, cx);
                }
                Flow::Go
            }
            None => self.run_program(f.argv, redirs.into(), cx),
        }
    }

    /// Calls a builtin with its redirections; a special one's failure ends a script of dash.
    fn call_builtin(&mut self, b: &'static Builtin, f: SimpleFrame, redirs: &[Resolved], cx: &mut Cx<'_>) -> Flow {
        cx.charge(SimTime(2_000));
        let mut saved = Vec::new();
        let exec = |at: usize| f.argv.get(at).is_some_and(|a| a == "exec");
        let keep = exec(0) || (f.argv.first().is_some_and(|a| a == "command") && exec(1) && f.argv.len() == 2);
        if let Err(e) = self.redirect(redirs, Some(&mut saved), cx) {
            // The message goes where errors went before.
            self.restore_fds(saved, cx);
            self.complain(&e);
            self.status = self.redirect_status();
            if b.special && !self.dialect.is_bash() || keep && !self.interactive && f.argv.len() > 1 {
                self.control = Some(Control::Abort);
            }
            return Flow::Go;
        }
        if keep && (f.argv.len() <= 1 || !exec(0)) {
            redirect::forget(saved, cx);
        } else if !saved.is_empty() {
            self.frames.push(Frame::Restore(saved));
        }
        if !f.arrays.is_empty() {
            self.frames.push(Frame::ArrayAssigns(f.arrays));
        }
        self.run_builtin(b, &f.argv, cx);
        Flow::Go
    }

    /// Runs a builtin; what blocks is a frame of its own.
    pub fn run_builtin(&mut self, b: &'static Builtin, argv: &[String], cx: &mut Cx<'_>) {
        self.builtin = Some(b.name);
        match (b.run)(self, cx, argv) {
            Ran::Status(n) => self.status = n,
            Ran::Then(frame) => self.frames.push(frame),
            Ran::Quiet => {}
        }
        self.builtin = None;
    }

    fn call_function(
        &mut self,
        name: &str,
        func: &crate::parse::ast::Function,
        argv: Vec<String>,
        redirs: &[Resolved],
        cx: &mut Cx<'_>,
    ) -> Flow {
        let most =
            self.vars.value("FUNCNEST").and_then(|v| v.parse().ok()).filter(|n| *n > 0 && self.dialect.is_bash());
        let most = most.unwrap_or(MAX_FUNCTIONS).min(MAX_FUNCTIONS);
        if self.functions.len() >= most {
            self.complain(&format!("{name}: maximum function nesting level exceeded ({most})"));
            self.status = 1;
            self.control = Some(Control::Abort);
            return Flow::Go;
        }
        let mut saved = Vec::new();
        let r = self.redirect(redirs, Some(&mut saved), cx);
        if !saved.is_empty() {
            self.frames.push(Frame::Restore(saved));
        }
        if let Err(e) = r {
            self.complain(&e);
            self.status = self.redirect_status();
            return Flow::Go;
        }
        if !self.dialect.is_bash() {
            self.getopts_kept.push((self.getopts_index, self.getopts_at));
            (self.getopts_index, self.getopts_at) = (1, 0);
        }
        let params = std::mem::replace(&mut self.params, Rc::new(argv.into_iter().skip(1).collect()));
        // In ash, `break` leaves the caller's loop too.
        let loops = if self.dialect == Dialect::Ash { self.loops } else { std::mem::take(&mut self.loops) };
        self.vars.push_scope();
        self.functions.push(name.into());
        self.call_lines.push(self.line);
        self.sources.push(self.origins.get(name).cloned().unwrap_or_else(|| "environment".into()));
        self.frames.push(Frame::Function(params, loops, false));
        self.frames.push(Frame::Command(func.body.clone()));
        self.hide_traps(name);
        if self.traces_commands() {
            self.line = func.body.line;
            self.run_trap_named(super::TrapName::Debug);
        }
        Flow::Go
    }

    /// Runs a program: in the shell's place where nothing follows, else in a child.
    pub fn run_program(&mut self, argv: Vec<String>, redirs: Rc<[Resolved]>, cx: &mut Cx<'_>) -> Flow {
        let name = argv.first().cloned().unwrap_or_default();
        let _ = self.find_hashed(cx, &name);
        let frame = ExecFrame { argv, name: None, redirs, clean: false, path: None, builtin: false };
        if self.is_tail() {
            self.leave_level();
            self.frames.clear();
            self.frames.push(Frame::Exec(Box::new(frame)));
        } else {
            let text = self.simple_text.clone();
            self.frames.push(Frame::Fork(Box::new(ForkFrame::program(frame, text))));
        }
        Flow::Go
    }

    /// A program takes the shell's place: it is on the level below.
    pub(crate) fn leave_level(&mut self) {
        if self.dialect.is_bash()
            && let Some(n) = self.vars.value("SHLVL").and_then(|v| v.parse::<i64>().ok())
        {
            self.vars.put("SHLVL", &(n - 1).max(0).to_string());
        }
    }

    fn handles_missing(&mut self, name: &str, cx: &mut Cx<'_>) -> bool {
        self.dialect.is_bash()
            && self.funcs.contains_key(HANDLE)
            && !name.contains('/')
            && matches!(self.find_hashed(cx, name), Ok(None))
    }

    /// Redirections of none.
    pub fn no_redirs() -> Rc<[Resolved]> {
        Rc::from([])
    }

    /// Whether messages come from dash.
    pub fn is_dash(&self) -> bool {
        self.dialect == Dialect::Dash
    }
}
