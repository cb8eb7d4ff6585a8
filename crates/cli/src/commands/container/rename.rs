//! `docker rename`.

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let (old, new) = (p.arg(0).trim(), p.arg(1).trim());
    if old.is_empty() || new.is_empty() {
        return Err(CliError::new("invalid container name or ID: value is empty"));
    }
    let path = format!("/containers/{old}/rename");
    let renamed = cli.do_("POST", &path, Query::default().with("name", new)).await;
    renamed.map_err(|e| CliError::new(format!("failed to rename container: {}", e.message)))?;
    Ok(0)
}
