//! The PORTS column (docker/cli `formatter.DisplayablePorts`): ports that follow each other are
//! grouped into ranges.

use std::collections::BTreeMap;

use layerlab_api::container::Port;

/// All ports of a container in one text.
pub fn display(ports: &[Port]) -> String {
    let mut sorted: Vec<&Port> = ports.iter().collect();
    sorted.sort_by(|a, b| {
        (a.private_port, a.ip.as_str(), a.public_port.unwrap_or(0), a.kind.as_str()).cmp(&(
            b.private_port,
            b.ip.as_str(),
            b.public_port.unwrap_or(0),
            b.kind.as_str(),
        ))
    });
    let mut groups: BTreeMap<String, (u16, u16)> = BTreeMap::new();
    let mut keys: Vec<String> = Vec::new();
    let mut done: Vec<String> = Vec::new();
    let mut singles: Vec<String> = Vec::new();
    for p in sorted {
        let current = p.private_port;
        let mut key = p.kind.clone();
        if !p.ip.is_empty() {
            if p.public_port != Some(current) {
                singles.push(format!(
                    "{}:{}->{}/{}",
                    bracket(&p.ip),
                    p.public_port.unwrap_or(0),
                    p.private_port,
                    p.kind
                ));
                continue;
            }
            key = format!("{}/{}", p.ip, p.kind);
        }
        match groups.get_mut(&key) {
            None => {
                groups.insert(key.clone(), (current, current));
                keys.push(key);
            }
            Some(g) if current == g.1.saturating_add(1) => g.1 = current,
            Some(g) if current == g.1 => {}
            Some(g) => {
                done.push(group(&key, *g));
                *g = (current, current);
            }
        }
    }
    for key in &keys {
        if let Some(g) = groups.get(key) {
            done.push(group(key, *g));
        }
    }
    done.extend(singles);
    done.join(", ")
}

fn bracket(ip: &str) -> String {
    if ip.contains(':') { format!("[{ip}]") } else { ip.to_owned() }
}

fn group(key: &str, (start, last): (u16, u16)) -> String {
    let (ip, proto) = key.split_once('/').unwrap_or(("", key));
    let mut range = start.to_string();
    if start != last {
        range = format!("{range}-{last}");
    }
    if !ip.is_empty() {
        range = format!("{}:{range}->{range}", bracket(ip));
    }
    format!("{range}/{proto}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(ip: &str, private_port: u16, public: u16) -> Port {
        Port { ip: ip.into(), private_port, public_port: (public > 0).then_some(public), kind: "tcp".into() }
    }

    #[test]
    fn ports_as_docker() {
        assert_eq!(
            display(&[port("0.0.0.0", 80, 8080), port("::", 80, 8080)]),
            "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp"
        );
        assert_eq!(display(&[port("0.0.0.0", 80, 8080), port("", 443, 0)]), "443/tcp, 0.0.0.0:8080->80/tcp");
        let three = [port("0.0.0.0", 3001, 3001), port("0.0.0.0", 3000, 3000), port("0.0.0.0", 3002, 3002)];
        assert_eq!(display(&three), "0.0.0.0:3000-3002->3000-3002/tcp");
        assert_eq!(display(&[port("", 80, 0)]), "80/tcp");
        assert_eq!(display(&[]), "");
    }
}
