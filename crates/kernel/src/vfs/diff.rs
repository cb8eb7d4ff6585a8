//! What changed between two trees: layers, `docker diff`, the upper directories of overlays.

use std::rc::Rc;

use crate::sorted::{self, SortedSet};
use crate::syscall::FileType;
use crate::vfs::tree::{Ino, Inode, Node, Tree, parts};

/// How a path changed between two trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It, or something below it, has changed.
    Modified,
    /// It is gone.
    Deleted,
}

/// A changed path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    /// Absolute path.
    pub path: String,
    /// How.
    pub kind: ChangeKind,
    /// What is there now.
    pub inode: Option<Rc<Inode>>,
    /// Its number (hard links share it).
    pub ino: Option<Ino>,
    /// Whether the entry itself changed, not only something below it (a directory's).
    pub own: bool,
}

impl Inode {
    fn same_content(&self, o: &Self) -> bool {
        let node = match (&self.node, &o.node) {
            (Node::File(a), Node::File(b)) => Rc::ptr_eq(a, b) || a == b,
            (Node::Dir { .. }, Node::Dir { .. }) => true,
            (a, b) => a == b,
        };
        node && (self.mode, self.uid, self.gid) == (o.mode, o.uid, o.gid)
            && (matches!(self.node, Node::Dir { .. }) || self.mtime == o.mtime)
    }
}

impl Tree {
    /// What changed since `base`: sorted paths, directories before what is in them. Directories that
    /// only hold changes are told as modified, with `own` false.
    pub fn diff(&self, base: &Self) -> Vec<Change> {
        let mut out = Vec::new();
        if !self.is_same(base) {
            self.diff_dir(base, &mut out);
        }
        out
    }

    /// Directories of both trees with something changed in or below them; `None` where it is not known
    /// which these are. Costs the changes.
    fn touched(&self, base: &Self) -> Option<[SortedSet<Ino>; 2]> {
        let mut sets = [SortedSet::new(), SortedSet::new()];
        let mut known = true;
        self.inodes.changes(&base.inodes, &mut |ino, old, new| {
            for ((tree, inode), set) in [(base, old), (self, new)].into_iter().zip(&mut sets) {
                // It is not in this tree, or has no name any more.
                let Some(inode) = inode.filter(|i| i.nlink > 0) else { continue };
                let mut at = match (&inode.node, inode.dir.0) {
                    (Node::Dir { .. }, _) => ino,
                    (_, Some(dir)) if inode.nlink == 1 => dir,
                    _ => {
                        known = false;
                        continue;
                    }
                };
                while set.insert(at) && at != Self::ROOT {
                    at = tree.parent(at);
                }
            }
        });
        known.then_some(sets)
    }

    fn diff_dir(&self, base: &Self, out: &mut Vec<Change>) {
        enum Job {
            /// Compare a directory of both trees; the index of its own entry in `out`, if it has one.
            Both(String, Ino, Ino),
            Emit(Change),
            All(String, Ino),
        }
        let touched = self.touched(base);
        let mut stack = vec![Job::Both(String::new(), base_root(), base_root())];
        while let Some(job) = stack.pop() {
            match job {
                Job::Emit(c) => out.push(c),
                Job::All(path, ino) => {
                    let Some(inode) = self.get(ino) else { continue };
                    out.push(Change {
                        path: path.clone(),
                        kind: ChangeKind::Added,
                        inode: Some(inode.clone()),
                        ino: Some(ino),
                        own: true,
                    });
                    let below: Vec<_> = self.entries(ino).map(|(n, i)| Job::All(format!("{path}/{n}"), i)).collect();
                    stack.extend(below.into_iter().rev());
                }
                Job::Both(_, old_dir, new_dir)
                    if old_dir == new_dir
                        && touched.as_ref().is_some_and(|[a, b]| !a.contains(&old_dir) && !b.contains(&old_dir)) => {}
                Job::Both(path, old_dir, new_dir) => {
                    let mut names: Vec<&str> =
                        base.entries(old_dir).map(|e| e.0).chain(self.entries(new_dir).map(|e| e.0)).collect();
                    sorted::sort(&mut names);
                    names.dedup();
                    let mut jobs = Vec::new();
                    for name in names {
                        let p = format!("{path}/{name}");
                        let (old, new) = (base.child(old_dir, name), self.child(new_dir, name));
                        let (oi, ni) = (old.and_then(|i| base.get(i)), new.and_then(|i| self.get(i)));
                        match (oi, ni) {
                            (Some(_), None) => jobs.push(Job::Emit(Change {
                                path: p,
                                kind: ChangeKind::Deleted,
                                inode: None,
                                ino: None,
                                own: true,
                            })),
                            (None, Some(_)) => jobs.extend(new.map(|i| Job::All(p, i))),
                            (Some(a), Some(b)) => {
                                let dirs = matches!((&a.node, &b.node), (Node::Dir { .. }, Node::Dir { .. }));
                                let same = Rc::ptr_eq(a, b) || a.same_content(b);
                                if !same && !dirs && a.file_type() == FileType::Dir {
                                    // A directory became something else.
                                    jobs.push(Job::Emit(Change {
                                        path: p.clone(),
                                        kind: ChangeKind::Deleted,
                                        inode: None,
                                        ino: None,
                                        own: true,
                                    }));
                                    jobs.extend(new.map(|i| Job::All(p, i)));
                                    continue;
                                }
                                if !same && b.file_type() == FileType::Dir && !dirs {
                                    jobs.push(Job::Emit(Change {
                                        path: p.clone(),
                                        kind: ChangeKind::Deleted,
                                        inode: None,
                                        ino: None,
                                        own: true,
                                    }));
                                    jobs.extend(new.map(|i| Job::All(p, i)));
                                    continue;
                                }
                                if !same {
                                    jobs.push(Job::Emit(Change {
                                        path: p.clone(),
                                        kind: ChangeKind::Modified,
                                        inode: Some(b.clone()),
                                        ino: new,
                                        own: true,
                                    }));
                                }
                                if let (true, Some(o), Some(n)) = (dirs, old, new) {
                                    jobs.push(Job::Both(p, o, n));
                                }
                            }
                            (None, None) => {}
                        }
                    }
                    stack.extend(jobs.into_iter().rev());
                }
            }
        }
        with_parents(self, out);
    }
}

const fn base_root() -> Ino {
    Tree::ROOT
}

/// Adds the directories above changes, as containerd's diff and `docker diff` do.
fn with_parents(tree: &Tree, changes: &mut Vec<Change>) {
    let have: SortedSet<String> = changes.iter().map(|c| c.path.clone()).collect();
    let mut missing = SortedSet::new();
    for c in changes.iter() {
        let mut p = c.path.as_str();
        while let Some((up, _)) = p.rsplit_once('/') {
            if up.is_empty() || have.contains(up) || !missing.insert(up.to_owned()) {
                break;
            }
            p = up;
        }
    }
    for path in missing {
        let ino = tree.lookup(&path);
        let inode = ino.and_then(|i| tree.get(i)).cloned();
        changes.push(Change { path, kind: ChangeKind::Modified, inode, ino, own: false });
    }
    sorted::sort_by(changes, |a, b| parts(&a.path).cmp(parts(&b.path)));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a difference is by looking everywhere.
    fn slowly(new: &Tree, old: &Tree) -> Vec<(String, ChangeKind)> {
        let (a, b) = (old.walk(), new.walk());
        let find = |list: &[(String, Ino, Rc<Inode>)], p: &str| list.iter().find(|e| e.0 == p).map(|e| e.2.clone());
        let above = |p: &str, o: &str| o.strip_prefix(p).is_some_and(|rest| rest.starts_with('/'));
        let mut out: Vec<(String, ChangeKind)> = Vec::new();
        for (p, _, i) in &b {
            match find(&a, p) {
                None => out.push((p.clone(), ChangeKind::Added)),
                Some(o) if !o.same_content(i) => out.push((p.clone(), ChangeKind::Modified)),
                Some(_) => {}
            }
        }
        let gone: Vec<&String> = a.iter().map(|e| &e.0).filter(|p| find(&b, p).is_none()).collect();
        out.extend(
            gone.iter().filter(|p| !gone.iter().any(|o| above(o, p))).map(|p| ((*p).clone(), ChangeKind::Deleted)),
        );
        let changed: Vec<String> = out.iter().map(|c| c.0.clone()).collect();
        for (p, _, _) in &b {
            if !changed.contains(p) && changed.iter().any(|c| above(p, c)) {
                out.push((p.clone(), ChangeKind::Modified));
            }
        }
        sorted::sort_by(&mut out, |x, y| parts(&x.0).cmp(parts(&y.0)));
        out
    }

    /// Random changes: files written, linked, moved, removed; directories, too.
    #[test]
    fn a_difference_finds_all_without_looking_everywhere() {
        let mut n = 1_u64;
        let mut random = |below: u64| {
            n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (n >> 33) % below
        };
        let dir = |a: u64| format!("/d{}/e{}", a % 4, a % 3);
        let mut base = Tree::new();
        for a in 0..12 {
            for f in 0..4 {
                base.insert(&format!("{}/f{f}", dir(a)), Inode::file(format!("{f}"), 0o644)).ok();
            }
        }
        for _ in 0..300 {
            let mut t = base.clone();
            for step in 0..random(6) {
                let (from, to) = (format!("{}/f{}", dir(random(12)), random(5)), dir(random(12)));
                let ino = t.lookup(&from);
                match (random(7), ino) {
                    (0, _) => drop(t.insert(&from, Inode::file(format!("{step}!"), 0o644))),
                    (1, _) => t.remove_path(&from),
                    (2, Some(ino)) => {
                        if let Some(to) = t.lookup(&to) {
                            t.link(to, &format!("l{step}"), ino).ok();
                        }
                    }
                    (3, Some(ino)) => {
                        if let Some(i) = t.get_mut(ino) {
                            i.mode = 0o600;
                        }
                    }
                    (4, _) => t.remove_path(&to),
                    (5, Some(_)) => {
                        let (old, name) = from.rsplit_once('/').unwrap_or_default();
                        if let (Some(old), Some(to)) = (t.lookup(old), t.lookup(&to)) {
                            let name = name.to_owned();
                            t.rename(old, &name, to, &format!("m{step}"));
                        }
                    }
                    _ => {
                        if let (Some(top), Some(to)) = (t.lookup("/d1"), t.lookup("/d2"))
                            && t.child(to, "moved").is_none()
                        {
                            t.rename(top, "e1", to, "moved");
                        }
                    }
                }
            }
            let fast: Vec<(String, ChangeKind)> = t.diff(&base).into_iter().map(|c| (c.path, c.kind)).collect();
            assert_eq!(fast, slowly(&t, &base));
            if random(4) == 0 {
                base = t;
            }
        }
    }
}
