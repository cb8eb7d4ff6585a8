//! `xargs`: command lines from standard input.

use layerlab_kernel::{Errno, ExitStatus};

use crate::cli::{Cli, Run, Spec, Stop};

const SPEC: Spec = Spec::new(
    "[OPTION]... COMMAND [INITIAL-ARGS]...",
    "Run COMMAND with arguments INITIAL-ARGS and more arguments read from input.",
    "+0|null a|arg-file= d|delimiter= E= e? I= i? L|max-lines= l? n|max-args= P|max-procs= p|interactive r|no-run-if-empty s|max-chars= t|verbose x|exit",
)
.version("GNU findutils) 4.10.0 (simulated");

/// Words with quotes and backslashes, as xargs reads them.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => out.extend(word.take()),
            '\\' => word.get_or_insert_default().extend(chars.next()),
            '\'' | '"' => {
                let w = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some(x) if x == c => break,
                        Some('\n') | None => {
                            let kind = if c == '\'' { "single" } else { "double" };
                            return Err(format!(
                                "unmatched {kind} quote; by default quotes are special to xargs unless you use the -0 option"
                            ));
                        }
                        Some(x) => w.push(x),
                    }
                }
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    out.extend(word);
    Ok(out)
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let source = p.value("a").unwrap_or("-").to_owned();
    let bytes = c.slurp(&source).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let replace =
        p.value("I").map(str::to_owned).or_else(|| p.has("i").then(|| p.value("i").unwrap_or("{}").to_owned()));
    let lines = |t: &str| t.lines().map(|l| l.trim_start().to_owned()).filter(|l| !l.is_empty()).collect::<Vec<_>>();
    let items = if p.has("0") {
        text.split_terminator('\0').map(str::to_owned).collect()
    } else if let Some(d) = p.value("d") {
        let d = String::from_utf8_lossy(&crate::echo::unescape(d).0).into_owned();
        let t = text.strip_suffix(&d).unwrap_or(&text);
        t.split(&d).map(str::to_owned).collect()
    } else if replace.is_some() || p.has("L") {
        lines(&text)
    } else {
        match words(&text) {
            Ok(w) => w,
            Err(e) => return c.die(1, e).await,
        }
    };
    let number = |n: &str| p.value(n).and_then(|v| v.parse::<usize>().ok()).filter(|n| *n > 0);
    let size = number("n").or(number("L")).unwrap_or(if replace.is_some() { 1 } else { 5000 });
    let command = if p.operands.is_empty() { vec!["echo".to_owned()] } else { p.operands.clone() };
    let mut groups: Vec<Vec<String>> = items.chunks(size).map(<[String]>::to_vec).collect();
    if groups.is_empty() && !p.has("r") && replace.is_none() {
        groups.push(Vec::new());
    }
    for group in groups {
        let argv: Vec<String> = match &replace {
            Some(mark) => command.iter().map(|w| w.replace(mark, &group.concat())).collect(),
            None if p.has("L") => {
                let more = group.iter().flat_map(|l| words(l).unwrap_or_default());
                command.iter().cloned().chain(more).collect()
            }
            None => command.iter().cloned().chain(group).collect(),
        };
        if p.has("t") {
            c.sys.eprint(format!("{}\n", argv.join(" "))).await;
        }
        match c.run_child(argv.clone()).await {
            Ok(ExitStatus::Code(0)) => {}
            Ok(ExitStatus::Code(255)) => {
                return c.die(124, format!("{}: exited with status 255; aborting", argv[0])).await;
            }
            Ok(ExitStatus::Code(_)) => c.code = 123,
            Ok(status) => {
                return c.die(125, format!("{}: terminated by signal {}", argv[0], status.code() - 128)).await;
            }
            Err(e) => {
                c.warn(format!("{}: {e}", argv[0])).await;
                return Err(Stop::Code(if e == Errno::ENOENT { 127 } else { 126 }));
            }
        }
    }
    Ok(())
}
