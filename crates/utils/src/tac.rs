//! `tac`: lines in reverse order.

use layerlab_kernel::Errno;

use crate::cli::{Cli, Run, Spec, quote};
use crate::regex::{self, Pattern};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Write each FILE to standard output, last line first.",
    "b|before r|regex s|separator=",
);

/// What stands between the records.
enum By {
    Text(String),
    Pattern(Pattern),
}

/// Where a text is.
fn texts(bytes: &[u8], by: &[u8]) -> Vec<(usize, usize)> {
    let starts = (0..bytes.len()).filter(|i| bytes.get(*i..).is_some_and(|r| r.starts_with(by)));
    starts.map(|i| (i, i + by.len())).collect()
}

/// Where a pattern matches, sought from the end: `[0-9][0-9]*` takes one digit at a time.
fn patterns(text: &str, by: &Pattern) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut end = text.len();
    for start in (0..text.len()).rev().filter(|i| text.is_char_boundary(*i)) {
        let hit = by.find_at(text.get(..end).unwrap_or(text), start);
        if let Some((from, to)) = hit.filter(|(from, to)| *from == start && to > from) {
            found.push((from, to));
            end = from;
        }
    }
    found.reverse();
    found
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let by = p.value("s").filter(|s| !s.is_empty()).unwrap_or("\n").to_owned();
    let by = match p.has("r").then(|| regex::compile(&by, regex::Kind::Basic, false)) {
        None => By::Text(by),
        Some(Ok(pattern)) => By::Pattern(pattern),
        Some(Err(why)) => return c.die(1, why).await,
    };
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    for path in &files {
        match c.slurp(path).await {
            Ok(bytes) => {
                // Each separator belongs to what stands before it, or after it with -b.
                let found = match &by {
                    By::Text(by) => texts(&bytes, by.as_bytes()),
                    By::Pattern(by) => patterns(&String::from_utf8_lossy(&bytes), by),
                };
                let cut = |(from, to): (usize, usize)| if p.has("b") { from } else { to };
                let mut cuts: Vec<usize> = found.into_iter().map(cut).collect();
                cuts.insert(0, 0);
                cuts.push(bytes.len());
                for pair in cuts.windows(2).rev() {
                    c.put(bytes.get(pair[0]..pair[1]).unwrap_or_default()).await?;
                }
            }
            Err(Errno::EISDIR) => c.fail(format!("{path}: read error: Invalid argument")).await,
            Err(e) => c.fail(format!("failed to open {} for reading: {e}", quote::always(path))).await,
        }
    }
    Ok(())
}
