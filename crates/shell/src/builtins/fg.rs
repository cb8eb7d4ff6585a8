//! `fg` and `bg`.
use layerlab_kernel::{Cx, Signal};

use super::Ran;
use crate::eval::{Flow, Frame, JobState, Shell, WaitFrame};

/// A job that comes to the foreground.
#[derive(Clone, Debug, Hash)]
pub struct FgFrame {
    number: u32,
}

fn job(sh: &mut Shell, who: &str, spec: Option<&String>) -> Option<u32> {
    if !sh.monitor() && sh.dialect.is_bash() {
        sh.complain_as(who, "no job control");
        return None;
    }
    if sh.jobs.is_empty() && spec.is_none() && !sh.dialect.is_bash() {
        sh.complain_as(who, "No current job");
        return None;
    }
    let s = spec.map_or("%+", String::as_str);
    let found = sh.find_job(s).map(|j| j.number);
    if found.is_none() {
        let text = format!("{}: no such job", spec.map_or("current", String::as_str));
        sh.complain_as(who, &text);
    }
    found
}

pub(super) fn run_fg(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    sh.reap(cx);
    let Some(number) = job(sh, "fg", argv.get(1)) else { return (if sh.dialect.is_bash() { 1 } else { 2 }).into() };
    if let Some(j) = sh.jobs.iter().find(|j| j.number == number) {
        let line = format!("{}\n", j.text);
        sh.out(line);
    }
    Ran::Then(Frame::Fg(Box::new(FgFrame { number })))
}

pub(super) fn run_bg(sh: &mut Shell, cx: &mut Cx<'_>, argv: &[String]) -> Ran {
    sh.reap(cx);
    let Some(number) = job(sh, "bg", argv.get(1)) else { return (if sh.dialect.is_bash() { 1 } else { 2 }).into() };
    let bash = sh.dialect.is_bash();
    let (current, _) = sh.current_jobs();
    if let Some(j) = sh.jobs.iter_mut().find(|j| j.number == number) {
        if j.state == JobState::Running && bash {
            let text = format!("job {number} already in background");
            sh.complain_as("bg", &text);
            return 0.into();
        }
        j.state = JobState::Running;
        j.told = false;
        let (pgid, text) = (j.pgid, j.text.clone());
        let _ = cx.kill(-(pgid as i32), Some(Signal::CONT));
        let mark = if current == Some(number) { "+" } else { "-" };
        sh.out(if bash { format!("[{number}]{mark} {text} &\n") } else { format!("[{number}] {text}\n") });
    }
    0.into()
}

impl Shell {
    pub(crate) fn step_fg(&mut self, f: &FgFrame, cx: &mut Cx<'_>) -> Flow {
        let Some(i) = self.jobs.iter().position(|j| j.number == f.number) else { return Flow::Go };
        let job = self.jobs.remove(i);
        if let Some(tty) = self.tty {
            let _ = cx.tc_set_pgrp(tty, job.pgid);
        }
        let _ = cx.kill(-(job.pgid as i32), Some(Signal::CONT));
        self.frames.push(Frame::Wait(Box::new(WaitFrame::resumed(&job))));
        Flow::Go
    }
}
