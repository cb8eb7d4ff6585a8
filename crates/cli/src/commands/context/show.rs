//! `docker context show`.

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, _: &Parsed) -> Result<i32, CliError> {
    cli.print("default\n").await?;
    Ok(0)
}
