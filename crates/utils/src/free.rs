//! `free`: memory.

use layerlab_kernel::SimTime;

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
    if c.variant == "busybox" {
        let unit = |n: u64| if p.has("h") { crate::cli::human::size_busybox(n) } else { unit(n) };
        let row = |name: &str, cells: &[u64]| {
            let texts: Vec<String> = cells.iter().map(|n| format!("{:>11}", unit(*n))).collect();
            format!("{name:<6} {}\n", texts.join(" "))
        };
        c.put("              total        used        free      shared  buff/cache   available\n").await?;
        c.put(row("Mem:", &[i.memory_total, i.memory_used, free, 1 << 20, cache, free + cache])).await?;
        return c.put(row("Swap:", &[0, 0, 0])).await;
    }
    let every = p.value("s").map(str::parse::<f64>);
    let mut left = match (p.value("c").map(str::parse::<u64>), &every) {
        (Some(Err(_)), _) => {
            return c.die(1, format!("failed to parse count argument: '{}'", p.value("c").unwrap_or(""))).await;
        }
        (_, Some(Err(_))) => {
            return c.die(1, format!("seconds argument `{}' failed", p.value("s").unwrap_or(""))).await;
        }
        (Some(Ok(n)), _) => n,
        (None, Some(_)) => u64::MAX,
        (None, None) => 1,
    };
    let wait = every.and_then(Result::ok).unwrap_or(1.0);
    while left > 0 {
        let heading = if p.has("w") { "     buffers       cache" } else { "  buff/cache" };
        c.put(format!("               total        used        free      shared{heading}   available\n")).await?;
        let mut cells = vec![i.memory_total, i.memory_used, free, 1 << 20];
        if p.has("w") {
            cells.extend([cache / 32, cache - cache / 32]);
        } else {
            cells.push(cache);
        }
        cells.push(free + cache);
        c.put(row("Mem:", &cells)).await?;
        if p.has("l") {
            c.put(row("Low:", &[i.memory_total, i.memory_total - free, free])).await?;
            c.put(row("High:", &[0, 0, 0])).await?;
        }
        c.put(row("Swap:", &[0, 0, 0])).await?;
        if p.has("t") {
            c.put(row("Total:", &[i.memory_total, i.memory_used, free])).await?;
        }
        left -= 1;
        if left > 0 {
            c.put("\n").await?;
            c.flush().await?;
            let _ = c.sys.sleep(SimTime((wait * 1e9) as u64)).await;
        }
    }
    Ok(())
}
