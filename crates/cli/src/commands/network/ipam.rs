//! `--subnet`, `--ip-range`, `--gateway` and `--aux-address` belong together by address (docker/cli
//! `cli/command/network/create.go`, `createIPAMConfig`).

use std::net::IpAddr;

use layerlab_api::network::IpamConfig;

use crate::format::quote;

/// A block of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Prefix {
    addr: IpAddr,
    bits: u32,
}

impl Prefix {
    /// Go's `netip.ParsePrefix`, with its words.
    fn parse(text: &str) -> Result<Self, String> {
        let shown = quote(text);
        let Some((addr, bits)) = text.rsplit_once('/') else {
            return Err(format!("netip.ParsePrefix({shown}): no '/'"));
        };
        let ip: IpAddr = addr
            .parse()
            .map_err(|_| format!("netip.ParsePrefix({shown}): ParseAddr({}): unable to parse IP", quote(addr)))?;
        let plain = !bits.is_empty() && bits.bytes().all(|b| b.is_ascii_digit());
        let most = if ip.is_ipv4() { 32 } else { 128 };
        match bits.parse::<u32>() {
            _ if !plain || bits.len() > 1 && bits.starts_with('0') => {
                Err(format!("netip.ParsePrefix({shown}): bad bits after slash: {}", quote(bits)))
            }
            Ok(bits) if bits <= most => Ok(Self { addr: ip, bits }),
            _ => Err(format!("netip.ParsePrefix({shown}): prefix length out of range")),
        }
    }

    fn contains(self, other: IpAddr) -> bool {
        let same = |a: u128, b: u128, width: u32| self.bits == 0 || (a ^ b) >> (width - self.bits) == 0;
        match (self.addr, other) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same(u128::from(u32::from(a)), u128::from(u32::from(b)), 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => same(u128::from(a), u128::from(b), 128),
            _ => false,
        }
    }
}

fn address(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| format!("ParseAddr({}): unable to parse IP", quote(text)))
}

/// The consolidated settings, in the order of the subnets.
pub(super) fn config(
    subnets: &[String],
    ranges: &[String],
    gateways: &[String],
    aux: &[(String, String)],
) -> Result<Vec<IpamConfig>, String> {
    if subnets.len() < ranges.len() || subnets.len() < gateways.len() {
        return Err("every ip-range or gateway must have a corresponding subnet".to_owned());
    }
    let mut all: Vec<(Prefix, IpamConfig)> = Vec::new();
    for subnet in subnets {
        let prefix = Prefix::parse(subnet)?;
        if all.iter().any(|(p, _)| p.contains(prefix.addr) || prefix.contains(p.addr)) {
            return Err("multiple overlapping subnet configuration is not supported".to_owned());
        }
        all.push((prefix, IpamConfig { subnet: subnet.clone(), ..IpamConfig::default() }));
    }
    for range in ranges {
        let ip = Prefix::parse(range)?.addr;
        let (_, c) = all
            .iter_mut()
            .find(|(p, _)| p.contains(ip))
            .ok_or_else(|| format!("no matching subnet for range {range}"))?;
        if !c.ip_range.is_empty() {
            let (old, subnet) = (&c.ip_range, &c.subnet);
            return Err(format!("cannot configure multiple ranges ({range}, {old}) on the same subnet ({subnet})"));
        }
        c.ip_range.clone_from(range);
    }
    for gateway in gateways {
        let ip = address(gateway)?;
        let (_, c) = all
            .iter_mut()
            .find(|(p, _)| p.contains(ip))
            .ok_or_else(|| format!("no matching subnet for gateway {gateway}"))?;
        if !c.gateway.is_empty() {
            let (old, subnet) = (&c.gateway, &c.subnet);
            return Err(format!(
                "cannot configure multiple gateways ({gateway}, {old}) for the same subnet ({subnet})"
            ));
        }
        c.gateway.clone_from(gateway);
    }
    for (name, text) in aux {
        let ip = address(text)?;
        let (_, c) = all
            .iter_mut()
            .find(|(p, _)| p.contains(ip))
            .ok_or_else(|| format!("no matching subnet for aux-address {text}"))?;
        c.aux_address.insert(name.clone(), text.clone());
    }
    Ok(all.into_iter().map(|(_, c)| c).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &[&str]) -> Vec<String> {
        words.iter().map(|w| (*w).to_owned()).collect()
    }

    #[test]
    fn what_belongs_to_a_subnet_is_found_by_its_address() {
        let got = config(
            &list(&["10.1.0.0/16", "fd00::/64"]),
            &list(&["10.1.5.0/24"]),
            &list(&["fd00::9", "10.1.5.254"]),
            &[("router".to_owned(), "10.1.0.5".to_owned())],
        )
        .unwrap();
        assert_eq!((got[0].ip_range.as_str(), got[0].gateway.as_str()), ("10.1.5.0/24", "10.1.5.254"));
        assert_eq!((got[1].gateway.as_str(), got[0].aux_address["router"].as_str()), ("fd00::9", "10.1.0.5"));
    }

    /// The client's 29.8.0 words.
    #[test]
    fn what_fits_nowhere_is_refused() {
        let wrong = |s: &[&str], r: &[&str], g: &[&str]| config(&list(s), &list(r), &list(g), &[]).unwrap_err();
        assert_eq!(wrong(&["foo"], &[], &[]), "netip.ParsePrefix(\"foo\"): no '/'");
        assert_eq!(wrong(&["10.5.0.0/24"], &[], &["10.6.0.1"]), "no matching subnet for gateway 10.6.0.1");
        assert_eq!(wrong(&[], &[], &["10.6.0.1"]), "every ip-range or gateway must have a corresponding subnet");
        assert_eq!(
            wrong(&["10.5.0.0/24", "10.5.0.0/16"], &[], &[]),
            "multiple overlapping subnet configuration is not supported"
        );
    }
}
