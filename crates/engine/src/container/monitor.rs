//! What watches a running process: reads its output, waits for its end. A state machine, because it
//! lives as long as the process does.

use std::hash::Hash;

use layerlab_api::stdcopy::Stream;
use layerlab_kernel::{
    Bytes, Cx, Errno, Fd, Pid, PollFd, Program, Ret, StateHasher, Step, Syscall, ThreadBody, WaitFlags, WaitFor,
};
use layerlab_oci::Timestamp;

use super::finish;
use super::process::Started;
use crate::state::EngineState;

/// Watches one process of a container or an exec.
#[derive(Clone, Hash)]
pub struct Monitor {
    id: String,
    pid: Pid,
    fds: Vec<(Fd, bool)>,
    waiting: bool,
    code: Option<i32>,
}

impl Monitor {
    /// For a started process; `id` is the container's or the exec's.
    pub fn new(id: &str, started: &Started) -> Self {
        let mut fds = vec![(started.stdout, false)];
        fds.extend(started.stderr.map(|fd| (fd, true)));
        Self { id: id.to_owned(), pid: started.pid, fds, waiting: false, code: None }
    }

    fn take(&mut self, cx: &mut Cx<'_>, fd: Fd) {
        match cx.read(fd, 1 << 16) {
            Ok(data) if !data.is_empty() => {
                let stderr = self.fds.contains(&(fd, true));
                let stream = if stderr { Stream::Stderr } else { Stream::Stdout };
                let time = Timestamp::from_nanos(i128::from(cx.wall_clock()));
                note(cx, &self.id, time, stream, data);
            }
            Err(Errno::EAGAIN | Errno::EINTR) => {}
            // The end of the file; of a terminal: EIO.
            _ => {
                let _ = cx.close(fd);
                self.fds.retain(|f| f.0 != fd);
            }
        }
    }
}

fn note(cx: &mut Cx<'_>, id: &str, time: Timestamp, stream: Stream, data: Bytes) {
    let Some(state) = cx.memory::<EngineState>() else { return };
    if let Some(c) = state.containers.get_mut(id) {
        let rotation = super::log::rotation(&c.host.log_config);
        c.output.push_rotated(time, stream, data, rotation);
    } else if let Some(e) = state.execs.get_mut(id) {
        e.output.push(time, stream, data);
    }
    for fd in state.watchers_of(id) {
        let _ = cx.write(fd, Bytes::new(vec![1]));
    }
}

impl Program for Monitor {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        match cx.result() {
            Ok(Ret::Ready(ready)) => {
                for fd in ready {
                    self.take(cx, fd.fd);
                }
            }
            Ok(Ret::Child { status, .. }) => self.code = Some(status.code()),
            Err(Errno::ECHILD) if self.waiting => self.code = Some(0),
            _ => {}
        }
        if let Some(code) = self.code {
            // What is left to do waits and calls: a short thread of its own.
            let _ = cx.thread(ThreadBody::new(finish::thread(self.id.clone(), code)));
            return Step::exit(0);
        }
        if self.fds.is_empty() {
            self.waiting = true;
            return Step::Syscall(Syscall::Wait { who: WaitFor::Pid(self.pid), flags: WaitFlags::default() });
        }
        let fds = self.fds.iter().map(|f| PollFd { fd: f.0, read: true, write: false }).collect();
        Step::Syscall(Syscall::Poll { fds, timeout: None })
    }

    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }

    fn digest(&self, h: &mut StateHasher) {
        self.hash(h);
    }

    fn memory(&self) -> u64 {
        0
    }
}
