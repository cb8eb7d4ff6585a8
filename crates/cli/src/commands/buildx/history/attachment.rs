//! `docker buildx history inspect attachment` (buildx `commands/history/inspect_attachment.go`).

use layerlab_oci::{Digest, media_type};

use super::{History, failed};
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::quote;
use crate::tree::Command;

/// What the short names of `--type` stand for.
fn kinds(given: &str) -> Vec<&str> {
    match given {
        "index" => vec![media_type::OCI_INDEX],
        "manifest" => vec![media_type::OCI_MANIFEST],
        "image" => vec![media_type::OCI_CONFIG],
        "provenance" => vec!["https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2"],
        "sbom" => vec!["https://spdx.dev/Document"],
        other => vec![other],
    }
}

/// Go-digest's words for what is none.
fn digest(given: &str) -> Result<(), CliError> {
    if given.parse::<Digest>().is_ok() {
        return Ok(());
    }
    let why = match given.split_once(':') {
        None | Some(("" | _, "")) => "invalid checksum digest format",
        Some(("sha256", hex)) if hex.len() != 64 => "invalid checksum digest length",
        Some(("sha256", _)) => "invalid checksum digest format",
        _ => "unsupported digest algorithm",
    };
    Err(failed(format!("invalid digest {}: {why}", quote(given))))
}

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let (kind, platform) = (p.opt("type").unwrap_or_default(), p.opt("platform").unwrap_or_default());
    let wanted = p.arg(1);
    if p.args.len() > 1 {
        digest(wanted)?;
    }
    if wanted.is_empty() && kind.is_empty() && platform.is_empty() {
        return Err(failed("at least one of --type, --platform or DIGEST must be specified"));
    }
    let history = History::open(cli, p).await?;
    let record = history.find(p.arg(0)).await?;
    let found = match wanted {
        "" => {
            let kinds = kinds(kind);
            let mut all = record.attachments.iter();
            let fits = all.find(|a| {
                (platform.is_empty() || a.platform == platform) && (kind.is_empty() || kinds.contains(&a.kind.as_str()))
            });
            let none = || failed(format!("no matching attachment found for ref {}", quote(p.arg(0))));
            fits.map(|a| a.digest.clone()).ok_or_else(none)?
        }
        digest => digest.to_owned(),
    };
    let bytes = history.blob(&record, &found).await?;
    cli.sys.write_all(1, bytes).await?;
    Ok(0)
}
