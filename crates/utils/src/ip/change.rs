//! Changes: links, addresses, routes made, set and taken away.

use std::net::Ipv4Addr;

use layerlab_kernel::Errno;
use layerlab_kernel::net::{LinkKind, NetOp, RouteInfo};

use crate::cli::{Cli, Run, Stop};

async fn stop<T>(c: &mut Cli, code: i32, text: impl std::fmt::Display) -> Run<T> {
    let lead = if c.variant == "busybox" { "ip: " } else { "" };
    c.sys.eprint(format!("{lead}{text}\n")).await;
    Err(Stop::Code(if lead.is_empty() { code } else { code.min(2) }))
}

async fn done(c: &mut Cli, op: NetOp, dev: Option<&str>) -> Run<()> {
    match c.sys.net(op).await {
        Ok(_) => Ok(()),
        Err(Errno::ENODEV) => missing(c, dev.unwrap_or("")).await,
        Err(e) => stop(c, 2, format!("RTNETLINK answers: {e}")).await,
    }
}

async fn missing<T>(c: &mut Cli, dev: &str) -> Run<T> {
    let text = if c.variant == "busybox" {
        format!("can't find device '{dev}'")
    } else {
        format!("Cannot find device \"{dev}\"")
    };
    stop(c, 1, text).await
}

async fn garbage<T>(c: &mut Cli, word: &str) -> Run<T> {
    stop(c, 255, format!("Error: either \"dev\" is duplicate, or \"{word}\" is a garbage.")).await
}

async fn incomplete<T>(c: &mut Cli) -> Run<T> {
    stop(c, 255, "Command line is not complete. Try option \"help\"").await
}

/// `ADDR` or `ADDR/PREFIX`, `default`.
fn prefix(word: &str) -> Option<(Ipv4Addr, u8)> {
    if word == "default" {
        return Some((Ipv4Addr::UNSPECIFIED, 0));
    }
    match word.split_once('/') {
        None => Some((word.parse().ok()?, 32)),
        Some((a, p)) => Some((a.parse().ok()?, p.parse().ok().filter(|p| *p <= 32)?)),
    }
}

async fn has(c: &Cli, dev: &str) -> bool {
    c.sys.interfaces().await.unwrap_or_default().iter().any(|i| i.name == dev)
}

/// `ip address add|delete`.
pub(super) async fn address(c: &mut Cli, add: bool, args: &[String]) -> Run<()> {
    let (mut local, mut dev) = (None, None);
    let mut words = args.iter();
    while let Some(w) = words.next() {
        match w.as_str() {
            "dev" => dev = words.next().cloned(),
            "brd" | "broadcast" | "label" | "scope" | "valid_lft" | "preferred_lft" | "metric" => drop(words.next()),
            "local" => local = words.next().cloned(),
            _ => local = Some(w.clone()),
        }
    }
    let Some(dev) = dev else { return stop(c, 1, "Not enough information: \"dev\" argument is required.").await };
    let word = local.unwrap_or_default();
    let Some((addr, prefix)) = prefix(&word) else {
        return stop(c, 1, format!("Error: any valid prefix is expected rather than \"{word}\".")).await;
    };
    if !has(c, &dev).await {
        return missing(c, &dev).await;
    }
    let name = dev.clone();
    let op = if add { NetOp::AddrAdd { dev, addr, prefix } } else { NetOp::AddrDel { dev, addr } };
    done(c, op, Some(&name)).await
}

/// `ip address flush dev NAME`.
pub(super) async fn flush(c: &mut Cli, args: &[String]) -> Run<()> {
    let Some(dev) = args.iter().rfind(|a| *a != "dev").cloned() else {
        return stop(c, 1, "Flush requires arguments.").await;
    };
    let all = c.sys.interfaces().await.unwrap_or_default();
    let Some(i) = all.iter().find(|i| i.name == dev) else { return missing(c, &dev).await };
    match i.addr {
        Some((addr, _)) => done(c, NetOp::AddrDel { dev: dev.clone(), addr }, Some(&dev)).await,
        None => Ok(()),
    }
}

/// `ip link add`.
pub(super) async fn link_add(c: &mut Cli, args: &[String]) -> Run<()> {
    let (mut name, mut kind, mut peer, mut away) = (None, None, None, None);
    let mut words = args.iter();
    while let Some(w) = words.next() {
        match w.as_str() {
            "name" | "dev" if peer.is_none() => name = words.next().cloned(),
            "name" => peer = words.next().cloned(),
            "peer" => peer = Some(String::new()),
            "type" => kind = words.next().cloned(),
            "netns" => away = words.next().cloned(),
            "mtu" | "address" | "txqueuelen" | "group" | "stp_state" | "link" => drop(words.next()),
            _ if kind.is_none() && name.is_none() => name = Some(w.clone()),
            _ => return garbage(c, w).await,
        }
    }
    let kind = match kind.as_deref() {
        Some("veth") => LinkKind::Veth,
        Some("bridge") => LinkKind::Bridge,
        Some("dummy") => LinkKind::Dummy,
        Some(_) => return stop(c, 2, "Error: Unknown device type.").await,
        None => return stop(c, 255, "Not enough information: \"type\" argument is required").await,
    };
    let mut free = 0;
    let name = match name {
        Some(n) => n,
        None => {
            let lead = match kind {
                LinkKind::Bridge => "bridge",
                LinkKind::Dummy => "dummy",
                _ => "veth",
            };
            while has(c, &format!("{lead}{free}")).await {
                free += 1;
            }
            format!("{lead}{free}")
        }
    };
    let peer = peer.filter(|p| !p.is_empty());
    let far = match &away {
        None => None,
        Some(w) => match super::netns::named(c, w).await {
            Some(there) => Some(there),
            None => return stop(c, 255, format!("Error: argument \"{w}\" is wrong: Invalid \"netns\" value\n")).await,
        },
    };
    done(c, NetOp::LinkAdd { name: name.clone(), kind, peer: peer.clone() }, None).await?;
    // `netns` after `peer` is the peer's.
    let moved = if peer.is_some() { peer } else { Some(name) };
    match (far, moved) {
        (Some(there), Some(name)) => {
            let shown = name.clone();
            let op = NetOp::LinkSet { name, up: None, master: None, netns: Some(there), rename: None, mac: None };
            done(c, op, Some(&shown)).await
        }
        _ => Ok(()),
    }
}

/// `ip link delete`.
pub(super) async fn link_delete(c: &mut Cli, args: &[String]) -> Run<()> {
    let mut words = args.iter().filter(|w| !matches!(w.as_str(), "dev" | "name"));
    let Some(name) = words.next().cloned() else { return incomplete(c).await };
    done(c, NetOp::LinkDel { name: name.clone() }, Some(&name)).await
}

/// `ip link set`.
pub(super) async fn link_set(c: &mut Cli, args: &[String]) -> Run<()> {
    let mut name: Option<String> = None;
    let (mut up, mut master, mut netns, mut rename, mut mac) = (None, None, None, None, None);
    let mut words = args.iter();
    while let Some(w) = words.next() {
        match w.as_str() {
            "dev" => name = words.next().cloned(),
            "up" => up = Some(true),
            "down" => up = Some(false),
            "nomaster" => master = Some(String::new()),
            "master" => {
                let Some(m) = words.next() else { return incomplete(c).await };
                if !has(c, m).await {
                    let m = m.clone();
                    return stop(c, 255, format!("Error: argument \"{m}\" is wrong: Device does not exist\n")).await;
                }
                master = Some(m.clone());
            }
            "name" => rename = words.next().cloned(),
            "address" => mac = words.next().cloned(),
            "netns" => {
                let Some(w) = words.next() else { return incomplete(c).await };
                netns = super::netns::named(c, w).await;
                if netns.is_none() {
                    return stop(c, 255, format!("Error: argument \"{w}\" is wrong: Invalid \"netns\" value\n")).await;
                }
            }
            "mtu" | "txqueuelen" | "qlen" | "promisc" | "arp" | "multicast" | "alias" | "group" => drop(words.next()),
            _ if name.is_none() => name = Some(w.clone()),
            _ => return garbage(c, w).await,
        }
    }
    let Some(name) = name else {
        return stop(c, 255, "Not enough of information: \"dev\" argument is required.").await;
    };
    let shown = name.clone();
    done(c, NetOp::LinkSet { name, up, master, netns, rename, mac }, Some(&shown)).await
}

/// `ip route add|replace|delete`.
pub(super) async fn route(c: &mut Cli, command: &str, args: &[String]) -> Run<()> {
    let (mut to, mut via, mut dev, mut src) = (None, None, None, None);
    let mut words = args.iter();
    while let Some(w) = words.next() {
        let (what, word) = match w.as_str() {
            "via" | "dev" | "src" | "to" => (w.as_str(), words.next().cloned().unwrap_or_default()),
            "proto" | "scope" | "metric" | "table" | "mtu" => {
                words.next();
                continue;
            }
            "onlink" | "unicast" => continue,
            other => ("to", other.to_owned()),
        };
        match what {
            "dev" => dev = Some(word),
            "to" => match prefix(&word) {
                Some(p) => to = Some(p),
                None => {
                    return stop(c, 1, format!("Error: any valid prefix is expected rather than \"{word}\".")).await;
                }
            },
            _ => match word.parse::<Ipv4Addr>() {
                Ok(a) if what == "via" => via = Some(a),
                Ok(a) => src = Some(a),
                Err(_) => {
                    let text = format!("Error: any valid address is expected rather than \"{word}\".");
                    return stop(c, 1, text).await;
                }
            },
        }
    }
    let Some(to) = to else { return incomplete(c).await };
    if let Some(d) = &dev
        && !has(c, d).await
    {
        return missing(c, &d.clone()).await;
    }
    // Bits of the host are not part of a network's address.
    let mask = u32::MAX.checked_shl(32 - u32::from(to.1)).unwrap_or(0);
    if u32::from(to.0) & !mask != 0 {
        return stop(c, 2, "Error: Invalid prefix for given prefix length.").await;
    }
    if command == "delete" {
        return done(c, NetOp::RouteDel { to }, dev.as_deref()).await;
    }
    if via.is_none() && dev.is_none() {
        return stop(c, 2, "RTNETLINK answers: No such device").await;
    }
    if command == "replace" {
        let _ = c.sys.net(NetOp::RouteDel { to }).await;
    }
    let op = NetOp::RouteAdd(RouteInfo { to, via, dev: dev.clone().unwrap_or_default(), src });
    match c.sys.net(op).await {
        Err(Errno::ENETUNREACH) if via.is_some() => stop(c, 2, "Error: Nexthop has invalid gateway.").await,
        Err(Errno::ENODEV) => missing(c, dev.as_deref().unwrap_or("")).await,
        Err(e) => stop(c, 2, format!("RTNETLINK answers: {e}")).await,
        Ok(_) => Ok(()),
    }
}
