//! `nl`: numbers lines.

use crate::cli::feed::{Feed, bare};
use crate::cli::{Cli, Run, Spec, quote};
use crate::regex::{Kind, compile};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Write each FILE to standard output, with line numbers added.",
    "b|body-numbering= d|section-delimiter= f|footer-numbering= h|header-numbering= i|line-increment= l|join-blank-lines= n|number-format= p|no-renumber s|number-separator= v|starting-line-number= w|number-width=",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let mut numbers = [1, 1, 6, 1];
    let names = [
        ("i", "line number increment"),
        ("v", "starting line number"),
        ("w", "line number field width"),
        ("l", "line number of blank lines"),
    ];
    for (slot, (name, what)) in numbers.iter_mut().zip(names) {
        if let Some(v) = p.value(name) {
            match v.parse::<i64>().ok().filter(|n| *n > 0 || matches!(name, "i" | "v")) {
                Some(n) => *slot = n,
                None => {
                    let range = if v.parse::<i64>().is_ok() { ": Numerical result out of range" } else { "" };
                    return c.die(1, format!("invalid {what}: {}{range}", quote::word(v))).await;
                }
            }
        }
    }
    let [step, mut n, width, join] = numbers;
    let width = width.clamp(1, 1000) as usize;
    if let Some(f) = p.value("n").filter(|f| !matches!(*f, "ln" | "rn" | "rz")) {
        return c.usage(1, format!("invalid line numbering format: {}", quote::word(f))).await;
    }
    let start = n;
    let between = p.value("s").unwrap_or("\t").to_owned();
    let mut styles = Vec::new();
    for (name, default) in [("h", "n"), ("b", "t"), ("f", "n")] {
        let style = p.value(name).unwrap_or(default).to_owned();
        let regex = match style.strip_prefix('p').map(|r| compile(r, Kind::Basic, false)) {
            Some(Ok(r)) => Some(r),
            Some(Err(e)) => return c.die(1, e).await,
            None if matches!(style.as_str(), "a" | "t" | "n") => None,
            None => {
                let part = ["header", "body", "footer"][styles.len()];
                return c.usage(1, format!("invalid {part} numbering style: {}", quote::word(&style))).await;
            }
        };
        styles.push((style, regex));
    }
    let mark = match p.value("d") {
        None => "\\:".to_owned(),
        Some(d) if d.chars().count() == 1 => format!("{d}:"),
        Some(d) => d.to_owned(),
    };
    let mut section = 1;
    let mut blank = 0;
    let mut feed = Feed::new(&p.operands);
    while let Some(line) = feed.line(c, b'\n').await? {
        let line = bare(&line, b'\n').0;
        let turn = match line {
            l if l == mark.repeat(3).as_bytes() => Some(0),
            l if l == mark.repeat(2).as_bytes() => Some(1),
            l if l == mark.as_bytes() => Some(2),
            _ => None,
        };
        if let Some(t) = turn {
            section = t;
            if !p.has("p") {
                n = start;
            }
            c.put("\n").await?;
            continue;
        }
        if !line.is_empty() {
            blank = 0;
        }
        let (style, regex) = &styles[section];
        let counts = match (style.as_str(), regex) {
            (_, Some(r)) => r.is_match(&String::from_utf8_lossy(line)),
            // Of so many empty lines only the last counts.
            ("a", _) if line.is_empty() => {
                blank += 1;
                blank >= join && {
                    blank = 0;
                    true
                }
            }
            ("a", _) => true,
            ("t", _) => !line.is_empty(),
            _ => false,
        };
        if counts {
            let text = match p.value("n") {
                Some("ln") => format!("{n:<width$}"),
                Some("rz") => format!("{n:0>width$}"),
                _ => format!("{n:>width$}"),
            };
            c.put(format!("{text}{between}")).await?;
            n += step;
        } else {
            c.put(" ".repeat(width + between.chars().count())).await?;
        }
        c.put(line).await?;
        c.put("\n").await?;
    }
    Ok(())
}
