//! Datagrams: UDP, and ICMP echo as `ping` uses it.

use std::net::{Ipv4Addr, SocketAddrV4};

use crate::errno::Errno;
use crate::net::{Datagram, Delivery, SockId, Socket, dns};
use crate::program::Cx;
use crate::syscall::{Fd, NetNsId, Received, Ret, SockAddr, SockKind, SysResult};
use crate::system::WaitKey;
use crate::{Bytes, SimTime};

use super::{Outcome, num};

/// How long one hop takes.
const HOP: SimTime = SimTime(25_000);
/// How long a name server of the internet takes to answer.
const AWAY: SimTime = SimTime(4_000_000);
/// When a host gives up asking who has an address (arp(7): three tries, a second each).
const NOBODY: SimTime = SimTime(3_000_000_000);

fn socket(cx: &Cx<'_>, fd: Fd) -> Result<(SockId, SockKind), Errno> {
    let id = super::socket::sock_id(cx, fd)?;
    let kind = cx.sys.net.sockets.get(&id).ok_or(Errno::EBADF)?.kind;
    if matches!(kind, SockKind::Udp | SockKind::Icmp) { Ok((id, kind)) } else { Err(Errno::EOPNOTSUPP) }
}

pub(super) fn send_to(cx: &mut Cx<'_>, fd: Fd, data: &Bytes, to: Option<SocketAddrV4>, ttl: u8) -> SysResult {
    let (id, kind) = socket(cx, fd)?;
    if data.len() > 65_507 {
        return Err(Errno::EMSGSIZE);
    }
    let s = cx.sys.net.sockets.get(&id).ok_or(Errno::EBADF)?;
    let (ns, connected) = (s.ns, s.peer.clone());
    let ((Some(to), _) | (None, Some(SockAddr::Inet(to)))) = (to, connected) else { return Err(Errno::EDESTADDRREQ) };
    if kind == SockKind::Udp && s.local.is_none() {
        super::socket::bind(cx, fd, &SockAddr::Inet(SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0)))?;
    }
    let port = match cx.sys.net.sockets.get(&id).and_then(|s| s.local.clone()) {
        Some(SockAddr::Inet(a)) => a.port(),
        _ => 0,
    };
    let at = cx.now();
    if kind == SockKind::Udp && to.port() == dns::PORT && cx.sys.net.has_name_server(ns, *to.ip()) {
        ask(cx, id, ns, to, data, at);
        return num(data.len() as i64);
    }
    let way = cx.sys.net.deliver(ns, *to.ip(), ttl);
    if way == Delivery::NoRoute {
        return Err(Errno::ENETUNREACH);
    }
    cx.sys.net.count(ns, &way, data.len() as u64);
    let answer = |from: Ipv4Addr, hops: u32, icmp: (u8, u8), data: &Bytes| Datagram {
        at: at + SimTime(HOP.0 * u64::from(hops) * 2 + 20_000),
        from: SocketAddrV4::new(from, 0),
        ttl: 64_u8.saturating_sub(hops.saturating_sub(1) as u8),
        icmp,
        data: data.clone(),
    };
    let (target, reply) = match way {
        Delivery::NoRoute => (id, None),
        Delivery::Expired { at: router, hops } => (id, Some(answer(router, hops, (11, 0), data))),
        Delivery::Nobody { asked } => {
            let d = answer(asked, 0, (3, 1), data);
            (id, (kind == SockKind::Icmp).then_some(Datagram { at: at + NOBODY, ..d }))
        }
        Delivery::Dropped => (id, None),
        Delivery::Arrived { ns: there, source, hops } => match kind {
            SockKind::Icmp => {
                // Who has the address answers, unless it was told not to.
                let silent = cx.sys.sysctl_of(there, "net/ipv4/icmp_echo_ignore_all") == Some(1);
                (id, (!silent).then(|| answer(*to.ip(), hops, (0, 0), data)))
            }
            _ => {
                let (net, me) = (&cx.sys.net, SocketAddrV4::new(source, port));
                let on_host = there == NetNsId(0);
                let flow = net.flows.get(&(to.port(), me)).filter(|_| on_host).copied();
                let published = || net.published_udp_to(*to.ip(), to.port()).filter(|_| on_host);
                let found = match (flow, net.udp_bound(there, *to.ip(), to.port())) {
                    // An answer through a published port comes from where the question went to.
                    (Some((asked, known)), _) => Some((asked, known)),
                    (None, Some(other)) => Some((other, me)),
                    (None, None) => match published() {
                        Some((inner, other, bridge)) => {
                            cx.sys.net.flows.insert((port, inner), (id, to));
                            other.map(|o| (o, SocketAddrV4::new(bridge, port)))
                        }
                        None => None,
                    },
                };
                let time = at + SimTime(HOP.0 * u64::from(hops) + 10_000);
                match found {
                    Some((other, from)) => {
                        (other, Some(Datagram { at: time, from, ttl, icmp: (8, 0), data: data.clone() }))
                    }
                    None => (id, Some(answer(*to.ip(), hops, (3, 3), data))),
                }
            }
        },
    };
    if let Some(d) = reply {
        put(cx, target, d, at);
    }
    num(data.len() as i64)
}

/// A datagram on its way to a socket.
fn put(cx: &mut Cx<'_>, target: SockId, d: Datagram, at: SimTime) {
    // Who is connected hears only the one (udp(7)).
    let heard = |s: &Socket| d.icmp != (8, 0) || s.peer.as_ref().is_none_or(|p| *p == SockAddr::Inet(d.from));
    if let Some(s) = cx.sys.net.sockets.get_mut(&target).filter(|s| s.datagrams.len() < 256 && heard(s)) {
        let place = s.datagrams.iter().rposition(|o| o.at <= d.at).map_or(0, |n| n + 1);
        s.datagrams.insert(place, d);
        cx.sys.wake(WaitKey::Socket(target.0), at);
    }
}

/// A query to a name server: its answer comes back, if it is one.
fn ask(cx: &mut Cx<'_>, id: SockId, ns: NetNsId, to: SocketAddrV4, query: &Bytes, at: SimTime) {
    let net = &cx.sys.net;
    let Some(text) = dns::answer(query, |name| net.look_up(ns, *to.ip(), name), |a| net.name_at(ns, *to.ip(), a))
    else {
        return;
    };
    let at_home = *to.ip() == dns::EMBEDDED;
    let time = at + if at_home { HOP } else { AWAY };
    let d = Datagram { at: time, from: to, ttl: 64, icmp: (8, 0), data: Bytes::new(text) };
    put(cx, id, d, at);
}

pub(super) fn recv_from(cx: &mut Cx<'_>, fd: Fd, timeout: Option<SimTime>, deadline: Option<SimTime>) -> Outcome {
    let id = match socket(cx, fd) {
        Ok((id, _)) => id,
        Err(e) => return Outcome::Done(Err(e)),
    };
    let now = cx.now();
    let nonblock = cx.sys.file_of(cx.pid, fd).ok().and_then(|f| cx.sys.files.get(&f)).is_some_and(|f| f.nonblock);
    let Some(s) = cx.sys.net.sockets.get_mut(&id) else { return Outcome::Done(Err(Errno::EBADF)) };
    let next = s.datagrams.front().map(|d| d.at);
    if next.is_some_and(|t| t <= now)
        && let Some(d) = s.datagrams.pop_front()
    {
        if d.icmp == (3, 3) && s.kind == SockKind::Udp {
            return Outcome::Done(Err(Errno::ECONNREFUSED));
        }
        let d = Received { from: d.from, data: d.data, ttl: d.ttl, icmp: d.icmp };
        return Outcome::Done(Ok(Ret::Datagram(d)));
    }
    let deadline = deadline.or_else(|| timeout.map(|t| now + t)).filter(|_| timeout.is_some());
    if nonblock || deadline.is_some_and(|d| d <= now) {
        return Outcome::Done(Err(Errno::EAGAIN));
    }
    let wake = match (next, deadline) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    // The deadline comes back with the next attempt: the call's own, not that of the datagram.
    Outcome::BlockUntil(vec![WaitKey::Socket(id.0)], deadline, wake)
}

pub(super) fn routes(cx: &mut Cx<'_>) -> SysResult {
    let ns = cx.sys.process(cx.pid).ok_or(Errno::ESRCH)?.net_ns;
    Ok(Ret::Routes(cx.sys.net.routes(ns)))
}
