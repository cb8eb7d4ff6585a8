//! `docker port`.

use layerlab_api::container::{Inspect, PortBinding};
use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

fn address(b: &PortBinding) -> String {
    if b.host_ip.contains(':') {
        format!("[{}]:{}", b.host_ip, b.host_port)
    } else {
        format!("{}:{}", b.host_ip, b.host_port)
    }
}

/// Numbers in ports sort as numbers.
fn order(port: &str) -> (u32, &str) {
    let (n, proto) = port.split_once('/').unwrap_or((port, ""));
    (n.parse().unwrap_or(0), proto)
}

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let c: Inspect = cli.get(&format!("/containers/{}/json", p.arg(0)), Query::default()).await?;
    let ports = &c.network_settings.ports;
    if let Some(asked) = p.args.get(1) {
        let (number, proto) = asked.split_once('/').unwrap_or((asked, "tcp"));
        if number.parse::<u16>().is_err() {
            return Err(CliError::new(format!(
                "Error: invalid port ({number}): strconv.ParseUint: parsing {}: invalid syntax",
                crate::format::quote(number)
            )));
        }
        let found = ports.get(&format!("{number}/{proto}")).and_then(Option::as_ref);
        let Some(bindings) = found else {
            return Err(CliError::new(format!("no public port '{asked}' published for {}", p.arg(0))));
        };
        let lines: String = bindings.iter().map(|b| format!("{}\n", address(b))).collect();
        cli.print(lines).await?;
        return Ok(0);
    }
    let mut names: Vec<&String> = ports.keys().collect();
    names.sort_by_key(|n| order(n));
    let mut text = String::new();
    for name in names {
        for b in ports.get(name).into_iter().flatten().flatten() {
            text.push_str(&format!("{name} -> {}\n", address(b)));
        }
    }
    cli.print(text).await?;
    Ok(0)
}
