//! `tsort`: an order that fits pairs of "before and after".

use std::collections::BTreeMap;

use crate::cli::feed::Feed;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec =
    Spec::new("[OPTION] [FILE]", "Write totally ordered list consistent with the partial ordering in FILE.", "w");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.at_most(&p.operands, 1).await?;
    let name = p.operands.first().map_or("-", String::as_str).to_owned();
    let bytes = Feed::new(&p.operands).all(c).await?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() % 2 == 1 {
        return c.die(1, format!("{}: input contains an odd number of tokens", quote::before_colon(&name))).await;
    }
    // GNU's names come from a tree, in order; so do these.
    let mut after: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut before: BTreeMap<&str, usize> = BTreeMap::new();
    for pair in words.chunks(2) {
        let [a, b] = pair else { continue };
        before.entry(a).or_default();
        before.entry(b).or_default();
        if a != b {
            after.entry(a).or_default().push(b);
            *before.entry(b).or_default() += 1;
        }
    }
    let mut ready: Vec<&str> = before.iter().filter(|(_, n)| **n == 0).map(|(k, _)| *k).collect();
    let mut at = 0;
    loop {
        while let Some(&next) = ready.get(at) {
            at += 1;
            before.remove(next);
            c.put(format!("{next}\n")).await?;
            // The last pair that was read is looked at first.
            for b in after.get(next).into_iter().flatten().rev() {
                if let Some(n) = before.get_mut(b) {
                    *n -= 1;
                    if *n == 0 {
                        ready.push(b);
                    }
                }
            }
        }
        let Some(start) = before.keys().next().copied() else { return Ok(()) };
        // A loop: walk backwards until a name comes again, say it, and cut it.
        let mut walk = vec![start];
        let looped = loop {
            let last = walk.last().copied().unwrap_or(start);
            let from = after.iter().find(|(k, v)| before.contains_key(*k) && v.contains(&last)).map(|(k, _)| *k);
            let Some(from) = from else { break walk.clone() };
            if let Some(n) = walk.iter().position(|w| *w == from) {
                break walk.split_off(n);
            }
            walk.push(from);
        };
        c.fail(format!("{}: input contains a loop:", quote::before_colon(&name))).await;
        let mut names = looped.clone();
        names.sort_unstable();
        for n in &names {
            c.warn(n).await;
        }
        // Cut the loop where it was closed.
        let (Some(a), Some(b)) = (names.last().copied(), names.first().copied()) else { return Ok(()) };
        let cut = if looped.len() == 1 { (a, a) } else { (a, b) };
        let all = after.get_mut(cut.0).map(|v| {
            let had = v.len();
            v.retain(|x| *x != cut.1);
            had - v.len()
        });
        let removed = all.unwrap_or(0);
        if removed == 0 {
            before.insert(b, 0);
        } else if let Some(n) = before.get_mut(cut.1) {
            *n = n.saturating_sub(removed);
        }
        if before.get(b) == Some(&0) {
            ready.push(b);
        }
    }
}
