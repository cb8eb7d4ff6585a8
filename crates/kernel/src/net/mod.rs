//! The network: namespaces with interfaces, bridges, published ports, stream sockets, names, traces.

pub mod deliver;
pub mod dns;
pub mod internet;
pub mod route;
pub mod socket;
pub mod tls;
pub mod trace;
pub mod view;

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4};

use crate::sorted::SortedMap;
use crate::syscall::{NetNsId, Pid};

pub use deliver::Delivery;
pub use internet::{Internet, Site};
pub use route::Route;
pub use socket::{Datagram, SockId, SockState, Socket, inode_number};
pub use trace::{Hop, HopKind, PortState, Trace, TraceEnd};
pub use view::{Counters, RouteInfo, link_local};

/// A network namespace as a caller names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NsRef {
    /// That of a process, by its number in the caller's pid namespace.
    Of(u32),
    /// The one that an open file stands for.
    Open(crate::syscall::Fd),
}

/// A change of the network, as `ip`, `iptables` and the engine's proxy make it. Root only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NetOp {
    /// A network namespace with a loopback interface; answers its number.
    NsNew,
    /// Takes a namespace away, its interfaces with it.
    NsDrop(NetNsId),
    /// A bridge in the host's namespace with the gateway's address. `EEXIST` if the name is taken.
    BridgeNew {
        /// e.g. `docker0`.
        name: String,
        /// The bridge's own address.
        addr: Ipv4Addr,
        /// Prefix length.
        prefix: u8,
        /// No way out, and none in.
        internal: bool,
    },
    /// Sets the longest packet on a bridge and on its members' interfaces.
    BridgeMtu {
        /// Its name.
        name: String,
        /// Bytes.
        mtu: u32,
    },
    /// Takes a bridge away.
    BridgeDrop {
        /// Its name.
        name: String,
    },
    /// A veth pair: an interface in the namespace, its peer on the bridge.
    Attach {
        /// Which namespace.
        ns: NetNsId,
        /// Which bridge.
        bridge: String,
        /// Name inside, e.g. `eth0`.
        ifname: String,
        /// Address inside.
        addr: Ipv4Addr,
        /// Its address of IPv6 and the prefix length.
        addr6: Option<(Ipv6Addr, u8)>,
        /// MAC address.
        mac: String,
    },
    /// Makes a network of a bridge that lies on an interface of the host, as `macvlan` and `ipvlan` do it.
    BridgeDirect {
        /// Its name.
        name: String,
        /// The interface of the host.
        parent: String,
    },
    /// The address of IPv6 of a bridge, and the prefix length.
    BridgeAddr6 {
        /// Its name.
        name: String,
        /// The bridge's own address.
        addr: Ipv6Addr,
        /// Prefix length.
        prefix: u8,
    },
    /// Takes the interface away.
    Detach {
        /// Which namespace.
        ns: NetNsId,
        /// Name inside.
        ifname: String,
    },
    /// Forwards a host port; host port 0 takes a free one from 32768 on. Answers the port.
    /// `EADDRINUSE` if a program of the host listens there.
    Publish {
        /// Host address; 0.0.0.0 for all.
        host_ip: Ipv4Addr,
        /// Host port.
        host_port: u16,
        /// Where to.
        to: SocketAddrV4,
        /// UDP, not TCP.
        udp: bool,
    },
    /// Ends a forwarding.
    Unpublish {
        /// UDP, not TCP.
        udp: bool,
        /// Host address.
        host_ip: Ipv4Addr,
        /// Host port.
        host_port: u16,
    },
    /// A name that the bridge's members can resolve (the embedded DNS server's table).
    NameAdd {
        /// Which bridge.
        bridge: String,
        /// Name.
        name: String,
        /// Address.
        addr: Ipv4Addr,
    },
    /// Names an address for who asks for its name.
    NamePointer {
        /// Which bridge.
        bridge: String,
        /// Name.
        name: String,
        /// Address.
        addr: Ipv4Addr,
    },
    /// `ip link add`: in the caller's namespace; a veth pair has a second name.
    LinkAdd {
        /// Its name.
        name: String,
        /// What it is.
        kind: LinkKind,
        /// Name of the other end.
        peer: Option<String>,
    },
    /// `ip link del`, with the other end.
    LinkDel {
        /// Its name.
        name: String,
    },
    /// `ip link set`.
    LinkSet {
        /// Its name.
        name: String,
        /// Up or down.
        up: Option<bool>,
        /// A port of this bridge; of none, if empty.
        master: Option<String>,
        /// Into this network namespace.
        netns: Option<NsRef>,
        /// Its new name.
        rename: Option<String>,
        /// Its new MAC address.
        mac: Option<String>,
    },
    /// `ip addr add`.
    AddrAdd {
        /// Of which interface.
        dev: String,
        /// The address.
        addr: Ipv4Addr,
        /// Prefix length.
        prefix: u8,
    },
    /// `ip addr del`.
    AddrDel {
        /// Of which interface.
        dev: String,
        /// The address.
        addr: Ipv4Addr,
    },
    /// `ip route add`.
    RouteAdd(RouteInfo),
    /// `ip route del`.
    RouteDel {
        /// Network and prefix length.
        to: (Ipv4Addr, u8),
    },
    /// Where a connection of a process would go, hop by hop; nothing is sent. Answers [`crate::Ret::Way`].
    Way {
        /// Host number of the process; 0: the caller.
        of: Pid,
        /// Name or address.
        host: String,
        /// Port.
        port: u16,
    },
    /// Takes all names of an address away.
    NameDrop {
        /// Which bridge.
        bridge: String,
        /// Address.
        addr: Ipv4Addr,
    },
}

/// An interface of a namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Interface {
    /// Number, unique in its namespace.
    pub index: u32,
    /// Name.
    pub name: String,
    /// MAC address.
    pub mac: String,
    /// Address and prefix length.
    pub addr: (Ipv4Addr, u8),
    /// The same of IPv6. They are shown; nothing is sent by IPv6.
    pub addr6: Vec<(Ipv6Addr, u8)>,
    /// The bridge that the other end hangs on.
    pub bridge: Option<String>,
    /// The other end's number.
    pub peer_index: Option<u32>,
    /// What it is.
    pub kind: LinkKind,
    /// It carries packets.
    pub up: bool,
    /// The other end of a veth pair that was made by hand: namespace and number.
    pub peer: Option<(NetNsId, u32)>,
    /// The bridge of its namespace that it is a port of.
    pub master: Option<String>,
}

/// What an interface is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// `lo`.
    Loopback,
    /// One end of a pair.
    #[default]
    Veth,
    /// A bridge.
    Bridge,
    /// It leads nowhere.
    Dummy,
}

/// A network namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NetNs {
    /// Its interfaces, loopback first.
    pub interfaces: Vec<Interface>,
    /// Listening and bound TCP sockets by port, with the address that they are bound to.
    pub ports: SortedMap<u16, Vec<(Ipv4Addr, SockId)>>,
    /// Bound UDP sockets by port.
    pub udp: SortedMap<u16, Vec<(Ipv4Addr, SockId)>>,
    /// Routes that were made by hand.
    pub routes: Vec<RouteInfo>,
    /// The last port that was given out by itself.
    pub last_ephemeral: u16,
    /// The number that its latest interface got.
    pub last_index: u32,
    /// It was made by `unshare`: it goes with its last process.
    pub unshared: bool,
}

impl NetNs {
    /// A namespace with `lo` only.
    pub fn with_loopback() -> Self {
        let lo = Interface {
            index: 1,
            name: "lo".to_owned(),
            mac: "00:00:00:00:00:00".to_owned(),
            addr: (Ipv4Addr::LOCALHOST, 8),
            addr6: vec![(Ipv6Addr::LOCALHOST, 128)],
            bridge: None,
            peer_index: None,
            kind: LinkKind::Loopback,
            up: true,
            peer: None,
            master: None,
        };
        Self {
            interfaces: vec![lo],
            ports: SortedMap::new(),
            udp: SortedMap::new(),
            routes: Vec::new(),
            last_ephemeral: 32767,
            last_index: 1,
            unshared: false,
        }
    }

    /// Whether the address is one of its own (all of 127.0.0.0/8 is).
    pub fn owns(&self, addr: Ipv4Addr) -> bool {
        let lo = self.interfaces.iter().any(|i| i.kind == LinkKind::Loopback && i.up);
        addr.is_unspecified() || (addr.is_loopback() && lo) || self.interfaces.iter().any(|i| i.addr.0 == addr)
    }

    /// The socket that listens or is bound on this port for this address.
    pub fn bound(&self, addr: Ipv4Addr, port: u16) -> Option<SockId> {
        let list = self.ports.get(&port)?;
        list.iter().find(|(a, _)| *a == addr || a.is_unspecified()).map(|(_, s)| *s)
    }
}

/// A bridge.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bridge {
    /// Its number as an interface.
    pub index: u32,
    /// Its own address and prefix length.
    pub addr: (Ipv4Addr, u8),
    /// The same of IPv6.
    pub addr6: Option<(Ipv6Addr, u8)>,
    /// No way out, and none in.
    pub internal: bool,
    /// It is no bridge, but lies on this interface of the host (`macvlan`, `ipvlan`): members reach each other
    /// and what is beyond the interface, not the host. Its address is that of a router there.
    pub parent: Option<String>,
    /// The longest packet on it, bytes.
    pub mtu: u32,
    /// Names that its members can resolve.
    pub names: SortedMap<String, Vec<Ipv4Addr>>,
    /// The names of addresses (`PTR`).
    pub pointers: SortedMap<Ipv4Addr, String>,
}

/// All of the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Net {
    /// Namespaces; number 0 is the host's.
    pub namespaces: SortedMap<NetNsId, NetNs>,
    /// Bridges of the host by name.
    pub bridges: SortedMap<String, Bridge>,
    /// Published ports: host address and port to where.
    pub published: SortedMap<(Ipv4Addr, u16), SocketAddrV4>,
    /// The same of UDP.
    pub published_udp: SortedMap<(Ipv4Addr, u16), SocketAddrV4>,
    /// Datagrams that went through a published port: the sender's port and who answers, to the sender and the
    /// address that it knows (`conntrack(8)`).
    pub(crate) flows: SortedMap<(u16, SocketAddrV4), (SockId, SocketAddrV4)>,
    /// Sockets.
    pub sockets: SortedMap<SockId, Socket>,
    /// Bound unix sockets by file system, inode.
    pub unix: SortedMap<(u32, u64), SockId>,
    /// The latest connections, oldest first; at most [`trace::KEPT`].
    pub traces: Vec<Trace>,
    /// Bytes and packets by namespace and interface.
    pub counters: SortedMap<(NetNsId, String), Counters>,
    /// What is beyond the host's own networks, if it is connected to something.
    pub internet: Option<Internet>,
    pub(crate) next_sock: u32,
    pub(crate) next_ns: u32,
    pub(crate) next_trace: u64,
}

impl Net {
    /// A number for a new interface: each namespace counts its own.
    pub(crate) fn next_index(&mut self, ns: NetNsId) -> Option<u32> {
        let space = self.namespaces.get_mut(&ns)?;
        space.last_index += 1;
        Some(space.last_index)
    }

    /// Takes a namespace away, with its interfaces.
    pub(crate) fn drop_namespace(&mut self, ns: NetNsId) {
        let gone = self.namespaces.remove(&ns);
        // The other ends of its pairs go with it.
        for (other, index) in gone.iter().flat_map(|n| &n.interfaces).filter_map(|i| i.peer) {
            if let Some(n) = self.namespaces.get_mut(&other) {
                n.interfaces.retain(|i| i.index != index);
            }
        }
        self.counters.retain(|(n, _), _| *n != ns);
    }
}

/// Whether an address is in a subnet.
pub fn in_subnet(addr: Ipv4Addr, (net, prefix): (Ipv4Addr, u8)) -> bool {
    let mask = if prefix == 0 { 0 } else { u32::MAX << (32 - u32::from(prefix.min(32))) };
    u32::from(addr) & mask == u32::from(net) & mask
}
