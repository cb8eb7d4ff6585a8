//! `docker container prune`.

use layerlab_api::container::PruneReport;

use crate::cli::Cli;
use crate::commands::{filter_query, filters};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::size;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let question = "WARNING! This will remove all stopped containers.\nAre you sure you want to continue?";
    if !p.bool("force") && !cli.confirm(question).await? {
        return Ok(0);
    }
    let report: PruneReport = cli.ask("POST", "/containers/prune", filter_query(&filters(p.list("filter")))).await?;
    let mut out = String::new();
    let deleted = report.containers_deleted.unwrap_or_default();
    if !deleted.is_empty() {
        out.push_str(&format!("Deleted Containers:\n{}\n\n", deleted.join("\n")));
    }
    out.push_str(&format!("Total reclaimed space: {}\n", size::human4(report.space_reclaimed as i64)));
    cli.print(out).await?;
    Ok(0)
}
