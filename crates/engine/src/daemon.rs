//! dockerd: the accept loop. A state machine, because it lives as long as the machine does; each
//! connection is answered by a thread of its own.

use std::hash::Hash;
use std::net::Ipv4Addr;

use layerlab_api::SOCKET;
use layerlab_kernel::net::NetOp;
use layerlab_kernel::{
    Cx, Disposition, Errno, Fd, Program, ProgramArgs, Resource, Ret, Signal, StateHasher, Step, Syscall, ThreadBody,
};

use crate::handler;
use crate::network;
use crate::state::EngineState;

/// Starts dockerd.
pub fn start(args: ProgramArgs) -> Box<dyn Program> {
    Box::new(Daemon { args, phase: Phase::Start })
}

#[derive(Clone, Hash)]
struct Daemon {
    args: ProgramArgs,
    phase: Phase,
}

#[derive(Clone, Hash)]
enum Phase {
    Start,
    Accepting(Fd),
    Failed,
}

impl Program for Daemon {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        match self.phase {
            Phase::Start => {
                let _ = cx.result();
                let passed = self.args.var("LISTEN_FDS").is_some().then_some(FIRST_PASSED);
                match set_up(cx, passed) {
                    Ok(fd) => {
                        self.phase = Phase::Accepting(fd);
                        Step::Syscall(Syscall::Accept { fd })
                    }
                    Err(e) => {
                        self.phase = Phase::Failed;
                        let text = format!("failed to start daemon: {}\n", crate::error::lower(e));
                        let _ = cx.write(2, std::rc::Rc::new(text.into_bytes()));
                        Step::exit(1)
                    }
                }
            }
            Phase::Accepting(listener) => {
                match cx.result() {
                    Ok(Ret::Accepted { fd, .. }) => {
                        let _ = cx.set_cloexec(fd, true);
                        let body = ThreadBody::new(handler::connection(fd));
                        if cx.thread(body).is_err() {
                            let _ = cx.close(fd);
                        }
                    }
                    // Stopping the daemon leaves the containers' processes to the kernel.
                    Err(Errno::EINTR) if cx.take_signal().is_some_and(|s| matches!(s, Signal::TERM | Signal::INT)) => {
                        let _ = cx.unlink(SOCKET);
                        return Step::exit(0);
                    }
                    _ => {}
                }
                Step::Syscall(Syscall::Accept { fd: listener })
            }
            Phase::Failed => Step::exit(1),
        }
    }

    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }

    fn digest(&self, h: &mut StateHasher) {
        self.hash(h);
    }

    fn memory(&self) -> u64 {
        82 << 20
    }
}

/// The descriptor that a socket comes as from who started the daemon (`sd_listen_fds(3)`).
const FIRST_PASSED: Fd = 3;

/// Prepares all and gives the socket to accept at: the one that was passed, or a new one.
fn set_up(cx: &mut Cx<'_>, passed: Option<Fd>) -> Result<Fd, Errno> {
    for signal in [Signal::TERM, Signal::INT] {
        cx.sigaction(signal, Disposition::Catch)?;
    }
    cx.sigaction(Signal::PIPE, Disposition::Ignore)?;
    raise_files(cx);
    for dir in ["/run", "/var", "/var/lib", "/var/lib/docker", "/var/lib/docker/containers", "/var/lib/docker/volumes"]
    {
        let _ = cx.mkdir(dir, if dir.starts_with("/var/lib/docker") { 0o710 } else { 0o755 });
    }
    if cx.stat("/var/run").is_err() {
        cx.symlink("/run", "/var/run")?;
    }
    let random = cx.random(96)?;
    let hex = layerlab_kernel::hash::hex(&random);
    let mut state = EngineState { daemon_id: uuid(&hex), ..EngineState::default() };
    network::add_predefined(&mut state, &hex, cx.wall_clock());
    match cx.net(NetOp::BridgeNew {
        name: "docker0".to_owned(),
        addr: Ipv4Addr::new(172, 17, 0, 1),
        prefix: 16,
        internal: false,
    }) {
        Ok(_) | Err(Errno::EEXIST) => {}
        Err(e) => return Err(e),
    }
    state.remap = crate::remap::at_start(cx);
    cx.set_memory(Box::new(state));
    let fd = match passed {
        Some(fd) => fd,
        None => listen(cx)?,
    };
    cx.set_cloexec(fd, true)?;
    Ok(fd)
}

/// Lets itself open as many files as it may, as every Go program does at its start (package `os`, Go 1.19);
/// what it starts has the limits of before ([`crate::container::security::FILES`]).
fn raise_files(cx: &mut Cx<'_>) {
    let (pid, resource) = (0, Resource::Files);
    if let Ok(Ret::Limit(_, hard)) = cx.call(Syscall::GetLimit { pid, resource }) {
        // Lowering or keeping the hard limit needs no privilege.
        let _ = cx.call(Syscall::SetLimit { pid, resource, soft: hard, hard });
    }
}

fn listen(cx: &mut Cx<'_>) -> Result<Fd, Errno> {
    // Group docker may connect.
    let group = docker_group(cx);
    cx.listen_at(SOCKET, 0o660, group)
}

fn docker_group(cx: &mut Cx<'_>) -> Option<u32> {
    let fd = cx.open("/etc/group", layerlab_kernel::OpenFlags::READ, 0).ok()?;
    let text = cx.read(fd, 1 << 16).ok();
    let _ = cx.close(fd);
    let text = String::from_utf8_lossy(&text?).into_owned();
    let line = text.lines().find(|l| l.starts_with("docker:"))?;
    line.split(':').nth(2)?.parse().ok()
}

/// Hexadecimal digits as a random UUID (RFC 9562, version 4).
fn uuid(hex: &str) -> String {
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(12, 15), part(15, 18), part(18, 30))
}
