//! `free`: memory.

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[options]",
    "Display amount of free and used memory in the system.",
    "b|bytes k|kibi m|mebi g|gibi kilo mega giga h|human si t|total w|wide l|lohi s|seconds= c|count=",
)
.version("procps-ng) 4.0.4 (simulated");

fn human(n: u64) -> String {
    let (mut v, mut unit) = (n as f64, 0);
    while v >= 1024.0 && unit < 4 {
        v /= 1024.0;
        unit += 1;
    }
    let units = ["B", "Ki", "Mi", "Gi", "Ti"];
    if unit > 0 && v < 10.0 { format!("{v:.1}{}", units[unit]) } else { format!("{v:.0}{}", units[unit]) }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let i = match c.sys.sys_info().await {
        Ok(i) => i,
        Err(e) => return c.die(1, e).await,
    };
    let unit = |n: u64| match p.last_of(&["b", "k", "m", "g", "h", "mega", "giga", "kilo"]) {
        Some("b") => n.to_string(),
        Some("m") => (n >> 20).to_string(),
        Some("g") => (n >> 30).to_string(),
        Some("kilo") => (n / 1000).to_string(),
        Some("mega") => (n / 1_000_000).to_string(),
        Some("giga") => (n / 1_000_000_000).to_string(),
        Some("h") => human(n),
        _ => (n >> 10).to_string(),
    };
    // Files that were read stay in memory: some hundred megabytes of cache.
    let cache = (i.memory_total / 8).min(i.memory_total - i.memory_used);
    let free = i.memory_total - i.memory_used - cache;
    let row = |name: &str, cells: &[u64]| {
        let texts: String = cells.iter().map(|n| format!("{:>12}", unit(*n))).collect();
        format!("{name:<7} {texts}\n")
    };
    c.put("               total        used        free      shared  buff/cache   available\n").await?;
    c.put(row("Mem:", &[i.memory_total, i.memory_used, free, 1 << 20, cache, free + cache])).await?;
    c.put(row("Swap:", &[0, 0, 0])).await
}
