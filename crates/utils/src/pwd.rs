//! `pwd`: the working directory.

use crate::cli::{Cli, Run, Spec};

const SPEC: Spec =
    Spec::new("[OPTION]...", "Print the full filename of the current working directory.", "L|logical P|physical");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if !p.operands.is_empty() {
        c.warn("ignoring non-option arguments").await;
    }
    if p.last_of(&["L", "P"]) == Some("L")
        && let Some(pwd) = c.var("PWD").map(str::to_owned)
        && pwd.starts_with('/')
        && let (Ok(a), Ok(b)) = (c.sys.stat(&pwd).await, c.sys.stat(".").await)
        && (a.dev, a.ino) == (b.dev, b.ino)
    {
        return c.put(format!("{pwd}\n")).await;
    }
    match c.sys.getcwd().await {
        Ok(dir) => c.put(format!("{dir}\n")).await,
        Err(e) => c.die(1, e).await,
    }
}
