//! `dmesg`: the kernel's messages, from `/dev/kmsg`.

use layerlab_kernel::OpenFlags;

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[options]",
    "Display or control the kernel ring buffer.",
    "C|clear c|read-clear H|human k|kernel L|color? l|level= n|console-level= r|raw T|ctime t|notime u|userspace w|follow x|decode P|nopager S|syslog d|show-delta e|reltime",
)
.version("util-linux 2.41 (simulated");

/// Names of levels, the most urgent first.
const LEVELS: [&str; 8] = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];

/// A record: microseconds since boot, level, text.
fn record(line: &str) -> Option<(u64, usize, &str)> {
    let (head, text) = line.trim_end_matches('\n').split_once(';')?;
    let mut fields = head.split(',');
    let level = fields.next()?.parse::<usize>().ok()? & 7;
    Some((fields.nth(1)?.parse().ok()?, level, text))
}

/// How records are shown.
#[derive(Default)]
struct Show {
    calendar: bool,
    no_time: bool,
    raw: bool,
    /// Of these levels only; empty: of all.
    levels: Vec<usize>,
    follow: bool,
}

/// Prints the kernel's messages.
pub(crate) async fn print(c: &mut Cli, calendar: bool) -> Run<()> {
    show(c, &Show { calendar, ..Show::default() }).await
}

async fn show(c: &mut Cli, how: &Show) -> Run<()> {
    let zone = c.zone().await;
    let info = c.sys.sys_info().await;
    let start = c.sys.wall_clock() - info.map_or(0, |i| i.uptime.0 as i64);
    let flags = OpenFlags { nonblock: !how.follow, ..OpenFlags::READ };
    // Where the device is missing it is syslog(2) that says no.
    let Ok(fd) = c.sys.open("/dev/kmsg", flags, 0).await else {
        let what = if c.variant == "busybox" { "klogctl" } else { "read kernel buffer failed" };
        return c.die(1, format!("{what}: Operation not permitted")).await;
    };
    while let Ok(bytes) = c.sys.read(fd, 8192).await {
        let line = String::from_utf8_lossy(&bytes);
        let Some((micros, level, text)) = record(&line) else { break };
        if !how.levels.is_empty() && !how.levels.contains(&level) {
            continue;
        }
        let time = if how.calendar {
            let at = start / 1_000_000_000 + (micros / 1_000_000) as i64;
            format!("[{}] ", zone.format("%a %b %e %H:%M:%S %Y", at, 0))
        } else if how.no_time {
            String::new()
        } else {
            format!("[{:>5}.{:06}] ", micros / 1_000_000, micros % 1_000_000)
        };
        let lead = if how.raw { format!("<{level}>") } else { String::new() };
        c.put(format!("{lead}{time}{text}\n")).await?;
        if how.follow {
            c.flush().await?;
        }
    }
    Ok(())
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.has("C") && c.sys.ids().0 == 0 {
        return Ok(());
    }
    let mut levels = Vec::new();
    for name in p.value("l").iter().flat_map(|l| l.split(',')) {
        match LEVELS.iter().position(|n| *n == name) {
            Some(n) => levels.push(n),
            None => return c.die(1, format!("unknown level '{name}'")).await,
        }
    }
    let how = Show { calendar: p.has("T"), no_time: p.has("t"), raw: p.has("r"), levels, follow: p.has("w") };
    show(c, &how).await
}
