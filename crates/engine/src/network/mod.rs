//! Networks: addresses, members, published ports.

mod create;
mod direct;
pub mod endpoint;
pub mod files;
mod ipam;
mod publish;
pub mod trace;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use layerlab_api::container::HostConfig;
use layerlab_api::network::{EndpointSettings, IpamConfig};
use layerlab_kernel::hash::hex;
use layerlab_kernel::net::NetOp;
use layerlab_kernel::{NetNsId, Sys};
use layerlab_oci::Timestamp;

use crate::container::Container;
use crate::context::{now, with};
use crate::error::ApiError;
use crate::state::EngineState;

/// A container's place in a network.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Member {
    /// 64 hexadecimal digits.
    pub endpoint: String,
    /// Its address.
    pub addr: Ipv4Addr,
    /// Its address of IPv6 and the prefix length.
    pub addr6: Option<(Ipv6Addr, u8)>,
    /// Its MAC address.
    pub mac: String,
    /// Its interface's name inside.
    pub interface: String,
}

/// A network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Network {
    /// 64 hexadecimal digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `bridge`, `macvlan`, `ipvlan`, `host`, `null`.
    pub driver: String,
    /// When it was made.
    pub created: Timestamp,
    /// Subnet and gateway of a bridge.
    pub subnet: Option<(Ipv4Addr, u8)>,
    /// Where new members get their addresses, if not in all of the subnet.
    pub ip_range: Option<(Ipv4Addr, u8)>,
    /// The bridge's own address.
    pub gateway: Option<Ipv4Addr>,
    /// Addresses that no member gets (`--aux-address`).
    pub reserved: BTreeMap<String, Ipv4Addr>,
    /// As asked for. Members have addresses of IPv6 then; nothing is sent by it on this machine.
    pub enable_ipv6: bool,
    /// Its subnets of IPv6.
    pub ipv6: Vec<IpamConfig>,
    /// The bridge's name on the host.
    pub bridge: Option<String>,
    /// No way out.
    pub internal: bool,
    /// Only settings, for others to be made from; nobody can join it.
    pub config_only: bool,
    /// The network that its settings come from.
    pub config_from: String,
    /// As asked for.
    pub attachable: bool,
    /// As asked for.
    pub labels: BTreeMap<String, String>,
    /// As asked for.
    pub options: BTreeMap<String, String>,
    /// Running containers in it, by ID.
    pub members: BTreeMap<String, Member>,
}

/// Networks that every daemon has.
const PREDEFINED: [(&str, &str); 3] = [("bridge", "bridge"), ("host", "host"), ("none", "null")];

/// Adds bridge, host and none; their IDs come from `random` (hexadecimal digits).
pub fn add_predefined(state: &mut EngineState, random: &str, wall_clock: i64) {
    let created = Timestamp::from_nanos(i128::from(wall_clock));
    for (i, (name, driver)) in PREDEFINED.into_iter().enumerate() {
        let digits: String = random.chars().cycle().skip(i * 61).take(64).collect();
        let bridged = driver == "bridge";
        let options = [
            ("com.docker.network.bridge.default_bridge", "true"),
            ("com.docker.network.bridge.enable_icc", "true"),
            ("com.docker.network.bridge.enable_ip_masquerade", "true"),
            ("com.docker.network.bridge.host_binding_ipv4", "0.0.0.0"),
            ("com.docker.network.bridge.name", "docker0"),
            ("com.docker.network.driver.mtu", "1500"),
        ];
        let network = Network {
            id: digits.clone(),
            name: name.to_owned(),
            driver: driver.to_owned(),
            created,
            subnet: bridged.then_some((Ipv4Addr::new(172, 17, 0, 0), 16)),
            gateway: bridged.then_some(Ipv4Addr::new(172, 17, 0, 1)),
            bridge: bridged.then(|| "docker0".to_owned()),
            options: if bridged { options.map(|(k, v)| (k.to_owned(), v.to_owned())).into() } else { BTreeMap::new() },
            ..Network::default()
        };
        state.networks.insert(digits, network.into());
    }
}

impl Network {
    /// Whether its members find each other by name.
    pub fn has_dns(&self) -> bool {
        self.bridge.is_some() && self.name != "bridge"
    }
    /// Whether the daemon made it itself.
    pub fn is_predefined(&self) -> bool {
        PREDEFINED.iter().any(|p| p.0 == self.name)
    }
}

impl EngineState {
    /// A network by name, ID, or the start of an ID.
    ///
    /// # Errors
    /// There is none, or several begin so.
    pub fn network(&self, name: &str) -> Result<&Network, ApiError> {
        let exact = self.networks.values().find(|n| n.name == name || n.id == name);
        if let Some(n) = exact {
            return Ok(n);
        }
        let mut found = self.networks.values().filter(|n| !name.is_empty() && n.id.starts_with(name));
        match (found.next(), found.next()) {
            (Some(n), None) => Ok(n),
            (Some(_), Some(_)) => {
                Err(ApiError::bad(format!("network {name} is ambiguous (2 matches found on ID prefix)")))
            }
            (None, _) => Err(ApiError::not_found(format!("network {name} not found"))),
        }
    }
}

/// The networks that a new container is to join. One that is missing is told at the start.
///
/// # Errors
/// `container:` of a container that isn't there.
pub fn wanted(
    state: &EngineState,
    host: &HostConfig,
    configs: BTreeMap<String, EndpointSettings>,
) -> Result<Vec<(String, EndpointSettings)>, ApiError> {
    let mode = host.network_mode.as_str();
    if let Some(other) = mode.strip_prefix("container:") {
        return match state.container(other) {
            Ok(_) => Ok(Vec::new()),
            // No 404: the client would pull the image.
            Err(e) => Err(ApiError::bad(format!("joining network namespace of container: {}", e.message))),
        };
    }
    let mut list: Vec<(String, EndpointSettings)> = configs
        .into_iter()
        .map(|(name, settings)| {
            (
                if name == "default" {
                    "bridge".to_owned()
                } else {
                    state.network(&name).map_or(name, |n| n.name.clone())
                },
                settings,
            )
        })
        .collect();
    for (name, settings) in &list {
        let asked: Vec<&str> = settings
            .ipam_config
            .iter()
            .flat_map(|i| [i.ipv4_address.as_str(), i.ipv6_address.as_str()])
            .filter(|a| !a.is_empty())
            .collect();
        let named = settings.aliases.as_ref().is_some_and(|a| !a.is_empty());
        if let Ok(network) = state.network(name) {
            ipam::check(network, &asked, named)?;
        }
    }
    let mode = state.network(mode).map_or(mode.to_owned(), |n| n.name.clone());
    if !list.iter().any(|n| n.0 == mode) {
        list.push((mode, EndpointSettings::default()));
    }
    Ok(list)
}

/// Joins a starting container to its networks; answers its namespace, and whether that is its own.
///
/// # Errors
/// A network is missing, addresses or ports are taken.
pub async fn join(sys: &Sys, container: &Container) -> Result<(NetNsId, bool), ApiError> {
    let mode = container.host.network_mode.as_str();
    if mode == "host" {
        return Ok((NetNsId(0), false));
    }
    if let Some(other) = mode.strip_prefix("container:") {
        let net = with(sys, |s| {
            let other = s.container(other)?;
            let why = || {
                ApiError::conflict(format!(
                    "cannot join network namespace of a non running container: container {} is {}",
                    other.name,
                    other.status.name()
                ))
            };
            other.net.ok_or_else(why)
        })??;
        return Ok((net, false));
    }
    let ns = NetNsId(sys.net(NetOp::NsNew).await? as u32);
    let result = attach_all(sys, container, ns).await;
    if let Err(e) = result {
        release(sys, &container.id).await;
        let _ = sys.net(NetOp::NsDrop(ns)).await;
        return Err(ApiError { message: format!("failed to set up container networking: {}", e.message), ..e });
    }
    Ok((ns, true))
}

async fn attach_all(sys: &Sys, container: &Container, ns: NetNsId) -> Result<(), ApiError> {
    for (name, settings) in &container.networks {
        attach(sys, container, ns, name, settings).await?;
    }
    publish::publish(sys, container).await
}

/// Joins one network.
///
/// # Errors
/// It is missing, or its addresses are taken.
pub async fn attach(
    sys: &Sys,
    container: &Container,
    ns: NetNsId,
    name: &str,
    settings: &EndpointSettings,
) -> Result<(), ApiError> {
    let random = sys.random(38).await?;
    let (endpoint, mac) = (hex(random.get(..32).unwrap_or_default()), mac(random.get(32..).unwrap_or_default()));
    let config = settings.ipam_config.clone().unwrap_or_default();
    let some = |text: String| Some(text).filter(|a| !a.is_empty());
    let (asked, asked6) = (some(config.ipv4_address), some(config.ipv6_address));
    let plan = with(sys, |s| {
        let network = s.network(name).map_err(|_| ApiError::not_found(format!("network {name} not found")))?;
        if network.config_only {
            let message = "cannot create endpoint on configuration-only network".to_owned();
            return Err(ApiError { status: 403, message });
        }
        let Some(bridge) = network.bridge.clone() else { return Ok::<_, ApiError>(None) };
        let addr = ipam::address(network, asked.as_deref())?;
        let interface = next_interface(s, &container.id);
        let addr6 = ipam::address6(network, asked6.as_deref())?;
        let found = (network.id.clone(), network.driver.clone(), bridge, network.has_dns());
        Ok(Some((found, addr, addr6, interface)))
    })??;
    let Some(((network, driver, bridge, dns), addr, addr6, interface)) = plan else { return Ok(()) };
    let mac = if settings.mac_address.is_empty() { mac } else { settings.mac_address.clone() };
    let (ifname, own_mac) = (interface.clone(), mac.clone());
    sys.net(NetOp::Attach { ns, bridge: bridge.clone(), ifname, addr, addr6, mac: own_mac }).await?;
    let at = now(sys);
    with(sys, |s| {
        if let Some(n) = s.networks.get_mut(&network) {
            n.members.insert(container.id.clone(), Member { endpoint, addr, addr6, mac, interface });
        }
        s.event(at, "network", "connect", &network, &[("container", &container.id), ("name", name), ("type", &driver)]);
    })?;
    if dns {
        let called = with(sys, |s| s.network(name).map(|n| n.name.clone()).unwrap_or_default())?;
        let pointer = format!("{}.{called}", container.name);
        sys.net(NetOp::NamePointer { bridge: bridge.clone(), name: pointer, addr }).await?;
        let all = names(container, settings);
        // They hold with the network's name after them, too (libnetwork `Sandbox.ResolveName`).
        let full: Vec<String> = all.iter().map(|n| format!("{n}.{called}")).collect();
        for name in all.into_iter().chain(full) {
            sys.net(NetOp::NameAdd { bridge: bridge.clone(), name, addr }).await?;
        }
    }
    Ok(())
}

/// The name of a container's next interface: one after the last that it has.
fn next_interface(state: &EngineState, id: &str) -> String {
    let of = |n: &crate::shared::Shared<Network>| n.members.get(id)?.interface.strip_prefix("eth")?.parse::<u32>().ok();
    let last = state.networks.values().filter_map(of).max();
    format!("eth{}", last.map_or(0, |n| n + 1))
}

/// Names under which a container is found in a network.
fn names(container: &Container, settings: &EndpointSettings) -> Vec<String> {
    let mut list = vec![container.name.clone()];
    list.extend(settings.aliases.clone().unwrap_or_default());
    list.push(container.short_id().to_owned());
    if !container.config.hostname.is_empty() {
        list.push(container.config.hostname.clone());
    }
    let mut seen = std::collections::BTreeSet::new();
    list.retain(|n| seen.insert(n.clone()));
    list
}

/// A random MAC address: locally administered, unicast.
fn mac(random: &[u8]) -> String {
    let byte = |i: usize| random.get(i).copied().unwrap_or(0);
    let parts: Vec<String> =
        (0..6).map(|i| if i == 0 { (byte(0) | 2) & 0xfe } else { byte(i) }).map(|b| format!("{b:02x}")).collect();
    parts.join(":")
}

/// Takes a container out of all networks and ends its published ports.
pub async fn release(sys: &Sys, id: &str) {
    let taken = with(sys, |s| {
        let ports = s.containers.get_mut(id).map(|c| std::mem::take(&mut c.ports)).unwrap_or_default();
        let mut left = Vec::new();
        for n in s.networks.values_mut() {
            if let Some(m) = n.members.remove(id) {
                left.push((n.id.clone(), n.name.clone(), n.driver.clone(), n.bridge.clone(), m));
            }
        }
        (ports, left)
    });
    let Ok((ports, left)) = taken else { return };
    for p in ports.iter().filter(|p| matches!(p.protocol.as_str(), "tcp" | "udp")) {
        let (host_ip, host_port, udp) = (p.host_ip, p.host_port, p.protocol == "udp");
        let _ = sys.net(NetOp::Unpublish { host_ip, host_port, udp }).await;
    }
    let at = now(sys);
    for (network, name, driver, bridge, member) in left {
        if let Some(bridge) = bridge {
            let _ = sys.net(NetOp::NameDrop { bridge, addr: member.addr }).await;
        }
        let _ = with(sys, |s| {
            s.event(at, "network", "disconnect", &network, &[("container", id), ("name", &name), ("type", &driver)]);
        });
    }
}

/// A container's networks as inspect shows them.
pub fn endpoints_of(state: &EngineState, c: &Container) -> BTreeMap<String, EndpointSettings> {
    c.networks.iter().map(|(name, e)| (name.clone(), endpoint(c, e, state.network(name).ok()).into_owned())).collect()
}

/// What a container has of a network, if that is there: what was asked for, and what it got.
pub fn endpoint<'a>(
    c: &Container,
    asked: &'a EndpointSettings,
    network: Option<&Network>,
) -> Cow<'a, EndpointSettings> {
    let mut out = Cow::Borrowed(asked);
    let Some(n) = network else { return out };
    let id = if c.started.is_some() { n.id.as_str() } else { "" };
    if asked.network_id != id {
        out.to_mut().network_id = id.to_owned();
    }
    if let Some(m) = n.members.get(&c.id) {
        let e = out.to_mut();
        e.endpoint_id.clone_from(&m.endpoint);
        e.ip_address = m.addr.to_string();
        e.mac_address.clone_from(&m.mac);
        e.gateway = n.gateway.map(|g| g.to_string()).unwrap_or_default();
        e.ip_prefix_len = n.subnet.map_or(0, |s| s.1);
        if let Some((addr, prefix)) = m.addr6 {
            (e.global_ipv6_address, e.global_ipv6_prefix_len) = (addr.to_string(), prefix);
            e.ipv6_gateway = n.ipv6.first().map(|c| c.gateway.clone()).unwrap_or_default();
        }
    }
    if n.has_dns() {
        out.to_mut().dns_names = Some(names(c, asked));
    }
    out
}
