//! `/proc/net`: what `ss`, `netstat` and `route` read.

use std::fmt::Write;
use std::net::{Ipv4Addr, SocketAddrV4};

use super::process::socket_state;
use crate::net::{SockId, SockState, Socket, inode_number};
use crate::syscall::{NetNsId, SockAddr, SockKind};
use crate::system::System;

const TCP: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const UDP: &str = "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops";

/// Inode numbers of what listens for published ports.
const PUBLISHED: u32 = 20_000;

/// An address as `/proc/net` writes it: the bytes in the order of a little-endian number.
fn hex(a: &SocketAddrV4) -> String {
    format!("{:08X}:{:04X}", u32::from_le_bytes(a.ip().octets()), a.port())
}

fn inet(a: Option<&SockAddr>) -> SocketAddrV4 {
    match a {
        Some(SockAddr::Inet(a)) => *a,
        _ => SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0),
    }
}

fn queues(sys: &System, s: &Socket) -> (usize, usize) {
    match &s.state {
        SockState::Listening { queue, .. } => (0, queue.len()),
        SockState::Connected { rx, tx } => {
            let len = |id| sys.pipes.get(id).map_or(0, |p| p.data.len());
            (len(tx), len(rx))
        }
        SockState::Idle => (0, s.datagrams.iter().map(|d| d.data.len()).sum()),
    }
}

fn sockets(sys: &System, ns: NetNsId, kind: SockKind) -> impl Iterator<Item = (SockId, &Socket)> {
    sys.net.sockets.iter().filter(move |(_, s)| s.ns == ns && s.kind == kind).map(|(id, s)| (*id, s))
}

fn inet_lines(sys: &System, ns: NetNsId, kind: SockKind) -> String {
    let udp = kind != SockKind::Tcp;
    let mut t = format!("{:<149}\n", if udp { UDP } else { TCP });
    if udp {
        t = format!("{UDP:<127}\n");
    }
    let visible = sockets(sys, ns, kind).filter(|(_, s)| s.local.is_some());
    let visible = visible.filter(|(_, s)| udp || !matches!(s.state, SockState::Idle));
    let mut lines = 0;
    for (n, (id, s)) in visible.enumerate() {
        lines = n + 1;
        let (tx, rx) = queues(sys, s);
        let (local, peer) = (inet(s.local.as_ref()), inet(s.peer.as_ref()));
        let line = format!(
            "{n:>4}: {} {} {:02X} {tx:08X}:{rx:08X} 00:00000000 00000000 {:>5}        0 {} {} 0000000000000000",
            hex(&local),
            hex(&peer),
            socket_state(&s.state),
            s.uid,
            inode_number(id),
            if udp { "2" } else { "1" },
        );
        if udp {
            let _ = writeln!(t, "{:>5}{} 0", n, line.get(4..).unwrap_or_default());
        } else {
            let _ = writeln!(t, "{:<149}", format!("{line} 100 0 0 10 0"));
        }
    }
    // Docker listens for published ports, so that nobody else takes them.
    let list = if kind == SockKind::Tcp { &sys.net.published } else { &sys.net.published_udp };
    for (n, (ip, port)) in list.keys().filter(|_| ns == NetNsId(0) && kind != SockKind::Icmp).enumerate() {
        let local = hex(&SocketAddrV4::new(*ip, *port));
        let (state, refs) = if udp { ("07", "2") } else { ("0A", "1") };
        let line = format!(
            " {local} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000     0        0 {} {refs} 0000000000000000",
            PUBLISHED + u32::from(*port)
        );
        let _ = match udp {
            true => writeln!(t, "{:>5}:{line} 0", lines + n),
            false => writeln!(t, "{:<149}", format!("{:>4}:{line} 100 0 0 10 0", lines + n)),
        };
    }
    t
}

fn unix(sys: &System) -> String {
    let mut t = "Num       RefCount Protocol Flags    Type St Inode Path\n".to_owned();
    for (id, s) in sys.net.sockets.iter().filter(|(_, s)| s.kind == SockKind::UnixStream) {
        let (flags, state) = match s.state {
            SockState::Listening { .. } => ("00010000", "01"),
            SockState::Connected { .. } => ("00000000", "03"),
            SockState::Idle => ("00000000", "01"),
        };
        let path = match &s.local {
            Some(SockAddr::Unix(p)) if !p.is_empty() => format!(" {p}"),
            _ => String::new(),
        };
        let _ = writeln!(t, "0000000000000000: 00000002 00000000 {flags} 0001 {state} {:>5}{path}", inode_number(*id));
    }
    t
}

fn devices(sys: &System, ns: NetNsId) -> String {
    let mut t = "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n".to_owned();
    for i in sys.net.interfaces(ns) {
        let c = sys.net.counters.get(&(ns, i.name.clone())).copied().unwrap_or_default();
        let _ = writeln!(
            t,
            "{:>6}: {:>7} {:>7}    0    0    0     0          0         0 {:>8} {:>7}    0    0    0     0       0          0",
            i.name, c.rx_bytes, c.rx_packets, c.tx_bytes, c.tx_packets
        );
    }
    t
}

fn routes(sys: &System, ns: NetNsId) -> String {
    let le = |a: Ipv4Addr| u32::from_le_bytes(a.octets());
    let mut t =
        format!("{:<127}\n", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT");
    for r in sys.net.routes(ns) {
        let mask = if r.to.1 == 0 { 0 } else { u32::MAX << (32 - u32::from(r.to.1)) };
        let line = format!(
            "{}\t{:08X}\t{:08X}\t{:04X}\t0\t0\t0\t{:08X}\t0\t0\t0",
            r.dev,
            le(r.to.0),
            r.via.map_or(0, le),
            if r.via.is_some() { 3 } else { 1 },
            le(Ipv4Addr::from(mask)),
        );
        let _ = writeln!(t, "{line:<127}");
    }
    t
}

fn arp(sys: &System, ns: NetNsId) -> String {
    let mut t = "IP address       HW type     Flags       HW address            Mask     Device\n".to_owned();
    for (ip, mac, dev) in sys.net.neighbours(ns) {
        let _ = writeln!(t, "{:<16} 0x1         0x2         {mac:<21} *        {dev}", ip.to_string());
    }
    t
}

/// Addresses of IPv6: number of the interface, prefix length, scope, flags.
fn addresses6(sys: &System, ns: NetNsId) -> String {
    let mut t = String::new();
    for i in sys.net.interfaces(ns) {
        for (addr, prefix) in &i.addr6 {
            let (scope, flags) = match addr {
                a if a.is_loopback() => (0x10, 0x80),
                a if a.is_unicast_link_local() => (0x20, 0x80),
                _ => (0, 0x82),
            };
            let hex = u128::from(*addr);
            let _ = writeln!(t, "{hex:032x} {:02x} {prefix:02x} {scope:02x} {flags:02x} {:>8}", i.index, i.name);
        }
    }
    t
}

/// What a file says.
pub(super) fn text(sys: &System, ns: NetNsId, name: &str) -> String {
    match name {
        "tcp" => inet_lines(sys, ns, SockKind::Tcp),
        "udp" => inet_lines(sys, ns, SockKind::Udp),
        "raw" => inet_lines(sys, ns, SockKind::Icmp),
        "tcp6" => format!(
            "{:<149}\n",
            TCP.replace(
                "local_address rem_address  ",
                "local_address                         remote_address                       "
            )
        ),
        "udp6" => format!("{UDP}\n"),
        "unix" => unix(sys),
        "dev" => devices(sys, ns),
        "route" => routes(sys, ns),
        "arp" => arp(sys, ns),
        "if_inet6" => addresses6(sys, ns),
        _ => String::new(),
    }
}
