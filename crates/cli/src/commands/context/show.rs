//! `docker context show`.

use crate::cli::Cli;
use crate::contexts;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, _: &Parsed) -> Result<i32, CliError> {
    let name = contexts::current(cli).await?;
    cli.print(format!("{name}\n")).await?;
    Ok(0)
}
