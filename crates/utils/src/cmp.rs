//! `cmp`: whether files are the same, byte by byte.

use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[OPTION]... FILE1 [FILE2]",
    "Compare two files byte by byte.",
    "b|print-bytes l|verbose n|bytes= s|quiet|silent",
)
.fails(2)
.version("GNU diffutils) 3.10 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let (a, b) = match p.operands.as_slice() {
        [] => return c.usage(2, format!("missing operand after '{}'", c.name)).await,
        [a] => (a.clone(), "-".to_owned()),
        [a, b] => (a.clone(), b.clone()),
        [_, _, extra, ..] => return c.usage(2, format!("extra operand '{extra}'")).await,
    };
    let mut contents = Vec::new();
    for f in [&a, &b] {
        match c.slurp(f).await {
            Ok(bytes) => contents.push(bytes),
            Err(e) => return if p.has("s") { Err(Stop::Code(2)) } else { c.die(2, format!("{f}: {e}")).await },
        }
    }
    let limit = p.value("n").and_then(crate::cli::human::parse).unwrap_or(u64::MAX);
    let cut = |v: &Vec<u8>| v[..v.len().min(usize::try_from(limit).unwrap_or(usize::MAX))].to_vec();
    let (x, y) = (cut(&contents[0]), cut(&contents[1]));
    let differing: Vec<(usize, u8, u8)> =
        x.iter().zip(&y).enumerate().filter(|(_, (p, q))| p != q).map(|(i, (p, q))| (i, *p, *q)).collect();
    let quiet = p.has("s");
    if p.has("l") && !quiet {
        let width = x.len().min(y.len()).to_string().len();
        for (i, p, q) in &differing {
            c.put(format!("{:>width$} {p:3o} {q:3o}\n", i + 1)).await?;
        }
    } else if let Some((i, ..)) = differing.first() {
        if !quiet {
            let line = 1 + x[..*i].iter().filter(|b| **b == b'\n').count();
            c.put(format!("{a} {b} differ: char {}, line {line}\n", i + 1)).await?;
        }
        return Err(Stop::Code(1));
    }
    if x.len() != y.len() {
        let (short, n) = if x.len() < y.len() { (&a, &x) } else { (&b, &y) };
        if !quiet {
            let lines = n.iter().filter(|b| **b == b'\n').count();
            let text = if n.is_empty() {
                format!("EOF on {short} which is empty")
            } else if p.has("l") {
                format!("EOF on {short} after byte {}", n.len())
            } else if n.ends_with(b"\n") {
                format!("EOF on {short} after byte {}, line {lines}", n.len())
            } else {
                format!("EOF on {short} after byte {}, in line {}", n.len(), lines + 1)
            };
            c.warn(text).await;
        }
        return Err(Stop::Code(1));
    }
    Err(Stop::Code(i32::from(!differing.is_empty())))
}
