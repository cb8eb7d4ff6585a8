//! All state of the machine but the programs themselves.

use std::hash::Hash;
use std::rc::Rc;

use crate::SimTime;
use crate::cgroup::Cgroup;
use crate::errno::Errno;
use crate::file::{FileId, OpenFile};
use crate::hash::StateHasher;
use crate::net::{Net, NetNs};
use crate::pipe::{Pipe, PipeId};
use crate::process::Process;
use crate::program::ProgramTable;
use crate::sorted::{SortedMap, SortedSet};
use crate::syscall::{ExitStatus, MntNsId, NetNsId, Pid, PidNsId, UtsNsId};
use crate::tty::{Tty, TtyId};
use crate::vfs::digest::TreeDigests;
use crate::vfs::{Fs, FsId, FsKind, Mount, MountNs, Mounts, Tree};

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
    /// A message of the kernel.
    Log,
}

/// A pid namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PidNs {
    /// The next free number.
    pub next: u32,
    /// The namespace that it was made in.
    pub parent: PidNsId,
    /// Its number 1, as host pid.
    pub init: Pid,
    /// It is another machine's: nobody here sees its processes.
    pub elsewhere: bool,
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
    pub processes: SortedMap<Pid, Process>,
    /// Open file descriptions.
    pub files: SortedMap<FileId, OpenFile>,
    /// Pipes.
    pub pipes: SortedMap<PipeId, Pipe>,
    /// Terminals.
    pub ttys: SortedMap<TtyId, Tty>,
    /// Those that are windows: they close with their session.
    pub windows: SortedSet<TtyId>,
    /// File systems.
    pub filesystems: SortedMap<FsId, Fs>,
    /// Mount namespaces.
    pub mnt_ns: SortedMap<MntNsId, MountNs>,
    /// Their mounts.
    pub mounts: Mounts,
    /// Control groups by path; `/` is the root.
    pub cgroups: SortedMap<String, Cgroup>,
    /// What cgroup namespaces see as the root.
    pub cgroup_ns: SortedMap<u32, String>,
    /// What was written to `/proc/sys`, by network namespace (0 for what is the machine's).
    pub(crate) sysctl: SortedMap<(u32, &'static str), String>,
    /// The kernel's messages.
    pub(crate) log: crate::log::Log,
    /// Processes that the OOM killer has ended.
    pub(crate) oom_kills: u64,
    /// Pipes of named pipes that are open.
    pub(crate) fifos: SortedMap<(FsId, crate::vfs::Ino), PipeId>,
    /// There are overlays with an upper directory.
    pub(crate) overlays: bool,
    /// Who wanted a cpu, and when that was looked at: per group how many, and their weights.
    pub(crate) wanting: (SimTime, SortedMap<String, (u64, u64)>),
    /// What is known of the trees' digests.
    pub(crate) digests: TreeDigests,
    /// Frozen groups.
    pub(crate) frozen: u32,
    /// CPU time of processes that are gone.
    pub(crate) cpu_gone: SimTime,
    pub(crate) next_cgroup: u32,
    /// Pid namespaces; 0 is the host's.
    pub pid_ns: SortedMap<PidNsId, PidNs>,
    /// Host names by uts namespace.
    pub uts_ns: SortedMap<UtsNsId, String>,
    /// The network.
    pub net: Net,
    /// The programs that executables stand for.
    pub programs: Rc<ProgramTable>,
    /// Processes started from outside of the machine, and how they ended.
    pub(crate) outside: SortedMap<Pid, Option<ExitStatus>>,
    /// Bytes that were written to files since boot: our limit counts them.
    pub(crate) real_bytes: u64,
    /// Real memory that was taken for files' bytes since boot.
    pub(crate) written: Written,
    /// What runs when: (time, order) to (process, generation).
    pub(crate) queue: SortedMap<(SimTime, u64), (Pid, u64)>,
    pub(crate) waiters: SortedMap<WaitKey, SortedSet<Pid>>,
    pub(crate) next_seq: u64,
    pub(crate) next_file: u32,
    pub(crate) next_pipe: u32,
    pub(crate) next_fs: u32,
    pub(crate) next_ns: u32,
    /// Programs for processes that were started while another program ran.
    pub(crate) started: Started,
}

/// A count that is no part of the machine's state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written(pub(crate) u64);

/// Programs that wait to be put into the table; empty between slices.
#[derive(Default)]
pub(crate) struct Started(pub(crate) Vec<(Pid, Option<crate::program::Body>)>);

impl Clone for Started {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl System {
    /// A machine with a root file system and nothing running.
    pub fn new(root: Tree, programs: Rc<ProgramTable>, seed: u64, boot_epoch_ns: i64, hostname: &str) -> Self {
        let mut mounts = Mounts::default();
        let root_mount = mounts.add(Mount {
            ns: MntNsId(0),
            fs: FsId(0),
            root: Tree::ROOT,
            at: None,
            read_only: false,
            nosuid: false,
            noexec: false,
            peers: 0,
            source: "/dev/vda1".to_owned(),
            idmap: None,
        });
        let mut net = Net { next_sock: 1, next_ns: 1, next_trace: 1, ..Net::default() };
        net.namespaces.insert(NetNsId(0), NetNs::with_loopback());
        Self {
            now: SimTime(0),
            boot_epoch_ns,
            random: seed,
            processes: SortedMap::new(),
            files: SortedMap::new(),
            pipes: SortedMap::new(),
            ttys: SortedMap::new(),
            windows: Default::default(),
            filesystems: SortedMap::from([(FsId(0), Fs::new(FsKind::Ext4, root))]),
            mnt_ns: SortedMap::from([(MntNsId(0), MountNs { root: root_mount })]),
            mounts,
            cgroups: SortedMap::from([("/".to_owned(), Cgroup::root())]),
            cgroup_ns: SortedMap::new(),
            sysctl: SortedMap::new(),
            log: crate::log::Log::at_boot(),
            oom_kills: 0,
            digests: TreeDigests::default(),
            wanting: Default::default(),
            overlays: false,
            fifos: SortedMap::new(),
            frozen: 0,
            cpu_gone: SimTime(0),
            next_cgroup: 1,
            pid_ns: SortedMap::from([(
                PidNsId(0),
                PidNs { next: 1, init: Pid(1), parent: PidNsId(0), elsewhere: false },
            )]),
            uts_ns: SortedMap::from([(UtsNsId(0), hostname.to_owned())]),
            net,
            programs,
            outside: SortedMap::new(),
            real_bytes: 0,
            written: Written(0),
            queue: SortedMap::new(),
            waiters: SortedMap::new(),
            next_seq: 0,
            next_file: 1,
            next_pipe: 1,
            next_fs: 1,
            next_ns: 1,
            started: Started::default(),
        }
    }

    /// Real memory that was taken for files' bytes since boot, copies for the sake of checkpoints included:
    /// who keeps copies of the machine learns from it how much they hold. No part of its state.
    pub fn written(&self) -> u64 {
        self.written.0
    }

    /// The next 64 bits of the seeded generator (splitmix64).
    pub fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Seconds and nanoseconds since 1970 at a virtual time.
    pub fn wall(&self, at: SimTime) -> (i64, u32) {
        let ns = self.boot_epoch_ns + at.0 as i64;
        (ns.div_euclid(1_000_000_000), ns.rem_euclid(1_000_000_000) as u32)
    }

    /// A new file system.
    pub fn add_fs(&mut self, kind: FsKind, tree: Tree) -> FsId {
        let id = FsId(self.next_fs);
        self.next_fs += 1;
        let tree = if kind == FsKind::Sysfs { crate::vfs::special::sysfs() } else { tree };
        self.filesystems.insert(id, Fs::new(kind, tree));
        id
    }

    /// Mounts a file system on the host.
    pub fn mount_host(&mut self, fs: FsId, path: &str) -> Result<(), Errno> {
        let spec =
            crate::syscall::MountSpec { fs, source: "/".to_owned(), target: path.to_owned(), ..Default::default() };
        self.mount_into(MntNsId(0), &spec)
    }

    /// A new terminal whose other end is a person.
    pub fn add_tty(&mut self) -> TtyId {
        let id = TtyId(self.ttys.last_key_value().map_or(0, |(k, _)| k.0 + 1));
        self.ttys.insert(id, Tty::new());
        id
    }

    /// Feeds all state to the digest, but output that a person has not been shown yet.
    pub(crate) fn hash_state(&self, h: &mut StateHasher) {
        self.now.hash(h);
        self.boot_epoch_ns.hash(h);
        self.random.hash(h);
        self.processes.hash(h);
        self.files.hash(h);
        for (id, pipe) in &self.pipes {
            id.hash(h);
            if pipe.unbounded {
                (pipe.readers, pipe.writers).hash(h);
            } else {
                pipe.hash(h);
            }
        }
        for (id, tty) in &self.ttys {
            id.hash(h);
            if tty.master_fds > 0 {
                tty.hash(h);
            } else {
                Tty { output: Default::default(), ..tty.clone() }.hash(h);
            }
        }
        // Without their number: a machine that never had one is as it always was.
        for id in &self.windows {
            id.hash(h);
        }
        self.digests.keep(|id| self.filesystems.contains_key(&id));
        for (id, f) in &self.filesystems {
            let upper = f.upper.as_ref().map(|u| (u.fs, u.ino));
            (id, f.kind, f.pid_ns, f.auto, f.limit, f.read_only, &f.layers, upper, f.tree.next_ino()).hash(h);
            f.namespace.hash(h);
            self.digests.hash(*id, &f.tree, h);
        }
        self.mnt_ns.hash(h);
        self.mounts.hash(h);
        (&self.cgroups, &self.cgroup_ns, &self.sysctl, self.oom_kills, self.cpu_gone, &self.wanting).hash(h);
        self.log.hash(h);
        self.uts_ns.hash(h);
        self.outside.hash(h);
        self.net.hash(h);
        // The order of what is scheduled counts, not how often it was rescheduled.
        for ((at, _), (pid, generation)) in &self.queue {
            if self.process(*pid).is_some_and(|p| p.generation == *generation) {
                (at, pid).hash(h);
            }
        }
    }

    /// A process.
    pub fn process(&self, pid: Pid) -> Option<&Process> {
        self.processes.get(&pid)
    }
    /// A process.
    pub fn process_mut(&mut self, pid: Pid) -> Option<&mut Process> {
        self.processes.get_mut(&pid)
    }
    fn is_above(&self, ns: PidNsId, mut below: PidNsId) -> bool {
        while let Some(n) = self.pid_ns.get(&below).filter(|_| below != PidNsId(0)) {
            if n.parent == ns {
                return true;
            }
            below = n.parent;
        }
        false
    }
    /// Whether a process is one of another machine, beyond the network.
    pub fn is_elsewhere(&self, p: &Process) -> bool {
        p.pid_ns != PidNsId(0) && self.pid_ns.get(&p.pid_ns).is_some_and(|n| n.elsewhere)
    }
    /// A process's number as seen from a pid namespace; 0 if it is not in it.
    pub fn pid_seen_by(&self, pid: Pid, ns: PidNsId) -> u32 {
        match self.process(pid) {
            Some(p) if ns == PidNsId(0) => {
                if self.is_elsewhere(p) {
                    0
                } else {
                    pid.0
                }
            }
            Some(p) if p.pid_ns == ns => p.ns_pid,
            // One of a namespace below has the machine's number here, too.
            Some(p) if self.is_above(ns, p.pid_ns) => pid.0,
            _ => 0,
        }
    }
}
