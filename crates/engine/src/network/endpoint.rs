//! `/networks…`.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use layerlab_api::filters::Filters;
use layerlab_api::network::{
    ConfigFrom, ConnectRequest, DisconnectRequest, EndpointResource, Inspect, Ipam, IpamConfig, IpamStatus,
    PruneReport, Status, SubnetStatus,
};
use layerlab_kernel::net::NetOp;

use super::Network;
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::route::{Handler, no_page};
use crate::shared::Shared;
use crate::state::EngineState;

/// The handler of a request about networks.
pub fn route<'a>(cx: &'a mut Context, method: &'a str, rest: &'a [&'a str]) -> Handler<'a> {
    match (method, rest) {
        ("GET", []) => Box::pin(list_endpoint(cx)),
        ("POST", ["create"]) => Box::pin(super::create::endpoint(cx)),
        ("POST", ["prune"]) => Box::pin(prune(cx)),
        ("GET", [name]) => Box::pin(inspect_endpoint(cx, name)),
        ("DELETE", [name]) => Box::pin(delete(cx, name)),
        ("POST", [name, "connect"]) => Box::pin(connect(cx, name)),
        ("POST", [name, "disconnect"]) => Box::pin(disconnect(cx, name)),
        _ => no_page(),
    }
}

async fn list_endpoint(cx: &mut Context) -> Reply {
    let filters = Filters::parse(cx.param("filters")).map_err(|_| ApiError::bad("invalid filter"))?;
    crate::filter::known(&filters, &["dangling", "driver", "id", "label", "name", "scope", "type"])?;
    let list = cx.with(|s| list(s, &filters))?;
    cx.json(200, &list).await
}

async fn inspect_endpoint(cx: &mut Context, name: &str) -> Reply {
    let mut answer = cx.with(|s| s.network(name).map(|n| inspect(s, n, true)))??;
    if cx.is_before(52) {
        answer.status = None;
    }
    cx.json(200, &answer).await
}

fn list(state: &EngineState, f: &Filters) -> Vec<Inspect> {
    let any = |name: &str, fits: &dyn Fn(&str) -> bool| !f.has(name) || f.get(name).any(fits);
    let mut list: Vec<&Network> = state
        .networks
        .values()
        .map(|n| &**n)
        .filter(|n| {
            any("name", &|x| n.name.contains(x))
                && any("id", &|x| n.id.starts_with(x))
                && any("driver", &|x| n.driver == x)
                && any("scope", &|x| x == "local")
                && f.get("dangling").all(|d| {
                    let used = state.containers.values().any(|c| c.networks.iter().any(|m| m.0 == n.name));
                    matches!(d, "1" | "true") != (used || n.is_predefined())
                })
                && any("type", &|x| (x == "builtin") == n.is_predefined())
                && f.get("label").all(|l| {
                    l.split_once('=').map_or(n.labels.contains_key(l), |(k, v)| n.labels.get(k).is_some_and(|w| w == v))
                })
        })
        .collect();
    list.sort_by(|a, b| a.name.cmp(&b.name));
    list.into_iter().map(|n| inspect(state, n, false)).collect()
}

fn inspect(state: &EngineState, n: &Network, members: bool) -> Inspect {
    let member = |(id, m): (&String, &super::Member)| {
        let name = state.containers.get(id).map(|c| c.name.clone()).unwrap_or_default();
        let prefix = n.subnet.map_or(16, |s| s.1);
        let resource = EndpointResource {
            name,
            endpoint_id: m.endpoint.clone(),
            mac_address: m.mac.clone(),
            ipv4_address: format!("{}/{prefix}", m.addr),
            ipv6_address: m.addr6.map(|(a, p)| format!("{a}/{p}")).unwrap_or_default(),
        };
        (id.clone(), resource)
    };
    Inspect {
        name: n.name.clone(),
        id: n.id.clone(),
        created: n.created.to_string(),
        scope: "local".to_owned(),
        driver: n.driver.clone(),
        enable_ipv4: true,
        enable_ipv6: n.enable_ipv6,
        ipam: Ipam {
            driver: "default".to_owned(),
            options: if n.is_predefined() { None } else { Some(BTreeMap::new()) },
            config: ipam_configs(n),
        },
        internal: n.internal,
        attachable: n.attachable,
        config_only: n.config_only,
        config_from: ConfigFrom { network: n.config_from.clone() },
        options: n.options.clone(),
        labels: n.labels.clone(),
        containers: members.then(|| n.members.iter().map(member).collect()),
        status: members.then(|| status(n)),
        ..Inspect::default()
    }
}

/// The subnets of a network.
pub(super) fn ipam_configs(n: &Network) -> Vec<IpamConfig> {
    let v4 = n.subnet.map(|(a, p)| IpamConfig {
        subnet: format!("{a}/{p}"),
        ip_range: n.ip_range.map(|(a, p)| format!("{a}/{p}")).unwrap_or_default(),
        gateway: n.gateway.map(|g| g.to_string()).unwrap_or_default(),
        aux_address: n.reserved.iter().map(|(name, a)| (name.clone(), a.to_string())).collect(),
    });
    v4.into_iter().chain(n.ipv6.iter().cloned()).collect()
}

/// How many addresses are taken and left (moby `daemon/libnetwork/ipams`).
fn status(n: &Network) -> Status {
    let subnets = n.subnet.filter(|_| !n.config_only).map(|(addr, bits)| {
        let size = |bits: u8| 1u64 << 32u32.saturating_sub(u32::from(bits)).min(32);
        // The network's own address, the broadcast one and the gateway are taken.
        let own = if bits < 31 { 3 } else { 1 };
        let in_use = own + n.members.len() as u64 + n.reserved.len() as u64;
        let pool = n.ip_range.map_or(bits, |r| r.1);
        let left = if n.ip_range.is_some() { size(pool) } else { size(bits) };
        let inside = |a: Ipv4Addr| n.ip_range.is_none_or(|r| layerlab_kernel::net::in_subnet(a, r));
        let (first, last) = (u32::from(addr), u32::from(addr).wrapping_add((size(bits) - 1) as u32));
        let taken = n.members.values().map(|m| m.addr).chain(n.gateway).chain(n.reserved.values().copied());
        let ends = [Ipv4Addr::from(first), Ipv4Addr::from(last)].into_iter().filter(|_| bits < 31);
        let taken = taken.chain(ends).filter(|a| inside(*a)).count() as u64;
        let one = SubnetStatus { ips_in_use: in_use, dynamic_ips_available: left.saturating_sub(taken) };
        (format!("{addr}/{bits}"), one)
    });
    Status { ipam: IpamStatus { subnets: subnets.into_iter().collect() } }
}

async fn delete(cx: &mut Context, name: &str) -> Reply {
    let network = cx.with(|s| s.network(name).cloned())??;
    if network.is_predefined() {
        return Err(ApiError {
            status: 403,
            message: format!("{} is a pre-defined network and cannot be removed", network.name),
        });
    }
    if !network.members.is_empty() {
        let one = |s: &EngineState, (id, m): (&String, &super::Member)| {
            let name = s.containers.get(id).map(|c| c.name.clone()).unwrap_or_default();
            format!("name:\"{name}\" id:\"{}\"", m.endpoint.get(..12).unwrap_or_default())
        };
        let mut members: Vec<String> = cx.with(|s| network.members.iter().map(|m| one(s, m)).collect())?;
        members.sort();
        return Err(ApiError {
            status: 403,
            message: format!(
                "error while removing network: network {} has active endpoints ({})",
                network.name,
                members.join(", ")
            ),
        });
    }
    if network.config_only && cx.with(|s| s.networks.values().any(|n| n.config_from == network.name))? {
        let message = format!("configuration network \"{}\" is in use", network.name);
        return Err(ApiError { status: 403, message });
    }
    remove(cx, &network).await?;
    cx.empty(204).await
}

async fn remove(cx: &Context, network: &Network) -> Reply {
    if let Some(name) = network.bridge.clone() {
        let _ = cx.sys.net(NetOp::BridgeDrop { name }).await;
    }
    let now = cx.now();
    cx.with(|s| {
        s.networks.remove(&network.id);
        s.event(now, "network", "destroy", &network.id, &[("name", &network.name), ("type", &network.driver)]);
    })
}

async fn prune(cx: &mut Context) -> Reply {
    let filters = Filters::parse(cx.param("filters")).map_err(|_| ApiError::bad("invalid filter"))?;
    crate::filter::known(&filters, &["label", "label!", "until"])?;
    let until = crate::filter::until(&filters, cx.now())?;
    let mut unused: Vec<Shared<Network>> = cx.with(|s| {
        let used = |n: &Network| s.containers.values().any(|c| c.networks.iter().any(|m| m.0 == n.name));
        let meant = |n: &Network| {
            !n.is_predefined()
                && until.is_none_or(|t| n.created <= t)
                && crate::filter::labels(&filters, Some(&n.labels))
        };
        s.networks.values().filter(|n| meant(n) && !used(n)).cloned().collect()
    })?;
    unused.sort_by(|a, b| a.name.cmp(&b.name));
    for n in &unused {
        remove(cx, n).await?;
    }
    let names: Vec<String> = unused.iter().map(|n| n.name.clone()).collect();
    cx.json(200, &PruneReport { networks_deleted: (!names.is_empty()).then_some(names) }).await
}

async fn connect(cx: &mut Context, name: &str) -> Reply {
    let request: ConnectRequest = cx.json_body().await?;
    let settings = request.endpoint_config.unwrap_or_default();
    let (network, container) =
        cx.with(|s| Ok::<_, ApiError>((s.network(name)?.clone(), s.container(&request.container)?.clone())))??;
    if network.driver == "host" {
        return Err(ApiError::bad(
            "cannot connect container to host network - container must be created in host network mode",
        ));
    }
    if container.networks.iter().any(|n| n.0 == network.name) {
        return Err(ApiError {
            status: 403,
            message: format!("endpoint with name {} already exists in network {}", container.name, network.name),
        });
    }
    if let Some(ns) = container.net.filter(|_| container.is_running()) {
        super::attach(&cx.sys, &container, ns, &network.name, &settings).await?;
    }
    cx.with(|s| s.container_mut(&container.id).map(|c| c.networks.push((network.name.clone(), settings))))??;
    super::files::write_all(&cx.sys, &container.id).await?;
    cx.empty(200).await
}

async fn disconnect(cx: &mut Context, name: &str) -> Reply {
    let request: DisconnectRequest = cx.json_body().await?;
    let (network, container) =
        cx.with(|s| Ok::<_, ApiError>((s.network(name)?.clone(), s.container(&request.container)?.clone())))??;
    if !container.networks.iter().any(|n| n.0 == network.name) {
        return Err(ApiError {
            status: 403,
            message: format!("container {} is not connected to network {}", container.id, network.name),
        });
    }
    if let (Some(m), Some(ns)) = (network.members.get(&container.id), container.net) {
        if let Some(bridge) = network.bridge.clone() {
            let _ = cx.sys.net(NetOp::NameDrop { bridge, addr: m.addr }).await;
        }
        cx.sys.net(NetOp::Detach { ns, ifname: m.interface.clone() }).await?;
    }
    let now = cx.now();
    cx.with(|s| {
        if let Some(n) = s.networks.get_mut(&network.id) {
            n.members.remove(&container.id);
        }
        if let Some(c) = s.containers.get_mut(&container.id) {
            c.networks.retain(|n| n.0 != network.name);
        }
        s.event(
            now,
            "network",
            "disconnect",
            &network.id,
            &[("container", &container.id), ("name", &network.name), ("type", &network.driver)],
        );
    })?;
    cx.empty(200).await
}
