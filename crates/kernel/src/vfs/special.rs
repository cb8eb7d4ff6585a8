//! File systems whose files are made when they are looked at: one place that asks the right one.

use std::rc::Rc;

use crate::errno::Errno;
use crate::file::FileId;
use crate::process::Process;
use crate::syscall::FileType;
use crate::system::System;
use crate::vfs::{Dev, FsId, FsKind, Ino, Inode, Loc, Node, Tree, proc};

/// Where a link of `/proc` leads that is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Magic {
    /// It is a link like others.
    None,
    /// To a place, whatever its name is now.
    Place(Loc),
    /// To something open that has no place: a pipe, a socket, a terminal.
    Open(FileId),
    /// To a namespace of a process; the link stands for it.
    Here(crate::Pid),
}

/// An empty directory, as generated ones look.
pub(crate) fn dir(mode: u32) -> Inode {
    let mut i = Inode::dir(mode);
    i.nlink = 2;
    i
}

impl System {
    /// The file system of a place.
    pub(crate) fn fs_at(&self, loc: Loc) -> Option<(FsId, FsKind)> {
        let id = self.mounts.get(loc.mount)?.fs;
        Some((id, self.filesystems.get(&id)?.kind))
    }

    /// The inode at a place. Files that are made when they are read have no bytes here.
    pub fn inode_at(&self, p: &Process, loc: Loc) -> Option<Rc<Inode>> {
        let m = self.mounts.get(loc.mount)?;
        let kind = self.filesystems.get(&m.fs)?.kind;
        let inode = self.inode_in(p, m.fs, kind, loc.ino())?;
        let Some(map) = m.idmap.filter(|_| !kind.is_generated()) else { return Some(inode) };
        let mut seen = inode.as_ref().clone();
        (seen.uid, seen.gid) = map.seen(seen.uid, seen.gid);
        Some(Rc::new(seen))
    }

    /// The owners that a file system stores for what is seen through a mount.
    pub(crate) fn stored_owner(&self, mount: u32, uid: u32, gid: u32) -> Result<(u32, u32), Errno> {
        match self.mounts.get(mount).and_then(|m| m.idmap) {
            Some(map) => map.stored(uid, gid).ok_or(Errno::EINVAL),
            None => Ok((uid, gid)),
        }
    }

    pub(crate) fn inode_in(&self, p: &Process, fs: FsId, kind: FsKind, ino: Ino) -> Option<Rc<Inode>> {
        match kind {
            FsKind::Proc => proc::inode(self, p, fs, ino).map(Rc::new),
            FsKind::Cgroup2 => self.cgroup_inode(p, ino).map(Rc::new),
            FsKind::Devpts if ino != Tree::ROOT => {
                let n = u32::try_from(ino.0.checked_sub(2)?).ok()?;
                let tty = self.ttys.get(&crate::tty::TtyId(n))?;
                Some(Rc::new(Inode::new(Node::Char(Dev::Pts(n)), 0o620).owned(tty.owner, 5)))
            }
            _ => self.filesystems.get(&fs)?.tree.get(ino).cloned(),
        }
    }

    /// A name in a directory whose inode is known.
    pub(crate) fn child_at(&self, p: &Process, dir: Loc, name: &str, inode: &Inode) -> Option<Ino> {
        if let Node::Dir { entries, .. } = &inode.node
            && let Some(ino) = entries.get(name)
        {
            return Some(ino);
        }
        let (fs, kind) = self.fs_at(dir)?;
        self.child_in(p, fs, kind, dir.ino(), name)
    }

    /// A name in a directory of a file system whose files are made when they are looked at.
    pub(crate) fn child_in(&self, p: &Process, fs: FsId, kind: FsKind, dir: Ino, name: &str) -> Option<Ino> {
        match kind {
            FsKind::Proc => proc::child(self, p, fs, dir, name),
            FsKind::Cgroup2 => self.cgroup_child(p, dir, name),
            FsKind::Devpts => {
                let n: u32 = name.parse().ok()?;
                self.ttys.get(&crate::tty::TtyId(n)).filter(|t| !t.is_gone()).map(|_| Ino(u64::from(n) + 2))
            }
            _ => None,
        }
    }

    /// A directory's names.
    pub(crate) fn entries_at(&self, p: &Process, dir: Loc) -> Vec<(String, Ino, FileType)> {
        let Some((fs, kind)) = self.fs_at(dir) else { return Vec::new() };
        match kind {
            FsKind::Proc => proc::entries(self, p, fs, dir.ino()),
            FsKind::Cgroup2 => self.cgroup_entries(p, dir.ino()),
            FsKind::Devpts => {
                let there = self.ttys.iter().filter(|(_, t)| !t.is_gone());
                there.map(|(t, _)| (t.0.to_string(), Ino(u64::from(t.0) + 2), FileType::Char)).collect()
            }
            _ => {
                let Some(f) = self.filesystems.get(&fs) else { return Vec::new() };
                let list = f.tree.entries(dir.ino());
                list.filter_map(|(n, i)| Some((n.to_owned(), i, f.tree.get(i)?.file_type()))).collect()
            }
        }
    }

    /// The directory above a directory.
    pub(crate) fn parent_at(&self, loc: Loc) -> Ino {
        let Some((fs, kind)) = self.fs_at(loc) else { return Tree::ROOT };
        match kind {
            FsKind::Proc => proc::parent(loc.ino()),
            FsKind::Cgroup2 => self.cgroup_parent(loc.ino()),
            _ => self.filesystems.get(&fs).map_or(Tree::ROOT, |f| f.tree.parent(loc.ino())),
        }
    }

    /// The name that an inode has in a directory.
    pub(crate) fn name_at(&self, p: &Process, dir: Loc, ino: Ino) -> Option<String> {
        let (fs, kind) = self.fs_at(dir)?;
        if kind.is_generated() {
            return self.entries_at(p, dir).into_iter().find(|e| e.1 == ino).map(|e| e.0);
        }
        self.filesystems.get(&fs)?.tree.name_of(dir.ino(), ino).map(str::to_owned)
    }

    /// Where a link leads that is no text.
    pub(crate) fn magic(&self, p: &Process, loc: Loc) -> Result<Magic, Errno> {
        match self.fs_at(loc) {
            Some((_, FsKind::Proc)) => proc::magic(self, p, loc.ino()),
            _ => Ok(Magic::None),
        }
    }

    /// The bytes of a file that is made when it is read; `None`: it is a file like others.
    pub(crate) fn generate(&self, p: &Process, fs: FsId, ino: Ino) -> Option<Result<Vec<u8>, Errno>> {
        match self.filesystems.get(&fs)?.kind {
            FsKind::Proc => Some(proc::read(self, p, fs, ino)),
            FsKind::Cgroup2 => Some(self.cgroup_read(p, ino)),
            _ => None,
        }
    }

    /// Writes to a file that is made when it is read; `None`: it is a file like others.
    pub(crate) fn put(&mut self, p: &Process, fs: FsId, ino: Ino, text: &[u8]) -> Option<Result<(), Errno>> {
        let kind = self.filesystems.get(&fs)?.kind;
        let text = String::from_utf8_lossy(text);
        match kind {
            FsKind::Proc => Some(proc::write(self, p, ino, text.trim_end_matches('\n'))),
            FsKind::Cgroup2 => Some(self.cgroup_write(p, ino, text.trim())),
            _ => None,
        }
    }
}

/// What `/sys` holds: what does not change.
pub(crate) fn sysfs() -> Tree {
    let mut t = Tree::new();
    for d in [
        "/fs/cgroup",
        "/kernel/mm",
        "/class/net",
        "/block/vda",
        "/bus",
        "/devices/system/node/node0",
        "/firmware",
        "/module",
        "/power",
    ] {
        let _ = t.mkdir_all(d);
    }
    let last = crate::calls::machine::CPUS - 1;
    for (path, text) in [
        ("/devices/system/cpu/online", format!("0-{last}\n")),
        ("/devices/system/cpu/possible", format!("0-{last}\n")),
        ("/devices/system/cpu/present", format!("0-{last}\n")),
        ("/block/vda/size", "125831168\n".to_owned()),
        ("/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n".to_owned()),
    ] {
        let _ = t.insert(path, Inode::file(text, 0o444));
    }
    for n in 0..=last {
        let _ = t.mkdir_all(&format!("/devices/system/cpu/cpu{n}"));
    }
    t
}
