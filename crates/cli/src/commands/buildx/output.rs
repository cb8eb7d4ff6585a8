//! `--output`: what a build gives to its client.

use std::collections::BTreeMap;

use layerlab_api::query::Query;
use layerlab_oci::layer::{self, EntryKind, Limits};

use crate::cli::Cli;
use crate::commands::container::options::absolute;
use crate::error::{CliError, path_error};
use crate::flags::Parsed;

fn failed(what: impl std::fmt::Display) -> CliError {
    CliError::new(format!("ERROR: failed to build: {what}"))
}

/// An `--output`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Output {
    kind: String,
    dest: Option<String>,
    /// As the daemon gets it.
    pub(crate) text: String,
}

impl Output {
    /// Reads `type=local,dest=out`, `out` or `-`.
    fn parse(given: &str) -> Result<Self, CliError> {
        if !given.contains('=') {
            let kind = if given == "-" { "tar" } else { "local" };
            return Ok(Self { kind: kind.into(), dest: Some(given.into()), text: format!("type={kind},dest={given}") });
        }
        let mut fields = BTreeMap::new();
        for field in given.split(',') {
            let Some((k, v)) = field.split_once('=') else {
                return Err(failed(format!("invalid value {field}")));
            };
            fields.insert(k.trim().to_lowercase(), v.to_owned());
        }
        let Some(kind) = fields.remove("type") else { return Err(failed("type is required for output")) };
        let dest = fields.remove("dest").or_else(|| fields.remove("output"));
        Ok(Self { kind, dest, text: given.to_owned() })
    }

    fn is_for_client(&self) -> bool {
        matches!(self.kind.as_str(), "local" | "tar" | "oci") || self.kind == "docker" && self.dest.is_some()
    }

    /// Whether the image goes to its registry.
    pub(crate) fn pushes(&self) -> bool {
        self.kind == "registry" || self.kind == "image" && self.text.split(',').any(|f| f == "push=true")
    }
}

/// What the command line asks for.
pub(crate) async fn outputs(cli: &Cli, p: &Parsed) -> Result<Vec<Output>, CliError> {
    let mut out = Vec::new();
    for given in p.list("output") {
        out.push(Output::parse(given)?);
    }
    if p.bool("push") {
        out.push(Output::parse("type=registry")?);
    }
    if p.bool("load") {
        out.push(Output::parse("type=docker")?);
    }
    for o in &out {
        let to_stdout = o.dest.as_deref().is_none_or(|d| d == "-");
        match o.kind.as_str() {
            "local" if o.dest.as_deref().is_none_or(|d| d.is_empty() || d == "-") => {
                return Err(failed("dest is required for local output"));
            }
            "tar" | "oci" if to_stdout && cli.sys.is_atty(1).await => {
                let kind = &o.kind;
                return Err(failed(format!("dest file is required for {kind} exporter. refusing to write to console")));
            }
            "image" | "registry" | "docker" | "local" | "tar" | "oci" | "cacheonly" => {}
            other => {
                return Err(failed(format!(
                    "failed to solve: exporter {} could not be found",
                    crate::format::quote(other)
                )));
            }
        }
    }
    Ok(out)
}

/// Fetches what was made for the client, and puts it where it belongs.
pub(crate) async fn take(cli: &Cli, outputs: &[Output], number: &str) -> Result<(), CliError> {
    for (n, output) in outputs.iter().enumerate().filter(|(_, o)| o.is_for_client()) {
        let bytes = cli.get_bytes(&format!("/build/result/{number}/output{n}"), Query::default()).await?;
        put(cli, output, bytes).await?;
    }
    Ok(())
}

async fn put(cli: &Cli, output: &Output, bytes: Vec<u8>) -> Result<(), CliError> {
    let dest = output.dest.as_deref().unwrap_or("-");
    if output.kind == "local" {
        return unpack(cli, &bytes, dest).await;
    }
    if dest == "-" {
        cli.sys.write_all(1, bytes).await?;
        return Ok(());
    }
    if output.kind == "oci" && output.text.split(',').any(|f| f == "tar=false") {
        return unpack(cli, &bytes, dest).await;
    }
    cli.sys.write_file(dest, bytes, 0o644).await.map_err(|e| failed(path_error("open", dest, e).message))
}

/// Unpacks a tar into a folder, as the caller.
pub(crate) async fn unpack(cli: &Cli, tar: &[u8], dest: &str) -> Result<(), CliError> {
    let cwd = cli.sys.getcwd().await.unwrap_or_default();
    let dest = absolute(dest, &cwd);
    let mut made = String::new();
    for part in dest.split('/').filter(|p| !p.is_empty()) {
        made = format!("{made}/{part}");
        // Most of them are there.
        let _ = cli.sys.mkdir(&made, 0o755).await;
    }
    let mut modes = Vec::new();
    for e in layer::read(tar, Limits::default()).map_err(failed)? {
        let path = format!("{dest}/{}", e.path);
        let fail = |err| failed(path_error("open", &path, err).message);
        match e.kind {
            EntryKind::Dir => {
                let _ = cli.sys.mkdir(&path, 0o755).await;
                modes.push((path, e.mode, e.mtime));
            }
            EntryKind::File { content } => {
                let _ = cli.sys.unlink(&path).await;
                cli.sys.write_file(&path, content.to_vec(), e.mode & 0o7777).await.map_err(fail)?;
                let _ = cli.sys.chmod(&path, e.mode).await;
                let _ = cli.sys.utimes(&path, Some((e.mtime, 0))).await;
                if let Some(size) = e.nominal_size {
                    let _ = cli.sys.set_nominal_size(&path, size).await;
                }
            }
            EntryKind::Symlink { target } => {
                let _ = cli.sys.unlink(&path).await;
                cli.sys.symlink(&target, &path).await.map_err(fail)?;
            }
            EntryKind::HardLink { target } => {
                let _ = cli.sys.unlink(&path).await;
                cli.sys.link(&format!("{dest}/{target}"), &path).await.map_err(fail)?;
            }
            _ => {}
        }
    }
    for (path, mode, mtime) in modes.into_iter().rev() {
        let _ = cli.sys.chmod(&path, mode).await;
        let _ = cli.sys.utimes(&path, Some((mtime, 0))).await;
    }
    Ok(())
}

/// `--metadata-file`: the exporter's response as JSON.
pub(crate) fn metadata(response: &BTreeMap<String, String>) -> String {
    let value = |v: &String| match serde_json::from_str::<serde_json::Value>(v) {
        Ok(json) if v.starts_with('{') => json,
        _ => serde_json::Value::String(v.clone()),
    };
    let shown = response.iter().filter(|(k, _)| !k.starts_with("layerlab."));
    let all: BTreeMap<&String, serde_json::Value> = shown.map(|(k, v)| (k, value(v))).collect();
    serde_json::to_string_pretty(&all).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_by_their_short_forms() {
        let o = Output::parse("out").unwrap();
        assert_eq!((o.kind.as_str(), o.dest.as_deref(), o.is_for_client()), ("local", Some("out"), true));
        assert_eq!(Output::parse("-").unwrap().kind, "tar");
        let o = Output::parse("type=oci,dest=x.tar").unwrap();
        assert_eq!((o.kind.as_str(), o.dest.as_deref()), ("oci", Some("x.tar")));
        assert!(!Output::parse("type=docker").unwrap().is_for_client());
        assert!(Output::parse("type=image,push=true").unwrap().pushes());
        assert!(Output::parse("dest=x").is_err());
    }
}
