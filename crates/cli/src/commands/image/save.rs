//! `docker save`.

use layerlab_api::query::Query;

use crate::cli::Cli;
use crate::commands::check_output;
use crate::error::{CliError, path_error};
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let output = p.opt("output").filter(|o| !o.is_empty());
    if output.is_none() && cli.sys.is_atty(1).await {
        return Err(CliError::new("cowardly refusing to save to a terminal. Use the -o flag or redirect"));
    }
    if let Some(path) = output {
        check_output(cli, path).await.map_err(|e| CliError::new(format!("failed to save image: {}", e.message)))?;
    }
    let mut query = p.args.iter().fold(Query::default(), |q, name| q.with("names", name));
    for given in p.list("platform").iter().flat_map(|l| l.split(',')) {
        query = query.with("platform", super::inspect::named_platform(given)?);
    }
    let bytes = cli.get_bytes("/images/get", query).await?;
    match output {
        Some(path) => cli
            .sys
            .write_file(path, bytes, 0o600)
            .await
            .map_err(|e| CliError::new(format!("failed to save image: {}", path_error("open", path, e).message)))?,
        None => cli.sys.write_all(1, bytes).await?,
    }
    Ok(0)
}
