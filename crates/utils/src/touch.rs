//! `touch`: makes files and sets their times.

use layerlab_kernel::{Errno, OpenFlags, SetTime};

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... FILE...",
    "Update the access and modification times of each FILE to the current time.",
    "a c|no-create d|date= f h|no-dereference m r|reference= t= time=",
);

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    if p.operands.is_empty() {
        return c.usage(1, "missing file operand").await;
    }
    let (now, zone) = (c.sys.wall_clock(), c.zone().await);
    let (mut time, mut read) = (None, None);
    if let Some(text) = p.value("d") {
        time = crate::date::read(c, text, &zone).await;
        if time.is_none() {
            return c.die(1, format!("invalid date format {}", quote::word(text))).await;
        }
    } else if let Some(text) = p.value("t") {
        time = stamp(text, now + zone.at(now / 1_000_000_000).0 * 1_000_000_000).map(|t| (zone.universal(t), 0));
        if time.is_none() {
            return c.die(1, format!("invalid date format {}", quote::word(text))).await;
        }
    } else if let Some(path) = p.value("r") {
        match c.sys.stat(path).await {
            // Each of them as the other file has it.
            Ok(s) => (time, read) = (Some((s.mtime, s.mtime_nsec)), Some(s.atime)),
            Err(e) => return c.die(1, format!("failed to get attributes of {}: {e}", quote::always(path))).await,
        }
    }
    for path in &p.operands {
        // `-` is what standard output is.
        let path = if path == "-" { "/dev/stdout" } else { path };
        let mut result = match c.sys.stat(path).await {
            Ok(_) => Ok(()),
            Err(Errno::ENOENT) if p.has("c") => continue,
            Err(_) => {
                let flags = OpenFlags { truncate: false, ..OpenFlags::CREATE };
                match c.sys.open(path, flags, 0o666).await {
                    Ok(fd) => c.sys.close(fd).await,
                    Err(e) => Err(e),
                }
            }
        };
        let made = result.is_ok();
        if made {
            let word = p.value("time").unwrap_or_default();
            let only = |c: &str, words: &[&str]| p.has(c) || words.contains(&word);
            let (a, m) = (only("a", &["access", "atime", "use"]), only("m", &["modify", "mtime"]));
            let atime = if m && !a { SetTime::Keep } else { read.or(time).into() };
            let mtime = if a && !m { SetTime::Keep } else { time.into() };
            result = c.sys.set_times(path, atime, mtime).await;
        }
        if let Err(e) = result {
            let what = if made { "setting times of" } else { "cannot touch" };
            c.fail(format!("{what} {}: {e}", quote::always(path))).await;
        }
    }
    Ok(())
}

/// `[[CC]YY]MMDDhhmm[.ss]`.
fn stamp(text: &str, now: i64) -> Option<i64> {
    let (digits, secs) = text.split_once('.').map_or((text, "0"), |(d, s)| (d, s));
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let n = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
    let (year, at) = match digits.len() {
        8 => (crate::cli::time::civil(now / 1_000_000_000).year, 0),
        10 => {
            let y = i64::from(n(0, 2)?);
            (if y < 69 { 2000 + y } else { 1900 + y }, 2)
        }
        12 => (i64::from(n(0, 4)?), 4),
        _ => return None,
    };
    let (month, day) = (n(at, at + 2)?, n(at + 2, at + 4)?);
    let (hour, minute, second) = (n(at + 4, at + 6)?, n(at + 6, at + 8)?, secs.parse().ok()?);
    let fine = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    fine.then(|| crate::cli::time::seconds(year, month, day, hour, minute, second))
}
