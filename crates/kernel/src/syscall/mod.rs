//! What a program may ask the kernel for: system calls and their results, as data.
//!
//! Most calls answer at once. `Read`, `Write`, `Accept`, `Connect`, `Wait`, `Poll` and `Sleep` can
//! block: the kernel keeps them and tries again when something has changed.

mod typed;
mod types;

use std::net::Ipv4Addr;

use crate::net::NetOp;
use crate::vfs::{FsId, FsKind, Node, Tree};
use crate::{Bytes, Caps, Disposition, Errno, Resource, Signal, SimTime};

pub use types::*;

/// A system call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the man page's call of that name; parameters as there")]
pub enum Syscall {
    // Files.
    Open {
        path: String,
        flags: OpenFlags,
        mode: u32,
    },
    Close {
        fd: Fd,
    },
    Read {
        fd: Fd,
        len: usize,
    },
    Write {
        fd: Fd,
        data: Bytes,
    },
    Lseek {
        fd: Fd,
        offset: i64,
        whence: Whence,
    },
    Truncate {
        fd: Fd,
        len: u64,
    },
    Dup {
        fd: Fd,
        min: Fd,
    },
    Dup2 {
        old: Fd,
        new: Fd,
    },
    SetCloexec {
        fd: Fd,
        on: bool,
    },
    SetNonblock {
        fd: Fd,
        on: bool,
    },
    Pipe,
    Stat {
        path: String,
        follow: bool,
    },
    Fstat {
        fd: Fd,
    },
    /// Sets the size that the file stands for (our addition: stand-ins are small).
    SetNominalSize {
        path: String,
        size: u64,
    },
    Access {
        path: String,
        read: bool,
        write: bool,
        exec: bool,
    },
    Mkdir {
        path: String,
        mode: u32,
    },
    /// A named pipe, a device or an empty file.
    Mknod {
        path: String,
        mode: u32,
        node: Node,
    },
    Rmdir {
        path: String,
    },
    Unlink {
        path: String,
    },
    Rename {
        from: String,
        to: String,
    },
    Link {
        from: String,
        to: String,
    },
    Symlink {
        target: String,
        path: String,
    },
    Readlink {
        path: String,
    },
    Chmod {
        path: String,
        mode: u32,
    },
    Chown {
        path: String,
        uid: Option<u32>,
        gid: Option<u32>,
        follow: bool,
    },
    Utimes {
        path: String,
        atime: SetTime,
        mtime: SetTime,
    },
    ReadDir {
        path: String,
    },
    /// The names of a directory with an `lstat` of each, as NFS's READDIRPLUS: Linux has no such call, a
    /// program that walks a thousand files has a thousand fewer here.
    ReadDirPlus {
        path: String,
    },
    /// The absolute path with every link resolved.
    RealPath {
        path: String,
    },
    Chdir {
        path: String,
    },
    Getcwd,
    Umask {
        mask: u32,
    },
    Mounts,
    // Processes.
    /// The parent gets the child's pid, the child 0.
    Fork,
    Exec {
        path: String,
        argv: Vec<String>,
        env: Vec<(String, String)>,
    },
    Spawn(Box<SpawnSpec>),
    /// A thread that shares descriptors and memory; its `memory` is the process's.
    Thread(ThreadBody),
    Exit {
        code: i32,
    },
    Wait {
        who: WaitFor,
        flags: WaitFlags,
    },
    /// `pid` as in kill(2): > 0 a process, 0 the own group, -1 all, < -1 a group; in the caller's namespace.
    Kill {
        pid: i32,
        signal: Option<Signal>,
    },
    /// As a privileged outsider: a host pid.
    KillHost {
        pid: Pid,
        signal: Signal,
    },
    SetPgid {
        pid: u32,
        pgid: u32,
    },
    SetSid,
    Sigaction {
        signal: Signal,
        disposition: Disposition,
    },
    Sleep {
        duration: SimTime,
    },
    SetUid {
        uid: u32,
        gid: u32,
        groups: Vec<u32>,
    },
    Procs,
    /// New namespaces for the caller.
    Unshare(Unshare),
    /// Into the namespace that an open file of `/proc/<pid>/ns` stands for.
    SetNs {
        fd: Fd,
    },
    /// exec gives no privileges from now on.
    SetNoNewPrivs,
    /// Orphans below become the caller's children, or not.
    SetSubreaper {
        on: bool,
    },
    /// Capabilities; effective within permitted, permitted only less, bounding only less.
    SetCaps {
        caps: Caps,
    },
    GetCaps,
    /// Real, effective and saved user and group, and the supplementary groups.
    GetIds,
    /// Of a process (0: the caller).
    GetLimit {
        pid: u32,
        resource: Resource,
    },
    SetLimit {
        pid: u32,
        resource: Resource,
        soft: u64,
        hard: u64,
    },
    /// Of a process (0: the caller); -20 to 19.
    SetNice {
        pid: u32,
        nice: i8,
    },
    /// Real, effective, saved user; `None`: as it is.
    SetResUid {
        real: Option<u32>,
        effective: Option<u32>,
        saved: Option<u32>,
    },
    // Mounts.
    Mount {
        source: String,
        target: String,
        kind: String,
        flags: MountFlags,
        data: String,
    },
    /// `detach`: though it is in use (`MNT_DETACH`).
    Umount {
        target: String,
        detach: bool,
    },
    PivotRoot {
        new: String,
        old: String,
    },
    Chroot {
        path: String,
    },
    // Terminals.
    TcGetAttr {
        fd: Fd,
    },
    TcSetAttr {
        fd: Fd,
        termios: Termios,
    },
    TcGetPgrp {
        fd: Fd,
    },
    TcSetPgrp {
        fd: Fd,
        pgid: u32,
    },
    WinSize {
        fd: Fd,
    },
    SetWinSize {
        fd: Fd,
        size: WinSize,
    },
    /// A new pseudo-terminal: (master, slave).
    OpenPty,
    /// The terminal's name, e.g. `/dev/pts/0`; `ENOTTY` if it is none.
    TtyName {
        fd: Fd,
    },
    // Network.
    Socket {
        kind: SockKind,
    },
    Bind {
        fd: Fd,
        addr: SockAddr,
    },
    Listen {
        fd: Fd,
        backlog: u32,
    },
    Accept {
        fd: Fd,
    },
    Connect {
        fd: Fd,
        addr: SockAddr,
    },
    Shutdown {
        fd: Fd,
        read: bool,
        write: bool,
    },
    GetSockName {
        fd: Fd,
    },
    GetPeerName {
        fd: Fd,
    },
    /// Name to addresses: `/etc/hosts`, then the namespace's DNS; `ENONAME` if unknown.
    Resolve {
        host: String,
    },
    Interfaces,
    /// A datagram; without an address to whom the socket is connected.
    SendTo {
        fd: Fd,
        data: Bytes,
        to: Option<std::net::SocketAddrV4>,
        ttl: u8,
    },
    RecvFrom {
        fd: Fd,
        timeout: Option<SimTime>,
    },
    /// Routes of the caller's network namespace.
    Routes,
    Poll {
        fds: Vec<PollFd>,
        timeout: Option<SimTime>,
    },
    // The machine.
    Uname,
    SetHostname {
        name: String,
    },
    SysInfo,
    Random {
        len: usize,
    },
    // For the engine (root only).
    /// A new file system from a tree; `overlay` ones remember the tree for [`Syscall::FsDiff`].
    FsNew {
        kind: FsKind,
        tree: Tree,
        limit: Option<u64>,
    },
    /// The file system's tree as it is now.
    FsTree {
        fs: FsId,
    },
    FsDrop {
        fs: FsId,
    },
    /// A mount namespace with this root file system and mounts.
    MntNsNew {
        root: FsId,
        read_only: bool,
        mounts: Vec<MountSpec>,
    },
    MntNsDrop {
        ns: MntNsId,
    },
    /// The file system and the path in it that a path of the caller names.
    FsOf {
        path: String,
    },
    Net(NetOp),
}

/// A system call's answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "named after what they hold")]
pub enum Ret {
    Unit,
    Num(i64),
    Bytes(Bytes),
    Text(String),
    Stat(Stat),
    Entries(Vec<DirEntry>),
    EntriesPlus(Vec<(DirEntry, Result<Stat, Errno>)>),
    Fds(Fd, Fd),
    Accepted { fd: Fd, peer: SockAddr },
    Child { pid: Pid, status: ExitStatus },
    Addr(SockAddr),
    Addrs(Vec<Ipv4Addr>),
    Termios(Termios),
    Size(WinSize),
    Ready(Vec<PollFd>),
    Procs(Vec<ProcInfo>),
    Uname(Uname),
    Info(SysInfo),
    Tree(Tree),
    Place(FsId, String),
    Interfaces(Vec<InterfaceInfo>),
    Routes(Vec<crate::net::RouteInfo>),
    Datagram(Received),
    Caps(Caps),
    Ids(Box<Ids>),
    Limit(u64, u64),
    Mounts(Vec<MountInfo>),
    Way(Box<Way>),
}

/// Result of a system call.
pub type SysResult = Result<Ret, Errno>;
