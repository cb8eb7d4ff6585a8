//! `--publish` and `--expose` (docker/go-connections `nat`, docker/cli `opts/port.go`).

use layerlab_api::container::PortBinding;

/// A container port (`80/tcp`) with where it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// `80/tcp`.
    pub port: String,
    /// Host address and port.
    pub binding: PortBinding,
}

fn range(s: &str) -> Option<(u16, u16)> {
    let (a, b) = s.split_once('-').unwrap_or((s, s));
    let (a, b): (u16, u16) = (a.parse().ok()?, b.parse().ok()?);
    (b >= a).then_some((a, b))
}

/// Reads `-p`'s value: `8080:80`, `127.0.0.1:8080:80/udp`, `8000-8002:9000-9002`, `target=80,published=8080`.
///
/// # Errors
/// The client's words.
pub fn publish(spec: &str) -> Result<Vec<Mapping>, String> {
    if spec.contains('=') {
        return long_form(spec);
    }
    let parts: Vec<&str> = spec.split(':').collect();
    let (ip, host, container) = match parts.as_slice() {
        [c] => (String::new(), "", *c),
        [h, c] => (String::new(), *h, *c),
        [ip @ .., h, c] => (ip.join(":"), *h, *c),
        [] => (String::new(), "", ""),
    };
    let (container, proto) = container.split_once('/').unwrap_or((container, "tcp"));
    let proto = proto.to_ascii_lowercase();
    if !["tcp", "udp", "sctp"].contains(&proto.as_str()) {
        return Err(format!("invalid proto: {proto}"));
    }
    let ip = ip.trim_start_matches('[').trim_end_matches(']').to_owned();
    if !ip.is_empty() && ip.parse::<std::net::IpAddr>().is_err() {
        return Err(format!("invalid IP address: {ip}"));
    }
    if container.is_empty() {
        return Err(format!("no port specified: {spec}<empty>"));
    }
    let (start, end) = range(container).ok_or(format!("invalid containerPort: {container}"))?;
    let hosts = if host.is_empty() { None } else { Some(range(host).ok_or(format!("invalid hostPort: {host}"))?) };
    if let Some((hs, he)) = hosts
        && he - hs != end - start
        && end != start
    {
        return Err(format!("invalid ranges specified for container and host Ports: {container} and {host}"));
    }
    let one = |i: u16| {
        let host_port = match hosts {
            None => String::new(),
            Some((hs, he)) if start == end && hs != he => format!("{hs}-{he}"),
            Some((hs, _)) => (hs + i).to_string(),
        };
        Mapping { port: format!("{}/{proto}", start + i), binding: PortBinding { host_ip: ip.clone(), host_port } }
    };
    Ok((0..=end - start).map(one).collect())
}

fn long_form(spec: &str) -> Result<Vec<Mapping>, String> {
    let (mut target, mut published, mut proto) = ("", "", "tcp");
    for field in spec.split(',') {
        match field.split_once('=') {
            Some(("target", v)) => target = v,
            Some(("published", v)) => published = v,
            Some(("protocol", v)) => proto = v,
            Some(("mode", _)) => {}
            // The real client takes other keys without a word.
            Some(_) => {}
            None => return Err(format!("invalid field: {field}")),
        }
    }
    if target.is_empty() {
        return Err(format!("no port specified: {published}:/{proto}<empty>"));
    }
    let sep = if published.is_empty() { "" } else { ":" };
    publish(&format!("{published}{sep}{target}/{proto}"))
}

/// Go's `strconv.ParseUint(s, 10, 16)`.
fn number(s: &str) -> Result<u16, String> {
    let fail = |why: &str| format!("strconv.ParseUint: parsing {}: {why}", crate::format::quote(s));
    if s.is_empty() || !s.bytes().all(|b| b.is_ascii_digit()) {
        return Err(fail("invalid syntax"));
    }
    s.parse().map_err(|_| fail("value out of range"))
}

/// Reads `--expose`'s value: `80`, `80/udp`, `8000-8010/tcp`.
///
/// # Errors
/// The client's words.
pub fn expose(spec: &str) -> Result<Vec<String>, String> {
    if spec.contains(':') {
        return Err(format!("invalid port format for --expose: {spec}"));
    }
    let (ports, proto) = spec.split_once('/').unwrap_or((spec, "tcp"));
    let fail = |why: String| format!("invalid range format for --expose: {spec}, error: {why}");
    let (a, b) = ports.split_once('-').unwrap_or((ports, ports));
    let (start, end) = (number(a).map_err(fail)?, number(b).map_err(fail)?);
    if end < start {
        return Err(fail(format!("invalid range specified for port: {ports}")));
    }
    Ok((start..=end).map(|p| format!("{p}/{proto}")).collect())
}
