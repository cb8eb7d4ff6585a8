//! `tac`: lines in reverse order.

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Write each FILE to standard output, last line first.",
    "b|before r|regex s|separator=",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    for path in &files {
        match c.slurp(path).await {
            Ok(bytes) => {
                for line in bytes.split_inclusive(|b| *b == b'\n').rev() {
                    c.put(line).await?;
                }
            }
            Err(e) => c.fail(format!("failed to open {} for reading: {e}", quote::always(path))).await,
        }
    }
    Ok(())
}
