//! `wc`: counts lines, words and bytes.

use layerlab_kernel::{Errno, FileType};

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Print newline, word, and byte counts for each FILE.",
    "c|bytes m|chars l|lines L|max-line-length w|words files0-from= total=",
);

fn count(bytes: &[u8]) -> [u64; 5] {
    let lines = bytes.iter().filter(|b| **b == b'\n').count() as u64;
    let text = String::from_utf8_lossy(bytes);
    let words = bytes.split(|b| b.is_ascii_whitespace() || *b == 11).filter(|w| !w.is_empty()).count() as u64;
    let (mut longest, mut column) = (0u64, 0u64);
    for ch in text.chars() {
        match ch {
            '\n' | '\r' | '\x0c' => {
                longest = longest.max(column);
                column = 0;
            }
            '\t' => column += 8 - column % 8,
            ch => column += crate::cli::human_width(ch.encode_utf8(&mut [0; 4])) as u64,
        }
    }
    [lines, words, text.chars().count() as u64, bytes.len() as u64, longest.max(column)]
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mut wanted = [p.has("l"), p.has("w"), p.has("m"), p.has("c"), p.has("L")];
    if wanted.iter().all(|w| !w) {
        wanted = [true, true, false, true, false];
    }
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    let (mut rows, mut total) = (Vec::new(), [0u64; 5]);
    let mut width = 1;
    let (mut sizes, mut regular) = (0u64, true);
    for path in &files {
        let stat = if path == "-" { c.sys.fstat(0).await } else { c.sys.stat(path).await };
        match stat {
            Ok(s) if s.file_type == FileType::File => sizes += s.size,
            Ok(_) => regular = false,
            Err(_) => {}
        }
        let (numbers, error) = match c.slurp(path).await {
            Ok(bytes) => (count(&bytes), None),
            Err(Errno::EISDIR) => ([0; 5], Some(Errno::EISDIR)),
            Err(e) => {
                c.fail(format!("{}: {e}", quote::before_colon(path))).await;
                continue;
            }
        };
        if let Some(e) = error {
            c.fail(format!("{}: {e}", quote::before_colon(path))).await;
        }
        for (i, (t, n)) in total.iter_mut().zip(numbers).enumerate() {
            *t = if i == 4 { (*t).max(n) } else { *t + n };
        }
        rows.push((numbers, if p.operands.is_empty() { String::new() } else { path.clone() }));
    }
    // As GNU does it: the width of the sum of all sizes; seven where they are not known before.
    let single = wanted.iter().filter(|w| **w).count() == 1 && files.len() == 1;
    if !single {
        width = sizes.to_string().len().max(if regular { 1 } else { 7 });
    }
    let mode = p.value("total").unwrap_or("auto").to_owned();
    let show_total = match mode.as_str() {
        "never" => false,
        "always" | "only" => true,
        _ => files.len() > 1,
    };
    if mode == "only" {
        rows.clear();
        width = 1;
    }
    if show_total {
        rows.push((total, if mode == "only" { String::new() } else { "total".to_owned() }));
    }
    for (numbers, name) in rows {
        let shown: Vec<String> =
            numbers.iter().zip(wanted).filter(|(_, w)| *w).map(|(n, _)| format!("{n:>width$}")).collect();
        let name = if name.is_empty() { name } else { format!(" {}", quote::maybe(&name)) };
        c.put(format!("{}{name}\n", shown.join(" "))).await?;
    }
    Ok(())
}
