//! Jumps out of what is in progress: break, continue, return, exit, errors, ^C.

use layerlab_kernel::Cx;

use super::{Flow, Frame, Hot, Shell};
use crate::dialect::Dialect;

/// A jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Control {
    /// Out of so many loops.
    Break(u32),
    /// To the next turn of the n-th loop.
    Continue(u32),
    /// Out of a function or a sourced script.
    Return,
    /// Out of the shell.
    Exit,
    /// Out of the command line at a prompt; out of the shell in a script.
    Abort,
    /// ^C at a prompt.
    Interrupt,
}

impl Shell {
    /// Leaves frames until one holds the jump.
    pub(super) fn unwind(&mut self, cx: &mut Cx<'_>) {
        let Some(mut control) = self.control.take() else { return };
        while let Some(frame) = self.frames.pop() {
            match frame {
                Frame::Restore(saved) => self.restore_fds(saved, cx),
                Frame::Close(fds) => self.close_all(&fds, cx),
                Frame::TempEnv(saved) => self.restore_vars(saved),
                Frame::While(..) | Frame::For(..) | Frame::ForArith(..) | Frame::Select(..) => match control {
                    Control::Break(n) => {
                        self.loops = self.loops.saturating_sub(1);
                        if n <= 1 {
                            return;
                        }
                        control = Control::Break(n - 1);
                    }
                    Control::Continue(n) if n <= 1 => {
                        self.frames.push(match frame {
                            Frame::While(until, cond, body, _, _) => {
                                self.frames_loop(until, cond, body);
                                return;
                            }
                            Frame::ForArith(e, b, _) => Frame::ForArith(e, b, 2),
                            f => f,
                        });
                        return;
                    }
                    Control::Continue(n) => {
                        self.loops = self.loops.saturating_sub(1);
                        control = Control::Continue(n - 1);
                    }
                    _ => self.loops = self.loops.saturating_sub(1),
                },
                Frame::Function(params, loops, ran) => {
                    if control == Control::Return {
                        self.end_function(params, loops, ran, self.before_return);
                        return;
                    }
                    self.leave_function(params, loops);
                }
                Frame::Dot(params) => {
                    self.leave_dot(params);
                    if control == Control::Return {
                        return;
                    }
                }
                // `! continue` turns the loop's status round.
                Frame::Not
                    if (matches!(control, Control::Break(_) | Control::Continue(_)) && !self.is_dash())
                        || (control == Control::Return && self.dialect == Dialect::Ash) =>
                {
                    self.status = i32::from(self.status == 0);
                }
                // A `return` in a trap gives the status from before, unless it has its own.
                Frame::Trap(status, _) if control == Control::Return && !self.return_given => self.status = status,
                // In a script of bash, only the command that has the error is given up.
                Frame::Source(s)
                    if control == Control::Abort && self.dialect.is_bash() && self.dots == 0 && s.goes_on() =>
                {
                    self.loops = 0;
                    self.frames.push(Frame::Source(s));
                    return;
                }
                Frame::Subst(f) => self.drop_subst(&f, cx),
                Frame::Prompt(p) if !matches!(control, Control::Exit) => {
                    self.loops = 0;
                    self.frames.push(Frame::Prompt(p));
                    if control == Control::Interrupt {
                        self.status = 130;
                    }
                    return;
                }
                _ => {}
            }
        }
    }

    fn frames_loop(
        &mut self,
        until: bool,
        cond: std::rc::Rc<crate::parse::ast::List>,
        body: std::rc::Rc<crate::parse::ast::List>,
    ) {
        self.frames.push(Frame::While(until, cond, body, false, 0));
    }

    /// A function ends: its RETURN trap first, which sees the status `before` its `return`.
    pub(super) fn end_function(&mut self, params: std::rc::Rc<Vec<String>>, loops: u32, ran: bool, before: i32) {
        if ran || !self.traces_return() {
            self.leave_function(params, loops);
            return;
        }
        self.frames.push(Frame::Function(params, loops, true));
        self.run_trap_seeing(super::TrapName::Return, before);
    }

    fn leave_function(&mut self, params: std::rc::Rc<Vec<String>>, loops: u32) {
        if let Some((index, at)) = self.getopts_kept.pop() {
            (self.getopts_index, self.getopts_at) = (index, at);
        }
        self.vars.pop_scope();
        self.params = params;
        self.loops = loops;
        let depth = self.functions.len();
        if self.kept_options.last().is_some_and(|(d, _)| *d == depth)
            && let Some((_, opts)) = self.kept_options.pop()
        {
            self.opts = opts;
        }
        self.show_traps();
        self.functions.pop();
        self.call_lines.pop();
        self.sources.pop();
    }

    /// Whether the running function was called as `name=value f`: its own variable starts with that value.
    pub(crate) fn given_to_function(&self, name: &str) -> bool {
        let call = self.frames.iter().rev().skip_while(|f| !matches!(f, Frame::Function(..))).skip(1);
        let mut below = call.skip_while(|f| matches!(f, Frame::Restore(_)));
        matches!(below.next(), Some(Frame::TempEnv(given)) if given.iter().any(|(n, _)| n == name))
    }

    /// `local -`: the running function puts the options back.
    pub(crate) fn keep_options(&mut self) {
        let depth = self.functions.len();
        if self.kept_options.last().is_none_or(|(d, _)| *d != depth) {
            self.kept_options.push((depth, self.opts.clone()));
        }
    }

    pub(super) fn leave_dot(&mut self, params: Option<std::rc::Rc<Vec<String>>>) {
        let returns = self.traces_return();
        self.dots = self.dots.saturating_sub(1);
        self.sources.pop();
        if let Some(p) = params {
            self.params = p;
        }
        if returns {
            self.run_trap_named(super::TrapName::Return);
        }
    }

    /// After a command that failed: `set -e` and the ERR trap, unless its status is being asked for.
    pub(super) fn check_errexit(&mut self) -> Flow {
        if self.status == 0 || (!self.opts.hot(Hot::Errexit) && !self.has_err_trap()) || self.is_tested() {
            return Flow::Go;
        }
        if self.opts.hot(Hot::Errexit) {
            self.control = Some(Control::Exit);
        }
        self.run_err_trap();
        Flow::Go
    }

    /// Whether a frame around is a condition.
    pub(super) fn is_tested(&self) -> bool {
        self.tested
            || self.frames.iter().any(|f| match f {
                Frame::If(_, _, _, tested) => *tested,
                Frame::While(_, _, _, tested, _) => *tested,
                Frame::AndOr(node, i) => *i <= node.rest.len(),
                Frame::Not => true,
                _ => false,
            })
    }

    /// Whether nothing is left to do after the running command, so that a program may take the
    /// shell's place without a fork.
    pub(super) fn is_tail(&self) -> bool {
        if self.interactive || self.traps.any() || !self.io.is_empty() {
            return false;
        }
        self.frames.iter().all(|f| match f {
            Frame::List(list, i) => *i >= list.items.len(),
            Frame::AndOr(node, i) => *i > node.rest.len(),
            Frame::Check | Frame::TempEnv(_) => true,
            Frame::Source(s) => s.is_at_end(),
            _ => false,
        })
    }
}
