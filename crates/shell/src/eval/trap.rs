//! Traps: commands that run at signals, at the end, after failures.

use std::rc::Rc;

use layerlab_kernel::sorted::SortedMap;
use layerlab_kernel::{Cx, Disposition, Signal};

use super::{Control, Frame, Shell, SourceKind};

/// What a trap is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TrapName {
    /// The shell's end.
    Exit,
    /// A signal.
    Signal(Signal),
    /// After each simple command (bash).
    Debug,
    /// After a failure (bash).
    Err,
    /// After a function (bash).
    Return,
}

impl TrapName {
    /// `EXIT`, `0`, `INT`, `SIGINT`, `2`, `ERR`.
    pub fn parse(s: &str) -> Option<Self> {
        match s.to_ascii_uppercase().as_str() {
            "EXIT" | "0" => Some(Self::Exit),
            "DEBUG" => Some(Self::Debug),
            "RETURN" => Some(Self::Return),
            "ERR" => Some(Self::Err),
            up => Signal::parse(up).map(Self::Signal),
        }
    }
    /// As `trap` prints it in bash.
    pub fn text(self, sig: bool) -> String {
        match self {
            Self::Exit => "EXIT".into(),
            Self::Debug => "DEBUG".into(),
            Self::Return => "RETURN".into(),
            Self::Err => "ERR".into(),
            Self::Signal(s) if sig => format!("SIG{}", s.name()),
            Self::Signal(s) => s.name().into(),
        }
    }
}

/// The traps that are set; an empty action ignores.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Traps {
    actions: SortedMap<TrapName, Rc<str>>,
    /// A subshell may still show its parent's traps.
    inherited: SortedMap<TrapName, Rc<str>>,
    exiting: bool,
    /// Those that running functions don't inherit, with the function's depth.
    hidden: Vec<(usize, TrapName, Rc<str>)>,
}

/// Signals that end a process, after which bash's EXIT trap runs.
const TERMINATING: &[Signal] =
    &[Signal::HUP, Signal::INT, Signal::ALRM, Signal::PIPE, Signal::TERM, Signal::USR1, Signal::USR2];

fn bit(s: Signal) -> u64 {
    1 << (s.number() & 63)
}

impl Traps {
    fn remember(&mut self, name: TrapName, action: Option<&str>) {
        match action {
            Some(a) => self.actions.insert(name, a.into()),
            None => self.actions.remove(&name),
        };
    }
    fn has_exit(&self) -> bool {
        self.actions.get(&TrapName::Exit).is_some_and(|a| !a.is_empty())
    }
    /// Whether any has an action.
    pub fn any(&self) -> bool {
        self.actions.values().any(|a| !a.is_empty())
    }
    /// Whether the signal runs something.
    pub fn catches(&self, s: Signal) -> bool {
        self.actions.get(&TrapName::Signal(s)).is_some_and(|a| !a.is_empty())
    }
    /// Whether the signal is ignored by `trap ''`.
    pub fn ignores(&self, s: Signal) -> bool {
        self.actions.get(&TrapName::Signal(s)).is_some_and(|a| a.is_empty())
    }
    /// In a subshell: only what is ignored stays; the others may still be `shown` by `trap`.
    pub fn reset(&mut self, shown: bool, opts: &super::Opts) {
        let mut all = std::mem::take(&mut self.actions);
        let stays = |n: TrapName, a: &str| match n {
            TrapName::Debug | TrapName::Return => opts.has("functrace"),
            TrapName::Err => opts.has("errtrace"),
            _ => a.is_empty(),
        };
        self.actions = all.iter().filter(|(n, a)| stays(**n, a)).map(|(n, a)| (*n, a.clone())).collect();
        if !shown {
            all.clear();
        }
        self.inherited = all;
        self.exiting = false;
    }
    /// Nothing runs at the end.
    pub fn clear_exit(&mut self) {
        self.actions.remove(&TrapName::Exit);
    }
    /// Nothing runs after a failure.
    pub fn clear_err(&mut self) {
        self.actions.remove(&TrapName::Err);
    }
    /// For `trap` without arguments.
    pub fn list(&self) -> Vec<(TrapName, Rc<str>)> {
        let from = if self.actions.is_empty() { &self.inherited } else { &self.actions };
        from.iter().map(|(n, a)| (*n, a.clone())).collect()
    }
}

impl Shell {
    /// Sets a trap; `None` is the default again.
    pub fn set_trap(&mut self, name: TrapName, action: Option<&str>, cx: &mut Cx<'_>) {
        self.traps.inherited.clear();
        if let TrapName::Signal(s) = name
            && self.ignores_always(s)
        {
            // What a script was started without can neither be caught nor reset; dash and ash only list it.
            if !self.dialect.is_bash() {
                self.traps.remember(name, action);
            }
            return;
        }
        self.traps.remember(name, action);
        match name {
            TrapName::Signal(s) => self.set_disposition(s, cx),
            // Bash's runs too where a signal ends the shell.
            TrapName::Exit if self.dialect.is_bash() => self.set_dispositions(cx),
            _ => {}
        }
    }

    /// Whether the signal was ignored when the shell started: in a script that stays.
    fn ignores_always(&self, s: Signal) -> bool {
        !self.interactive && self.ignored & bit(s) != 0
    }

    /// What the shell does with a signal that has no trap.
    fn own_disposition(&self, s: Signal) -> Disposition {
        match s {
            Signal::INT | Signal::WINCH if self.interactive => Disposition::Catch,
            // Bash hands it on to its jobs; without any there is nothing to do.
            Signal::HUP if self.hangs_up() => Disposition::Catch,
            Signal::TERM | Signal::QUIT | Signal::TSTP | Signal::TTIN | Signal::TTOU if self.interactive => {
                Disposition::Ignore
            }
            s if self.ignores_always(s) => Disposition::Ignore,
            Signal::INT | Signal::QUIT if self.background => Disposition::Ignore,
            Signal::QUIT if self.dialect.is_bash() || (!self.is_dash() && self.subshell == 0) => Disposition::Ignore,
            // It waits for the command in front to end first.
            Signal::INT if self.dialect.is_bash() || self.subshell == 0 => Disposition::Catch,
            s if self.dialect.is_bash() && TERMINATING.contains(&s) && self.traps.has_exit() => Disposition::Catch,
            _ => Disposition::Default,
        }
    }

    fn hangs_up(&self) -> bool {
        self.interactive && self.dialect.is_bash() && !self.jobs.is_empty()
    }

    /// Before a prompt: there may be jobs now that have to know when the terminal is gone.
    pub(crate) fn watch_hangup(&mut self, cx: &mut Cx<'_>) {
        self.set_disposition(Signal::HUP, cx);
    }

    /// The terminal is gone: all jobs are told (jobs.c `hangup_all_jobs`), then it is the shell's end.
    fn hang_up(&mut self, cx: &mut Cx<'_>) {
        for job in &self.jobs {
            // One that has ended needs no signal.
            let _ = cx.kill(-(job.pgid as i32), Some(Signal::HUP));
            let _ = cx.kill(-(job.pgid as i32), Some(Signal::CONT));
        }
        self.die_of(Signal::HUP);
    }

    fn set_disposition(&mut self, s: Signal, cx: &mut Cx<'_>) {
        let new = match self.traps.actions.get(&TrapName::Signal(s)) {
            _ if self.ignores_always(s) => Disposition::Ignore,
            Some(a) if a.is_empty() => Disposition::Ignore,
            Some(_) => Disposition::Catch,
            None => self.own_disposition(s),
        };
        if cx.disposition(s) != new {
            let _ = cx.sigaction(s, new);
        }
    }

    /// Tells the kernel what the shell does with each signal.
    pub(crate) fn set_dispositions(&mut self, cx: &mut Cx<'_>) {
        for s in Signal::ALL {
            self.set_disposition(*s, cx);
        }
    }

    /// Signals that whoever started the shell ignores.
    pub(crate) fn note_ignored(&mut self, cx: &mut Cx<'_>) {
        for s in Signal::ALL {
            if cx.disposition(*s) == Disposition::Ignore {
                self.ignored |= bit(*s);
                if self.dialect.is_bash() {
                    self.traps.actions.insert(TrapName::Signal(*s), "".into());
                }
            }
        }
    }

    /// A background command without job control ignores ^C and ^\; dash and ash let no trap change that.
    pub(super) fn go_to_background(&mut self) {
        self.background = true;
        if !self.dialect.is_bash() {
            self.ignored |= bit(Signal::INT) | bit(Signal::QUIT);
        }
    }

    /// A program gets the signals that only the shell ignores for itself.
    pub(super) fn give_signals(&mut self, cx: &mut Cx<'_>) {
        for s in Signal::ALL {
            let others = self.traps.ignores(*s)
                || self.ignored & bit(*s) != 0
                || (self.background && matches!(s, Signal::INT | Signal::QUIT));
            if !others && cx.disposition(*s) == Disposition::Ignore {
                let _ = cx.sigaction(*s, Disposition::Default);
            }
        }
    }

    /// A signal that nothing catches ends the shell, after bash's EXIT trap.
    pub(super) fn die_of(&mut self, s: Signal) {
        self.dying = Some(s);
        self.io.clear();
        self.control = Some(Control::Exit);
        if !self.dialect.is_bash() {
            self.traps.clear_exit();
        }
    }

    /// Takes the signals that have arrived.
    pub(super) fn note_signals(&mut self, cx: &mut Cx<'_>) {
        while let Some(s) = cx.take_signal() {
            if self.traps.catches(s) {
                self.arrived.push_back(s);
            } else if !self.interactive && s != Signal::WINCH {
                if s == Signal::INT && matches!(self.frames.last(), Some(Frame::Wait(_))) {
                    self.interrupted = true;
                } else {
                    self.die_of(s);
                }
            }
            match s {
                Signal::INT if self.interactive => {
                    self.interrupted = true;
                    let waits = matches!(self.frames.last(), Some(Frame::Wait(_) | Frame::Prompt(_) | Frame::Subst(_)));
                    if !waits && self.control.is_none() {
                        // What could not be written is not written any more.
                        self.io.retain(|(fd, ..)| *fd == 2);
                        self.err("\n");
                        self.control = Some(Control::Interrupt);
                        self.status = 130;
                    }
                }
                Signal::HUP if self.interactive && !self.traps.catches(s) => self.hang_up(cx),
                Signal::WINCH => self.window_changed = true,
                _ => {}
            }
        }
    }

    pub(crate) fn has_pending_trap(&self) -> bool {
        !self.arrived.is_empty()
    }

    /// Runs the trap of the first signal that has arrived.
    pub fn run_pending_trap(&mut self) {
        if let Some(s) = self.arrived.pop_front() {
            self.run_trap(TrapName::Signal(s));
        }
    }

    fn run_trap(&mut self, name: TrapName) {
        self.run_trap_seeing(name, self.status);
    }

    /// Runs a trap in which `$?` is `seen`.
    pub(super) fn run_trap_seeing(&mut self, name: TrapName, seen: i32) {
        let Some(action) = self.traps.actions.get(&name).filter(|a| !a.is_empty()).cloned() else { return };
        self.frames.push(Frame::Trap(std::mem::replace(&mut self.status, seen), name));
        // Bash counts the lines of a signal's from 1.
        let own = self.dialect.is_bash() && matches!(name, TrapName::Exit | TrapName::Signal(_));
        self.push_source(SourceKind::Trap, &action, if own { 1 } else { self.line.max(1) });
    }

    /// Starts the EXIT trap; false if there is none, or it has run.
    pub(super) fn run_exit_trap(&mut self) -> bool {
        if self.traps.exiting || self.traps.actions.get(&TrapName::Exit).is_none_or(|a| a.is_empty()) {
            return false;
        }
        self.traps.exiting = true;
        self.run_trap(TrapName::Exit);
        true
    }

    /// Runs a trap that is no signal's, with `$?` kept.
    pub(super) fn run_trap_named(&mut self, name: TrapName) {
        self.run_trap(name);
    }

    /// A function begins: what it doesn't inherit is put aside until it ends.
    pub(super) fn hide_traps(&mut self, name: &str) {
        if self.traps.actions.is_empty() || !self.dialect.is_bash() {
            return;
        }
        let traced = self.opts.has("functrace") || self.traced_functions.contains(name);
        let depth = self.functions.len();
        for (n, stays) in
            [(TrapName::Debug, traced), (TrapName::Return, traced), (TrapName::Err, self.opts.has("errtrace"))]
        {
            if !stays && let Some(a) = self.traps.actions.remove(&n) {
                self.traps.hidden.push((depth, n, a));
            }
        }
    }

    /// A function ends: what was put aside is there again, unless the function has set another.
    pub(super) fn show_traps(&mut self) {
        let depth = self.functions.len();
        while let Some((_, n, a)) = self.traps.hidden.pop_if(|(d, ..)| *d >= depth) {
            self.traps.actions.entry(n).or_insert(a);
        }
    }

    fn runs(&self, name: TrapName) -> bool {
        self.traps.actions.get(&name).is_some_and(|a| !a.is_empty())
            && !self.frames.iter().any(|f| matches!(f, Frame::Trap(_, n) if *n == name))
    }

    /// The status that `exit` gives in a running trap.
    pub(crate) fn status_before_trap(&self) -> Option<i32> {
        let bash = self.dialect.is_bash();
        self.frames.iter().rev().find_map(|f| match f {
            Frame::Trap(status, name) if !bash || *name == TrapName::Exit => Some(*status),
            _ => None,
        })
    }

    /// Whether the RETURN trap runs as a function or sourced script ends.
    pub(super) fn traces_return(&self) -> bool {
        self.runs(TrapName::Return) && !self.frames.iter().any(|f| matches!(f, Frame::Trap(_, TrapName::Debug)))
    }

    /// Whether the DEBUG trap runs before the next command.
    pub(super) fn traces_commands(&self) -> bool {
        self.runs(TrapName::Debug)
    }

    pub(super) fn has_err_trap(&self) -> bool {
        self.traps.actions.contains_key(&TrapName::Err)
    }

    pub(super) fn run_err_trap(&mut self) {
        if self.runs(TrapName::Err) {
            // It runs before `set -e` leaves.
            let leave = self.control.take();
            if leave.is_some() {
                self.frames.push(Frame::Leave);
            }
            self.run_trap(TrapName::Err);
        }
    }
}
