//! `docker buildx history ls` (buildx `commands/history/ls.go`).

use layerlab_api::history::Record;

use super::filter::Filter;
use super::name::{build_name, trim_beginning};
use super::{History, duration, failed};
use crate::cli::Cli;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::row::{Format, Layout};
use crate::format::value::{Row, Value};
use crate::format::{duration as ages, time};
use crate::tree::Command;

const LAYOUT: Layout = Layout {
    type_name: "history.lsContext",
    table: "table {{.Ref}}\\t{{.Name}}\\t{{.Status}}\\t{{.CreatedAt}}\\t{{.Duration}}\\t{{.Link}}",
    quiet: "{{.Ref}}",
    headers: &[
        ("Ref", "BUILD ID"),
        ("Name", "NAME"),
        ("Status", "STATUS"),
        ("CreatedAt", "CREATED AT"),
        ("Duration", "DURATION"),
        ("Link", ""),
    ],
};
/// Bytes of a name in a table.
const NAME: usize = 36;

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let history = History::open(cli, p).await?;
    let mut given: Vec<String> = p.list("filter").to_vec();
    if p.bool("local") {
        let cwd = cli.sys.getcwd().await.unwrap_or_default();
        let remote = super::super::vcs::find(cli, &cwd).await.and_then(|r| r.source);
        let none = "could not get remote URL for local filter: no remote URL found for either origin or upstream";
        given.insert(0, format!("repository={}", remote.ok_or_else(|| failed(none))?));
    }
    let now = cli.now();
    let filters = given.iter().map(|f| Filter::parse(f, now)).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let mut records = history.records().await?;
    records.retain(|r| filters.iter().all(|f| f.fits(r)));
    // Those that run come first.
    records.sort_by_key(|r| (r.completed_at.is_some(), std::cmp::Reverse(r.created_at)));
    let format = p.str(c, "format");
    if matches!(format, "json" | "{{json .}}") {
        let lines: String = records.iter().map(|r| format!("{}\n", json(&history, r))).collect();
        cli.print(lines).await?;
        return Ok(0);
    }
    let parsed = Format::new(format, false, &LAYOUT).map_err(failed)?;
    let is_table = format.is_empty() || format.starts_with("table");
    let shown =
        Shown { cut: is_table && !p.bool("no-trunc"), table: is_table, terminal: cli.sys.is_atty(1).await, now };
    let rows: Vec<Row> = records.iter().map(|r| row(&history, r, &shown)).collect();
    cli.print(parsed.print(&rows, &LAYOUT).map_err(failed)?).await?;
    Ok(0)
}

struct Shown {
    cut: bool,
    table: bool,
    terminal: bool,
    now: i64,
}

fn status(r: &Record) -> &'static str {
    match (r.completed_at, &r.error) {
        (None, _) => "Running",
        (Some(_), Some(_)) => "Error",
        (Some(_), None) => "Completed",
    }
}

fn row(h: &History<'_>, r: &Record, shown: &Shown) -> Row {
    let name = build_name(r);
    let took = duration(r.completed_at.unwrap_or(shown.now) - r.created_at);
    let url = h.url(r);
    let fields = [
        ("Ref", r.reference.clone()),
        ("FullRef", h.full_ref(r)),
        ("Name", if shown.cut { trim_beginning(&name, NAME) } else { name }),
        ("Status", status(r).to_owned()),
        ("CreatedAt", format!("{} ago", ages::human(shown.now - r.created_at))),
        ("Duration", if r.completed_at.is_none() { format!("{took}+") } else { took }),
        (
            "Link",
            match (shown.table, shown.terminal) {
                (true, true) => format!("\x1b]8;;{url}\x1b\\Open\x1b]8;;\x1b\\"),
                (true, false) => String::new(),
                (false, _) => url,
            },
        ),
    ];
    let mut row =
        Row { type_name: LAYOUT.type_name, fields: fields.map(|(k, v)| (k, v.into())).into(), ..Row::default() };
    let steps = [
        ("NumTotalSteps", r.total_steps),
        ("NumCompletedSteps", r.completed_steps),
        ("NumCachedSteps", r.cached_steps),
    ];
    row.fields.extend(steps.map(|(k, n)| (k, Value::Int(i64::from(n)))));
    row
}

/// Its own JSON, not that of the columns.
fn json(h: &History<'_>, r: &Record) -> String {
    let at = |t: i64| {
        let text = time::rfc3339_nano(t);
        let (whole, fraction) = text.trim_end_matches('Z').split_once('.').unwrap_or((&text, ""));
        match fraction.trim_end_matches('0') {
            "" => format!("{whole}Z"),
            digits => format!("{whole}.{digits}Z"),
        }
    };
    let mut all = serde_json::json!({
        "ref": h.full_ref(r),
        "name": build_name(r),
        "status": status(r),
        "created_at": at(r.created_at),
        "total_steps": r.total_steps,
        "completed_steps": r.completed_steps,
        "cached_steps": r.cached_steps,
    });
    if let (Some(end), Some(object)) = (r.completed_at, all.as_object_mut()) {
        object.insert("completed_at".to_owned(), at(end).into());
    }
    all.to_string()
}
