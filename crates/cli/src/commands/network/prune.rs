//! `docker network prune`.

use layerlab_api::network::PruneReport;

use crate::cli::Cli;
use crate::commands::{filter_query, filters};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let question = "WARNING! This will remove all custom networks not used by at least one container.\nAre you sure you want to continue?";
    if !p.bool("force") && !cli.confirm(question).await? {
        return Ok(0);
    }
    let report: PruneReport = cli.ask("POST", "/networks/prune", filter_query(&filters(p.list("filter")))).await?;
    let deleted = report.networks_deleted.unwrap_or_default();
    if !deleted.is_empty() {
        cli.print(format!("Deleted Networks:\n{}\n\n", deleted.join("\n"))).await?;
    }
    Ok(0)
}
