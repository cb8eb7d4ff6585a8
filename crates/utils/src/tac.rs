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
                let by = p.value("s").filter(|s| !s.is_empty()).unwrap_or("\n").as_bytes();
                // Each separator belongs to what stands before it, or after it with -b.
                let ends = (0..bytes.len()).filter(|i| bytes.get(*i..).is_some_and(|r| r.starts_with(by)));
                let mut cuts: Vec<usize> = ends.map(|i| if p.has("b") { i } else { i + by.len() }).collect();
                cuts.insert(0, 0);
                cuts.push(bytes.len());
                for pair in cuts.windows(2).rev() {
                    c.put(bytes.get(pair[0]..pair[1]).unwrap_or_default()).await?;
                }
            }
            Err(e) => c.fail(format!("failed to open {} for reading: {e}", quote::always(path))).await,
        }
    }
    Ok(())
}
