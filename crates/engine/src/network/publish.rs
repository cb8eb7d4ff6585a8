//! Published ports.

use std::net::{Ipv4Addr, SocketAddrV4};

use layerlab_kernel::net::NetOp;
use layerlab_kernel::{Errno, Sys};

use crate::container::{Container, Published};
use crate::context::with;
use crate::error::ApiError;
use crate::state::EngineState;

/// What is to be published: port inside, protocol, host address (none: all), host port (0: any).
struct Wanted {
    private: u16,
    protocol: String,
    ip: Option<Ipv4Addr>,
    /// The first and the last of those that may be taken.
    port: u16,
    last: u16,
}

fn wanted(c: &Container) -> Result<Vec<Wanted>, ApiError> {
    let mut list = Vec::new();
    for (spec, bindings) in c.host.port_bindings.iter().flatten() {
        let (number, protocol) = spec.split_once('/').unwrap_or((spec, "tcp"));
        let private = number.parse().map_err(|_| ApiError::bad(format!("invalid containerPort: {number}")))?;
        for b in bindings.iter().flatten() {
            // A range asks for the first free port of it.
            let number = |port: &str| match port {
                "" => Ok(0),
                p => p.parse().map_err(|_| ApiError::bad(format!("invalid hostPort: {port}"))),
            };
            let (first, last) = b.host_port.split_once('-').unwrap_or((&b.host_port, &b.host_port));
            let (port, last): (u16, u16) = (number(first)?, number(last)?);
            let ip = match b.host_ip.as_str() {
                "" | "0.0.0.0" => None,
                ip if ip.contains(':') => continue,
                ip => Some(ip.parse().map_err(|_| ApiError::bad(format!("invalid IP address: {ip}")))?),
            };
            list.push(Wanted { private, protocol: protocol.to_owned(), ip, port, last });
        }
    }
    if c.host.publish_all_ports {
        for spec in c.config.exposed_ports.iter().flat_map(|e| &e.0) {
            let (number, protocol) = spec.split_once('/').unwrap_or((spec, "tcp"));
            let Ok(private) = number.parse() else { continue };
            if !list.iter().any(|w| w.private == private && w.protocol == protocol) {
                list.push(Wanted { private, protocol: protocol.to_owned(), ip: None, port: 0, last: 0 });
            }
        }
    }
    Ok(list)
}

fn taken(state: &EngineState, id: &str, w: &Wanted) -> bool {
    let all = Ipv4Addr::UNSPECIFIED;
    let ip = w.ip.unwrap_or(all);
    let clashes = |p: &Published| {
        p.host_port == w.port && p.protocol == w.protocol && (p.host_ip == ip || p.host_ip == all || ip == all)
    };
    w.port != 0 && state.containers.values().any(|c| c.id != id && c.ports.iter().any(clashes))
}

/// Publishes a starting container's ports.
///
/// # Errors
/// One is taken.
pub(super) async fn publish(sys: &Sys, c: &Container) -> Result<(), ApiError> {
    let list = wanted(c)?;
    let place = with(sys, |s| {
        c.networks.iter().find_map(|(name, _)| {
            let n = s.network(name).ok().filter(|n| n.driver == "bridge")?;
            n.members.get(&c.id).map(|m| (m.addr, m.endpoint.clone()))
        })
    })?;
    let Some((addr, endpoint)) = place else { return Ok(()) };
    let failed = |why: String| {
        ApiError::internal(format!(
            "driver failed programming external connectivity on endpoint {} ({endpoint}): {why}",
            c.name
        ))
    };
    for mut w in list {
        let host_ip = w.ip.unwrap_or(Ipv4Addr::UNSPECIFIED);
        while w.port < w.last && with(sys, |s| taken(s, &c.id, &w))? {
            w.port += 1;
        }
        if with(sys, |s| taken(s, &c.id, &w))? {
            return Err(failed(format!("Bind for {host_ip}:{} failed: port is already allocated", w.port)));
        }
        let mut host_port = w.port;
        if matches!(w.protocol.as_str(), "tcp" | "udp") {
            let (to, udp) = (SocketAddrV4::new(addr, w.private), w.protocol == "udp");
            let op = NetOp::Publish { host_ip, host_port: w.port, to, udp };
            host_port = match sys.net(op).await {
                Ok(port) => port as u16,
                Err(Errno::EADDRINUSE) => {
                    return Err(failed(format!(
                        "failed to bind host port {host_ip}:{}/{}: address already in use",
                        w.port, w.protocol
                    )));
                }
                Err(e) => return Err(failed(crate::error::lower(e))),
            };
        }
        let published = Published { private: w.private, protocol: w.protocol, host_ip, host_port, v6: w.ip.is_none() };
        with(sys, |s| {
            if let Some(c) = s.containers.get_mut(&c.id) {
                c.ports.push(published);
            }
        })?;
    }
    Ok(())
}
