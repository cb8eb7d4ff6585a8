//! `cut`: parts of lines.

use crate::cli::{Cli, Run, Spec, input, quote};

const SPEC: Spec = Spec::new(
    "OPTION... [FILE]...",
    "Print selected parts of lines from each FILE to standard output.",
    "b|bytes= c|characters= d|delimiter= f|fields= n complement s|only-delimited output-delimiter= z|zero-terminated",
);

/// Ranges of positions from 1 on.
fn ranges(list: &str) -> Option<Vec<(usize, usize)>> {
    let one = |part: &str| -> Option<(usize, usize)> {
        let (a, b) = match part.split_once('-') {
            Some(("", "")) => return None,
            Some((a, b)) => (
                if a.is_empty() { 1 } else { a.parse().ok()? },
                if b.is_empty() { usize::MAX } else { b.parse().ok()? },
            ),
            None => (part.parse().ok()?, part.parse().ok()?),
        };
        (a > 0 && a <= b).then_some((a, b))
    };
    list.split([',', ' ']).map(one).collect()
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let Some(kind) = p.last_of(&["b", "c", "f"]) else {
        return c.usage(1, "you must specify a list of bytes, characters, or fields").await;
    };
    let list = p.value(kind).unwrap_or("").to_owned();
    let Some(ranges) = ranges(&list) else {
        let zero = list.split([',', '-', ' ']).any(|n| n == "0");
        let text = match (kind == "f", zero) {
            (true, true) => "fields are numbered from 1".to_owned(),
            (false, true) => "byte/character positions are numbered from 1".to_owned(),
            (true, false) => format!("invalid field value {}", quote::always(&list)),
            (false, false) => format!("invalid byte/character position {}", quote::always(&list)),
        };
        return c.usage(1, text).await;
    };
    let delimiter = p.value("d").unwrap_or("\t").to_owned();
    if delimiter.chars().count() > 1 {
        return c.usage(1, "the delimiter must be a single character").await;
    }
    if p.has("d") && kind != "f" {
        return c.usage(1, "an input delimiter may be specified only when operating on fields").await;
    }
    let joint = p.value("output-delimiter").map(str::to_owned);
    let wanted = |i: usize| ranges.iter().any(|(a, b)| (*a..=*b).contains(&i)) != p.has("complement");
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    for path in &files {
        let bytes = match c.slurp(path).await {
            Ok(b) => b,
            Err(e) => {
                c.fail(format!("{}: {e}", quote::before_colon(path))).await;
                continue;
            }
        };
        for line in input::lines(&bytes) {
            if kind == "f" {
                let text = String::from_utf8_lossy(line);
                if !text.contains(&delimiter) {
                    if !p.has("s") {
                        c.put(format!("{text}\n")).await?;
                    }
                    continue;
                }
                let parts: Vec<&str> =
                    text.split(&delimiter).enumerate().filter(|(i, _)| wanted(i + 1)).map(|(_, t)| t).collect();
                c.put(format!("{}\n", parts.join(joint.as_deref().unwrap_or(&delimiter)))).await?;
            } else {
                let mut out = Vec::new();
                let mut last = 0;
                for (i, b) in line.iter().enumerate().filter(|(i, _)| wanted(i + 1)) {
                    if let (Some(j), true) = (&joint, last != 0 && last != i) {
                        out.extend(j.bytes());
                    }
                    out.push(*b);
                    last = i + 1;
                }
                out.push(b'\n');
                c.put(out).await?;
            }
        }
    }
    Ok(())
}
