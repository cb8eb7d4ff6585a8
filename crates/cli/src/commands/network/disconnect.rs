//! `docker network disconnect`.

use layerlab_api::network::DisconnectRequest;
use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    Cli::given("network", p.arg(0))?;
    Cli::given("container", p.arg(1))?;
    let request = DisconnectRequest { container: p.arg(1).to_owned(), force: p.bool("force") };
    cli.post_only(&format!("/networks/{}/disconnect", p.arg(0)), Query::default(), &request).await?;
    Ok(0)
}
