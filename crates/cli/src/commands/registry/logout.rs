//! `docker logout`.

use crate::cli::Cli;
use crate::credentials;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let host = p.arg(0).trim_start_matches("https://").trim_start_matches("http://");
    let host = host.split('/').next().unwrap_or_default();
    let server = credentials::key(host);
    cli.print(format!("Removing login credentials for {server}\n")).await?;
    if !credentials::erase(cli, server).await? {
        cli.eprint(format!("Not logged in to {}\n", if host.is_empty() { server } else { host })).await;
    }
    Ok(0)
}
