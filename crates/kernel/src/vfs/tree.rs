//! A tree of inodes as a value: clones share everything until one of them is written.

use std::rc::Rc;

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
    /// `/dev/kmsg`: the kernel's messages.
    Kmsg,
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
            Self::Kmsg => (1, 11),
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
            Self::Kmsg => "kmsg".to_owned(),
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
            (1, 11) => Self::Kmsg,
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
    /// When the content changed: seconds since 1970 and nanoseconds.
    pub mtime: (i64, u32),
    /// When it was read; `None`: not since it was written.
    pub atime: Option<(i64, u32)>,
    /// When owner, mode or names changed; `None`: not since it was written.
    pub ctime: Option<(i64, u32)>,
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
pub struct Above(pub(super) Option<Ino>);

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
        Self {
            node,
            mode,
            uid: 0,
            gid: 0,
            mtime: (0, 0),
            atime: None,
            ctime: None,
            nlink: 1,
            nominal: None,
            dir: Above(None),
        }
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
    /// Its content changes: the time of the last reading stays what it was.
    pub(crate) fn written(&mut self, now: (i64, u32)) {
        self.atime.get_or_insert(self.mtime);
        (self.mtime, self.ctime) = (now, None);
    }
    /// Whether reading it now sets the time of reading (mount(8) `relatime`).
    pub(crate) fn notes_reading(&self, now: (i64, u32)) -> bool {
        let read = self.atime.unwrap_or(self.mtime);
        read <= self.mtime.max(self.ctime.unwrap_or(self.mtime)) && read < now || now.0 - read.0 >= 86_400
    }
    /// Bytes that it stands for.
    pub fn nominal_size(&self) -> u64 {
        self.nominal.unwrap_or_else(|| self.size())
    }
}

/// A tree of inodes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tree {
    pub(super) inodes: Inodes,
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

    /// The first name that an inode has in a directory.
    pub fn name_of(&self, dir: Ino, ino: Ino) -> Option<&str> {
        match self.get(dir).map(|i| &i.node) {
            Some(Node::Dir { entries, .. }) => entries.name_of(ino),
            _ => None,
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
