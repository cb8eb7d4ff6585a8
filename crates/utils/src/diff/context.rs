//! `diff -c`: both sides of a hunk, one after the other.

use super::script::Change;
use super::{hunks, line};
use crate::cli::{Cli, Run};

/// Shows the hunks with so many lines around.
pub(super) async fn show(c: &mut Cli, changes: &[Change], left: &[&[u8]], right: &[&[u8]], around: usize) -> Run<()> {
    let range = |(from, to): (usize, usize)| if to > from + 1 { format!("{},{to}", from + 1) } else { to.to_string() };
    for (hunk, a, b) in hunks(changes, left.len(), around) {
        c.put(format!("***************\n*** {} ****\n", range(a))).await?;
        if hunk.iter().any(|ch| !ch.a.is_empty()) {
            half(c, left, a, hunk.iter().map(|ch| (ch.a.clone(), ch.b.is_empty())), "- ").await?;
        }
        c.put(format!("--- {} ----\n", range(b))).await?;
        if hunk.iter().any(|ch| !ch.b.is_empty()) {
            half(c, right, b, hunk.iter().map(|ch| (ch.b.clone(), ch.a.is_empty())), "+ ").await?;
        }
    }
    Ok(())
}

/// One side: its changes, and whether each is on this side only.
async fn half(
    c: &mut Cli,
    lines: &[&[u8]],
    (from, to): (usize, usize),
    changes: impl Iterator<Item = (std::ops::Range<usize>, bool)>,
    mark: &str,
) -> Run<()> {
    let mut at = from;
    for (range, alone) in changes {
        for l in &lines[at..range.start] {
            line(c, "  ", l, false).await?;
        }
        for l in &lines[range.clone()] {
            line(c, if alone { mark } else { "! " }, l, false).await?;
        }
        at = range.end;
    }
    for l in &lines[at..to] {
        line(c, "  ", l, false).await?;
    }
    Ok(())
}
