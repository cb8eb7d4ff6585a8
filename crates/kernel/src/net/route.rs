//! Where a connection goes, decided before anything is done.

use std::net::{Ipv4Addr, SocketAddrV4};

use crate::errno::Errno;
use crate::net::{Hop, HopKind, LinkKind, Net, SockId, TraceEnd, in_subnet, internet};
use crate::syscall::NetNsId;

/// Where a connection goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Route {
    /// Places on the way.
    pub hops: Vec<Hop>,
    /// The namespace that it ends in, and the address that the other sees as its peer.
    pub target: Option<(NetNsId, Ipv4Addr)>,
    /// The listening socket.
    pub socket: Option<SockId>,
    /// The address at its end; behind a published port it is another than the one asked for.
    pub to: SocketAddrV4,
    /// How it ends.
    pub end: TraceEnd,
    /// A port proxy took the connection, and then found nobody: connected, then reset.
    pub proxied: bool,
    /// What answers on the internet.
    pub server: Option<Vec<String>>,
}

impl Route {
    /// The error that `connect` gives, if it fails.
    pub fn error(&self) -> Option<Errno> {
        match self.end {
            TraceEnd::Connected => None,
            _ if self.proxied => None,
            TraceEnd::NothingListens | TraceEnd::OtherAddress => Some(Errno::ECONNREFUSED),
            TraceEnd::NoRoute => Some(Errno::ENETUNREACH),
            TraceEnd::NoSuchHost | TraceEnd::OtherNetwork => Some(Errno::EHOSTUNREACH),
        }
    }
}

fn hop(kind: HopKind, place: impl Into<String>) -> Hop {
    Hop { kind, place: place.into() }
}

impl Net {
    /// Decides where a connection from a namespace to an address goes. Changes nothing.
    pub fn route(&self, from: NetNsId, to: SocketAddrV4) -> Route {
        let mut r = Route {
            to,
            hops: Vec::new(),
            target: None,
            socket: None,
            end: TraceEnd::NoRoute,
            proxied: false,
            server: None,
        };
        let Some(ns) = self.namespaces.get(&from) else { return r };
        let host = NetNsId(0);
        if ns.owns(*to.ip()) || (from == host && self.own_bridges().any(|(_, b)| b.addr.0 == *to.ip())) {
            r.hops.push(hop(HopKind::Loopback, "lo"));
            let peer = if to.ip().is_unspecified() { Ipv4Addr::LOCALHOST } else { *to.ip() };
            return self.arrive(r, from, peer, SocketAddrV4::new(peer, to.port()));
        }
        // Pairs and bridges that were made by hand.
        let by_hand = |i: &crate::net::Interface| {
            let uplink = from == host && i.name == internet::UPLINK && i.peer.is_none();
            i.kind != LinkKind::Loopback && i.bridge.is_none() && !uplink
        };
        if ns.interfaces.iter().any(by_hand) {
            let beyond = self.internet.as_ref().map(|n| n.ns);
            match self.deliver(from, *to.ip(), 64) {
                crate::net::Delivery::Arrived { ns, .. } if Some(ns) == beyond => return self.over_uplink(r, to),
                crate::net::Delivery::Arrived { ns, source, .. } => return self.arrive(r, ns, source, to),
                crate::net::Delivery::Nobody { .. } | crate::net::Delivery::Dropped if from != host => {
                    r.end = TraceEnd::NoSuchHost;
                    return r;
                }
                _ => {}
            }
        }
        if from == host {
            let Some((name, bridge)) = self.own_bridges().find(|(_, b)| in_subnet(*to.ip(), b.addr)) else {
                return self.over_uplink(r, to);
            };
            r.hops.push(hop(HopKind::Bridge, name));
            return self.on_bridge(r, name, bridge.addr.0, to);
        }
        for i in &ns.interfaces {
            let Some(name) = &i.bridge else { continue };
            let Some(bridge) = self.bridges.get(name) else { continue };
            if !in_subnet(*to.ip(), i.addr) {
                continue;
            }
            r.hops.push(hop(HopKind::Bridge, name));
            if *to.ip() == bridge.addr.0 && bridge.parent.is_none() {
                return self.arrive(r, host, i.addr.0, to);
            }
            return self.on_bridge(r, name, i.addr.0, to);
        }
        // By the default route through a bridge to the host: its own addresses answer, other
        // bridges are cut off (Docker's isolation rules), and there is no internet yet.
        let way_out = ns
            .interfaces
            .iter()
            .find_map(|i| Some((i, self.bridges.get(i.bridge.as_ref()?)?)).filter(|(_, b)| !b.internal));
        if let Some((_, b)) = way_out.filter(|(_, b)| b.parent.is_some()) {
            r.hops.push(hop(HopKind::Bridge, b.parent.clone().unwrap_or_default()));
            let offline = Route { end: TraceEnd::NoSuchHost, ..r.clone() };
            return if self.is_on_uplink(b) { self.over_uplink(r, to) } else { offline };
        }
        if let Some((i, _)) = way_out {
            r.hops.push(hop(HopKind::Bridge, i.bridge.clone().unwrap_or_default()));
            if self.own_bridges().any(|(_, b)| b.addr.0 == *to.ip())
                || self.namespaces.get(&host).is_some_and(|h| h.owns(*to.ip()))
            {
                return self.arrive(r, host, i.addr.0, to);
            }
            if self.own_bridges().any(|(_, b)| in_subnet(*to.ip(), b.addr)) {
                r.end = TraceEnd::OtherNetwork;
                return r;
            }
            let offline = r.clone();
            r = self.over_uplink(r, to);
            if r.end == TraceEnd::NoRoute {
                r = Route { end: TraceEnd::NoSuchHost, ..offline };
            }
        }
        r
    }

    /// Out of the host, to the internet.
    fn over_uplink(&self, mut r: Route, to: SocketAddrV4) -> Route {
        let Some(net) = self.online() else { return r };
        r.hops.push(hop(HopKind::Internet, net.name_of(*to.ip()).unwrap_or("the internet")));
        r.server = net.server(to).cloned();
        r.end = match (&r.server, net.has(*to.ip())) {
            (Some(_), _) => TraceEnd::Connected,
            (None, true) => TraceEnd::NothingListens,
            (None, false) => TraceEnd::NoSuchHost,
        };
        r.target = Some((net.ns, internet::ADDRESS.0));
        r
    }

    fn on_bridge(&self, mut r: Route, bridge: &str, peer: Ipv4Addr, to: SocketAddrV4) -> Route {
        let member = self
            .namespaces
            .iter()
            .find(|(_, ns)| ns.interfaces.iter().any(|i| i.bridge.as_deref() == Some(bridge) && i.addr.0 == *to.ip()));
        match member {
            Some((id, _)) => self.arrive(r, *id, peer, to),
            None => {
                r.end = TraceEnd::NoSuchHost;
                r
            }
        }
    }

    /// In the namespace of the address: to the socket, or through a published port.
    fn arrive(&self, mut r: Route, ns: NetNsId, peer: Ipv4Addr, to: SocketAddrV4) -> Route {
        let Some(space) = self.namespaces.get(&ns) else { return r };
        r.to = to;
        if ns != NetNsId(0) {
            r.hops.push(hop(HopKind::Namespace, to.ip().to_string()));
        }
        r.target = Some((ns, peer));
        let listening = |id: &SockId| {
            self.sockets.get(id).is_some_and(|s| matches!(s.state, crate::net::SockState::Listening { .. }))
        };
        if let Some(id) = space.bound(*to.ip(), to.port()).filter(listening) {
            r.hops.push(hop(HopKind::Socket, to.to_string()));
            (r.socket, r.end) = (Some(id), TraceEnd::Connected);
            return r;
        }
        if ns == NetNsId(0)
            && let Some(inner) = self.published_to(*to.ip(), to.port())
        {
            r.hops.push(hop(HopKind::PublishedPort, format!("{}", to.port())));
            let Some((name, b)) = self.bridges.iter().find(|(_, b)| in_subnet(*inner.ip(), b.addr)) else { return r };
            r.hops.push(hop(HopKind::Bridge, name));
            let mut inside = self.on_bridge(r, name, b.addr.0, inner);
            inside.proxied = inside.end != TraceEnd::Connected;
            return inside;
        }
        let elsewhere = space.ports.get(&to.port()).is_some_and(|l| l.iter().any(|(_, s)| listening(s)));
        r.end = if elsewhere { TraceEnd::OtherAddress } else { TraceEnd::NothingListens };
        r
    }

    /// Where a published host port leads.
    pub fn published_to(&self, ip: Ipv4Addr, port: u16) -> Option<SocketAddrV4> {
        let exact = self.published.get(&(ip, port));
        exact.or_else(|| self.published.get(&(Ipv4Addr::UNSPECIFIED, port))).copied()
    }

    /// Where a published host port of UDP leads: the address inside, the socket there if there is one, and
    /// the bridge's address, from which it seems to come.
    pub(crate) fn published_udp_to(&self, ip: Ipv4Addr, port: u16) -> Option<(SocketAddrV4, Option<SockId>, Ipv4Addr)> {
        let exact = self.published_udp.get(&(ip, port));
        let inner = *exact.or_else(|| self.published_udp.get(&(Ipv4Addr::UNSPECIFIED, port)))?;
        let (name, bridge) = self.bridges.iter().find(|(_, b)| in_subnet(*inner.ip(), b.addr))?;
        let member = |n: &crate::net::NetNs| {
            n.interfaces.iter().any(|i| i.bridge.as_ref() == Some(name) && i.addr.0 == *inner.ip())
        };
        let there = self.namespaces.iter().find(|(_, n)| member(n))?;
        Some((inner, self.udp_bound(*there.0, *inner.ip(), inner.port()), bridge.addr.0))
    }
}
