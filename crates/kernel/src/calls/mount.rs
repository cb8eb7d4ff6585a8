//! `mount(2)`, `umount2(2)`, `pivot_root(2)`, `chroot(2)`.

use crate::capability::Cap;
use crate::errno::Errno;
use crate::process::Process;
use crate::program::Cx;
use crate::syscall::{FileType, MountFlags};
use crate::system::System;
use crate::vfs::overlay::{Upper, merge};
use crate::vfs::{FsId, FsKind, Inode, Loc, Mount, Place, Tree};

/// Mounts of a namespace at most (`/proc/sys/fs/mount-max`; a real machine's default is 100,000).
const MOST: usize = 2_000;

fn privileged<'a>(cx: &'a Cx<'_>) -> Result<&'a Process, Errno> {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    if p.can_over(Cap::SysAdmin, p.mnt_ns.0) { Ok(p) } else { Err(Errno::EPERM) }
}

pub(super) fn mount(
    cx: &mut Cx<'_>,
    source: &str,
    target: &str,
    kind: &str,
    flags: MountFlags,
    data: &str,
) -> Result<(), Errno> {
    let p = privileged(cx)?.clone();
    let place = cx.sys.resolve(&p, target, true)?.place()?;
    if flags.remount || flags.shared || flags.private {
        return change(cx.sys, place.loc, flags);
    }
    if flags.bind || flags.move_ {
        let from = cx.sys.resolve(&p, source, true)?.place()?;
        return if flags.move_ { move_to(cx.sys, from.loc, place) } else { bind(cx.sys, &p, &from, place, flags) };
    }
    let fs = match kind {
        "tmpfs" | "ramfs" => tmpfs(cx, data)?,
        "proc" => {
            let ns = p.pid_ns;
            let id = cx.sys.add_fs(FsKind::Proc, Tree::new());
            if let Some(f) = cx.sys.filesystems.get_mut(&id) {
                f.pid_ns = Some(ns);
            }
            id
        }
        "sysfs" => cx.sys.add_fs(FsKind::Sysfs, Tree::new()),
        "cgroup2" => cx.sys.add_fs(FsKind::Cgroup2, Tree::new()),
        "devpts" => cx.sys.add_fs(FsKind::Devpts, Tree::new()),
        "mqueue" => cx.sys.add_fs(FsKind::Mqueue, Tree::new()),
        "devtmpfs" => {
            let shared = cx.sys.filesystems.iter().find(|(_, f)| f.kind == FsKind::Devtmpfs).map(|(id, _)| *id);
            shared.ok_or(Errno::ENODEV)?
        }
        "overlay" => overlay(cx.sys, &p, data)?,
        "ext4" | "ext3" | "ext2" | "xfs" | "btrfs" | "vfat" | "" => {
            // There is one disk, and it is mounted.
            cx.sys.resolve(&p, source, true)?.place()?;
            return Err(if source == "/dev/vda1" { Errno::EBUSY } else { Errno::ENOTBLK });
        }
        _ => return Err(Errno::ENODEV),
    };
    let mount = Mount {
        ns: p.mnt_ns,
        fs,
        root: Tree::ROOT,
        at: None,
        read_only: flags.read_only,
        nosuid: flags.nosuid,
        noexec: flags.noexec,
        peers: 0,
        source: if source.is_empty() { "none".to_owned() } else { source.to_owned() },
        idmap: None,
    };
    let hung = hang(cx.sys, mount, place);
    if hung.is_err() && !cx.sys.mounts.all().any(|(_, m)| m.fs == fs) && kind != "devtmpfs" {
        cx.sys.filesystems.remove(&fs);
    }
    hung.map(drop)
}

fn is_dir(sys: &System, loc: Loc) -> bool {
    let walker = Process::nobody(crate::syscall::MntNsId(0));
    sys.inode_at(&walker, loc).is_some_and(|i| i.file_type() == FileType::Dir)
}

/// Puts a mount on a place, and copies of it where mounts there are shared.
fn hang(sys: &mut System, mount: Mount, place: Place) -> Result<u32, Errno> {
    let kind = sys.filesystems.get(&mount.fs).ok_or(Errno::EINVAL)?.kind;
    let walker = Process::nobody(mount.ns);
    if sys.mounts.of(mount.ns).count() >= MOST {
        return Err(Errno::ENOSPC);
    }
    let root_is_dir =
        sys.inode_in(&walker, mount.fs, kind, mount.root).ok_or(Errno::ENOENT)?.file_type() == FileType::Dir;
    if root_is_dir != is_dir(sys, place.loc) {
        return Err(Errno::ENOTDIR);
    }
    let peers = sys.mounts.get(place.loc.mount).map_or(0, |m| m.peers);
    if peers > 0 {
        let others: Vec<(u32, crate::syscall::MntNsId)> = sys
            .mounts
            .all()
            .filter(|(n, m)| m.peers == peers && *n != place.loc.mount)
            .map(|(n, m)| (n, m.ns))
            .collect();
        for (n, ns) in others {
            let there = |l: Loc| if l.mount == place.loc.mount { Loc { mount: n, ..l } } else { l };
            let at = Place { loc: there(place.loc), dir: there(place.dir), name: place.name.clone() };
            if sys.mounts.on(at.loc).is_none() {
                sys.mounts.add(Mount { ns, at: Some(at), ..mount.clone() });
            }
        }
    }
    Ok(sys.mounts.add(Mount { at: Some(place), peers, ..mount }))
}

/// Changes flags or propagation of the mount whose root a place is.
fn change(sys: &mut System, loc: Loc, flags: MountFlags) -> Result<(), Errno> {
    if sys.mounts.get(loc.mount).is_none_or(|m| m.root != loc.ino()) {
        return Err(Errno::EINVAL);
    }
    let list = if flags.recursive { sys.mounts.below(loc.mount) } else { vec![loc.mount] };
    for n in list {
        let group = n + 1;
        let Some(m) = sys.mounts.get_mut(n) else { continue };
        if flags.remount {
            (m.read_only, m.nosuid, m.noexec) = (flags.read_only, flags.nosuid, flags.noexec);
        }
        if flags.shared && m.peers == 0 {
            m.peers = group;
        }
        if flags.private {
            m.peers = 0;
        }
    }
    Ok(())
}

fn bind(sys: &mut System, p: &Process, from: &Place, to: Place, flags: MountFlags) -> Result<(), Errno> {
    let old = sys.mounts.get(from.loc.mount).ok_or(Errno::EINVAL)?.clone();
    if let Some(namespace) = crate::vfs::proc::namespace_behind(sys, from.loc) {
        return keep_namespace(sys, p, namespace, old, to);
    }
    let top = Mount { ns: p.mnt_ns, root: from.loc.ino(), at: None, ..old };
    // What hangs below is looked for before the new one is there: it may be below itself.
    let below = if flags.recursive { mounts_under(sys, from.loc) } else { Vec::new() };
    if sys.mounts.of(p.mnt_ns).count() + below.len() >= MOST {
        return Err(Errno::ENOSPC);
    }
    let new = hang(sys, top, to)?;
    let mut moved = vec![(from.loc.mount, new)];
    for n in below {
        let Some(m) = sys.mounts.get(n).cloned() else { continue };
        let Some(at) = m.at.clone() else { continue };
        let Some(parent) = moved.iter().find(|(o, _)| *o == at.loc.mount).map(|(_, n)| *n) else { continue };
        let there = |l: Loc| Loc { mount: if l.mount == at.loc.mount { parent } else { l.mount }, ..l };
        let place = Place { loc: there(at.loc), dir: there(at.dir), name: at.name };
        let copy = sys.mounts.add(Mount { ns: p.mnt_ns, at: Some(place), ..m });
        moved.push((n, copy));
    }
    Ok(())
}

/// Mounts what stands for a namespace: it stays as long as the mount (`namespaces(7)`).
fn keep_namespace(
    sys: &mut System,
    p: &Process,
    namespace: (&'static str, u32),
    old: Mount,
    to: Place,
) -> Result<(), Errno> {
    let mut tree = Tree::new();
    let root = tree.add(Tree::ROOT, "ns", Inode::file(Vec::new(), 0o444))?;
    let fs = sys.add_fs(FsKind::Nsfs, tree);
    if let Some(f) = sys.filesystems.get_mut(&fs) {
        f.namespace = Some(namespace);
    }
    let mount =
        Mount { ns: p.mnt_ns, fs, root, at: None, source: "nsfs".to_owned(), nosuid: false, noexec: false, ..old };
    let hung = hang(sys, mount, to);
    if hung.is_err() {
        sys.filesystems.remove(&fs);
    }
    hung.map(drop)
}

/// The mounts below a directory, parents first.
fn mounts_under(sys: &System, top: Loc) -> Vec<u32> {
    let mut all = sys.mounts.below(top.mount);
    all.remove(0);
    let mut kept: Vec<u32> = Vec::new();
    for n in all {
        let Some(at) = sys.mounts.get(n).and_then(|m| m.at.as_ref()) else { continue };
        let inside = if at.loc.mount == top.mount {
            let mut dir = at.dir;
            loop {
                if dir.ino == top.ino || at.loc.ino == top.ino {
                    break true;
                }
                if dir.ino() == Tree::ROOT || dir.mount != top.mount {
                    break false;
                }
                let up = Loc { mount: dir.mount, ino: sys.parent_at(dir).0 };
                if up == dir {
                    break false;
                }
                dir = up;
            }
        } else {
            kept.contains(&at.loc.mount)
        };
        if inside {
            kept.push(n);
        }
    }
    kept
}

fn move_to(sys: &mut System, from: Loc, to: Place) -> Result<(), Errno> {
    if sys.mounts.get(from.mount).is_none_or(|m| m.root != from.ino() || m.at.is_none()) {
        return Err(Errno::EINVAL);
    }
    if sys.mounts.below(from.mount).contains(&to.loc.mount) {
        return Err(Errno::ELOOP);
    }
    sys.mounts.put(from.mount, Some(to));
    Ok(())
}

fn options(data: &str) -> impl Iterator<Item = (&str, &str)> {
    data.split(',').filter(|o| !o.is_empty()).map(|o| o.split_once('=').unwrap_or((o, "")))
}

fn tmpfs(cx: &mut Cx<'_>, data: &str) -> Result<FsId, Errno> {
    let mut root = (0o1777, 0, 0);
    let mut limit = None;
    for (name, value) in options(data) {
        match name {
            "mode" => root.0 = u32::from_str_radix(value, 8).map_err(|_| Errno::EINVAL)?,
            "uid" => root.1 = value.parse().map_err(|_| Errno::EINVAL)?,
            "gid" => root.2 = value.parse().map_err(|_| Errno::EINVAL)?,
            "size" => limit = Some(size(value).ok_or(Errno::EINVAL)?),
            "nr_inodes" | "nr_blocks" | "huge" | "rw" | "ro" => {}
            _ => return Err(Errno::EINVAL),
        }
    }
    let now = cx.sys.wall(cx.now());
    let mut tree = Tree::new();
    if let Some(r) = tree.get_mut(Tree::ROOT) {
        (r.mode, r.uid, r.gid, r.mtime) = (root.0, root.1, root.2, now);
    }
    let id = cx.sys.add_fs(FsKind::Tmpfs, tree);
    if let Some(f) = cx.sys.filesystems.get_mut(&id) {
        (f.auto, f.limit) = (true, limit);
    }
    Ok(id)
}

/// `64m`, `1g`, `50%` of memory.
fn size(text: &str) -> Option<u64> {
    if let Some(percent) = text.strip_suffix('%') {
        return Some(crate::calls::machine::MEMORY / 100 * percent.parse::<u64>().ok()?);
    }
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text.get(digits.len()..)? {
        "" => 1,
        "k" | "K" => 1 << 10,
        "m" | "M" => 1 << 20,
        "g" | "G" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// A union of directories: the lower ones' trees merged, and an upper directory that takes the changes.
fn overlay(sys: &mut System, p: &Process, data: &str) -> Result<FsId, Errno> {
    let find = |name: &str| options(data).find(|o| o.0 == name).map(|o| o.1);
    let lower = find("lowerdir").ok_or(Errno::EINVAL)?;
    let mut layers = Vec::new();
    // The first is the topmost.
    for path in lower.split(':').rev() {
        layers.push(directory(sys, p, path)?);
    }
    let upper = match (find("upperdir"), find("workdir")) {
        (Some(u), Some(w)) => {
            let (u, w) = (directory(sys, p, u)?, directory(sys, p, w)?);
            if u.0 != w.0 || u == w {
                return Err(Errno::EINVAL);
            }
            Some(u)
        }
        (None, _) => None,
        _ => return Err(Errno::EINVAL),
    };
    let mut lower = Tree::new();
    for (fs, ino) in &layers {
        let from = sys.filesystems.get(fs).map(|f| f.tree.clone()).ok_or(Errno::ENOENT)?;
        merge(&mut lower, &from, *ino)?;
    }
    let mut tree = lower.clone();
    if let Some((fs, ino)) = &upper {
        let from = sys.filesystems.get(fs).map(|f| f.tree.clone()).ok_or(Errno::ENOENT)?;
        merge(&mut tree, &from, *ino)?;
    }
    let id = sys.add_fs(FsKind::Overlay, tree.clone());
    if let Some(f) = sys.filesystems.get_mut(&id) {
        (f.auto, f.layers) = (true, data.to_owned());
        f.read_only = upper.is_none();
        f.upper = upper.map(|(fs, ino)| Upper { fs, ino, lower, seen: tree });
    }
    sys.overlays = true;
    Ok(id)
}

fn directory(sys: &System, p: &Process, path: &str) -> Result<(FsId, crate::vfs::Ino), Errno> {
    let loc = sys.resolve(p, path, true)?.loc.ok_or(Errno::ENOENT)?;
    let (fs, kind) = sys.fs_at(loc).ok_or(Errno::ENOENT)?;
    if !is_dir(sys, loc) || kind.is_generated() {
        return Err(Errno::ENOTDIR);
    }
    Ok((fs, loc.ino()))
}

pub(super) fn umount(cx: &mut Cx<'_>, target: &str, detach: bool) -> Result<(), Errno> {
    let p = privileged(cx)?.clone();
    let loc = cx.sys.resolve(&p, target, true)?.loc.ok_or(Errno::ENOENT)?;
    let m = cx.sys.mounts.get(loc.mount).ok_or(Errno::EINVAL)?;
    if m.root != loc.ino() || m.ns != p.mnt_ns {
        return Err(Errno::EINVAL);
    }
    let list = cx.sys.mounts.below(loc.mount);
    if !detach && (m.at.is_none() || list.len() > 1 || in_use(cx.sys, loc.mount)) {
        return Err(Errno::EBUSY);
    }
    for n in list.into_iter().rev() {
        cx.sys.remove_mount(n);
    }
    Ok(())
}

/// Whether a process stands in a mount or has a file of it open.
fn in_use(sys: &System, mount: u32) -> bool {
    let stands = |p: &Process| !p.is_zombie() && [p.cwd, p.root].iter().any(|l| l.mount == mount);
    sys.processes.values().any(stands)
        || sys
            .files
            .values()
            .any(|f| matches!(&f.kind, crate::file::FileKind::Inode { place, .. } if place.loc.mount == mount))
}

pub(super) fn pivot_root(cx: &mut Cx<'_>, new: &str, old: &str) -> Result<(), Errno> {
    let p = privileged(cx)?.clone();
    let new = cx.sys.resolve(&p, new, true)?.place()?;
    let old = cx.sys.resolve(&p, old, true)?.place()?;
    if !is_dir(cx.sys, new.loc) || !is_dir(cx.sys, old.loc) {
        return Err(Errno::ENOTDIR);
    }
    let (root, m) = (p.root, cx.sys.mounts.get(new.loc.mount).ok_or(Errno::EINVAL)?);
    // The new root has to be a mount, and the old one gets a place below it.
    if m.root != new.loc.ino() || m.at.is_none() || m.peers > 0 || new.loc.mount == root.mount {
        return Err(if new.loc.mount == root.mount { Errno::EBUSY } else { Errno::EINVAL });
    }
    if !cx.sys.mounts.below(new.loc.mount).contains(&old.loc.mount) {
        return Err(Errno::EINVAL);
    }
    if cx.sys.mounts.get(root.mount).is_none_or(|r| r.root != root.ino()) {
        return Err(Errno::EINVAL);
    }
    let above = cx.sys.mounts.get(root.mount).and_then(|r| r.at.clone());
    let same = old.loc == new.loc;
    cx.sys.mounts.put(new.loc.mount, above);
    // `pivot_root . .` stacks the old root upon the new one.
    let at = if same { Place { loc: new.loc, dir: new.loc, name: ".".into() } } else { old };
    cx.sys.mounts.put(root.mount, Some(at));
    if let Some(ns) = cx.sys.mnt_ns.get_mut(&p.mnt_ns)
        && ns.root == root.mount
    {
        ns.root = new.loc.mount;
    }
    for q in cx.sys.processes.values_mut().filter(|q| q.mnt_ns == p.mnt_ns) {
        if q.root == root {
            q.root = new.loc;
        }
        if q.cwd == root {
            q.cwd = new.loc;
        }
    }
    Ok(())
}

pub(super) fn chroot(cx: &mut Cx<'_>, path: &str) -> Result<(), Errno> {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let loc = cx.sys.resolve(p, path, true)?.loc.ok_or(Errno::ENOENT)?;
    if !is_dir(cx.sys, loc) {
        return Err(Errno::ENOTDIR);
    }
    if p.caps.effective & Cap::SysChroot.bit() == 0 {
        return Err(Errno::EPERM);
    }
    cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?.root = loc;
    Ok(())
}
