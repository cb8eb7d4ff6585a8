//! Addresses: moby's default pools, and the next free address of a subnet.

use std::net::{Ipv4Addr, Ipv6Addr};

use layerlab_kernel::net::in_subnet;

use super::Network;
use crate::error::ApiError;

/// An address for a new member.
///
/// # Errors
/// The one asked for doesn't fit or is taken; none is left.
pub(super) fn address(network: &Network, asked: Option<&str>) -> Result<Ipv4Addr, ApiError> {
    let subnet = network.subnet.ok_or_else(|| ApiError::bad("network has no addresses"))?;
    let held: std::collections::BTreeSet<Ipv4Addr> =
        network.members.values().map(|m| m.addr).chain(network.reserved.values().copied()).collect();
    let taken = |a: Ipv4Addr| network.gateway == Some(a) || held.contains(&a);
    if let Some(text) = asked {
        check(network, &[text], false)?;
        let addr: Ipv4Addr = text.parse().map_err(|_| ApiError::bad(format!("invalid IPv4 address: {text}")))?;
        return if taken(addr) { Err(ApiError::conflict("Address already in use")) } else { Ok(addr) };
    }
    let (first, prefix) = network.ip_range.unwrap_or(subnet);
    let size = 1u32 << (32 - u32::from(prefix.min(31)));
    let whole = 1u32 << (32 - u32::from(subnet.1.min(31)));
    let (network_addr, broadcast) = (subnet.0, Ipv4Addr::from(u32::from(subnet.0) + (whole - 1)));
    let free = (0..size)
        .map(|i| Ipv4Addr::from(u32::from(first) + i))
        .find(|a| !taken(*a) && *a != network_addr && *a != broadcast);
    free.ok_or_else(|| ApiError::internal("no available IPv4 addresses on this network's address pools"))
}

/// An address of IPv6 for a new member, with the prefix length; none where the network has no such subnet.
///
/// # Errors
/// The one asked for doesn't fit or is taken; none is left.
pub(super) fn address6(network: &Network, asked: Option<&str>) -> Result<Option<(Ipv6Addr, u8)>, ApiError> {
    let Some(config) = network.ipv6.first() else {
        return asked.map_or(Ok(None), |a| check(network, &[a], false).map(|()| None));
    };
    let Some((first, prefix)) = parse6(&config.subnet) else { return Ok(None) };
    let held: std::collections::BTreeSet<u128> = network
        .members
        .values()
        .filter_map(|m| m.addr6.map(|a| a.0.into()))
        .chain([&config.gateway].into_iter().chain(config.aux_address.values()).filter_map(|a| number6(a)))
        .collect();
    if let Some(text) = asked {
        check(network, &[text], false)?;
        let addr = number6(text).ok_or_else(|| ApiError::bad(format!("invalid IPv6 address: {text}")))?;
        return match held.contains(&addr) {
            true => Err(ApiError::conflict("Address already in use")),
            false => Ok(Some((addr.into(), prefix))),
        };
    }
    let (start, bits) = parse6(&config.ip_range).unwrap_or((first, prefix));
    let size = 1u128.checked_shl(128 - u32::from(bits)).unwrap_or(u128::MAX);
    // The network's own address is nobody's (RFC 4291: the routers').
    let free = (0..size).map(|i| start.saturating_add(i)).find(|a| !held.contains(a) && *a != first);
    let free = free.ok_or_else(|| ApiError::internal("no available IPv6 addresses on this network's address pools"))?;
    Ok(Some((free.into(), prefix)))
}

fn number6(text: &str) -> Option<u128> {
    text.parse::<Ipv6Addr>().ok().map(u128::from)
}

/// Reads `fd00::/64`.
pub(super) fn parse6(text: &str) -> Option<(u128, u8)> {
    let (addr, prefix) = text.split_once('/')?;
    let (addr, prefix) = (number6(addr)?, prefix.parse().ok()?);
    (prefix <= 128).then_some((addr, prefix))
}

fn in_subnet6(addr: Ipv6Addr, (net, prefix): (u128, u8)) -> bool {
    let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
    u128::from(addr) & mask == net & mask
}

/// Whether addresses and names may be asked for in a network (moby `daemon/network.go`, `validateEndpointSettings`).
///
/// # Errors
/// The daemon's words: one reason as a line, several as a list.
pub(super) fn check(network: &Network, asked: &[&str], named: bool) -> Result<(), ApiError> {
    let mut why = Vec::new();
    let user_defined = !network.is_predefined();
    if !asked.is_empty() && !user_defined {
        why.push("user-specified IP address is supported on user-defined networks only".to_owned());
    }
    for text in asked {
        let fits = match text.parse() {
            Ok(std::net::IpAddr::V4(a)) => network.subnet.is_some_and(|s| in_subnet(a, s)),
            Ok(std::net::IpAddr::V6(a)) => {
                network.ipv6.iter().any(|c| parse6(&c.subnet).is_some_and(|s| in_subnet6(a, s)))
            }
            Err(_) => false,
        };
        if !fits {
            why.push(format!("no configured subnet contains IP address {text}"));
        }
    }
    if named && !user_defined {
        why.push("network-scoped aliases are only supported for user-defined networks".to_owned());
    }
    let text = match why.as_slice() {
        [] => return Ok(()),
        [one] => one.clone(),
        all => all.iter().map(|w| format!("* {w}")).collect::<Vec<_>>().join("\n"),
    };
    Err(ApiError::bad(format!("invalid config for network {}: invalid endpoint settings:\n{text}", network.name)))
}

/// The next free pool for a network without a subnet.
///
/// # Errors
/// All are used.
pub(super) fn pool(used: &[(Ipv4Addr, u8)]) -> Result<(Ipv4Addr, u8), ApiError> {
    let big = (17..32u8).map(|b| (Ipv4Addr::new(172, b, 0, 0), 16));
    let small = (0..16u8).map(|b| (Ipv4Addr::new(192, 168, b * 16, 0), 20));
    let overlaps = |p: &(Ipv4Addr, u8)| used.iter().any(|u| in_subnet(p.0, *u) || in_subnet(u.0, *p));
    big.chain(small)
        .find(|p| !overlaps(p))
        .ok_or_else(|| ApiError::internal("all predefined address pools have been fully subnetted"))
}

/// Reads `10.5.0.0/24`.
pub(super) fn parse(text: &str) -> Option<(Ipv4Addr, u8)> {
    let (addr, prefix) = text.split_once('/')?;
    let (addr, prefix): (Ipv4Addr, u8) = (addr.parse().ok()?, prefix.parse().ok()?);
    (prefix <= 32).then_some((addr, prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_come_in_mobys_order() {
        let mut used = Vec::new();
        let mut got = Vec::new();
        for _ in 0..17 {
            let p = pool(&used).unwrap();
            got.push(format!("{}/{}", p.0, p.1));
            used.push(p);
        }
        assert_eq!(
            (got[0].as_str(), got[14].as_str(), got[15].as_str(), got[16].as_str()),
            ("172.17.0.0/16", "172.31.0.0/16", "192.168.0.0/20", "192.168.16.0/20")
        );
    }
}
