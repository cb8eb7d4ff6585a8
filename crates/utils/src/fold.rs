//! `fold`: long lines in pieces.

use crate::cli::feed::{Feed, bare};
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Wrap input lines in each FILE, writing to standard output.",
    "b|bytes c|characters s|spaces w|width=",
);

/// Where a byte takes the column.
fn column(at: usize, b: u8, bytes: bool) -> usize {
    match b {
        _ if bytes => at + 1,
        8 => at.saturating_sub(1),
        b'\r' => 0,
        b'\t' => (at / 8 + 1) * 8,
        _ => at + 1,
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    // The old form: fold -20.
    let args = std::mem::take(&mut c.args).into_iter().map(|a| match a.strip_prefix('-') {
        Some(d) if !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()) => format!("-w{d}"),
        _ => a,
    });
    let p = c.parse_args(&SPEC, args.collect()).await?;
    let width = match p.value("w").map(|w| (w, w.parse::<usize>())) {
        None => 80,
        Some((_, Ok(n))) if n > 0 => n,
        Some((w, _)) => {
            let range = if w.bytes().all(|b| b == b'0') { ": Numerical result out of range" } else { "" };
            return c.die(1, format!("invalid number of columns: {}{range}", quote::word(w))).await;
        }
    };
    let bytes = p.has("b") || p.has("c");
    let mut feed = Feed::new(&p.operands);
    while let Some(line) = feed.line(c, b'\n').await? {
        let (text, ended) = bare(&line, b'\n');
        let mut out: Vec<u8> = Vec::new();
        let mut start = 0;
        let mut at = 0;
        let mut i = 0;
        while let Some(&b) = text.get(i) {
            let next = column(at, b, bytes);
            if next <= width || i == start {
                at = next;
                i += 1;
                continue;
            }
            let blank = text[start..i].iter().rposition(|b| matches!(b, b' ' | b'\t'));
            let cut = match blank {
                Some(n) if p.has("s") => start + n + 1,
                _ => i,
            };
            out.extend(&text[start..cut]);
            out.push(b'\n');
            start = cut;
            i = cut;
            at = 0;
        }
        out.extend(&text[start..]);
        if ended {
            out.push(b'\n');
        }
        c.put(out).await?;
    }
    Ok(())
}
