//! `expand` and `unexpand`: tabs to blanks and back.

use crate::cli::feed::{Feed, bare};
use crate::cli::{Cli, Run, Spec, quote};

const EXPAND: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Convert tabs in each FILE to spaces, writing to standard output.",
    "i|initial t|tabs=",
);
const UNEXPAND: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Convert blanks in each FILE to tabs, writing to standard output.",
    "a|all first-only t|tabs=",
);

/// Where tabs stop: listed places, then every so many columns.
struct Stops {
    list: Vec<usize>,
    every: usize,
    /// Multiples count from the last listed place on (`+N`), not from the line's start.
    from_last: bool,
}

impl Stops {
    fn parse(text: &str) -> Result<Self, String> {
        let mut s = Self { list: Vec::new(), every: 0, from_last: false };
        for part in text.split([',', ' ', '\t']).filter(|p| !p.is_empty()) {
            let digits = part.trim_start_matches(['/', '+']);
            let n: usize = match digits.parse() {
                Ok(0) => return Err("tab size cannot be 0".to_owned()),
                Ok(n) => n,
                Err(_) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                    return Err(format!("tab stop is too large {}", quote::word(digits)));
                }
                Err(_) => return Err(format!("tab size contains invalid character(s): {}", quote::word(digits))),
            };
            if part.starts_with(['/', '+']) {
                s.every = n;
                s.from_last = part.starts_with('+');
            } else if s.list.last().is_some_and(|l| *l >= n) {
                return Err("tab sizes must be ascending".to_owned());
            } else {
                s.list.push(n);
            }
        }
        if let ([only], 0) = (s.list.as_slice(), s.every) {
            s.every = *only;
            s.list.clear();
        }
        Ok(s)
    }

    /// The next stop behind a column; `None` where there is none.
    fn next(&self, column: usize) -> Option<usize> {
        if let Some(s) = self.list.iter().find(|s| **s > column) {
            return Some(*s);
        }
        let base = if self.from_last { self.list.last().copied().unwrap_or(0) } else { 0 };
        (self.every > 0).then(|| base + ((column - base) / self.every + 1) * self.every)
    }
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let back = c.name == "unexpand";
    // The old form: -4 or -4,8.
    let args = std::mem::take(&mut c.args).into_iter().map(|a| match a.strip_prefix('-') {
        Some(d) if d.starts_with(|d: char| d.is_ascii_digit()) => format!("-t{d}"),
        _ => a,
    });
    let p = c.parse_args(if back { &UNEXPAND } else { &EXPAND }, args.collect()).await?;
    let list = p.values("t").join(",");
    let stops = match Stops::parse(if list.is_empty() { "8" } else { &list }) {
        Ok(s) => s,
        Err(e) => return c.die(1, e).await,
    };
    let everywhere = if back { (p.has("a") || p.has("t")) && !p.has("first-only") } else { !p.has("i") };
    let mut feed = Feed::new(&p.operands);
    while let Some(line) = feed.line(c, b'\n').await? {
        let (text, ended) = bare(&line, b'\n');
        let mut out = if back { narrow(text, &stops, everywhere) } else { widen(text, &stops, everywhere) };
        if ended {
            out.push(b'\n');
        }
        c.put(out).await?;
    }
    Ok(())
}

fn widen(text: &[u8], stops: &Stops, everywhere: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut column, mut convert) = (0usize, true);
    for b in text {
        match b {
            b'\t' if convert => {
                let next = stops.next(column).unwrap_or(column + 1);
                out.resize(out.len() + next - column, b' ');
                column = next;
                continue;
            }
            8 => column = column.saturating_sub(1),
            b'\t' => column = stops.next(column).unwrap_or(column + 1),
            b if (0x80..0xc0).contains(b) => {}
            _ => column += 1,
        }
        convert &= everywhere || matches!(b, b' ' | b'\t');
        out.push(*b);
    }
    out
}

fn narrow(text: &[u8], stops: &Stops, everywhere: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut column, mut i, mut convert) = (0usize, 0, true);
    while let Some(&b) = text.get(i) {
        if !convert || !matches!(b, b' ' | b'\t') {
            convert &= everywhere;
            column = if b == 8 { column.saturating_sub(1) } else { column + usize::from(!(0x80..0xc0).contains(&b)) };
            out.push(b);
            i += 1;
            continue;
        }
        // A run of blanks: a tab for each stop that it reaches.
        let mut pending: Vec<u8> = Vec::new();
        while let Some(&b) = text.get(i).filter(|b| matches!(b, b' ' | b'\t')) {
            i += 1;
            let stop = stops.next(column);
            if b == b'\t' {
                let Some(s) = stop else {
                    pending.push(b);
                    column += 1;
                    continue;
                };
                column = s;
                pending.clear();
                out.push(b'\t');
                continue;
            }
            column += 1;
            pending.push(b' ');
            if stop == Some(column) {
                // One blank alone stays one, unless more blanks follow.
                let alone = pending.len() == 1 && !matches!(text.get(i), Some(b' ' | b'\t'));
                if alone && out.last() != Some(&b'\t') {
                    out.push(b' ');
                } else {
                    out.push(b'\t');
                }
                pending.clear();
            }
        }
        out.extend(pending);
    }
    out
}
