//! `du`: how much files take on the disk, by the sizes that they stand for.

use std::collections::BTreeSet;

use layerlab_kernel::{FileType, Stat};

use crate::cli::{Cli, Run, Spec, human, path, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Summarize device usage of the set of FILEs, recursively for directories.",
    "0|null a|all apparent-size B|block-size= b|bytes c|total D|dereference-args d|max-depth= h|human-readable k l m s|summarize S si \
     t|threshold= x|one-file-system exclude= L P time? inodes",
);

fn bytes(s: &Stat, apparent: bool) -> u64 {
    match (s.file_type, apparent) {
        (FileType::File, true) => s.nominal_size,
        (FileType::File, false) => s.nominal_size.div_ceil(4096) * 4096,
        (FileType::Dir, _) => 4096,
        (FileType::Symlink, true) => s.size,
        _ => 0,
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let apparent = p.has("apparent-size") || p.has("b");
    let most = match p.value("d").map(str::parse::<usize>) {
        Some(Ok(n)) => n,
        Some(Err(_)) => {
            return c.usage(1, format!("invalid maximum depth {}", quote::word(p.value("d").unwrap_or("")))).await;
        }
        None if p.has("s") => 0,
        None => usize::MAX,
    };
    let busybox = c.variant == "busybox";
    let show = |n: u64| {
        if p.has("si") {
            human::size_si(n)
        } else if p.has("h") {
            if busybox { human::size_busybox(n) } else { human::size(n) }
        } else if p.has("b") {
            n.to_string()
        } else if p.has("m") || matches!(p.value("B"), Some("M" | "1M")) {
            n.div_ceil(1 << 20).to_string()
        } else {
            n.div_ceil(1024).to_string()
        }
    };
    let operands = if p.operands.is_empty() { vec![".".to_owned()] } else { p.operands.clone() };
    let excluded = p.values("exclude");
    let mut seen = BTreeSet::new();
    let mut total = 0;
    for operand in &operands {
        // A folder's entry on the stack is met a second time when all below is counted.
        let mut stack: Vec<(String, usize, bool)> = vec![(operand.clone(), 0, false)];
        let mut sums: Vec<u64> = Vec::new();
        while let Some((at, depth, done)) = stack.pop() {
            if done {
                let sum = sums.pop().unwrap_or(0);
                if depth <= most {
                    c.put(format!("{}\t{at}\n", show(sum))).await?;
                }
                match sums.last_mut() {
                    Some(up) => *up += sum,
                    None => total += sum,
                }
                continue;
            }
            let s = match c.sys.lstat(&at).await {
                Ok(s) => s,
                Err(e) => {
                    c.fail(format!("cannot access {}: {e}", quote::always(&at))).await;
                    continue;
                }
            };
            if s.nlink > 1 && s.file_type != FileType::Dir && !seen.insert((s.dev, s.ino)) {
                continue;
            }
            let own = bytes(&s, apparent);
            if s.file_type == FileType::Dir {
                sums.push(own);
                stack.push((at.clone(), depth, true));
                match c.sys.read_dir(&at).await {
                    Ok(names) => {
                        let names = names
                            .into_iter()
                            .rev()
                            .filter(|n| !excluded.iter().any(|e| crate::glob::matches(e, &n.name)));
                        stack.extend(names.map(|n| (path::join(&at, &n.name), depth + 1, false)));
                    }
                    Err(e) => c.fail(format!("cannot read directory {}: {e}", quote::always(&at))).await,
                }
            } else {
                if depth == 0 || p.has("a") && depth <= most {
                    c.put(format!("{}\t{at}\n", show(own))).await?;
                }
                match sums.last_mut() {
                    Some(up) => *up += own,
                    None => total += own,
                }
            }
        }
    }
    if p.has("c") {
        c.put(format!("{}\ttotal\n", show(total))).await?;
    }
    Ok(())
}
