//! `docker buildx version`.

use super::VERSION;
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, _: &Parsed) -> Result<i32, CliError> {
    cli.print(format!("github.com/docker/buildx {VERSION} 9e66234aa13328a5e75b75aa5574e1ca6d6d9c01\n")).await?;
    Ok(0)
}
