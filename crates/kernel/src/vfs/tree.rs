//! A tree of inodes as a value: clones share everything until one of them is written.

use std::rc::Rc;

use crate::sorted::SortedSet;
use crate::syscall::FileType;
use crate::vfs::names::Names;
use crate::vfs::table::Inodes;
use crate::{Bytes, Errno};

/// An inode's number within its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ino(pub u64);

/// A device that the kernel knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dev {
    /// `/dev/null`.
    Null,
    /// `/dev/zero`.
    Zero,
    /// `/dev/full`.
    Full,
    /// `/dev/random` and `/dev/urandom`.
    Random,
    /// `/dev/tty`: the process's terminal.
    Tty,
    /// A terminal by number.
    Pts(u32),
    /// Any other numbers: can be made and copied, not opened.
    Other(u32, u32),
}

impl Dev {
    /// Major and minor number.
    pub fn numbers(self) -> (u32, u32) {
        match self {
            Self::Null => (1, 3),
            Self::Zero => (1, 5),
            Self::Full => (1, 7),
            Self::Random => (1, 9),
            Self::Tty => (5, 0),
            Self::Pts(n) => (136, n),
            Self::Other(a, b) => (a, b),
        }
    }
    /// Its name in `/dev`.
    pub fn name(self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Zero => "zero".to_owned(),
            Self::Full => "full".to_owned(),
            Self::Random => "urandom".to_owned(),
            Self::Tty => "tty".to_owned(),
            Self::Pts(n) => format!("pts/{n}"),
            Self::Other(a, b) => format!("char/{a}:{b}"),
        }
    }
    /// The device with these numbers.
    pub fn from_numbers(major: u32, minor: u32) -> Self {
        match (major, minor) {
            (1, 3) => Self::Null,
            (1, 5) => Self::Zero,
            (1, 7) => Self::Full,
            (1, 8 | 9) => Self::Random,
            (5, 0) => Self::Tty,
            (136, n) => Self::Pts(n),
            (a, b) => Self::Other(a, b),
        }
    }
}

/// What an inode is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// A file's bytes.
    File(Bytes),
    /// A directory's names, and the directory above (its own number at the root).
    Dir {
        /// Names to inodes.
        entries: Names,
        /// The directory above.
        parent: Ino,
    },
    /// What a symbolic link says.
    Symlink(String),
    /// A character device.
    Char(Dev),
    /// A block device.
    Block(u32, u32),
    /// A named pipe.
    Fifo,
    /// A socket's place.
    Socket,
}

/// An inode.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Inode {
    /// What it is.
    pub node: Node,
    /// Permission bits (`07777`).
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Seconds since 1970 and nanoseconds.
    pub mtime: (i64, u32),
    /// Hard links.
    pub nlink: u32,
    /// Bytes of the real software that it stands for, where they differ.
    pub nominal: Option<u64>,
    /// Where its name is.
    pub dir: Above,
}

/// A directory that has a name of an inode, where that is known: so that a difference need not look
/// everywhere. [`Tree`] keeps it; inodes that differ in nothing else are equal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Above(Option<Ino>);

impl PartialEq for Above {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Above {}

impl std::hash::Hash for Above {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

impl Inode {
    /// An inode with root as owner.
    pub fn new(node: Node, mode: u32) -> Self {
        Self { node, mode, uid: 0, gid: 0, mtime: (0, 0), nlink: 1, nominal: None, dir: Above(None) }
    }
    /// A file.
    pub fn file(content: impl Into<Vec<u8>>, mode: u32) -> Self {
        Self::new(Node::File(Rc::new(content.into())), mode)
    }
    /// A symbolic link.
    pub fn symlink(target: impl Into<String>) -> Self {
        Self::new(Node::Symlink(target.into()), 0o777)
    }
    /// An empty directory; [`Tree::insert`] sets where it hangs.
    pub fn dir(mode: u32) -> Self {
        Self::new(Node::Dir { entries: Names::default(), parent: Ino(0) }, mode)
    }
    /// With an owner.
    pub fn owned(self, uid: u32, gid: u32) -> Self {
        Self { uid, gid, ..self }
    }
    /// What kind it is.
    pub fn file_type(&self) -> FileType {
        match self.node {
            Node::File(_) => FileType::File,
            Node::Dir { .. } => FileType::Dir,
            Node::Symlink(_) => FileType::Symlink,
            Node::Char(_) => FileType::Char,
            Node::Block(..) => FileType::Block,
            Node::Fifo => FileType::Fifo,
            Node::Socket => FileType::Socket,
        }
    }
    /// Bytes here.
    pub fn size(&self) -> u64 {
        match &self.node {
            Node::File(b) => b.len() as u64,
            Node::Symlink(t) => t.len() as u64,
            Node::Dir { .. } => 4096,
            _ => 0,
        }
    }
    /// Bytes that it stands for.
    pub fn nominal_size(&self) -> u64 {
        self.nominal.unwrap_or_else(|| self.size())
    }
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

/// A tree of inodes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tree {
    inodes: Inodes,
    next: u64,
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

/// Splits a path into its parts, `.` and empty ones left out.
pub fn parts(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/').filter(|p| !p.is_empty() && *p != ".")
}

impl Tree {
    /// The root's number.
    pub const ROOT: Ino = Ino(1);

    /// An empty root directory, mode 755.
    pub fn new() -> Self {
        let mut root = Inode::dir(0o755);
        root.node = Node::Dir { entries: Names::default(), parent: Self::ROOT };
        root.nlink = 2;
        let mut inodes = Inodes::new();
        inodes.insert(Self::ROOT, Rc::new(root));
        Self { inodes, next: 2 }
    }

    /// All inodes.
    pub(crate) fn inodes(&self) -> &Inodes {
        &self.inodes
    }

    /// The number that the next inode gets.
    pub(crate) fn next_ino(&self) -> u64 {
        self.next
    }

    /// Whether it is another's copy that nothing was changed in.
    pub fn is_same(&self, o: &Self) -> bool {
        self.inodes.is_same(&o.inodes)
    }

    /// An inode.
    pub fn get(&self, ino: Ino) -> Option<&Rc<Inode>> {
        self.inodes.get(ino)
    }

    /// An inode to change.
    pub fn get_mut(&mut self, ino: Ino) -> Option<&mut Inode> {
        self.inodes.get_mut(ino)
    }

    /// A name in a directory.
    pub fn child(&self, dir: Ino, name: &str) -> Option<Ino> {
        match &self.get(dir)?.node {
            Node::Dir { entries, .. } => entries.get(name),
            _ => None,
        }
    }

    /// A directory's names, in order.
    pub fn entries(&self, dir: Ino) -> std::vec::IntoIter<(&str, Ino)> {
        match self.get(dir).map(|i| &i.node) {
            Some(Node::Dir { entries, .. }) => entries.iter(),
            _ => Vec::new().into_iter(),
        }
    }

    /// Whether nothing is in a directory.
    pub fn is_empty(&self, dir: Ino) -> bool {
        !matches!(self.get(dir).map(|i| &i.node), Some(Node::Dir { entries, .. }) if !entries.is_empty())
    }

    /// The directory above.
    pub fn parent(&self, dir: Ino) -> Ino {
        match self.get(dir).map(|i| &i.node) {
            Some(Node::Dir { parent, .. }) => *parent,
            _ => Self::ROOT,
        }
    }

    /// Puts a new inode into a directory under a free name.
    pub fn add(&mut self, dir: Ino, name: &str, mut inode: Inode) -> Result<Ino, Errno> {
        if self.child(dir, name).is_some() {
            return Err(Errno::EEXIST);
        }
        let ino = Ino(self.next);
        let is_dir = matches!(inode.node, Node::Dir { .. });
        inode.dir = Above(Some(dir));
        if let Node::Dir { parent, .. } = &mut inode.node {
            *parent = dir;
            inode.nlink = 2;
        }
        match self.get_mut(dir).map(|d| (&mut d.node, &mut d.nlink)) {
            Some((Node::Dir { entries, .. }, nlink)) => {
                entries.insert(name, ino);
                *nlink += u32::from(is_dir);
            }
            _ => return Err(Errno::ENOTDIR),
        }
        self.next += 1;
        self.inodes.insert(ino, Rc::new(inode));
        Ok(ino)
    }

    /// Another name for an inode that is no directory.
    pub fn link(&mut self, dir: Ino, name: &str, ino: Ino) -> Result<(), Errno> {
        if self.child(dir, name).is_some() {
            return Err(Errno::EEXIST);
        }
        match self.get_mut(ino) {
            Some(Inode { node: Node::Dir { .. }, .. }) => return Err(Errno::EPERM),
            Some(i) => i.nlink += 1,
            None => return Err(Errno::ENOENT),
        }
        self.attach(dir, name, ino);
        Ok(())
    }

    fn attach(&mut self, dir: Ino, name: &str, ino: Ino) {
        let is_dir = matches!(self.get(ino).map(|i| &i.node), Some(Node::Dir { .. }));
        if let Some(d) = self.get_mut(dir) {
            d.nlink += u32::from(is_dir);
            if let Node::Dir { entries, .. } = &mut d.node {
                entries.insert(name, ino);
            }
        }
        let Some(inode) = self.get_mut(ino) else { return };
        inode.dir = Above(Some(dir));
        if let Node::Dir { parent, .. } = &mut inode.node {
            *parent = dir;
        }
    }

    fn detach(&mut self, dir: Ino, name: &str) -> Option<Ino> {
        let ino = self.child(dir, name)?;
        let is_dir = matches!(self.get(ino).map(|i| &i.node), Some(Node::Dir { .. }));
        if let Some(d) = self.get_mut(dir) {
            d.nlink -= u32::from(is_dir);
            if let Node::Dir { entries, .. } = &mut d.node {
                entries.remove(name);
            }
        }
        Some(ino)
    }

    /// Takes a name away. The inode stays while `keep` says so (it is open) or other names have it.
    pub fn remove(&mut self, dir: Ino, name: &str, keep: bool) -> Option<Ino> {
        let ino = self.detach(dir, name)?;
        let gone = match self.get_mut(ino) {
            Some(i) => {
                i.nlink = if matches!(i.node, Node::Dir { .. }) { 0 } else { i.nlink.saturating_sub(1) };
                // Where its other names are is not known.
                i.dir = Above(None);
                i.nlink == 0
            }
            None => false,
        };
        if gone && !keep {
            self.forget(ino);
        }
        Some(ino)
    }

    /// Drops an inode that has no name any more.
    pub fn forget(&mut self, ino: Ino) {
        self.inodes.remove(ino);
    }

    /// Moves a name; the target name must be free.
    pub fn rename(&mut self, dir: Ino, name: &str, to_dir: Ino, to_name: &str) {
        if let Some(ino) = self.detach(dir, name) {
            self.attach(to_dir, to_name, ino);
        }
    }

    /// Finds a path from the root; links are not followed.
    pub fn lookup(&self, path: &str) -> Option<Ino> {
        let mut at = Self::ROOT;
        for p in parts(path) {
            at = if p == ".." { self.parent(at) } else { self.child(at, p)? };
        }
        Some(at)
    }

    /// The inode at a path from the root; links are not followed.
    pub fn at(&self, path: &str) -> Option<&Rc<Inode>> {
        self.get(self.lookup(path)?)
    }

    /// A file's bytes by path; links are not followed.
    pub fn read(&self, path: &str) -> Option<Bytes> {
        match &self.at(path)?.node {
            Node::File(b) => Some(b.clone()),
            _ => None,
        }
    }

    /// Makes a directory and those above it (mode 755, root's) where they are missing.
    pub fn mkdir_all(&mut self, path: &str) -> Result<Ino, Errno> {
        let mut at = Self::ROOT;
        for p in parts(path) {
            at = match self.child(at, p) {
                Some(next) => next,
                None => self.add(at, p, Inode::dir(0o755))?,
            };
            if !matches!(self.get(at).map(|i| &i.node), Some(Node::Dir { .. })) {
                return Err(Errno::ENOTDIR);
            }
        }
        Ok(at)
    }

    /// Puts an inode at a path; missing directories are made. A file that is there is replaced; a
    /// directory put on a directory keeps what is in it and takes the new owner, mode and time.
    pub fn insert(&mut self, path: &str, inode: Inode) -> Result<Ino, Errno> {
        let (dir, name) = path.trim_end_matches('/').rsplit_once('/').unwrap_or(("", path));
        let both_dirs = |old: &Inode| matches!((&old.node, &inode.node), (Node::Dir { .. }, Node::Dir { .. }));
        if let Some(ino) = self.lookup(path) {
            if self.get(ino).is_some_and(|i| both_dirs(i)) {
                if let Some(i) = self.get_mut(ino) {
                    (i.mode, i.uid, i.gid, i.mtime) = (inode.mode, inode.uid, inode.gid, inode.mtime);
                }
                return Ok(ino);
            }
            self.remove_path(path);
        }
        let dir = self.mkdir_all(dir)?;
        self.add(dir, name, inode)
    }

    /// Removes a path with all below it. Nothing happens where there is none, or at the root.
    pub fn remove_path(&mut self, path: &str) {
        let Some(ino) = self.lookup(path) else { return };
        if ino == Self::ROOT {
            return;
        }
        let (dir, name) = path.trim_end_matches('/').rsplit_once('/').unwrap_or(("", path));
        let Some(dir) = self.lookup(dir) else { return };
        let mut below = vec![ino];
        let mut all = Vec::new();
        while let Some(i) = below.pop() {
            for (n, c) in self.entries(i) {
                all.push((i, n.to_owned()));
                below.push(c);
            }
        }
        for (d, n) in all.into_iter().rev() {
            self.remove(d, &n, false);
        }
        self.remove(dir, name, false);
    }

    /// Every path below the root with its inode, directories before what is in them, names sorted.
    pub fn walk(&self) -> Vec<(String, Ino, Rc<Inode>)> {
        self.walk_from("/")
    }

    /// Every path below a directory, relative to it (with a leading slash), in the same order.
    pub fn walk_from(&self, dir: &str) -> Vec<(String, Ino, Rc<Inode>)> {
        let mut out = Vec::new();
        let Some(top) = self.lookup(dir) else { return out };
        let mut stack = vec![(String::new(), top)];
        while let Some((path, ino)) = stack.pop() {
            let Some(inode) = self.get(ino) else { continue };
            if ino != top {
                out.push((path.clone(), ino, inode.clone()));
            }
            if let Node::Dir { entries, .. } = &inode.node {
                stack.extend(entries.iter().rev().map(|(n, i)| (format!("{path}/{n}"), i)));
            }
        }
        out
    }

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
                    names.sort();
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

    /// Bytes that all files stand for; hard links count once.
    pub fn nominal_size(&self) -> u64 {
        let mut sum = 0;
        self.inodes.each(&mut |_, i| sum += if matches!(i.node, Node::File(_)) { i.nominal_size() } else { 0 });
        sum
    }

    /// Bytes of all files here; hard links count once.
    pub fn real_size(&self) -> u64 {
        let mut sum = 0;
        self.inodes.each(&mut |_, i| sum += if let Node::File(b) = &i.node { b.len() as u64 } else { 0 });
        sum
    }
}

const fn base_root() -> Ino {
    Tree::ROOT
}

/// Adds the directories above changes, as containerd's diff and `docker diff` do.
fn with_parents(tree: &Tree, changes: &mut Vec<Change>) {
    let have: std::collections::BTreeSet<String> = changes.iter().map(|c| c.path.clone()).collect();
    let mut missing = std::collections::BTreeSet::new();
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
    changes.sort_by(|a, b| parts(&a.path).cmp(parts(&b.path)));
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
        out.sort_by(|x, y| parts(&x.0).cmp(parts(&y.0)));
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
