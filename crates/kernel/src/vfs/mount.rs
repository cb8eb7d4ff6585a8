//! Mounts of all namespaces.

use std::rc::Rc;

use crate::sorted::SortedMap;
use crate::syscall::MntNsId;
use crate::vfs::fs::FsId;
use crate::vfs::tree::Ino;

/// A place: a mount and an inode in its file system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Loc {
    /// The mount's number, unique on the machine.
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

/// A place and the name that led there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The place.
    pub loc: Loc,
    /// The directory that it is named in.
    pub dir: Loc,
    /// Its name there; `.` where the place is a directory that was not named.
    pub name: Rc<str>,
}

/// A mount.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mount {
    /// The namespace that sees it.
    pub ns: MntNsId,
    /// Which file system.
    pub fs: FsId,
    /// The inode that is its root here.
    pub root: Ino,
    /// Where it is mounted; `None` for the namespace's root.
    pub at: Option<Place>,
    /// Not writable.
    pub read_only: bool,
    /// Setuid bits have no meaning (`nosuid`).
    pub nosuid: bool,
    /// Nothing is executed (`noexec`).
    pub noexec: bool,
    /// Mounts below it are seen in the other mounts of its peer group (`MS_SHARED`); 0: private.
    pub peers: u32,
    /// What was mounted, as `mount` tells it.
    pub source: String,
    /// Its owners are others than its file system says (`mount_setattr(2)`, `MOUNT_ATTR_IDMAP`).
    pub idmap: Option<IdMap>,
}

/// Users and groups from 0 on are seen as those from here on, 65,536 of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdMap {
    /// The user that 0 becomes.
    pub uid: u32,
    /// The group that 0 becomes.
    pub gid: u32,
}

impl IdMap {
    /// How many there are.
    pub const COUNT: u32 = 65_536;

    /// The owners that are seen.
    pub(crate) fn seen(self, uid: u32, gid: u32) -> (u32, u32) {
        let one = |id: u32, base: u32| if id < Self::COUNT { base + id } else { 65_534 };
        (one(uid, self.uid), one(gid, self.gid))
    }
    /// The owners that are stored; `None`: there is no place for them.
    pub(crate) fn stored(self, uid: u32, gid: u32) -> Option<(u32, u32)> {
        let one = |id: u32, base: u32| id.checked_sub(base).filter(|n| *n < Self::COUNT);
        Some((one(uid, self.uid)?, one(gid, self.gid)?))
    }
}

/// A mount namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MountNs {
    /// The mount that is its root.
    pub root: u32,
}

/// All mounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mounts {
    all: SortedMap<u32, Mount>,
    on: SortedMap<Loc, u32>,
    next: u32,
}

impl Mounts {
    /// A mount.
    pub fn get(&self, mount: u32) -> Option<&Mount> {
        self.all.get(&mount)
    }
    /// A mount to change; not where it hangs.
    pub fn get_mut(&mut self, mount: u32) -> Option<&mut Mount> {
        self.all.get_mut(&mount)
    }
    /// The mount on a place, if there is one.
    pub fn on(&self, loc: Loc) -> Option<u32> {
        self.on.get(&loc).copied()
    }
    /// A new mount; answers its number.
    pub fn add(&mut self, m: Mount) -> u32 {
        let id = self.next;
        self.next += 1;
        if let Some(at) = &m.at {
            self.on.insert(at.loc, id);
        }
        self.all.insert(id, m);
        id
    }
    /// Hangs a mount elsewhere.
    pub fn put(&mut self, mount: u32, at: Option<Place>) {
        let Some(m) = self.all.get_mut(&mount) else { return };
        let old = std::mem::replace(&mut m.at, at.clone());
        if let Some(o) = old
            && self.on.get(&o.loc) == Some(&mount)
        {
            self.on.remove(&o.loc);
        }
        if let Some(a) = at {
            self.on.insert(a.loc, mount);
        }
    }
    /// Takes a mount away.
    pub fn remove(&mut self, mount: u32) -> Option<Mount> {
        self.put(mount, None);
        self.all.remove(&mount)
    }
    /// A namespace's mounts, oldest first.
    pub fn of(&self, ns: MntNsId) -> impl Iterator<Item = (u32, &Mount)> {
        self.all.iter().filter(move |(_, m)| m.ns == ns).map(|(id, m)| (*id, m))
    }
    /// All mounts.
    pub fn all(&self) -> impl Iterator<Item = (u32, &Mount)> {
        self.all.iter().map(|(id, m)| (*id, m))
    }
    /// Whether a mount hangs in this one.
    pub fn has_children(&self, mount: u32) -> bool {
        self.all.values().any(|m| m.at.as_ref().is_some_and(|a| a.loc.mount == mount))
    }
    /// A mount and those below it, parents first.
    pub fn below(&self, mount: u32) -> Vec<u32> {
        let mut list = vec![mount];
        let mut at = 0;
        while let Some(&m) = list.get(at) {
            list.extend(self.all.iter().filter(|(_, c)| c.at.as_ref().is_some_and(|a| a.loc.mount == m)).map(|c| *c.0));
            at += 1;
        }
        list
    }
}
