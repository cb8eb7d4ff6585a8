//! Paths to places (`path_resolution(7)`).

use crate::errno::Errno;
use crate::process::Process;
use crate::syscall::FileType;
use crate::system::System;
use crate::vfs::{FsId, Ino, Inode, Loc, Node, Tree, tree::parts};

/// Where a path leads.
#[derive(Clone, Debug)]
pub struct Found {
    /// What is there, if anything.
    pub loc: Option<Loc>,
    /// The directory that the last name is in.
    pub parent: Loc,
    /// The last name; `.` where the path ends at a directory that is not named (`/`, `..`).
    pub name: String,
    /// The path ended with a slash: it must be a directory.
    pub must_be_dir: bool,
}

/// Links followed in one path at most.
const MAX_LINKS: u32 = 40;

/// Whether a process may read, write, execute (search) an inode.
pub fn may(p: &Process, inode: &Inode, read: bool, write: bool, exec: bool) -> bool {
    if p.uid == 0 {
        return !exec || inode.mode & 0o111 != 0 || inode.file_type() == FileType::Dir;
    }
    let shift = if p.uid == inode.uid {
        6
    } else if p.gid == inode.gid || p.groups.contains(&inode.gid) {
        3
    } else {
        0
    };
    let bits = inode.mode >> shift;
    (!read || bits & 4 != 0) && (!write || bits & 2 != 0) && (!exec || bits & 1 != 0)
}

impl System {
    /// The tree that a place is in.
    pub fn tree_of(&self, p: &Process, loc: Loc) -> Option<(&Tree, FsId, bool)> {
        let m = self.mnt_ns.get(&p.mnt_ns)?.get(loc.mount)?;
        Some((&self.filesystems.get(&m.fs)?.tree, m.fs, m.read_only))
    }

    /// The inode at a place.
    pub fn inode_at(&self, p: &Process, loc: Loc) -> Option<&Inode> {
        self.tree_of(p, loc)?.0.get(loc.ino()).map(std::rc::Rc::as_ref)
    }

    fn cross(&self, p: &Process, mut loc: Loc) -> Loc {
        if let Some(ns) = self.mnt_ns.get(&p.mnt_ns) {
            while let Some(m) = ns.mounted_at(loc) {
                let Some(mount) = ns.get(m) else { break };
                loc = Loc { mount: m, ino: mount.root.0 };
            }
        }
        loc
    }

    fn up(&self, p: &Process, mut loc: Loc) -> Loc {
        let Some(ns) = self.mnt_ns.get(&p.mnt_ns) else { return loc };
        loop {
            if loc == p.root {
                return loc;
            }
            let Some(m) = ns.get(loc.mount) else { return loc };
            if loc.ino() == m.root {
                match m.at {
                    Some(at) => loc = at,
                    None => return loc,
                }
                continue;
            }
            let Some((tree, ..)) = self.tree_of(p, loc) else { return loc };
            return self.cross(p, Loc { mount: loc.mount, ino: tree.parent(loc.ino()).0 });
        }
    }

    /// Follows a path from the process's root or working directory.
    pub fn resolve(&self, p: &Process, path: &str, follow: bool) -> Result<Found, Errno> {
        self.resolve_from(p, p.cwd, path, follow)
    }

    fn resolve_from(&self, p: &Process, cwd: Loc, path: &str, follow: bool) -> Result<Found, Errno> {
        if path.is_empty() {
            return Err(Errno::ENOENT);
        }
        if path.len() >= 4096 {
            return Err(Errno::ENAMETOOLONG);
        }
        let must_be_dir = path.ends_with('/') || path.ends_with("/.");
        let mut cur = if path.starts_with('/') { p.root } else { cwd };
        let mut rest: Vec<String> = parts(path).rev().map(str::to_owned).collect();
        let mut links = 0;
        while let Some(name) = rest.pop() {
            let inode = self.inode_at(p, cur).ok_or(Errno::ENOENT)?;
            if inode.file_type() != FileType::Dir {
                return Err(Errno::ENOTDIR);
            }
            if !may(p, inode, false, false, true) {
                return Err(Errno::EACCES);
            }
            if name == ".." {
                cur = self.up(p, cur);
                continue;
            }
            if name.len() > 255 {
                return Err(Errno::ENAMETOOLONG);
            }
            let child = self.tree_of(p, cur).and_then(|(t, ..)| t.child(cur.ino(), &name));
            let Some(ino) = child else {
                if rest.is_empty() {
                    return Ok(Found { loc: None, parent: cur, name, must_be_dir });
                }
                return Err(Errno::ENOENT);
            };
            let loc = self.cross(p, Loc { mount: cur.mount, ino: ino.0 });
            if let Some(Inode { node: Node::Symlink(target), .. }) = self.inode_at(p, loc)
                && (!rest.is_empty() || follow || must_be_dir)
            {
                links += 1;
                if links > MAX_LINKS {
                    return Err(Errno::ELOOP);
                }
                if target.is_empty() {
                    return Err(Errno::ENOENT);
                }
                if target.starts_with('/') {
                    cur = p.root;
                }
                rest.extend(parts(target).rev().map(str::to_owned));
                continue;
            }
            if rest.is_empty() {
                if must_be_dir && self.inode_at(p, loc).is_some_and(|i| i.file_type() != FileType::Dir) {
                    return Err(Errno::ENOTDIR);
                }
                return Ok(Found { loc: Some(loc), parent: cur, name, must_be_dir });
            }
            cur = loc;
        }
        Ok(Found { loc: Some(cur), parent: cur, name: ".".to_owned(), must_be_dir })
    }

    /// The absolute path of a place, as seen from the process's root.
    pub fn path_of(&self, p: &Process, mut loc: Loc) -> Option<String> {
        let mut names: Vec<String> = Vec::new();
        let ns = self.mnt_ns.get(&p.mnt_ns)?;
        while loc != p.root {
            let m = ns.get(loc.mount)?;
            if loc.ino() == m.root {
                match m.at {
                    Some(at) => {
                        loc = at;
                        continue;
                    }
                    None => break,
                }
            }
            let (tree, ..) = self.tree_of(p, loc)?;
            let up = tree.parent(loc.ino());
            let name = tree.entries(up).find(|(_, i)| *i == loc.ino())?.0.clone();
            names.push(name);
            loc = Loc { mount: loc.mount, ino: up.0 };
        }
        names.reverse();
        Some(format!("/{}", names.join("/")))
    }

    /// A new mount namespace: a root file system and mounts; missing mount points are made.
    pub fn mount_namespace(
        &mut self,
        root: FsId,
        read_only: bool,
        specs: &[crate::syscall::MountSpec],
    ) -> Result<crate::syscall::MntNsId, Errno> {
        use crate::vfs::{Mount, MountNs};
        let id = crate::syscall::MntNsId(self.next_ns);
        self.next_ns += 1;
        if !self.filesystems.contains_key(&root) {
            return Err(Errno::EINVAL);
        }
        let first = Mount { fs: root, root: Tree::ROOT, at: None, path: "/".to_owned(), read_only };
        self.mnt_ns.insert(id, MountNs { mounts: vec![first] });
        for s in specs {
            if let Err(e) = self.mount_into(id, s) {
                self.mnt_ns.remove(&id);
                return Err(e);
            }
        }
        Ok(id)
    }

    pub(crate) fn mount_into(
        &mut self,
        ns: crate::syscall::MntNsId,
        s: &crate::syscall::MountSpec,
    ) -> Result<(), Errno> {
        let source = self.filesystems.get(&s.fs).ok_or(Errno::EINVAL)?.tree.lookup(&s.source).ok_or(Errno::ENOENT)?;
        let source_is_dir = self
            .filesystems
            .get(&s.fs)
            .and_then(|f| f.tree.get(source))
            .is_some_and(|i| i.file_type() == FileType::Dir);
        let mut walker = Process::nobody(ns);
        walker.uid = 0;
        // Make the mount point, directory by directory.
        let names: Vec<&str> = parts(&s.target).collect();
        let mut at = String::new();
        for (i, name) in names.iter().enumerate() {
            at.push('/');
            at.push_str(name);
            let found = self.resolve(&walker, &at, true)?;
            if found.loc.is_none() {
                let fs = self.tree_of(&walker, found.parent).ok_or(Errno::ENOENT)?.1;
                let is_dir = i + 1 < names.len() || source_is_dir;
                let inode = if is_dir { Inode::dir(0o755) } else { Inode::file(Vec::new(), 0o644) };
                self.filesystems.get_mut(&fs).ok_or(Errno::EINVAL)?.tree.add(
                    Ino(found.parent.ino),
                    &found.name,
                    inode,
                )?;
            }
        }
        let loc = self.resolve(&walker, &s.target, true)?.loc.ok_or(Errno::ENOENT)?;
        let target_is_dir = self.inode_at(&walker, loc).is_some_and(|i| i.file_type() == FileType::Dir);
        if target_is_dir != source_is_dir {
            return Err(Errno::ENOTDIR);
        }
        let mount =
            crate::vfs::Mount { fs: s.fs, root: source, at: Some(loc), path: s.target.clone(), read_only: s.read_only };
        if let Some(ns) = self.mnt_ns.get_mut(&ns) {
            ns.mounts.push(mount);
        }
        Ok(())
    }
}
