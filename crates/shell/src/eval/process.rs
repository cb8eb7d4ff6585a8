//! Process substitution: a command whose output or input has a name, `/dev/fd/N`.

use std::rc::Rc;

use layerlab_kernel::{Cx, Fd};

use super::fork::{ForkFrame, Task};
use super::{Frame, Shell};
use crate::parse::ast::{Command, List};
use crate::vars::Value;

/// The first descriptor that bash takes for such a pipe; the next ones go down.
const FIRST: Fd = 63;

impl Shell {
    /// Starts the command of `<(…)` (true) or `>(…)`; [`Self::process_started`] names its other end.
    pub(crate) fn push_process(&mut self, input: bool, list: &Rc<List>, cx: &mut Cx<'_>) {
        self.process_pipe = None;
        let Ok((read, write)) = cx.pipe() else { return };
        let (mine, its, place) = if input { (read, write, 1) } else { (write, read, 0) };
        let fewer = Fd::try_from(self.process_fds.len()).unwrap_or(0);
        let high = cx.dup(mine, (FIRST - fewer).max(10)).unwrap_or(mine);
        if high != mine {
            let _ = cx.close(mine);
        }
        self.process_pipe = Some((high, its));
        self.frames.push(Frame::Fork(Box::new(ForkFrame::process(Task::List(list.clone()), its, place, high))));
    }

    /// The name of the pipe to the command that was started.
    pub(crate) fn process_started(&mut self, cx: &mut Cx<'_>) -> Result<String, String> {
        let (mine, its) = self.process_pipe.take().ok_or("cannot make pipe for process substitution")?;
        let _ = cx.close(its);
        self.process_fds.push(mine);
        Ok(format!("/dev/fd/{mine}"))
    }

    /// `coproc`: a command in the background with pipes to its input and output.
    pub(super) fn start_coproc(&mut self, name: &Rc<str>, body: &Rc<Command>, cx: &mut Cx<'_>) {
        let (Ok((from, its_out)), Ok((its_in, to))) = (cx.pipe(), cx.pipe()) else {
            self.complain("cannot make pipe for coproc");
            self.status = 1;
            return;
        };
        let mut ends = Vec::new();
        for fd in [from, to] {
            let high = cx.dup(fd, 60).unwrap_or(fd);
            if high != fd {
                let _ = cx.close(fd);
            }
            let _ = cx.set_cloexec(high, true);
            ends.push(high);
        }
        let mut f = ForkFrame::background(Task::Command(body.clone()), format!("coproc {name}").into());
        f.move_fd(its_in, 0);
        f.move_fd(its_out, 1);
        for fd in &ends {
            f.close(*fd);
        }
        let map = ends.iter().enumerate().map(|(i, fd)| (i as i64, fd.to_string())).collect();
        self.vars.entry(name).value = Value::Array(Rc::new(map));
        self.frames.push(Frame::CoprocStarted(name.clone(), vec![its_in, its_out]));
        self.frames.push(Frame::Fork(Box::new(f)));
    }

    /// The command runs: its ends of the pipes are its own.
    pub(super) fn coproc_started(&mut self, name: &str, fds: &[Fd], cx: &mut Cx<'_>) {
        self.close_all(fds, cx);
        self.vars.put(&format!("{name}_PID"), &self.forked.to_string());
    }

    /// The command that used such names has ended.
    pub(super) fn close_all(&mut self, fds: &[Fd], cx: &mut Cx<'_>) {
        for fd in fds {
            let _ = cx.close(*fd);
        }
    }
}
