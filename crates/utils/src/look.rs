//! `look`: lines that begin with a word, and `colrm`: lines without some columns.

use crate::cli::feed::{Feed, bare};
use crate::cli::input::lines;
use crate::cli::{Cli, Run, Spec, Stop};

const LOOK: Spec = Spec::new(
    "[options] <string> [<file>...]",
    "Display lines beginning with a specified string.",
    "a|alternative d|alphanum f|ignore-case t|terminate=",
)
.version("util-linux 2.41 (simulated");
const COLRM: Spec =
    Spec::new("[startcol [endcol]]", "Filter out the specified columns.", "").version("util-linux 2.41 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    if c.name == "colrm" {
        return colrm(c).await;
    }
    let p = c.parse(&LOOK).await?;
    let Some(word) = p.operands.first().cloned() else { return c.usage(1, "bad usage").await };
    let file = p.operands.get(1).map_or("/usr/share/dict/words", String::as_str).to_owned();
    // Without a file the word list is meant, which is looked up without regard to case.
    let (letters, fold) = if p.operands.len() < 2 { (true, true) } else { (p.has("d"), p.has("f")) };
    let key = |text: &str| -> String {
        let kept = text.chars().filter(|ch| !letters || ch.is_alphanumeric() || ch.is_whitespace());
        if fold { kept.flat_map(char::to_lowercase).collect() } else { kept.collect() }
    };
    let word = match p.value("t").and_then(|t| t.chars().next()) {
        Some(end) => word.split_inclusive(end).next().unwrap_or("").to_owned(),
        None => word,
    };
    let wanted = key(&word);
    let bytes = match c.slurp(&file).await {
        Ok(b) => b,
        Err(e) => return c.die(1, format!("{file}: {e}")).await,
    };
    let mut found = false;
    for line in lines(&bytes) {
        if key(&String::from_utf8_lossy(line)).starts_with(&wanted) {
            found = true;
            c.put(line).await?;
            c.put("\n").await?;
        }
    }
    if found { Ok(()) } else { Err(Stop::Code(1)) }
}

async fn colrm(c: &mut Cli) -> Run<()> {
    let p = c.parse(&COLRM).await?;
    let mut ends = [0usize, 0];
    for (slot, text) in ends.iter_mut().zip(&p.operands) {
        match text.parse() {
            Ok(n) => *slot = n,
            Err(_) => return c.die(1, format!("first argument: '{text}': Invalid argument")).await,
        }
    }
    let [first, last] = ends;
    let mut feed = Feed::new(&[]);
    while let Some(line) = feed.line(c, b'\n').await? {
        let (line, _) = bare(&line, b'\n');
        let (mut column, mut out) = (0usize, String::new());
        for ch in String::from_utf8_lossy(line).chars() {
            column = match ch {
                '\t' => (column / 8 + 1) * 8,
                '\x08' => column.saturating_sub(1),
                _ => column + 1,
            };
            if first == 0 || column < first || last >= first && column > last {
                out.push(ch);
            }
        }
        c.put(out + "\n").await?;
    }
    Ok(())
}
