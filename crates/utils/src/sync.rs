//! `sync`: what is written is on the disk here at once; only wrong names are of interest.

use layerlab_kernel::OpenFlags;

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec =
    Spec::new("[OPTION] [FILE]...", "Synchronize cached writes to persistent storage.", "d|data f|file-system");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.operands.is_empty() && p.has("d") {
        return c.usage(1, "--data needs at least one argument").await;
    }
    for f in &p.operands {
        match c.sys.open(f, OpenFlags::READ, 0).await {
            Ok(fd) => c.sys.close(fd).await.unwrap_or(()),
            Err(e) => c.fail(format!("error opening {}: {e}", quote::always(f))).await,
        }
    }
    Ok(())
}
