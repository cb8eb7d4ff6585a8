//! Socket activation of the daemon, as systemd's `docker.socket` does it: the socket is there from the
//! start, the daemon comes with the first connection, or by itself some time after boot.

use layerlab_kernel::{Cx, Fd, Program, ProgramArgs, SimTime, StateHasher, Step, Syscall, syscall::PollFd};

/// The descriptor that the daemon gets the socket as (`sd_listen_fds(3)`).
const FIRST_PASSED: Fd = 3;
/// When the boot has come to the daemon if nobody asked for it before.
const PATIENCE: SimTime = SimTime::secs(5);

/// What waits at the socket, until it becomes the daemon.
#[derive(Clone, Debug, Hash)]
struct Activation {
    args: ProgramArgs,
    waited: bool,
}

/// Starts it: waits until somebody connects to descriptor 3, then executes its arguments with
/// `LISTEN_FDS=1`.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    Box::new(Activation { args, waited: false })
}

impl Program for Activation {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        let result = cx.result();
        if !self.waited {
            self.waited = true;
            let socket = PollFd { fd: FIRST_PASSED, read: true, write: false };
            return Step::Syscall(Syscall::Poll { fds: vec![socket], timeout: Some(PATIENCE) });
        }
        let argv: Vec<String> = self.args.argv.iter().skip(1).cloned().collect();
        match (result, argv.first().cloned()) {
            (Ok(layerlab_kernel::Ret::Ready(_)), Some(path)) => {
                let mut env = self.args.env.clone();
                env.push(("LISTEN_FDS".to_owned(), "1".to_owned()));
                env.push(("LISTEN_PID".to_owned(), cx.pid().to_string()));
                Step::Syscall(Syscall::Exec { path, argv, env })
            }
            // Nothing to start, or it could not be started.
            _ => Step::exit(1),
        }
    }

    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }

    fn digest(&self, h: &mut StateHasher) {
        std::hash::Hash::hash(self, h);
    }
}
