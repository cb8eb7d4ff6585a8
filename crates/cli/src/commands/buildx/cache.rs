//! `--cache-from` and `--cache-to` with folders of the client's.

use std::collections::BTreeMap;

use layerlab_api::build::BuildOptions;
use layerlab_api::query::Query;
use layerlab_kernel::Errno;

use super::context::{self, Context};
use super::output;
use crate::cli::Cli;
use crate::error::{CliError, path_error};

fn failed(what: impl std::fmt::Display) -> CliError {
    CliError::new(format!("ERROR: failed to build: {what}"))
}

/// The folder of a `type=local` entry.
fn folder(text: &str, option: &str) -> Result<Option<String>, CliError> {
    if !text.contains('=') {
        return Ok(None);
    }
    let mut fields = BTreeMap::new();
    for field in text.split(',') {
        let Some((k, v)) = field.split_once('=') else { return Err(failed(format!("invalid value {field}"))) };
        fields.insert(k.trim().to_lowercase(), v.to_owned());
    }
    match fields.get("type").map(String::as_str) {
        None | Some("") => Err(failed(format!("type required form> {}", crate::format::quote(text)))),
        Some("local") => {
            let dir = fields.remove(option).filter(|d| !d.is_empty());
            dir.map(Some).ok_or_else(|| {
                failed(format!(
                    "local cache {} requires {option}",
                    if option == "src" { "importer" } else { "exporter" }
                ))
            })
        }
        Some(_) => Ok(None),
    }
}

/// Reads the folders that `--cache-from` names. One without a cache is no error (BuildKit
/// `client/solve.go`, `parseCacheOptions`).
pub(crate) async fn read(
    cli: &Cli,
    options: &BuildOptions,
    contexts: &mut Vec<(String, Context)>,
) -> Result<(), CliError> {
    for text in &options.cache_to {
        folder(text, "dest")?;
    }
    for (n, text) in options.cache_from.iter().enumerate() {
        let Some(dir) = folder(text, "src")? else { continue };
        let index = format!("{}/index.json", dir.trim_end_matches('/'));
        match cli.sys.stat(&index).await {
            Ok(_) => contexts.push((format!(".cache-from.{n}"), context::read_named(cli, &dir).await?)),
            Err(e) => {
                let why = path_error("open", &index, e).message;
                let why = if e == Errno::ENOENT { format!("could not read {index}: {why}") } else { why };
                cli.eprint(format!("WARNING: local cache import at {dir} not found due to err: {why}\n")).await;
            }
        }
    }
    Ok(())
}

/// Fetches the caches that `--cache-to` wants in folders.
pub(crate) async fn take(
    cli: &Cli,
    options: &BuildOptions,
    response: &BTreeMap<String, String>,
) -> Result<(), CliError> {
    for (n, text) in options.cache_to.iter().enumerate() {
        let Some(dir) = folder(text, "dest")? else { continue };
        let Some(number) = response.get(&format!("layerlab.cache.{n}")) else { continue };
        let bytes = cli.get_bytes(&format!("/build/result/{number}/cache{n}"), Query::default()).await?;
        output::unpack(cli, &bytes, &dir).await?;
    }
    Ok(())
}
