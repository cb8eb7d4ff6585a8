//! `docker image prune`.

use layerlab_api::image::{DeleteItem, PruneReport};

use crate::cli::Cli;
use crate::commands::{filter_query, filters};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::size;
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let all = p.bool("all");
    let warning = if all {
        "WARNING! This will remove all images without at least one container associated to them."
    } else {
        "WARNING! This will remove all dangling images."
    };
    if !p.bool("force") && !cli.confirm(&format!("{warning}\nAre you sure you want to continue?")).await? {
        return Ok(0);
    }
    let mut filters = filters(p.list("filter"));
    filters.add("dangling", if all { "false" } else { "true" });
    let report: PruneReport = cli.ask("POST", "/images/prune", filter_query(&filters)).await?;
    let mut out = deleted(&report);
    out.push_str(&format!("Total reclaimed space: {}\n", size::human4(report.space_reclaimed as i64)));
    cli.print(out).await?;
    Ok(0)
}

/// The list of what is gone, with a blank line after it.
pub(crate) fn deleted(report: &PruneReport) -> String {
    let items = report.images_deleted.as_deref().unwrap_or(&[]);
    if items.is_empty() {
        return String::new();
    }
    let line = |i: &DeleteItem| match (&i.deleted, &i.untagged) {
        (Some(d), _) => format!("deleted: {d}\n"),
        (None, Some(u)) => format!("untagged: {u}\n"),
        _ => String::new(),
    };
    format!("Deleted Images:\n{}\n", items.iter().map(line).collect::<String>())
}
