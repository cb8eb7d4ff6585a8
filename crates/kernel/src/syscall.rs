//! What a program may ask the kernel for: system calls and their results, as data.
//!
//! Most calls answer at once. `Read`, `Write`, `Accept`, `Connect`, `Wait`, `Poll` and `Sleep` can
//! block: the kernel keeps them and tries again when something has changed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::rc::Rc;

use crate::net::NetOp;
use crate::program::Program;
use crate::vfs::{FsId, FsKind, Node, Tree};
use crate::{Bytes, Disposition, Errno, Signal, SimTime};

/// A file descriptor.
pub type Fd = i32;

/// A process's number in the host's pid namespace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pid(pub u32);

/// How [`Syscall::Open`] opens (the `O_…` flags).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::struct_excessive_bools, reason = "they are flags")]
pub struct OpenFlags {
    /// For reading.
    pub read: bool,
    /// For writing.
    pub write: bool,
    /// Every write goes to the end (`O_APPEND`).
    pub append: bool,
    /// Make the file if there is none (`O_CREAT`).
    pub create: bool,
    /// It must not exist (`O_EXCL`).
    pub exclusive: bool,
    /// Cut to length 0 (`O_TRUNC`).
    pub truncate: bool,
    /// Only a directory (`O_DIRECTORY`).
    pub directory: bool,
    /// Closed by exec (`O_CLOEXEC`).
    pub cloexec: bool,
    /// Calls that would block give `EAGAIN` (`O_NONBLOCK`).
    pub nonblock: bool,
}

impl OpenFlags {
    /// `O_RDONLY`.
    pub const READ: Self = Self {
        read: true,
        write: false,
        append: false,
        create: false,
        exclusive: false,
        truncate: false,
        directory: false,
        cloexec: false,
        nonblock: false,
    };
    /// `O_RDWR`.
    pub const READ_WRITE: Self = Self { write: true, ..Self::READ };
    /// `O_WRONLY|O_CREAT|O_TRUNC`.
    pub const CREATE: Self = Self { read: false, write: true, create: true, truncate: true, ..Self::READ };
    /// `O_WRONLY|O_CREAT|O_APPEND`.
    pub const APPEND: Self = Self { read: false, write: true, create: true, append: true, ..Self::READ };
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileType {
    /// A regular file.
    File,
    /// A directory.
    Dir,
    /// A symbolic link.
    Symlink,
    /// A character device.
    Char,
    /// A block device.
    Block,
    /// A named pipe, or a pipe.
    Fifo,
    /// A socket.
    Socket,
}

/// What `stat(2)` tells.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stat {
    /// What it is.
    pub file_type: FileType,
    /// Permission bits with setuid, setgid and sticky (`07777`).
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Bytes here.
    pub size: u64,
    /// Bytes of the real software that this file stands for, where they differ (`du`, `df`, docker show them).
    pub nominal_size: u64,
    /// Seconds since 1970.
    pub mtime: i64,
    /// Nanoseconds within that second.
    pub mtime_nsec: u32,
    /// Hard links.
    pub nlink: u32,
    /// File system and inode number.
    pub dev: u64,
    /// Inode number.
    pub ino: u64,
    /// Device numbers of a device.
    pub rdev: (u32, u32),
}

/// One name in a directory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DirEntry {
    /// The name, without `.` and `..`.
    pub name: String,
    /// What it is (links are not followed).
    pub file_type: FileType,
    /// Its inode.
    pub ino: u64,
}

/// Where [`Syscall::Lseek`] counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whence {
    /// The start.
    Set,
    /// The current position.
    Current,
    /// The end.
    End,
}

/// How a process ended, or that it stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExitStatus {
    /// `exit(n)`, 0–255.
    Code(i32),
    /// By a signal.
    Signal(Signal),
    /// Not ended: stopped by a signal (only with [`WaitFlags::untraced`]).
    Stopped(Signal),
}

impl ExitStatus {
    /// As the shell's `$?`: the code, or 128 + the signal's number.
    pub fn code(self) -> i32 {
        match self {
            Self::Code(c) => c,
            Self::Signal(s) | Self::Stopped(s) => 128 + s.number(),
        }
    }
}

/// Whom [`Syscall::Wait`] waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitFor {
    /// Any child.
    Any,
    /// This child.
    Pid(Pid),
    /// Any child of this process group.
    Group(Pid),
}

/// How [`Syscall::Wait`] waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct WaitFlags {
    /// Don't block: `EAGAIN` if none has ended (`WNOHANG`).
    pub no_hang: bool,
    /// Also tell of stopped children (`WUNTRACED`).
    pub untraced: bool,
}

/// A terminal's settings (`termios(3)`), as far as they matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::struct_excessive_bools, reason = "they are flags")]
pub struct Termios {
    /// Lines are edited by the terminal and read whole (`ICANON`).
    pub canonical: bool,
    /// Input is shown (`ECHO`).
    pub echo: bool,
    /// ^C, ^\ and ^Z send signals (`ISIG`).
    pub signals: bool,
    /// Carriage return becomes newline on input (`ICRNL`).
    pub cr_to_nl: bool,
    /// Newline becomes CR NL on output (`OPOST|ONLCR`).
    pub nl_to_crnl: bool,
}

impl Termios {
    /// What `stty sane` gives.
    pub const COOKED: Self = Self { canonical: true, echo: true, signals: true, cr_to_nl: true, nl_to_crnl: true };
    /// What `cfmakeraw` gives, with output processing kept as readline does.
    pub const RAW: Self = Self { canonical: false, echo: false, signals: false, cr_to_nl: false, nl_to_crnl: true };
}

/// A terminal's size in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WinSize {
    /// Lines.
    pub rows: u16,
    /// Columns.
    pub cols: u16,
}

/// A socket's address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SockAddr {
    /// IPv4 address and TCP port.
    Inet(SocketAddrV4),
    /// A path in the file system (`AF_UNIX`); empty where it has none.
    Unix(String),
}

/// What kind of socket [`Syscall::Socket`] makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SockKind {
    /// TCP over IPv4.
    Tcp,
    /// UDP over IPv4.
    Udp,
    /// ICMP echo: what `ping` uses.
    Icmp,
    /// A stream over a path.
    UnixStream,
}

/// One entry of [`Syscall::Poll`], and of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PollFd {
    /// Which.
    pub fd: Fd,
    /// Asks for, or tells of: something to read, a connection to accept, or end of file.
    pub read: bool,
    /// Asks for, or tells of: room to write.
    pub write: bool,
}

/// A process as others see it (what `/proc/<pid>` holds).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProcInfo {
    /// Its number in the pid namespace of the one who asks.
    pub pid: u32,
    /// Its parent's number there; 0 if that is outside.
    pub ppid: u32,
    /// Its number on the host.
    pub host_pid: Pid,
    /// Process group, in the asker's namespace.
    pub pgid: u32,
    /// Session, in the asker's namespace.
    pub sid: u32,
    /// Owner.
    pub uid: u32,
    /// The command line.
    pub argv: Vec<String>,
    /// `R`, `S`, `T` or `Z`.
    pub state: char,
    /// When it started.
    pub started: SimTime,
    /// CPU time that it has used.
    pub cpu: SimTime,
    /// Its terminal (`pts/0`), if it has one.
    pub tty: Option<String>,
    /// Whether it is in its terminal's foreground process group.
    pub foreground: bool,
    /// Memory that it uses, bytes (nominal).
    pub memory: u64,
    /// Its cgroup, `/` at the root.
    pub cgroup: String,
}

/// What `uname(2)` tells.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Uname {
    /// Host name of the caller's uts namespace.
    pub nodename: String,
    /// Kernel release, e.g. `6.1.0-41-amd64`.
    pub release: String,
    /// Kernel version text.
    pub version: String,
    /// `x86_64`.
    pub machine: String,
}

/// Figures of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SysInfo {
    /// Since boot.
    pub uptime: SimTime,
    /// Bytes of memory.
    pub memory_total: u64,
    /// Bytes in use.
    pub memory_used: u64,
    /// CPUs.
    pub cpus: u32,
}

/// A network interface as `ip addr` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InterfaceInfo {
    /// Index.
    pub index: u32,
    /// Name, e.g. `eth0`.
    pub name: String,
    /// MAC address.
    pub mac: String,
    /// IPv4 address and prefix length.
    pub addr: Option<(Ipv4Addr, u8)>,
    /// The other end of a veth pair (`eth0@if7`).
    pub peer_index: Option<u32>,
}

/// A mount of the caller's namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MountInfo {
    /// Where.
    pub path: String,
    /// Which file system.
    pub fs: FsId,
    /// `ext4`, `overlay`, `tmpfs` …
    pub kind: FsKind,
    /// Not writable.
    pub read_only: bool,
    /// Bytes used (nominal).
    pub used: u64,
}

/// A mount for a new mount namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MountSpec {
    /// Which file system, and the path in it that is mounted (`/` for all of it).
    pub fs: FsId,
    /// Path within the file system.
    pub source: String,
    /// Absolute path in the namespace; made if missing.
    pub target: String,
    /// Not writable.
    pub read_only: bool,
}

/// Ids of namespaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MntNsId(pub u32);
/// A network namespace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NetNsId(pub u32);
/// A pid namespace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PidNsId(pub u32);
/// A uts namespace (host name).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UtsNsId(pub u32);

/// Whether a spawned process gets a namespace of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PidNsSpec {
    /// The parent's.
    #[default]
    Inherit,
    /// A new one, where it is number 1.
    New,
    /// The one of this process (host pid).
    Of(Pid),
}

/// What [`Syscall::Spawn`] starts: fork, namespaces, exec in one (what runc does).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SpawnSpec {
    /// Command line; `argv[0]` is searched in `PATH` of `env` unless it has a slash.
    pub argv: Vec<String>,
    /// The executable, where it is not `argv[0]`.
    pub path: Option<String>,
    /// `KEY=value` pairs.
    pub env: Vec<(String, String)>,
    /// Working directory in the new mount namespace.
    pub cwd: String,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Supplementary groups.
    pub groups: Vec<u32>,
    /// (number in the child, descriptor of the caller); nothing else is inherited.
    pub fds: Vec<(Fd, Fd)>,
    /// Mount namespace, else the caller's.
    pub mnt: Option<MntNsId>,
    /// Network namespace, else the caller's.
    pub net: Option<NetNsId>,
    /// Pid namespace.
    pub pid_ns: PidNsSpec,
    /// A new uts namespace with this host name, else the caller's.
    pub hostname: Option<String>,
    /// Its cgroup's path, e.g. `/system.slice/docker-<id>.scope`; empty: the caller's.
    pub cgroup: String,
    /// A session of its own (`setsid`).
    pub new_session: bool,
    /// Descriptor (of the child) that becomes its controlling terminal.
    pub controlling_tty: Option<Fd>,
    /// Capabilities that it can have at most, as bits (`Cap::bit`); `None`: the caller's.
    pub caps: Option<u64>,
    /// exec gives it no privileges.
    pub no_new_privs: bool,
    /// What the OOM killer adds to its badness.
    pub oom_score_adj: Option<i32>,
    /// Resource limits: soft, hard.
    pub limits: Vec<(crate::Resource, u64, u64)>,
    /// It sees the host's control groups, though it has a pid namespace of its own.
    pub host_cgroup_ns: bool,
}

/// The program of a new thread; consumed by the call.
#[derive(Clone)]
pub struct ThreadBody(Rc<RefCell<Option<Box<dyn Program>>>>);

impl ThreadBody {
    /// Wraps a program.
    pub fn new(program: Box<dyn Program>) -> Self {
        Self(Rc::new(RefCell::new(Some(program))))
    }
    pub(crate) fn take(&self) -> Option<Box<dyn Program>> {
        self.0.borrow_mut().take()
    }
}

impl std::fmt::Debug for ThreadBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ThreadBody")
    }
}

impl PartialEq for ThreadBody {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for ThreadBody {}

impl Hash for ThreadBody {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

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
    /// Seconds and nanoseconds since 1970; `None`: now.
    Utimes {
        path: String,
        mtime: Option<(i64, u32)>,
    },
    ReadDir {
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
    Mounts(Vec<MountInfo>),
}

/// Result of a system call.
pub type SysResult = Result<Ret, Errno>;

/// Environment variables as programs like them.
pub fn env_map(env: &[(String, String)]) -> BTreeMap<String, String> {
    env.iter().cloned().collect()
}

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
    /// Sets the modification time; `None`: now.
    utimes(path: &str, mtime: Option<(i64, u32)>) -> () { Syscall::Utimes { path: path.to_owned(), mtime } } Ret::Unit => ();
    /// Names in a directory, sorted by bytes.
    read_dir(path: &str) -> Vec<DirEntry> { Syscall::ReadDir { path: path.to_owned() } } Ret::Entries(e) => e;
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
    fs_new(kind: FsKind, tree: Tree) -> FsId { Syscall::FsNew { kind, tree } } Ret::Num(n) => FsId(n as u32);
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
    /// A network operation; its number, where it has one.
    net(op: NetOp) -> i64 { Syscall::Net(op) } Ret::Num(n) => n;
}
