//! Lists: interfaces with addresses, routes, neighbours.

use std::net::{Ipv4Addr, Ipv6Addr};

use layerlab_kernel::InterfaceInfo;
use layerlab_kernel::net::{LinkKind, RouteInfo};

use super::Style;
use crate::cli::{Cli, Run, Stop};

/// What is told of an interface's state.
struct State {
    flags: String,
    queue: &'static str,
    name: &'static str,
    carrier: bool,
}

fn state(i: &InterfaceInfo, all: &[InterfaceInfo]) -> State {
    let base = match i.kind {
        LinkKind::Loopback => "LOOPBACK",
        LinkKind::Dummy => "BROADCAST,NOARP",
        _ => "BROADCAST,MULTICAST",
    };
    let peer = peer_of(i, all);
    // A bridge carries where a port of it does.
    let carrier = match i.kind {
        LinkKind::Veth => peer.is_none_or(|p| p.up),
        LinkKind::Bridge => all.iter().any(|o| o.up && o.master.as_ref() == Some(&i.name)),
        _ => true,
    };
    let lower = if peer.is_some_and(|p| !p.up) { ",M-DOWN" } else { "" };
    if !i.up {
        return State { flags: format!("{base}{lower}"), queue: "noop", name: "DOWN", carrier: false };
    }
    let (flags, name) = match (carrier, i.kind) {
        (true, LinkKind::Loopback | LinkKind::Dummy) => (format!("{base},UP,LOWER_UP"), "UNKNOWN"),
        (true, _) => (format!("{base},UP,LOWER_UP"), "UP"),
        (false, LinkKind::Veth) => (format!("NO-CARRIER,{base},UP{lower}"), "LOWERLAYERDOWN"),
        (false, _) => (format!("NO-CARRIER,{base},UP"), "DOWN"),
    };
    State { flags, queue: "noqueue", name, carrier }
}

/// The other end of a pair, if it is in this namespace.
fn peer_of<'a>(i: &InterfaceInfo, all: &'a [InterfaceInfo]) -> Option<&'a InterfaceInfo> {
    let n = i.peer_index.filter(|_| i.peer_here)?;
    all.iter().find(|o| o.index == n)
}

fn full_name(i: &InterfaceInfo, all: &[InterfaceInfo]) -> String {
    match (peer_of(i, all), i.peer_index) {
        (Some(peer), _) => format!("{}@{}", i.name, peer.name),
        (None, Some(n)) => format!("{}@if{n}", i.name),
        (None, None) => i.name.clone(),
    }
}

/// The addresses of an interface that is to be told of: what stands before their time of life.
fn addresses(i: &InterfaceInfo, s: Style) -> Vec<String> {
    let four = address(i).filter(|_| s.family != Some(6));
    let six = i.addr6.iter().filter(|_| s.family != Some(4)).map(|a| address6(*a, s.busybox));
    four.into_iter().chain(six).collect()
}

/// With the mark of an address that nobody looks for a double of, as Docker gives them.
fn address6((addr, prefix): (Ipv6Addr, u8), busybox: bool) -> String {
    let (scope, mark) = match addr {
        a if a.is_loopback() => ("host", ""),
        a if a.is_unicast_link_local() => ("link", ""),
        _ if busybox => ("global", "flags 02 "),
        _ => ("global", "nodad "),
    };
    format!("inet6 {addr}/{prefix} scope {scope} {mark}")
}

fn address(i: &InterfaceInfo) -> Option<String> {
    let (addr, prefix) = i.addr?;
    let wide = u32::from(addr) | u32::MAX.checked_shr(prefix.into()).unwrap_or(0);
    let lo = i.kind == LinkKind::Loopback;
    let brd = if lo { String::new() } else { format!("brd {} ", Ipv4Addr::from(wide)) };
    let scope = if addr.is_loopback() { "host" } else { "global" };
    Some(format!("inet {addr}/{prefix} {brd}scope {scope} {}", i.name))
}

/// `ip address show`, `ip link show`.
pub(super) async fn links(c: &mut Cli, s: Style, with_address: bool, args: &[String]) -> Run<()> {
    let all = c.sys.interfaces().await.unwrap_or_default();
    let (mut only, mut up, mut master, mut kind) = (None, false, None, None);
    let mut words = args.iter();
    while let Some(w) = words.next() {
        match w.as_str() {
            "up" => up = true,
            "dev" => only = words.next().cloned(),
            "master" => master = words.next().cloned(),
            "type" => kind = words.next().cloned(),
            "scope" | "to" | "label" | "group" => drop(words.next()),
            "primary" | "permanent" | "dynamic" => {}
            _ => only = Some(w.clone()),
        }
    }
    if let Some(name) = only.clone().filter(|o| !all.iter().any(|i| i.name == *o)) {
        let text = if s.busybox {
            format!("ip: can't find device '{name}'\n")
        } else {
            format!("Device \"{name}\" does not exist.\n")
        };
        c.sys.eprint(text).await;
        return Err(Stop::Code(1));
    }
    let of_kind = |i: &InterfaceInfo| match kind.as_deref() {
        None => true,
        Some("bridge") => i.kind == LinkKind::Bridge,
        Some("veth") => i.kind == LinkKind::Veth,
        Some("dummy") => i.kind == LinkKind::Dummy,
        _ => false,
    };
    let picked = |i: &&InterfaceInfo| {
        only.as_ref().is_none_or(|o| *o == i.name)
            && (!up || i.up)
            && (master.is_none() || i.master == master)
            && of_kind(i)
    };
    for i in all.iter().filter(picked) {
        let (st, name) = (state(i, &all), full_name(i, &all));
        let addresses = addresses(i, s);
        if with_address && s.family.is_some() && addresses.is_empty() {
            continue;
        }
        if s.brief {
            let last = if with_address {
                // The second word of each.
                addresses.iter().filter_map(|a| a.split(' ').nth(1)).map(|a| format!("{a} ")).collect()
            } else {
                format!("{} <{}> ", i.mac, st.flags)
            };
            c.put(format!("{name:<16} {:<14} {last}\n", st.name)).await?;
            continue;
        }
        if s.oneline && with_address {
            for a in &addresses {
                let life = "\\       valid_lft forever preferred_lft forever";
                c.put(format!("{}: {}    {a}{life}\n", i.index, i.name)).await?;
            }
            continue;
        }
        let lo = i.kind == LinkKind::Loopback;
        let local_pair = peer_of(i, &all).is_some();
        // What the engine makes has no queue length, what is made by hand has.
        let long = lo || local_pair || i.peer_index.is_none() && !i.mac.starts_with("02:42:");
        let master = i.master.as_ref().map_or_else(String::new, |m| format!("master {m} "));
        let mode = if with_address || s.busybox { "" } else { "mode DEFAULT " };
        let group = if s.busybox { "" } else { "group default " };
        let mtu = i.mtu;
        let (kind, broadcast) = if lo { ("loopback", "00:00:00:00:00:00") } else { ("ether", "ff:ff:ff:ff:ff:ff") };
        let away = i.peer_index.is_some() && !local_pair;
        let flags = if away && s.busybox { format!("{},M-DOWN", st.flags) } else { st.flags };
        let end = if s.oneline { "\\" } else { "\n" };
        // What belongs to the link is left out where one family's addresses are asked for.
        let queue = if with_address && s.family == Some(6) { String::new() } else { format!("qdisc {} ", st.queue) };
        let group = if with_address && s.family == Some(6) { "" } else { group };
        let link = if with_address && s.family.is_some() {
            "\n".to_owned()
        } else {
            let elsewhere = if away && !s.busybox { " link-netnsid 0" } else { "" };
            format!("{end}    link/{kind} {} brd {broadcast}{elsewhere}\n", i.mac)
        };
        c.put(format!(
            "{}: {name}: <{flags}> mtu {mtu} {queue}{master}state {} {mode}{group}{}{link}",
            i.index,
            st.name,
            if long { "qlen 1000" } else { "" },
        ))
        .await?;
        for a in addresses.iter().filter(|_| with_address) {
            c.put(format!("    {a}\n       valid_lft forever preferred_lft forever\n")).await?;
        }
    }
    Ok(())
}

fn text(to: (Ipv4Addr, u8)) -> String {
    match to {
        (_, 0) => "default".to_owned(),
        (a, 32) => a.to_string(),
        (a, p) => format!("{a}/{p}"),
    }
}

/// `ip route show`.
pub(super) async fn routes(c: &mut Cli, s: Style, args: &[String]) -> Run<()> {
    let links = c.sys.interfaces().await.unwrap_or_default();
    if s.family == Some(6) {
        return routes6(c, s, &links, args).await;
    }
    let after = |word: &str| args.iter().position(|a| a == word).and_then(|n| args.get(n + 1));
    let dev = after("dev");
    let exact = args.first().filter(|a| !matches!(a.as_str(), "dev" | "table" | "scope" | "proto" | "via"));
    if let Some(d) = dev
        && !links.iter().any(|i| i.name == *d)
    {
        c.sys.eprint(format!("Cannot find device \"{d}\"\n")).await;
        return Err(Stop::Code(1));
    }
    for r in c.sys.routes().await.unwrap_or_default() {
        if dev.is_some_and(|d| *d != r.dev) || exact.is_some_and(|e| *e != text(r.to)) {
            continue;
        }
        let via = r.via.map_or_else(String::new, |g| format!("via {g} "));
        // The device is left out where it is asked for.
        let dev = if dev.is_some() { String::new() } else { format!("dev {} ", r.dev) };
        let origin = match (r.src, r.via) {
            (Some(a), None) if s.busybox => format!("scope link  src {a} "),
            (Some(a), None) => format!("proto kernel scope link src {a} "),
            (Some(a), _) => format!("src {a} "),
            (None, None) => "scope link ".to_owned(),
            (None, _) => String::new(),
        };
        let dead = links.iter().any(|i| i.name == r.dev && !state(i, &links).carrier);
        let down = if dead && !s.busybox { "linkdown " } else { "" };
        c.put(format!("{} {via}{dev}{origin}{down}\n", text(r.to))).await?;
    }
    Ok(())
}

/// `ip -6 route show`: the networks that the interfaces are in.
async fn routes6(c: &mut Cli, s: Style, links: &[InterfaceInfo], args: &[String]) -> Run<()> {
    let dev = args.iter().position(|a| a == "dev").and_then(|n| args.get(n + 1));
    if args.first().is_some_and(|a| a == "default") {
        return Ok(());
    }
    let up = links.iter().filter(|i| i.up && i.kind != LinkKind::Loopback && dev.is_none_or(|d| *d == i.name));
    let mut all: Vec<(bool, String)> = Vec::new();
    for i in up {
        for (addr, prefix) in &i.addr6 {
            let mask = u128::MAX.checked_shl(128 - u32::from(*prefix)).unwrap_or(0);
            let net = Ipv6Addr::from(u128::from(*addr) & mask);
            let on = if dev.is_some() { String::new() } else { format!("dev {} ", i.name) };
            let line = match s.busybox {
                true => format!("{net}/{prefix} {on} metric 256 \n"),
                false => format!("{net}/{prefix} {on}proto kernel metric 256 pref medium\n"),
            };
            all.push((addr.is_unicast_link_local(), line));
        }
    }
    all.sort_by_key(|(link_local, _)| *link_local);
    for (_, line) in all {
        c.put(line).await?;
    }
    Ok(())
}

/// Whether an address is in a network.
fn within(addr: Ipv4Addr, (net, prefix): (Ipv4Addr, u8)) -> bool {
    let shift = 32 - u32::from(prefix.min(32));
    let top = |a: Ipv4Addr| u32::from(a).checked_shr(shift).unwrap_or(0);
    top(addr) == top(net)
}

/// `ip route get`.
pub(super) async fn route_get(c: &mut Cli, s: Style, args: &[String]) -> Run<()> {
    let word = args.iter().find(|a| *a != "to").cloned().unwrap_or_default();
    let Ok(addr) = word.parse::<Ipv4Addr>() else {
        c.sys.eprint(format!("Error: any valid prefix is expected rather than \"{word}\".\n")).await;
        return Err(Stop::Code(1));
    };
    let links = c.sys.interfaces().await.unwrap_or_default();
    let uid = if s.busybox { String::new() } else { format!("uid {} ", c.sys.ids().0) };
    if addr.is_loopback() || links.iter().any(|i| i.addr.is_some_and(|a| a.0 == addr)) {
        return c.put(format!("local {addr} dev lo src {addr} {uid}\n    cache <local> \n")).await;
    }
    let all = c.sys.routes().await.unwrap_or_default();
    let best: Option<&RouteInfo> = all.iter().filter(|r| within(addr, r.to)).max_by_key(|r| r.to.1);
    let Some(r) = best else {
        c.sys.eprint("RTNETLINK answers: Network is unreachable\n").await;
        return Err(Stop::Code(2));
    };
    let own = links.iter().find(|i| i.name == r.dev).and_then(|i| i.addr).map(|a| a.0);
    let src = r.src.or(own).map_or_else(String::new, |a| format!("src {a} "));
    let via = r.via.map_or_else(String::new, |g| format!("via {g} "));
    c.put(format!("{addr} {via}dev {} {src}{uid}\n    cache \n", r.dev)).await
}

/// `ip neighbour show`.
pub(super) async fn neighbours(c: &mut Cli, args: &[String]) -> Run<()> {
    let dev = args.iter().position(|a| a == "dev").and_then(|n| args.get(n + 1));
    let table = c.sys.read_file("/proc/net/arp").await.unwrap_or_default();
    for l in String::from_utf8_lossy(&table).lines().skip(1) {
        let f: Vec<&str> = l.split_whitespace().collect();
        if let [addr, _, _, mac, _, on] = f.as_slice()
            && dev.is_none_or(|d| d == on)
        {
            c.put(format!("{addr} dev {on} lladdr {mac} REACHABLE \n")).await?;
        }
    }
    Ok(())
}
