//! `docker volume prune`.

use layerlab_api::volume::PruneReport;

use crate::cli::Cli;
use crate::commands::{filter_query, filters};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::size;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let all = p.bool("all");
    if all && let Some(other) = p.list("filter").iter().find(|f| f.starts_with("all=")) {
        return Err(CliError::new(format!("conflicting options: cannot specify both --all and --filter {other}")));
    }
    let which = if all { "all local volumes" } else { "anonymous local volumes" };
    let question = format!(
        "WARNING! This will remove {which} not used by at least one container.\nAre you sure you want to continue?"
    );
    if !p.bool("force") && !cli.confirm(&question).await? {
        return Ok(0);
    }
    let mut filters = filters(p.list("filter"));
    if all {
        filters.add("all", "true");
    }
    let report: PruneReport = cli.ask("POST", "/volumes/prune", filter_query(&filters)).await?;
    let deleted = report.volumes_deleted.unwrap_or_default();
    let mut out = String::new();
    if !deleted.is_empty() {
        out.push_str(&format!("Deleted Volumes:\n{}\n\n", deleted.join("\n")));
    }
    out.push_str(&format!("Total reclaimed space: {}\n", size::human4(report.space_reclaimed as i64)));
    cli.print(out).await?;
    Ok(0)
}
