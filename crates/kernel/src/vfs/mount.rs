//! Mount namespaces.

use crate::vfs::fs::FsId;
use crate::vfs::tree::Ino;

/// A place: a mount of the namespace and an inode in its file system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Loc {
    /// Index of the mount.
    pub mount: u32,
    /// Inode in its file system.
    pub ino: u64,
}

impl Loc {
    /// The inode's number.
    pub fn ino(self) -> Ino {
        Ino(self.ino)
    }
}

/// A mount.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mount {
    /// Which file system.
    pub fs: FsId,
    /// The inode that is its root here.
    pub root: Ino,
    /// Where it is mounted; `None` for the namespace's root.
    pub at: Option<Loc>,
    /// The same as a path.
    pub path: String,
    /// Not writable.
    pub read_only: bool,
}

/// A mount namespace: its mounts, the root first. Later ones hide earlier ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MountNs {
    /// Mounts by index.
    pub mounts: Vec<Mount>,
}

impl MountNs {
    /// The mount on a place, if there is one.
    pub fn mounted_at(&self, loc: Loc) -> Option<u32> {
        self.mounts.iter().rposition(|m| m.at == Some(loc)).map(|i| i as u32)
    }
    /// A mount.
    pub fn get(&self, mount: u32) -> Option<&Mount> {
        self.mounts.get(mount as usize)
    }
}
