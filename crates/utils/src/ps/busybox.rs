//! `ps` as busybox has it.

use layerlab_kernel::ProcInfo;

use crate::cli::names::Names;
use crate::cli::{Cli, Run};

/// Columns: name, heading, width.
const COLUMNS: &[(&str, &str, usize)] = &[
    ("user", "USER", 8),
    ("group", "GROUP", 8),
    ("comm", "COMMAND", 16),
    ("args", "COMMAND", 0),
    ("pid", "PID", 5),
    ("ppid", "PPID", 5),
    ("pgid", "PGID", 5),
    ("etime", "ELAPSED", 7),
    ("nice", "NI", 5),
    ("rgroup", "RGROUP", 8),
    ("ruser", "RUSER", 8),
    ("time", "TIME", 5),
    ("tty", "TT", 6),
    ("vsz", "VSZ", 4),
    ("sid", "SID", 5),
    ("stat", "STAT", 4),
    ("rss", "RSS", 4),
];

/// Minutes and seconds.
fn clock(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Kilobytes in four characters (busybox `smart_ulltoa4`).
fn short(bytes: u64) -> String {
    match bytes / 1024 {
        k if k < 10_000 => k.to_string(),
        k if k < 10 << 20 => format!("{}m", k >> 10),
        k => format!("{}g", k >> 20),
    }
}

fn value(p: &ProcInfo, key: &str, names: &Names, uptime: u64) -> String {
    match key {
        "user" | "ruser" => names.user(p.uid).chars().take(8).collect(),
        "group" | "rgroup" => names.group(p.gid).chars().take(8).collect(),
        "comm" => p.comm.clone(),
        "args" if p.state == 'Z' || p.argv.is_empty() => format!("[{}]", p.comm),
        "args" => p.argv.join(" "),
        "pid" => p.pid.to_string(),
        "ppid" => p.ppid.to_string(),
        "pgid" => p.pgid.to_string(),
        "sid" => p.sid.to_string(),
        "etime" => clock(uptime.saturating_sub(p.started.0 / 1_000_000_000)),
        "time" => clock(p.cpu.0 / 1_000_000_000),
        "nice" => p.nice.to_string(),
        "tty" => {
            p.tty.as_ref().map_or("?".to_owned(), |t| t.strip_prefix("pts/").map_or(t.clone(), |n| format!("136,{n}")))
        }
        "vsz" => short(p.memory * 3),
        "rss" => short(p.memory),
        _ => p.state.to_string(),
    }
}

/// Whether a column is set to the right.
fn right(key: &str) -> bool {
    matches!(key, "pid" | "ppid" | "pgid" | "sid" | "etime" | "time" | "nice" | "vsz" | "rss")
}

/// Runs it.
pub(super) async fn main(c: &mut Cli) -> Run<()> {
    let mut wanted: Vec<String> = Vec::new();
    let mut words = c.args.clone().into_iter();
    while let Some(w) = words.next() {
        // Other options are taken and mean nothing.
        if let Some(list) = w.strip_prefix("-o") {
            wanted.extend(if list.is_empty() { words.next() } else { Some(list.to_owned()) });
        }
    }
    if wanted.is_empty() {
        wanted.push("pid,user,time,args".to_owned());
    }
    let mut columns: Vec<(&str, String, usize)> = Vec::new();
    for word in wanted.iter().flat_map(|w| w.split(',')) {
        let (key, heading) = word.split_once('=').unwrap_or((word, ""));
        let Some((name, given, width)) = COLUMNS.iter().find(|k| k.0 == key) else {
            let all: Vec<&str> = COLUMNS.iter().map(|k| k.0).collect();
            return c.die(1, format!("bad -o argument '{key}', supported arguments: {}", all.join(","))).await;
        };
        let heading = if word.contains('=') { heading } else { given };
        columns.push((name, heading.to_owned(), (*width).max(heading.len())));
    }
    let names = Names::load(&c.sys).await;
    let mut rows = vec![columns.iter().map(|k| k.1.clone()).collect::<Vec<_>>()];
    let uptime = c.sys.sys_info().await.map_or(0, |i| i.uptime.0 / 1_000_000_000);
    for p in c.sys.procs().await.unwrap_or_default() {
        rows.push(columns.iter().map(|k| value(&p, k.0, &names, uptime)).collect());
    }
    for (n, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&columns).map(|(cell, (key, _, width))| {
            if n > 0 && right(key) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        let line = cells.collect::<Vec<_>>().join(" ");
        c.put(format!("{}\n", line.trim_end())).await?;
    }
    Ok(())
}
