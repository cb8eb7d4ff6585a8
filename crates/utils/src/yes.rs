//! `yes`: the same line for ever.

use crate::cli::{Cli, Run};

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let text = if c.args.is_empty() { "y".to_owned() } else { c.args.join(" ") };
    let lines = format!("{text}\n").repeat((4096 / (text.len() + 1)).max(1));
    loop {
        c.put(&lines).await?;
        c.flush().await?;
    }
}
