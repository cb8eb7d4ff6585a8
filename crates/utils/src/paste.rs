//! `paste`: files side by side.

use crate::cli::input::lines;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Write lines of the FILEs side by side, separated by TABs.",
    "d|delimiters= s|serial z|zero-terminated",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    let mut delimiters = Vec::new();
    let mut chars = p.value("d").unwrap_or("\t").chars();
    while let Some(ch) = chars.next() {
        delimiters.push(match ch {
            '\\' => match chars.next() {
                Some('n') => "\n".to_owned(),
                Some('t') => "\t".to_owned(),
                Some('0') => String::new(),
                Some(o) => o.to_string(),
                None => "\\".to_owned(),
            },
            o => o.to_string(),
        });
    }
    if delimiters.is_empty() {
        delimiters.push(String::new());
    }
    let mut contents = Vec::new();
    let mut stdin: Option<usize> = None;
    for f in &files {
        if f == "-" && stdin.is_some() {
            contents.push(Vec::new());
            continue;
        }
        match c.slurp(f).await {
            Ok(b) => {
                if f == "-" {
                    stdin = Some(contents.len());
                }
                contents.push(b);
            }
            Err(e) if p.has("s") => c.fail(format!("{}: {e}", quote::before_colon(f))).await,
            Err(e) => return c.die(1, format!("{}: {e}", quote::before_colon(f))).await,
        }
    }
    let mut columns: Vec<Vec<&[u8]>> = contents.iter().map(|b| lines(b)).collect();
    let dashes: Vec<usize> = files.iter().enumerate().filter(|f| f.1 == "-").map(|f| f.0).collect();
    if let Some(first) = stdin
        && dashes.len() > 1
        && !p.has("s")
    {
        // Standard input gives each of its columns a line in turn.
        let all = columns.get(first).cloned().unwrap_or_default();
        for (turn, at) in dashes.iter().enumerate() {
            if let Some(column) = columns.get_mut(*at) {
                *column = all.iter().skip(turn).step_by(dashes.len()).copied().collect();
            }
        }
    }
    let join = |cells: &[&[u8]]| {
        let mut out = Vec::new();
        for (i, cell) in cells.iter().enumerate() {
            if i > 0 {
                out.extend_from_slice(delimiters[(i - 1) % delimiters.len()].as_bytes());
            }
            out.extend_from_slice(cell);
        }
        out.push(b'\n');
        out
    };
    if p.has("s") {
        for column in &columns {
            c.put(join(column)).await?;
        }
        return Ok(());
    }
    for row in 0..columns.iter().map(Vec::len).max().unwrap_or(0) {
        let cells: Vec<&[u8]> = columns.iter().map(|col| col.get(row).copied().unwrap_or_default()).collect();
        c.put(join(&cells)).await?;
    }
    Ok(())
}
