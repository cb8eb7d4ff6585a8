//! `docker network create`.

use layerlab_api::network::{ConfigFrom, CreateRequest, CreateResponse, Ipam};
use layerlab_api::query::Query;

use super::ipam;
use crate::cli::Cli;
use crate::commands::container::options::key_values;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let aux: Vec<(String, String)> = key_values(p.list("aux-address")).into_iter().collect();
    let config = ipam::config(p.list("subnet"), p.list("ip-range"), p.list("gateway"), &aux).map_err(CliError::new)?;
    let config_from = p.opt("config-from").filter(|f| !f.is_empty());
    let request = CreateRequest {
        name: p.arg(0).to_owned(),
        driver: p.str(c, "driver").to_owned(),
        scope: p.str(c, "scope").to_owned(),
        enable_ipv4: p.is_set("ipv4").then(|| p.bool("ipv4")),
        enable_ipv6: p.is_set("ipv6").then(|| p.bool("ipv6")),
        ipam: Some(Ipam {
            driver: p.str(c, "ipam-driver").to_owned(),
            options: Some(key_values(p.list("ipam-opt"))),
            config,
        }),
        internal: p.bool("internal"),
        attachable: p.bool("attachable"),
        ingress: p.bool("ingress"),
        config_only: p.bool("config-only"),
        config_from: config_from.map(|network| ConfigFrom { network: network.to_owned() }),
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
