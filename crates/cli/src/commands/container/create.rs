//! `docker create`, and creating for `docker run`: pulls what is missing.

use layerlab_api::container::{CreateRequest, CreateResponse};
use layerlab_api::query::Query;
use layerlab_oci::Platform;
use layerlab_oci::reference::{AnyReference, parse_any};

use super::options::{Inputs, request};
use crate::cli::Cli;
use crate::commands::image::pull;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let inputs = Inputs::read(cli, p).await.map_err(|e| with_help(e, "create"))?;
    let body = request(c, p, &inputs).map_err(|e| with_help(CliError::new(e), "create"))?;
    let id = create(cli, c, p, &body).await?;
    cli.print(format!("{id}\n")).await?;
    Ok(0)
}

/// The form of errors of `run` and `create` that are the command line's fault.
pub(crate) fn with_help(e: CliError, verb: &str) -> CliError {
    CliError {
        code: 125,
        message: format!("docker: {}\n\nRun 'docker {verb} --help' for more information", e.message),
        status: e.status,
    }
}

/// Creates the container; answers its ID.
pub(crate) async fn create(cli: &Cli, c: &Command, p: &Parsed, body: &CreateRequest) -> Result<String, CliError> {
    let image = &body.config.image;
    let reference = parse_any(image).map_err(|e| CliError::new(e.to_string()))?;
    if let Some(platform) = p.opt("platform").filter(|v| !v.is_empty()) {
        Platform::parse(platform, &Platform::linux("amd64"))
            .map_err(|e| CliError::new(format!("error parsing specified platform: {e}")))?;
    }
    let mut query = Query::default();
    for flag in ["name", "platform"] {
        if let Some(v) = p.opt(flag).filter(|v| !v.is_empty()) {
            query = query.with(flag, v);
        }
    }
    if let Some(path) = p.opt("cidfile").filter(|f| !f.is_empty())
        && cli.sys.stat(path).await.is_ok()
    {
        return Err(CliError::new(format!(
            "container ID file found, make sure the other container isn't running or delete {path}"
        )));
    }
    if let Some(path) = p.opt("cidfile").filter(|f| !f.is_empty())
        && let Some((dir, _)) = path.rsplit_once('/')
        && !dir.is_empty()
        && let Err(e) = cli.sys.stat(dir).await
    {
        let why = crate::error::path_error("open", path, e).message;
        return Err(CliError::new(format!("failed to create the container ID file: {why}")));
    }
    let dns = body.host_config.dns.iter().flatten();
    for ip in dns.filter(|ip| ip.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())) {
        cli.eprint(format!("WARNING: Localhost DNS ({ip}) may fail in containers.\n")).await;
    }
    let policy = p.str(c, "pull");
    if policy == "always" {
        pull_for(cli, p, image).await?;
    }
    let made = match cli.post("/containers/create", query.clone(), body).await {
        Err(e)
            if e.is_not_found()
                && policy == "missing"
                && (e.message.contains("No such image")
                    || e.message.contains("does not provide the specified platform"))
                && matches!(reference, AnyReference::Named(_)) =>
        {
            let shown = layerlab_oci::Reference::parse_normalized(image)
                .map_or_else(|_| image.clone(), |r| r.tag_name_only().familiar());
            if !p.bool("quiet") {
                cli.eprint(format!("Unable to find image '{shown}' locally\n")).await;
            }
            pull_for(cli, p, image).await?;
            cli.post("/containers/create", query, body).await
        }
        other => other,
    };
    let made: CreateResponse = made?;
    for w in &made.warnings {
        cli.eprint(format!("WARNING: {w}\n")).await;
    }
    if let Some(path) = p.opt("cidfile") {
        cli.sys
            .write_file(path, made.id.clone(), 0o666)
            .await
            .map_err(|e| crate::error::path_error("open", path, e))?;
    }
    Ok(made.id)
}

async fn pull_for(cli: &Cli, p: &Parsed, image: &str) -> Result<(), CliError> {
    pull::pull(cli, image, p.opt("platform"), 2, p.bool("quiet")).await
}
