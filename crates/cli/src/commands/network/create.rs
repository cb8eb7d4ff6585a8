//! `docker network create`.

use layerlab_api::network::{CreateRequest, CreateResponse, Ipam, IpamConfig};
use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::commands::container::options::key_values;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let config = subnets(p).map_err(CliError::new)?;
    let request = CreateRequest {
        name: p.arg(0).to_owned(),
        driver: p.str(c, "driver").to_owned(),
        scope: p.str(c, "scope").to_owned(),
        ipam: Some(Ipam {
            driver: p.str(c, "ipam-driver").to_owned(),
            options: Some(key_values(p.list("ipam-opt"))),
            config,
        }),
        internal: p.bool("internal"),
        attachable: p.bool("attachable"),
        ingress: p.bool("ingress"),
        options: Some(key_values(p.list("opt"))),
        labels: Some(key_values(p.list("label"))),
    };
    let made: CreateResponse = cli.post("/networks/create", Query::default(), &request).await?;
    if !made.warning.is_empty() {
        cli.eprint(format!("WARNING: {}\n", made.warning)).await;
    }
    cli.print(format!("{}\n", made.id)).await?;
    Ok(0)
}

/// `--subnet`, `--ip-range` and `--gateway` belong together by address.
fn subnets(p: &Parsed) -> Result<Vec<IpamConfig>, String> {
    let mut out: Vec<IpamConfig> =
        p.list("subnet").iter().map(|s| IpamConfig { subnet: s.clone(), ..IpamConfig::default() }).collect();
    for range in p.list("ip-range") {
        let found = out.iter_mut().find(|c| contains(&c.subnet, range.split('/').next().unwrap_or("")));
        found.ok_or(format!("no matching subnet for range {range}"))?.ip_range.clone_from(range);
    }
    for gateway in p.list("gateway") {
        let found = out.iter_mut().find(|c| contains(&c.subnet, gateway));
        found.ok_or(format!("no matching subnet for gateway {gateway}"))?.gateway.clone_from(gateway);
    }
    Ok(out)
}

fn contains(subnet: &str, address: &str) -> bool {
    let bits = |s: &str| s.parse::<std::net::Ipv4Addr>().ok().map(u32::from);
    let Some((net, len)) = subnet.split_once('/') else { return false };
    let (Some(net), Some(address), Ok(len)) = (bits(net), bits(address), len.parse::<u32>()) else { return false };
    let mask = u32::MAX.checked_shl(32u32.saturating_sub(len)).unwrap_or(0);
    net & mask == address & mask
}
