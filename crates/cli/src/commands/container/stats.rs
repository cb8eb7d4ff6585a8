//! `docker stats` (docker/cli `cli/command/container/stats.go`).

use layerlab_api::client::Answer;
use layerlab_api::container::{Stats, Summary};
use layerlab_api::filters::Filters;
use layerlab_api::query::Query;
use layerlab_kernel::{Disposition, Errno, PollFd, Signal, SimTime};

use crate::cli::Cli;
use crate::commands::filter_query;
use crate::error::CliError;
use crate::flags::Parsed;
use crate::format::row::{Format, Layout};
use crate::format::value::{Row, Value};
use crate::format::{size, truncate};
use crate::tree::Command;

const LAYOUT: Layout = Layout {
    type_name: "container.statsContext",
    table: "table {{.ID}}\\t{{.Name}}\\t{{.CPUPerc}}\\t{{.MemUsage}}\\t{{.MemPerc}}\\t{{.NetIO}}\\t{{.BlockIO}}\\t{{.PIDs}}",
    quiet: "{{.ID}}",
    headers: &[
        ("Container", "CONTAINER"),
        ("ID", "CONTAINER ID"),
        ("CPUPerc", "CPU %"),
        ("MemUsage", "MEM USAGE / LIMIT"),
        ("MemPerc", "MEM %"),
        ("NetIO", "NET I/O"),
        ("BlockIO", "BLOCK I/O"),
        ("PIDs", "PIDS"),
    ],
};

/// How often the screen is drawn.
const REFRESH: SimTime = SimTime::millis(500);

/// A container that is watched, and what was read of it last.
struct Watched {
    given: String,
    answer: Option<Answer>,
    stats: Option<Stats>,
}

pub(crate) async fn run(cli: &Cli, c: &Command, p: &Parsed) -> Result<i32, CliError> {
    let format = Format::new(p.str(c, "format"), false, &LAYOUT).map_err(CliError::new)?;
    let show_all = p.args.is_empty();
    let names = if show_all { running(cli, p.bool("all")).await? } else { p.args.clone() };
    let cut = !p.bool("no-trunc");
    if p.bool("no-stream") {
        return once(cli, &names, &format, cut).await;
    }
    let mut watched = Vec::new();
    for name in &names {
        watched.push(open(cli, name, true).await?);
    }
    let _ = cli.sys.sigaction(Signal::INT, Disposition::Catch).await;
    live(cli, watched, &format, cut, show_all).await
}

async fn running(cli: &Cli, all: bool) -> Result<Vec<String>, CliError> {
    let query = filter_query(&Filters::default()).flag("all", all);
    let list: Vec<Summary<'_>> = cli.get("/containers/json", query).await?;
    Ok(list.into_iter().map(|s| truncate::id(&s.id).to_owned()).collect())
}

/// One reading of each; readings take their second at the same time.
async fn once(cli: &Cli, names: &[String], format: &Format, cut: bool) -> Result<i32, CliError> {
    let mut watched = Vec::new();
    for name in names {
        watched.push(open(cli, name, false).await?);
    }
    let mut rows = Vec::new();
    for w in &mut watched {
        let Some(answer) = &mut w.answer else { continue };
        let stats = cli.line::<Stats>(answer).await?;
        rows.push(row(&w.given, stats.as_ref(), cut));
    }
    for w in watched {
        if let Some(answer) = w.answer {
            answer.close().await;
        }
    }
    if !rows.is_empty() {
        cli.print(format.print(&rows, &LAYOUT).map_err(CliError::new)?).await?;
    }
    Ok(0)
}

async fn open(cli: &Cli, name: &str, stream: bool) -> Result<Watched, CliError> {
    let query = Query::default().with("stream", if stream { "1" } else { "0" });
    let answer = cli.request("GET", &format!("/containers/{name}/stats"), query).await?;
    Ok(Watched { given: name.to_owned(), answer: Some(answer), stats: None })
}

/// Draws again and again until ^C, or until nothing is left to watch.
async fn live(
    cli: &Cli,
    mut watched: Vec<Watched>,
    format: &Format,
    cut: bool,
    show_all: bool,
) -> Result<i32, CliError> {
    let mut next = cli.sys.now() + REFRESH;
    loop {
        let fds =
            watched.iter().filter_map(|w| w.answer.as_ref()).map(|a| PollFd { fd: a.fd(), read: true, write: false });
        let ready = match cli.sys.poll(fds.collect(), Some(next - cli.sys.now())).await {
            Ok(ready) => ready,
            Err(Errno::EINTR) if cli.sys.take_signals().contains(&Signal::INT) => return Ok(130),
            Err(Errno::EINTR) => continue,
            Err(e) => return Err(e.into()),
        };
        for w in &mut watched {
            let Some(answer) = w.answer.as_mut().filter(|a| ready.iter().any(|r| r.fd == a.fd())) else { continue };
            match cli.line::<Stats>(answer).await {
                Ok(Some(stats)) => w.stats = Some(stats),
                _ => {
                    if let Some(answer) = w.answer.take() {
                        answer.close().await;
                    }
                }
            }
        }
        if cli.sys.now() < next {
            continue;
        }
        next = cli.sys.now() + REFRESH;
        watched.retain(|w| w.answer.is_some());
        if show_all {
            follow_list(cli, &mut watched).await?;
        }
        let rows: Vec<Row> = watched.iter().map(|w| row(&w.given, w.stats.as_ref(), cut)).collect();
        let text = format.print(&rows, &LAYOUT).map_err(CliError::new)?;
        let mut screen = "\x1b[H".to_owned();
        for line in text.split('\n') {
            screen.push_str(line);
            screen.push_str(" \x1b[K\n");
        }
        screen.push_str("\x1b[J");
        cli.print(screen).await?;
        if watched.is_empty() && !show_all {
            return Ok(0);
        }
    }
}

/// Without names: what starts comes in, what ends goes.
async fn follow_list(cli: &Cli, watched: &mut Vec<Watched>) -> Result<(), CliError> {
    let now = running(cli, false).await?;
    let mut kept = Vec::new();
    for w in watched.drain(..) {
        match w.answer {
            Some(answer) if !now.contains(&w.given) => answer.close().await,
            answer => kept.push(Watched { answer, ..w }),
        }
    }
    for name in &now {
        if !kept.iter().any(|w| w.given == *name)
            && let Ok(new) = open(cli, name, true).await
        {
            kept.push(new);
        }
    }
    *watched = kept;
    Ok(())
}

/// A row (docker/cli `cli/command/container/formatter_stats.go`).
fn row(given: &str, stats: Option<&Stats>, cut: bool) -> Row {
    let text = |s: Option<String>, none: &str| Value::str(s.unwrap_or_else(|| none.to_owned()));
    let id = stats.map_or(given, |s| s.id.as_str());
    let memory = stats
        .map(|s| format!("{} / {}", size::binary(memory_used(s) as i64), size::binary(s.memory_stats.limit as i64)));
    let memory_percent = stats.map(|s| match s.memory_stats.limit {
        0 => "0.00%".to_owned(),
        limit => format!("{:.2}%", memory_used(s) as f64 / limit as f64 * 100.0),
    });
    let pair = |a: u64, b: u64| format!("{} / {}", size::human3(a as i64), size::human3(b as i64));
    let net = stats.map(|s| {
        let sum = |f: &dyn Fn(&layerlab_api::container::NetworkStats) -> u64| {
            s.networks.iter().flat_map(|n| n.values()).map(f).sum::<u64>()
        };
        pair(sum(&|n| n.rx_bytes), sum(&|n| n.tx_bytes))
    });
    let block = stats.map(|s| {
        let entries = s.blkio_stats.io_service_bytes_recursive.iter().flatten();
        let of = |op: &str| entries.clone().filter(|e| e.op.eq_ignore_ascii_case(op)).map(|e| e.value).sum::<u64>();
        pair(of("read"), of("write"))
    });
    let name = stats.map(|s| s.name.trim_start_matches('/').to_owned());
    let fields = [
        ("Container", Value::str(given)),
        ("Name", text(name.filter(|n| !n.is_empty()), "--")),
        ("ID", Value::str(if cut { truncate::id(id) } else { id })),
        ("CPUPerc", text(stats.map(|s| format!("{:.2}%", cpu_percent(s))), "--")),
        ("MemUsage", text(memory, "-- / --")),
        ("MemPerc", text(memory_percent, "--")),
        ("NetIO", text(net, "--")),
        ("BlockIO", text(block, "--")),
        ("PIDs", text(stats.map(|s| s.pids_stats.current.to_string()), "--")),
    ];
    Row { type_name: LAYOUT.type_name, fields: fields.into(), ..Row::default() }
}

/// Without the cache of files that nobody uses.
fn memory_used(s: &Stats) -> u64 {
    let m = &s.memory_stats;
    let cache = m.stats.get("total_inactive_file").or_else(|| m.stats.get("inactive_file")).copied();
    cache.filter(|c| *c < m.usage).map_or(m.usage, |c| m.usage - c)
}

/// 100 is one core.
fn cpu_percent(s: &Stats) -> f64 {
    let used = s.cpu_stats.cpu_usage.total_usage as f64 - s.precpu_stats.cpu_usage.total_usage as f64;
    let whole = s.cpu_stats.system_cpu_usage as f64 - s.precpu_stats.system_cpu_usage as f64;
    if used > 0.0 && whole > 0.0 { used / whole * f64::from(s.cpu_stats.online_cpus) * 100.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures of the recorded client (`docker stats --no-stream`).
    #[test]
    fn a_busy_core_of_four_is_100_percent() {
        let mut s = Stats::default();
        s.cpu_stats.cpu_usage.total_usage = 1_000;
        s.cpu_stats.system_cpu_usage = 4_000;
        s.cpu_stats.online_cpus = 4;
        assert!((cpu_percent(&s) - 100.0).abs() < 1e-9);
    }
}
