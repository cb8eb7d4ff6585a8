//! `docker buildx du`.

use layerlab_api::system::BuildCache;

use super::builders;
use crate::cli::Cli;
use crate::commands::{filter_query, filters};
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::table::DOCKER;
use crate::format::template::{Missing, Template};
use crate::format::value::Value;
use crate::format::{duration, size, time};
use crate::tree::Command;

pub(crate) async fn run(cli: &Cli, _: &Command, p: &Parsed) -> Result<i32, CliError> {
    let b = builders::wanted(cli, p).await?;
    let query = filter_query(&filters(p.list("filter"))).with("builder", builders::at(&b));
    let items: Vec<BuildCache> = cli.get("/build/cache", query).await?;
    let format = p.opt("format").filter(|f| !f.is_empty());
    let text = match format {
        _ if p.bool("verbose") => verbose(&items, cli.now()),
        None | Some("table") => show(&items, cli.now()),
        Some("pretty") => verbose(&items, cli.now()),
        Some("json") => items.iter().map(|i| format!("{}\n", json(i))).collect(),
        Some(given) => {
            let template = Template::parse(given).map_err(|e| CliError::new(format!("ERROR: {e}")))?;
            let mut out = String::new();
            for i in &items {
                let value = Value::from_json(json(i).as_bytes()).map_err(|e| CliError::new(format!("ERROR: {e}")))?;
                let line = template.execute(&value, Missing::Error);
                out.push_str(&line.map_err(|(e, _)| CliError::new(format!("ERROR: {e}")))?);
                out.push('\n');
            }
            out
        }
    };
    cli.print(text).await?;
    Ok(0)
}

/// What a template sees (buildx `commands/du.go`, `diskusageContext`).
fn json(i: &BuildCache) -> String {
    serde_json::json!({
        "CreatedAt": i.created_at,
        "Description": i.description,
        "ID": i.id,
        "InUse": i.in_use,
        "LastUsedAt": i.last_used_at,
        "Mutable": i.mutable,
        "Parents": i.parents,
        "Reclaimable": !i.in_use,
        "Shared": i.shared,
        "Size": size::human4(i.size),
        "Type": i.kind,
        "UsageCount": i.usage_count,
    })
    .to_string()
}

fn total(items: &[BuildCache]) -> String {
    let sum = |f: &dyn Fn(&&BuildCache) -> bool| size::human4(items.iter().filter(f).map(|i| i.size).sum());
    let mut out = String::new();
    if items.iter().any(|i| i.shared) {
        out.push_str(&format!("Shared:\t\t{}\nPrivate:\t{}\n", sum(&|i| i.shared), sum(&|i| !i.shared)));
    }
    out.push_str(&format!("Reclaimable:\t{}\nTotal:\t\t{}\n", sum(&|i| !i.in_use), sum(&|_| true)));
    out
}

/// A block for each.
fn verbose(items: &[BuildCache], now: i64) -> String {
    let mut out = String::new();
    for i in items {
        out.push_str(&format!("ID:\t\t{}\n", i.id));
        if !i.parents.is_empty() {
            out.push_str(&format!("Parents:\n - {}\n", i.parents.join("\n - ")));
        }
        let used = i.last_used_at.as_deref().and_then(time::parse_rfc3339);
        let ago = used.map_or(String::new(), |t| duration::ago(t.div_euclid(1_000_000_000), now));
        let created = i.created_at.replace('T', " ").replace('Z', " +0000 UTC");
        out.push_str(&format!("Created at:\t{created}\nMutable:\t{}\n", i.mutable));
        out.push_str(&format!("Reclaimable:\t{}\nShared:\t\t{}\n", !i.in_use, i.shared));
        out.push_str(&format!("Size:\t\t{}\n", size::human4(i.size)));
        if !i.description.is_empty() {
            out.push_str(&format!("Description:\t{}\n", i.description));
        }
        out.push_str(&format!("Usage count:\t{}\n", i.usage_count));
        if !ago.is_empty() {
            out.push_str(&format!("Last used:\t{ago}\n"));
        }
        out.push_str(&format!("Type:\t\t{}\n\n", i.kind));
    }
    out + &total(items)
}

fn show(items: &[BuildCache], now: i64) -> String {
    let mut table = String::from("ID\tRECLAIMABLE\tSIZE\tLAST ACCESSED\n");
    for i in items {
        // What the client sent is kept open for the next build: a star behind its ID.
        let id_mark = if i.mutable { "*" } else { "" };
        let size_mark = if i.shared { "*" } else { "" };
        let used = i.last_used_at.as_deref().and_then(time::parse_rfc3339);
        let ago = used.map_or(String::new(), |t| duration::ago(t.div_euclid(1_000_000_000), now));
        table.push_str(&format!("{}{id_mark}\t{}\t{}{size_mark}\t{ago}\n", i.id, !i.in_use, size::human4(i.size)));
    }
    DOCKER.align(&table) + &total(items)
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
            mutable: kind == "source.local",
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
