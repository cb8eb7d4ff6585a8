//! `comm`: what two sorted files share.

use std::cmp::Ordering;

use crate::cli::input::lines;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... FILE1 FILE2",
    "Compare sorted files FILE1 and FILE2 line by line.",
    "1 2 3 check-order nocheck-order output-delimiter= total z|zero-terminated",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.need(&p.operands, 2).await?;
    c.at_most(&p.operands, 2).await?;
    let mut contents = Vec::new();
    for f in &p.operands {
        match c.slurp(f).await {
            Ok(b) => contents.push(b),
            Err(e) => return c.die(1, format!("{}: {e}", quote::before_colon(f))).await,
        }
    }
    let (a, b) = (lines(&contents[0]), lines(&contents[1]));
    let between = p.value("output-delimiter").unwrap_or("\t").to_owned();
    let (mut i, mut j, mut disordered, mut said) = (0, 0, [false; 2], [false; 2]);
    let mut unpaired = false;
    while i < a.len() || j < b.len() {
        let order = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) => x.cmp(y),
            (Some(_), None) => Ordering::Less,
            _ => Ordering::Greater,
        };
        let (column, line) = match order {
            Ordering::Less => ("1", a[i]),
            Ordering::Greater => ("2", b[j]),
            Ordering::Equal => ("3", a[i]),
        };
        unpaired |= order != Ordering::Equal;
        if !p.has(column) {
            let before = match column {
                "1" => 0,
                "2" => usize::from(!p.has("1")),
                _ => usize::from(!p.has("1")) + usize::from(!p.has("2")),
            };
            c.put(between.repeat(before)).await?;
            c.put(line).await?;
            c.put("\n").await?;
        }
        i += usize::from(order != Ordering::Greater);
        j += usize::from(order != Ordering::Less);
        for (n, (list, at)) in [(&a, i), (&b, j)].into_iter().enumerate() {
            disordered[n] |= at > 0 && at < list.len() && list[at - 1] > list[at];
            if disordered[n] && !said[n] && unpaired && !p.has("nocheck-order") {
                said[n] = true;
                c.fail(format!("file {} is not in sorted order", n + 1)).await;
            }
        }
    }
    if said != [false; 2] {
        return c.die(1, "input is not in sorted order").await;
    }
    Ok(())
}
