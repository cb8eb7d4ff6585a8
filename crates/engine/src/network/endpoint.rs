//! `/networks…`.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use layerlab_api::filters::Filters;
use layerlab_api::network::{
    ConnectRequest, CreateRequest, CreateResponse, DisconnectRequest, EndpointResource, Inspect, Ipam, IpamConfig,
    PruneReport,
};
use layerlab_kernel::hash::hex;
use layerlab_kernel::net::NetOp;

use super::{Network, ipam};
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::route::{Handler, no_page};
use crate::shared::Shared;
use crate::state::EngineState;

/// The handler of a request about networks.
pub fn route<'a>(cx: &'a mut Context, method: &'a str, rest: &'a [&'a str]) -> Handler<'a> {
    match (method, rest) {
        ("GET", []) => Box::pin(list_endpoint(cx)),
        ("POST", ["create"]) => Box::pin(create(cx)),
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
    let list = cx.with(|s| list(s, &filters))?;
    cx.json(200, &list).await
}

async fn inspect_endpoint(cx: &mut Context, name: &str) -> Reply {
    let answer = cx.with(|s| s.network(name).map(|n| inspect(s, n, true)))??;
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
    let config = n.subnet.map(|(a, p)| IpamConfig {
        subnet: format!("{a}/{p}"),
        ip_range: n.ip_range.map(|(a, p)| format!("{a}/{p}")).unwrap_or_default(),
        gateway: n.gateway.map(|g| g.to_string()).unwrap_or_default(),
    });
    let member = |(id, m): (&String, &super::Member)| {
        let name = state.containers.get(id).map(|c| c.name.clone()).unwrap_or_default();
        let prefix = n.subnet.map_or(16, |s| s.1);
        let resource = EndpointResource {
            name,
            endpoint_id: m.endpoint.clone(),
            mac_address: m.mac.clone(),
            ipv4_address: format!("{}/{prefix}", m.addr),
            ipv6_address: String::new(),
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
        ipam: Ipam {
            driver: "default".to_owned(),
            options: if n.is_predefined() { None } else { Some(BTreeMap::new()) },
            config: config.into_iter().collect(),
        },
        internal: n.internal,
        attachable: n.attachable,
        options: n.options.clone(),
        labels: n.labels.clone(),
        containers: members.then(|| n.members.iter().map(member).collect()),
        ..Inspect::default()
    }
}

async fn create(cx: &mut Context) -> Reply {
    let request: CreateRequest = cx.json_body().await?;
    let random = cx.sys.random(32).await?;
    let (id, now) = (hex(&random), cx.now());
    let driver = if request.driver.is_empty() { "bridge" } else { request.driver.as_str() };
    if request.name.is_empty() {
        return Err(ApiError::bad("network name cannot be empty"));
    }
    if driver == "host" || driver == "null" {
        return Err(ApiError { status: 403, message: format!("only one instance of \"{driver}\" network is allowed") });
    }
    if driver != "bridge" {
        return Err(ApiError::not_found(format!(
            "could not find plugin {driver} in v1 plugin registry: plugin \"{driver}\" not found"
        )));
    }
    let config = request.ipam.as_ref().and_then(|i| i.config.first().cloned()).unwrap_or_default();
    let asked = if config.subnet.is_empty() {
        None
    } else {
        Some(ipam::parse(&config.subnet).ok_or_else(|| {
            ApiError::bad(format!(
                "invalid network config:\ninvalid subnet {}: invalid CIDR block notation",
                config.subnet
            ))
        })?)
    };
    let gateway: Option<Ipv4Addr> = if config.gateway.is_empty() { None } else { config.gateway.parse().ok() };
    let network = cx.with(|s| {
        if s.networks.values().any(|n| n.name == request.name) {
            return Err(ApiError::conflict(format!("network with name {} already exists", request.name)));
        }
        let used: Vec<(Ipv4Addr, u8)> = s.networks.values().filter_map(|n| n.subnet).collect();
        let subnet = match asked {
            None => ipam::pool(&used)?,
            Some(a)
                if used
                    .iter()
                    .any(|u| layerlab_kernel::net::in_subnet(a.0, *u) || layerlab_kernel::net::in_subnet(u.0, a)) =>
            {
                return Err(ApiError {
                    status: 403,
                    message: "invalid pool request: Pool overlaps with other one on this address space".to_owned(),
                });
            }
            Some(a) => a,
        };
        Ok(Network {
            id: id.clone(),
            name: request.name.clone(),
            driver: "bridge".to_owned(),
            created: now,
            subnet: Some(subnet),
            ip_range: ipam::parse(&config.ip_range),
            gateway: Some(gateway.unwrap_or_else(|| Ipv4Addr::from(u32::from(subnet.0) + 1))),
            bridge: Some(format!("br-{}", id.get(..12).unwrap_or_default())),
            internal: request.internal,
            attachable: request.attachable,
            labels: request.labels.clone().unwrap_or_default(),
            options: request.options.clone().unwrap_or_default(),
            members: BTreeMap::new(),
        })
    })??;
    if let (Some(name), Some(addr), Some((_, prefix))) = (network.bridge.clone(), network.gateway, network.subnet) {
        cx.sys.net(NetOp::BridgeNew { name: name.clone(), addr, prefix, internal: network.internal }).await?;
        let mtu = network.options.get("com.docker.network.driver.mtu").and_then(|m| m.parse().ok());
        if let Some(mtu) = mtu {
            cx.sys.net(NetOp::BridgeMtu { name, mtu }).await?;
        }
    }
    cx.with(|s| {
        s.event(now, "network", "create", &id, &[("name", &network.name), ("type", "bridge")]);
        s.networks.insert(id.clone(), network.clone().into());
    })?;
    cx.json(201, &CreateResponse { id, warning: String::new() }).await
}

async fn delete(cx: &mut Context, name: &str) -> Reply {
    let network = cx.with(|s| s.network(name).cloned())??;
    if network.is_predefined() {
        return Err(ApiError {
            status: 403,
            message: format!("{} is a pre-defined network and cannot be removed", network.name),
        });
    }
    if let Some((id, m)) = network.members.first_key_value() {
        let member = cx.with(|s| s.containers.get(id).map(|c| c.name.clone()))?.unwrap_or_default();
        return Err(ApiError {
            status: 403,
            message: format!(
                "error while removing network: network {} has active endpoints (name:\"{member}\" id:\"{}\")",
                network.name,
                m.endpoint.get(..12).unwrap_or_default()
            ),
        });
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
    let unused: Vec<Shared<Network>> = cx.with(|s| {
        let used = |n: &Network| s.containers.values().any(|c| c.networks.iter().any(|m| m.0 == n.name));
        s.networks.values().filter(|n| !n.is_predefined() && !used(n)).cloned().collect()
    })?;
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
        return Err(ApiError::bad("container cannot be disconnected from host network or connected to host network"));
    }
    if container.networks.iter().any(|n| n.0 == network.name) {
        return Err(ApiError {
            status: 403,
            message: format!("endpoint with name {} already exists in network {}", container.name, network.name),
        });
    }
    if let Some(ns) = container.net.filter(|_| container.is_running()) {
        super::attach(&cx.sys, &container, ns, &network.name, &settings, container.networks.len()).await?;
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
            &[("container", &container.id), ("name", &network.name), ("type", "bridge")],
        );
    })?;
    cx.empty(200).await
}
