//! What `ed` (`-e`) and RCS (`-n`) make of the differences.

use super::script::Change;
use crate::cli::{Cli, Run};

/// A line, always with its newline.
async fn put(c: &mut Cli, line: &[u8]) -> Run<()> {
    c.put(line).await?;
    if line.ends_with(b"\n") { Ok(()) } else { c.put("\n").await }
}

/// A script for `ed`: from the end on, so that line numbers stay right.
pub(super) async fn script(c: &mut Cli, changes: &[Change], right: &[&[u8]], names: &[&str; 2]) -> Run<()> {
    for ch in changes.iter().rev() {
        let letter = match (ch.a.is_empty(), ch.b.is_empty()) {
            (true, _) => 'a',
            (_, true) => 'd',
            _ => 'c',
        };
        c.put(format!("{}{letter}\n", super::range(ch.a.start, ch.a.end))).await?;
        if ch.b.is_empty() {
            continue;
        }
        let mut inserting = true;
        for line in &right[ch.b.clone()] {
            if !inserting {
                c.put("a\n").await?;
            }
            inserting = *line != b".\n";
            // A dot alone would end the text.
            if inserting { put(c, line).await? } else { c.put("..\n.\ns/.//\n").await? }
        }
        if inserting {
            c.put(".\n").await?;
        }
    }
    if right.last().is_some_and(|l| !l.ends_with(b"\n")) {
        c.warn(format!("{}: No newline at end of file\n", names[1])).await;
        c.code = 2;
    }
    Ok(())
}

/// What RCS keeps.
pub(super) async fn rcs(c: &mut Cli, changes: &[Change], right: &[&[u8]]) -> Run<()> {
    for ch in changes {
        if !ch.a.is_empty() {
            c.put(format!("d{} {}\n", ch.a.start + 1, ch.a.len())).await?;
        }
        if !ch.b.is_empty() {
            c.put(format!("a{} {}\n", ch.a.end, ch.b.len())).await?;
            for line in &right[ch.b.clone()] {
                c.put(line).await?;
            }
        }
    }
    Ok(())
}
