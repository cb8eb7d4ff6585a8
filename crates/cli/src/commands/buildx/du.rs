//! `docker buildx du`.

use layerlab_api::query::Query;
use layerlab_api::system::{BuildCache, DiskUsage};

use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::table::DOCKER;
use crate::format::{duration, size, time};
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, _: &Parsed) -> Result<i32, CliError> {
    let query = Query::default().with("type", "build-cache").flag("verbose", true);
    let usage: DiskUsage = cli.get("/system/df", query).await?;
    cli.print(show(&usage.build_cache_usage.items, cli.now())).await?;
    Ok(0)
}

fn show(items: &[BuildCache], now: i64) -> String {
    let mut table = String::from("ID\tRECLAIMABLE\tSIZE\tLAST ACCESSED\n");
    for i in items {
        // What the client sent is kept open for the next build: a star behind its ID.
        let id_mark = if i.kind == "source.local" { "*" } else { "" };
        let size_mark = if i.shared { "*" } else { "" };
        let used = i.last_used_at.as_deref().and_then(time::parse_rfc3339);
        let ago = used.map_or(String::new(), |t| duration::ago(t.div_euclid(1_000_000_000), now));
        table.push_str(&format!("{}{id_mark}\t{}\t{}{size_mark}\t{ago}\n", i.id, !i.in_use, size::human4(i.size)));
    }
    let sum = |f: &dyn Fn(&&BuildCache) -> bool| size::human4(items.iter().filter(f).map(|i| i.size).sum());
    let mut out = DOCKER.align(&table);
    let shared = sum(&|i| i.shared);
    if items.iter().any(|i| i.shared) {
        out.push_str(&format!("Shared:\t\t{shared}\nPrivate:\t{}\n", sum(&|i| !i.shared)));
    }
    out.push_str(&format!("Reclaimable:\t{}\nTotal:\t\t{}\n", sum(&|i| !i.in_use), sum(&|_| true)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines that the real client printed.
    #[test]
    fn usage_as_buildx() {
        let item = |id: &str, kind: &str, size, shared, used: &str| BuildCache {
            id: id.into(),
            kind: kind.into(),
            size,
            shared,
            last_used_at: Some(used.into()),
            ..BuildCache::default()
        };
        let items = [
            item("naf2qwml7zau2hrgcaaq32oqj", "source.local", 8192, false, "2026-11-21T20:00:10.5Z"),
            item("yyskcwr6vwvdng5bk0kn3a7s4", "regular", 8224, true, "2026-11-21T20:00:09Z"),
        ];
        let now = time::parse_rfc3339("2026-11-21T20:00:10.9Z").unwrap();
        assert_eq!(
            show(&items, now),
            "ID                           RECLAIMABLE   SIZE       LAST ACCESSED\n\
             naf2qwml7zau2hrgcaaq32oqj*   true          8.192kB    Less than a second ago\n\
             yyskcwr6vwvdng5bk0kn3a7s4    true          8.224kB*   1 second ago\n\
             Shared:\t\t8.224kB\nPrivate:\t8.192kB\nReclaimable:\t16.42kB\nTotal:\t\t16.42kB\n"
        );
    }
}
