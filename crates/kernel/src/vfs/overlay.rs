//! `mount -t overlay`: directories merged into one tree, and an upper directory that takes what changes
//! (Documentation/filesystems/overlayfs.rst). A removed name is a character device 0:0 there.

use std::rc::Rc;

use crate::errno::Errno;
use crate::system::System;
use crate::vfs::{ChangeKind, Dev, FsId, Ino, Inode, Node, Tree, parts};

/// The upper directory of an overlay.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Upper {
    /// Its file system.
    pub fs: FsId,
    /// Its inode.
    pub ino: Ino,
    /// The lower directories merged.
    pub lower: Tree,
    /// The overlay's tree when the upper directory was last brought up to date.
    pub seen: Tree,
}

fn is_whiteout(i: &Inode) -> bool {
    matches!(i.node, Node::Char(Dev::Other(0, 0)))
}

/// Lays what is below a directory over a tree.
pub(crate) fn merge(into: &mut Tree, from: &Tree, dir: Ino) -> Result<(), Errno> {
    if let (Some(top), Some(root)) = (from.get(dir), into.get_mut(Tree::ROOT)) {
        (root.mode, root.uid, root.gid, root.mtime) = (top.mode, top.uid, top.gid, top.mtime);
    }
    let mut stack = vec![(String::new(), dir)];
    while let Some((path, at)) = stack.pop() {
        for (name, ino) in from.entries(at) {
            let (Some(inode), to) = (from.get(ino), format!("{path}/{name}")) else { continue };
            if is_whiteout(inode) {
                into.remove_path(&to);
                continue;
            }
            let mut copy = Inode { nlink: 1, ..inode.as_ref().clone() };
            if let Node::Dir { entries, .. } = &mut copy.node {
                entries.clear();
                stack.push((to.clone(), ino));
            }
            into.insert(&to, copy)?;
        }
    }
    Ok(())
}

/// The directory at a path below another one; made like the overlay's where it is missing.
fn make_dirs(tree: &mut Tree, top: Ino, overlay: &Tree, path: &str) -> Result<Ino, Errno> {
    let (mut at, mut walked) = (top, String::new());
    for name in parts(path) {
        walked = format!("{walked}/{name}");
        at = match tree.child(at, name) {
            Some(i) if tree.get(i).is_some_and(|i| matches!(i.node, Node::Dir { .. })) => i,
            found => {
                if found.is_some() {
                    tree.remove(at, name, false);
                }
                let like = overlay.at(&walked);
                let mut dir = Inode::dir(0o755);
                if let Some(l) = like {
                    (dir.mode, dir.uid, dir.gid, dir.mtime) = (l.mode, l.uid, l.gid, l.mtime);
                }
                tree.add(at, name, dir)?
            }
        };
    }
    Ok(at)
}

impl System {
    /// Brings the upper directories of overlays up to date.
    pub(crate) fn sync_overlays(&mut self) {
        let due: Vec<FsId> = self
            .filesystems
            .iter()
            .filter(|(_, f)| f.upper.as_ref().is_some_and(|u| !u.seen.is_same(&f.tree)))
            .map(|(id, _)| *id)
            .collect();
        for id in due {
            let Some(f) = self.filesystems.get_mut(&id) else { continue };
            let tree = f.tree.clone();
            let Some(upper) = &mut f.upper else { continue };
            let old = std::mem::replace(&mut upper.seen, tree.clone());
            let (to, top, lower) = (upper.fs, upper.ino, upper.lower.clone());
            if let Some(target) = self.filesystems.get_mut(&to) {
                // What cannot be put there was refused before: it is the same disk.
                let _ = apply(&mut target.tree, top, &tree, &old, &lower);
            }
        }
    }
}

fn apply(upper: &mut Tree, top: Ino, tree: &Tree, old: &Tree, lower: &Tree) -> Result<(), Errno> {
    for c in tree.diff(old).into_iter().filter(|c| c.own) {
        let (dir, name) = c.path.rsplit_once('/').unwrap_or(("", &c.path));
        let dir = make_dirs(upper, top, tree, dir)?;
        match (c.kind, c.inode) {
            (ChangeKind::Deleted, _) | (_, None) => {
                remove_all(upper, dir, name);
                if lower.lookup(&c.path).is_some() {
                    upper.add(dir, name, Inode::new(Node::Char(Dev::Other(0, 0)), 0o000))?;
                }
            }
            (_, Some(inode)) => put(upper, dir, name, &inode)?,
        }
    }
    Ok(())
}

fn remove_all(tree: &mut Tree, dir: Ino, name: &str) {
    let Some(ino) = tree.child(dir, name) else { return };
    let mut all = vec![(dir, name.to_owned())];
    let mut below = vec![ino];
    while let Some(i) = below.pop() {
        let entries: Vec<(String, Ino)> = tree.entries(i).map(|(n, c)| (n.to_owned(), c)).collect();
        for (n, c) in entries {
            all.push((i, n));
            below.push(c);
        }
    }
    for (d, n) in all.into_iter().rev() {
        tree.remove(d, &n, false);
    }
}

fn put(tree: &mut Tree, dir: Ino, name: &str, inode: &Rc<Inode>) -> Result<(), Errno> {
    let mut copy = Inode { nlink: 1, ..inode.as_ref().clone() };
    if let Node::Dir { entries, .. } = &mut copy.node {
        if let Some(old) = tree.child(dir, name)
            && let Some(i) = tree.get_mut(old).filter(|i| matches!(i.node, Node::Dir { .. }))
        {
            (i.mode, i.uid, i.gid, i.mtime) = (copy.mode, copy.uid, copy.gid, copy.mtime);
            return Ok(());
        }
        entries.clear();
    }
    remove_all(tree, dir, name);
    tree.add(dir, name, copy).map(drop)
}
