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
    // Who is not logged in hears nothing else.
    credentials::erase(cli, server).await?;
    Ok(0)
}
