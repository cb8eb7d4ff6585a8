//! A mounted or mountable file system: a tree, and what it was made from.

use crate::syscall::PidNsId;
use crate::vfs::tree::Tree;

/// A file system's number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FsId(pub u32);

/// What kind of file system it is, as `mount` and `df -T` say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FsKind {
    /// A disk.
    Ext4,
    /// A union of image layers with a writable one on top.
    Overlay,
    /// Memory.
    Tmpfs,
    /// Devices.
    Devtmpfs,
    /// Processes; its files are made when they are read.
    Proc,
    /// The kernel's objects.
    Sysfs,
    /// Control groups, version 2; its files are made when they are read.
    Cgroup2,
    /// Pseudo-terminals.
    Devpts,
    /// Message queues: an empty directory here.
    Mqueue,
    /// A namespace that a mount keeps (`mount --bind /proc/<pid>/ns/net …`).
    Nsfs,
}

impl FsKind {
    /// As `mount` prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ext4 => "ext4",
            Self::Overlay => "overlay",
            Self::Tmpfs => "tmpfs",
            Self::Devtmpfs => "devtmpfs",
            Self::Proc => "proc",
            Self::Sysfs => "sysfs",
            Self::Cgroup2 => "cgroup2",
            Self::Devpts => "devpts",
            Self::Mqueue => "mqueue",
            Self::Nsfs => "nsfs",
        }
    }
    /// Whether it holds no bytes of its own (`nodev` in `/proc/filesystems`, and df leaves it out).
    pub fn is_pseudo(self) -> bool {
        matches!(self, Self::Proc | Self::Sysfs | Self::Cgroup2 | Self::Devpts | Self::Mqueue | Self::Nsfs)
    }
    /// Whether its files are made when they are looked at.
    pub(crate) fn is_generated(self) -> bool {
        matches!(self, Self::Proc | Self::Cgroup2 | Self::Devpts)
    }
}

/// A file system.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fs {
    /// Its kind.
    pub kind: FsKind,
    /// What is in it now.
    pub tree: Tree,
    /// The pid namespace that a `proc` shows; `None`: it is that of the first process of a new pid
    /// namespace that is started with it, until then the reader's.
    pub pid_ns: Option<PidNsId>,
    /// It goes with its last mount.
    pub auto: bool,
    /// Bytes at most; `None`: the machine's limit.
    pub limit: Option<u64>,
    /// Not writable, however it is mounted.
    pub read_only: bool,
    /// Of an overlay that was mounted by hand: where changes go.
    pub upper: Option<crate::vfs::overlay::Upper>,
    /// Of an overlay that was mounted by hand: its options.
    pub layers: String,
    /// Which namespace it keeps: kind and number.
    pub namespace: Option<(&'static str, u32)>,
}

impl Fs {
    /// The superblock's options as `mount` tells them.
    pub(crate) fn options(&self) -> String {
        match self.kind {
            FsKind::Ext4 => "rw,errors=remount-ro".to_owned(),
            FsKind::Overlay if !self.layers.is_empty() => format!("rw,{}", self.layers),
            FsKind::Tmpfs => self.limit.map_or_else(|| "rw".to_owned(), |l| format!("rw,size={}k", l / 1024)),
            FsKind::Devpts => "rw,gid=5,mode=620,ptmxmode=666".to_owned(),
            FsKind::Cgroup2 => "rw,nsdelegate,memory_recursiveprot".to_owned(),
            _ => "rw".to_owned(),
        }
    }
    /// A file system from a tree.
    pub fn new(kind: FsKind, tree: Tree) -> Self {
        // What is only in memory goes with its last mount.
        let auto = kind.is_pseudo() || matches!(kind, FsKind::Tmpfs | FsKind::Devtmpfs);
        Self {
            kind,
            tree,
            pid_ns: None,
            auto,
            limit: None,
            read_only: false,
            upper: None,
            layers: String::new(),
            namespace: None,
        }
    }
}
