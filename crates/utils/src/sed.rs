//! `sed`: edits lines as they pass.

mod run;
mod script;

use crate::cli::{Cli, Run, Spec, Stop};
use crate::regex::Kind;

const SPEC: Spec = Spec::new(
    "[OPTION]... {script-only-if-no-other-script} [input-file]...",
    "Edit lines of text by a script.",
    "n|quiet|silent e|expression= f|file= E|regexp-extended|r i|in-place? l|line-length= s|separate u|unbuffered z|null-data posix debug follow-symlinks sandbox",
)
.version("GNU sed) 4.9 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let kind = if p.has("E") { Kind::Extended } else { Kind::Basic };
    let mut operands = p.operands.clone();
    let mut text = String::new();
    let mut given = false;
    // Where each part of the script begins.
    let mut starts = Vec::new();
    for (name, value) in &p.options {
        let part = match (*name, value) {
            ("e", Some(v)) => v.clone(),
            ("f", Some(v)) => match c.slurp(v).await {
                Ok(b) => {
                    let t = String::from_utf8_lossy(&b).into_owned();
                    t.strip_suffix('\n').map(str::to_owned).unwrap_or(t)
                }
                Err(e) => return c.die(4, format!("couldn't open file {v}: {e}")).await,
            },
            _ => continue,
        };
        if given {
            text.push('\n');
        }
        starts.push(text.chars().count());
        given = true;
        text.push_str(&part);
    }
    if !given {
        if operands.is_empty() {
            c.sys.eprint("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n").await;
            return Err(Stop::Code(1));
        }
        text = operands.remove(0);
    }
    let source: Vec<(&str, Option<&str>)> =
        p.options.iter().filter(|o| matches!(o.0, "e" | "f")).map(|(n, v)| (*n, v.as_deref())).collect();
    let script = match script::parse(&text, kind, p.has("sandbox")) {
        Ok(s) => s,
        Err((usize::MAX, message)) => return c.die(4, message).await,
        Err((at, message)) if matches!(source.as_slice(), [("f", Some(_))]) => {
            let file = source.first().and_then(|s| s.1).unwrap_or("-");
            let line = 1 + text.chars().take(at.saturating_sub(1)).filter(|c| *c == '\n').count();
            return c.die(1, format!("file {file} line {line}: {message}")).await;
        }
        Err((at, message)) => {
            let n = starts.iter().rposition(|s| *s < at.max(1)).unwrap_or(0);
            let at = at.saturating_sub(starts.get(n).copied().unwrap_or(0));
            return c.die(1, format!("-e expression #{}, char {at}: {message}", n + 1)).await;
        }
    };
    let options = run::Options {
        quiet: p.has("n") || script.quiet,
        separate: p.has("s") || p.has("i"),
        in_place: p.has("i").then(|| p.value("i").unwrap_or("").to_owned()),
        delimiter: if p.has("z") { 0 } else { b'\n' },
        unbuffered: p.has("u"),
        width: p.value("l").and_then(|w| w.parse().ok()).unwrap_or(70),
    };
    if operands.is_empty() {
        operands.push("-".to_owned());
    }
    run::run(c, &script, &options, operands).await
}
