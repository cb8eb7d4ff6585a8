//! All state of the machine but the programs themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::SimTime;
use crate::file::{FileId, OpenFile};
use crate::net::Net;
use crate::pipe::{Pipe, PipeId};
use crate::process::Process;
use crate::program::ProgramTable;
use crate::syscall::{MntNsId, Pid, PidNsId, UtsNsId};
use crate::tty::{Tty, TtyId};
use crate::vfs::{Fs, FsId, MountNs};

/// Something that processes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WaitKey {
    /// Data or room in a pipe.
    Pipe(PipeId),
    /// A terminal's input or output.
    Tty(TtyId),
    /// A change of a child of this process.
    Child(Pid),
    /// A connection on a listening socket.
    Socket(u32),
}

/// A pid namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PidNs {
    /// The next free number.
    pub next: u32,
    /// Its number 1, as host pid.
    pub init: Pid,
}

/// All state of the machine but the programs themselves. See [`crate::Kernel`].
#[derive(Clone)]
pub struct System {
    /// Virtual time.
    pub now: SimTime,
    /// Wall clock at boot, nanoseconds since 1970.
    pub boot_epoch_ns: i64,
    /// State of the seeded generator.
    pub random: u64,
    /// Processes by host number.
    pub processes: BTreeMap<Pid, Process>,
    /// Open file descriptions.
    pub files: BTreeMap<FileId, OpenFile>,
    /// Pipes.
    pub pipes: BTreeMap<PipeId, Pipe>,
    /// Terminals.
    pub ttys: BTreeMap<TtyId, Tty>,
    /// File systems.
    pub filesystems: BTreeMap<FsId, Fs>,
    /// Mount namespaces.
    pub mnt_ns: BTreeMap<MntNsId, MountNs>,
    /// Pid namespaces; 0 is the host's.
    pub pid_ns: BTreeMap<PidNsId, PidNs>,
    /// Host names by uts namespace.
    pub uts_ns: BTreeMap<UtsNsId, String>,
    /// The network.
    pub net: Net,
    /// The programs that executables stand for.
    pub programs: Rc<ProgramTable>,
    /// What runs when: (time, order) to (process, generation).
    pub(crate) queue: BTreeMap<(SimTime, u64), (Pid, u64)>,
    pub(crate) waiters: BTreeMap<WaitKey, BTreeSet<Pid>>,
    pub(crate) next_seq: u64,
    pub(crate) next_file: u32,
    pub(crate) next_pipe: u32,
    pub(crate) next_fs: u32,
    pub(crate) next_ns: u32,
    /// Programs for processes that were started while another program ran.
    pub(crate) started: Started,
}

/// Programs that wait to be put into the table; empty between slices.
#[derive(Default)]
pub(crate) struct Started(pub(crate) Vec<(Pid, Option<Box<dyn crate::Program>>)>);

impl Clone for Started {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl System {
    /// A process.
    pub fn process(&self, pid: Pid) -> Option<&Process> {
        self.processes.get(&pid)
    }
    /// A process.
    pub fn process_mut(&mut self, pid: Pid) -> Option<&mut Process> {
        self.processes.get_mut(&pid)
    }
    /// A process's number as seen from a pid namespace; 0 if it is not in it.
    pub fn pid_seen_by(&self, pid: Pid, ns: PidNsId) -> u32 {
        match self.process(pid) {
            Some(_) if ns == PidNsId(0) => pid.0,
            Some(p) if p.pid_ns == ns => p.ns_pid,
            _ => 0,
        }
    }
}
