//! `docker buildx use`.

use super::builders;
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let name = p.arg(0);
    builders::find(cli, name).await.map_err(|_| {
        CliError::new(format!(
            "ERROR: failed to find instance {}: no builder {} found",
            crate::format::quote(name),
            crate::format::quote(name)
        ))
    })?;
    builders::choose(cli, name).await?;
    Ok(0)
}
