//! `head`: the first lines or bytes.

use std::collections::VecDeque;

use crate::cli::input::Input;
use crate::cli::{Cli, Run, Spec, human, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Print the first 10 lines of each FILE to standard output.",
    "c|bytes= n|lines= q|quiet|silent v|verbose z|zero-terminated",
);

/// `-5` as the first argument means `-n 5`; letters behind it are options: `-5c`, `-2kv`.
fn obsolete(args: &mut Vec<String>) {
    let Some(rest) = args.first().and_then(|a| a.strip_prefix('-')) else { return };
    let letters = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &rest[..rest.len() - letters.len()];
    if digits.is_empty() || !letters.bytes().all(|b| b"bkmclqvz".contains(&b)) {
        return;
    }
    let (mut by, mut unit, mut others) = ('n', "", Vec::new());
    for letter in letters.chars() {
        match letter {
            'c' => (by, unit) = ('c', ""),
            'l' => by = 'n',
            'b' => (by, unit) = ('c', "b"),
            'k' => (by, unit) = ('c', "K"),
            'm' => (by, unit) = ('c', "M"),
            other => others.push(format!("-{other}")),
        }
    }
    others.insert(0, format!("-{by}{digits}{unit}"));
    args.splice(0..1, others);
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    obsolete(&mut c.args);
    let p = c.parse(&SPEC).await?;
    let by = p.last_of(&["c", "n"]).unwrap_or("n");
    let text = p.value(by).unwrap_or("10").to_owned();
    let (all_but, number) = match text.strip_prefix('-') {
        Some(n) => (true, n),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let Some(n) = human::parse(number).filter(|_| number.starts_with(|ch: char| ch.is_ascii_digit())) else {
        let what = if by == "c" { "bytes" } else { "lines" };
        return c.die(1, format!("invalid number of {what}: {}", quote::word(number))).await;
    };
    let delimiter = if p.has("z") { 0 } else { b'\n' };
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    let titled = match p.last_of(&["q", "v"]) {
        Some("q") => false,
        Some(_) => true,
        None => files.len() > 1,
    };
    let mut first = true;
    for path in &files {
        let mut input = match Input::open(&c.sys, path).await {
            Ok(i) => i,
            Err(e) => {
                c.fail(format!("cannot open {} for reading: {e}", quote::always(path))).await;
                continue;
            }
        };
        if titled {
            let name = if path == "-" { "standard input" } else { path };
            c.put(format!("{}==> {name} <==\n", if first { "" } else { "\n" })).await?;
        }
        first = false;
        let result = if all_but {
            all_but_last(c, &mut input, by == "c", n, delimiter).await?
        } else if by == "c" {
            let mut left = n;
            loop {
                if left == 0 {
                    break Ok(());
                }
                match input.chunk().await {
                    Ok(bytes) if bytes.is_empty() => break Ok(()),
                    Ok(bytes) => {
                        let take = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                        left -= take as u64;
                        c.put(&bytes[..take]).await?;
                        input.put_back(bytes.get(take..).unwrap_or_default());
                    }
                    Err(e) => break Err(e),
                }
            }
        } else {
            let mut left = n;
            loop {
                if left == 0 {
                    break Ok(());
                }
                left -= 1;
                if input.dry(delimiter) {
                    c.flush().await?;
                }
                match input.line(delimiter).await {
                    Ok(Some(line)) => c.put(line).await?,
                    Ok(None) => break Ok(()),
                    Err(e) => break Err(e),
                }
            }
        };
        if let Err(e) = result {
            c.fail(format!("error reading {}: {e}", quote::always(path))).await;
        }
        if path == "-" {
            // What follows goes on where the last line ended.
            input.give_back().await;
        }
        input.close().await;
    }
    Ok(())
}

async fn all_but_last(
    c: &mut Cli,
    input: &mut Input,
    bytes: bool,
    n: u64,
    delimiter: u8,
) -> Run<Result<(), layerlab_kernel::Errno>> {
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    // What may still be among the last ones waits.
    let mut held = VecDeque::new();
    let mut size = 0;
    loop {
        if !bytes && input.dry(delimiter) {
            c.flush().await?;
        }
        let next =
            if bytes { input.chunk().await.map(|b| (!b.is_empty()).then_some(b)) } else { input.line(delimiter).await };
        match next {
            Ok(Some(part)) => {
                size += if bytes { part.len() } else { 1 };
                held.push_back(part);
                while let Some(first) = held.front().filter(|f| size > n && (!bytes || size - f.len() >= n)) {
                    size -= if bytes { first.len() } else { 1 };
                    let part = held.pop_front().unwrap_or_default();
                    c.put(part).await?;
                }
            }
            Ok(None) => break,
            Err(e) => return Ok(Err(e)),
        }
    }
    if bytes {
        let rest = Vec::from(held).concat();
        c.put(rest.get(..rest.len().saturating_sub(n)).unwrap_or_default()).await?;
    }
    Ok(Ok(()))
}
