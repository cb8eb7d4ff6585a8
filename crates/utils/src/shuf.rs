//! `shuf`: lines in an order of chance (the machine's seeded one).

use crate::cli::feed::{Feed, bare};
use crate::cli::{Cli, Run, Spec, Stop, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]  or  -e [OPTION]... [ARG]...  or  -i LO-HI [OPTION]...",
    "Write a random permutation of the input lines to standard output.",
    "e|echo i|input-range= n|head-count= o|output= random-source= r|repeat z|zero-terminated",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let delimiter = if p.has("z") { 0 } else { b'\n' };
    if p.has("e") && p.has("i") {
        return c.usage(1, "cannot combine -e and -i options").await;
    }
    let mut lines: Vec<Vec<u8>> = Vec::new();
    if let Some(range) = p.value("i") {
        let ends = range.split_once('-').and_then(|(a, b)| Some((a.parse::<u64>().ok()?, b.parse::<u64>().ok()?)));
        let Some((lo, hi)) = ends.filter(|(a, b)| *a <= b.saturating_add(1) && b.saturating_sub(*a) < 1 << 22) else {
            return c.die(1, format!("invalid input range: {}", quote::word(range))).await;
        };
        if let Some(extra) = p.operands.first() {
            return c.usage(1, format!("extra operand {}", quote::word(extra))).await;
        }
        lines.extend((lo..=hi).map(|n| n.to_string().into_bytes()));
    } else if p.has("e") {
        lines.extend(p.operands.iter().map(|o| o.clone().into_bytes()));
    } else {
        c.at_most(&p.operands, 1).await?;
        let mut feed = Feed::new(&p.operands);
        while let Some(l) = feed.line(c, delimiter).await? {
            lines.push(bare(&l, delimiter).0.to_vec());
        }
        if c.code != 0 {
            return Ok(());
        }
    }
    let mut count = usize::MAX;
    for n in p.values("n") {
        let Ok(n) = n.parse::<usize>() else {
            return c.die(1, format!("invalid line count: {}", quote::word(&n))).await;
        };
        count = count.min(n);
    }
    let seed = c.sys.random(8).await.map_or(1, |b| b.iter().fold(0u64, |n, b| n << 8 | u64::from(*b)));
    let mut state = seed.max(1);
    let mut next = move |n: usize| {
        // xorshift64*
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        ((u128::from(state.wrapping_mul(0x2545_f491_4f6c_dd1d)) * n as u128) >> 64) as usize
    };
    let out = match p.value("o") {
        None => None,
        Some(f) => match c.sys.open(f, layerlab_kernel::OpenFlags::CREATE, 0o666).await {
            Ok(fd) => Some(fd),
            Err(e) => return c.die(1, format!("{}: {e}", quote::before_colon(f))).await,
        },
    };
    let mut text: Vec<u8> = Vec::new();
    if p.has("r") {
        if lines.is_empty() && count > 0 {
            return c.die(1, "no lines to repeat").await;
        }
        let mut done = 0;
        while done < count {
            text.extend(&lines[next(lines.len())]);
            text.push(delimiter);
            done += 1;
            if text.len() > 1 << 14 && out.is_none() {
                c.put(std::mem::take(&mut text)).await?;
            }
        }
    } else {
        let wanted = count.min(lines.len());
        for i in 0..wanted {
            let k = i + next(lines.len() - i);
            lines.swap(i, k);
            text.extend(&lines[i]);
            text.push(delimiter);
        }
    }
    match out {
        None => c.put(text).await,
        Some(fd) => c.sys.write_all(fd, text).await.map_err(Stop::Output),
    }
}
