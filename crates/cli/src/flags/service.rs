//! Values that only the flags of a swarm's commands take (docker/cli `opts/swarmopts`, `cli/command/service/opts.go`,
//! `cli/command/swarm/opts.go`).

use super::{port, value};
use crate::format::quote;
use crate::tree::Flag;

/// Whether a flag's values are of this kind.
pub(super) fn knows(flag: &Flag) -> bool {
    let kinds = ["port", "secret", "config", "pref", "credential-spec", "command", "float", "external-ca", "node-addr"];
    flag.marks.contains('v')
        || kinds.contains(&flag.kind)
        || flag.name.starts_with("generic-resource")
        || flag.name == POOL
}

/// The flag whose kind (`ipNetSlice`) names of networks have, too.
const POOL: &str = "default-addr-pool";

/// Checks a value as the flag's type does when it is set.
pub(super) fn check(flag: &Flag, v: &str) -> Result<(), String> {
    match flag.kind {
        "port" => publish(v),
        "secret" | "config" => reference(flag.kind, v),
        "pref" => preference(v),
        "credential-spec"
            if v.is_empty() || ["config://", "file://", "registry://"].iter().any(|p| v.starts_with(p)) =>
        {
            Ok(())
        }
        "credential-spec" => {
            Err("invalid credential spec: value must be prefixed with \"config://\", \"file://\", or \"registry://\""
                .into())
        }
        "command" => words(v),
        "float" if v.parse::<f64>().is_err() => {
            Err(format!("strconv.ParseFloat: parsing {}: invalid syntax", quote(v)))
        }
        "external-ca" => authority(v).map(drop),
        "node-addr" => address(v),
        "ipNetSlice" => v.split(',').try_for_each(network),
        "duration" if value::parse_duration(v)? < 0 => Err("duration cannot be negative".into()),
        _ => match flag.name {
            "log-opt" => value::check_named("env", v),
            "label-add" => value::check_named("label", v),
            "generic-resource" | "generic-resource-add" if !v.contains('=') => {
                Err(format!("invalid generic-resource format `{v}` expected `name=value`"))
            }
            _ => Ok(()),
        },
    }
}

/// `opts.PortOpt`.
fn publish(v: &str) -> Result<(), String> {
    let is_word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let is_long = v.split(',').all(|f| f.split_once('=').is_some_and(|(k, v)| is_word(k) && is_word(v)));
    if !is_long {
        return match port::publish(v)?.iter().any(|m| !m.binding.host_ip.is_empty()) {
            true => Err("hostip is not supported".into()),
            false => Ok(()),
        };
    }
    let number = |what: &str, v: &str| match value::parse_int(v) {
        Ok(0..=65535) => Ok(v != "0"),
        Ok(_) => Err(format!("invalid {what} port ({v}): value must be an integer: value out of range")),
        Err(_) => Err(format!("invalid {what} port ({v}): value must be an integer: invalid syntax")),
    };
    let mut has_target = false;
    for field in v.to_lowercase().split(',') {
        let (key, v) = field.split_once('=').unwrap_or((field, ""));
        match key {
            "protocol" if !["tcp", "udp", "sctp"].contains(&v) => return Err(format!("invalid protocol value '{v}'")),
            "mode" if !["ingress", "host"].contains(&v) => {
                return Err(format!("invalid publish mode value ({v}): must be either 'ingress' or 'host'"));
            }
            "protocol" | "mode" => {}
            "target" => has_target = number("target", v)?,
            "published" => drop(number("published", v)?),
            other => return Err(format!("invalid field key: {other}")),
        }
    }
    if has_target { Ok(()) } else { Err("missing mandatory field 'target'".into()) }
}

/// `opts.SecretOpt`, `opts.ConfigOpt`.
fn reference(kind: &str, v: &str) -> Result<(), String> {
    let fields = value::csv(v)?;
    if let [only] = fields.as_slice()
        && !only.contains('=')
    {
        return Ok(());
    }
    let mut has_source = false;
    for field in &fields {
        let Some((key, v)) = field.split_once('=').filter(|(k, _)| !k.is_empty()) else {
            return Err(format!("invalid field '{field}' must be a key=value pair"));
        };
        match key.to_lowercase().as_str() {
            "source" | "src" => has_source = !v.is_empty(),
            "target" | "uid" | "gid" => {}
            "mode" => value::parse_int(v)
                .map(drop)
                .map_err(|e| format!("invalid mode specified: {}", e.replace("ParseInt", "ParseUint")))?,
            other => return Err(format!("invalid field in {kind} request: {other}")),
        }
    }
    if has_source { Ok(()) } else { Err("source is required".into()) }
}

/// `spread=node.labels.dc`.
fn preference(v: &str) -> Result<(), String> {
    match v.split_once('=') {
        Some(("spread", _)) => Ok(()),
        Some((strategy, _)) if !strategy.is_empty() => {
            Err(format!("unsupported placement preference {strategy} (only spread is supported)"))
        }
        _ => Err("placement preference must be of the format \"<strategy>=<arg>\"".into()),
    }
}

/// Words as google/shlex reads them.
fn words(v: &str) -> Result<(), String> {
    let mut quote = None;
    let mut chars = v.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None | Some('"'), '\\') if chars.next().is_none() => return Err("EOF found after escape character".into()),
            (None | Some('"'), '\\') => {}
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            _ => {}
        }
    }
    if quote.is_some() { Err("EOF found when expecting closing quote".into()) } else { Ok(()) }
}

/// `protocol=cfssl,url=https://…`: the file of `cacert`, if there is one.
///
/// # Errors
/// The client's words.
pub(crate) fn authority(v: &str) -> Result<Option<String>, String> {
    let (mut has_protocol, mut has_url, mut file) = (false, false, None);
    for field in value::csv(v)? {
        let Some((key, v)) = field.split_once('=') else {
            return Err(format!("invalid field '{field}' must be a key=value pair"));
        };
        match key.to_lowercase().as_str() {
            "protocol" if v.eq_ignore_ascii_case("cfssl") => has_protocol = true,
            "protocol" => return Err(format!("unrecognized external CA protocol {v}")),
            "url" => has_url = true,
            "cacert" => file = Some(v.to_owned()),
            _ => {}
        }
    }
    match (has_protocol, has_url) {
        (false, _) => Err("the external-ca option needs a protocol= parameter".into()),
        (_, false) => Err("the external-ca option needs a url= parameter".into()),
        _ => Ok(file),
    }
}

/// An address or interface with a port or without (docker/cli `opts.ParseTCPAddr`).
fn address(v: &str) -> Result<(), String> {
    let host = v.strip_prefix("tcp://").unwrap_or(v);
    let port = host.rsplit_once(':').filter(|_| !host.ends_with(']')).map_or("", |(_, p)| p);
    if port.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(format!("parse {}: invalid port {} after host", quote(&format!("tcp://{host}")), quote(&format!(":{port}"))))
}

/// `10.0.0.0/8`.
fn network(v: &str) -> Result<(), String> {
    let is_net = v.trim().split_once('/').is_some_and(|(ip, bits)| {
        let most = match ip.parse::<std::net::IpAddr>() {
            Ok(std::net::IpAddr::V4(_)) => 32,
            Ok(_) => 128,
            Err(_) => return false,
        };
        bits.parse::<u8>().is_ok_and(|b| b <= most)
    });
    if is_net { Ok(()) } else { Err(format!("invalid string being converted to CIDR: {v}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the real client answers.
    #[test]
    fn values_of_a_services_flags() {
        assert_eq!(publish("8080:80"), Ok(()));
        assert_eq!(publish("published=8080,target=80,mode=host"), Ok(()));
        assert_eq!(publish("published=80").unwrap_err(), "missing mandatory field 'target'");
        assert_eq!(publish("127.0.0.1:80:80").unwrap_err(), "hostip is not supported");
        assert_eq!(
            publish("target=x").unwrap_err(),
            "invalid target port (x): value must be an integer: invalid syntax"
        );
        assert_eq!(reference("secret", "a"), Ok(()));
        assert_eq!(reference("secret", "").unwrap_err(), "EOF");
        assert_eq!(reference("config", "a=b=c").unwrap_err(), "invalid field in config request: a");
        assert_eq!(reference("secret", "source=a,mode=0400"), Ok(()));
        assert_eq!(words("a 'b c' \"d\""), Ok(()));
        assert_eq!(words("a \\").unwrap_err(), "EOF found after escape character");
        assert_eq!(authority("protocol=cfssl,url=x,cacert=f"), Ok(Some("f".into())));
        assert_eq!(address("x:y").unwrap_err(), "parse \"tcp://x:y\": invalid port \":y\" after host");
        assert_eq!(network("10.0.0.0/33").unwrap_err(), "invalid string being converted to CIDR: 10.0.0.0/33");
    }
}
