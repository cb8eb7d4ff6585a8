//! `python`: the interpreter of `layerlab-python` as a process of the simulated machine.

use layerlab_kernel::{
    Cx, Disposition, Errno, ExitStatus, Fd, FileType, OpenFlags, Pid, PollFd, Program, ProgramArgs, Ret, Signal,
    SimTime, SockAddr, SockKind, StateHasher, Step, SysResult, Syscall, WaitFlags, WaitFor, Whence,
};
use layerlab_python::{Addr, OsCall, OsResult, OsStat, SigDisposition, Vm, VmConfig, VmStep};
use std::hash::Hash;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::rc::Rc;

/// Instructions in one slice, and the virtual time that one takes (CPython 3.11 runs some 30 million a second).
const SLICE: u64 = 10_000;
const NS_PER_STEP: u64 = 30;
/// What CPython needs to start, virtually.
const START: SimTime = SimTime(18_000_000);

#[derive(Clone)]
struct Python {
    vm: Vm,
    args: ProgramArgs,
    started: bool,
    waiting: Option<OsCall>,
    /// What the processes that it waits for are called in its own pid namespace.
    children: Vec<(Pid, u32)>,
    /// Hash over all that the machine was told, and its steps: they determine its state.
    seen: u64,
    steps: u64,
}

/// Starts `python`.
pub(crate) fn start(args: ProgramArgs) -> Box<dyn Program> {
    let executable = args.argv.first().cloned().unwrap_or_default();
    let is_version = args.variant.starts_with(|c: char| c.is_ascii_digit());
    let version = if is_version { args.variant.clone() } else { String::new() };
    let config = VmConfig { argv: args.argv.clone(), env: args.env.clone(), executable, version };
    Box::new(Python {
        vm: Vm::new(config),
        args,
        started: false,
        waiting: None,
        children: Vec::new(),
        seen: 0,
        steps: 0,
    })
}

impl Program for Python {
    fn resume(&mut self, cx: &mut Cx<'_>) -> Step {
        if !self.started {
            self.started = true;
            cx.charge(START);
            let _ = cx.sigaction(Signal::INT, Disposition::Catch);
            let _ = cx.sigaction(Signal::PIPE, Disposition::Ignore);
        }
        while let Some(s) = cx.take_signal() {
            self.note(&(1u8, s.number()));
            self.vm.signal(s.number());
        }
        if let Some(call) = self.waiting.take() {
            let r = cx.result();
            self.answer(&call, r);
        }
        let mut fuel = SLICE;
        loop {
            let step = self.vm.run(fuel);
            let used = fuel.saturating_sub(self.vm.fuel_left()).max(1);
            fuel = self.vm.fuel_left();
            self.steps += used;
            cx.charge(SimTime(used * NS_PER_STEP));
            match step {
                VmStep::Exit(code) => return Step::exit(code),
                VmStep::OutOfFuel => return Step::Yield,
                VmStep::Syscall(call) => match translate(cx, &call) {
                    Translated::Done(r) => {
                        self.note(&format!("{r:?}"));
                        self.vm.resume(r);
                    }
                    Translated::Call(c) => {
                        if matches!(call, OsCall::Wait { .. }) {
                            self.children = numbers(cx);
                        }
                        self.waiting = Some(call);
                        return Step::Syscall(c);
                    }
                },
            }
        }
    }

    fn fork(&self) -> Option<Box<dyn Program>> {
        Some(Box::new(self.clone()))
    }

    fn digest(&self, h: &mut StateHasher) {
        self.args.hash(h);
        self.seen.hash(h);
        self.steps.hash(h);
        self.waiting.is_some().hash(h);
    }

    fn memory(&self) -> u64 {
        (9 << 20) + self.vm.memory()
    }
}

impl Python {
    fn note(&mut self, what: &impl Hash) {
        let mut h = Fnv(self.seen);
        what.hash(&mut h);
        self.seen = std::hash::Hasher::finish(&h);
    }

    fn answer(&mut self, call: &OsCall, r: SysResult) {
        let mut r = convert(call, r);
        if let (OsCall::Wait { .. }, OsResult::Ints(told)) = (call, &mut r)
            && let Some(pid) = told.first_mut()
            && let Some((_, own)) = self.children.iter().find(|c| i64::from(c.0.0) == *pid)
        {
            *pid = (*own).into();
        }
        self.note(&format!("{r:?}"));
        self.vm.resume(r);
    }
}

/// FNV-1a: the same on every platform.
struct Fnv(u64);

impl std::hash::Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

enum Translated {
    Done(OsResult),
    Call(Syscall),
}

/// The processes that this one sees: the host's numbers and its own, where they differ.
fn numbers(cx: &mut Cx<'_>) -> Vec<(Pid, u32)> {
    if cx.pid() == cx.host_pid().0 {
        return Vec::new();
    }
    cx.procs().unwrap_or_default().into_iter().map(|p| (p.host_pid, p.pid)).collect()
}

fn fd(n: i64) -> Fd {
    Fd::try_from(n).unwrap_or(-1)
}

fn translate(cx: &mut Cx<'_>, call: &OsCall) -> Translated {
    use Translated::{Call, Done};
    match call.clone() {
        OsCall::Open { path, flags, mode } => Call(Syscall::Open { path, flags: open_flags(flags), mode }),
        OsCall::Read { fd: f, len } => Call(Syscall::Read { fd: fd(f), len }),
        OsCall::Write { fd: f, data } => Call(Syscall::Write { fd: fd(f), data: Rc::new(data) }),
        OsCall::Close { fd: f } => Call(Syscall::Close { fd: fd(f) }),
        OsCall::Seek { fd: f, offset, whence } => {
            let whence = match whence {
                0 => Whence::Set,
                1 => Whence::Current,
                _ => Whence::End,
            };
            Call(Syscall::Lseek { fd: fd(f), offset, whence })
        }
        OsCall::Truncate { fd: f, len } => Call(Syscall::Truncate { fd: fd(f), len: len.max(0) as u64 }),
        OsCall::Stat { path, follow } => Call(Syscall::Stat { path, follow }),
        OsCall::ListDir { path } => Call(Syscall::ReadDir { path }),
        OsCall::Mkdir { path, mode } => Call(Syscall::Mkdir { path, mode }),
        OsCall::Rmdir { path } => Call(Syscall::Rmdir { path }),
        OsCall::Unlink { path } => Call(Syscall::Unlink { path }),
        OsCall::Rename { from, to } => Call(Syscall::Rename { from, to }),
        OsCall::Symlink { target, path } => Call(Syscall::Symlink { target, path }),
        OsCall::Readlink { path } => Call(Syscall::Readlink { path }),
        OsCall::Chmod { path, mode } => Call(Syscall::Chmod { path, mode }),
        OsCall::Chdir { path } => Call(Syscall::Chdir { path }),
        OsCall::Getcwd => Call(Syscall::Getcwd),
        OsCall::Sleep { ns } => Call(Syscall::Sleep { duration: SimTime(ns) }),
        OsCall::Now => Done(OsResult::Int(cx.wall_clock())),
        OsCall::Monotonic => Done(OsResult::Int(cx.now().0 as i64)),
        OsCall::Random { len } => Call(Syscall::Random { len }),
        OsCall::GetPid => Done(OsResult::Int(cx.pid().into())),
        OsCall::GetPpid => Done(OsResult::Int(cx.parent_pid().into())),
        OsCall::GetUid => Done(OsResult::Int(cx.ids().0.into())),
        OsCall::GetGid => Done(OsResult::Int(cx.ids().1.into())),
        OsCall::Exec { path, argv, env } => Call(Syscall::Exec { path, argv, env }),
        OsCall::Kill { pid, signal } => {
            let pid = i32::try_from(pid).unwrap_or(0);
            match (signal, Signal::from_number(signal)) {
                (0, _) => Call(Syscall::Kill { pid, signal: None }),
                (_, Some(s)) => Call(Syscall::Kill { pid, signal: Some(s) }),
                _ => Done(OsResult::Err(Errno::EINVAL.number())),
            }
        }
        OsCall::Fork => Call(Syscall::Fork),
        OsCall::Wait { pid, no_hang } => {
            let child = u32::try_from(pid).ok().filter(|p| *p > 0);
            let mut host = |own: u32| numbers(cx).into_iter().find(|n| n.1 == own).map_or(Pid(own), |n| n.0);
            let who = child.map_or(WaitFor::Any, |p| WaitFor::Pid(host(p)));
            Call(Syscall::Wait { who, flags: WaitFlags { no_hang, untraced: false } })
        }
        OsCall::Pipe => Call(Syscall::Pipe),
        OsCall::Dup2 { old, new } => Call(Syscall::Dup2 { old: fd(old), new: fd(new) }),
        OsCall::SetSid => Call(Syscall::SetSid),
        OsCall::Sigaction { signal, disposition } => {
            let disposition = match disposition {
                SigDisposition::Default => Disposition::Default,
                SigDisposition::Ignore => Disposition::Ignore,
                SigDisposition::Catch => Disposition::Catch,
            };
            match Signal::from_number(signal) {
                Some(signal) => Call(Syscall::Sigaction { signal, disposition }),
                None => Done(OsResult::Err(Errno::EINVAL.number())),
            }
        }
        OsCall::IsATty { fd: f } => Done(OsResult::Int(i64::from(cx.tc_get_attr(fd(f)).is_ok()))),
        OsCall::Uname => Call(Syscall::Uname),
        OsCall::Socket { family, kind } => match (family, kind) {
            (1, 1) => Call(Syscall::Socket { kind: SockKind::UnixStream }),
            (2, 1) => Call(Syscall::Socket { kind: SockKind::Tcp }),
            _ => Done(OsResult::Err(94)),
        },
        OsCall::Bind { fd: f, addr } => with_address(addr, |addr| Syscall::Bind { fd: fd(f), addr }),
        OsCall::Connect { fd: f, addr } => with_address(addr, |addr| Syscall::Connect { fd: fd(f), addr }),
        OsCall::Listen { fd: f, backlog } => {
            Call(Syscall::Listen { fd: fd(f), backlog: u32::try_from(backlog).unwrap_or(0) })
        }
        OsCall::Accept { fd: f } => Call(Syscall::Accept { fd: fd(f) }),
        OsCall::Shutdown { fd: f, how } => Call(Syscall::Shutdown { fd: fd(f), read: how != 1, write: how != 0 }),
        OsCall::GetSockName { fd: f } => Call(Syscall::GetSockName { fd: fd(f) }),
        OsCall::GetPeerName { fd: f } => Call(Syscall::GetPeerName { fd: fd(f) }),
        OsCall::Resolve { host } => Call(Syscall::Resolve { host }),
        OsCall::Poll { read, write, timeout_ns } => {
            let mut fds: Vec<PollFd> = read.iter().map(|f| PollFd { fd: fd(*f), read: true, write: false }).collect();
            fds.extend(write.iter().map(|f| PollFd { fd: fd(*f), read: false, write: true }));
            Call(Syscall::Poll { fds, timeout: timeout_ns.map(SimTime) })
        }
    }
}

/// Python resolves names before it binds or connects, so hosts are addresses here.
fn with_address(addr: Addr, call: impl FnOnce(SockAddr) -> Syscall) -> Translated {
    match addr {
        Addr::Unix(p) => Translated::Call(call(SockAddr::Unix(p))),
        Addr::Inet { host, port } => match host.parse::<Ipv4Addr>() {
            Ok(ip) => Translated::Call(call(SockAddr::Inet(SocketAddrV4::new(ip, port)))),
            Err(_) => Translated::Done(OsResult::Err(-2)),
        },
    }
}

fn open_flags(flags: i64) -> OpenFlags {
    OpenFlags {
        read: flags & 3 != 1,
        write: flags & 3 != 0,
        append: flags & 0o2000 != 0,
        create: flags & 0o100 != 0,
        exclusive: flags & 0o200 != 0,
        truncate: flags & 0o1000 != 0,
        directory: flags & 0o200_000 != 0,
        cloexec: flags & 0o2_000_000 != 0,
        nonblock: flags & 0o4000 != 0,
    }
}

fn address(a: SockAddr) -> Addr {
    match a {
        SockAddr::Inet(a) => Addr::Inet { host: a.ip().to_string(), port: a.port() },
        SockAddr::Unix(p) => Addr::Unix(p),
    }
}

fn convert(call: &OsCall, r: SysResult) -> OsResult {
    match r {
        Err(_) if matches!(call, OsCall::Resolve { .. }) => OsResult::Err(-2),
        Err(Errno::EAGAIN) if matches!(call, OsCall::Wait { no_hang: true, .. }) => OsResult::Ints(vec![0, 0]),
        Err(e) => OsResult::Err(e.number()),
        Ok(r) => match r {
            Ret::Num(n) => OsResult::Int(n),
            Ret::Fds(r, w) => OsResult::Ints(vec![r.into(), w.into()]),
            Ret::Child { pid, status } => OsResult::Ints(vec![
                pid.0.into(),
                match status {
                    ExitStatus::Code(n) => i64::from(n) << 8,
                    ExitStatus::Signal(s) => s.number().into(),
                    ExitStatus::Stopped(s) => i64::from(s.number()) << 8 | 0x7f,
                },
            ]),
            Ret::Bytes(b) => OsResult::Bytes(b.to_vec()),
            Ret::Text(t) => OsResult::Text(t),
            Ret::Stat(s) => {
                let kind = match s.file_type {
                    FileType::File => 0o100_000,
                    FileType::Dir => 0o040_000,
                    FileType::Symlink => 0o120_000,
                    FileType::Char => 0o020_000,
                    FileType::Block => 0o060_000,
                    FileType::Fifo => 0o010_000,
                    FileType::Socket => 0o140_000,
                };
                OsResult::Stat(OsStat {
                    mode: kind | s.mode,
                    size: s.size,
                    uid: s.uid,
                    gid: s.gid,
                    mtime_ns: s.mtime * 1_000_000_000 + i64::from(s.mtime_nsec),
                })
            }
            Ret::Entries(es) => {
                OsResult::Names(es.into_iter().map(|e| e.name).filter(|n| n != "." && n != "..").collect())
            }
            Ret::Accepted { fd, peer } => OsResult::Accepted { fd: fd.into(), peer: address(peer) },
            Ret::Addr(a) => OsResult::Addr(address(a)),
            Ret::Addrs(a) => OsResult::Names(a.iter().map(ToString::to_string).collect()),
            Ret::Ready(fds) => OsResult::Ints(fds.iter().map(|p| p.fd.into()).collect()),
            Ret::Uname(u) => OsResult::Names(vec!["Linux".into(), u.nodename, u.release, u.version, u.machine]),
            _ => OsResult::Unit,
        },
    }
}
