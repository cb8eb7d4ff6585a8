//! The tree of groups as directories and files.

use super::files::{FILES, Rule, files_of};
use super::{Cgroup, chain, is_in};
use crate::errno::Errno;
use crate::process::Process;
use crate::sorted;
use crate::syscall::FileType;
use crate::system::System;
use crate::vfs::special::dir;
use crate::vfs::{Ino, Inode};

/// Number of a group's directory (0) or file (from 1 on).
fn number(group: u32, n: usize) -> Ino {
    Ino((u64::from(group) << 16 | n as u64) + 1)
}

fn split(ino: Ino) -> (u32, usize) {
    let n = ino.0.saturating_sub(1);
    ((n >> 16) as u32, (n & 0xffff) as usize)
}

impl System {
    /// The group that a process sees as the root.
    pub(crate) fn cgroup_root(&self, p: &Process) -> &str {
        self.cgroup_ns.get(&p.spaces.cgroup).map_or("/", String::as_str)
    }

    /// A group's path as a process sees it (`/proc/<pid>/cgroup`).
    pub(crate) fn cgroup_seen_by(&self, p: &Process, path: &str) -> String {
        let root = self.cgroup_root(p);
        if root == "/" {
            return path.to_owned();
        }
        if is_in(path, root) {
            let rest = path.get(root.len()..).unwrap_or_default();
            return if rest.is_empty() { "/".to_owned() } else { rest.to_owned() };
        }
        // Outside: up from the root, as cgroup_namespaces(7) shows it.
        let ups = chain(root).take_while(|g| !is_in(path, g)).count();
        let common = chain(root).find(|g| is_in(path, g)).unwrap_or("/");
        let rest = if common == "/" { path } else { path.get(common.len()..).unwrap_or_default() };
        format!("{}{rest}", "/..".repeat(ups))
    }

    fn group_with(&self, p: &Process, id: u32) -> Option<(&String, &Cgroup)> {
        if id == 0 {
            return self.cgroups.get_key_value(self.cgroup_root(p));
        }
        self.cgroups.iter().find(|(_, c)| c.id == id)
    }

    pub(crate) fn cgroup_inode(&self, p: &Process, ino: Ino) -> Option<Inode> {
        let (id, n) = split(ino);
        let (path, group) = self.group_with(p, id)?;
        let (uid, gid) = group.owner;
        if n == 0 {
            return Some(dir(0o755).owned(uid, gid));
        }
        let rule = files_of(self, path).find(|(m, _)| *m + 1 == n)?.1;
        Some(Inode::file(Vec::new(), if rule.writable { 0o644 } else { 0o444 }).owned(uid, gid))
    }

    pub(crate) fn cgroup_child(&self, p: &Process, ino: Ino, name: &str) -> Option<Ino> {
        let (path, _) = self.group_with(p, split(ino).0)?;
        if let Some((n, _)) = files_of(self, path).find(|(_, r)| r.name == name) {
            return Some(number(split(ino).0, n + 1));
        }
        let below = join(path, name);
        self.cgroups.get(&below).map(|c| number(c.id, 0))
    }

    pub(crate) fn cgroup_entries(&self, p: &Process, ino: Ino) -> Vec<(String, Ino, FileType)> {
        let Some((path, _)) = self.group_with(p, split(ino).0) else { return Vec::new() };
        let mut list: Vec<_> = files_of(self, path)
            .map(|(n, r)| (r.name.to_owned(), number(split(ino).0, n + 1), FileType::File))
            .collect();
        for (other, c) in &self.cgroups {
            if let Some((up, name)) = other.rsplit_once('/')
                && !name.is_empty()
                && (up == path || (up.is_empty() && path == "/"))
            {
                list.push((name.to_owned(), number(c.id, 0), FileType::Dir));
            }
        }
        sorted::sort(&mut list);
        list
    }

    pub(crate) fn cgroup_parent(&self, ino: Ino) -> Ino {
        let (id, n) = split(ino);
        if n > 0 {
            return number(id, 0);
        }
        let path = self.cgroups.iter().find(|(_, c)| c.id == id).map_or("/", |(p, _)| p.as_str());
        let up = chain(path).nth(1).and_then(|g| self.cgroups.get(g));
        number(up.map_or(0, |c| c.id), 0)
    }

    pub(crate) fn cgroup_read(&self, p: &Process, ino: Ino) -> Result<Vec<u8>, Errno> {
        let (id, n) = split(ino);
        let (path, group) = self.group_with(p, id).ok_or(Errno::ENODEV)?;
        let rule: &Rule = n.checked_sub(1).and_then(|n| FILES.get(n)).ok_or(Errno::EISDIR)?;
        Ok(super::files::read(self, p, path, group, rule.name).into_bytes())
    }

    pub(crate) fn cgroup_write(&mut self, p: &Process, ino: Ino, text: &str) -> Result<(), Errno> {
        let (id, n) = split(ino);
        let path = self.group_with(p, id).ok_or(Errno::ENODEV)?.0.clone();
        let rule = n.checked_sub(1).and_then(|n| FILES.get(n)).ok_or(Errno::EISDIR)?;
        if !rule.writable {
            return Err(Errno::EACCES);
        }
        super::files::write(self, p, &path, rule.name, text)
    }

    /// `mkdir` in a group.
    pub(crate) fn cgroup_mkdir(&mut self, p: &Process, parent: Ino, name: &str) -> Result<(), Errno> {
        let path = self.group_with(p, split(parent).0).ok_or(Errno::ENODEV)?.0.clone();
        if name.contains('\n') {
            return Err(Errno::EINVAL);
        }
        let group = Cgroup { owner: (p.uid, p.gid), ..Cgroup::new(self.next_cgroup) };
        self.next_cgroup += 1;
        self.cgroups.insert(join(&path, name), group);
        Ok(())
    }

    /// `rmdir` of a group.
    pub(crate) fn cgroup_rmdir(&mut self, p: &Process, ino: Ino) -> Result<(), Errno> {
        let (path, _) = self.group_with(p, split(ino).0).ok_or(Errno::ENOENT)?;
        let path = path.clone();
        let busy = path == self.cgroup_root(p)
            || !self.cgroup_members(&path).is_empty()
            || self.cgroups.keys().any(|o| *o != path && is_in(o, &path));
        if busy {
            return Err(Errno::EBUSY);
        }
        self.cgroups.remove(&path);
        Ok(())
    }
}

fn join(path: &str, name: &str) -> String {
    if path == "/" { format!("/{name}") } else { format!("{path}/{name}") }
}
