//! Typed forms of the calls: what programs use.

use std::net::Ipv4Addr;

use crate::net::NetOp;
use crate::syscall::*;
use crate::vfs::{FsId, FsKind, Node, Tree};
use crate::{Bytes, Caps, Disposition, Errno, Resource, Signal, SimTime};

macro_rules! typed_calls {
    ($( $(#[$doc:meta])* $name:ident ( $($arg:ident : $ty:ty),* ) -> $ret:ty { $call:expr } $pat:pat => $val:expr; )*) => {
        /// Typed forms of the calls, answered at once; one that would block gives `EAGAIN`.
        impl crate::Cx<'_> {
            $( $(#[$doc])*
            pub fn $name(&mut self, $($arg: $ty),*) -> Result<$ret, Errno> {
                match self.call($call)? { $pat => Ok($val), _ => Err(Errno::EINVAL) }
            } )*
        }
        /// Typed forms of the calls; `.await` suspends the program where the call blocks.
        impl crate::Sys {
            $( $(#[$doc])*
            pub fn $name(&self, $($arg: $ty),*) -> crate::program::Call<$ret> {
                self.typed($call, |ret| match ret { $pat => Ok($val), _ => Err(Errno::EINVAL) })
            } )*
        }
    };
}

typed_calls! {
    /// Opens a file; `mode` is for a new one, before the umask.
    open(path: &str, flags: OpenFlags, mode: u32) -> Fd { Syscall::Open { path: path.to_owned(), flags, mode } } Ret::Num(n) => n as Fd;
    /// Closes a descriptor.
    close(fd: Fd) -> () { Syscall::Close { fd } } Ret::Unit => ();
    /// Reads up to `len` bytes; empty at the end.
    read(fd: Fd, len: usize) -> Bytes { Syscall::Read { fd, len } } Ret::Bytes(b) => b;
    /// Writes; answers how many bytes went.
    write(fd: Fd, data: Bytes) -> usize { Syscall::Write { fd, data } } Ret::Num(n) => n as usize;
    /// Moves the position; answers the new one.
    lseek(fd: Fd, offset: i64, whence: Whence) -> u64 { Syscall::Lseek { fd, offset, whence } } Ret::Num(n) => n as u64;
    /// Cuts or extends.
    truncate(fd: Fd, len: u64) -> () { Syscall::Truncate { fd, len } } Ret::Unit => ();
    /// Duplicates to the lowest free number from `min` on.
    dup(fd: Fd, min: Fd) -> Fd { Syscall::Dup { fd, min } } Ret::Num(n) => n as Fd;
    /// Duplicates to a given number.
    dup2(old: Fd, new: Fd) -> () { Syscall::Dup2 { old, new } } Ret::Num(_) => ();
    /// Sets close-on-exec.
    set_cloexec(fd: Fd, on: bool) -> () { Syscall::SetCloexec { fd, on } } Ret::Unit => ();
    /// A pipe: (read end, write end).
    pipe() -> (Fd, Fd) { Syscall::Pipe } Ret::Fds(r, w) => (r, w);
    /// Follows a last link.
    stat(path: &str) -> Stat { Syscall::Stat { path: path.to_owned(), follow: true } } Ret::Stat(s) => s;
    /// Doesn't follow a last link.
    lstat(path: &str) -> Stat { Syscall::Stat { path: path.to_owned(), follow: false } } Ret::Stat(s) => s;
    /// Of an open file.
    fstat(fd: Fd) -> Stat { Syscall::Fstat { fd } } Ret::Stat(s) => s;
    /// Sets the size that the file stands for.
    set_nominal_size(path: &str, size: u64) -> () { Syscall::SetNominalSize { path: path.to_owned(), size } } Ret::Unit => ();
    /// Whether the caller may.
    access(path: &str, read: bool, write: bool, exec: bool) -> () { Syscall::Access { path: path.to_owned(), read, write, exec } } Ret::Unit => ();
    /// Makes a directory.
    mkdir(path: &str, mode: u32) -> () { Syscall::Mkdir { path: path.to_owned(), mode } } Ret::Unit => ();
    /// Makes a named pipe.
    mkfifo(path: &str, mode: u32) -> () { Syscall::Mknod { path: path.to_owned(), mode, node: Node::Fifo } } Ret::Unit => ();
    /// Makes a named pipe or a device.
    mknod(path: &str, mode: u32, node: Node) -> () { Syscall::Mknod { path: path.to_owned(), mode, node } } Ret::Unit => ();
    /// Removes an empty directory.
    rmdir(path: &str) -> () { Syscall::Rmdir { path: path.to_owned() } } Ret::Unit => ();
    /// Removes a name.
    unlink(path: &str) -> () { Syscall::Unlink { path: path.to_owned() } } Ret::Unit => ();
    /// Renames within a file system.
    rename(from: &str, to: &str) -> () { Syscall::Rename { from: from.to_owned(), to: to.to_owned() } } Ret::Unit => ();
    /// A hard link.
    link(from: &str, to: &str) -> () { Syscall::Link { from: from.to_owned(), to: to.to_owned() } } Ret::Unit => ();
    /// A symbolic link at `path` that says `target`.
    symlink(target: &str, path: &str) -> () { Syscall::Symlink { target: target.to_owned(), path: path.to_owned() } } Ret::Unit => ();
    /// What a symbolic link says.
    readlink(path: &str) -> String { Syscall::Readlink { path: path.to_owned() } } Ret::Text(t) => t;
    /// Sets permission bits.
    chmod(path: &str, mode: u32) -> () { Syscall::Chmod { path: path.to_owned(), mode } } Ret::Unit => ();
    /// Sets owner and group where given.
    chown(path: &str, uid: Option<u32>, gid: Option<u32>, follow: bool) -> () { Syscall::Chown { path: path.to_owned(), uid, gid, follow } } Ret::Unit => ();
    /// Sets the times of reading and of writing; `None`: now.
    utimes(path: &str, time: Option<(i64, u32)>) -> () { Syscall::Utimes { path: path.to_owned(), atime: time.into(), mtime: time.into() } } Ret::Unit => ();
    /// Sets the times of reading and of writing, each as it is said.
    set_times(path: &str, atime: SetTime, mtime: SetTime) -> () { Syscall::Utimes { path: path.to_owned(), atime, mtime } } Ret::Unit => ();
    /// Names in a directory, sorted by bytes.
    read_dir(path: &str) -> Vec<DirEntry> { Syscall::ReadDir { path: path.to_owned() } } Ret::Entries(e) => e;
    /// Names in a directory, sorted by bytes, with an `lstat` of each.
    read_dir_plus(path: &str) -> Vec<(DirEntry, Result<Stat, Errno>)> { Syscall::ReadDirPlus { path: path.to_owned() } } Ret::EntriesPlus(e) => e;
    /// The absolute path with every link resolved.
    real_path(path: &str) -> String { Syscall::RealPath { path: path.to_owned() } } Ret::Text(t) => t;
    /// Changes the working directory.
    chdir(path: &str) -> () { Syscall::Chdir { path: path.to_owned() } } Ret::Unit => ();
    /// The working directory.
    getcwd() -> String { Syscall::Getcwd } Ret::Text(t) => t;
    /// Sets the umask; answers the old one.
    umask(mask: u32) -> u32 { Syscall::Umask { mask } } Ret::Num(n) => n as u32;
    /// Mounts of the namespace.
    mounts() -> Vec<MountInfo> { Syscall::Mounts } Ret::Mounts(m) => m;
    /// Replaces the program; comes back only with an error.
    exec(path: &str, argv: Vec<String>, env: Vec<(String, String)>) -> () { Syscall::Exec { path: path.to_owned(), argv, env } } Ret::Unit => ();
    /// Starts a process in namespaces; answers its host pid.
    spawn(spec: SpawnSpec) -> Pid { Syscall::Spawn(Box::new(spec)) } Ret::Num(n) => Pid(n as u32);
    /// Starts a thread of the calling process.
    thread(body: ThreadBody) -> Pid { Syscall::Thread(body) } Ret::Num(n) => Pid(n as u32);
    /// Waits for a child; the pid is the host's.
    wait(who: WaitFor, flags: WaitFlags) -> (Pid, ExitStatus) { Syscall::Wait { who, flags } } Ret::Child { pid, status } => (pid, status);
    /// kill(2).
    kill(pid: i32, signal: Option<Signal>) -> () { Syscall::Kill { pid, signal } } Ret::Unit => ();
    /// kill by host pid, as root.
    kill_host(pid: Pid, signal: Signal) -> () { Syscall::KillHost { pid, signal } } Ret::Unit => ();
    /// Moves a process (0: the caller) to a group (0: its own).
    set_pgid(pid: u32, pgid: u32) -> () { Syscall::SetPgid { pid, pgid } } Ret::Unit => ();
    /// A new session.
    set_sid() -> () { Syscall::SetSid } Ret::Unit => ();
    /// Says what a signal does.
    sigaction(signal: Signal, disposition: Disposition) -> () { Syscall::Sigaction { signal, disposition } } Ret::Unit => ();
    /// Sleeps.
    sleep(duration: SimTime) -> () { Syscall::Sleep { duration } } Ret::Unit => ();
    /// Becomes another user (root only).
    set_uid(uid: u32, gid: u32, groups: Vec<u32>) -> () { Syscall::SetUid { uid, gid, groups } } Ret::Unit => ();
    /// New namespaces for the caller.
    unshare(what: Unshare) -> () { Syscall::Unshare(what) } Ret::Unit => ();
    /// Into a namespace of `/proc/<pid>/ns`.
    set_ns(fd: Fd) -> () { Syscall::SetNs { fd } } Ret::Unit => ();
    /// exec gives no privileges from now on.
    set_no_new_privs() -> () { Syscall::SetNoNewPrivs } Ret::Unit => ();
    /// Takes the orphans below, or not.
    set_subreaper(on: bool) -> () { Syscall::SetSubreaper { on } } Ret::Unit => ();
    /// The own capabilities.
    get_caps() -> Caps { Syscall::GetCaps } Ret::Caps(c) => c;
    /// Whose the caller is.
    get_ids() -> Box<Ids> { Syscall::GetIds } Ret::Ids(i) => i;
    /// Gives capabilities up.
    set_caps(caps: Caps) -> () { Syscall::SetCaps { caps } } Ret::Unit => ();
    /// Soft and hard limit of a process (0: the caller).
    get_limit(pid: u32, resource: Resource) -> (u64, u64) { Syscall::GetLimit { pid, resource } } Ret::Limit(s, h) => (s, h);
    /// Sets them.
    set_limit(pid: u32, resource: Resource, soft: u64, hard: u64) -> () { Syscall::SetLimit { pid, resource, soft, hard } } Ret::Unit => ();
    /// Sets the niceness of a process (0: the caller).
    set_nice(pid: u32, nice: i8) -> () { Syscall::SetNice { pid, nice } } Ret::Unit => ();
    /// Real, effective and saved user.
    set_res_uid(real: Option<u32>, effective: Option<u32>, saved: Option<u32>) -> () { Syscall::SetResUid { real, effective, saved } } Ret::Unit => ();
    /// mount(2).
    mount(source: &str, target: &str, kind: &str, flags: MountFlags, data: &str) -> () { Syscall::Mount { source: source.to_owned(), target: target.to_owned(), kind: kind.to_owned(), flags, data: data.to_owned() } } Ret::Unit => ();
    /// umount2(2).
    umount(target: &str, detach: bool) -> () { Syscall::Umount { target: target.to_owned(), detach } } Ret::Unit => ();
    /// pivot_root(2).
    pivot_root(new: &str, old: &str) -> () { Syscall::PivotRoot { new: new.to_owned(), old: old.to_owned() } } Ret::Unit => ();
    /// chroot(2).
    chroot(path: &str) -> () { Syscall::Chroot { path: path.to_owned() } } Ret::Unit => ();
    /// Sends a datagram.
    send_to(fd: Fd, data: Bytes, to: Option<std::net::SocketAddrV4>, ttl: u8) -> usize { Syscall::SendTo { fd, data, to, ttl } } Ret::Num(n) => n as usize;
    /// The next datagram; `EAGAIN` after the timeout.
    recv_from(fd: Fd, timeout: Option<SimTime>) -> Received { Syscall::RecvFrom { fd, timeout } } Ret::Datagram(d) => d;
    /// The namespace's routes, the default first.
    routes() -> Vec<crate::net::RouteInfo> { Syscall::Routes } Ret::Routes(r) => r;
    /// The processes of the caller's pid namespace, by number.
    procs() -> Vec<ProcInfo> { Syscall::Procs } Ret::Procs(p) => p;
    /// Terminal settings; `ENOTTY` if it is none.
    tc_get_attr(fd: Fd) -> Termios { Syscall::TcGetAttr { fd } } Ret::Termios(t) => t;
    /// Changes terminal settings.
    tc_set_attr(fd: Fd, termios: Termios) -> () { Syscall::TcSetAttr { fd, termios } } Ret::Unit => ();
    /// The terminal's foreground process group.
    tc_get_pgrp(fd: Fd) -> u32 { Syscall::TcGetPgrp { fd } } Ret::Num(n) => n as u32;
    /// Sets it.
    tc_set_pgrp(fd: Fd, pgid: u32) -> () { Syscall::TcSetPgrp { fd, pgid } } Ret::Unit => ();
    /// The terminal's size; `ENOTTY` if it is none.
    win_size(fd: Fd) -> WinSize { Syscall::WinSize { fd } } Ret::Size(s) => s;
    /// Sets it (from the master's side) and sends `WINCH`.
    set_win_size(fd: Fd, size: WinSize) -> () { Syscall::SetWinSize { fd, size } } Ret::Unit => ();
    /// A pseudo-terminal: (master, slave).
    open_pty() -> (Fd, Fd) { Syscall::OpenPty } Ret::Fds(m, s) => (m, s);
    /// The terminal's name.
    tty_name(fd: Fd) -> String { Syscall::TtyName { fd } } Ret::Text(t) => t;
    /// A socket.
    socket(kind: SockKind) -> Fd { Syscall::Socket { kind } } Ret::Num(n) => n as Fd;
    /// Gives it an address; port 0 takes a free one.
    bind(fd: Fd, addr: SockAddr) -> () { Syscall::Bind { fd, addr } } Ret::Unit => ();
    /// Takes connections from now on.
    listen(fd: Fd, backlog: u32) -> () { Syscall::Listen { fd, backlog } } Ret::Unit => ();
    /// The next connection and who made it.
    accept(fd: Fd) -> (Fd, SockAddr) { Syscall::Accept { fd } } Ret::Accepted { fd, peer } => (fd, peer);
    /// Connects.
    connect(fd: Fd, addr: SockAddr) -> () { Syscall::Connect { fd, addr } } Ret::Unit => ();
    /// Ends one or both directions.
    shutdown(fd: Fd, read: bool, write: bool) -> () { Syscall::Shutdown { fd, read, write } } Ret::Unit => ();
    /// The own address.
    get_sock_name(fd: Fd) -> SockAddr { Syscall::GetSockName { fd } } Ret::Addr(a) => a;
    /// The other's address.
    get_peer_name(fd: Fd) -> SockAddr { Syscall::GetPeerName { fd } } Ret::Addr(a) => a;
    /// Name to addresses.
    resolve(host: &str) -> Vec<Ipv4Addr> { Syscall::Resolve { host: host.to_owned() } } Ret::Addrs(a) => a;
    /// The namespace's interfaces.
    interfaces() -> Vec<InterfaceInfo> { Syscall::Interfaces } Ret::Interfaces(i) => i;
    /// Waits until one of them is ready; empty after the timeout.
    poll(fds: Vec<PollFd>, timeout: Option<SimTime>) -> Vec<PollFd> { Syscall::Poll { fds, timeout } } Ret::Ready(r) => r;
    /// Kernel and host name.
    uname() -> Uname { Syscall::Uname } Ret::Uname(u) => u;
    /// Figures of the machine.
    sys_info() -> SysInfo { Syscall::SysInfo } Ret::Info(i) => i;
    /// Bytes of the world's seeded generator.
    random(len: usize) -> Bytes { Syscall::Random { len } } Ret::Bytes(b) => b;
    /// A new file system.
    fs_new(kind: FsKind, tree: Tree) -> FsId { Syscall::FsNew { kind, tree, limit: None } } Ret::Num(n) => FsId(n as u32);
    /// The same for at most so many bytes.
    fs_new_limited(kind: FsKind, tree: Tree, limit: Option<u64>) -> FsId { Syscall::FsNew { kind, tree, limit } } Ret::Num(n) => FsId(n as u32);
    /// A file system's tree (cheap: shared).
    fs_tree(fs: FsId) -> Tree { Syscall::FsTree { fs } } Ret::Tree(t) => t;
    /// Forgets a file system that nothing mounts.
    fs_drop(fs: FsId) -> () { Syscall::FsDrop { fs } } Ret::Unit => ();
    /// A mount namespace.
    mnt_ns_new(root: FsId, read_only: bool, mounts: Vec<MountSpec>) -> MntNsId { Syscall::MntNsNew { root, read_only, mounts } } Ret::Num(n) => MntNsId(n as u32);
    /// Forgets a mount namespace.
    mnt_ns_drop(ns: MntNsId) -> () { Syscall::MntNsDrop { ns } } Ret::Unit => ();
    /// The file system and the path in it that a path names.
    fs_of(path: &str) -> (FsId, String) { Syscall::FsOf { path: path.to_owned() } } Ret::Place(f, p) => (f, p);
    /// Where a connection of a process would go (0: the caller's).
    way(of: Pid, host: &str, port: u16) -> Way { Syscall::Net(NetOp::Way { of, host: host.to_owned(), port }) } Ret::Way(w) => *w;
    /// A network operation; its number, where it has one.
    net(op: NetOp) -> i64 { Syscall::Net(op) } Ret::Num(n) => n;
}
