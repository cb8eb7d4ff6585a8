//! Pipelines: every command of two or more in a child of its own.

use std::rc::Rc;

use layerlab_kernel::{Cx, Fd, SimTime};

use super::fork::{ForkFrame, Task};
use super::wait::WaitFrame;
use super::{Flow, Frame, Shell};
use crate::parse::ast::Pipeline;

/// A pipeline being started.
#[derive(Clone, Debug, Hash)]
pub struct PipelineFrame {
    node: Rc<Pipeline>,
    next: usize,
    /// The read end that the next command gets.
    input: Option<Fd>,
    /// What the last fork's parent has to close.
    output: Option<Fd>,
    pids: Vec<u32>,
    pgid: u32,
}

impl Shell {
    pub(super) fn start_pipeline(&mut self, node: Rc<Pipeline>, cx: &Cx<'_>) {
        if node.negated {
            self.frames.push(Frame::Not);
        }
        if node.timed {
            self.frames.push(Frame::Timed(cx.now(), node.timed_posix));
        }
        match node.commands.as_slice() {
            [] => self.status = 0,
            [one] => self.frames.push(Frame::Command(one.clone())),
            _ => {
                self.frames.push(Frame::CheckPipeline);
                self.frames.push(Frame::Pipeline(Box::new(PipelineFrame {
                    node,
                    next: 0,
                    input: None,
                    output: None,
                    pids: Vec::new(),
                    pgid: 0,
                })));
            }
        }
    }

    pub(super) fn step_pipeline(&mut self, mut f: Box<PipelineFrame>, cx: &mut Cx<'_>) -> Flow {
        if f.next > 0 {
            // The child of the last command has been started.
            let pid = self.forked;
            if pid == 0 {
                self.close_ends(&f, cx);
                self.status = 254;
                return Flow::Go;
            }
            if f.pgid == 0 {
                f.pgid = pid;
            }
            f.pids.push(pid);
            if let Some(fd) = f.input.take() {
                let _ = cx.close(fd);
            }
            if let Some((r, w)) = f.output.take().map(|w| (w >> 16, w & 0xffff)) {
                let _ = cx.close(w);
                f.input = Some(r);
            }
        }
        let Some(command) = f.node.commands.get(f.next).cloned() else {
            let frame = WaitFrame::new(f.pids, f.pgid, f.node.text.clone());
            self.frames.push(Frame::Wait(Box::new(frame)));
            return Flow::Go;
        };
        let last = f.next + 1 == f.node.commands.len();
        if last && self.opts.has("lastpipe") && !self.monitor() {
            return self.last_in_shell(*f, command, cx);
        }
        let mut fork = ForkFrame::stage(Task::Command(command), f.pgid, f.node.text.clone());
        if let Some(r) = f.input {
            fork.move_fd(r, 0);
        }
        if !last {
            match cx.pipe() {
                Ok((r, w)) => {
                    fork.close(r);
                    fork.move_fd(w, 1);
                    f.output = Some((r << 16) | w);
                }
                Err(e) => {
                    self.complain(&format!("pipe error: {e}"));
                    self.close_ends(&f, cx);
                    self.status = 254;
                    return Flow::Go;
                }
            }
        }
        f.next += 1;
        self.frames.push(Frame::Pipeline(f));
        self.frames.push(Frame::Fork(Box::new(fork)));
        Flow::Go
    }

    fn close_ends(&mut self, f: &PipelineFrame, cx: &mut Cx<'_>) {
        for fd in f.input.into_iter().chain(f.output.into_iter().flat_map(|w| [w >> 16, w & 0xffff])) {
            let _ = cx.close(fd);
        }
    }

    /// `shopt -s lastpipe`: the last command runs here.
    fn last_in_shell(&mut self, f: PipelineFrame, command: Rc<crate::parse::ast::Command>, cx: &mut Cx<'_>) -> Flow {
        let mut saved = Vec::new();
        if let Some(r) = f.input {
            self.save_fd(0, &mut saved, cx);
            let _ = cx.dup2(r, 0);
            let _ = cx.close(r);
        }
        self.frames.push(Frame::Wait(Box::new(WaitFrame::others(f.pids, f.pgid, f.node.text.clone()))));
        self.frames.push(Frame::Restore(saved));
        self.frames.push(Frame::Command(command));
        Flow::Go
    }

    pub(super) fn report_time(&mut self, start: SimTime, posix: bool, cx: &mut Cx<'_>) -> Flow {
        let ms = (cx.now() - start).as_millis();
        let format = match self.vars.value("TIMEFORMAT") {
            _ if posix => "real %2R\nuser %2U\nsys %2S".to_owned(),
            Some(f) => f,
            None => "\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS".to_owned(),
        };
        if !format.is_empty() {
            let text = time_text(&format, ms);
            self.err(text + "\n");
        }
        Flow::Go
    }
}

/// Bash's `TIMEFORMAT`: `%R`, `%U`, `%S` with a precision and `l` for minutes, `%P`, `%%`.
fn time_text(format: &str, real_ms: u64) -> String {
    let mut out = String::new();
    let mut it = format.chars().peekable();
    while let Some(c) = it.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut digits = 3_usize;
        if let Some(d) = it.peek().and_then(|c| c.to_digit(10)) {
            digits = (d as usize).min(3);
            it.next();
        }
        let long = it.next_if_eq(&'l').is_some();
        match it.next() {
            Some(k @ ('R' | 'U' | 'S')) => {
                let ms = if k == 'R' { real_ms } else { 0 };
                let (minutes, ms) = if long { (ms / 60_000, ms % 60_000) } else { (0, ms) };
                let fraction = format!("{:03}", ms % 1000);
                let mut seconds = (ms / 1000).to_string();
                if digits > 0 {
                    seconds = format!("{seconds}.{}", fraction.get(..digits).unwrap_or(""));
                }
                out += &if long { format!("{minutes}m{seconds}s") } else { seconds };
            }
            Some('P') => out += "0.00",
            Some('%') => out.push('%'),
            Some(o) => {
                out.push('%');
                out.push(o);
            }
            None => out.push('%'),
        }
    }
    out
}
