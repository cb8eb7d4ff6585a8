//! Waiting for a foreground job.

use std::rc::Rc;

use layerlab_kernel::{Cx, Errno, ExitStatus, Pid, Ret, Signal, Syscall, WaitFlags, WaitFor};

use super::job::{Job, JobState};
use super::{Control, Flow, Frame, Shell};

/// Waits for the processes of a job.
#[derive(Clone, Debug, Hash)]
pub struct WaitFrame {
    pids: Vec<u32>,
    pgid: u32,
    text: Rc<str>,
    ended: Vec<(u32, i32)>,
    /// The last command's status is already known: `lastpipe`.
    last: Option<bool>,
    /// SIGINT ended the last command.
    interrupted: bool,
    asked: Option<Pid>,
}

impl WaitFrame {
    /// For all of them; `text` is the job's command.
    pub fn new(pids: Vec<u32>, pgid: u32, text: Rc<str>) -> Self {
        Self { pids, pgid, text, ended: Vec::new(), last: None, interrupted: false, asked: None }
    }
    /// All but the last of a pipeline, whose last ran in the shell.
    pub fn others(pids: Vec<u32>, pgid: u32, text: Rc<str>) -> Self {
        Self { last: Some(true), ..Self::new(pids, pgid, text) }
    }
    /// Some of a job's processes have ended.
    pub fn resumed(job: &Job) -> Self {
        Self { ended: job.ended.clone(), ..Self::new(job.pids.clone(), job.pgid, job.text.clone()) }
    }
}

/// The host's number of a process that this namespace calls `pid`.
pub(crate) fn host_pid(cx: &mut Cx<'_>, pid: u32) -> Pid {
    if cx.pid() == cx.host_pid().0 {
        return Pid(pid);
    }
    cx.procs().ok().and_then(|all| all.into_iter().find(|p| p.pid == pid).map(|p| p.host_pid)).unwrap_or(Pid(pid))
}

impl Shell {
    pub(super) fn step_wait(&mut self, mut f: Box<WaitFrame>, cx: &mut Cx<'_>) -> Flow {
        if let Some(host) = f.asked.take() {
            match self.ret.take() {
                Some(Ok(Ret::Child { status, .. })) => {
                    if let ExitStatus::Stopped(sig) = status {
                        self.job_stopped(*f, sig, cx);
                        return Flow::Go;
                    }
                    if let Some(pid) = f.pids.iter().copied().find(|p| !f.ended.iter().any(|(e, _)| e == p)) {
                        f.ended.push((pid, status.code()));
                        let last = f.pids.last() == Some(&pid);
                        f.interrupted |= last && status == ExitStatus::Signal(Signal::INT);
                        self.tell_death(status, &f, pid, last, cx);
                    }
                }
                Some(Err(Errno::EINTR)) => {
                    f.asked = Some(host);
                    self.frames.push(Frame::Wait(f));
                    return Flow::Call(Syscall::Wait {
                        who: WaitFor::Pid(host),
                        flags: WaitFlags { no_hang: false, untraced: self.monitor() },
                    });
                }
                _ => {
                    if let Some(pid) = f.pids.iter().copied().find(|p| !f.ended.iter().any(|(e, _)| e == p)) {
                        let code = self.reaped.remove(&pid).unwrap_or(127);
                        f.ended.push((pid, code));
                    }
                }
            }
        }
        let next = f.pids.iter().copied().find(|p| !f.ended.iter().any(|(e, _)| e == p));
        if let Some(pid) = next {
            if let Some(code) = self.reaped.remove(&pid) {
                f.ended.push((pid, code));
                self.frames.push(Frame::Wait(f));
                return Flow::Go;
            }
            let host = host_pid(cx, pid);
            f.asked = Some(host);
            self.frames.push(Frame::Wait(f));
            return Flow::Call(Syscall::Wait {
                who: WaitFor::Pid(host),
                flags: WaitFlags { no_hang: false, untraced: self.monitor() },
            });
        }
        self.take_terminal(cx);
        let own = self.status;
        let mut codes: Vec<i32> =
            f.pids.iter().filter_map(|p| f.ended.iter().find(|(e, _)| e == p).map(|(_, c)| *c)).collect();
        if f.last == Some(true) {
            codes.push(own);
        }
        self.status = codes.last().copied().unwrap_or(0);
        if self.opts.has("pipefail")
            && let Some(c) = codes.iter().rev().find(|c| **c != 0)
        {
            self.status = *c;
        }
        self.pipe_status = codes;
        // A script's shell that got ^C too ends now: bash only if the command didn't live on with it.
        if !self.interactive && std::mem::take(&mut self.interrupted) && (f.interrupted || !self.dialect.is_bash()) {
            self.die_of(Signal::INT);
            return Flow::Go;
        }
        // With job control ^C comes here itself only where the job in front had just ended.
        if self.interactive && self.monitor() && std::mem::take(&mut self.interrupted) {
            self.err("\n");
            self.control = Some(Control::Interrupt);
            self.status = 130;
        }
        Flow::Go
    }

    /// The shell has the terminal again.
    pub(crate) fn take_terminal(&mut self, cx: &mut Cx<'_>) {
        if self.monitor()
            && let Some(tty) = self.tty
        {
            let _ = cx.tc_set_pgrp(tty, self.pgid);
        }
    }

    fn tell_death(&mut self, status: ExitStatus, f: &WaitFrame, pid: u32, last: bool, cx: &mut Cx<'_>) {
        let ExitStatus::Signal(sig) = status else { return };
        let _ = cx;
        if sig == Signal::INT {
            if self.interactive && last {
                self.take_terminal(cx);
                self.err("\n");
                self.control = Some(Control::Interrupt);
                self.status = 130;
            }
            return;
        }
        if sig == Signal::PIPE || !last {
            return;
        }
        let text = match (self.dialect, self.interactive) {
            (crate::Dialect::Bash, true) => format!("{}\n", sig.text()),
            // Where the signal is trapped, bash names no place.
            (crate::Dialect::Bash, false) if self.traps.catches(sig) => format!("{}\n", sig.text()),
            (crate::Dialect::Bash, false) if self.subshell == 0 || !self.from_prompt => {
                format!("{}{pid:>5} {:<23} {}\n", self.prefix(), sig.text(), self.job_text(&f.text))
            }
            (crate::Dialect::Bash, false) => String::new(),
            _ => format!("{}\n", sig.text()),
        };
        self.err(text);
    }

    fn job_stopped(&mut self, f: WaitFrame, sig: Signal, cx: &mut Cx<'_>) {
        self.take_terminal(cx);
        self.status = 128 + sig.number();
        let number = self.add_job(Job {
            number: 0,
            pids: f.pids,
            ended: f.ended,
            pgid: f.pgid,
            text: f.text,
            state: JobState::Stopped(sig),
            told: true,
        });
        let line = self.job_line(number);
        self.err(format!("\n{line}"));
        // What follows on the line doesn't run.
        self.control = Some(Control::Abort);
    }
}
