//! Where a packet goes, from namespace to namespace, over pairs and bridges. Changes nothing.

use std::net::Ipv4Addr;

use crate::net::{Interface, LinkKind, Net, RouteInfo, SockId, in_subnet, internet};
use crate::syscall::NetNsId;

/// How a packet ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// In this namespace; the sender's address as it is seen there, and how many networks it crossed.
    Arrived {
        /// Which.
        ns: NetNsId,
        /// The sender's address.
        source: Ipv4Addr,
        /// Networks on the way.
        hops: u32,
    },
    /// There is no way to that network.
    NoRoute,
    /// The network is there, but nobody on it has the address.
    Nobody {
        /// Who looked for it.
        asked: Ipv4Addr,
    },
    /// Its time to live was used up at a router.
    Expired {
        /// The router's address.
        at: Ipv4Addr,
        /// Networks on the way.
        hops: u32,
    },
    /// A firewall took it, without a word.
    Dropped,
}

/// Who is on a network: namespace, address.
type Member = (NetNsId, Ipv4Addr);

impl Net {
    fn has(&self, ns: NetNsId, ip: Ipv4Addr) -> bool {
        self.namespaces.get(&ns).is_some_and(|n| n.owns(ip))
            || (ns == NetNsId(0) && self.own_bridges().any(|(_, b)| b.addr.0 == ip))
    }

    fn link(&self, ns: NetNsId, index: u32) -> Option<&Interface> {
        self.namespaces.get(&ns)?.interfaces.iter().find(|i| i.index == index)
    }

    /// Who can be reached from a bridge, the bridge itself included.
    fn on_switch(&self, ns: NetNsId, bridge: &str) -> Vec<Member> {
        let mut list = Vec::new();
        if ns == NetNsId(0)
            && let Some(b) = self.bridges.get(bridge)
        {
            if b.parent.is_none() {
                list.push((ns, b.addr.0));
            }
            for (other, space) in &self.namespaces {
                let members = space.interfaces.iter().filter(|i| i.bridge.as_deref() == Some(bridge));
                list.extend(members.map(|i| (*other, i.addr.0)));
            }
        }
        let Some(space) = self.namespaces.get(&ns) else { return list };
        list.extend(space.interfaces.iter().filter(|i| i.name == bridge && i.up).map(|i| (ns, i.addr.0)));
        for port in space.interfaces.iter().filter(|i| i.master.as_deref() == Some(bridge) && i.up) {
            if let Some((there, index)) = port.peer
                && let Some(i) = self.link(there, index).filter(|i| i.up)
            {
                list.push((there, i.addr.0));
            }
        }
        list
    }

    /// Who is on the network of an interface.
    fn segment(&self, ns: NetNsId, dev: &str) -> Vec<Member> {
        if ns == NetNsId(0) && self.bridges.contains_key(dev) {
            return self.on_switch(ns, dev);
        }
        let Some(space) = self.namespaces.get(&ns) else { return Vec::new() };
        let Some(i) = space.interfaces.iter().find(|i| i.name == dev && i.up) else { return Vec::new() };
        if i.kind == LinkKind::Bridge {
            return self.on_switch(ns, dev);
        }
        if let Some(bridge) = &i.bridge {
            return self.on_switch(NetNsId(0), bridge);
        }
        let Some((there, index)) = i.peer else { return Vec::new() };
        let Some(other) = self.link(there, index).filter(|o| o.up) else { return Vec::new() };
        match &other.master {
            Some(bridge) => self.on_switch(there, bridge),
            None => vec![(there, other.addr.0)],
        }
    }

    /// The route that an address takes: the one with the longest prefix.
    pub fn route_to(&self, ns: NetNsId, ip: Ipv4Addr) -> Option<RouteInfo> {
        self.routes(ns).into_iter().filter(|r| in_subnet(ip, r.to)).max_by_key(|r| r.to.1)
    }

    /// The own address on an interface.
    fn source(&self, ns: NetNsId, dev: &str) -> Ipv4Addr {
        let own = self.interfaces(ns).into_iter().find(|i| i.name == dev);
        own.and_then(|i| i.addr).map_or(Ipv4Addr::UNSPECIFIED, |a| a.0)
    }

    /// Decides where a packet goes.
    pub fn deliver(&self, from: NetNsId, to: Ipv4Addr, ttl: u8) -> Delivery {
        let (mut ns, mut hops, mut source) = (from, 0_u32, None);
        if self.has(ns, to) {
            let to = if to.is_unspecified() { Ipv4Addr::LOCALHOST } else { to };
            return Delivery::Arrived { ns, source: to, hops: 0 };
        }
        let mut came_by: Option<String> = None;
        loop {
            let Some(route) = self.route_to(ns, to) else {
                return match source {
                    None => Delivery::NoRoute,
                    Some(_) => Delivery::Nobody { asked: self.router_address(ns, came_by.as_deref()) },
                };
            };
            let host = ns == NetNsId(0);
            if host && let Some(came) = &came_by {
                // Docker's rules: one bridge does not reach another, an internal one nothing.
                let docker = |n: &String| self.bridges.get(n);
                let internal = docker(came).is_some_and(|b| b.internal);
                if internal || (docker(came).is_some() && docker(&route.dev).is_some() && *came != route.dev) {
                    return Delivery::Dropped;
                }
            }
            let own = self.source(ns, &route.dev);
            let me = *source.get_or_insert(own);
            let next = route.via.unwrap_or(to);
            hops += 1;
            let on_uplink = |i: &Interface| {
                i.name == route.dev
                    && i.bridge.as_ref().and_then(|b| self.bridges.get(b)).is_some_and(|b| self.is_on_uplink(b))
            };
            if next == internet::GATEWAY
                && self.namespaces.get(&ns).is_some_and(|n| n.interfaces.iter().any(on_uplink))
                && let Some(net) = self.online()
            {
                return match net.has(to) || to == internet::GATEWAY {
                    true if hops >= u32::from(ttl) && to != internet::GATEWAY => {
                        Delivery::Expired { at: internet::GATEWAY, hops }
                    }
                    true => Delivery::Arrived { ns: net.ns, source: me, hops: hops + 1 },
                    false => Delivery::Dropped,
                };
            }
            if host
                && route.dev == internet::UPLINK
                && let Some(net) = self.online()
            {
                // The router, and then whoever it is; nobody says that there is none.
                return match net.has(to) || to == internet::GATEWAY {
                    true if hops >= u32::from(ttl) && to != internet::GATEWAY => {
                        Delivery::Expired { at: internet::GATEWAY, hops }
                    }
                    true => Delivery::Arrived { ns: net.ns, source: internet::ADDRESS.0, hops: hops + 1 },
                    false => Delivery::Dropped,
                };
            }
            let Some((there, _)) = self.segment(ns, &route.dev).into_iter().find(|(_, a)| *a == next) else {
                return Delivery::Nobody { asked: own };
            };
            if self.has(there, to) {
                return Delivery::Arrived { ns: there, source: me, hops };
            }
            if hops >= u32::from(ttl) {
                return Delivery::Expired { at: next, hops };
            }
            // Only the host forwards, and what came in by a bridge goes out of another interface.
            if there != NetNsId(0) || hops > 16 {
                return Delivery::Nobody { asked: next };
            }
            came_by = self.interfaces(there).into_iter().find(|i| i.addr.is_some_and(|a| a.0 == next)).map(|i| i.name);
            ns = there;
        }
    }

    fn router_address(&self, ns: NetNsId, dev: Option<&str>) -> Ipv4Addr {
        dev.map_or(Ipv4Addr::UNSPECIFIED, |d| self.source(ns, d))
    }

    /// The UDP socket that is bound to this address and port.
    pub(crate) fn udp_bound(&self, ns: NetNsId, ip: Ipv4Addr, port: u16) -> Option<SockId> {
        let list = self.namespaces.get(&ns)?.udp.get(&port)?;
        list.iter().find(|(a, _)| *a == ip || a.is_unspecified()).map(|(_, s)| *s)
    }

    /// Counts a packet and its answer on the interfaces at both ends.
    pub(crate) fn count(&mut self, from: NetNsId, way: &Delivery, bytes: u64) {
        let Delivery::Arrived { ns, hops, .. } = way else { return };
        let first = |net: &Self, ns: NetNsId| {
            let list = net.interfaces(ns);
            let found = if *hops == 0 { list.first() } else { list.iter().find(|i| i.index > 1 && i.up) };
            found.map(|i| i.name.clone())
        };
        for (n, out) in [(from, true), (*ns, false)] {
            let Some(name) = first(self, n) else { continue };
            let c = self.counters.entry((n, name)).or_default();
            let (b, p) = if out { (&mut c.tx_bytes, &mut c.tx_packets) } else { (&mut c.rx_bytes, &mut c.rx_packets) };
            (*b, *p) = (*b + bytes + 28, *p + 1);
        }
    }
}
