//! `uniq`: repeated lines.

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [INPUT [OUTPUT]]",
    "Filter adjacent matching lines from INPUT, writing to OUTPUT.",
    "c|count d|repeated D f|skip-fields= i|ignore-case s|skip-chars= u|unique z|zero-terminated w|check-chars= all-repeated? group?",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.at_most(&p.operands, 2).await?;
    let number = |n: &str| p.value(n).and_then(|v| v.parse::<usize>().ok());
    let (fields, chars, width) =
        (number("f").unwrap_or(0), number("s").unwrap_or(0), number("w").unwrap_or(usize::MAX));
    let path = p.operands.first().map_or("-", String::as_str);
    let bytes = match c.slurp(path).await {
        Ok(b) => b,
        Err(e) => return c.die(1, format!("{}: {e}", quote::before_colon(path))).await,
    };
    let end = if p.has("z") { 0 } else { b'\n' };
    let mut lines: Vec<&[u8]> = bytes.split(|b| *b == end).collect();
    if lines.last().is_some_and(|l| l.is_empty()) {
        lines.pop();
    }
    let key = |line: &[u8]| {
        let mut at = 0;
        for _ in 0..fields {
            at += line[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            at += line[at..].iter().take_while(|b| !matches!(b, b' ' | b'\t')).count();
        }
        let rest = &line[(at + chars).min(line.len())..];
        let rest = &rest[..rest.len().min(width)];
        if p.has("i") { rest.to_ascii_lowercase() } else { rest.to_vec() }
    };
    let mut out = Vec::new();
    for group in lines.chunk_by(|a, b| key(a) == key(b)) {
        let n = group.len();
        if p.has("D") || p.has("all-repeated") {
            if n > 1 {
                group.iter().for_each(|l| {
                    out.extend_from_slice(l);
                    out.push(end);
                });
            }
            continue;
        }
        if p.has("d") && n < 2 || p.has("u") && n > 1 {
            continue;
        }
        if p.has("c") {
            out.extend(format!("{n:7} ").bytes());
        }
        out.extend_from_slice(group[0]);
        out.push(end);
    }
    match p.operands.get(1) {
        Some(to) => match c.sys.write_file(to, out, 0o666).await {
            Ok(()) => Ok(()),
            Err(e) => c.die(1, format!("{}: {e}", quote::before_colon(to))).await,
        },
        None => c.put(out).await,
    }
}
