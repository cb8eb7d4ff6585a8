//! Paths to places (`path_resolution(7)`).

use std::rc::Rc;

use crate::errno::Errno;
use crate::process::{Cap, Process};
use crate::syscall::{FileType, MntNsId};
use crate::system::System;
use crate::vfs::special::Magic;
use crate::vfs::{FsId, FsKind, Ino, Inode, Loc, Mount, MountNs, Node, Place, Tree, tree::parts};

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

impl Found {
    /// What is there.
    pub fn place(self) -> Result<Place, Errno> {
        Ok(Place { loc: self.loc.ok_or(Errno::ENOENT)?, dir: self.parent, name: self.name.into() })
    }
}

/// Links followed in one path at most.
const MAX_LINKS: u32 = 40;

/// Whether a process may read, write, execute (search) an inode.
pub fn may(p: &Process, inode: &Inode, read: bool, write: bool, exec: bool) -> bool {
    // capabilities(7): DAC_OVERRIDE is beyond all bits but execution of what nobody may execute.
    let over = |cap: Cap| p.caps.effective & cap.bit() != 0 && p.rules(inode.uid, inode.gid);
    if over(Cap::DacOverride) && (!exec || inode.mode & 0o111 != 0 || inode.file_type() == FileType::Dir) {
        return true;
    }
    if over(Cap::DacReadSearch) && !write && (!exec || inode.file_type() == FileType::Dir) {
        return true;
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
    /// A namespace's root.
    pub fn root_of(&self, ns: MntNsId) -> Loc {
        let mount = self.mnt_ns.get(&ns).map_or(0, |n| n.root);
        Loc { mount, ino: self.mounts.get(mount).map_or(Tree::ROOT, |m| m.root).0 }
    }

    /// Root's view of a mount namespace: a process that exists for nobody.
    pub fn walker(&self, ns: MntNsId) -> Process {
        let root = self.root_of(ns);
        Process { root, cwd: root, ..Process::nobody(ns) }
    }

    /// The tree that a place is in.
    pub fn tree_of(&self, loc: Loc) -> Option<(&Tree, FsId, bool)> {
        let m = self.mounts.get(loc.mount)?;
        let fs = self.filesystems.get(&m.fs)?;
        Some((&fs.tree, m.fs, m.read_only || fs.read_only))
    }

    /// What is mounted on a place, or the place.
    pub(crate) fn cross(&self, mut loc: Loc) -> Loc {
        while let Some(m) = self.mounts.on(loc) {
            let Some(mount) = self.mounts.get(m) else { break };
            loc = Loc { mount: m, ino: mount.root.0 };
        }
        loc
    }

    fn up(&self, p: &Process, mut loc: Loc) -> Loc {
        loop {
            if loc == p.root {
                return loc;
            }
            let Some(m) = self.mounts.get(loc.mount) else { return loc };
            if loc.ino() == m.root {
                match &m.at {
                    Some(at) => loc = at.loc,
                    None => return loc,
                }
                continue;
            }
            return self.cross(Loc { mount: loc.mount, ino: self.parent_at(loc).0 });
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
        // What is still to be walked: a path, and where in it, for the path itself and each link in it.
        let mut stack: Vec<(Rc<str>, usize)> = Vec::new();
        let mut rest: (Rc<str>, usize) = (Rc::from(path), 0);
        let mut links = 0;
        // The directory where the walk is, when the step before has looked it up.
        let mut known = None;
        loop {
            let Some(name) = next_part(&rest.0, &mut rest.1) else {
                let Some(r) = stack.pop() else { break };
                rest = r;
                continue;
            };
            let text = rest.0.clone();
            let name = text.get(name).unwrap_or_default();
            let last = !has_more(&rest) && !stack.iter().any(has_more);
            let inode = known.take().or_else(|| self.inode_at(p, cur)).ok_or(Errno::ENOENT)?;
            if inode.file_type() != FileType::Dir {
                return Err(Errno::ENOTDIR);
            }
            if !may(p, &inode, false, false, true) {
                return Err(Errno::EACCES);
            }
            if name == ".." {
                cur = self.up(p, cur);
                continue;
            }
            if name.len() > 255 {
                return Err(Errno::ENAMETOOLONG);
            }
            let Some(ino) = self.child_at(p, cur, name, &inode) else {
                if last {
                    return Ok(Found { loc: None, parent: cur, name: name.to_owned(), must_be_dir });
                }
                return Err(Errno::ENOENT);
            };
            let loc = self.cross(Loc { mount: cur.mount, ino: ino.0 });
            let inode = self.inode_at(p, loc).ok_or(Errno::ENOENT)?;
            if let Node::Symlink(target) = &inode.node
                && (!last || follow || must_be_dir)
            {
                links += 1;
                if links > MAX_LINKS {
                    return Err(Errno::ELOOP);
                }
                match self.magic(p, loc)? {
                    Magic::None => {}
                    Magic::Place(there) if !last => {
                        cur = there;
                        continue;
                    }
                    Magic::Place(there) => {
                        return Ok(Found { loc: Some(there), parent: cur, name: name.to_owned(), must_be_dir });
                    }
                    // What is open has no place: the link itself stands for it.
                    Magic::Open(_) | Magic::Here(_) if last => {
                        return Ok(Found { loc: Some(loc), parent: cur, name: name.to_owned(), must_be_dir });
                    }
                    Magic::Open(_) | Magic::Here(_) => return Err(Errno::ENOTDIR),
                }
                if target.is_empty() {
                    return Err(Errno::ENOENT);
                }
                if target.starts_with('/') {
                    cur = p.root;
                }
                stack.push(std::mem::replace(&mut rest, (Rc::from(target.as_str()), 0)));
                continue;
            }
            if last {
                if must_be_dir && inode.file_type() != FileType::Dir {
                    return Err(Errno::ENOTDIR);
                }
                return Ok(Found { loc: Some(loc), parent: cur, name: name.to_owned(), must_be_dir });
            }
            (cur, known) = (loc, Some(inode));
        }
        Ok(Found { loc: Some(cur), parent: cur, name: ".".to_owned(), must_be_dir })
    }

    /// The absolute path of a place, as seen from the process's root; `None` where it cannot be reached.
    pub fn path_of(&self, p: &Process, mut loc: Loc) -> Option<String> {
        let mut names: Vec<String> = Vec::new();
        let mut reached = loc == p.root;
        while !reached {
            let m = self.mounts.get(loc.mount)?;
            if loc.ino() == m.root {
                match &m.at {
                    Some(at) if &*at.name == "." => loc = at.loc,
                    Some(at) => {
                        names.push(at.name.to_string());
                        loc = at.dir;
                    }
                    None => return None,
                }
            } else {
                let up = Loc { mount: loc.mount, ino: self.parent_at(loc).0 };
                names.push(self.name_at(p, up, loc.ino())?);
                loc = up;
            }
            reached = loc == p.root;
        }
        names.reverse();
        Some(format!("/{}", names.join("/")))
    }

    /// The path of a place that a path led to.
    pub(crate) fn path_of_place(&self, p: &Process, place: &Place) -> Option<String> {
        if &*place.name == "." || self.inode_at(p, place.loc).is_some_and(|i| i.file_type() == FileType::Dir) {
            return self.path_of(p, place.loc);
        }
        let dir = self.path_of(p, place.dir)?;
        Some(if dir == "/" { format!("/{}", place.name) } else { format!("{dir}/{}", place.name) })
    }

    /// A place's path in its file system, whatever is mounted of it and where.
    pub(crate) fn path_in_fs(&self, p: &Process, place: &Place) -> Option<String> {
        let file = self.inode_at(p, place.loc).is_none_or(|i| i.file_type() != FileType::Dir);
        let mut names: Vec<String> = Vec::new();
        let mut at = place.loc;
        let generated = self.fs_at(at).is_some_and(|f| f.1.is_generated());
        if file && !generated {
            let m = self.mounts.get(at.mount)?;
            if at.ino() == m.root {
                // A mounted file: some name that it has.
                let tree = self.tree_of(at)?.0;
                return tree.walk().into_iter().find(|(_, ino, _)| *ino == at.ino()).map(|w| w.0);
            }
            names.push(place.name.to_string());
            at = place.dir;
        }
        while at.ino() != Tree::ROOT {
            let up = Loc { mount: at.mount, ino: self.parent_at(at).0 };
            names.push(self.name_at(p, up, at.ino())?);
            at = up;
        }
        names.reverse();
        Some(format!("/{}", names.join("/")))
    }

    /// A namespace's mounts as `/proc/<pid>/mounts` or `mountinfo` tell them.
    pub(crate) fn mount_lines(&self, p: &Process, t: &Process, long: bool) -> String {
        use std::fmt::Write;
        let mut text = String::new();
        for (id, m) in self.mounts.of(t.mnt_ns) {
            let (Some(path), Some(fs)) = (self.path_of_mount(t, id), self.filesystems.get(&m.fs)) else { continue };
            let path = path.replace('\\', "\\134").replace(' ', "\\040").replace('\t', "\\011");
            let mut flags = vec![if m.read_only { "ro" } else { "rw" }];
            if m.nosuid {
                flags.push("nosuid");
            }
            // Who may execute nothing has no devices there either.
            let memory = fs.kind == FsKind::Tmpfs && m.noexec;
            if memory || fs.kind.is_pseudo() && !matches!(fs.kind, FsKind::Devpts | FsKind::Nsfs) {
                flags.push("nodev");
            }
            if m.noexec {
                flags.push("noexec");
            }
            flags.push("relatime");
            let flags = flags.join(",");
            let options = fs.options();
            let kind = fs.kind.name();
            if long {
                let parent = m.at.as_ref().map_or(0, |a| a.loc.mount);
                let root_place = Place { loc: Loc { mount: id, ino: m.root.0 }, dir: Loc::default(), name: ".".into() };
                let root = if m.root == Tree::ROOT {
                    "/".to_owned()
                } else {
                    self.path_in_fs(p, &root_place).unwrap_or_default()
                };
                let peers = if m.peers > 0 { format!(" shared:{}", m.peers) } else { String::new() };
                let _ = writeln!(
                    text,
                    "{} {} 0:{} {root} {path} {flags}{peers} - {kind} {} {options}",
                    id + 20,
                    parent + 20,
                    m.fs.0 + 20,
                    m.source
                );
            } else {
                let more = options.strip_prefix("rw").or_else(|| options.strip_prefix("ro")).unwrap_or_default();
                let _ = writeln!(text, "{} {path} {kind} {flags}{more} 0 0", m.source);
            }
        }
        text
    }

    /// Where a mount hangs, as seen from a process's root; `None` where it cannot be reached.
    pub(crate) fn path_of_mount(&self, p: &Process, mount: u32) -> Option<String> {
        let m = self.mounts.get(mount)?;
        match &m.at {
            None => self.path_of(p, Loc { mount, ino: m.root.0 }),
            Some(_) if (Loc { mount, ino: m.root.0 }) == p.root => Some("/".to_owned()),
            Some(at) if &*at.name == "." => self.path_of(p, at.loc),
            Some(at) => {
                let dir = self.path_of(p, at.dir)?;
                Some(if dir == "/" { format!("/{}", at.name) } else { format!("{dir}/{}", at.name) })
            }
        }
    }

    /// A new mount namespace: a root file system and mounts; missing mount points are made.
    pub fn mount_namespace(
        &mut self,
        root: FsId,
        read_only: bool,
        specs: &[crate::syscall::MountSpec],
    ) -> Result<MntNsId, Errno> {
        let id = MntNsId(self.next_ns);
        self.next_ns += 1;
        let kind = self.filesystems.get(&root).ok_or(Errno::EINVAL)?.kind;
        let first = Mount {
            ns: id,
            fs: root,
            root: Tree::ROOT,
            at: None,
            read_only,
            nosuid: false,
            noexec: false,
            peers: 0,
            source: kind.name().to_owned(),
            idmap: None,
        };
        let first = self.mounts.add(first);
        self.mnt_ns.insert(id, MountNs { root: first });
        for s in specs {
            if let Err(e) = self.mount_into(id, s) {
                self.drop_mount_ns(id);
                return Err(e);
            }
        }
        Ok(id)
    }

    /// A `proc` of a mount namespace that was made for a new pid namespace shows that; the host's, which is
    /// mounted there as well, goes on to show the host's.
    pub(crate) fn bind_proc(&mut self, mnt: MntNsId, pid: crate::syscall::PidNsId) {
        let all: Vec<FsId> = self.mounts.of(mnt).map(|(_, m)| m.fs).collect();
        let host: Vec<FsId> = self.mounts.of(MntNsId(0)).map(|(_, m)| m.fs).filter(|f| all.contains(f)).collect();
        for fs in all {
            if let Some(f) = self.filesystems.get_mut(&fs).filter(|f| f.kind == FsKind::Proc && f.pid_ns.is_none()) {
                f.pid_ns = Some(if host.contains(&fs) { crate::syscall::PidNsId(0) } else { pid });
            }
        }
    }

    /// Takes a namespace's mounts away.
    pub(crate) fn drop_mount_ns(&mut self, ns: MntNsId) {
        self.mnt_ns.remove(&ns);
        let all: Vec<u32> = self.mounts.of(ns).map(|(id, _)| id).collect();
        for id in all.into_iter().rev() {
            self.remove_mount(id);
        }
    }

    /// Takes a mount away, and its file system if nothing else has it.
    pub(crate) fn remove_mount(&mut self, id: u32) {
        let Some(m) = self.mounts.remove(id) else { return };
        let auto = self.filesystems.get(&m.fs).is_some_and(|f| f.auto);
        if auto && !self.mounts.all().any(|(_, o)| o.fs == m.fs) {
            let gone = self.filesystems.remove(&m.fs);
            if let Some(("net", n)) = gone.and_then(|f| f.namespace) {
                self.net_ns_left(crate::syscall::NetNsId(n));
            }
        }
    }

    pub(crate) fn mount_into(&mut self, ns: MntNsId, s: &crate::syscall::MountSpec) -> Result<(), Errno> {
        let fs = self.filesystems.get(&s.fs).ok_or(Errno::EINVAL)?;
        let kind = fs.kind;
        let walker = self.walker(ns);
        let source = match kind.is_generated() {
            true => parts(&s.source).try_fold(Tree::ROOT, |at, n| self.child_in(&walker, s.fs, kind, at, n)),
            false => fs.tree.lookup(&s.source),
        };
        let source = source.ok_or(Errno::ENOENT)?;
        let source_is_dir = self.inode_in(&walker, s.fs, kind, source).is_some_and(|i| i.file_type() == FileType::Dir);
        // Make the mount point, directory by directory.
        let names: Vec<&str> = parts(&s.target).collect();
        let mut at = String::new();
        for (i, name) in names.iter().enumerate() {
            at.push('/');
            at.push_str(name);
            let found = self.resolve(&walker, &at, true)?;
            if found.loc.is_none() {
                let fs = self.tree_of(found.parent).ok_or(Errno::ENOENT)?.1;
                let is_dir = i + 1 < names.len() || source_is_dir;
                let inode = if is_dir { Inode::dir(0o755) } else { Inode::file(Vec::new(), 0o644) };
                let fs = self.filesystems.get_mut(&fs).ok_or(Errno::EINVAL)?;
                if fs.kind.is_generated() {
                    return Err(Errno::ENOENT);
                }
                fs.tree.add(Ino(found.parent.ino), &found.name, inode)?;
            }
        }
        let found = self.resolve(&walker, &s.target, true)?;
        let loc = found.loc.ok_or(Errno::ENOENT)?;
        let target_is_dir = self.inode_at(&walker, loc).is_some_and(|i| i.file_type() == FileType::Dir);
        if target_is_dir != source_is_dir {
            return Err(Errno::ENOTDIR);
        }
        let point = Place { loc, dir: found.parent, name: found.name.into() };
        let name = match (s.name, kind) {
            ("", FsKind::Ext4) => "/dev/vda1",
            ("", kind) => kind.name(),
            (name, _) => name,
        };
        self.mounts.add(Mount {
            ns,
            fs: s.fs,
            root: source,
            at: Some(point),
            read_only: s.read_only,
            nosuid: s.nosuid || kind.is_pseudo(),
            noexec: s.noexec || kind.is_pseudo(),
            peers: 0,
            source: name.to_owned(),
            idmap: s.idmap,
        });
        if let Some(f) = self.filesystems.get_mut(&s.fs).filter(|_| s.limit.is_some()) {
            f.limit = s.limit;
        }
        Ok(())
    }
}

/// The next name of a path from `at` on; `.` and empty ones are left out.
fn next_part(path: &str, at: &mut usize) -> Option<std::ops::Range<usize>> {
    let bytes = path.as_bytes();
    loop {
        while bytes.get(*at) == Some(&b'/') {
            *at += 1;
        }
        let start = *at;
        while bytes.get(*at).is_some_and(|b| *b != b'/') {
            *at += 1;
        }
        if start == *at {
            return None;
        }
        if bytes.get(start..*at) != Some(b".") {
            return Some(start..*at);
        }
    }
}

fn has_more((path, at): &(Rc<str>, usize)) -> bool {
    next_part(path, &mut at.clone()).is_some()
}
