//! `docker pull`.

use layerlab_api::http::Request;
use layerlab_api::query::Query;
use layerlab_oci::Reference;

use crate::cli::Cli;
use crate::client::progress;
use crate::credentials;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let given = p.arg(0);
    let reference = Reference::parse_normalized(given).map_err(|e| CliError::new(e.to_string()))?;
    let all = p.bool("all-tags");
    if all && !reference.is_name_only() {
        return Err(CliError::new("tag can't be used with --all-tags/-a"));
    }
    let reference = if all { reference } else { reference.tag_name_only() };
    if !all && Reference::parse_normalized(given).is_ok_and(|r| r.is_name_only()) && !p.bool("quiet") {
        cli.print(format!("Using default tag: {}\n", layerlab_oci::reference::DEFAULT_TAG)).await?;
    }
    fetch(cli, &reference, p.opt("platform"), 1, p.bool("quiet")).await?;
    cli.print(format!("{}\n", reference_text(&reference))).await?;
    Ok(0)
}

fn reference_text(r: &Reference) -> String {
    let mut out = r.name();
    if let Some(t) = r.tag() {
        out.push_str(&format!(":{t}"));
    }
    if let Some(d) = r.digest() {
        out.push_str(&format!("@{d}"));
    }
    out
}

/// Pulls an image by the name that a person typed; progress goes to `fd`.
pub(crate) async fn pull(cli: &Cli, image: &str, platform: Option<&str>, fd: i32, quiet: bool) -> Result<(), CliError> {
    let reference = Reference::parse_normalized(image).map_err(|e| CliError::new(e.to_string()))?.tag_name_only();
    fetch(cli, &reference, platform, fd, quiet).await
}

async fn fetch(cli: &Cli, r: &Reference, platform: Option<&str>, fd: i32, quiet: bool) -> Result<(), CliError> {
    let mut query = Query::default().with("fromImage", r.name());
    if let Some(d) = r.digest() {
        query = query.with("tag", d.to_string());
    } else if let Some(t) = r.tag() {
        query = query.with("tag", t);
    }
    if let Some(platform) = platform {
        query = query.with("platform", platform);
    }
    let mut request = Request::new("POST", "/images/create", query);
    request.headers.add("X-Registry-Auth", credentials::header(cli, r.domain()).await);
    let mut answer = cli.send(request).await?;
    let result = progress::show(cli, &mut answer, fd, quiet).await;
    answer.close().await;
    result
}
