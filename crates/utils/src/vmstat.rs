//! `vmstat`: memory and processes, once or again and again.

use layerlab_kernel::SimTime;

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[options] [delay [count]]",
    "Report virtual memory statistics.",
    "a|active f|forks m|slabs n|one-header s|stats d|disk D|disk-sum p|partition= S|unit= w|wide t|timestamp y|no-first",
)
.version("procps-ng) 4.0.4 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mut numbers = Vec::new();
    for o in &p.operands {
        match o.parse::<u64>() {
            Ok(n) => numbers.push(n),
            Err(_) => return c.die(1, format!("failed to parse argument: '{o}'")).await,
        }
    }
    let delay = numbers.first().copied();
    let mut left = numbers.get(1).copied().or(delay.is_none().then_some(1));
    let shift = match p.value("S") {
        Some("m" | "M") => 20,
        _ => 10,
    };
    let mut lines = 0u64;
    loop {
        if lines.is_multiple_of(22) && (lines == 0 || !p.has("n")) {
            c.put("procs -----------memory---------- ---swap-- -----io---- -system-- -------cpu-------\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st gu\n").await?;
        }
        let i = match c.sys.sys_info().await {
            Ok(i) => i,
            Err(e) => return c.die(1, e).await,
        };
        let running = c.sys.procs().await.unwrap_or_default().iter().filter(|p| p.state == 'R').count();
        let cache = (i.memory_total / 8).min(i.memory_total - i.memory_used);
        let free = i.memory_total - i.memory_used - cache;
        c.put(format!(
            "{running:2}  0 {:6} {:6} {:6} {:6} {:4} {:4} {:5} {:5} {:4} {:4} {:2} {:2} {:2} {:2} {:2} {:2}\n",
            0,
            free >> shift,
            0,
            cache >> shift,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            100,
            0,
            0,
            0
        ))
        .await?;
        lines += 1;
        left = left.map(|l| l.saturating_sub(1));
        if left == Some(0) {
            return Ok(());
        }
        c.flush().await?;
        let seconds = delay.unwrap_or(1).max(1);
        let _ = c.sys.sleep(SimTime(seconds * 1_000_000_000)).await;
    }
}
