//! `comm`: what two sorted files share.

use std::cmp::Ordering;

use crate::cli::feed::bare;
use crate::cli::input::Input;
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
    let mut inputs = Vec::new();
    for f in &p.operands {
        match Input::open(&c.sys, f).await {
            Ok(i) => inputs.push(i),
            Err(e) => return c.die(1, format!("{}: {e}", quote::before_colon(f))).await,
        }
    }
    let end = if p.has("z") { 0 } else { b'\n' };
    let between = match p.value("output-delimiter") {
        Some("") => "\0",
        Some(d) => d,
        None => "\t",
    };
    let mut current = Vec::new();
    for (n, i) in inputs.iter_mut().enumerate() {
        current.push(read(c, i, &p.operands[n], end).await?);
    }
    let (mut said, mut counts, mut unpaired) = ([false; 2], [0u64; 3], false);
    loop {
        let order = match (&current[0], &current[1]) {
            (Some(x), Some(y)) => x.cmp(y),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => break,
        };
        let column = match order {
            Ordering::Less => 0,
            Ordering::Greater => 1,
            Ordering::Equal => 2,
        };
        counts[column] += 1;
        unpaired |= order != Ordering::Equal;
        let hidden = ["1", "2", "3"].map(|n| p.has(n));
        if !hidden[column] {
            let before = hidden.iter().take(column).filter(|h| !**h).count();
            c.put(between.repeat(before)).await?;
            let line = current[usize::from(column == 1)].clone().unwrap_or_default();
            c.put(line).await?;
            c.put([end]).await?;
        }
        for (n, turn) in [order != Ordering::Greater, order != Ordering::Less].into_iter().enumerate() {
            if !turn {
                continue;
            }
            let next = read(c, &mut inputs[n], &p.operands[n], end).await?;
            let before = std::mem::replace(&mut current[n], next);
            let wrong = current[n].as_ref().zip(before.as_ref()).is_some_and(|(now, was)| was > now);
            let check = p.has("check-order") || unpaired && !p.has("nocheck-order");
            if wrong && check && !said[n] {
                said[n] = true;
                c.fail(format!("file {} is not in sorted order", n + 1)).await;
                if p.has("check-order") {
                    return Ok(());
                }
            }
        }
    }
    if p.has("total") {
        let [a, b, both] = counts;
        c.put(format!("{a}{between}{b}{between}{both}{between}total")).await?;
        c.put([end]).await?;
    }
    if said != [false; 2] {
        return c.die(1, "input is not in sorted order").await;
    }
    Ok(())
}

async fn read(c: &mut Cli, input: &mut Input, name: &str, end: u8) -> Run<Option<Vec<u8>>> {
    if input.dry(end) {
        c.flush().await?;
    }
    match input.line(end).await {
        Ok(l) => Ok(l.map(|l| bare(&l, end).0.to_vec())),
        Err(e) => c.die(1, format!("{}: {e}", quote::before_colon(name))).await,
    }
}
