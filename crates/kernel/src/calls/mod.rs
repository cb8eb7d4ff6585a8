//! System calls, one group a file.

mod datagram;
mod dir;
mod exec;
mod file;
mod io;
mod link;
pub mod machine;
mod mount;
mod namespace;
mod process;
mod socket;
mod tty;

use crate::errno::Errno;
use crate::program::Cx;
use crate::syscall::{Fd, Ret, SysResult, Syscall};
use crate::system::WaitKey;
use crate::{Bytes, SimTime};

pub(crate) use exec::{exec, fork};
pub(crate) use file::{open_abandoned, opens_wait};
pub(crate) use process::host_pid;

/// How an attempt at a call went.
pub(crate) enum Outcome {
    /// It has this result.
    Done(SysResult),
    /// It waits for one of these, until then at most.
    Block(Vec<WaitKey>, Option<SimTime>),
    /// The same; the first time is the call's own deadline, the second when it tries again at the latest.
    BlockUntil(Vec<WaitKey>, Option<SimTime>, Option<SimTime>),
    /// The program that made it is no more: it has ended or was replaced.
    Gone,
}

impl From<SysResult> for Outcome {
    fn from(r: SysResult) -> Self {
        Self::Done(r)
    }
}

/// Virtual cpu time of a call: a fixed part, and copying at 4 GB/s.
pub(crate) fn cost(call: &Syscall) -> SimTime {
    let ns = match call {
        Syscall::Fork => 80_000,
        Syscall::Exec { .. } => 400_000,
        Syscall::Spawn(_) => 2_000_000,
        Syscall::Write { data, .. } => 600 + data.len() as u64 / 4,
        Syscall::Read { .. } => 600,
        Syscall::Open { .. } | Syscall::Stat { .. } => 1_200,
        Syscall::Connect { .. } => 30_000,
        _ => 500,
    };
    SimTime(ns)
}

/// A call that must answer at once.
pub(crate) fn immediate(cx: &mut Cx<'_>, call: &Syscall) -> SysResult {
    match call {
        // These end or replace the program: only as a step.
        Syscall::Exit { .. } | Syscall::Exec { .. } | Syscall::Fork => Err(Errno::EINVAL),
        _ => match attempt(cx, call, None) {
            Outcome::Done(r) => r,
            // A named pipe is open; it is the next step that waits for its other side.
            Outcome::Block(..) if matches!(call, Syscall::Open { .. }) => fd_ret(file::open_later(cx)),
            Outcome::Block(..) | Outcome::BlockUntil(..) | Outcome::Gone => Err(Errno::EAGAIN),
        },
    }
}

fn num(n: impl Into<i64>) -> SysResult {
    Ok(Ret::Num(n.into()))
}

fn fd_ret(r: Result<Fd, Errno>) -> SysResult {
    r.map(|n| Ret::Num(i64::from(n)))
}

fn unit(r: Result<(), Errno>) -> SysResult {
    r.map(|()| Ret::Unit)
}

fn bytes(v: Vec<u8>) -> SysResult {
    Ok(Ret::Bytes(Bytes::new(v)))
}

fn own(cx: &mut Cx<'_>, f: impl FnOnce(&mut crate::process::Process)) -> Result<(), Errno> {
    f(cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?);
    Ok(())
}

/// Tries a call, and lets the upper directories of overlays follow. `deadline` is the one that an earlier
/// attempt of the same call gave.
pub(crate) fn attempt(cx: &mut Cx<'_>, call: &Syscall, deadline: Option<SimTime>) -> Outcome {
    let outcome = try_call(cx, call, deadline);
    if cx.sys.overlays {
        cx.sys.sync_overlays();
    }
    outcome
}

fn try_call(cx: &mut Cx<'_>, call: &Syscall, deadline: Option<SimTime>) -> Outcome {
    use Syscall as S;
    match call {
        S::Open { path, flags, mode } => file::open_step(cx, path, *flags, *mode),
        S::Close { fd } => {
            let at = cx.now();
            unit(cx.sys.close_fd(cx.pid, *fd, at)).into()
        }
        S::Read { fd, len } => io::read(cx, *fd, *len),
        S::Write { fd, data } => io::write(cx, *fd, data),
        S::Lseek { fd, offset, whence } => file::lseek(cx, *fd, *offset, *whence).into(),
        S::Truncate { fd, len } => unit(file::truncate(cx, *fd, *len)).into(),
        S::Dup { fd, min } => fd_ret(file::dup(cx, *fd, *min)).into(),
        S::Dup2 { old, new } => fd_ret(file::dup2(cx, *old, *new)).into(),
        S::SetCloexec { fd, on } => unit(file::set_cloexec(cx, *fd, *on)).into(),
        S::SetNonblock { fd, on } => unit(file::set_nonblock(cx, *fd, *on)).into(),
        S::Pipe => file::pipe(cx).into(),
        S::Stat { path, follow } => file::stat(cx, path, *follow).into(),
        S::Fstat { fd } => file::fstat(cx, *fd).into(),
        S::SetNominalSize { path, size } => unit(dir::set_nominal(cx, path, *size)).into(),
        S::Access { path, read, write, exec } => unit(dir::access(cx, path, *read, *write, *exec)).into(),
        S::Mkdir { path, mode } => unit(dir::mkdir(cx, path, *mode)).into(),
        S::Mknod { path, mode, node } => unit(dir::mknod(cx, path, *mode, node.clone())).into(),
        S::Rmdir { path } => unit(dir::rmdir(cx, path)).into(),
        S::Unlink { path } => unit(dir::unlink(cx, path)).into(),
        S::Rename { from, to } => unit(dir::rename(cx, from, to)).into(),
        S::Link { from, to } => unit(dir::link(cx, from, to)).into(),
        S::Symlink { target, path } => unit(dir::symlink(cx, target, path)).into(),
        S::Readlink { path } => dir::readlink(cx, path).into(),
        S::Chmod { path, mode } => unit(dir::chmod(cx, path, *mode)).into(),
        S::Chown { path, uid, gid, follow } => unit(dir::chown(cx, path, *uid, *gid, *follow)).into(),
        S::Utimes { path, atime, mtime } => unit(dir::utimes(cx, path, *atime, *mtime)).into(),
        S::ReadDir { path } => dir::read_dir(cx, path).into(),
        S::ReadDirPlus { path } => dir::read_dir_plus(cx, path).into(),
        S::RealPath { path } => dir::real_path(cx, path).into(),
        S::Chdir { path } => unit(dir::chdir(cx, path)).into(),
        S::Getcwd => dir::getcwd(cx).into(),
        S::Umask { mask } => dir::umask(cx, *mask).into(),
        S::Mounts => dir::mounts(cx).into(),
        S::FsNew { kind, tree, limit } => machine::fs_new(cx, *kind, tree, *limit).into(),
        S::FsTree { fs } => machine::fs_tree(cx, *fs).into(),
        S::FsDrop { fs } => unit(machine::fs_drop(cx, *fs)).into(),
        S::MntNsNew { root, read_only, mounts } => machine::mnt_ns_new(cx, *root, *read_only, mounts).into(),
        S::MntNsDrop { ns } => unit(machine::mnt_ns_drop(cx, *ns)).into(),
        S::FsOf { path } => machine::fs_of(cx, path).into(),
        S::Fork => Outcome::Done(Err(Errno::ENOSYS)),
        S::Exec { path, argv, env } => match exec(cx, path, argv.clone(), env.clone()) {
            Ok(()) => {
                let at = cx.now();
                cx.sys.set_ready(cx.pid, None, at);
                Outcome::Gone
            }
            Err(e) => Outcome::Done(Err(e)),
        },
        S::Spawn(spec) => exec::spawn(cx, spec).into(),
        S::Thread(body) => exec::thread(cx, body).into(),
        S::Exit { code } => process::exit(cx, *code),
        S::Wait { who, flags } => process::wait(cx, *who, *flags),
        S::Kill { pid, signal } => process::kill(cx, *pid, *signal).into(),
        S::KillHost { pid, signal } => unit(process::kill_host(cx, *pid, *signal)).into(),
        S::SetPgid { pid, pgid } => unit(process::set_pgid(cx, *pid, *pgid)).into(),
        S::SetSid => unit(process::set_sid(cx)).into(),
        S::Sigaction { signal, disposition } => unit(process::sigaction(cx, *signal, *disposition)).into(),
        S::Sleep { duration } => process::sleep(cx, *duration, deadline),
        S::SetUid { uid, gid, groups } => unit(process::set_uid(cx, *uid, *gid, groups)).into(),
        S::Procs => process::procs(cx).into(),
        S::Unshare(what) => unit(namespace::unshare(cx, *what)).into(),
        S::SetNs { fd } => unit(namespace::set_ns(cx, *fd)).into(),
        S::SetNoNewPrivs => unit(own(cx, |p| p.no_new_privs = true)).into(),
        S::SetSubreaper { on } => unit(own(cx, |p| p.subreaper = *on)).into(),
        S::GetCaps => Outcome::Done(cx.sys.process(cx.pid).map(|p| Ret::Caps(p.caps)).ok_or(Errno::ESRCH)),
        S::GetIds => process::get_ids(cx).into(),
        S::SetCaps { caps } => unit(process::set_caps(cx, *caps)).into(),
        S::GetLimit { pid, resource } => process::get_limit(cx, *pid, *resource).into(),
        S::SetLimit { pid, resource, soft, hard } => unit(process::set_limit(cx, *pid, *resource, *soft, *hard)).into(),
        S::SetNice { pid, nice } => unit(process::set_nice(cx, *pid, *nice)).into(),
        S::SetResUid { real, effective, saved } => unit(process::set_res_uid(cx, *real, *effective, *saved)).into(),
        S::Mount { source, target, kind, flags, data } => {
            unit(mount::mount(cx, source, target, kind, *flags, data)).into()
        }
        S::Umount { target, detach } => unit(mount::umount(cx, target, *detach)).into(),
        S::PivotRoot { new, old } => unit(mount::pivot_root(cx, new, old)).into(),
        S::Chroot { path } => unit(mount::chroot(cx, path)).into(),
        S::SendTo { fd, data, to, ttl } => datagram::send_to(cx, *fd, data, *to, *ttl).into(),
        S::RecvFrom { fd, timeout } => datagram::recv_from(cx, *fd, *timeout, deadline),
        S::Routes => datagram::routes(cx).into(),
        S::TcGetAttr { fd } => tty::get_attr(cx, *fd).into(),
        S::TcSetAttr { fd, termios } => tty::foreground_only(cx, *fd, |cx| tty::set_attr(cx, *fd, *termios)),
        S::TcGetPgrp { fd } => tty::get_pgrp(cx, *fd).into(),
        S::TcSetPgrp { fd, pgid } => tty::foreground_only(cx, *fd, |cx| tty::set_pgrp(cx, *fd, *pgid)),
        S::WinSize { fd } => tty::win_size(cx, *fd).into(),
        S::SetWinSize { fd, size } => unit(tty::set_win_size(cx, *fd, *size)).into(),
        S::OpenPty => tty::open_pty(cx).into(),
        S::TtyName { fd } => tty::name(cx, *fd).into(),
        S::Socket { kind } => fd_ret(socket::socket(cx, *kind)).into(),
        S::Bind { fd, addr } => unit(socket::bind(cx, *fd, addr)).into(),
        S::Listen { fd, backlog } => unit(socket::listen(cx, *fd, *backlog)).into(),
        S::Accept { fd } => socket::accept(cx, *fd),
        S::Connect { fd, addr } => unit(socket::connect(cx, *fd, addr)).into(),
        S::Shutdown { fd, read, write } => unit(socket::shutdown(cx, *fd, *read, *write)).into(),
        S::GetSockName { fd } => socket::name(cx, *fd).into(),
        S::GetPeerName { fd } => socket::peer(cx, *fd).into(),
        S::Resolve { host } => socket::resolve(cx, host).into(),
        S::Interfaces => socket::interfaces(cx).into(),
        S::Poll { fds, timeout } => io::poll(cx, fds, *timeout, deadline),
        S::Uname => machine::uname(cx).into(),
        S::SetHostname { name } => unit(machine::set_hostname(cx, name)).into(),
        S::SysInfo => machine::sys_info(cx).into(),
        S::Random { len } => bytes(machine::random(cx, *len)).into(),
        S::Net(op) => machine::net(cx, op).into(),
    }
}
