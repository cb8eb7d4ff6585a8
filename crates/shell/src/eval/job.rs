//! Jobs: what runs in the background or has been stopped.

use std::rc::Rc;

use layerlab_kernel::{Cx, ExitStatus, Signal, WaitFlags, WaitFor};

use super::Shell;
use crate::dialect::Dialect;

/// What a job is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// It runs.
    Running,
    /// It was stopped.
    Stopped(Signal),
    /// It ended with this code.
    Done(i32),
    /// A signal ended it.
    Killed(Signal),
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Job {
    /// `%n`.
    pub number: u32,
    /// Its processes.
    pub pids: Vec<u32>,
    /// Those that ended, with their codes.
    pub ended: Vec<(u32, i32)>,
    /// Its process group.
    pub pgid: u32,
    /// Its command.
    pub text: Rc<str>,
    /// What it is doing.
    pub state: JobState,
    /// Whether its end or stop has been told.
    pub told: bool,
}

impl Shell {
    /// Adds a job; answers its number.
    pub fn add_job(&mut self, mut job: Job) -> u32 {
        let n = self.jobs.iter().map(|j| j.number).max().unwrap_or(0) + 1;
        job.number = n;
        job.text = self.job_text(&job.text);
        self.jobs.push(job);
        n
    }

    /// A command as jobs and messages show it: bash writes it anew.
    pub(super) fn job_text(&self, text: &Rc<str>) -> Rc<str> {
        let printed = if self.dialect.is_bash() { crate::print::command(text) } else { None };
        printed.map_or_else(|| text.clone(), Into::into)
    }

    /// The current job's number and the previous one's.
    pub fn current_jobs(&self) -> (Option<u32>, Option<u32>) {
        // Stopped ones first, the latest first.
        let mut order: Vec<&Job> = self.jobs.iter().filter(|j| matches!(j.state, JobState::Stopped(_))).rev().collect();
        order.extend(self.jobs.iter().filter(|j| !matches!(j.state, JobState::Stopped(_))).rev());
        (order.first().map(|j| j.number), order.get(1).map(|j| j.number))
    }

    /// A job's line as `jobs` shows it.
    pub fn job_line(&self, number: u32) -> String {
        let Some(job) = self.jobs.iter().find(|j| j.number == number) else { return String::new() };
        let (current, previous) = self.current_jobs();
        let mark = if current == Some(number) {
            '+'
        } else if previous == Some(number) {
            '-'
        } else {
            ' '
        };
        let state = match job.state {
            JobState::Running => "Running".to_owned(),
            JobState::Stopped(s) => if self.is_dash() { s.text() } else { "Stopped" }.to_owned(),
            JobState::Done(0) => "Done".to_owned(),
            JobState::Done(n) if self.dialect.is_bash() => format!("Exit {n}"),
            JobState::Done(n) => format!("Done({n})"),
            JobState::Killed(s) => s.text().to_owned(),
        };
        let amp = if job.state == JobState::Running && self.dialect.is_bash() { " &" } else { "" };
        match self.dialect {
            Dialect::Bash => format!("[{number}]{mark}  {state:<23} {}{amp}\n", job.text),
            Dialect::Dash => format!("[{number}] {mark} {state:<26} {}\n", job.text),
            Dialect::Ash => format!("[{number}]{mark}  {state:<26} {}\n", job.text),
        }
    }

    /// Learns of children that have ended, without waiting.
    pub fn reap(&mut self, cx: &mut Cx<'_>) {
        loop {
            let flags = WaitFlags { no_hang: true, untraced: self.monitor() };
            let before: Vec<(u32, layerlab_kernel::Pid)> = self.host_numbers(cx);
            let Ok((host, status)) = cx.wait(WaitFor::Any, flags) else { return };
            let pid = before.iter().find(|(_, h)| *h == host).map_or(host.0, |(p, _)| *p);
            self.child_ended(pid, status);
        }
    }

    /// Numbers here and on the host of the processes that jobs have.
    pub(crate) fn host_numbers(&self, cx: &mut Cx<'_>) -> Vec<(u32, layerlab_kernel::Pid)> {
        if cx.pid() == cx.host_pid().0 {
            return Vec::new();
        }
        cx.procs().map(|all| all.into_iter().map(|p| (p.pid, p.host_pid)).collect()).unwrap_or_default()
    }

    /// Notes a child's end in its job.
    pub fn child_ended(&mut self, pid: u32, status: ExitStatus) {
        let Some(job) = self.jobs.iter_mut().find(|j| j.pids.contains(&pid)) else {
            self.reaped.insert(pid, status.code());
            return;
        };
        match status {
            // Its other processes stop too: that is told once.
            ExitStatus::Stopped(_) if matches!(job.state, JobState::Stopped(_)) => {}
            ExitStatus::Stopped(s) => {
                job.state = JobState::Stopped(s);
                job.told = false;
            }
            _ => {
                job.ended.push((pid, status.code()));
                if job.pids.last() == Some(&pid) || job.ended.len() == job.pids.len() {
                    let code =
                        job.pids.last().and_then(|l| job.ended.iter().find(|(p, _)| p == l)).map_or(0, |(_, c)| *c);
                    if job.ended.len() == job.pids.len() {
                        job.state = match status {
                            ExitStatus::Signal(s) => JobState::Killed(s),
                            _ => JobState::Done(code),
                        };
                        job.told = false;
                    }
                }
            }
        }
    }

    /// Before a prompt: tells what has changed, forgets what has ended.
    pub fn notify_jobs(&mut self, cx: &mut Cx<'_>) {
        self.reap(cx);
        let news: Vec<u32> =
            self.jobs.iter().filter(|j| !j.told && j.state != JobState::Running).map(|j| j.number).collect();
        for n in news {
            let line = self.job_line(n);
            self.err(line);
            if let Some(j) = self.jobs.iter_mut().find(|j| j.number == n) {
                j.told = true;
            }
        }
        self.forget_done();
    }

    /// Jobs that have ended and were told go; their codes stay for `wait`.
    pub fn forget_done(&mut self) {
        let mut codes = Vec::new();
        self.jobs.retain(|j| {
            let done = j.told && matches!(j.state, JobState::Done(_) | JobState::Killed(_));
            if done {
                codes.extend(j.ended.iter().copied());
            }
            !done
        });
        self.reaped.extend(codes);
        while self.reaped.len() > 512 {
            self.reaped.pop_first();
        }
    }

    /// Whether a job specification fits several jobs.
    pub fn is_ambiguous(&self, spec: &str) -> bool {
        let s = spec.strip_prefix('%').unwrap_or(spec);
        let all = |fits: &dyn Fn(&str) -> bool| self.jobs.iter().filter(|j| fits(&j.text)).count() > 1;
        match s.strip_prefix('?') {
            _ if matches!(s, "" | "+" | "-" | "%") || s.parse::<u32>().is_ok() => false,
            Some(part) => all(&|t| t.contains(part)),
            None => all(&|t| t.starts_with(s)),
        }
    }

    /// The job that `%1`, `%+`, `%name` … mean.
    pub fn find_job(&self, spec: &str) -> Option<&Job> {
        let (current, previous) = self.current_jobs();
        let s = spec.strip_prefix('%').unwrap_or(spec);
        match s {
            "" | "+" | "%" => self.jobs.iter().find(|j| Some(j.number) == current),
            "-" => self.jobs.iter().find(|j| Some(j.number) == previous.or(current)),
            s => match s.parse::<u32>() {
                Ok(n) => self.jobs.iter().find(|j| j.number == n),
                Err(_) => match s.strip_prefix('?') {
                    Some(part) => self.jobs.iter().find(|j| j.text.contains(part)),
                    None => self.jobs.iter().find(|j| j.text.starts_with(s)),
                },
            },
        }
    }
}
