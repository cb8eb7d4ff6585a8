//! `docker import`.

use layerlab_api::query::Query;
use layerlab_oci::Reference;

use crate::cli::Cli;
use crate::client::progress;
use crate::error::{CliError, path_error};
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let source = p.arg(0);
    let remote = source.starts_with("http://") || source.starts_with("https://");
    let mut query = Query::default().with("fromSrc", if remote { source } else { "-" });
    if let Some(message) = p.opt("message").filter(|m| !m.is_empty()) {
        query = query.with("message", message);
    }
    if let Some(name) = p.args.get(1).filter(|n| !n.is_empty()) {
        Reference::parse_normalized(name).map_err(|e| CliError::new(e.to_string()))?;
        query = query.with("repo", name.as_str());
    }
    for change in p.list("change") {
        query = query.with("changes", change.as_str());
    }
    if let Some(platform) = p.opt("platform") {
        query = query.with("platform", platform.to_lowercase());
    }
    let body = match source {
        _ if remote => Vec::new(),
        "-" => cli.sys.read_all(0).await?,
        path => cli.sys.read_file(path).await.map_err(|e| path_error("open", path, e))?,
    };
    let mut answer = cli.upload("/images/create", query, "text/plain", body).await?;
    let result = progress::show(cli, &mut answer, 1, false).await;
    answer.close().await;
    result.map(|()| 0)
}
