//! `cut`: parts of lines.

use crate::cli::feed::{Feed, bare};
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "OPTION... [FILE]...",
    "Print selected parts of lines from each FILE to standard output.",
    "b|bytes= c|characters= d|delimiter= f|fields= n complement s|only-delimited output-delimiter= z|zero-terminated",
);

type Range = (usize, usize);

/// Ranges of positions from 1 on, sorted, those that overlap joined; or what is wrong with them.
fn ranges(list: &str, fields: bool) -> Result<Vec<Range>, String> {
    let zero = if fields { "fields are numbered from 1" } else { "byte/character positions are numbered from 1" };
    let number = |t: &str| -> Result<usize, String> {
        if t.is_empty() || t.bytes().any(|b| !b.is_ascii_digit()) {
            let what = if fields { "invalid field value" } else { "invalid byte/character position" };
            let rest = t.trim_start_matches(|c: char| c.is_ascii_digit());
            return Err(format!("{what} {}", quote::word(rest)));
        }
        match t.parse() {
            Ok(0) => Err(zero.to_owned()),
            Ok(n) => Ok(n),
            Err(_) if fields => Err(format!("field number {} is too large", quote::word(t))),
            Err(_) => Err(format!("byte/character offset {} is too large", quote::word(t))),
        }
    };
    let mut all = Vec::new();
    for part in list.split([',', ' ', '\t']) {
        let range = match part.split_once('-') {
            Some(("", "")) => return Err("invalid range with no endpoint: -".to_owned()),
            Some((_, b)) if b.contains('-') => {
                return Err(if fields { "invalid field range" } else { "invalid byte or character range" }.to_owned());
            }
            Some((a, b)) => {
                (if a.is_empty() { 1 } else { number(a)? }, if b.is_empty() { usize::MAX } else { number(b)? })
            }
            None if part.is_empty() => return Err(zero.to_owned()),
            None => (number(part)?, number(part)?),
        };
        if range.0 > range.1 {
            return Err("invalid decreasing range".to_owned());
        }
        all.push(range);
    }
    all.sort_unstable();
    let mut joined: Vec<Range> = Vec::new();
    for r in all {
        match joined.last_mut() {
            Some(last) if r.0 <= last.1 => last.1 = last.1.max(r.1),
            _ => joined.push(r),
        }
    }
    Ok(joined)
}

/// What lies between ranges.
fn complement(of: &[Range]) -> Vec<Range> {
    let mut out = Vec::new();
    let mut next = 1;
    for (a, b) in of {
        if *a > next {
            out.push((next, a - 1));
        }
        next = b.saturating_add(1);
    }
    if next < usize::MAX {
        out.push((next, usize::MAX));
    }
    out
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let kinds: Vec<&str> = p.options.iter().map(|(n, _)| *n).filter(|n| matches!(*n, "b" | "c" | "f")).collect();
    let &[kind] = kinds.as_slice() else {
        let text = match kinds.len() {
            0 => "you must specify a list of bytes, characters, or fields",
            _ => "only one list may be specified",
        };
        return c.usage(1, text).await;
    };
    let fields = kind == "f";
    if let Some(d) = p.value("d") {
        if d.chars().count() > 1 {
            return c.usage(1, "the delimiter must be a single character").await;
        }
        if !fields {
            return c.usage(1, "an input delimiter may be specified only when operating on fields").await;
        }
    }
    if p.has("s") && !fields {
        return c.usage(1, "suppressing non-delimited lines makes sense\n\tonly when operating on fields").await;
    }
    let mut ranges = match ranges(p.value(kind).unwrap_or(""), fields) {
        Ok(r) => r,
        Err(why) => return c.usage(1, why).await,
    };
    if p.has("complement") {
        ranges = complement(&ranges);
    }
    let delimiter = match p.value("d") {
        None => b"\t".to_vec(),
        Some("") => vec![0],
        Some(d) => d.as_bytes().to_vec(),
    };
    let joint = p.value("output-delimiter").map(|j| if j.is_empty() { vec![0] } else { j.as_bytes().to_vec() });
    let end = if p.has("z") { 0 } else { b'\n' };
    let mut feed = Feed::new(&p.operands);
    if fields && delimiter == [end] {
        // Lines themselves are the fields.
        let mut at = 0;
        let mut first = true;
        while let Some(line) = feed.line(c, end).await? {
            at += 1;
            if !ranges.iter().any(|(a, b)| (*a..=*b).contains(&at)) {
                continue;
            }
            if !std::mem::take(&mut first) {
                c.put(joint.as_ref().unwrap_or(&delimiter)).await?;
            }
            c.put(bare(&line, end).0).await?;
        }
        return if first { Ok(()) } else { c.put([end]).await };
    }
    while let Some(line) = feed.line(c, end).await? {
        let line = bare(&line, end).0;
        let mut out = Vec::with_capacity(line.len() + 1);
        if fields {
            let parts = split(line, &delimiter);
            if parts.len() == 1 {
                if p.has("s") {
                    continue;
                }
                out.extend_from_slice(line);
            } else {
                let mut first = true;
                for (a, b) in &ranges {
                    for part in parts.iter().take(*b).skip(a - 1) {
                        if !std::mem::take(&mut first) {
                            out.extend_from_slice(joint.as_ref().unwrap_or(&delimiter));
                        }
                        out.extend_from_slice(part);
                    }
                }
            }
        } else {
            for (n, (a, b)) in ranges.iter().enumerate() {
                let Some(piece) = line.get(a - 1..(*b).min(line.len())).filter(|p| !p.is_empty()) else { break };
                if let (Some(j), true) = (&joint, n > 0) {
                    out.extend_from_slice(j);
                }
                out.extend_from_slice(piece);
            }
        }
        out.push(end);
        c.put(out).await?;
    }
    Ok(())
}

fn split<'a>(line: &'a [u8], by: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at + by.len() <= line.len() {
        if line[at..].starts_with(by) {
            parts.push(&line[start..at]);
            at += by.len();
            start = at;
        } else {
            at += 1;
        }
    }
    parts.push(&line[start..]);
    parts
}
