//! `POST /networks/create`.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use layerlab_api::network::{CreateRequest, CreateResponse, IpamConfig};
use layerlab_kernel::hash::hex;
use layerlab_kernel::net::{NetOp, in_subnet};
use layerlab_oci::Timestamp;

use super::{Network, PREDEFINED, direct, ipam};
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::state::EngineState;

/// Makes a network.
///
/// # Errors
/// Its name or its addresses are taken or wrong, or there is no such driver.
pub(super) async fn endpoint(cx: &mut Context) -> Reply {
    let mut request: CreateRequest = cx.json_body().await?;
    let random = cx.sys.random(37).await?;
    let (id, now) = (hex(random.get(..32).unwrap_or_default()), cx.now());
    check_driver(&request)?;
    let from = request.config_from.as_ref().map(|f| f.network.clone()).unwrap_or_default();
    if request.config_only || !from.is_empty() {
        check_configuration(&request, &from)?;
    }
    if !from.is_empty() {
        cx.with(|s| take_from(s, &mut request, &from))??;
    }
    let configs = request.ipam.as_ref().map(|i| i.config.clone()).unwrap_or_default();
    check_addresses(&configs)?;
    let (mut ipv6, mut ipv4): (Vec<IpamConfig>, Vec<IpamConfig>) =
        configs.into_iter().partition(|c| c.subnet.contains(':'));
    if ipv4.len() > 1 {
        return Err(ApiError { status: 403, message: "bridge driver doesn't support multiple subnets".to_owned() });
    }
    let config = ipv4.pop().unwrap_or_default();
    let enable_ipv6 = request.enable_ipv6 == Some(true);
    if enable_ipv6 && ipv6.is_empty() {
        ipv6.push(unique_local(random.get(32..).unwrap_or_default()));
    }
    for c in ipv6.iter_mut().filter(|c| c.gateway.is_empty()) {
        c.gateway = first_of(&c.subnet);
    }
    let options = request.options.clone().unwrap_or_default();
    let driver = if request.driver.is_empty() { "bridge" } else { &request.driver }.to_owned();
    let parent = match driver.as_str() {
        "bridge" => None,
        _ => Some(direct::parent(cx, &driver, &id, &options).await?),
    };
    let bridge = options.get("com.docker.network.bridge.name").filter(|n| !n.is_empty()).cloned();
    let network = cx.with(|s| {
        if s.networks.values().any(|n| n.name == request.name) {
            return Err(ApiError::conflict(format!("network with name {} already exists", request.name)));
        }
        if request.config_only {
            return Ok(settings_only(&request, &config, &id, now, &ipv6));
        }
        let used: Vec<(Ipv4Addr, u8)> =
            s.networks.values().filter(|n| !n.config_only).filter_map(|n| n.subnet).collect();
        let subnet = match ipam::parse(&config.subnet) {
            None => ipam::pool(&used)?,
            Some(a) if used.iter().any(|u| in_subnet(a.0, *u) || in_subnet(u.0, a)) => {
                return Err(ApiError {
                    status: 403,
                    message: "invalid pool request: Pool overlaps with other one on this address space".to_owned(),
                });
            }
            Some(a) => a,
        };
        let first = || Ipv4Addr::from(u32::from(subnet.0).saturating_add(1));
        Ok(Network {
            id: id.clone(),
            name: request.name.clone(),
            driver: driver.clone(),
            created: now,
            subnet: Some(subnet),
            ip_range: ipam::parse(&config.ip_range),
            gateway: Some(config.gateway.parse().unwrap_or_else(|_| first())),
            reserved: reserved(&config),
            enable_ipv6,
            ipv6: if enable_ipv6 { ipv6.clone() } else { Vec::new() },
            bridge: Some(match &parent {
                Some(_) => direct::dummy(&driver, &id),
                None => bridge.unwrap_or_else(|| format!("br-{}", id.get(..12).unwrap_or_default())),
            }),
            internal: request.internal,
            config_from: from.clone(),
            attachable: request.attachable,
            labels: request.labels.clone().unwrap_or_default(),
            options,
            ..Network::default()
        })
    })??;
    if let (Some(name), Some(addr), Some((_, prefix))) = (network.bridge.clone(), network.gateway, network.subnet) {
        // Without a parent there is no way out (moby: the interface is a dummy).
        let internal = network.internal || parent.as_ref() == Some(&name);
        let made = cx.sys.net(NetOp::BridgeNew { name: name.clone(), addr, prefix, internal }).await;
        if made == Err(layerlab_kernel::Errno::EEXIST) {
            return Err(ApiError {
                status: 403,
                message: format!(
                    "cannot create network {id} ({name}): conflicts with network {} ({name}): networks have same bridge name",
                    cx.with(|s| s
                        .networks
                        .values()
                        .find(|n| n.bridge.as_deref() == Some(&name))
                        .map(|n| n.id.clone()))?
                        .unwrap_or_default()
                ),
            });
        }
        made?;
        if let Some(parent) = parent {
            cx.sys.net(NetOp::BridgeDirect { name: name.clone(), parent }).await?;
        }
        let six = network.ipv6.first().and_then(|c| Some((c.gateway.parse().ok()?, ipam::parse6(&c.subnet)?.1)));
        if let Some((addr, prefix)) = six {
            cx.sys.net(NetOp::BridgeAddr6 { name: name.clone(), addr, prefix }).await?;
        }
        let mtu = network.options.get("com.docker.network.driver.mtu").and_then(|m| m.parse().ok());
        if let Some(mtu) = mtu {
            cx.sys.net(NetOp::BridgeMtu { name, mtu }).await?;
        }
    }
    cx.with(|s| {
        s.event(now, "network", "create", &id, &[("name", &network.name), ("type", &network.driver)]);
        s.networks.insert(id.clone(), network.clone().into());
    })?;
    cx.json(201, &CreateResponse { id, warning: String::new() }).await
}

/// Refuses names that are the daemon's own, and drivers that are not here.
fn check_driver(request: &CreateRequest) -> Result<(), ApiError> {
    let refuse = |status: u16, message: String| Err(ApiError { status, message });
    let name = &request.name;
    if name.is_empty() {
        return refuse(400, "network name cannot be empty".to_owned());
    }
    if PREDEFINED.iter().any(|p| p.0 == name) {
        return refuse(403, format!("operation is not permitted on predefined {name} network"));
    }
    match request.driver.as_str() {
        "" | "bridge" | "macvlan" | "ipvlan" => {}
        driver @ ("host" | "null") => {
            return refuse(403, format!("only one instance of \"{driver}\" network is allowed"));
        }
        "overlay" => return refuse(503, crate::swarm::NO_MANAGER.to_owned()),
        driver => return refuse(404, format!("plugin \"{driver}\" not found")),
    }
    if request.ingress {
        return refuse(503, crate::swarm::NO_MANAGER.to_owned());
    }
    if request.enable_ipv4 == Some(false) {
        return refuse(501, "networks without IPv4 are not available on this simulated machine".to_owned());
    }
    Ok(())
}

/// What a network of settings only, and one that is made from it, may not say (moby `daemon/libnetwork/network.go`,
/// `validateConfiguration`).
fn check_configuration(request: &CreateRequest, from: &str) -> Result<(), ApiError> {
    let refuse = |message: &str| Err(ApiError { status: 403, message: message.to_owned() });
    if request.config_only && (request.ingress || request.internal || request.attachable) {
        return refuse(
            "configuration network can only contain network specific fields. Network operator fields like [ ingress | internal | attachable | scope ] are not supported.",
        );
    }
    if from.is_empty() {
        return Ok(());
    }
    if request.config_only {
        return refuse("a configuration network cannot depend on another configuration network");
    }
    let ipam = request.ipam.clone().unwrap_or_default();
    let has = |m: &Option<BTreeMap<String, String>>| m.as_ref().is_some_and(|m| !m.is_empty());
    if !ipam.config.is_empty() || has(&ipam.options) || has(&request.labels) || request.enable_ipv6 == Some(true) {
        return refuse(
            "user-specified configurations are not supported if the network depends on a configuration network",
        );
    }
    if has(&request.options) {
        return refuse("network driver options are not supported if the network depends on a configuration network");
    }
    Ok(())
}

/// Fills in the settings of the network that is named.
fn take_from(state: &EngineState, request: &mut CreateRequest, name: &str) -> Result<(), ApiError> {
    let found = state.networks.values().find(|n| n.config_only && n.name == name);
    let n = found.ok_or_else(|| ApiError::not_found(format!("configuration network \"{name}\" does not exist")))?;
    request.ipam.get_or_insert_default().config = super::endpoint::ipam_configs(n);
    request.enable_ipv6 = Some(n.enable_ipv6);
    request.labels = Some(n.labels.clone());
    request.options = Some(n.options.clone());
    Ok(())
}

/// A network that is settings only: it has no driver, takes no addresses, makes nothing.
fn settings_only(
    request: &CreateRequest,
    config: &IpamConfig,
    id: &str,
    created: Timestamp,
    ipv6: &[IpamConfig],
) -> Network {
    Network {
        id: id.to_owned(),
        name: request.name.clone(),
        driver: "null".to_owned(),
        created,
        subnet: ipam::parse(&config.subnet),
        ip_range: ipam::parse(&config.ip_range),
        gateway: config.gateway.parse().ok(),
        reserved: reserved(config),
        enable_ipv6: request.enable_ipv6 == Some(true),
        ipv6: ipv6.to_vec(),
        config_only: true,
        labels: request.labels.clone().unwrap_or_default(),
        options: request.options.clone().unwrap_or_default(),
        ..Network::default()
    }
}

fn reserved(config: &IpamConfig) -> BTreeMap<String, Ipv4Addr> {
    config.aux_address.iter().filter_map(|(k, a)| Some((k.clone(), a.parse().ok()?))).collect()
}

/// A block of either version: its address and length.
fn block(text: &str) -> Option<(u128, u32, bool)> {
    let (addr, bits) = text.split_once('/')?;
    let bits: u32 = bits.parse().ok()?;
    if let Ok(v4) = addr.parse::<Ipv4Addr>() {
        return (bits <= 32).then_some((u128::from(u32::from(v4)), bits, true));
    }
    let v6: Ipv6Addr = addr.parse().ok()?;
    (bits <= 128).then_some((u128::from(v6), bits, false))
}

fn start((addr, bits, v4): (u128, u32, bool)) -> u128 {
    let host = if v4 { 32 } else { 128 } - bits;
    if host >= 128 { 0 } else { addr >> host << host }
}

/// The whole of a block as text, its host bits cleared.
fn masked(b: (u128, u32, bool)) -> String {
    let first = start(b);
    if b.2 { format!("{}/{}", Ipv4Addr::from(first as u32), b.1) } else { format!("{}/{}", Ipv6Addr::from(first), b.1) }
}

fn inside(subnet: (u128, u32, bool), addr: u128, v4: bool) -> bool {
    subnet.2 == v4 && start((addr, subnet.1, v4)) == start(subnet)
}

/// All that is wrong with the addresses asked for (moby `api/types/network/ipam.go`, `ValidateIPAM`).
fn check_addresses(configs: &[IpamConfig]) -> Result<(), ApiError> {
    let mut why: Vec<String> = Vec::new();
    for c in configs.iter().filter(|c| !c.subnet.is_empty()) {
        let subnet = &c.subnet;
        let Some(b) = block(subnet) else {
            why.push(format!("invalid subnet {subnet}: invalid CIDR block notation"));
            continue;
        };
        if masked(b) != *subnet && start(b) != b.0 {
            why.push(format!("invalid subnet {subnet}: it should be {}", masked(b)));
        }
        let range = &c.ip_range;
        match block(range) {
            _ if range.is_empty() => {}
            None => why.push(format!("invalid ip-range {range}: invalid CIDR block notation")),
            Some(r) if start(r) != r.0 => why.push(format!("invalid ip-range {range}: it should be {}", masked(r))),
            Some(r) if r.1 < b.1 => {
                why.push(format!("invalid ip-range {range}: CIDR block is bigger than its parent subnet {subnet}"));
            }
            Some(r) if !inside(b, r.0, r.2) => {
                why.push(format!("invalid ip-range {range}: parent subnet {subnet} doesn't contain ip-range"));
            }
            Some(_) => {}
        }
        let mut address = |what: &str, text: &str| match block(&format!("{text}/{}", if b.2 { 32 } else { 128 })) {
            None => why.push(format!("invalid {what} {text}: invalid address")),
            Some(a) if !inside(b, a.0, a.2) => {
                why.push(format!("invalid {what} {text}: parent subnet {subnet} doesn't contain this address"));
            }
            Some(_) => {}
        };
        if !c.gateway.is_empty() {
            address("gateway", &c.gateway);
        }
        for aux in c.aux_address.values() {
            address("auxiliary address", aux);
        }
    }
    if why.is_empty() {
        return Ok(());
    }
    Err(ApiError::bad(format!("invalid network config:\n{}", why.join("\n"))))
}

/// A block of its own, as moby takes one from the daemon's unique local addresses.
fn unique_local(random: &[u8]) -> IpamConfig {
    let byte = |i: usize| random.get(i).copied().unwrap_or(0);
    let subnet = format!("fd{:02x}:{:02x}{:02x}:{:02x}{:02x}::/64", byte(0), byte(1), byte(2), byte(3), byte(4));
    let subnet = block(&subnet).map_or(subnet, masked);
    IpamConfig { subnet, ..IpamConfig::default() }
}

/// The first address of a block of IPv6.
fn first_of(subnet: &str) -> String {
    block(subnet).map(|b| Ipv6Addr::from(start(b).saturating_add(1)).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(subnet: &str, range: &str, gateway: &str) -> String {
        let config = IpamConfig {
            subnet: subnet.to_owned(),
            ip_range: range.to_owned(),
            gateway: gateway.to_owned(),
            ..IpamConfig::default()
        };
        check_addresses(&[config]).map_or_else(|e| e.message, |()| String::new())
    }

    /// moby's `TestValidateIPAM`.
    #[test]
    fn every_wrong_address_is_named() {
        assert_eq!(refused("10.5.0.0/24", "10.5.0.128/25", "10.5.0.1"), "");
        assert_eq!(
            refused("10.5.0.7/24", "", ""),
            "invalid network config:\ninvalid subnet 10.5.0.7/24: it should be 10.5.0.0/24"
        );
        assert_eq!(
            refused("10.5.0.0/24", "10.6.0.0/25", "10.7.0.1"),
            "invalid network config:\ninvalid ip-range 10.6.0.0/25: parent subnet 10.5.0.0/24 doesn't contain ip-range\ninvalid gateway 10.7.0.1: parent subnet 10.5.0.0/24 doesn't contain this address"
        );
        assert_eq!(
            refused("fd00::/64", "fd00::/48", ""),
            "invalid network config:\ninvalid ip-range fd00::/48: CIDR block is bigger than its parent subnet fd00::/64"
        );
        assert_eq!(
            refused("nope", "", ""),
            "invalid network config:\ninvalid subnet nope: invalid CIDR block notation"
        );
    }
}
