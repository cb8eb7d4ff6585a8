//! `docker builder prune` and `docker buildx prune`.

use layerlab_api::build::PruneReport;
use layerlab_api::query::Query;
use layerlab_api::system::BuildCache;

use super::builders;
use crate::cli::Cli;
use crate::commands::{filter_query, filters};
use crate::error::CliError;
use crate::flags::{Parsed, value};
use crate::format::{duration, size, time};
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let b = builders::wanted(cli, p).await?;
    let at = builders::at(&b);
    let all = p.bool("all");
    let which = if all { "all build cache" } else { "all dangling build cache" };
    if !p.bool("force")
        && !cli.confirm(&format!("WARNING! This will remove {which}. Are you sure you want to continue?")).await?
    {
        return Ok(0);
    }
    let before: Vec<BuildCache> = cli.get("/build/cache", Query::default().with("builder", at.clone())).await?;
    let mut query = filter_query(&filters(p.list("filter"))).flag("all", all).with("builder", at);
    for name in ["keep-storage", "reserved-space", "max-used-space", "min-free-space"] {
        if let Some(bytes) = p.opt(name).and_then(|v| value::parse_bytes(v).ok()) {
            query = query.with(name, bytes.to_string());
        }
    }
    let report: PruneReport = cli.ask("POST", "/build/prune", query).await?;
    let gone = report.caches_deleted.unwrap_or_default();
    let mut out = String::new();
    if !gone.is_empty() {
        out.push_str("ID\t\t\t\t\t\tRECLAIMABLE\tSIZE\t\tLAST ACCESSED\n");
    }
    for id in &gone {
        let item = before.iter().find(|i| i.id == *id);
        let used = item.and_then(|i| i.last_used_at.as_deref()).and_then(time::parse_rfc3339);
        let ago = used.map_or(String::new(), |t| duration::ago(t.div_euclid(1_000_000_000), cli.now()));
        let id = if item.is_some_and(|i| i.mutable) { format!("{id}*") } else { id.clone() };
        out.push_str(&format!("{id:<40}\ttrue \t{:<10}\t{ago}\n", size::human4(item.map_or(0, |i| i.size))));
    }
    out.push_str(&format!("Total:\t{}\n", size::human4(report.space_reclaimed as i64)));
    cli.print(out).await?;
    Ok(0)
}
