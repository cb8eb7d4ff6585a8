//! `uniq`: repeated lines.

use layerlab_kernel::OpenFlags;

use crate::cli::feed::bare;
use crate::cli::input::Input;
use crate::cli::{Cli, Parsed, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [INPUT [OUTPUT]]",
    "Filter adjacent matching lines from INPUT, writing to OUTPUT.",
    "c|count d|repeated D f|skip-fields= i|ignore-case s|skip-chars= u|unique z|zero-terminated w|check-chars= all-repeated? group?",
);

/// Which part of a line counts.
struct Key {
    fields: usize,
    chars: usize,
    width: usize,
    fold: bool,
}

impl Key {
    fn of(&self, line: &[u8]) -> Vec<u8> {
        let mut at = 0;
        for _ in 0..self.fields {
            at += line[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            at += line[at..].iter().take_while(|b| !matches!(b, b' ' | b'\t')).count();
        }
        let rest = &line[(at + self.chars).min(line.len())..];
        let rest = &rest[..rest.len().min(self.width)];
        if self.fold { rest.to_ascii_lowercase() } else { rest.to_vec() }
    }
}

/// What is printed of a run of equal lines.
enum Style<'a> {
    /// One line, perhaps with their number.
    One { count: bool, repeated: bool, unique: bool },
    /// All lines of runs of two and more, an empty line before (`prepend`) or between runs.
    All(&'a str),
    /// All lines, with empty lines about the runs.
    Group(&'a str),
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    // `-3` and `+2` are `-f 3` and `-s 2`.
    for a in &mut c.args {
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        if a == "--" {
            break;
        }
        if a.strip_prefix('-').is_some_and(digits) {
            *a = a.replacen('-', "-f", 1);
        } else if a.strip_prefix('+').is_some_and(digits) {
            *a = a.replacen('+', "-s", 1);
        }
    }
    let p = c.parse(&SPEC).await?;
    c.at_most(&p.operands, 2).await?;
    let mut numbers = [0, 0, usize::MAX];
    let names = [("f", "fields to skip"), ("s", "bytes to skip"), ("w", "bytes to compare")];
    for (slot, (name, what)) in numbers.iter_mut().zip(names) {
        if let Some(v) = p.value(name) {
            match v.parse() {
                Ok(n) => *slot = n,
                Err(_) => return c.die(1, format!("{v}: invalid number of {what}")).await,
            }
        }
    }
    let [fields, chars, width] = numbers;
    let key = Key { fields, chars, width, fold: p.has("i") };
    let style = style(c, &p).await?;
    let path = p.operands.first().map_or("-", String::as_str);
    let mut input = match Input::open(&c.sys, path).await {
        Ok(i) => i,
        Err(e) => return c.die(1, format!("{}: {e}", quote::before_colon(path))).await,
    };
    if let Some(to) = p.operands.get(1).filter(|t| *t != "-") {
        match c.sys.open(to, OpenFlags::CREATE, 0o666).await {
            Ok(fd) => {
                let _ = c.sys.dup2(fd, 1).await;
            }
            Err(e) => return c.die(1, format!("{}: {e}", quote::before_colon(to))).await,
        }
    }
    let end = if p.has("z") { 0 } else { b'\n' };
    let mut run: Option<(Vec<u8>, Vec<u8>, usize)> = None;
    let mut groups = 0;
    loop {
        if input.dry(end) {
            c.flush().await?;
        }
        let Ok(line) = input.line(end).await else {
            return c.die(1, format!("error reading {}", quote::always(path))).await;
        };
        let Some(line) = line else { break };
        let line = bare(&line, end).0.to_vec();
        let k = key.of(&line);
        let same = run.as_ref().is_some_and(|r| r.0 == k);
        match &style {
            Style::One { .. } if same => {}
            Style::One { .. } => {
                if let Some(r) = run.take() {
                    one(c, &style, &r.1, r.2, end).await?;
                }
            }
            Style::All(_) | Style::Group(_) => {
                let all = matches!(style, Style::Group(_));
                let how = match style {
                    Style::All(h) | Style::Group(h) => h,
                    Style::One { .. } => "",
                };
                let first = if all { !same } else { same && run.as_ref().is_some_and(|r| r.2 == 1) };
                if first {
                    let gap = match how {
                        "prepend" | "both" => true,
                        "separate" | "append" => groups > 0,
                        _ => false,
                    };
                    if gap {
                        c.put([end]).await?;
                    }
                    groups += 1;
                }
                if let (false, true, Some(r)) = (all, first, &run) {
                    c.put(&r.1).await?;
                    c.put([end]).await?;
                }
                if all || same {
                    c.put(&line).await?;
                    c.put([end]).await?;
                }
            }
        }
        run = match run {
            Some((k, l, n)) if same => Some((k, l, n + 1)),
            _ => Some((k, line, 1)),
        };
    }
    match (&style, run) {
        (Style::One { .. }, Some(r)) => one(c, &style, &r.1, r.2, end).await,
        (Style::Group("append" | "both"), Some(_)) => c.put([end]).await,
        _ => Ok(()),
    }
}

async fn one(c: &mut Cli, style: &Style<'_>, line: &[u8], n: usize, end: u8) -> Run<()> {
    let Style::One { count, repeated, unique } = style else { return Ok(()) };
    if *repeated && n < 2 || *unique && n > 1 {
        return Ok(());
    }
    if *count {
        c.put(format!("{n:7} ")).await?;
    }
    c.put(line).await?;
    c.put([end]).await
}

async fn style<'a>(c: &mut Cli, p: &'a Parsed) -> Run<Style<'a>> {
    let (option, methods, default) = if p.has("group") {
        ("group", &["prepend", "append", "separate", "both"][..], "separate")
    } else {
        ("all-repeated", &["none", "prepend", "separate"][..], "none")
    };
    let given = p.value(option).unwrap_or(default);
    let Some(method) = methods.iter().find(|m| !given.is_empty() && m.starts_with(given)) else {
        let list: String = methods.iter().map(|m| format!("\n  - {}", quote::word(m))).collect();
        let text = format!("invalid argument {} for ‘--{option}’\nValid arguments are:{list}", quote::word(given));
        return c.usage(1, text).await;
    };
    let all = p.has("D") || p.has("all-repeated");
    if p.has("group") && (all || p.has("c") || p.has("d") || p.has("u")) {
        return c.usage(1, "--group is mutually exclusive with -c/-d/-D/-u").await;
    }
    if all && p.has("c") {
        return c.usage(1, "printing all duplicated lines and repeat counts is meaningless").await;
    }
    Ok(match (p.has("group"), all) {
        (true, _) => Style::Group(method),
        (_, true) => Style::All(method),
        _ => Style::One { count: p.has("c"), repeated: p.has("d"), unique: p.has("u") },
    })
}
