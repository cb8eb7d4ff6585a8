//! Namespaces: `unshare(2)`, `setns(2)`.

use std::rc::Rc;

use crate::capability::{Cap, Caps};
use crate::errno::Errno;
use crate::file::{FileKind, OpenFile};
use crate::namespace::IdMaps;
use crate::net::NetNs;
use crate::program::Cx;
use crate::sorted::SortedMap;
use crate::syscall::{Fd, MntNsId, NetNsId, PidNsId, Unshare, UtsNsId};
use crate::system::{PidNs, System};
use crate::vfs::{Loc, Mount, MountNs, Place};

pub(super) fn unshare(cx: &mut Cx<'_>, what: Unshare) -> Result<(), Errno> {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?.clone();
    let other = what.mount || what.pid || what.net || what.uts || what.ipc || what.cgroup;
    if other && !what.user && p.caps.effective & Cap::SysAdmin.bit() == 0 {
        return Err(Errno::EPERM);
    }
    if what.user {
        if cx.sys.sysctl(&p, "user/max_user_namespaces") == Some(0) {
            return Err(Errno::ENOSPC);
        }
        let id = cx.sys.next_namespace();
        let me = cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?;
        me.spaces.user = id;
        me.maps = Rc::new(IdMaps::default());
        me.caps = Caps { ambient: 0, inheritable: 0, ..Caps::ROOT };
    }
    if what.mount {
        let (ns, moved) = cx.sys.copy_mounts(p.mnt_ns);
        let me = cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?;
        me.mnt_ns = ns;
        for loc in [&mut me.root, &mut me.cwd, &mut me.exe.loc, &mut me.exe.dir] {
            loc.mount = moved.get(&loc.mount).copied().unwrap_or(loc.mount);
        }
    }
    if what.uts {
        let id = UtsNsId(cx.sys.next_namespace());
        let name = cx.sys.uts_ns.get(&p.uts_ns).cloned().unwrap_or_default();
        cx.sys.uts_ns.insert(id, name);
        cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?.uts_ns = id;
    }
    if what.net {
        let id = NetNsId(cx.sys.net.next_ns);
        cx.sys.net.next_ns += 1;
        let mut space = NetNs::with_loopback();
        space.unshared = true;
        if let Some(lo) = space.interfaces.first_mut() {
            lo.up = false;
        }
        cx.sys.net.namespaces.insert(id, space);
        cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?.net_ns = id;
    }
    if what.pid {
        let id = PidNsId(cx.sys.next_namespace());
        cx.sys.pid_ns.insert(id, PidNs { parent: p.pid_ns, ..PidNs::default() });
        cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?.spaces.pid_for_children = Some(id);
    }
    if what.ipc {
        let id = cx.sys.next_namespace();
        cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?.spaces.ipc = id;
    }
    if what.cgroup {
        let id = cx.sys.next_namespace();
        cx.sys.cgroup_ns.insert(id, p.cgroup);
        cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?.spaces.cgroup = id;
    }
    Ok(())
}

pub(super) fn set_ns(cx: &mut Cx<'_>, fd: Fd) -> Result<(), Errno> {
    let file = cx.sys.file_of(cx.pid, fd)?;
    let Some(FileKind::Namespace(kind, id)) = cx.sys.files.get(&file).map(|f| f.kind.clone()) else {
        return Err(Errno::EINVAL);
    };
    let me = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    if kind != "user" && me.caps.effective & Cap::SysAdmin.bit() == 0 || (me.spaces.user != 0 && id == 0) {
        return Err(Errno::EPERM);
    }
    if kind == "user" {
        if id == me.spaces.user {
            return Err(Errno::EINVAL);
        }
        let maps = cx.sys.processes.values().find(|p| p.spaces.user == id).map(|p| p.maps.clone());
        let me = cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?;
        (me.spaces.user, me.maps) = (id, maps.ok_or(Errno::EINVAL)?);
        me.caps = Caps::ROOT;
        return Ok(());
    }
    let root = cx.sys.root_of(MntNsId(id));
    let me = cx.sys.process_mut(cx.pid).ok_or(Errno::ESRCH)?;
    match kind {
        "mnt" => (me.mnt_ns, me.root, me.cwd) = (MntNsId(id), root, root),
        "net" => me.net_ns = NetNsId(id),
        "uts" => me.uts_ns = UtsNsId(id),
        "pid" => me.spaces.pid_for_children = Some(PidNsId(id)).filter(|n| *n != me.pid_ns),
        "ipc" => me.spaces.ipc = id,
        "cgroup" => me.spaces.cgroup = id,
        _ => return Err(Errno::EINVAL),
    }
    Ok(())
}

impl System {
    pub(crate) fn next_namespace(&mut self) -> u32 {
        let id = self.next_ns;
        self.next_ns += 1;
        id
    }

    /// A copy of a mount namespace; answers which mount became which.
    fn copy_mounts(&mut self, of: MntNsId) -> (MntNsId, SortedMap<u32, u32>) {
        let id = MntNsId(self.next_namespace());
        let old: Vec<(u32, Mount)> = self.mounts.of(of).map(|(n, m)| (n, m.clone())).collect();
        let mut moved = SortedMap::new();
        for (n, m) in &old {
            // Where it hangs comes second: the mount that it hangs in may have a higher number.
            moved.insert(*n, self.mounts.add(Mount { ns: id, at: None, ..m.clone() }));
        }
        for (n, m) in old {
            let there = |l: Loc| Loc { mount: moved.get(&l.mount).copied().unwrap_or(l.mount), ..l };
            let at = m.at.map(|a| Place { loc: there(a.loc), dir: there(a.dir), name: a.name });
            if let Some(new) = moved.get(&n) {
                self.mounts.put(*new, at);
            }
        }
        let root = self.mnt_ns.get(&of).and_then(|n| moved.get(&n.root)).copied().unwrap_or_default();
        self.mnt_ns.insert(id, MountNs { root });
        (id, moved)
    }

    /// Forgets a network namespace that was made by `unshare`, once nobody is in it and nothing keeps it.
    pub(crate) fn net_ns_left(&mut self, ns: NetNsId) {
        let open = |f: &OpenFile| matches!(f.kind, FileKind::Namespace("net", n) if n == ns.0);
        if ns != NetNsId(0)
            && self.net.namespaces.get(&ns).is_some_and(|n| n.unshared)
            && !self.processes.values().any(|o| o.net_ns == ns)
            && !self.files.values().any(open)
            && !self.filesystems.values().any(|f| f.namespace == Some(("net", ns.0)))
        {
            self.net.drop_namespace(ns);
        }
    }
}
