//! `docker image inspect`.

use layerlab_api::query::Query;

use layerlab_oci::Platform;

use crate::cli::Cli;
use crate::commands::inspect::{Found, inspect_all};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

/// A platform as the API wants it.
fn parse(given: &str) -> Result<String, CliError> {
    let parsed = Platform::parse(given, &Platform::linux("amd64")).map_err(|e| CliError::new(e.to_string()))?;
    Ok(serde_json::to_string(&parsed).unwrap_or_default())
}

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut found = Vec::new();
    let query = match p.opt("platform") {
        Some(given) => Query::default().with("platform", parse(given)?),
        None => Query::default(),
    };
    for name in &p.args {
        found.push(Found::from(cli.get_bytes(&format!("/images/{name}/json"), query.clone()).await));
    }
    inspect_all(cli, p.str(c, "format"), found).await
}
