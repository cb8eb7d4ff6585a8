//! `cmp`: whether files are the same, byte by byte.

use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[OPTION]... FILE1 [FILE2]",
    "Compare two files byte by byte.",
    "b|print-bytes i|ignore-initial= l|verbose n|bytes= s|quiet|silent",
)
.fails(2)
.version("GNU diffutils) 3.10 (simulated");

/// A byte as `cat -v` shows it.
fn shown(b: u8) -> String {
    let (lead, b) = if b >= 128 { ("M-", b - 128) } else { ("", b) };
    match b {
        0..32 => format!("{lead}^{}", char::from(b + 64)),
        127 => format!("{lead}^?"),
        b => format!("{lead}{}", char::from(b)),
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.has("l") && p.has("s") {
        return c.usage(2, "options -l and -s are incompatible").await;
    }
    // In another locale than POSIX's a byte is called so.
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|v| c.var(v).filter(|v| !v.is_empty()));
    let named = locale.is_some_and(|l| l != "C" && l != "POSIX");
    let mut skips = [0usize; 2];
    let skip = |t: &str| crate::cli::human::parse(t).and_then(|n| usize::try_from(n).ok());
    let given: Vec<String> = match p.value("i") {
        Some(v) => v.split(':').map(str::to_owned).collect(),
        None => p.operands.iter().skip(2).cloned().collect(),
    };
    for (slot, text) in skips.iter_mut().zip(&given) {
        match skip(text) {
            Some(n) => *slot = n,
            None => {
                return c.usage(2, format!("invalid --ignore-initial value '{text}'")).await;
            }
        }
    }
    if p.has("i") && given.len() == 1 {
        skips[1] = skips[0];
    }
    let (a, b) = match p.operands.as_slice() {
        [] => return c.usage(2, format!("missing operand after '{}'", c.name)).await,
        [a] => (a.clone(), "-".to_owned()),
        [a, b] | [a, b, _] | [a, b, _, _] => (a.clone(), b.clone()),
        [_, _, _, _, extra, ..] => return c.usage(2, format!("extra operand '{extra}'")).await,
    };
    let mut contents = Vec::new();
    for f in [&a, &b] {
        match c.slurp(f).await {
            Ok(bytes) => contents.push(bytes),
            Err(e) => return if p.has("s") { Err(Stop::Code(2)) } else { c.die(2, format!("{f}: {e}")).await },
        }
    }
    let limit = p.value("n").and_then(crate::cli::human::parse).unwrap_or(u64::MAX);
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let cut = |v: &Vec<u8>, skip: usize| v.iter().skip(skip).take(most).copied().collect::<Vec<u8>>();
    let (x, y) = (cut(&contents[0], skips[0]), cut(&contents[1], skips[1]));
    let differing: Vec<(usize, u8, u8)> =
        x.iter().zip(&y).enumerate().filter(|(_, (p, q))| p != q).map(|(i, (p, q))| (i, *p, *q)).collect();
    let quiet = p.has("s");
    if p.has("l") && !quiet {
        let width = x.len().min(y.len()).to_string().len();
        for (i, one, other) in &differing {
            let text = match p.has("b") {
                true => format!("{one:3o} {:<4} {other:3o} {}", shown(*one), shown(*other)),
                false => format!("{one:3o} {other:3o}"),
            };
            c.put(format!("{:>width$} {text}\n", i + 1)).await?;
        }
    } else if let Some((i, ..)) = differing.first() {
        if !quiet {
            let line = 1 + x[..*i].iter().filter(|b| **b == b'\n').count();
            let mut text =
                format!("{a} {b} differ: {} {}, line {line}", if p.has("b") || named { "byte" } else { "char" }, i + 1);
            if let (true, Some((_, p, q))) = (p.has("b"), differing.first()) {
                text.push_str(&format!(" is {p:3o} {} {q:3o} {}", shown(*p), shown(*q)));
            }
            c.put(format!("{text}\n")).await?;
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
