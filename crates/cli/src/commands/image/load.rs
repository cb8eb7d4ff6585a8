//! `docker load`.

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::client::progress;
use crate::error::{CliError, path_error};
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let bytes = match p.opt("input").filter(|i| !i.is_empty()) {
        Some(path) => cli.sys.read_file(path).await.map_err(|e| path_error("open", path, e))?,
        None if cli.sys.is_atty(0).await => return Err(CliError::new("requested load from stdin, but stdin is empty")),
        None => cli.sys.read_all(0).await?,
    };
    let quiet = p.bool("quiet") || !cli.sys.is_atty(1).await;
    let mut query = Query::default().flag("quiet", quiet);
    for given in p.list("platform").iter().flat_map(|l| l.split(',')) {
        query = query.with("platform", super::inspect::named_platform(given)?);
    }
    let mut answer = cli.upload("/images/load", query, "application/x-tar", bytes).await?;
    let result = progress::show(cli, &mut answer, 1, false).await;
    answer.close().await;
    result.map(|()| 0)
}
