//! `rev`: each line backwards.

use crate::cli::feed::{Feed, bare};
use crate::cli::{Cli, Run, Spec};

const SPEC: Spec =
    Spec::new("[OPTION] [FILE...]", "Reverse lines characterwise.", "0|zero").version("util-linux 2.41 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let delimiter = if p.has("0") { 0 } else { b'\n' };
    let mut feed = Feed::new(&p.operands);
    while let Some(line) = feed.line(c, delimiter).await? {
        let (text, ended) = bare(&line, delimiter);
        let mut out: Vec<u8> = match std::str::from_utf8(text) {
            Ok(t) => t.chars().rev().collect::<String>().into_bytes(),
            Err(_) => text.iter().rev().copied().collect(),
        };
        if ended {
            out.push(delimiter);
        }
        c.put(out).await?;
    }
    Ok(())
}
