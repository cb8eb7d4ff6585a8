//! `docker build`.

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(_: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    Err(CliError::new(crate::commands::why_unavailable(&p.path)))
}
