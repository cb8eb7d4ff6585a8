//! What a namespace's processes see of the network: interfaces, routes, neighbours.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::net::{LinkKind, Net, in_subnet};
use crate::sorted;
use crate::syscall::{InterfaceInfo, NetNsId};

/// What an interface has carried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counters {
    /// Bytes in.
    pub rx_bytes: u64,
    /// Packets in.
    pub rx_packets: u64,
    /// Bytes out.
    pub tx_bytes: u64,
    /// Packets out.
    pub tx_packets: u64,
}

/// A route as `ip route` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RouteInfo {
    /// Network and prefix length; 0.0.0.0/0 is the default.
    pub to: (Ipv4Addr, u8),
    /// The gateway.
    pub via: Option<Ipv4Addr>,
    /// Through which interface.
    pub dev: String,
    /// The own address on it.
    pub src: Option<Ipv4Addr>,
}

/// The network that an address with a prefix is in.
fn network((addr, prefix): (Ipv4Addr, u8)) -> (Ipv4Addr, u8) {
    let mask = if prefix == 0 { 0 } else { u32::MAX << (32 - u32::from(prefix.min(32))) };
    (Ipv4Addr::from(u32::from(addr) & mask), prefix)
}

/// The address that an interface gives itself on its link, from its MAC address (RFC 4291, appendix A).
pub fn link_local(mac: &str) -> Ipv6Addr {
    let bytes: Vec<u16> = mac.split(':').map(|b| u16::from_str_radix(b, 16).unwrap_or(0)).collect();
    let byte = |i: usize| bytes.get(i).copied().unwrap_or(0);
    let pair = |a: u16, b: u16| a << 8 | b;
    let first = pair(byte(0) ^ 2, byte(1));
    Ipv6Addr::new(0xfe80, 0, 0, 0, first, pair(byte(2), 0xff), pair(0xfe, byte(3)), pair(byte(4), byte(5)))
}

impl Net {
    /// A namespace's interfaces, by number.
    pub fn interfaces(&self, ns: NetNsId) -> Vec<InterfaceInfo> {
        let Some(space) = self.namespaces.get(&ns) else { return Vec::new() };
        let mut list: Vec<InterfaceInfo> = space
            .interfaces
            .iter()
            .map(|i| InterfaceInfo {
                index: i.index,
                name: i.name.clone(),
                mac: i.mac.clone(),
                addr: Some(i.addr).filter(|a| !a.0.is_unspecified()),
                addr6: if i.up { i.addr6.clone() } else { Vec::new() },
                peer_index: i.peer_index,
                peer_here: i.peer.is_some_and(|p| p.0 == ns),
                kind: i.kind,
                up: i.up,
                mtu: self.mtu(i),
                master: i.master.clone(),
            })
            .collect();
        if ns == NetNsId(0) {
            let bridges = self.own_bridges();
            list.extend(bridges.map(|(name, b)| {
                InterfaceInfo {
                    index: b.index,
                    name: name.clone(),
                    mac: format!("02:42:00:00:00:{:02x}", b.index),
                    addr: Some(b.addr),
                    addr6: b
                        .addr6
                        .iter()
                        .flat_map(|a| [*a, (link_local(&format!("02:42:00:00:00:{:02x}", b.index)), 64)])
                        .collect(),
                    peer_index: None,
                    peer_here: false,
                    kind: LinkKind::Bridge,
                    up: true,
                    mtu: b.mtu,
                    master: None,
                }
            }));
            // The host's ends of the pairs that Docker makes.
            let inside = self.namespaces.values().flat_map(|n| &n.interfaces);
            let pairs = inside.filter(|i| i.bridge.as_ref().is_some_and(|b| !self.is_direct(b)));
            list.extend(pairs.filter_map(|i| {
                Some(InterfaceInfo {
                    index: i.peer_index?,
                    name: format!("veth{:07x}", (u64::from(i.peer_index?) * 0x9e37_79b1) & 0xfff_ffff),
                    mac: format!("{}:fe", i.mac.get(..14).unwrap_or_default()),
                    addr: None,
                    addr6: Vec::new(),
                    peer_index: Some(i.index),
                    peer_here: false,
                    kind: LinkKind::Veth,
                    up: true,
                    mtu: self.mtu(i),
                    master: Some(i.bridge.clone()?),
                })
            }));
        }
        sorted::sort_by(&mut list, |a, b| a.index.cmp(&b.index));
        list
    }

    /// Whether a bridge is none, but lies on an interface of the host.
    pub(crate) fn is_direct(&self, bridge: &str) -> bool {
        self.bridges.get(bridge).is_some_and(|b| b.parent.is_some())
    }

    /// The bridges that the host has an address on.
    pub(crate) fn own_bridges(&self) -> impl Iterator<Item = (&String, &super::Bridge)> {
        self.bridges.iter().filter(|(_, b)| b.parent.is_none())
    }

    /// Whether members of this network get out of the host by its uplink, with addresses of that network.
    pub(crate) fn is_on_uplink(&self, b: &super::Bridge) -> bool {
        b.parent.as_deref() == Some(super::internet::UPLINK) && b.addr.0 == super::internet::GATEWAY && !b.internal
    }

    fn mtu(&self, i: &super::Interface) -> u32 {
        let bridge = i.bridge.as_ref().and_then(|b| self.bridges.get(b));
        bridge.map_or(if i.kind == LinkKind::Loopback { 65_536 } else { 1500 }, |b| b.mtu)
    }

    /// A namespace's routes, the default first.
    pub fn routes(&self, ns: NetNsId) -> Vec<RouteInfo> {
        let mut list = Vec::new();
        let Some(space) = self.namespaces.get(&ns) else { return list };
        let gateway = space.interfaces.iter().find_map(|i| {
            let b = self.bridges.get(i.bridge.as_ref()?).filter(|b| !b.internal)?;
            Some(RouteInfo { to: (Ipv4Addr::UNSPECIFIED, 0), via: Some(b.addr.0), dev: i.name.clone(), src: None })
        });
        list.extend(gateway);
        list.extend(space.routes.iter().cloned());
        sorted::sort_by(&mut list, |a, b| (a.to.1 > 0).cmp(&(b.to.1 > 0)));
        for i in self.interfaces(ns).into_iter().filter(|i| i.up) {
            if let Some(addr) = i.addr.filter(|a| !a.0.is_loopback() && a.1 < 32) {
                list.push(RouteInfo { to: network(addr), via: None, dev: i.name, src: Some(addr.0) });
            }
        }
        list
    }

    /// Addresses on the same networks: address, MAC, interface.
    pub fn neighbours(&self, ns: NetNsId) -> Vec<(Ipv4Addr, String, String)> {
        let mut list = Vec::new();
        for own in self.interfaces(ns) {
            let Some(addr) = own.addr.filter(|a| !a.0.is_loopback()) else { continue };
            for (other, space) in &self.namespaces {
                let there = space.interfaces.iter().filter(|i| *other != ns && i.bridge.is_some());
                let near = there.filter(|i| in_subnet(i.addr.0, addr));
                list.extend(near.map(|i| (i.addr.0, i.mac.clone(), own.name.clone())));
            }
        }
        list
    }
}
