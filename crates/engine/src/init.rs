//! `docker-init` (tini): the first process of a container that was started with `--init`. It starts the
//! program, passes signals on, and takes in whoever has lost its parent.

use std::hash::Hash;

use layerlab_kernel::{
    Cx, Disposition, Errno, Pid, Program, ProgramArgs, Ret, Signal, StateHasher, Step, Syscall, WaitFlags, WaitFor,
};

/// Starts it: `docker-init -- PROGRAM [ARGUMENT…]`.
pub fn start(args: ProgramArgs) -> Box<dyn Program> {
    Box::new(Init { args, phase: Phase::Start })
}

#[derive(Clone, Hash)]
struct Init {
    args: ProgramArgs,
    phase: Phase,
}

#[derive(Clone, Copy, Hash)]
enum Phase {
    Start,
    Forking,
    /// In the child: the exec failed if it is resumed.
    Executing,
    Waiting {
        child: u32,
        host: Pid,
    },
}

const WAIT: Syscall = Syscall::Wait { who: WaitFor::Any, flags: WaitFlags { no_hang: false, untraced: false } };

impl Init {
    fn command(&self) -> &[String] {
        let rest = self.args.argv.get(1..).unwrap_or_default();
        if rest.first().is_some_and(|a| a == "--") { rest.get(1..).unwrap_or_default() } else { rest }
    }

    /// The file that the command names, by `PATH`.
    fn path(&self, cx: &mut Cx<'_>) -> String {
        let name = self.command().first().cloned().unwrap_or_default();
        if name.contains('/') {
            return name;
        }
        let dirs = self.args.var("PATH").unwrap_or("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        let found = dirs.split(':').map(|d| format!("{d}/{name}")).find(|p| cx.access(p, false, false, true).is_ok());
        found.unwrap_or(name)
    }
}

impl Program for Init {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        let result = cx.result();
        match self.phase {
            Phase::Start => {
                let program_errors = [Signal::SEGV, Signal::BUS, Signal::FPE, Signal::ILL, Signal::ABRT, Signal::TRAP];
                let own = [Signal::KILL, Signal::STOP, Signal::CHLD, Signal::TTIN, Signal::TTOU];
                for s in Signal::ALL.iter().filter(|s| !program_errors.contains(s) && !own.contains(s)) {
                    let _ = cx.sigaction(*s, Disposition::Catch);
                }
                self.phase = Phase::Forking;
                Step::Syscall(Syscall::Fork)
            }
            Phase::Forking => match result {
                Ok(Ret::Num(0)) => {
                    self.phase = Phase::Executing;
                    let path = self.path(cx);
                    Step::Syscall(Syscall::Exec { path, argv: self.command().to_vec(), env: self.args.env.clone() })
                }
                Ok(Ret::Num(child)) => {
                    // `fork` tells the namespace's number, `wait` the host's.
                    let procs = cx.procs().unwrap_or_default();
                    let host = procs.iter().find(|p| i64::from(p.pid) == child).map_or(Pid(0), |p| p.host_pid);
                    self.phase = Phase::Waiting { child: child as u32, host };
                    Step::Syscall(WAIT)
                }
                _ => Step::exit(1),
            },
            Phase::Executing => {
                let e = result.err().unwrap_or(Errno::ENOENT);
                let name = self.command().first().cloned().unwrap_or_default();
                let text = format!("[FATAL tini (7)] exec {name} failed: {}\n", e.text());
                let _ = cx.write(2, std::rc::Rc::new(text.into_bytes()));
                Step::exit(if e == Errno::EACCES { 126 } else { 127 })
            }
            Phase::Waiting { child, host } => {
                match result {
                    Ok(Ret::Child { pid, status }) if pid == host => return Step::exit(status.code()),
                    Err(Errno::ECHILD) => return Step::exit(0),
                    _ => {}
                }
                while let Some(signal) = cx.take_signal() {
                    let _ = cx.kill(child as i32, Some(signal));
                }
                Step::Syscall(WAIT)
            }
        }
    }

    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }

    fn digest(&self, h: &mut StateHasher) {
        self.hash(h);
    }

    fn memory(&self) -> u64 {
        1 << 20
    }
}
