//! `docker context rm`.

use crate::cli::Cli;
use crate::contexts::{self, DEFAULT};
use crate::credentials;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::quote;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let current = contexts::current(cli).await?;
    let mut errors = Vec::new();
    for name in &p.args {
        match remove(cli, name, *name == current, p.bool("force")).await {
            Ok(()) => cli.print(format!("{name}\n")).await?,
            Err(e) => errors.push(e),
        }
    }
    CliError::join(errors)
}

async fn remove(cli: &Cli, name: &str, current: bool, force: bool) -> Result<(), CliError> {
    if name == DEFAULT {
        return Err(CliError::new("context \"default\" cannot be removed"));
    }
    if current {
        if !force {
            return Err(CliError::new(format!("context {} is in use, set -f flag to force remove", quote(name))));
        }
        credentials::set_context(cli, None).await?;
    }
    if !force && contexts::get(cli, name).await.is_err() {
        return Err(CliError::new(format!("context {} does not exist", quote(name))));
    }
    contexts::remove(cli, name).await;
    Ok(())
}
