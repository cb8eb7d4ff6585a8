//! `strings`: the printable parts of files.

use crate::cli::input::Input;
use crate::cli::{Cli, Run, Spec};

const SPEC: Spec = Spec::new(
    "[option(s)] [file(s)]",
    "Display printable strings in [file(s)] (stdin by default).",
    "a|all d|data f|print-file-name n|bytes= t|radix= o e|encoding= w|include-all-whitespace s|output-separator=",
)
.version("GNU Binutils) 2.44 (simulated");

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let args = std::mem::take(&mut c.args).into_iter().map(|a| match a.strip_prefix('-') {
        Some(d) if !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()) => format!("-n{d}"),
        _ => a,
    });
    let p = c.parse_args(&SPEC, args.collect()).await?;
    let least = match p.value("n").map(|n| (n, n.parse::<usize>())) {
        None => 4,
        Some((_, Ok(n))) if n > 0 => n,
        Some((n, Ok(_))) => return c.die(1, format!("minimum string length is too small: {n}")).await,
        Some((n, Err(_))) => return c.die(1, format!("invalid integer argument {n}")).await,
    };
    let radix = if p.has("o") { Some("o") } else { p.value("t") };
    if radix.is_some_and(|r| !matches!(r, "o" | "d" | "x")) {
        return c.usage(1, "invalid radix").await;
    }
    let separator = p.value("s").unwrap_or("\n").to_owned();
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    for file in &files {
        let mut input = match Input::open(&c.sys, file).await {
            Ok(i) => i,
            Err(layerlab_kernel::Errno::ENOENT) => {
                c.fail(format!("'{file}': No such file")).await;
                continue;
            }
            Err(e) => {
                c.fail(format!("{file}: {e}")).await;
                continue;
            }
        };
        let mut run: Vec<u8> = Vec::new();
        let mut at = 0u64;
        loop {
            let bytes = match input.chunk().await {
                Ok(b) => b,
                Err(e) => {
                    c.fail(format!("{file}: {e}")).await;
                    break;
                }
            };
            let end = bytes.is_empty();
            let extra = usize::from(end);
            for i in 0..bytes.len() + extra {
                let b = bytes.get(i).copied();
                let keep = |b: u8| (b' '..=b'~').contains(&b) || b == b'\t' || p.has("w") && b.is_ascii_whitespace();
                if let Some(b) = b.filter(|b| keep(*b)) {
                    run.push(b);
                } else {
                    if run.len() >= least {
                        let from = at - run.len() as u64;
                        let lead = match radix {
                            Some("o") => format!("{from:7o} "),
                            Some("d") => format!("{from:7} "),
                            Some(_) => format!("{from:7x} "),
                            None => String::new(),
                        };
                        let name = if p.has("f") { format!("{file}: ") } else { String::new() };
                        c.put(format!("{name}{lead}{}{separator}", String::from_utf8_lossy(&run))).await?;
                    }
                    run.clear();
                }
                at += 1;
            }
            if end {
                break;
            }
        }
        input.close().await;
    }
    Ok(())
}
