//! `dirname`: all but the last part of a path.

use crate::cli::{Cli, Run, Spec, path};

const SPEC: Spec =
    Spec::new("[OPTION] NAME...", "Output each NAME with its last non-slash component removed.", "z|zero");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.need(&p.operands, 1).await?;
    for name in &p.operands {
        c.put(format!("{}{}", path::dir(name), if p.has("z") { '\0' } else { '\n' })).await?;
    }
    Ok(())
}
