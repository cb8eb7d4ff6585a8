//! `--network` and what belongs to it.

use std::collections::BTreeMap;

use layerlab_api::network::{EndpointIpam, EndpointSettings, NetworkingConfig};

use super::options::some;
use crate::flags::Parsed;

/// The network mode, and the endpoints of the networks.
///
/// # Errors
/// The client's words.
pub(super) fn networking(p: &Parsed) -> Result<(String, NetworkingConfig), String> {
    let mut named: Vec<&String> = p.list("network").iter().chain(p.list("net")).collect();
    if named.iter().any(|n| n.is_empty()) {
        return Err("no name set for network".into());
    }
    let default = "default".to_owned();
    if named.is_empty() {
        named.push(&default);
    }
    let mut endpoints = BTreeMap::new();
    let mut mode = String::new();
    for (i, n) in named.iter().enumerate() {
        let (name, mut settings) = network(n, p, i == 0)?;
        if i == 0 && !is_fixed(&name) {
            settings.links = some(p.list("link"));
        }
        if i == 0 {
            mode.clone_from(&name);
        }
        if endpoints.contains_key(&name) {
            return Err(format!("network {} is specified multiple times", crate::format::quote(&name)));
        }
        endpoints.insert(name, settings);
    }
    let count = endpoints.keys().filter(|n| is_fixed(n)).count();
    if count > 0 && count < endpoints.len() {
        return Err("conflicting options: cannot attach both user-defined and non-user-defined network-modes".into());
    }
    Ok((mode, NetworkingConfig { endpoints_config: Some(endpoints) }))
}

/// Whether a network is none that a user has made.
fn is_fixed(name: &str) -> bool {
    matches!(name, "default" | "bridge" | "host" | "none") || name.starts_with("container:")
}

/// Whether a `--network` can be read.
///
/// # Errors
/// The client's words.
pub(crate) fn check_network(spec: &str) -> Result<(), String> {
    network(spec, &Parsed::default(), false).map(drop)
}

/// One `--network`: a name, or `name=net,alias=a,ip=…`.
fn network(spec: &str, p: &Parsed, first: bool) -> Result<(String, EndpointSettings), String> {
    let mut s = EndpointSettings::default();
    let mut aliases: Vec<String> =
        if first { [p.list("network-alias"), p.list("net-alias")].concat() } else { Vec::new() };
    let by_flag = aliases.len();
    let (mut ip, mut ip6, mut link_local_ips) = (String::new(), String::new(), Vec::new());
    let mut name = spec.to_owned();
    // `\w+=.+`, anywhere.
    let is_long = spec
        .split_once('=')
        .is_some_and(|(k, v)| k.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') && !v.is_empty());
    if is_long {
        name.clear();
        for field in spec.split(',') {
            match field.split_once('=') {
                Some(("name", v)) => v.clone_into(&mut name),
                Some(("alias", v)) => aliases.push(v.to_owned()),
                Some(("ip", v)) => v.clone_into(&mut ip),
                Some(("ip6", v)) => v.clone_into(&mut ip6),
                Some(("link-local-ip", v)) => link_local_ips.push(v.to_owned()),
                Some(("driver-opt", v)) => {
                    let (k, v) =
                        v.split_once('=').ok_or("invalid key value pair format in driver options".to_string())?;
                    s.driver_opts.get_or_insert_default().insert(k.to_owned(), v.to_owned());
                }
                Some(("mac-address", v)) => v.clone_into(&mut s.mac_address),
                Some(("gw-priority", v)) => {
                    s.gw_priority = v.parse().map_err(|_| format!("invalid gw-priority ({v}): invalid syntax"))?;
                }
                Some((key, _)) => return Err(format!("invalid field key {key}")),
                None => return Err(format!("invalid field {field}")),
            }
        }
        if name.is_empty() {
            return Err("network name/id is not specified".to_owned());
        }
    }
    if first {
        let (own_ip, own_ip6) = (p.opt("ip").unwrap_or(""), p.opt("ip6").unwrap_or(""));
        let twice = [
            (by_flag > 0 && aliases.len() > by_flag, "--network-alias and per-network alias"),
            (!ip.is_empty() && !own_ip.is_empty(), "--ip and per-network IPv4 address"),
            (!ip6.is_empty() && !own_ip6.is_empty(), "--ip6 and per-network IPv6 address"),
            (
                !link_local_ips.is_empty() && !p.list("link-local-ip").is_empty(),
                "--link-local-ip and per-network link-local IP addresses",
            ),
        ];
        if let Some((_, what)) = twice.iter().find(|t| t.0) {
            return Err(format!("conflicting options: cannot specify both {what}"));
        }
        if !own_ip.is_empty() {
            own_ip.clone_into(&mut ip);
        }
        if !own_ip6.is_empty() {
            own_ip6.clone_into(&mut ip6);
        }
        link_local_ips.extend(p.list("link-local-ip").iter().cloned());
    }
    if first && let Some(mac) = p.opt("mac-address") {
        if !s.mac_address.is_empty() {
            return Err("conflicting options: cannot specify both --mac-address and per-network MAC address".into());
        }
        mac.clone_into(&mut s.mac_address);
    }
    if !s.mac_address.is_empty() && !is_mac(&s.mac_address) && p.is_set("network") {
        return Err(format!("{} is not a valid mac address", s.mac_address));
    }
    s.aliases = some(&aliases);
    if !ip.is_empty() || !ip6.is_empty() || !link_local_ips.is_empty() {
        s.ipam_config = Some(EndpointIpam { ipv4_address: ip, ipv6_address: ip6, link_local_ips });
    }
    Ok((name, s))
}

/// `02:42:ac:11:00:99`, also with `-`.
pub(super) fn is_mac(text: &str) -> bool {
    let parts: Vec<&str> = text.split([':', '-']).collect();
    parts.len() == 6 && parts.iter().all(|p| p.len() == 2 && p.bytes().all(|b| b.is_ascii_hexdigit()))
}
