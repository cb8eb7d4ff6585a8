//! `tr`: replaces or deletes characters (bytes, as GNU's does).

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... STRING1 [STRING2]",
    "Translate, squeeze, and/or delete characters from standard input, writing to standard output.",
    "+c|C|complement d|delete s|squeeze-repeats t|truncate-set1",
);

/// A set's bytes, or what is wrong with it. `length` fills a `[x*]` of the second set.
fn expand(set: &str, length: Option<usize>) -> Result<Vec<u8>, String> {
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
            let name = rest.get(..end).unwrap_or("");
            if !CLASSES.contains(&name) {
                return Err(format!("invalid character class {}", quote::word(name)));
            }
            out.extend((0..=127u8).filter(|b| crate::glob::in_class(name, char::from(*b))));
            i += end + 4;
            continue;
        }
        if let [b'[', b'=', x, b'=', b']', ..] = bytes.get(i..).unwrap_or_default() {
            out.push(*x);
            i += 5;
            continue;
        }
        if bytes[i] == b'[' && i + 1 < bytes.len() {
            // `[x*]`, `[x*5]`, with an escape for x too.
            let mut at = i + 1;
            let x = unit(&mut at);
            let count = bytes.get(at).filter(|b| **b == b'*').and_then(|_| {
                let end = bytes.get(at..)?.iter().position(|b| *b == b']')? + at;
                let digits = set.get(at + 1..end)?;
                let radix = if digits.starts_with('0') { 8 } else { 10 };
                let n = if digits.is_empty() { 0 } else { usize::from_str_radix(digits, radix).ok()? };
                Some((n, end))
            });
            if let Some((n, end)) = count {
                if n == 0 && length.is_none() {
                    return Err("the [c*] repeat construct may not appear in string1".to_owned());
                }
                let fill = length.unwrap_or(0).saturating_sub(out.len());
                out.extend(std::iter::repeat_n(x, if n == 0 { fill } else { n.min(1 << 16) }));
                i = end + 1;
                continue;
            }
        }
        let start = i;
        let from = unit(&mut i);
        if bytes.get(i) == Some(&b'-') && i + 1 < bytes.len() {
            i += 1;
            let to = unit(&mut i);
            if to < from {
                let range = String::from_utf8_lossy(bytes.get(start..i).unwrap_or_default()).into_owned();
                let text = "are in reverse collating sequence order";
                return Err(format!("range-endpoints of {} {text}", quote::word(&range)));
            }
            out.extend(from..=to);
        } else {
            out.push(from);
        }
    }
    Ok(out)
}

/// Where `[:upper:]` and `[:lower:]` stand, in characters of the whole set.
fn case_classes(set: &str) -> Vec<usize> {
    let starts = ["[:upper:]", "[:lower:]"].into_iter().flat_map(|class| set.match_indices(class));
    starts.filter_map(|(at, _)| expand(set.get(..at)?, Some(0)).ok()).map(|before| before.len()).collect()
}

const CLASSES: &[&str] =
    &["alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit"];

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.need(&p.operands, 1).await?;
    let (delete, squeeze) = (p.has("d"), p.has("s"));
    let two = p.operands.get(1).cloned();
    if two.is_none() && !delete && !squeeze {
        let first = quote::word(&p.operands[0]);
        let text = format!("missing operand after {first}\nTwo strings must be given when translating.");
        return c.usage(1, text).await;
    }
    if two.is_none() && delete && squeeze && c.variant != "busybox" {
        let first = quote::word(&p.operands[0]);
        let text = "Two strings must be given when both deleting and squeezing repeats.";
        return c.usage(1, format!("missing operand after {first}\n{text}")).await;
    }
    if let Some(extra) = p.operands.get(if delete && !squeeze { 1 } else { 2 }) {
        let more = if p.operands.len() == 2 {
            "\nOnly one string may be given when deleting without squeezing repeats."
        } else {
            ""
        };
        return c.usage(1, format!("extra operand {}{more}", quote::word(extra))).await;
    }
    let mut first = match expand(&p.operands[0], None) {
        Ok(set) => set,
        Err(why) => return c.die(1, why).await,
    };
    if p.has("c") {
        first = (0..=255).filter(|b| !first.contains(b)).collect();
    }
    let mut second = match expand(two.as_deref().unwrap_or(""), Some(first.len())) {
        Ok(set) => set,
        Err(why) => return c.die(1, why).await,
    };
    if let Some(text) = two.as_deref().filter(|_| !delete) {
        let other = |n: &&&str| text.contains(&format!("[:{n}:]")) && !matches!(**n, "upper" | "lower");
        if CLASSES.iter().any(|n| other(&n)) {
            let text =
                "when translating, the only character classes that may appear in\nstring2 are 'upper' and 'lower'";
            return c.die(1, text).await;
        }
    }
    if let Some(text) = two.as_deref().filter(|_| !delete && !p.has("c") && c.variant != "busybox") {
        let from = case_classes(&p.operands[0]);
        if case_classes(text).iter().any(|at| !from.contains(at)) {
            return c.die(1, "misaligned [:upper:] and/or [:lower:] construct").await;
        }
    }
    if let Some(text) = two.as_deref().filter(|_| !delete && c.variant != "busybox" && !p.has("t")) {
        // A class at the end has no last character to go on with.
        if second.len() < first.len() && CLASSES.iter().any(|n| text.ends_with(&format!("[:{n}:]"))) {
            let text = "when translating with string1 longer than string2,\nthe latter string must not end with a character class";
            return c.die(1, text).await;
        }
    }
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
