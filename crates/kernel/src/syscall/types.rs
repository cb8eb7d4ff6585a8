//! What system calls take and give.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::rc::Rc;

use crate::program::Program;
use crate::sorted::SortedMap;
use crate::vfs::{FsId, FsKind};
use crate::{Signal, SimTime};

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
    /// When it was read.
    pub atime: (i64, u32),
    /// When its content, owner, mode or names changed.
    pub ctime: (i64, u32),
    /// Hard links.
    pub nlink: u32,
    /// File system and inode number.
    pub dev: u64,
    /// Inode number.
    pub ino: u64,
    /// Device numbers of a device.
    pub rdev: (u32, u32),
}

impl Stat {
    /// One of its times: `a` of reading, `c` of any change, else that of the content's.
    pub fn time(&self, which: char) -> (i64, u32) {
        match which {
            'a' => self.atime,
            'c' => self.ctime,
            _ => (self.mtime, self.mtime_nsec),
        }
    }
}

/// What [`Syscall::Utimes`] does with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetTime {
    /// Leaves it (`UTIME_OMIT`).
    Keep,
    /// Sets it to now (`UTIME_NOW`).
    Now,
    /// Sets it: seconds since 1970, nanoseconds.
    At(i64, u32),
}

impl From<Option<(i64, u32)>> for SetTime {
    fn from(t: Option<(i64, u32)>) -> Self {
        t.map_or(Self::Now, |(s, n)| Self::At(s, n))
    }
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
    /// Background jobs that write stop (`TOSTOP`).
    pub tostop: bool,
}

impl Termios {
    /// What `stty sane` gives.
    pub const COOKED: Self =
        Self { canonical: true, echo: true, signals: true, cr_to_nl: true, nl_to_crnl: true, tostop: false };
    /// What `cfmakeraw` gives, with output processing kept as readline does.
    pub const RAW: Self =
        Self { canonical: false, echo: false, signals: false, cr_to_nl: false, nl_to_crnl: true, tostop: false };
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

/// Whose a process is, as its user namespace numbers them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ids {
    /// Real user and group.
    pub real: (u32, u32),
    /// Effective ones.
    pub effective: (u32, u32),
    /// Saved ones.
    pub saved: (u32, u32),
    /// Supplementary groups.
    pub groups: Vec<u32>,
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
    /// Short name.
    pub comm: String,
    /// Niceness.
    pub nice: i8,
    /// Group.
    pub gid: u32,
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
    /// CPUs that the caller may use.
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
    /// IPv6 addresses and prefix lengths.
    pub addr6: Vec<(std::net::Ipv6Addr, u8)>,
    /// The other end of a veth pair (`eth0@if7`): its number in its own namespace.
    pub peer_index: Option<u32>,
    /// The other end is in the same namespace.
    pub peer_here: bool,
    /// What it is.
    pub kind: crate::net::LinkKind,
    /// It carries packets.
    pub up: bool,
    /// The longest packet, bytes.
    pub mtu: u32,
    /// The bridge that it is a port of.
    pub master: Option<String>,
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
    /// Bytes in all: the simulated disk's, or what a memory file system may take.
    pub total: u64,
    /// Bytes used (nominal).
    pub used: u64,
    /// Bytes that can still be written: what writing meets, though the disk is larger than this machine's
    /// real memory.
    pub free: u64,
}

/// A mount for a new mount namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MountSpec {
    /// Which file system, and the path in it that is mounted (`/` for all of it).
    pub fs: FsId,
    /// Path within the file system.
    pub source: String,
    /// Absolute path in the namespace; made if missing.
    pub target: String,
    /// Not writable.
    pub read_only: bool,
    /// Setuid bits have no meaning.
    pub nosuid: bool,
    /// Nothing is executed.
    pub noexec: bool,
    /// What `mount` says was mounted; empty: by its kind.
    pub name: &'static str,
    /// Bytes that a memory file system may hold.
    pub limit: Option<u64>,
    /// Its owners are seen as others.
    pub idmap: Option<crate::vfs::IdMap>,
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

/// Which namespaces [`Syscall::Unshare`] makes anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::struct_excessive_bools, reason = "they are flags")]
pub struct Unshare {
    /// Mounts (`CLONE_NEWNS`).
    pub mount: bool,
    /// Processes: for children made from then on (`CLONE_NEWPID`).
    pub pid: bool,
    /// Network.
    pub net: bool,
    /// Host name.
    pub uts: bool,
    /// Users; the caller gets all capabilities in it.
    pub user: bool,
    /// System V IPC.
    pub ipc: bool,
    /// Control groups: the caller's becomes the root.
    pub cgroup: bool,
}

/// How [`Syscall::Mount`] mounts (`MS_…`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(clippy::struct_excessive_bools, reason = "they are flags")]
pub struct MountFlags {
    /// A place that is there already (`MS_BIND`).
    pub bind: bool,
    /// With all that is mounted below (`MS_REC`).
    pub recursive: bool,
    /// Changes the flags of a mount (`MS_REMOUNT`).
    pub remount: bool,
    /// Not writable.
    pub read_only: bool,
    /// Setuid bits have no meaning.
    pub nosuid: bool,
    /// Nothing is executed.
    pub noexec: bool,
    /// To another place (`MS_MOVE`).
    pub move_: bool,
    /// Mounts below are seen in copies of this one (`MS_SHARED`).
    pub shared: bool,
    /// They are not (`MS_PRIVATE`, `MS_SLAVE`).
    pub private: bool,
}

/// A received datagram.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Received {
    /// From whom.
    pub from: SocketAddrV4,
    /// Its bytes.
    pub data: crate::Bytes,
    /// What is left of its time to live.
    pub ttl: u8,
    /// ICMP type and code: (0, 0) an echo's reply, (11, 0) time exceeded, (3, 1) host unreachable.
    pub icmp: (u8, u8),
}

/// Where a connection would go.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Way {
    /// The addresses that the name has there; none if it is unknown.
    pub addrs: Vec<Ipv4Addr>,
    /// The way to the first of them.
    pub route: Option<crate::net::Route>,
    /// What listens where it ends.
    pub port: crate::net::PortState,
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
    /// It has a filter of system calls.
    pub seccomp: bool,
    /// What the OOM killer adds to its badness.
    pub oom_score_adj: Option<i32>,
    /// Resource limits: soft, hard.
    pub limits: Vec<(crate::Resource, u64, u64)>,
    /// It sees the host's control groups, though it has a pid namespace of its own.
    pub host_cgroup_ns: bool,
    /// A user namespace of its own, where these users and groups are 0 and on; its root file system's owners
    /// are seen so, too.
    pub remap: Option<crate::vfs::IdMap>,
    /// What is set in `/proc/sys` for its namespaces: name (`net.ipv4.ip_forward`) and value.
    pub sysctls: Vec<(String, String)>,
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

/// Environment variables as programs like them.
pub fn env_map(env: &[(String, String)]) -> SortedMap<String, String> {
    env.iter().cloned().collect()
}
