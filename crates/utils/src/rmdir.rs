//! `rmdir`: removes empty directories.

use crate::cli::{Cli, Run, Spec, path, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... DIRECTORY...",
    "Remove the DIRECTORY(ies), if they are empty.",
    "p|parents v|verbose ignore-fail-on-non-empty",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.need(&p.operands, 1).await?;
    for dir in &p.operands {
        let mut at = dir.clone();
        loop {
            if p.has("v") {
                c.put(format!("rmdir: removing directory, {}\n", quote::always(&at))).await?;
            }
            if let Err(e) = c.sys.rmdir(&at).await {
                if !(p.has("ignore-fail-on-non-empty") && e == layerlab_kernel::Errno::ENOTEMPTY) {
                    let what = if at == *dir { "failed to remove" } else { "failed to remove directory" };
                    c.fail(format!("{what} {}: {e}", quote::always(&at))).await;
                }
                break;
            }
            let up = path::dir(&at).to_owned();
            if !p.has("p") || up == "." || up == "/" {
                break;
            }
            at = up;
        }
    }
    Ok(())
}
