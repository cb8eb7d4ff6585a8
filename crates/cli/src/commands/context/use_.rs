//! `docker context use`.

use crate::cli::Cli;
use crate::contexts::{self, DEFAULT};
use crate::credentials;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::quote;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let name = p.arg(0);
    contexts::get(cli, name).await?;
    credentials::set_context(cli, Some(name).filter(|n| *n != DEFAULT)).await?;
    cli.print(format!("{name}\n")).await?;
    cli.eprint(format!("Current context is now {}\n", quote(name))).await;
    if name != DEFAULT && cli.args.var("DOCKER_HOST").is_some_and(|h| !h.is_empty()) {
        cli.eprint(format!("Warning: DOCKER_HOST environment variable overrides the active context. To use {}, either set the global --context flag, or unset DOCKER_HOST environment variable.\n", quote(name))).await;
    }
    Ok(0)
}
