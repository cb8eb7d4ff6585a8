//! Interfaces, addresses and routes by hand: what `ip` does.

use std::net::Ipv4Addr;

use crate::capability::Cap;
use crate::errno::Errno;
use crate::file::FileKind;
use crate::net::{Interface, LinkKind, Net, NetNs, NetOp, NsRef, in_subnet, internet};
use crate::program::Cx;
use crate::syscall::NetNsId;

/// Makes a change of the caller's own namespace; false: it is not one of these.
pub(super) fn change(cx: &mut Cx<'_>, op: &NetOp) -> Result<bool, Errno> {
    let p = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?;
    let ns = p.net_ns;
    if !p.can_over(Cap::NetAdmin, ns.0) {
        return Err(Errno::EPERM);
    }
    let target = match op {
        NetOp::LinkSet { netns: Some(NsRef::Of(pid)), .. } => {
            let host = super::host_pid(cx.sys, p.pid_ns, *pid).ok_or(Errno::ESRCH)?;
            Some(cx.sys.process(host).ok_or(Errno::ESRCH)?.net_ns)
        }
        NetOp::LinkSet { netns: Some(NsRef::Open(fd)), .. } => {
            let file = cx.sys.file_of(cx.pid, *fd)?;
            match cx.sys.files.get(&file).map(|f| &f.kind) {
                Some(FileKind::Namespace("net", id)) => Some(NetNsId(*id)),
                _ => return Err(Errno::EINVAL),
            }
        }
        _ => None,
    };
    let random =
        if matches!(op, NetOp::LinkAdd { .. }) { [cx.sys.next_random(), cx.sys.next_random()] } else { [0; 2] };
    let net = &mut cx.sys.net;
    match op {
        NetOp::LinkAdd { name, kind, peer } => add(net, ns, name, *kind, peer.as_deref(), random),
        NetOp::LinkDel { name } => del(net, ns, name),
        NetOp::LinkSet { name, up, master, rename, mac, .. } => {
            set(net, ns, name, *up, master.as_deref(), mac.as_deref())?;
            if let Some(new) = rename {
                valid(space(net, ns)?, new)?;
                link(net, ns, name)?.name.clone_from(new);
            }
            match target {
                Some(to) if to != ns => move_link(net, ns, rename.as_ref().unwrap_or(name), to),
                _ => Ok(()),
            }
        }
        NetOp::AddrAdd { dev, addr, prefix } => {
            if *prefix > 32 {
                return Err(Errno::EINVAL);
            }
            let i = link(net, ns, dev)?;
            if i.addr.0 == *addr {
                return Err(Errno::EEXIST);
            }
            i.addr = (*addr, *prefix);
            Ok(())
        }
        NetOp::AddrDel { dev, addr } => {
            let i = link(net, ns, dev)?;
            if i.addr.0 != *addr {
                return Err(Errno::EADDRNOTAVAIL);
            }
            i.addr = (Ipv4Addr::UNSPECIFIED, 0);
            Ok(())
        }
        NetOp::RouteAdd(r) => {
            let mut route = r.clone();
            if let Some(via) = r.via {
                // The gateway has to be on a network of its own.
                let near = net.interfaces(ns).into_iter().find(|i| i.up && i.addr.is_some_and(|a| in_subnet(via, a)));
                route.dev = near.ok_or(Errno::ENETUNREACH)?.name;
            } else if !net.interfaces(ns).iter().any(|i| i.name == route.dev) {
                return Err(Errno::ENODEV);
            }
            if net.routes(ns).iter().any(|o| o.to == route.to && o.via == route.via) {
                return Err(Errno::EEXIST);
            }
            space(net, ns)?.routes.push(route);
            Ok(())
        }
        NetOp::RouteDel { to } => {
            let list = &mut space(net, ns)?.routes;
            let n = list.len();
            list.retain(|r| r.to != *to);
            if list.len() == n { Err(Errno::ESRCH) } else { Ok(()) }
        }
        _ => return Ok(false),
    }?;
    Ok(true)
}

fn space(net: &mut Net, ns: NetNsId) -> Result<&mut NetNs, Errno> {
    net.namespaces.get_mut(&ns).ok_or(Errno::ENETUNREACH)
}

fn link<'a>(net: &'a mut Net, ns: NetNsId, name: &str) -> Result<&'a mut Interface, Errno> {
    space(net, ns)?.interfaces.iter_mut().find(|i| i.name == name).ok_or(Errno::ENODEV)
}

fn valid(space: &NetNs, name: &str) -> Result<(), Errno> {
    if name.is_empty() || name.len() > 15 || name.contains(['/', ' ']) {
        return Err(Errno::EINVAL);
    }
    if space.interfaces.iter().any(|i| i.name == name) { Err(Errno::EEXIST) } else { Ok(()) }
}

fn add(
    net: &mut Net,
    ns: NetNsId,
    name: &str,
    kind: LinkKind,
    peer: Option<&str>,
    random: [u64; 2],
) -> Result<(), Errno> {
    if ns == NetNsId(0) && (net.bridges.contains_key(name) || peer.is_some_and(|p| net.bridges.contains_key(p))) {
        return Err(Errno::EEXIST);
    }
    valid(space(net, ns)?, name)?;
    let mac = |n: u64| {
        let b = n.to_le_bytes();
        // Locally administered, for one.
        format!("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", (b[0] & 0xfc) | 2, b[1], b[2], b[3], b[4], b[5])
    };
    let index = net.next_index(ns).ok_or(Errno::ENETUNREACH)?;
    let blank = Interface {
        index,
        name: name.to_owned(),
        mac: mac(random[0]),
        addr: (Ipv4Addr::UNSPECIFIED, 0),
        addr6: Vec::new(),
        bridge: None,
        peer_index: None,
        kind,
        up: false,
        peer: None,
        master: None,
    };
    if kind != LinkKind::Veth {
        space(net, ns)?.interfaces.push(blank);
        return Ok(());
    }
    let other = peer.map_or_else(|| format!("veth{index}"), str::to_owned);
    valid(space(net, ns)?, &other)?;
    if other == name {
        return Err(Errno::EEXIST);
    }
    let second = net.next_index(ns).ok_or(Errno::ENETUNREACH)?;
    let pair = |i: Interface, o: u32| Interface { peer: Some((ns, o)), peer_index: Some(o), ..i };
    let list = &mut space(net, ns)?.interfaces;
    list.push(pair(blank.clone(), second));
    list.push(pair(Interface { index: second, name: other, mac: mac(random[1]), ..blank }, index));
    Ok(())
}

fn del(net: &mut Net, ns: NetNsId, name: &str) -> Result<(), Errno> {
    let i = link(net, ns, name)?.clone();
    if i.kind == LinkKind::Loopback {
        return Err(Errno::EOPNOTSUPP);
    }
    let list = &mut space(net, ns)?.interfaces;
    list.retain(|o| o.index != i.index);
    for o in list.iter_mut().filter(|o| o.master.as_deref() == Some(name)) {
        o.master = None;
    }
    space(net, ns)?.routes.retain(|r| r.dev != name);
    if let Some((there, index)) = i.peer
        && let Some(n) = net.namespaces.get_mut(&there)
    {
        n.interfaces.retain(|o| o.index != index);
    }
    Ok(())
}

fn set(
    net: &mut Net,
    ns: NetNsId,
    name: &str,
    up: Option<bool>,
    master: Option<&str>,
    mac: Option<&str>,
) -> Result<(), Errno> {
    if let Some(m) = master.filter(|m| !m.is_empty()) {
        let host_bridge = ns == NetNsId(0) && net.bridges.contains_key(m);
        if !host_bridge && link(net, ns, m)?.kind != LinkKind::Bridge {
            return Err(Errno::EINVAL);
        }
    }
    if ns == NetNsId(0) && net.bridges.contains_key(name) {
        return Ok(());
    }
    let i = link(net, ns, name)?;
    i.up = up.unwrap_or(i.up);
    if let Some(m) = master {
        i.master = (!m.is_empty()).then(|| m.to_owned());
    }
    if let Some(m) = mac {
        m.clone_into(&mut i.mac);
    }
    if up == Some(false) {
        space(net, ns)?.routes.retain(|r| r.dev != name);
    }
    // The host's network daemon gets its route again.
    if up == Some(true) && ns == NetNsId(0) && name == internet::UPLINK && net.internet.is_some() {
        net.route_out();
    }
    Ok(())
}

/// Into another namespace: it loses its address and is down there, as on Linux.
fn move_link(net: &mut Net, ns: NetNsId, name: &str, to: NetNsId) -> Result<(), Errno> {
    let mut i = link(net, ns, name)?.clone();
    if i.kind == LinkKind::Loopback {
        return Err(Errno::EINVAL);
    }
    valid(space(net, to)?, name)?;
    let old = i.index;
    space(net, ns)?.interfaces.retain(|o| o.index != old);
    space(net, ns)?.routes.retain(|r| r.dev != name);
    (i.addr, i.addr6, i.up, i.master) = ((Ipv4Addr::UNSPECIFIED, 0), Vec::new(), false, None);
    // It keeps its number where that is free.
    if space(net, to)?.interfaces.iter().any(|o| o.index == i.index) {
        i.index = net.next_index(to).ok_or(Errno::ENETUNREACH)?;
    } else {
        let space = space(net, to)?;
        space.last_index = space.last_index.max(i.index);
    }
    let was = (ns, old);
    if let Some((there, index)) = i.peer
        && let Some(n) = net.namespaces.get_mut(&there)
        && let Some(o) = n.interfaces.iter_mut().find(|o| o.index == index && o.peer == Some(was))
    {
        (o.peer, o.peer_index) = (Some((to, i.index)), Some(i.index));
    }
    space(net, to)?.interfaces.push(i);
    Ok(())
}
