//! `uptime`: how long the machine has run.

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new("[options]", "Tell how long the system has been running.", "p|pretty s|since")
    .version("procps-ng) 4.0.4 (simulated");

/// The line of `uptime`, `top` and `w`.
pub(crate) async fn line(c: &Cli) -> String {
    let secs = c.sys.sys_info().await.map_or(0, |i| i.uptime.0 / 1_000_000_000);
    let procs = c.sys.procs().await.unwrap_or_default();
    let mut terminals: Vec<_> = procs.iter().filter_map(|p| p.tty.clone()).collect();
    terminals.sort();
    terminals.dedup();
    let busy = procs.iter().filter(|p| p.state == 'R').count().saturating_sub(1) as f64;
    let now = c.zone().await.format("%H:%M:%S", c.sys.wall_clock() / 1_000_000_000, 0);
    let days = match secs / 86_400 {
        0 => String::new(),
        1 => "1 day, ".to_owned(),
        n => format!("{n} days, "),
    };
    let up = if secs / 3600 % 24 > 0 {
        format!("{:2}:{:02}", secs / 3600 % 24, secs / 60 % 60)
    } else {
        format!("{} min", secs / 60 % 60)
    };
    let users = terminals.len();
    let s = if users == 1 { "" } else { "s" };
    format!(" {now} up {days}{up},  {users} user{s},  load average: {busy:.2}, {:.2}, {:.2}", busy / 2.0, busy / 4.0)
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let secs = c.sys.sys_info().await.map_or(0, |i| i.uptime.0 / 1_000_000_000);
    if p.has("s") {
        let at = c.sys.wall_clock() / 1_000_000_000 - secs as i64;
        return c.put(format!("{}\n", c.zone().await.format("%Y-%m-%d %H:%M:%S", at, 0))).await;
    }
    if p.has("p") {
        let mut parts = Vec::new();
        for (n, unit) in [(secs / 86_400, "day"), (secs / 3600 % 24, "hour"), (secs / 60 % 60, "minute")] {
            if n > 0 || unit == "minute" && parts.is_empty() {
                parts.push(format!("{n} {unit}{}", if n == 1 { "" } else { "s" }));
            }
        }
        return c.put(format!("up {}\n", parts.join(", "))).await;
    }
    let text = line(c).await;
    c.put(format!("{text}\n")).await
}
