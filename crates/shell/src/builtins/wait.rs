//! `wait`.
use layerlab_kernel::{Cx, Errno, Ret, Syscall, WaitFlags, WaitFor};

use super::Ran;
use crate::eval::{Flow, Frame, JobState, Shell, host_pid};

/// What is still waited for.
#[derive(Clone, Debug, Hash)]
pub struct WaitForFrame {
    /// Processes; none: all jobs.
    pids: Vec<u32>,
    all: bool,
    any: bool,
    /// The variable that gets the number of the one that has ended.
    told: Option<String>,
    asked: Option<u32>,
}

pub(super) fn run(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    // `-p` has a value.
    let at = argv.iter().position(|a| a.starts_with('-') && a.ends_with('p'));
    let told = at.and_then(|i| argv.get(i + 1)).cloned();
    let mut rest = argv.to_vec();
    if let (Some(i), Some(name)) = (at, &told) {
        rest.remove(i + 1);
        sh.vars.remove(name);
    }
    let (flags, args) = match super::letters(
        &rest,
        match sh.dialect {
            crate::Dialect::Bash => "nfp",
            crate::Dialect::Dash => "",
            crate::Dialect::Ash => "n",
        },
    ) {
        Ok(x) => x,
        Err(c) => return sh.bad_option("wait", c, "wait [-fn] [-p var] [id ...]"),
    };
    sh.reap(cx);
    let mut pids = Vec::new();
    let mut status = 0;
    for a in args {
        if a.starts_with('%') {
            match sh.find_job(a).and_then(|j| j.pids.last().copied()) {
                Some(p) => pids.push(p),
                None => {
                    sh.no_such_job("wait", a);
                    status = if sh.dialect.is_bash() { 127 } else { 2 };
                }
            }
        } else if let Ok(p) = a.parse::<u32>() {
            let known = sh.jobs.iter().any(|j| j.pids.contains(&p)) || sh.reaped.contains_key(&p);
            if known {
                pids.push(p);
            } else {
                if sh.dialect.is_bash() {
                    sh.complain_as("wait", &format!("pid {p} is not a child of this shell"));
                }
                status = 127;
            }
        } else {
            sh.complain_as(
                "wait",
                &if sh.dialect.is_bash() {
                    format!("`{a}': not a pid or valid job spec")
                } else {
                    format!("Illegal number: {a}")
                },
            );
            return (if sh.dialect.is_bash() { 1 } else { 2 }).into();
        }
    }
    if !args.is_empty() && pids.is_empty() {
        return status.into();
    }
    let all = args.is_empty();
    let any = flags.contains(&'n');
    sh.status = 0;
    Ran::Then(Frame::WaitFor(Box::new(WaitForFrame { pids, all, any, told, asked: None })))
}

impl Shell {
    pub(crate) fn step_wait_for(&mut self, mut f: Box<WaitForFrame>, cx: &mut Cx<'_>) -> Flow {
        if let Some(pid) = f.asked.take() {
            match self.ret.take() {
                Some(Ok(Ret::Child { pid: host, status })) => {
                    let numbers = self.host_numbers(cx);
                    let ended = if pid != 0 {
                        pid
                    } else {
                        numbers.iter().find(|(_, h)| *h == host).map_or(host.0, |(p, _)| *p)
                    };
                    self.child_ended(ended, status);
                    if f.any {
                        self.status = status.code();
                        self.forget(ended);
                        self.tell(&f, ended);
                        return Flow::Go;
                    }
                }
                Some(Err(Errno::EINTR)) => {
                    if let Some(s) = self.arrived.front() {
                        // A trapped signal ends the wait.
                        self.status = 128 + s.number();
                        return Flow::Go;
                    }
                }
                _ => {
                    if f.any || f.all {
                        self.status = if f.any { 127 } else { 0 };
                        self.jobs.clear();
                        return Flow::Go;
                    }
                    self.reaped.entry(pid).or_insert(127);
                }
            }
        }
        if f.all || f.any {
            let running: Vec<u32> = self
                .jobs
                .iter()
                .filter(|j| j.state == JobState::Running)
                .flat_map(|j| {
                    j.pids.iter().filter(|p| !j.ended.iter().any(|(e, _)| e == *p)).copied().collect::<Vec<_>>()
                })
                .filter(|p| f.pids.is_empty() || f.pids.contains(p))
                .collect();
            if f.any {
                let done = self
                    .jobs
                    .iter()
                    .find(|j| {
                        j.state != JobState::Running && (f.pids.is_empty() || j.pids.iter().any(|p| f.pids.contains(p)))
                    })
                    .and_then(|j| j.ended.last().copied());
                if let Some((pid, code)) = done {
                    self.status = code;
                    self.forget(pid);
                    self.tell(&f, pid);
                    return Flow::Go;
                }
                if running.is_empty() {
                    self.status = 127;
                    return Flow::Go;
                }
                f.asked = Some(0);
                self.frames.push(Frame::WaitFor(f));
                return Flow::Call(Syscall::Wait { who: WaitFor::Any, flags: WaitFlags::default() });
            }
            let Some(pid) = running.first().copied() else {
                if !self.interactive && self.dialect.is_bash() {
                    self.jobs.retain(|j| j.state == JobState::Running);
                }
                return Flow::Go;
            };
            return self.wait_for(f, pid, cx);
        }
        let Some(pid) = f.pids.first().copied() else { return Flow::Go };
        let known = self
            .reaped
            .get(&pid)
            .copied()
            .or_else(|| self.jobs.iter().find_map(|j| j.ended.iter().find(|(p, _)| *p == pid).map(|(_, c)| *c)));
        if let Some(code) = known {
            self.status = code;
            let killed = layerlab_kernel::Signal::from_number(code - 128).filter(|_| code > 128);
            if let Some(s) = killed
                && !self.dialect.is_bash()
                && !self.interactive
                && !matches!(s, layerlab_kernel::Signal::INT | layerlab_kernel::Signal::PIPE)
            {
                self.err(format!("{}\n", s.text()));
            }
            self.forget(pid);
            self.tell(&f, pid);
            f.pids.remove(0);
            if !f.pids.is_empty() {
                self.frames.push(Frame::WaitFor(f));
            }
            return Flow::Go;
        }
        self.wait_for(f, pid, cx)
    }

    fn wait_for(&mut self, mut f: Box<WaitForFrame>, pid: u32, cx: &mut Cx<'_>) -> Flow {
        f.asked = Some(pid);
        self.frames.push(Frame::WaitFor(f));
        let host = host_pid(cx, pid);
        Flow::Call(Syscall::Wait { who: WaitFor::Pid(host), flags: WaitFlags::default() })
    }

    fn tell(&mut self, f: &WaitForFrame, pid: u32) {
        if let Some(name) = &f.told {
            self.assign_scalar(name, &pid.to_string(), false);
        }
    }

    /// A process whose status has been told.
    fn forget(&mut self, pid: u32) {
        self.jobs.retain(|j| !(j.pids.last() == Some(&pid) && j.state != JobState::Running));
        self.reaped.insert(pid, self.status);
    }
}
