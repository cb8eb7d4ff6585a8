//! `docker push`.

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
    let mut reference = Reference::parse_normalized(p.arg(0)).map_err(|e| CliError::new(e.to_string()))?;
    let (all, quiet) = (p.bool("all-tags"), p.bool("quiet"));
    if all && !reference.is_name_only() {
        return Err(CliError::new("tag can't be used with --all-tags/-a"));
    }
    if !all && reference.is_name_only() {
        reference = reference.tag_name_only();
        if !quiet {
            cli.print(format!("Using default tag: {}\n", reference.tag().unwrap_or("latest"))).await?;
        }
    }
    let mut query = Query::default();
    if let Some(tag) = reference.tag().filter(|_| !all) {
        query = query.with("tag", tag);
    }
    if let Some(platform) = p.opt("platform") {
        query = query.with("platform", platform);
    }
    let mut request = Request::new("POST", &format!("/images/{}/push", reference.name()), query);
    request.headers.add("X-Registry-Auth", credentials::header(cli, reference.domain()).await);
    let mut answer = cli.send(request).await?;
    let result = progress::show(cli, &mut answer, 1, quiet).await;
    answer.close().await;
    result?;
    if quiet {
        cli.print(format!("{}:{}\n", reference.name(), reference.tag().unwrap_or("latest"))).await?;
    }
    Ok(0)
}
