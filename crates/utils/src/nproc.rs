//! `nproc`: how many processors there are.

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec =
    Spec::new("[OPTION]...", "Print the number of processing units available to the current process.", "all ignore=");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.at_most(&p.operands, 0).await?;
    let n = c.sys.sys_info().await.map_or(1, |i| i.cpus);
    let ignored = p.value("ignore").and_then(|v| v.parse().ok()).unwrap_or(0);
    c.put(format!("{}\n", n.saturating_sub(ignored).max(1))).await
}
