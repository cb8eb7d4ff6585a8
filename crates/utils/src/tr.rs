//! `tr`: replaces or deletes characters (bytes, as GNU's does).

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... STRING1 [STRING2]",
    "Translate, squeeze, and/or delete characters from standard input, writing to standard output.",
    "+c|C|complement d|delete s|squeeze-repeats t|truncate-set1",
);

fn expand(set: &str, length: Option<usize>) -> Vec<u8> {
    let bytes = set.as_bytes();
    let mut out = Vec::new();
    let mut i = 0;
    let unit = |i: &mut usize| -> u8 {
        let b = bytes[*i];
        *i += 1;
        let Some(&next) = bytes.get(*i).filter(|_| b == b'\\') else { return b };
        *i += 1;
        match next {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'a' => 7,
            b'b' => 8,
            b'f' => 12,
            b'v' => 11,
            b'0'..=b'7' => {
                let mut n = u32::from(next - b'0');
                for _ in 0..2 {
                    if let Some(d) = bytes.get(*i).filter(|d| (b'0'..=b'7').contains(d)) {
                        n = n * 8 + u32::from(d - b'0');
                        *i += 1;
                    }
                }
                n as u8
            }
            other => other,
        }
    };
    while i < bytes.len() {
        if let Some(rest) = set.get(i..).and_then(|r| r.strip_prefix("[:"))
            && let Some(end) = rest.find(":]")
        {
            let name = &rest[..end];
            out.extend((0..=127u8).filter(|b| crate::glob::in_class(name, char::from(*b))));
            i += end + 4;
            continue;
        }
        if bytes[i] == b'['
            && let (Some(x), Some(b'*')) = (bytes.get(i + 1), bytes.get(i + 2))
            && let Some(end) = bytes[i..].iter().position(|b| *b == b']')
        {
            let n: usize = set.get(i + 3..i + end).and_then(|t| t.parse().ok()).unwrap_or(0);
            let fill = length.unwrap_or(0).saturating_sub(out.len());
            out.extend(std::iter::repeat_n(*x, if n == 0 { fill } else { n.min(1 << 16) }));
            i += end + 1;
            continue;
        }
        let from = unit(&mut i);
        if bytes.get(i) == Some(&b'-') && i + 1 < bytes.len() {
            i += 1;
            let to = unit(&mut i);
            out.extend(from..=to);
        } else {
            out.push(from);
        }
    }
    out
}

/// What is wrong with a set.
fn problem(set: &str, second: bool, translates: bool) -> Option<String> {
    let mut rest = set;
    while let Some(at) = rest.find("[:") {
        let Some(len) = rest[at + 2..].find(":]") else { break };
        let name = &rest[at + 2..at + 2 + len];
        const CLASSES: &[&str] = &[
            "alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit",
        ];
        if !CLASSES.contains(&name) {
            return Some(format!("invalid character class {}", quote::always(name)));
        }
        if second && translates && !matches!(name, "lower" | "upper") {
            let allowed = "'upper' and 'lower'";
            return Some(format!(
                "when translating, the only character classes that may appear in\nstring2 are {allowed}"
            ));
        }
        rest = &rest[at + 2 + len + 2..];
    }
    if second && !translates && set.contains("*]") {
        return Some("the [c*] construct may appear in string2 only when translating".into());
    }
    let chars: Vec<char> = set.chars().collect();
    chars.windows(3).find_map(|w| match w {
        [a, '-', z] if a > z && !matches!(a, '\\' | '[') && *z != '\\' && a.is_ascii_alphanumeric() => {
            Some(format!("range-endpoints of '{a}-{z}' are in reverse collating sequence order"))
        }
        _ => None,
    })
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.need(&p.operands, 1).await?;
    let (delete, squeeze) = (p.has("d"), p.has("s"));
    let two = p.operands.get(1).cloned();
    if two.is_none() && delete == squeeze {
        let first = quote::always(&p.operands[0]);
        let why = if delete { "both deleting and squeezing repeats" } else { "translating" };
        return c.usage(1, format!("missing operand after {first}\nTwo strings must be given when {why}.")).await;
    }
    let most = if delete && !squeeze { 1 } else { 2 };
    if let Some(extra) = p.operands.get(most) {
        let mut text = format!("extra operand {}", quote::always(extra));
        if p.operands.len() == 2 {
            text.push_str("\nOnly one string may be given when deleting without squeezing repeats.");
        }
        return c.usage(1, text).await;
    }
    for (n, set) in p.operands.iter().enumerate() {
        if let Some(problem) = problem(set, n == 1, !delete) {
            return c.die(1, problem).await;
        }
    }
    let mut first = expand(&p.operands[0], None);
    if p.has("c") {
        first = (0..=255).filter(|b| !first.contains(b)).collect();
    }
    let mut second = expand(two.as_deref().unwrap_or(""), Some(first.len()));
    let mut map: [Option<u8>; 256] = [None; 256];
    if !delete && two.is_some() {
        let Some(&last) = second.last() else {
            return c.die(1, "when not truncating set1, string2 must be non-empty").await;
        };
        if !p.has("t") {
            second.resize(second.len().max(first.len()), last);
        }
        for (a, b) in first.iter().zip(&second) {
            map[usize::from(*a)] = Some(*b);
        }
    }
    let squeezed = if two.is_some() { &second } else { &first };
    let mut last = None;
    loop {
        let bytes = match c.sys.read(0, 1 << 16).await {
            Ok(b) if b.is_empty() => return Ok(()),
            Ok(b) => b,
            Err(e) => return c.die(1, format!("read error: {e}")).await,
        };
        let mut out = Vec::with_capacity(bytes.len());
        for b in bytes.iter() {
            if delete && first.contains(b) {
                continue;
            }
            let b = map[usize::from(*b)].unwrap_or(*b);
            if squeeze && last == Some(b) && squeezed.contains(&b) {
                continue;
            }
            last = Some(b);
            out.push(b);
        }
        c.put(out).await?;
        c.flush().await?;
    }
}
