//! The machine: file systems, namespaces, network set-up, figures.

use std::net::Ipv4Addr;

use crate::capability::Cap;
use crate::errno::Errno;
use crate::net::{Bridge, Interface, LinkKind, NetNs, NetOp};
use crate::program::Cx;
use crate::syscall::{MntNsId, MountSpec, NetNsId, Ret, SysInfo, SysResult, Uname};
use crate::vfs::{FsId, FsKind, Node, Tree};

use super::num;

/// Kernel release of the simulated machine (Debian 12's, as `/etc/os-release` says).
pub const RELEASE: &str = "6.1.0-41-amd64";
/// Its version text.
pub const VERSION: &str = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.158-1 (2025-11-09)";
/// Memory of the simulated machine: 8 GiB.
pub const MEMORY: u64 = 8 << 30;
/// The simulated disk's file system: 60 GiB.
pub const DISK: u64 = 60 << 30;
/// CPUs of the simulated machine.
pub const CPUS: u32 = 4;

fn root_only(cx: &Cx<'_>) -> Result<(), Errno> {
    if cx.sys.process(cx.pid).is_some_and(|p| p.can(Cap::SysAdmin)) { Ok(()) } else { Err(Errno::EPERM) }
}

pub(super) fn fs_new(cx: &mut Cx<'_>, kind: FsKind, tree: &Tree, limit: Option<u64>) -> SysResult {
    root_only(cx)?;
    let id = cx.sys.add_fs(kind, tree.clone());
    if let Some(f) = cx.sys.filesystems.get_mut(&id) {
        f.limit = limit;
    }
    num(id.0)
}

pub(super) fn fs_tree(cx: &mut Cx<'_>, fs: FsId) -> SysResult {
    root_only(cx)?;
    cx.sys.filesystems.get(&fs).map(|f| Ret::Tree(f.tree.clone())).ok_or(Errno::EINVAL)
}

pub(super) fn fs_drop(cx: &mut Cx<'_>, fs: FsId) -> Result<(), Errno> {
    root_only(cx)?;
    if cx.sys.mounts.all().any(|(_, m)| m.fs == fs) {
        return Err(Errno::EBUSY);
    }
    cx.sys.filesystems.remove(&fs).map(drop).ok_or(Errno::EINVAL)
}

pub(super) fn mnt_ns_new(cx: &mut Cx<'_>, root: FsId, read_only: bool, mounts: &[MountSpec]) -> SysResult {
    root_only(cx)?;
    let id = cx.sys.mount_namespace(root, read_only, mounts)?;
    num(id.0)
}

pub(super) fn mnt_ns_drop(cx: &mut Cx<'_>, ns: MntNsId) -> Result<(), Errno> {
    root_only(cx)?;
    if ns == MntNsId(0) || cx.sys.processes.values().any(|p| p.mnt_ns == ns && !p.is_zombie()) {
        return Err(Errno::EBUSY);
    }
    if !cx.sys.mnt_ns.contains_key(&ns) {
        return Err(Errno::EINVAL);
    }
    cx.sys.drop_mount_ns(ns);
    Ok(())
}

pub(super) fn fs_of(cx: &mut Cx<'_>, path: &str) -> SysResult {
    root_only(cx)?;
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let loc = cx.sys.resolve(p, path, true)?.loc.ok_or(Errno::ENOENT)?;
    let place = cx.sys.resolve(p, path, true)?.place()?;
    let fs = cx.sys.tree_of(loc).ok_or(Errno::ENOENT)?.1;
    let path = cx.sys.path_in_fs(p, &place).ok_or(Errno::ENOENT)?;
    Ok(Ret::Place(fs, path))
}

pub(super) fn uname(cx: &mut Cx<'_>) -> SysResult {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    // Programs of another architecture are emulated (binfmt_misc, qemu-user), and see that one.
    let machine = match cx.sys.inode_at(p, p.exe.loc).map(|i| i.node.clone()) {
        Some(Node::File(content)) => crate::stub::machine(&content),
        _ => "x86_64",
    };
    Ok(Ret::Uname(Uname {
        nodename: cx.sys.uts_ns.get(&p.uts_ns).cloned().unwrap_or_default(),
        release: RELEASE.to_owned(),
        version: VERSION.to_owned(),
        machine: machine.to_owned(),
    }))
}

pub(super) fn set_hostname(cx: &mut Cx<'_>, name: &str) -> Result<(), Errno> {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let uts = p.uts_ns;
    if !p.can_over(Cap::SysAdmin, uts.0) {
        return Err(Errno::EPERM);
    }
    if name.len() > 64 {
        return Err(Errno::EINVAL);
    }
    cx.sys.uts_ns.insert(uts, name.to_owned());
    Ok(())
}

pub(super) fn sys_info(cx: &mut Cx<'_>) -> SysResult {
    let used = cx.sys.memory_used();
    let cpus = cx.sys.process(cx.pid).map_or(CPUS, |p| cx.sys.cpus_of(&p.cgroup));
    Ok(Ret::Info(SysInfo { uptime: cx.now(), memory_total: MEMORY, memory_used: used, cpus }))
}

pub(super) fn random(cx: &mut Cx<'_>, len: usize) -> Vec<u8> {
    let len = len.min(1 << 20);
    let mut out = Vec::with_capacity(len + 8);
    while out.len() < len {
        out.extend(cx.sys.next_random().to_le_bytes());
    }
    out.truncate(len);
    out
}

pub(super) fn net(cx: &mut Cx<'_>, op: &NetOp) -> SysResult {
    if super::link::change(cx, op)? {
        return num(0);
    }
    root_only(cx)?;
    if let NetOp::Way { of, host, port } = op {
        return super::socket::way(cx, *of, host, *port);
    }
    let net = &mut cx.sys.net;
    match op {
        NetOp::NsNew => {
            let id = NetNsId(net.next_ns);
            net.next_ns += 1;
            net.namespaces.insert(id, NetNs::with_loopback());
            return num(id.0);
        }
        NetOp::NsDrop(ns) => {
            if *ns == NetNsId(0) {
                return Err(Errno::EBUSY);
            }
            if !net.namespaces.contains_key(ns) {
                return Err(Errno::EINVAL);
            }
            net.drop_namespace(*ns);
        }
        NetOp::BridgeNew { name, addr, prefix, internal } => {
            if net.bridges.contains_key(name) {
                return Err(Errno::EEXIST);
            }
            let index = net.next_index(NetNsId(0)).ok_or(Errno::EINVAL)?;
            net.bridges.insert(
                name.clone(),
                Bridge {
                    index,
                    addr: (*addr, *prefix),
                    addr6: None,
                    internal: *internal,
                    parent: None,
                    mtu: 1500,
                    names: Default::default(),
                    pointers: Default::default(),
                },
            );
        }
        NetOp::BridgeMtu { name, mtu } => net.bridges.get_mut(name).ok_or(Errno::ENODEV)?.mtu = *mtu,
        NetOp::BridgeDirect { name, parent } => {
            net.bridges.get_mut(name).ok_or(Errno::ENODEV)?.parent = Some(parent.clone());
        }
        NetOp::BridgeAddr6 { name, addr, prefix } => {
            net.bridges.get_mut(name).ok_or(Errno::ENODEV)?.addr6 = Some((*addr, *prefix));
        }
        NetOp::BridgeDrop { name } => {
            if net.namespaces.values().any(|ns| ns.interfaces.iter().any(|i| i.bridge.as_ref() == Some(name))) {
                return Err(Errno::EBUSY);
            }
            net.bridges.remove(name).ok_or(Errno::EINVAL)?;
        }
        NetOp::Attach { ns, bridge, ifname, addr, addr6, mac } => {
            let prefix = net.bridges.get(bridge).ok_or(Errno::EINVAL)?.addr.1;
            let space = net.namespaces.get(ns).ok_or(Errno::EINVAL)?;
            if space.interfaces.iter().any(|i| i.name == *ifname) {
                return Err(Errno::EEXIST);
            }
            let parent = net.bridges.get(bridge).and_then(|b| b.parent.clone());
            let peer = match parent {
                Some(name) => net.interfaces(NetNsId(0)).iter().find(|i| i.name == name).map_or(2, |i| i.index),
                None => net.next_index(NetNsId(0)).ok_or(Errno::EINVAL)?,
            };
            let index = net.next_index(*ns).ok_or(Errno::EINVAL)?;
            let own6 = addr6.iter().flat_map(|a| [*a, (crate::net::link_local(mac), 64)]).collect();
            let space = net.namespaces.get_mut(ns).ok_or(Errno::EINVAL)?;
            space.interfaces.push(Interface {
                index,
                name: ifname.clone(),
                mac: mac.clone(),
                addr: (*addr, prefix),
                addr6: own6,
                bridge: Some(bridge.clone()),
                peer_index: Some(peer),
                kind: LinkKind::Veth,
                up: true,
                peer: None,
                master: None,
            });
        }
        NetOp::Detach { ns, ifname } => {
            let space = net.namespaces.get_mut(ns).ok_or(Errno::EINVAL)?;
            space.interfaces.retain(|i| i.name != *ifname);
        }
        NetOp::Publish { host_ip, host_port, to, udp } => return publish(cx, *host_ip, *host_port, *to, *udp),
        NetOp::Unpublish { host_ip, host_port, udp } => {
            let list = if *udp { &mut net.published_udp } else { &mut net.published };
            list.remove(&(*host_ip, *host_port)).ok_or(Errno::EINVAL)?;
        }
        NetOp::NameAdd { bridge, name, addr } => {
            let b = net.bridges.get_mut(bridge).ok_or(Errno::EINVAL)?;
            let list = b.names.entry(name.clone()).or_default();
            if !list.contains(addr) {
                list.push(*addr);
            }
        }
        NetOp::NamePointer { bridge, name, addr } => {
            let b = net.bridges.get_mut(bridge).ok_or(Errno::EINVAL)?;
            b.pointers.insert(*addr, name.clone());
        }
        NetOp::NameDrop { bridge, addr } => {
            let b = net.bridges.get_mut(bridge).ok_or(Errno::EINVAL)?;
            b.pointers.remove(addr);
            b.names.retain(|_, l| {
                l.retain(|a| a != addr);
                !l.is_empty()
            });
        }
        _ => return Err(Errno::EINVAL),
    }
    num(0)
}

fn publish(cx: &mut Cx<'_>, ip: Ipv4Addr, port: u16, to: std::net::SocketAddrV4, udp: bool) -> SysResult {
    let net = &mut cx.sys.net;
    let host = net.namespaces.get(&NetNsId(0)).ok_or(Errno::ENETUNREACH)?;
    let (bound, published) = if udp { (&host.udp, &mut net.published_udp) } else { (&host.ports, &mut net.published) };
    let clash = |a: Ipv4Addr| a == ip || a.is_unspecified() || ip.is_unspecified();
    let taken = |p: u16| {
        bound.get(&p).is_some_and(|l| l.iter().any(|(a, _)| clash(*a)))
            || published.keys().any(|(a, q)| *q == p && clash(*a))
    };
    let port = match port {
        0 => (32768..=60999).find(|p| !taken(*p)).ok_or(Errno::EADDRINUSE)?,
        p if taken(p) => return Err(Errno::EADDRINUSE),
        p => p,
    };
    published.insert((ip, port), to);
    num(port)
}
