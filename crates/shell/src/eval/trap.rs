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
    /// How many functions were running when RETURN was set.
    return_depth: usize,
}

impl Traps {
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
    pub fn reset(&mut self, shown: bool) {
        let mut all = std::mem::take(&mut self.actions);
        self.actions = all.iter().filter(|(_, a)| a.is_empty()).map(|(n, a)| (*n, a.clone())).collect();
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
        if name == TrapName::Return {
            self.traps.return_depth = self.functions.len();
        }
        let ours = self.interactive;
        match action {
            Some(a) => self.traps.actions.insert(name, a.into()),
            None => self.traps.actions.remove(&name),
        };
        if let TrapName::Signal(s) = name {
            let disposition = match action {
                Some("") => Disposition::Ignore,
                Some(_) => Disposition::Catch,
                None if ours && matches!(s, Signal::INT | Signal::WINCH) => Disposition::Catch,
                None if ours
                    && matches!(s, Signal::TERM | Signal::QUIT | Signal::TSTP | Signal::TTIN | Signal::TTOU) =>
                {
                    Disposition::Ignore
                }
                None => Disposition::Default,
            };
            let _ = cx.sigaction(s, disposition);
        }
    }

    /// Takes the signals that have arrived.
    pub(super) fn note_signals(&mut self, cx: &mut Cx<'_>) {
        while let Some(s) = cx.take_signal() {
            if self.traps.catches(s) {
                self.arrived.push_back(s);
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
        let Some(action) = self.traps.actions.get(&name).filter(|a| !a.is_empty()).cloned() else { return };
        self.frames.push(Frame::Trap(self.status));
        self.push_source(SourceKind::Trap, &action, self.line.max(1));
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

    /// Whether the RETURN trap runs as the function at this depth ends.
    pub(super) fn traces_return(&self, depth: usize) -> bool {
        self.traps.actions.get(&TrapName::Return).is_some_and(|a| !a.is_empty())
            && (self.opts.has("functrace") || self.traps.return_depth == depth)
            && !self.frames.iter().any(|f| matches!(f, Frame::Trap(_)))
    }

    /// Whether the DEBUG trap runs before the next command.
    pub(super) fn traces_commands(&self) -> bool {
        self.traps.actions.get(&TrapName::Debug).is_some_and(|a| !a.is_empty())
            && (self.functions.is_empty() || self.opts.has("functrace"))
            && !self.frames.iter().any(|f| matches!(f, Frame::Trap(_)))
    }

    pub(super) fn has_err_trap(&self) -> bool {
        self.traps.actions.contains_key(&TrapName::Err)
    }

    pub(super) fn run_err_trap(&mut self) {
        if self.has_err_trap()
            && !self.frames.iter().any(|f| matches!(f, Frame::Trap(_)))
            && (self.functions.is_empty() || self.opts.has("errtrace"))
        {
            // It runs before `set -e` leaves.
            let leave = self.control.take();
            if leave.is_some() {
                self.frames.push(Frame::Leave);
            }
            self.run_trap(TrapName::Err);
        }
    }
}
