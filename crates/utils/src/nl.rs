//! `nl`: numbers lines.

use crate::cli::input::lines;
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
    let number = |name: &str, default: i64| p.value(name).and_then(|v| v.parse().ok()).unwrap_or(default);
    let (step, mut n, width) = (number("i", 1), number("v", 1), number("w", 6).clamp(1, 1000) as usize);
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
                return c.usage(1, format!("invalid {part} numbering style: {}", quote::always(&style))).await;
            }
        };
        styles.push((style, regex));
    }
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    let mut section = 1;
    for f in &files {
        let bytes = match c.slurp(f).await {
            Ok(b) => b,
            Err(e) => {
                c.fail(format!("{}: {e}", quote::before_colon(f))).await;
                continue;
            }
        };
        for line in lines(&bytes) {
            let turn = match line {
                b"\\:\\:\\:" => Some(0),
                b"\\:\\:" => Some(1),
                b"\\:" => Some(2),
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
            let (style, regex) = &styles[section];
            let counts = match (style.as_str(), regex) {
                (_, Some(r)) => r.is_match(&String::from_utf8_lossy(line)),
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
    }
    Ok(())
}
