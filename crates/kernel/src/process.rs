//! Processes.

use std::collections::{BTreeMap, BTreeSet};

use crate::SimTime;
use crate::file::FdEntry;
use crate::signal::{Disposition, Signal};
use crate::syscall::{ExitStatus, Fd, MntNsId, NetNsId, Pid, PidNsId, SysResult, Syscall, UtsNsId};
use crate::tty::TtyId;
use crate::vfs::Loc;

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
    pub table: BTreeMap<Fd, FdEntry>,
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
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
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
    /// Controlling terminal.
    pub tty: Option<TtyId>,
    /// State.
    pub state: State,
    /// Stopped by a signal; told to the parent or not yet.
    pub stopped: Option<(Signal, bool)>,
    /// Arrived signals, not yet acted on.
    pub pending: BTreeSet<Signal>,
    /// Caught signals that the program has not yet asked for.
    pub caught: BTreeSet<Signal>,
    /// What it does with signals, where not the default.
    pub dispositions: BTreeMap<Signal, Disposition>,
    /// When it started.
    pub started: SimTime,
    /// CPU time used.
    pub cpu: SimTime,
    /// Its cgroup.
    pub cgroup: String,
    /// Counts scheduled runs, so that stale ones are known.
    pub generation: u64,
    /// Memory in bytes (nominal).
    pub memory: u64,
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
            uid: 0,
            gid: 0,
            groups: Vec::new(),
            cwd: root,
            root,
            umask: 0o022,
            files: Files::default(),
            argv: Vec::new(),
            tty: None,
            state: State::Ready(None),
            stopped: None,
            pending: BTreeSet::new(),
            caught: BTreeSet::new(),
            dispositions: BTreeMap::new(),
            started: SimTime(0),
            cpu: SimTime(0),
            cgroup: "/".to_owned(),
            generation: 0,
            memory: 0,
        }
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
