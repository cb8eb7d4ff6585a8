//! `docker image inspect`.

use layerlab_api::query::Query;

use layerlab_oci::Platform;

use crate::cli::Cli;
use crate::commands::inspect::{IMAGE, get, inspect_all};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

/// `--platform` as the API wants it.
///
/// # Errors
/// It is none.
pub(crate) fn platform(given: &str) -> Result<String, CliError> {
    let parsed = Platform::parse(given, &Platform::linux("amd64")).map_err(|e| CliError::new(e.to_string()))?;
    Ok(serde_json::to_string(&parsed).unwrap_or_default())
}

/// The same where the words say what it is.
///
/// # Errors
/// It is none.
pub(crate) fn named_platform(given: &str) -> Result<String, CliError> {
    platform(given).map_err(|e| CliError::new(format!("invalid platform: {}", e.message)))
}

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let mut found = Vec::new();
    let query = match p.opt("platform") {
        Some(given) => Query::default().with("platform", platform(given)?),
        None => Query::default(),
    };
    for name in &p.args {
        if name.is_empty() {
            found.push(Err(CliError::new("no such image: ")));
            continue;
        }
        found.push(get(cli, IMAGE, &format!("/images/{name}/json"), query.clone()).await);
    }
    inspect_all(cli, p.str(c, "format"), found).await
}
