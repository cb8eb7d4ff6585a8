//! `ip`: interfaces and routes, as far as the kernel has them.

use crate::cli::{Cli, Run, Stop};

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let (flags, words): (Vec<String>, Vec<String>) = args.into_iter().partition(|a| a.starts_with('-'));
    let brief = flags.iter().any(|f| f == "-br" || f == "-brief");
    let object = words.first().map_or("", String::as_str);
    let only = words.iter().skip(1).find(|w| !matches!(w.as_str(), "show" | "list" | "ls" | "dev")).cloned();
    let all = c.sys.interfaces().await.unwrap_or_default();
    let is = |full: &str, least: usize| object.len() >= least && full.starts_with(object);
    let shown: Vec<_> = all.iter().filter(|i| only.as_ref().is_none_or(|o| *o == i.name)).collect();
    if let Some(name) = only.filter(|_| shown.is_empty() && !is("route", 1) && !is("neighbour", 1)) {
        c.sys.eprint(format!("Device \"{name}\" does not exist.\n")).await;
        return Err(Stop::Code(1));
    }
    if is("address", 1) || is("link", 1) {
        let with_address = is("address", 1);
        for i in shown {
            let lo = i.name == "lo";
            let name = i.peer_index.map_or_else(|| i.name.clone(), |p| format!("{}@if{p}", i.name));
            if brief {
                let last = if with_address {
                    i.addr.map_or_else(String::new, |(a, p)| format!("{a}/{p} "))
                } else {
                    format!("{} ", i.mac)
                };
                c.put(format!("{name:<16} {:<14} {last}\n", if lo { "UNKNOWN" } else { "UP" })).await?;
                continue;
            }
            let (flags, mtu, queue, state) = if lo {
                ("LOOPBACK,UP,LOWER_UP", 65536, "noqueue", "UNKNOWN")
            } else {
                ("BROADCAST,MULTICAST,UP,LOWER_UP", 1500, "noqueue", "UP")
            };
            let tail = if with_address { "" } else { " mode DEFAULT" };
            let (kind, mac, broadcast) = if lo {
                ("loopback", "00:00:00:00:00:00", "00:00:00:00:00:00")
            } else {
                ("ether", i.mac.as_str(), "ff:ff:ff:ff:ff:ff")
            };
            let peer = if i.peer_index.is_some() { " link-netnsid 0" } else { "" };
            let long = if lo || i.peer_index.is_none() { " qlen 1000" } else { "" };
            c.put(format!(
                "{}: {name}: <{flags}> mtu {mtu} qdisc {queue} state {state}{tail} group default{long}\n",
                i.index
            ))
            .await?;
            c.put(format!("    link/{kind} {mac} brd {broadcast}{peer}\n")).await?;
            if let Some((addr, prefix)) = i.addr.filter(|_| with_address) {
                let scope = if lo { "host" } else { "global" };
                let wide = u32::from(addr) | u32::MAX.checked_shr(prefix.into()).unwrap_or(0);
                let brd = if lo { String::new() } else { format!("brd {} ", std::net::Ipv4Addr::from(wide)) };
                c.put(format!(
                    "    inet {addr}/{prefix} {brd}scope {scope} {}\n       valid_lft forever preferred_lft forever\n",
                    i.name
                ))
                .await?;
            }
        }
        return Ok(());
    }
    if is("route", 1) {
        let bits = |prefix: u8| u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
        let net = |a: std::net::Ipv4Addr, p: u8| std::net::Ipv4Addr::from(u32::from(a) & bits(p));
        // A container's way out is its bridge's first address.
        if let Some(first) = all.iter().find(|i| i.peer_index.is_some())
            && let Some((a, p)) = first.addr
        {
            let gateway = std::net::Ipv4Addr::from(u32::from(net(a, p)) + 1);
            c.put(format!("default via {gateway} dev {} \n", first.name)).await?;
        }
        for i in all.iter().filter(|i| i.name != "lo") {
            if let Some((a, p)) = i.addr {
                c.put(format!("{}/{p} dev {} proto kernel scope link src {a} \n", net(a, p), i.name)).await?;
            }
        }
        return Ok(());
    }
    if object.is_empty() {
        c.sys
            .eprint("Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\nwhere  OBJECT := { address | link | route }\n")
            .await;
        return Err(Stop::Code(255));
    }
    c.sys.eprint(format!("Object \"{object}\" is unknown, try \"ip help\".\n")).await;
    Err(Stop::Code(1))
}
