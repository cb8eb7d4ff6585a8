//! Names: directories, links, owners, modes, times.

use std::rc::Rc;

use crate::errno::Errno;
use crate::process::{Cap, Process};
use crate::program::Cx;
use crate::syscall::{DirEntry, FileType, MountInfo, Ret, SetTime, SysResult};
use crate::vfs::proc;
use crate::vfs::{Found, FsId, FsKind, Ino, Inode, Loc, Node, Tree, may};

use super::machine::{DISK, MEMORY};
use super::num;

fn tree<'a>(cx: &'a mut Cx<'_>, fs: FsId) -> Result<&'a mut Tree, Errno> {
    Ok(&mut cx.sys.filesystems.get_mut(&fs).ok_or(Errno::ENOENT)?.tree)
}

fn find(cx: &Cx<'_>, path: &str, follow: bool) -> Result<(Found, Option<Loc>), Errno> {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let found = cx.sys.resolve(p, path, follow)?;
    let loc = found.loc;
    Ok((found, loc))
}

fn existing(cx: &Cx<'_>, path: &str, follow: bool) -> Result<Loc, Errno> {
    find(cx, path, follow)?.1.ok_or(Errno::ENOENT)
}

/// The file system of a directory that may be written.
fn writable_dir(cx: &Cx<'_>, dir: Loc) -> Result<FsId, Errno> {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let (_, fs, read_only) = cx.sys.tree_of(dir).ok_or(Errno::ENOENT)?;
    let inode = cx.sys.inode_at(p, dir).ok_or(Errno::ENOENT)?;
    if inode.file_type() != FileType::Dir {
        return Err(Errno::ENOTDIR);
    }
    if !may(p, &inode, false, true, true) {
        return Err(Errno::EACCES);
    }
    if inode.nlink == 0 {
        return Err(Errno::ENOENT);
    }
    if read_only {
        return Err(Errno::EROFS);
    }
    if cx.sys.filesystems.get(&fs).is_some_and(|f| f.kind.is_generated()) {
        return Err(if cx.sys.fs_at(dir).is_some_and(|f| f.1 == FsKind::Proc) { Errno::ENOENT } else { Errno::EPERM });
    }
    Ok(fs)
}

/// Whether a directory of control groups may be changed.
fn writable_group(cx: &Cx<'_>, p: &Process, dir: Loc) -> Result<(), Errno> {
    let inode = cx.sys.inode_at(p, dir).ok_or(Errno::ENOENT)?;
    if !may(p, &inode, false, true, true) {
        return Err(Errno::EACCES);
    }
    if cx.sys.tree_of(dir).is_none_or(|t| t.2) { Err(Errno::EROFS) } else { Ok(()) }
}

/// Only the owner of a name's inode or of a sticky directory may take it away.
fn sticky_allows(cx: &Cx<'_>, dir: Loc, what: Loc) -> Result<(), Errno> {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let (Some(d), Some(i)) = (cx.sys.inode_at(p, dir), cx.sys.inode_at(p, what)) else { return Ok(()) };
    let master = p.caps.effective & Cap::Fowner.bit() != 0 && p.rules(i.uid, i.gid);
    if d.mode & 0o1000 != 0 && !master && p.uid != d.uid && p.uid != i.uid {
        return Err(Errno::EPERM);
    }
    Ok(())
}

/// The inode must be on a writable file system and belong to the caller (or root).
fn owned(cx: &Cx<'_>, loc: Loc) -> Result<FsId, Errno> {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let (_, fs, read_only) = cx.sys.tree_of(loc).ok_or(Errno::ENOENT)?;
    let inode = cx.sys.inode_at(p, loc).ok_or(Errno::ENOENT)?;
    let master = p.caps.effective & Cap::Fowner.bit() != 0 && p.rules(inode.uid, inode.gid);
    if !master && p.uid != inode.uid {
        return Err(Errno::EPERM);
    }
    if cx.sys.filesystems.get(&fs).is_some_and(|f| f.kind.is_generated()) {
        return Err(Errno::EPERM);
    }
    if read_only { Err(Errno::EROFS) } else { Ok(fs) }
}

/// Is another mount on this place?
fn is_mount_point(cx: &Cx<'_>, loc: Loc) -> bool {
    cx.sys.mounts.get(loc.mount).is_some_and(|m| m.root == loc.ino())
}

/// Puts a new inode where the path led to nothing; it belongs to the caller.
pub(super) fn create(cx: &mut Cx<'_>, found: &Found, inode: Inode) -> Result<Loc, Errno> {
    let fs = writable_dir(cx, found.parent)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let (uid, mut gid) = (p.uid, p.gid);
    let dir = cx.sys.inode_at(p, found.parent).ok_or(Errno::ENOENT)?;
    let mut inode = inode;
    if dir.mode & 0o2000 != 0 {
        gid = dir.gid;
        if inode.file_type() == FileType::Dir {
            inode.mode |= 0o2000;
        }
    }
    if found.name.len() > 255 {
        return Err(Errno::ENAMETOOLONG);
    }
    let (uid, gid) = cx.sys.stored_owner(found.parent.mount, uid, gid)?;
    let now = cx.sys.wall(cx.now());
    let tree = tree(cx, fs)?;
    let ino = tree.add(found.parent.ino(), &found.name, Inode { mtime: now, ..inode.owned(uid, gid) })?;
    touch_dir(tree, found.parent.ino(), now);
    Ok(Loc { mount: found.parent.mount, ino: ino.0 })
}

fn touch_dir(tree: &mut Tree, dir: Ino, now: (i64, u32)) {
    if let Some(d) = tree.get_mut(dir) {
        d.written(now);
    }
}

/// Names, owner or mode of an inode have changed.
fn changed(tree: &mut Tree, ino: Ino, now: (i64, u32)) {
    if let Some(i) = tree.get_mut(ino) {
        i.ctime = Some(now);
    }
}

fn create_new(cx: &mut Cx<'_>, path: &str, inode: Inode) -> Result<(), Errno> {
    let (found, loc) = find(cx, path, false)?;
    if loc.is_some() {
        return Err(Errno::EEXIST);
    }
    create(cx, &found, inode).map(drop)
}

pub(super) fn mkdir(cx: &mut Cx<'_>, path: &str, mode: u32) -> Result<(), Errno> {
    let umask = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?.umask;
    let (found, loc) = find(cx, path, false)?;
    if loc.is_some() {
        return Err(Errno::EEXIST);
    }
    if cx.sys.fs_at(found.parent).is_some_and(|f| f.1 == FsKind::Cgroup2) {
        let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?.clone();
        writable_group(cx, &p, found.parent)?;
        return cx.sys.cgroup_mkdir(&p, found.parent.ino(), &found.name);
    }
    create(cx, &found, Inode::dir(mode & 0o7777 & !umask)).map(drop)
}

/// `mknod(2)` of a named pipe or a device.
pub(super) fn mknod(cx: &mut Cx<'_>, path: &str, mode: u32, node: Node) -> Result<(), Errno> {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    if !matches!(node, Node::Fifo | Node::File(_)) && !p.can(Cap::Mknod) {
        return Err(Errno::EPERM);
    }
    let umask = p.umask;
    create_new(cx, path, Inode::new(node, mode & 0o7777 & !umask))
}

pub(super) fn symlink(cx: &mut Cx<'_>, target: &str, path: &str) -> Result<(), Errno> {
    if target.is_empty() {
        return Err(Errno::ENOENT);
    }
    create_new(cx, path, Inode::symlink(target))
}

fn is_open(cx: &Cx<'_>, fs: FsId, ino: Ino) -> bool {
    cx.sys
        .files
        .values()
        .any(|f| matches!(&f.kind, crate::file::FileKind::Inode { fs: a, ino: b, .. } if *a == fs && *b == ino))
}

pub(super) fn rmdir(cx: &mut Cx<'_>, path: &str) -> Result<(), Errno> {
    if path.ends_with("/.") || path == "." {
        return Err(Errno::EINVAL);
    }
    let (found, loc) = find(cx, path, false)?;
    let loc = loc.ok_or(Errno::ENOENT)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    if cx.sys.inode_at(p, loc).is_some_and(|i| i.file_type() != FileType::Dir) {
        return Err(Errno::ENOTDIR);
    }
    if is_mount_point(cx, loc) {
        return Err(Errno::EBUSY);
    }
    if cx.sys.fs_at(loc).is_some_and(|f| f.1 == FsKind::Cgroup2) {
        let p = p.clone();
        writable_group(cx, &p, found.parent)?;
        return cx.sys.cgroup_rmdir(&p, loc.ino());
    }
    let fs = writable_dir(cx, found.parent)?;
    sticky_allows(cx, found.parent, loc)?;
    let now = cx.sys.wall(cx.now());
    let keep = is_open(cx, fs, loc.ino());
    let tree = tree(cx, fs)?;
    if !tree.is_empty(loc.ino()) {
        return Err(Errno::ENOTEMPTY);
    }
    tree.remove(found.parent.ino(), &found.name, keep);
    touch_dir(tree, found.parent.ino(), now);
    Ok(())
}

pub(super) fn unlink(cx: &mut Cx<'_>, path: &str) -> Result<(), Errno> {
    let (found, loc) = find(cx, path, false)?;
    let loc = loc.ok_or(Errno::ENOENT)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    if cx.sys.inode_at(p, loc).is_some_and(|i| i.file_type() == FileType::Dir) {
        return Err(Errno::EISDIR);
    }
    if loc.mount != found.parent.mount {
        return Err(Errno::EBUSY);
    }
    let fs = writable_dir(cx, found.parent)?;
    sticky_allows(cx, found.parent, loc)?;
    let now = cx.sys.wall(cx.now());
    let keep = is_open(cx, fs, loc.ino());
    let tree = tree(cx, fs)?;
    tree.remove(found.parent.ino(), &found.name, keep);
    changed(tree, loc.ino(), now);
    touch_dir(tree, found.parent.ino(), now);
    Ok(())
}

pub(super) fn rename(cx: &mut Cx<'_>, from: &str, to: &str) -> Result<(), Errno> {
    let (a, a_loc) = find(cx, from, false)?;
    let (b, b_loc) = find(cx, to, false)?;
    let a_loc = a_loc.ok_or(Errno::ENOENT)?;
    if a.name == "." || b.name == "." || is_mount_point(cx, a_loc) {
        return Err(Errno::EBUSY);
    }
    let fs = writable_dir(cx, a.parent)?;
    if writable_dir(cx, b.parent)? != fs {
        return Err(Errno::EXDEV);
    }
    sticky_allows(cx, a.parent, a_loc)?;
    if Some(a_loc) == b_loc {
        return Ok(());
    }
    let keep = b_loc.is_some_and(|l| is_open(cx, fs, l.ino()));
    let now = cx.sys.wall(cx.now());
    if let Some(l) = b_loc {
        sticky_allows(cx, b.parent, l)?;
        if is_mount_point(cx, l) {
            return Err(Errno::EBUSY);
        }
    }
    let tree = tree(cx, fs)?;
    let is_dir = |t: &Tree, l: Loc| t.get(l.ino()).is_some_and(|i| i.file_type() == FileType::Dir);
    let a_dir = is_dir(tree, a_loc);
    if a_dir {
        // Not into itself.
        let mut up = b.parent.ino();
        while up != Tree::ROOT {
            if up == a_loc.ino() {
                return Err(Errno::EINVAL);
            }
            up = tree.parent(up);
        }
    } else if b.must_be_dir {
        return Err(Errno::ENOTDIR);
    }
    if let Some(l) = b_loc {
        match (a_dir, is_dir(tree, l)) {
            (true, false) => return Err(Errno::ENOTDIR),
            (false, true) => return Err(Errno::EISDIR),
            (true, true) if !tree.is_empty(l.ino()) => return Err(Errno::ENOTEMPTY),
            _ => {
                tree.remove(b.parent.ino(), &b.name, keep);
            }
        }
    }
    tree.rename(a.parent.ino(), &a.name, b.parent.ino(), &b.name);
    changed(tree, a_loc.ino(), now);
    touch_dir(tree, a.parent.ino(), now);
    touch_dir(tree, b.parent.ino(), now);
    Ok(())
}

pub(super) fn link(cx: &mut Cx<'_>, from: &str, to: &str) -> Result<(), Errno> {
    let from = existing(cx, from, false)?;
    let (found, loc) = find(cx, to, false)?;
    if loc.is_some() {
        return Err(Errno::EEXIST);
    }
    let fs = writable_dir(cx, found.parent)?;
    if cx.sys.tree_of(from).ok_or(Errno::ENOENT)?.1 != fs {
        return Err(Errno::EXDEV);
    }
    let now = cx.sys.wall(cx.now());
    let tree = tree(cx, fs)?;
    tree.link(found.parent.ino(), &found.name, from.ino())?;
    changed(tree, from.ino(), now);
    touch_dir(tree, found.parent.ino(), now);
    Ok(())
}

pub(super) fn readlink(cx: &mut Cx<'_>, path: &str) -> SysResult {
    let loc = existing(cx, path, false)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    match cx.sys.inode_at(p, loc).as_ref().map(|i| &i.node) {
        Some(Node::Symlink(_)) if matches!(cx.sys.magic(p, loc), Err(Errno::EACCES)) => Err(Errno::EACCES),
        Some(Node::Symlink(t)) => Ok(Ret::Text(t.clone())),
        _ => Err(Errno::EINVAL),
    }
}

pub(super) fn access(cx: &mut Cx<'_>, path: &str, read: bool, write: bool, exec: bool) -> Result<(), Errno> {
    let loc = existing(cx, path, true)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let inode = cx.sys.inode_at(p, loc).ok_or(Errno::ENOENT)?;
    if !may(p, &inode, read, write, exec) {
        return Err(Errno::EACCES);
    }
    if write && cx.sys.tree_of(loc).is_some_and(|t| t.2) {
        return Err(Errno::EROFS);
    }
    Ok(())
}

pub(super) fn set_nominal(cx: &mut Cx<'_>, path: &str, size: u64) -> Result<(), Errno> {
    let loc = existing(cx, path, true)?;
    let fs = owned(cx, loc)?;
    if let Some(i) = tree(cx, fs)?.get_mut(loc.ino()) {
        i.nominal = Some(size);
    }
    Ok(())
}

pub(super) fn chmod(cx: &mut Cx<'_>, path: &str, mode: u32) -> Result<(), Errno> {
    let loc = existing(cx, path, true)?;
    let fs = owned(cx, loc)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let inode = cx.sys.inode_at(p, loc).ok_or(Errno::ENOENT)?;
    // Who is not in the group cannot lend it out (chmod(2)).
    let in_group = p.gid == inode.gid || p.groups.contains(&inode.gid);
    let lends = in_group || p.caps.effective & Cap::Fsetid.bit() != 0 && p.rules(inode.uid, inode.gid);
    let mode = if lends { mode & 0o7777 } else { mode & 0o5777 };
    let now = cx.sys.wall(cx.now());
    if let Some(i) = tree(cx, fs)?.get_mut(loc.ino()) {
        (i.mode, i.ctime) = (mode, Some(now));
    }
    Ok(())
}

pub(super) fn chown(
    cx: &mut Cx<'_>,
    path: &str,
    uid: Option<u32>,
    gid: Option<u32>,
    follow: bool,
) -> Result<(), Errno> {
    let loc = existing(cx, path, follow)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let (_, fs, read_only) = cx.sys.tree_of(loc).ok_or(Errno::ENOENT)?;
    if cx.sys.filesystems.get(&fs).is_some_and(|f| f.kind.is_generated()) {
        return Err(Errno::EPERM);
    }
    if read_only {
        return Err(Errno::EROFS);
    }
    let (uid, gid) = (uid.map(|u| p.host_uid(u)).transpose()?, gid.map(|g| p.host_gid(g)).transpose()?);
    let inode = cx.sys.inode_at(p, loc).ok_or(Errno::ENOENT)?;
    if p.caps.effective & Cap::Chown.bit() == 0 || !p.rules(inode.uid, inode.gid) {
        let own_group = gid.is_none_or(|g| g == p.gid || p.groups.contains(&g));
        if p.uid != inode.uid || uid.is_some_and(|u| u != inode.uid) || !own_group {
            return Err(Errno::EPERM);
        }
    }
    let owner = cx.sys.stored_owner(loc.mount, uid.unwrap_or(inode.uid), gid.unwrap_or(inode.gid))?;
    let now = cx.sys.wall(cx.now());
    if let Some(i) = tree(cx, fs)?.get_mut(loc.ino()) {
        i.ctime = Some(now);
        (i.uid, i.gid) = owner;
        if !matches!(i.node, Node::Dir { .. }) && i.mode & 0o111 != 0 {
            i.mode &= !0o6000;
        }
    }
    Ok(())
}

pub(super) fn utimes(cx: &mut Cx<'_>, path: &str, atime: SetTime, mtime: SetTime) -> Result<(), Errno> {
    let loc = existing(cx, path, true)?;
    let fs = match owned(cx, loc) {
        // Both "now" needs only write permission.
        Err(Errno::EPERM) if (atime, mtime) == (SetTime::Now, SetTime::Now) => {
            access(cx, path, false, true, false)?;
            cx.sys.tree_of(loc).ok_or(Errno::ENOENT)?.1
        }
        r => r?,
    };
    let now = cx.sys.wall(cx.now());
    let Some(i) = tree(cx, fs)?.get_mut(loc.ino()) else { return Ok(()) };
    let time = |set: SetTime, old: (i64, u32)| match set {
        SetTime::Keep => old,
        SetTime::Now => now,
        SetTime::At(s, n) => (s, n),
    };
    let read = time(atime, i.atime.unwrap_or(i.mtime));
    i.mtime = time(mtime, i.mtime);
    (i.atime, i.ctime) = (Some(read).filter(|r| *r != i.mtime), Some(now).filter(|n| *n != i.mtime));
    Ok(())
}

/// A directory that may be read, and its names.
fn names(cx: &Cx<'_>, path: &str) -> Result<(Loc, Rc<Inode>, Vec<DirEntry>), Errno> {
    let loc = existing(cx, path, true)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let inode = cx.sys.inode_at(p, loc).ok_or(Errno::ENOENT)?;
    if inode.file_type() != FileType::Dir {
        return Err(Errno::ENOTDIR);
    }
    if !may(p, &inode, true, false, false) {
        return Err(Errno::EACCES);
    }
    let entries = cx.sys.entries_at(p, loc).into_iter();
    Ok((loc, inode, entries.map(|(name, ino, file_type)| DirEntry { name, file_type, ino: ino.0 }).collect()))
}

pub(super) fn read_dir(cx: &mut Cx<'_>, path: &str) -> SysResult {
    names(cx, path).map(|(_, _, entries)| Ret::Entries(entries))
}

pub(super) fn read_dir_plus(cx: &mut Cx<'_>, path: &str) -> SysResult {
    let (dir, inode, entries) = names(cx, path)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let searchable = may(p, &inode, false, false, true);
    let lstat = |e: &DirEntry| {
        let loc = cx.sys.cross(Loc { mount: dir.mount, ino: e.ino });
        if searchable { super::file::lstat_at(cx, p, loc) } else { Err(Errno::EACCES) }
    };
    let with_stat = entries.into_iter().map(|e| {
        let stat = lstat(&e);
        (e, stat)
    });
    Ok(Ret::EntriesPlus(with_stat.collect()))
}

pub(super) fn real_path(cx: &mut Cx<'_>, path: &str) -> SysResult {
    let (found, loc) = find(cx, path, true)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let loc = loc.ok_or(Errno::ENOENT)?;
    if let Some(id) = proc::open_behind(cx.sys, p, loc) {
        let kind = &cx.sys.files.get(&id).ok_or(Errno::ENOENT)?.kind;
        return Ok(Ret::Text(proc::name_of(cx.sys, p, p, kind)));
    }
    cx.sys.path_of_place(p, &found.place()?).map(Ret::Text).ok_or(Errno::ENOENT)
}

pub(super) fn chdir(cx: &mut Cx<'_>, path: &str) -> Result<(), Errno> {
    let loc = existing(cx, path, true)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let inode = cx.sys.inode_at(p, loc).ok_or(Errno::ENOENT)?;
    if inode.file_type() != FileType::Dir {
        return Err(Errno::ENOTDIR);
    }
    if !may(p, &inode, false, false, true) {
        return Err(Errno::EACCES);
    }
    if let Some(p) = cx.sys.process_mut(cx.pid) {
        p.cwd = loc;
    }
    Ok(())
}

pub(super) fn getcwd(cx: &mut Cx<'_>) -> SysResult {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    cx.sys.path_of(p, p.cwd).map(Ret::Text).ok_or(Errno::ENOENT)
}

pub(super) fn umask(cx: &mut Cx<'_>, mask: u32) -> SysResult {
    let p = cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?;
    num(std::mem::replace(&mut p.umask, mask & 0o777))
}

pub(super) fn mounts(cx: &mut Cx<'_>) -> SysResult {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let real: u64 = cx.sys.filesystems.values().map(|f| f.tree.real_size()).sum();
    let room = (super::file::MAX_BYTES as u64).saturating_sub(real);
    let info = cx.sys.mounts.of(p.mnt_ns).filter_map(|(id, m)| {
        let fs = cx.sys.filesystems.get(&m.fs)?;
        let used = fs.tree.nominal_size();
        let (total, free) = match fs.kind {
            // ext4 keeps a twentieth for root.
            FsKind::Ext4 | FsKind::Overlay => (DISK, (DISK - DISK / 20).saturating_sub(used)),
            kind if kind.is_pseudo() => (0, 0),
            _ => {
                let total = fs.limit.unwrap_or(MEMORY / 2);
                (total, total.saturating_sub(fs.tree.real_size()))
            }
        };
        let path = cx.sys.path_of_mount(p, id)?;
        Some(MountInfo {
            path,
            fs: m.fs,
            kind: fs.kind,
            read_only: m.read_only,
            total,
            used,
            free: free.min(room) / 4096 * 4096,
        })
    });
    Ok(Ret::Mounts(info.collect()))
}
