//! The master process: it reads the configuration, binds the ports, and starts and ends workers.

use std::rc::Rc;

use layerlab_kernel::{Cx, Disposition, Errno, ExitStatus, Pid, Ret, Signal, Step, Syscall, WaitFlags, WaitFor};

use super::{Nginx, Phase, Setup, listen, logs};

/// What the master has started.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Worker {
    /// Its number in the master's namespace.
    pid: u32,
    /// Its number on the host.
    host: Pid,
    /// It is to end.
    leaving: bool,
}

const WAIT: Syscall = Syscall::Wait { who: WaitFor::Any, flags: WaitFlags { no_hang: false, untraced: false } };

impl Nginx {
    /// Into the background, unless it is to stay in the foreground.
    pub(super) fn begin(&mut self, cx: &mut Cx<'_>) -> Step {
        if self.foreground {
            return self.become_master(cx);
        }
        self.phase = Phase::Daemon;
        Step::Syscall(Syscall::Fork)
    }

    /// After the fork of a daemon: the parent is done.
    pub(super) fn daemon(&mut self, cx: &mut Cx<'_>, result: Result<Ret, Errno>) -> Step {
        match result {
            Ok(Ret::Num(0)) => {
                let _ = cx.set_sid();
                self.become_master(cx)
            }
            other => {
                let code = i32::from(other.is_err());
                self.phase = Phase::Ended(code);
                Step::exit(code)
            }
        }
    }

    fn become_master(&mut self, cx: &mut Cx<'_>) -> Step {
        let pid = cx.pid();
        if let Some(old) = &self.setup {
            self.setup = Some(Rc::new(Setup { pid, ..(**old).clone() }));
        }
        if let Ok(fd) = cx.open(super::PID_FILE, layerlab_kernel::OpenFlags::CREATE, 0o644) {
            let _ = cx.write(fd, Rc::new(format!("{pid}\n").into_bytes()));
            let _ = cx.close(fd);
        }
        cx.set_title(&format!("nginx: master process {}", self.args.argv.join(" ")));
        let release = cx.uname().map(|u| u.release).unwrap_or_default();
        for text in [
            "using the \"epoll\" event method".to_owned(),
            format!("nginx/{}", self.args.variant),
            format!("OS: Linux {release}"),
            "getrlimit(RLIMIT_NOFILE): 1048576:1048576".to_owned(),
        ] {
            self.note(cx, "notice", &text);
        }
        self.start_workers(cx)
    }

    fn start_workers(&mut self, cx: &mut Cx<'_>) -> Step {
        self.note(cx, "notice", "start worker processes");
        let cpus = cx.sys_info().map_or(1, |i| i.cpus);
        let wanted = self.setup.as_ref().and_then(|s| s.config.workers).unwrap_or(cpus);
        self.fork(wanted.clamp(1, 64))
    }

    fn fork(&mut self, left: u32) -> Step {
        self.phase = Phase::Forking(left);
        Step::Syscall(Syscall::Fork)
    }

    /// After a fork: the child works, the master starts the next one.
    pub(super) fn forked(&mut self, cx: &mut Cx<'_>, left: u32, result: Result<Ret, Errno>) -> Step {
        match result {
            Ok(Ret::Num(0)) => return self.become_worker(cx),
            Ok(Ret::Num(child)) => {
                // `fork` tells the namespace's number, `wait` the host's.
                let pid = u32::try_from(child).unwrap_or_default();
                let all = cx.procs().unwrap_or_default();
                let host = all.iter().find(|p| p.pid == pid).map_or(Pid(0), |p| p.host_pid);
                self.workers.push(Worker { pid, host, leaving: false });
                self.note(cx, "notice", &format!("start worker process {pid}"));
            }
            _ => self.note(
                cx,
                "alert",
                "fork() failed while spawning \"worker process\" (11: Resource temporarily unavailable)",
            ),
        }
        if left > 1 {
            return self.fork(left - 1);
        }
        // A reload is done: those that have the old configuration end when they are idle.
        if std::mem::take(&mut self.reloading) {
            let fresh = self.fresh.min(self.workers.len());
            for w in self.workers.iter_mut().take(fresh) {
                w.leaving = true;
                let _ = cx.kill(w.pid as i32, Some(Signal::QUIT));
            }
        }
        self.phase = Phase::Waiting;
        Step::Syscall(WAIT)
    }

    fn become_worker(&mut self, cx: &mut Cx<'_>) -> Step {
        cx.set_title("nginx: worker process");
        self.workers.clear();
        cx.set_memory(Box::new(super::Counters::default()));
        if let Some(old) = self.setup.clone() {
            // Only root can become somebody else.
            if cx.ids().0 == 0
                && let Some((uid, gid)) = old.user
            {
                let _ = cx.set_uid(uid, gid, vec![gid]);
            }
            self.setup = Some(Rc::new(Setup { pid: cx.pid(), ..(*old).clone() }));
        }
        self.phase = Phase::Working;
        self.poll()
    }

    /// The master's turn: a child has ended, or a signal has come.
    pub(super) fn waited(&mut self, cx: &mut Cx<'_>, result: Result<Ret, Errno>) -> Step {
        let mut again = false;
        match result {
            Ok(Ret::Child { pid, status }) => again = self.ended(cx, pid, status),
            Err(Errno::ECHILD) if self.stopping => return self.end(cx),
            Err(Errno::ECHILD) => return self.start_workers(cx),
            _ => {}
        }
        while let Some(signal) = cx.take_signal() {
            match signal {
                Signal::HUP if self.reload(cx) => {
                    (self.reloading, self.fresh) = (true, self.workers.len());
                    self.note(cx, "notice", "using the \"epoll\" event method");
                    return self.start_workers(cx);
                }
                Signal::TERM | Signal::INT | Signal::QUIT => {
                    let what = if signal == Signal::QUIT { "shutting down" } else { "exiting" };
                    let text = format!("signal {} (SIG{}) received, {what}", signal.number(), signal.name());
                    self.note(cx, "notice", &text);
                    self.stopping = true;
                    for w in &self.workers {
                        let _ = cx.kill(w.pid as i32, Some(signal));
                    }
                }
                _ => {}
            }
        }
        if self.stopping && self.workers.is_empty() {
            return self.end(cx);
        }
        if again && !self.stopping {
            return self.fork(1);
        }
        Step::Syscall(WAIT)
    }

    /// A child has ended; answers whether another is to take its place.
    fn ended(&mut self, cx: &mut Cx<'_>, host: Pid, status: ExitStatus) -> bool {
        let Some(at) = self.workers.iter().position(|w| w.host == host) else { return false };
        let w = self.workers.remove(at);
        if self.reloading && at < self.fresh {
            self.fresh -= 1;
        }
        self.note(cx, "notice", &format!("signal 17 (SIGCHLD) received from {}", w.pid));
        match status {
            ExitStatus::Code(code) => {
                self.note(cx, "notice", &format!("worker process {} exited with code {code}", w.pid));
            }
            ExitStatus::Signal(s) | ExitStatus::Stopped(s) => {
                self.note(cx, "alert", &format!("worker process {} exited on signal {}", w.pid, s.number()));
            }
        }
        !w.leaving
    }

    fn end(&mut self, cx: &mut Cx<'_>) -> Step {
        self.note(cx, "notice", "exit");
        let _ = cx.unlink(super::PID_FILE);
        self.phase = Phase::Ended(0);
        Step::exit(0)
    }

    /// Reads the configuration anew; answers whether it is a good one.
    fn reload(&mut self, cx: &mut Cx<'_>) -> bool {
        self.note(cx, "notice", "signal 1 (SIGHUP) received, reconfiguring");
        let config = match self.load(cx, &self.path.clone()) {
            Ok(config) => config,
            Err(e) => {
                self.note(cx, "emerg", &e);
                return false;
            }
        };
        self.note(cx, "notice", "reconfiguring");
        let mut wanted = Vec::new();
        for port in config.ports() {
            match self.listeners.iter().find(|l| l.1 == port) {
                Some(l) => wanted.push(*l),
                None => match listen(cx, port) {
                    Ok(fd) => wanted.push((fd, port)),
                    Err(e) => {
                        self.note(cx, "emerg", &e);
                        return false;
                    }
                },
            }
        }
        for (fd, _) in self.listeners.iter().filter(|l| !wanted.contains(l)) {
            let _ = cx.close(*fd);
        }
        self.listeners = wanted;
        let (logs, user) = (logs(cx, &config), super::user_of(cx, &config));
        if let Some(old) = &self.setup {
            self.setup = Some(Rc::new(Setup { config, logs, user, ..(**old).clone() }));
        }
        true
    }

    /// A worker has got a signal; answers whether it is the end.
    pub(super) fn told(&mut self, cx: &mut Cx<'_>, signal: Signal) -> bool {
        match signal {
            Signal::QUIT => self.note(cx, "notice", "gracefully shutting down"),
            Signal::TERM | Signal::INT => {}
            _ => return false,
        }
        self.note(cx, "notice", "exiting");
        self.note(cx, "notice", "exit");
        true
    }
}

/// The signals that master and workers listen to.
pub(super) fn catch(cx: &mut Cx<'_>) {
    for signal in [Signal::TERM, Signal::INT, Signal::QUIT, Signal::HUP] {
        let _ = cx.sigaction(signal, Disposition::Catch);
    }
    let _ = cx.sigaction(Signal::PIPE, Disposition::Ignore);
}
