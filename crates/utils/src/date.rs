//! `date`: the time.

mod parse;

use crate::cli::zone::Zone;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [+FORMAT]",
    "Display date and time in the given FORMAT.",
    "d|date= debug f|file= I|iso-8601? R|rfc-email rfc-3339= r|reference= s|set= u|utc|universal resolution",
);

/// Dates as `date -d` takes them: `@secs`, ISO forms, `now`, `tomorrow`, `2 days ago` and the like; `TZ="…"`
/// before it names another zone than the process's.
pub(crate) async fn read(c: &Cli, text: &str, zone: &Zone) -> Option<(i64, u32)> {
    let now = c.sys.wall_clock();
    match text.trim_start().strip_prefix("TZ=\"").and_then(|t| t.split_once('"')) {
        Some((name, rest)) => parse::parse(rest, now, &Zone::load(&c.sys, Some(name)).await),
        None => parse::parse(text, now, zone),
    }
}

/// The same in a zone that is given.
pub(crate) fn parse(text: &str, now: i64, zone: &Zone) -> Option<(i64, u32)> {
    parse::parse(text, now, zone)
}

/// Seconds east that `+0100` means.
pub(crate) fn zone_offset(text: &str) -> i64 {
    let n: i64 = text.parse().unwrap_or(0);
    (n / 100 * 60 + n % 100) * 60
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let now = c.sys.wall_clock();
    let zone = if p.has("u") { Zone::utc() } else { c.zone().await };
    let mut at = (now.div_euclid(1_000_000_000), now.rem_euclid(1_000_000_000) as u32);
    if let Some(text) = p.value("d") {
        match read(c, text, &zone).await {
            Some(t) => at = t,
            None => return c.die(1, format!("invalid date {}", quote::word(text))).await,
        }
    }
    if let Some(path) = p.value("r") {
        match c.sys.stat(path).await {
            Ok(s) => at = (s.mtime, s.mtime_nsec),
            Err(e) => return c.die(1, format!("{}: {e}", quote::before_colon(path))).await,
        }
    }
    if p.has("s") {
        return c.die(1, "cannot set date: Operation not permitted").await;
    }
    let given = p.options.iter().filter(|(name, _)| matches!(*name, "I" | "R" | "rfc-3339")).count();
    if given + p.operands.iter().filter(|o| o.starts_with('+')).count() > 1 {
        return c.die(1, "multiple output formats specified").await;
    }
    let mut format = match p.last_of(&["I", "R", "rfc-3339"]) {
        Some("R") => "%a, %d %b %Y %H:%M:%S %z",
        Some("I") => match p.value("I") {
            None | Some("date" | "d") => "%Y-%m-%d",
            Some("hours" | "h") => "%Y-%m-%dT%H%:z",
            Some("minutes" | "m") => "%Y-%m-%dT%H:%M%:z",
            Some("seconds" | "s") => "%Y-%m-%dT%H:%M:%S%:z",
            Some("ns" | "n") => "%Y-%m-%dT%H:%M:%S,%N%:z",
            Some(other) => {
                return c.usage(1, format!("invalid argument {} for ‘--iso-8601’", quote::word(other))).await;
            }
        },
        Some(_) => match p.value("rfc-3339") {
            Some("date") => "%Y-%m-%d",
            Some("ns") => "%Y-%m-%d %H:%M:%S.%N%:z",
            _ => "%Y-%m-%d %H:%M:%S%:z",
        },
        // Debian's C.UTF-8.
        None => "%a %b %e %H:%M:%S %Z %Y",
    }
    .to_owned();
    match p.operands.first() {
        Some(f) if f.starts_with('+') => format = f[1..].to_owned(),
        Some(other) => return c.die(1, format!("invalid date {}", quote::word(other))).await,
        None => {}
    }
    c.at_most(&p.operands, 1).await?;
    c.put(format!("{}\n", zone.format(&format, at.0, at.1))).await
}
