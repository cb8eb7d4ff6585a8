//! The internet that the machine is connected to: names, and servers at addresses. Its servers are
//! processes of other machines: no process list of this one shows them, and each connection gets one
//! of its own, as from inetd(8).

use std::net::{Ipv4Addr, SocketAddrV4};

use crate::sorted::SortedMap;
use crate::syscall::{MntNsId, NetNsId};

/// The host's interface that leads there.
pub const UPLINK: &str = "eth0";
/// The host's address on it.
pub const ADDRESS: (Ipv4Addr, u8) = (Ipv4Addr::new(10, 0, 2, 15), 24);
/// The router.
pub const GATEWAY: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 2);

/// Who is out there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Internet {
    /// Names and their addresses.
    pub names: SortedMap<String, Ipv4Addr>,
    /// Command lines of the programs that answer, by address and port; the connection is their
    /// standard input and output.
    pub servers: SortedMap<(Ipv4Addr, u16), Vec<String>>,
    /// The files that the servers share.
    pub files: MntNsId,
    /// Where they are.
    pub ns: NetNsId,
}

/// What an internet is made of.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// Its name.
    pub name: &'static str,
    /// Its address.
    pub addr: Ipv4Addr,
    /// The port that it answers at, and the command line of what answers.
    pub server: Option<(u16, &'static [&'static str])>,
}

impl Internet {
    /// Whether somebody has this address.
    pub fn has(&self, ip: Ipv4Addr) -> bool {
        self.names.iter().any(|(_, a)| *a == ip)
    }

    /// The name of an address.
    pub fn name_of(&self, ip: Ipv4Addr) -> Option<&str> {
        self.names.iter().find(|(_, a)| **a == ip).map(|(n, _)| n.as_str())
    }

    /// What answers there.
    pub fn server(&self, to: SocketAddrV4) -> Option<&Vec<String>> {
        self.servers.get(&(*to.ip(), to.port()))
    }
}

impl super::Net {
    /// The internet, where the host has a way to it: its interface is up, and a default route leads over it.
    pub fn online(&self) -> Option<&Internet> {
        let host = self.namespaces.get(&NetNsId(0))?;
        let up = host.interfaces.iter().any(|i| i.name == UPLINK && i.up);
        let routed = host.routes.iter().any(|r| r.to.1 == 0 && r.dev == UPLINK);
        self.internet.as_ref().filter(|_| up && routed)
    }

    /// The host's default route over its uplink.
    pub(crate) fn route_out(&mut self) {
        let Some(host) = self.namespaces.get_mut(&NetNsId(0)) else { return };
        let to = (Ipv4Addr::UNSPECIFIED, 0);
        if !host.routes.iter().any(|r| r.to == to) {
            host.routes.push(super::RouteInfo { to, via: Some(GATEWAY), dev: UPLINK.to_owned(), src: None });
        }
    }

    /// The internet, where processes of this namespace have a way to it.
    pub fn online_from(&self, ns: NetNsId) -> Option<&Internet> {
        let leads_out = |b: &super::Bridge| if b.parent.is_some() { self.is_on_uplink(b) } else { !b.internal };
        let out = ns == NetNsId(0)
            || self
                .namespaces
                .get(&ns)?
                .interfaces
                .iter()
                .any(|i| i.up && i.bridge.as_ref().and_then(|b| self.bridges.get(b)).is_some_and(leads_out));
        self.online().filter(|_| out)
    }
}

impl crate::System {
    /// Connects the machine to an internet: the host gets its uplink and a default route, the servers a
    /// file system of their own, whose executables are these sites' programs.
    ///
    /// # Errors
    /// It is connected already.
    pub fn plug(&mut self, sites: &[Site]) -> Result<(), crate::Errno> {
        if self.net.internet.is_some() {
            return Err(crate::Errno::EEXIST);
        }
        let mut tree = crate::vfs::Tree::new();
        for dir in ["/srv", "/tmp"] {
            tree.mkdir_all(dir)?;
        }
        let mut net = Internet::default();
        for site in sites {
            net.names.insert(site.name.to_owned(), site.addr);
            let Some((port, argv)) = site.server else { continue };
            if let Some(program) = argv.first() {
                let file = crate::vfs::Inode::file(crate::stub::executable(program, ""), 0o755);
                tree.insert(&format!("/{program}"), file)?;
            }
            net.servers.insert((site.addr, port), argv.iter().map(|a| (*a).to_owned()).collect());
        }
        let fs = self.add_fs(crate::vfs::FsKind::Tmpfs, tree);
        net.files = self.mount_namespace(fs, false, &[])?;
        net.ns = NetNsId(self.net.next_ns);
        self.net.next_ns += 1;
        self.net.namespaces.insert(net.ns, super::NetNs::with_loopback());
        let index = self.net.next_index(NetNsId(0)).unwrap_or(2);
        if let Some(host) = self.net.namespaces.get_mut(&NetNsId(0)) {
            host.interfaces.push(super::Interface {
                index,
                name: UPLINK.to_owned(),
                mac: "52:54:00:12:34:56".to_owned(),
                addr: ADDRESS,
                addr6: Vec::new(),
                bridge: None,
                peer_index: None,
                kind: super::LinkKind::Veth,
                up: true,
                peer: None,
                master: None,
            });
        }
        self.net.route_out();
        self.net.internet = Some(net);
        Ok(())
    }
}
