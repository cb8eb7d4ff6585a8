//! `zgrep`, `zegrep`, `zfgrep`, `zless`, `zmore`, `zdiff`, `zcmp`: the commands of those names on files that
//! may be compressed. As in a distribution they let a shell join `gzip` and the command.

use crate::cli::{Cli, Run, Stop};

/// A word as the shell reads it back.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

fn content(file: &str) -> String {
    if file == "-" { "gzip -cdfq -".to_owned() } else { format!("gzip -cdfq -- {}", quoted(file)) }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args);
    let command = c.name.trim_start_matches('z').to_owned();
    match command.as_str() {
        "less" | "more" => {
            let (options, files): (Vec<String>, Vec<String>) =
                args.into_iter().partition(|a| a.len() > 1 && a.starts_with('-'));
            let files = if files.is_empty() { vec!["-".to_owned()] } else { files };
            let all: Vec<String> = files.iter().map(|f| content(f)).collect();
            let options: Vec<String> = options.iter().map(|o| quoted(o)).collect();
            shell(c, format!("{{ {}; }} | {command} {}", all.join("; "), options.join(" "))).await
        }
        "diff" | "cmp" => {
            let (options, files): (Vec<String>, Vec<String>) =
                args.into_iter().partition(|a| a.len() > 1 && a.starts_with('-'));
            let options: Vec<String> = options.iter().map(|o| quoted(o)).collect();
            let (a, b) = match files.as_slice() {
                [one] => (one.clone(), one.trim_end_matches(".gz").to_owned()),
                [a, b] => (a.clone(), b.clone()),
                _ => return c.die(2, "invalid number of operands").await,
            };
            let packed = |f: &str| [".gz", ".z", ".tgz", "-gz", ".Z"].iter().any(|e| f.ends_with(e));
            let options = options.join(" ");
            let text = match (packed(&a), packed(&b)) {
                (true, true) => format!(
                    "t=$(mktemp) && {} >\"$t\" && {} | {command} {options} - \"$t\"; r=$?; rm -f \"$t\"; exit $r",
                    content(&b),
                    content(&a)
                ),
                (true, false) => format!("{} | {command} {options} - {}", content(&a), quoted(&b)),
                (false, true) => format!("{} | {command} {options} {} -", content(&b), quoted(&a)),
                _ => format!("{command} {options} {} {}", quoted(&a), quoted(&b)),
            };
            shell(c, text).await
        }
        grep => {
            let (mut options, mut operands, mut pattern) = (Vec::new(), Vec::new(), false);
            let mut args = args.into_iter();
            let (mut names, mut list) = (None, false);
            while let Some(a) = args.next() {
                if a == "--" {
                    operands.extend(args.by_ref());
                } else if matches!(a.as_str(), "-e" | "-f" | "-A" | "-B" | "-C" | "-m") {
                    pattern |= a == "-e" || a == "-f";
                    options.push(quoted(&a));
                    options.extend(args.next().map(|v| quoted(&v)));
                } else if a.len() > 1 && a.starts_with('-') {
                    pattern |= a.starts_with("--regexp=") || a.starts_with("--file=");
                    if !a.starts_with("--") {
                        list |= a.contains(['l', 'L']);
                        names = a.chars().rfind(|l| matches!(l, 'h' | 'H')).or(names);
                    }
                    options.push(quoted(&a));
                } else {
                    operands.push(a);
                }
            }
            if !pattern {
                if operands.is_empty() {
                    c.sys.eprint(format!("Usage: {} [OPTION]... [-e] PATTERN [FILE]...\n", c.name)).await;
                    return Err(Stop::Code(2));
                }
                options.extend(["-e".to_owned(), quoted(&operands.remove(0))]);
            }
            let files = if operands.is_empty() { vec!["-".to_owned()] } else { operands };
            let many = files.len() > 1 && names.is_none() || list;
            let mut code = 1;
            for f in &files {
                let shown = if many || names == Some('H') { "-H " } else { "" };
                let label = if f == "-" { "(standard input)" } else { f };
                let text = format!("{} | {grep} {shown}--label={} {}", content(f), quoted(label), options.join(" "));
                let end = shell(c, text).await;
                match end {
                    Ok(()) if code == 1 => code = 0,
                    Err(Stop::Code(n)) if n > 1 => code = n,
                    _ => {}
                }
            }
            c.code = code;
            Ok(())
        }
    }
}

async fn shell(c: &mut Cli, text: String) -> Run<()> {
    let argv = vec!["/bin/sh".to_owned(), "-c".to_owned(), text];
    match c.run_child(argv).await.map(layerlab_kernel::ExitStatus::code) {
        Ok(0) => Ok(()),
        Ok(n) => Err(Stop::Code(n)),
        Err(e) => c.die(2, e).await,
    }
}
