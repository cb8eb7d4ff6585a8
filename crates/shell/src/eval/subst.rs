//! Command substitution: a child's output, read from a pipe to its end.

use layerlab_kernel::{Cx, Errno, Fd, Pid, Ret, Syscall, WaitFlags, WaitFor};

use super::fork::{ForkFrame, Task};
use super::wait::host_pid;
use super::{Flow, Frame, Shell};

/// More than this is not kept: the machine's memory is bounded.
const LIMIT: usize = 32 << 20;

/// A substitution being read.
#[derive(Clone, Debug, Hash)]
pub struct SubstFrame {
    read: Fd,
    write: Fd,
    pid: u32,
    out: Vec<u8>,
    stage: Stage,
    host: Pid,
    /// Line ends at the end stay (completion).
    raw: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    Forked,
    Reading,
    Waiting,
}

impl Shell {
    /// Runs a task; its output will be in `captured`.
    pub fn push_subst(&mut self, task: Task, raw: bool, cx: &mut Cx<'_>) {
        match cx.pipe() {
            Ok((read, write)) => {
                let f = SubstFrame { read, write, pid: 0, out: Vec::new(), stage: Stage::Forked, host: Pid(0), raw };
                self.frames.push(Frame::Subst(Box::new(f)));
                self.frames.push(Frame::Fork(Box::new(ForkFrame::subst(task, write, read))));
            }
            Err(e) => {
                self.complain(&format!("cannot make pipe for command substitution: {e}"));
                self.captured = String::new();
                self.subst_status = Some(1);
            }
        }
    }

    pub(super) fn step_subst(&mut self, mut f: Box<SubstFrame>, cx: &mut Cx<'_>) -> Flow {
        match f.stage {
            Stage::Forked => {
                let _ = cx.close(f.write);
                f.pid = self.forked;
                f.stage = Stage::Reading;
                if f.pid == 0 {
                    let _ = cx.close(f.read);
                    self.captured = String::new();
                    self.subst_status = Some(1);
                    return Flow::Go;
                }
            }
            Stage::Reading => match self.ret.take() {
                Some(Ok(Ret::Bytes(b))) if !b.is_empty() => {
                    if f.out.len() < LIMIT {
                        f.out.extend_from_slice(&b);
                    }
                }
                Some(Err(Errno::EINTR)) => {}
                _ => {
                    let _ = cx.close(f.read);
                    f.stage = Stage::Waiting;
                    f.host = host_pid(cx, f.pid);
                    let host = f.host;
                    self.frames.push(Frame::Subst(f));
                    return Flow::Call(Syscall::Wait { who: WaitFor::Pid(host), flags: WaitFlags::default() });
                }
            },
            Stage::Waiting => {
                let code = match self.ret.take() {
                    Some(Ok(Ret::Child { status, .. })) => status.code(),
                    Some(Err(Errno::EINTR)) => {
                        let host = f.host;
                        self.frames.push(Frame::Subst(f));
                        return Flow::Call(Syscall::Wait { who: WaitFor::Pid(host), flags: WaitFlags::default() });
                    }
                    _ => self.reaped.remove(&f.pid).unwrap_or(0),
                };
                if self.dialect.is_bash() && !f.raw && f.out.contains(&0) {
                    self.complain("warning: command substitution: ignored null byte in input");
                }
                f.out.retain(|b| *b != 0);
                let mut text = String::from_utf8_lossy(&f.out).into_owned();
                if !f.raw {
                    text.truncate(text.trim_end_matches('\n').len());
                }
                self.captured = text;
                self.subst_status = Some(code);
                // In dash and ash `$?` stays until the command has run.
                if self.dialect.is_bash() {
                    self.status = code;
                }
                if self.interactive && code == 130 {
                    self.control = Some(super::Control::Interrupt);
                }
                return Flow::Go;
            }
        }
        let fd = f.read;
        self.frames.push(Frame::Subst(f));
        Flow::Call(Syscall::Read { fd, len: 1 << 16 })
    }

    /// A jump leaves a substitution: its pipe is let go.
    pub(super) fn drop_subst(&mut self, f: &SubstFrame, cx: &mut Cx<'_>) {
        if f.stage != Stage::Waiting {
            let _ = cx.close(f.read);
        }
    }
}
