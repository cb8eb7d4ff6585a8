//! Children: a fork is the kernel cloning this shell; the copy then does its task.

use std::rc::Rc;

use layerlab_kernel::{Cx, Fd, OpenFlags, Ret, SimTime, Syscall};

use super::exec::ExecFrame;
use super::job::{Job, JobState};
use super::wait::WaitFrame;
use super::{Flow, Frame, Shell, SourceKind};
use crate::dialect::Dialect;
use crate::parse::ast::{AndOr, Command, CommandKind, List};

/// How deep subshells may nest: each is a process that waits.
const MAX_SUBSHELLS: u32 = 256;

/// How often bash asks again where there is no room for a child.
const FORK_TRIES: u32 = 4;

/// What a child does.
#[derive(Clone, Debug, Hash)]
pub enum Task {
    /// A subshell or command substitution.
    List(Rc<List>),
    /// A background list.
    AndOr(Rc<AndOr>),
    /// A command of a pipeline.
    Command(Rc<Command>),
    /// Backquotes.
    Text(Rc<str>),
    /// A program that only answers: no input, no messages.
    Quiet(Box<ExecFrame>),
    /// A program.
    Exec(Box<ExecFrame>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    /// The parent waits for it.
    Foreground,
    /// The parent goes on; it becomes a job.
    Background,
    /// One of a pipeline: the pipeline waits.
    Stage,
    /// A command substitution: its reader waits.
    Subst,
    /// A process substitution: nobody waits.
    Process,
}

/// A fork.
#[derive(Clone, Debug, Hash)]
pub struct ForkFrame {
    task: Task,
    kind: Kind,
    text: Rc<str>,
    /// Process group to join; 0: a new one.
    pgid: u32,
    moves: Vec<(Fd, Fd)>,
    closes: Vec<Fd>,
    asked: bool,
    /// How often bash has waited for room.
    tries: u32,
}

impl ForkFrame {
    fn new(task: Task, kind: Kind, pgid: u32, text: Rc<str>) -> Self {
        Self { task, kind, text, pgid, moves: Vec::new(), closes: Vec::new(), asked: false, tries: 0 }
    }
    pub fn foreground(task: Task) -> Self {
        Self::new(task, Kind::Foreground, 0, "".into())
    }
    pub fn program(task: ExecFrame, text: Rc<str>) -> Self {
        Self::new(Task::Exec(Box::new(task)), Kind::Foreground, 0, text)
    }
    pub fn background(task: Task, text: Rc<str>) -> Self {
        Self::new(task, Kind::Background, 0, text)
    }
    pub fn stage(task: Task, pgid: u32, text: Rc<str>) -> Self {
        Self::new(task, Kind::Stage, pgid, text)
    }
    pub fn subst(task: Task, write: Fd, read: Fd) -> Self {
        let mut f = Self::new(task, Kind::Subst, 0, "".into());
        f.close(read);
        f.move_fd(write, 1);
        f
    }
    pub fn process(task: Task, its: Fd, place: Fd, other: Fd) -> Self {
        let mut f = Self::new(task, Kind::Process, 0, "".into());
        f.close(other);
        f.move_fd(its, place);
        f
    }
    /// The child gets `from` as `to`.
    pub fn move_fd(&mut self, from: Fd, to: Fd) {
        self.moves.push((from, to));
    }
    /// The child has no use for it.
    pub fn close(&mut self, fd: Fd) {
        self.closes.push(fd);
    }
}

impl Shell {
    /// Whether jobs have process groups of their own.
    pub fn monitor(&self) -> bool {
        self.opts.has("monitor") && self.subshell == 0
    }

    pub(super) fn step_fork(&mut self, mut f: Box<ForkFrame>, cx: &mut Cx<'_>) -> Flow {
        if self.subshell >= MAX_SUBSHELLS {
            self.ret = Some(Err(layerlab_kernel::Errno::EAGAIN));
            f.asked = true;
        }
        if !f.asked {
            f.asked = true;
            // A signal ends the waiting for room.
            if f.tries == 0 || !matches!(self.ret.take(), Some(Err(_))) {
                self.frames.push(Frame::Fork(f));
                return Flow::Call(Syscall::Fork);
            }
            f.tries = FORK_TRIES;
            self.ret = Some(Err(layerlab_kernel::Errno::EAGAIN));
        }
        match self.ret.take() {
            Some(Ok(Ret::Num(0))) => {
                self.become_child(*f, cx);
                Flow::Go
            }
            Some(Ok(Ret::Num(n))) => {
                self.after_fork(*f, u32::try_from(n).unwrap_or(0), cx);
                Flow::Go
            }
            r => {
                let e = r.and_then(Result::err).map_or("", |e| e.text());
                let name = self.name.clone();
                let nested = self.subshell >= MAX_SUBSHELLS;
                if self.dialect.is_bash() && f.tries < FORK_TRIES && !nested {
                    // Bash waits for room: 1, 2, 4, 8 seconds.
                    self.err(format!("{name}: fork: retry: {e}\n"));
                    let duration = SimTime::secs(1 << f.tries);
                    (f.asked, f.tries) = (false, f.tries + 1);
                    self.frames.push(Frame::Fork(f));
                    return Flow::Call(Syscall::Sleep { duration });
                }
                self.forked = 0;
                match self.dialect {
                    Dialect::Bash => self.err(format!("{name}: fork: {e}\n")),
                    Dialect::Dash => self.complain("Cannot fork"),
                    Dialect::Ash => self.err(format!("{name}: can't fork: {e}\n")),
                }
                self.status = if self.dialect.is_bash() { 254 } else { 2 };
                self.control = Some(super::Control::Abort);
                Flow::Go
            }
        }
    }

    fn after_fork(&mut self, f: ForkFrame, pid: u32, cx: &mut Cx<'_>) {
        self.forked = pid;
        let group = if f.pgid == 0 { pid } else { f.pgid };
        if self.monitor() && !matches!(f.kind, Kind::Subst | Kind::Process) {
            let _ = cx.set_pgid(pid, group);
            if f.kind != Kind::Background
                && let Some(tty) = self.tty
            {
                let _ = cx.tc_set_pgrp(tty, group);
            }
        }
        match f.kind {
            Kind::Foreground => {
                let text = if f.text.is_empty() { self.line_text() } else { f.text };
                self.frames.push(Frame::Wait(Box::new(WaitFrame::new(vec![pid], group, text))));
            }
            Kind::Background => {
                self.last_background = Some(pid);
                // Without job control dash and ash keep no text.
                let text = if self.dialect.is_bash() || self.monitor() { f.text } else { "".into() };
                let number = self.add_job(Job {
                    number: 0,
                    pids: vec![pid],
                    ended: Vec::new(),
                    pgid: group,
                    text,
                    state: JobState::Running,
                    told: false,
                });
                if self.interactive && self.dialect != Dialect::Dash && self.subshell == 0 {
                    self.err(if self.dialect.is_bash() { format!("[{number}] {pid}\n") } else { String::new() });
                }
                self.status = 0;
            }
            Kind::Process => {
                self.last_background = Some(pid);
                if f.moves.iter().any(|(_, to)| *to == 0) {
                    self.process_outputs.push(pid);
                }
            }
            Kind::Stage | Kind::Subst => {}
        }
    }

    fn line_text(&self) -> Rc<str> {
        self.frames
            .iter()
            .rev()
            .find_map(|f| if let Frame::AndOr(n, _) = f { Some(n.text.clone()) } else { None })
            .unwrap_or_else(|| "".into())
    }

    fn become_child(&mut self, f: ForkFrame, cx: &mut Cx<'_>) {
        let monitor = self.monitor();
        let was_interactive = self.interactive;
        // What came before it was a child is for what it is now.
        let mut early = Vec::new();
        while let Some(s) = cx.take_signal() {
            early.push(s);
        }
        let tested = self.is_tested();
        self.tested = matches!(f.kind, Kind::Foreground | Kind::Stage) && self.is_tested();
        self.frames.clear();
        self.io.clear();
        self.process_outputs.clear();
        self.subshell += 1;
        self.random.seed(None);
        self.substs += u32::from(f.kind == Kind::Subst);
        self.interactive = false;
        self.interrupted = false;
        self.arrived.clear();
        // Line numbers aren't told where the parent doesn't tell them.
        self.opts.set("monitor", false);
        if monitor && !matches!(f.kind, Kind::Subst | Kind::Process) {
            let group = if f.pgid == 0 { cx.pid() } else { f.pgid };
            let _ = cx.set_pgid(0, group);
        }
        // Bash shows them in every subshell, ash in command substitutions.
        self.traps.reset(self.dialect.is_bash() || (f.kind == Kind::Subst && !self.is_dash()), &self.opts);
        if self.dialect.is_bash() && f.kind != Kind::Subst {
            self.loops = 0;
        }
        // A simple command of a pipeline is looked at where the pipeline is.
        if f.kind == Kind::Stage && matches!(&f.task, Task::Command(c) if matches!(c.kind, CommandKind::Simple(..))) {
            self.traps.clear_err();
        }
        // What the shell caught or ignored for itself is the default again; what the user ignores stays.
        self.set_dispositions(cx);
        for s in early {
            let _ = cx.sigaction(s, layerlab_kernel::Disposition::Default);
            let _ = cx.kill(cx.pid() as i32, Some(s));
            // It is acted on before the next call.
            self.give_turn = true;
        }
        if f.kind == Kind::Background && !monitor {
            self.go_to_background();
            self.set_dispositions(cx);
            // Bash leaves the input of a pipeline's compound command to the commands in it.
            if !(self.stdin_given && self.dialect.is_bash())
                && let Ok(fd) = cx.open("/dev/null", OpenFlags::READ, 0)
            {
                let _ = cx.dup2(fd, 0);
                if fd != 0 {
                    let _ = cx.close(fd);
                }
            }
        }
        self.stdin_given |= f.kind == Kind::Stage && f.moves.iter().any(|(_, to)| *to == 0);
        for (from, to) in f.moves {
            if from != to {
                let _ = cx.dup2(from, to);
                let _ = cx.close(from);
            }
        }
        for fd in f.closes {
            let _ = cx.close(fd);
        }
        self.inherited_jobs = std::mem::take(&mut self.jobs);
        if was_interactive {
            self.quiet_lines();
        }
        match f.task {
            Task::List(list) => {
                let inherits = self.is_dash() || self.opts.has("posix") || self.opts.has("inherit_errexit");
                if matches!(f.kind, Kind::Subst | Kind::Process) && (!inherits || (tested && self.dialect.is_bash())) {
                    self.opts.set("errexit", false);
                }
                self.frames.push(Frame::List(list, 0));
            }
            Task::AndOr(node) => self.frames.push(Frame::AndOr(node, 0)),
            Task::Command(c) => match &c.kind {
                // It is in a child already.
                CommandKind::Subshell(list) if c.redirs.is_empty() => {
                    self.frames.push(Frame::List(list.clone(), 0));
                }
                _ => self.frames.push(Frame::Command(c)),
            },
            Task::Text(text) => self.push_source(SourceKind::Backquote, &text, self.line),
            Task::Quiet(e) => {
                for (fd, flags) in [(0, OpenFlags::READ), (2, OpenFlags { create: false, ..OpenFlags::CREATE })] {
                    if let Ok(null) = cx.open("/dev/null", flags, 0) {
                        let _ = cx.dup2(null, fd);
                        if null != fd {
                            let _ = cx.close(null);
                        }
                    }
                }
                self.frames.push(Frame::Exec(e));
            }
            Task::Exec(e) => self.frames.push(Frame::Exec(e)),
        }
    }

    /// A child of a prompt's shell words its messages as the prompt does.
    fn quiet_lines(&mut self) {
        self.from_prompt = true;
    }
}
