//! Processes.

use std::rc::Rc;

use crate::SimTime;
pub use crate::capability::{Cap, Caps};
use crate::file::FdEntry;
use crate::limit::Limits;
use crate::namespace::IdMaps;
use crate::signal::{Disposition, Signal};
use crate::sorted::{SortedMap, SortedSet};
use crate::syscall::{ExitStatus, Fd, MntNsId, NetNsId, Pid, PidNsId, SysResult, Syscall, UtsNsId};
use crate::tty::TtyId;
use crate::vfs::{Loc, Place};

/// What a process is doing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Will be resumed with this result.
    Ready(Option<SysResult>),
    /// Waits in this call, until the deadline if there is one.
    Blocked(Syscall, Option<SimTime>),
    /// Ended; its parent has not asked yet.
    Zombie(ExitStatus),
}

/// What threads of a process share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Files {
    /// Descriptors.
    pub table: SortedMap<Fd, FdEntry>,
    /// No number below is free.
    pub(crate) free_from: Fd,
}

impl Files {
    /// Takes a descriptor away.
    pub(crate) fn remove(&mut self, fd: Fd) -> Option<FdEntry> {
        let e = self.table.remove(&fd)?;
        self.free_from = self.free_from.min(fd);
        Some(e)
    }
}

/// A process, or a thread of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Process {
    /// Host number.
    pub pid: Pid,
    /// Number in its own pid namespace.
    pub ns_pid: u32,
    /// Host number of the parent; 0 for the first.
    pub ppid: Pid,
    /// The process that it is a thread of (itself, if it is none).
    pub leader: Pid,
    /// Process group, host number.
    pub pgid: Pid,
    /// Session, host number.
    pub sid: Pid,
    /// Pid namespace.
    pub pid_ns: PidNsId,
    /// Mount namespace.
    pub mnt_ns: MntNsId,
    /// Network namespace.
    pub net_ns: NetNsId,
    /// Uts namespace.
    pub uts_ns: UtsNsId,
    /// Other namespaces.
    pub spaces: Spaces,
    /// The maps of its user namespace.
    pub maps: Rc<IdMaps>,
    /// Effective user.
    pub uid: u32,
    /// Effective group.
    pub gid: u32,
    /// Real user and group.
    pub real: (u32, u32),
    /// Saved user and group.
    pub saved: (u32, u32),
    /// Capabilities, in its user namespace.
    pub caps: Caps,
    /// exec gives no privileges (`PR_SET_NO_NEW_PRIVS`).
    pub no_new_privs: bool,
    /// A filter of system calls is set: what `/proc/<pid>/status` says.
    pub seccomp: bool,
    /// Supplementary groups.
    pub groups: Vec<u32>,
    /// Working directory.
    pub cwd: Loc,
    /// Root directory.
    pub root: Loc,
    /// umask(2).
    pub umask: u32,
    /// Descriptors (a thread's are its leader's).
    pub files: Files,
    /// Command line.
    pub argv: Vec<String>,
    /// Environment at exec.
    pub env: Rc<Vec<(String, String)>>,
    /// The file that runs.
    pub exe: Place,
    /// Short name (`/proc/<pid>/comm`): the file's name, 15 bytes at most.
    pub comm: Rc<str>,
    /// Resource limits.
    pub limits: Limits,
    /// Niceness, -20 to 19.
    pub nice: i8,
    /// What the OOM killer adds to its badness, -1000 to 1000.
    pub oom_score_adj: i32,
    /// Orphans below it become its children (`PR_SET_CHILD_SUBREAPER`).
    pub subreaper: bool,
    /// Controlling terminal.
    pub tty: Option<TtyId>,
    /// State.
    pub state: State,
    /// Stopped by a signal; told to the parent or not yet.
    pub stopped: Option<(Signal, bool)>,
    /// Arrived signals, not yet acted on.
    pub pending: SortedSet<Signal>,
    /// Caught signals that the program has not yet asked for.
    pub caught: SortedSet<Signal>,
    /// What it does with signals, where not the default.
    pub dispositions: SortedMap<Signal, Disposition>,
    /// When it started.
    pub started: SimTime,
    /// CPU time used.
    pub cpu: SimTime,
    /// CPU time of children that were waited for.
    pub children_cpu: SimTime,
    /// Its cgroup.
    pub cgroup: String,
    /// Counts scheduled runs, so that stale ones are known.
    pub generation: u64,
    /// The descriptor of a named pipe whose other side it waits for, and how often that was opened before.
    pub opening: Option<(Fd, u64)>,
    /// Named pipes that it has opened and whose other side its next step waits for; how often that was opened before.
    pub opens: Vec<(crate::file::FileId, u64)>,
    /// Memory in bytes (nominal).
    pub memory: u64,
    /// What it is registered to wait for; the kernel's own book-keeping.
    pub waits: Vec<crate::system::WaitKey>,
}

/// Namespaces that only have a number here, and the user namespace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Spaces {
    /// User namespace; 0 is the host's.
    pub user: u32,
    /// System V IPC.
    pub ipc: u32,
    /// Control groups: which group is seen as the root.
    pub cgroup: u32,
    /// The pid namespace of children, where it is another (`unshare --pid`).
    pub pid_for_children: Option<PidNsId>,
}

impl Process {
    /// A process that exists for nobody: root's view of a mount namespace.
    pub fn nobody(mnt_ns: MntNsId) -> Self {
        let root = Loc { mount: 0, ino: crate::vfs::Tree::ROOT.0 };
        Self {
            pid: Pid(0),
            ns_pid: 0,
            ppid: Pid(0),
            leader: Pid(0),
            pgid: Pid(0),
            sid: Pid(0),
            pid_ns: PidNsId(0),
            mnt_ns,
            net_ns: NetNsId(0),
            uts_ns: UtsNsId(0),
            spaces: Spaces::default(),
            maps: Rc::new(IdMaps::host()),
            uid: 0,
            gid: 0,
            real: (0, 0),
            saved: (0, 0),
            caps: Caps::ROOT,
            no_new_privs: false,
            seccomp: false,
            groups: Vec::new(),
            cwd: root,
            root,
            umask: 0o022,
            files: Files::default(),
            argv: Vec::new(),
            env: Rc::default(),
            exe: Place { loc: root, dir: root, name: Rc::from(".") },
            comm: Rc::from(""),
            limits: Limits::default(),
            nice: 0,
            oom_score_adj: 0,
            subreaper: false,
            tty: None,
            state: State::Ready(None),
            stopped: None,
            pending: SortedSet::new(),
            caught: SortedSet::new(),
            dispositions: SortedMap::new(),
            started: SimTime(0),
            cpu: SimTime(0),
            children_cpu: SimTime(0),
            cgroup: "/".to_owned(),
            generation: 0,
            opening: None,
            opens: Vec::new(),
            memory: 0,
            waits: Vec::new(),
        }
    }
    /// Whether it has a capability over the host.
    pub fn can(&self, cap: Cap) -> bool {
        self.can_over(cap, 0)
    }
    /// What it does with a signal.
    pub fn disposition(&self, s: Signal) -> Disposition {
        self.dispositions.get(&s).copied().unwrap_or_default()
    }
    /// Whether it has ended.
    pub fn is_zombie(&self) -> bool {
        matches!(self.state, State::Zombie(_))
    }
    /// Whether it is a thread of another.
    pub fn is_thread(&self) -> bool {
        self.leader != self.pid
    }
}
