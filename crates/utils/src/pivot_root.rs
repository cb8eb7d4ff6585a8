//! `pivot_root`: another root file system for the namespace.

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new("[options] <new_root> <put_old>", "Change the root filesystem.", "")
    .version("util-linux 2.41 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let [new, old] = p.operands.as_slice() else { return c.usage(1, "bad usage").await };
    match c.sys.pivot_root(new, old).await {
        Ok(()) => Ok(()),
        Err(e) if c.variant == "busybox" => c.die(1, format!("pivot_root: {e}")).await,
        Err(e) => c.die(1, format!("failed to change root from `{new}' to `{old}': {e}")).await,
    }
}
