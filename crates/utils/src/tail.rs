//! `tail`: the last lines or bytes, and what is added (`-f`).

use std::collections::VecDeque;

use layerlab_kernel::{Errno, FileType, OpenFlags, SimTime, Whence};

use crate::cli::input::Input;
use crate::cli::{Cli, Run, Spec, human, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Print the last 10 lines of each FILE to standard output.",
    "c|bytes= f n|lines= q|quiet|silent v|verbose z|zero-terminated F s|sleep-interval= follow? retry pid= max-unchanged-stats=",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    obsolete(c).await?;
    let p = c.parse(&SPEC).await?;
    let by = p.last_of(&["c", "n"]).unwrap_or("n");
    let text = p.value(by).unwrap_or("10").to_owned();
    let from_start = text.starts_with('+');
    let number = text.trim_start_matches(['+', '-']);
    let Some(n) = human::parse(number).filter(|_| number.starts_with(|ch: char| ch.is_ascii_digit())) else {
        let what = if by == "c" { "bytes" } else { "lines" };
        return c
            .die(1, format!("invalid number of {what}: {}", quote::word(text.strip_prefix('-').unwrap_or(&text))))
            .await;
    };
    let delimiter = if p.has("z") { 0 } else { b'\n' };
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    let titled = match p.last_of(&["q", "v"]) {
        Some("q") => false,
        Some(_) => true,
        None => files.len() > 1,
    };
    let mut shown = None;
    let mut followed = Vec::new();
    for (i, path) in files.iter().enumerate() {
        let mut input = match Input::open(&c.sys, path).await {
            Ok(input) => input,
            Err(e) => {
                c.fail(format!("cannot open {} for reading: {e}", quote::always(path))).await;
                if p.has("F") || p.has("retry") {
                    followed.push((i, path.clone(), -1));
                }
                continue;
            }
        };
        if titled {
            title(c, path, shown.is_none()).await?;
            shown = Some(i);
        }
        let n = usize::try_from(n).unwrap_or(usize::MAX);
        let rest = if from_start {
            beginning(c, &mut input, by == "c", n.saturating_sub(1), delimiter).await?.map(|()| Vec::new())
        } else {
            ending(&mut input, by == "c", n, delimiter).await
        };
        match rest {
            Ok(bytes) => c.put(bytes).await?,
            Err(e) => {
                c.fail(format!("error reading {}: {e}", quote::always(path))).await;
                continue;
            }
        }
        let regular = c.sys.fstat(input.fd()).await.is_ok_and(|s| s.file_type == FileType::File);
        if regular {
            followed.push((i, path.clone(), input.fd()));
        }
    }
    if !(p.has("f") || p.has("F") || p.has("follow")) {
        return Ok(());
    }
    c.flush().await?;
    let by_name = p.has("F") || p.value("follow") == Some("name");
    let pause = p.value("s").and_then(|s| s.parse::<f64>().ok()).unwrap_or(0.1).max(0.01);
    follow(c, followed, by_name, SimTime((pause * 1e9) as u64), titled, shown).await
}

/// `tail -5f x`: the old form takes one file at most.
async fn obsolete(c: &mut Cli) -> Run<()> {
    let Some(first) = c.args.first().cloned() else { return Ok(()) };
    let sign = first.chars().next().filter(|s| matches!(s, '-' | '+'));
    let Some(rest) = sign.and_then(|s| first.strip_prefix(s)) else { return Ok(()) };
    let letters = rest.trim_start_matches(|d: char| d.is_ascii_digit());
    let number = &rest[..rest.len() - letters.len()];
    let (unit, follow) = match letters {
        "" | "l" => ("-n", false),
        "f" | "lf" => ("-n", true),
        "c" => ("-c", false),
        "cf" => ("-c", true),
        _ => return Ok(()),
    };
    if number.is_empty() {
        return Ok(());
    }
    if c.args.len() > 2 {
        if sign == Some('+') {
            return Ok(());
        }
        let digit = number.get(..1).unwrap_or("");
        return c.die(1, format!("option used in invalid context -- {digit}")).await;
    }
    let plus = if sign == Some('+') { "+" } else { "" };
    c.args[0] = format!("{unit}{plus}{number}");
    if follow {
        c.args.insert(0, "-f".to_owned());
    }
    Ok(())
}

async fn title(c: &mut Cli, path: &str, first: bool) -> Run<()> {
    let name = if path == "-" { "standard input" } else { path };
    c.put(format!("{}==> {name} <==\n", if first { "" } else { "\n" })).await
}

/// From a line or byte on, as it comes.
async fn beginning(
    c: &mut Cli,
    input: &mut Input,
    bytes: bool,
    mut skip: usize,
    delimiter: u8,
) -> Run<Result<(), Errno>> {
    while skip > 0 && !bytes {
        match input.line(delimiter).await {
            Ok(Some(_)) => skip -= 1,
            Ok(None) => return Ok(Ok(())),
            Err(e) => return Ok(Err(e)),
        }
    }
    loop {
        match input.chunk().await {
            Ok(chunk) if chunk.is_empty() => return Ok(Ok(())),
            Ok(chunk) => {
                let at = skip.min(chunk.len());
                skip -= at;
                c.put(chunk.get(at..).unwrap_or_default()).await?;
                c.flush().await?;
            }
            Err(e) => return Ok(Err(e)),
        }
    }
}

/// The last lines or bytes.
async fn ending(input: &mut Input, bytes: bool, n: usize, delimiter: u8) -> Result<Vec<u8>, Errno> {
    if bytes {
        let mut all = Vec::new();
        loop {
            let chunk = input.chunk().await?;
            if chunk.is_empty() {
                let at = all.len().saturating_sub(n);
                return Ok(all.split_off(at));
            }
            all.extend(chunk);
            input.hold(all.len())?;
            // No more is kept than is wanted, and some work saved.
            if all.len() / 2 > n.max(1 << 16) {
                all.drain(..all.len() - n);
            }
        }
    }
    let mut last = VecDeque::new();
    while let Some(line) = input.line(delimiter).await? {
        last.push_back(line);
        if last.len() > n {
            last.pop_front();
        }
    }
    Ok(Vec::from(last).concat())
}

/// Looks once in a while for more.
async fn follow(
    c: &mut Cli,
    mut files: Vec<(usize, String, i32)>,
    by_name: bool,
    pause: SimTime,
    titled: bool,
    mut shown: Option<usize>,
) -> Run<()> {
    if files.is_empty() && c.code != 0 {
        c.warn("no files remaining").await;
        return Ok(());
    }
    if files.is_empty() {
        // Standard input is a pipe or terminal that has ended.
        return Ok(());
    }
    loop {
        let last = files.iter().position(|f| Some(f.0) == shown).unwrap_or(0);
        let (before, from) = files.split_at_mut(last);
        for (i, path, fd) in from.iter_mut().chain(before) {
            if *fd < 0 {
                let Ok(new) = c.sys.open(path, OpenFlags::READ, 0).await else { continue };
                c.warn(format!("{} has appeared;  following new file", quote::always(path))).await;
                *fd = new;
            }
            if let (Ok(s), Ok(at)) = (c.sys.fstat(*fd).await, c.sys.lseek(*fd, 0, Whence::Current).await)
                && s.size < at
            {
                c.warn(format!("{path}: file truncated")).await;
                let _ = c.sys.lseek(*fd, 0, Whence::Set).await;
            }
            if by_name
                && let (Ok(now), Ok(had)) = (c.sys.stat(path).await, c.sys.fstat(*fd).await)
                && (now.dev, now.ino) != (had.dev, had.ino)
                && let Ok(new) = c.sys.open(path, OpenFlags::READ, 0).await
            {
                c.warn(format!("{} has been replaced;  following new file", quote::always(path))).await;
                let _ = c.sys.close(*fd).await;
                *fd = new;
            }
            while let Ok(bytes) = c.sys.read(*fd, 1 << 16).await {
                if bytes.is_empty() {
                    break;
                }
                if titled && shown != Some(*i) {
                    title(c, path, false).await?;
                    shown = Some(*i);
                }
                c.put(bytes.as_slice()).await?;
            }
        }
        c.flush().await?;
        let _ = c.sys.sleep(pause).await;
    }
}
