//! `docker network connect`.

use layerlab_api::network::{ConnectRequest, EndpointIpam, EndpointSettings};
use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::commands::container::options::key_values;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    if p.list("driver-opt").iter().any(|o| !o.contains('=')) {
        return Err(CliError::new("invalid key/value pair format in driver options"));
    }
    let list = |name: &str| (!p.list(name).is_empty()).then(|| p.list(name).to_vec());
    let endpoint = EndpointSettings {
        ipam_config: ["ip", "ip6", "link-local-ip"].iter().any(|f| p.is_set(f)).then(|| EndpointIpam {
            ipv4_address: p.opt("ip").unwrap_or_default().to_owned(),
            ipv6_address: p.opt("ip6").unwrap_or_default().to_owned(),
            link_local_ips: p.list("link-local-ip").to_vec(),
        }),
        links: list("link"),
        aliases: list("alias"),
        driver_opts: list("driver-opt").map(|d| key_values(&d)),
        gw_priority: p.int("gw-priority").unwrap_or(0),
        ..EndpointSettings::default()
    };
    Cli::given("network", p.arg(0))?;
    Cli::given("container", p.arg(1))?;
    let request = ConnectRequest { container: p.arg(1).to_owned(), endpoint_config: Some(endpoint) };
    cli.post_only(&format!("/networks/{}/connect", p.arg(0)), Query::default(), &request).await?;
    Ok(0)
}
