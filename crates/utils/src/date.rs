//! `date`: the time.

use crate::cli::time;
use crate::cli::zone::Zone;
use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new(
    "[OPTION]... [+FORMAT]",
    "Display date and time in the given FORMAT.",
    "d|date= debug f|file= I|iso-8601? R|rfc-email rfc-3339= r|reference= s|set= u|utc|universal resolution",
);

/// Dates as `date -d` takes them: `@secs`, ISO forms, `now`, `tomorrow`, `2 days ago` and the like.
pub(crate) fn parse(text: &str, now: i64) -> Option<(i64, u32)> {
    parse_in(text, now, &Zone::utc())
}

/// `+0800`, `-08:00`, `+8` as seconds.
fn offset(text: &str) -> Option<i64> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.strip_prefix(['+', '-'])?;
    let (h, m) = match digits.split_once(':') {
        Some((h, m)) => (h.parse::<i64>().ok()?, m.parse::<i64>().ok()?),
        None if digits.len() <= 2 => (digits.parse().ok()?, 0),
        None => {
            let n: i64 = digits.parse().ok()?;
            (n / 100, n % 100)
        }
    };
    (h <= 24 && m < 60).then_some(sign * (h * 3600 + m * 60))
}

/// The same where clocks show a zone's time.
fn parse_in(text: &str, now: i64, zone: &Zone) -> Option<(i64, u32)> {
    if let Some((name, rest)) = text.trim_start().strip_prefix("TZ=\"").and_then(|t| t.split_once('"')) {
        return parse_in(rest.trim(), now, &Zone::named(Some(name)));
    }
    let (now_secs, now_nanos) = (now.div_euclid(1_000_000_000), now.rem_euclid(1_000_000_000) as u32);
    if let Some(t) = text.strip_prefix('@') {
        let (whole, part) = t.split_once('.').unwrap_or((t, ""));
        let nanos = format!("{part:0<9}").chars().take(9).collect::<String>().parse().unwrap_or(0);
        return Some((whole.parse().ok()?, nanos));
    }
    let today = time::civil(now_secs + zone.at(now_secs).0);
    let mut east = None;
    let mut date = (today.year, today.month, today.day);
    let (mut clock, mut any_date, mut any_clock) = (None, false, false);
    let mut shift = 0i64;
    let mut months = 0i64;
    // T parts date and clock, Z ends them.
    let chars: Vec<char> = text.chars().collect();
    let digit = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_digit);
    let text: String = chars
        .iter()
        .enumerate()
        .map(|(i, c)| match c {
            'T' | 't' if digit(i.checked_sub(1)) && digit(Some(i + 1)) => ' ',
            c => *c,
        })
        .collect();
    // A sign may stand apart from its number.
    let mut words: Vec<String> = Vec::new();
    for w in text.split_whitespace() {
        match words.last_mut().filter(|l| matches!(l.as_str(), "+" | "-")) {
            Some(sign) => sign.push_str(&w.to_ascii_lowercase()),
            None => words.push(w.to_ascii_lowercase()),
        }
    }
    for w in &mut words {
        let Some(colon) = w.find(':') else { continue };
        if let Some(t) = w.strip_suffix('z') {
            east = Some(0);
            *w = t.to_owned();
        } else if let Some(at) = w[colon..].find(['+', '-']).map(|n| n + colon) {
            east = Some(offset(&w[at..])?);
            w.truncate(at);
        }
    }
    words.retain(|w| {
        let zone = w.starts_with(['+', '-']) && w.len() == 5 && w[1..].bytes().all(|b| b.is_ascii_digit());
        if zone {
            east = offset(w);
        }
        !zone
    });
    let mut i = 0;
    while let Some(w) = words.get(i) {
        i += 1;
        if let Some((y, m, d)) = iso_date(w) {
            date = (y, m, d);
            any_date = true;
        } else if let Some(t) = iso_clock(w) {
            clock = Some(t);
            any_clock = true;
        } else if let Ok(n) = w.parse::<i64>() {
            let unit = words.get(i)?;
            i += 1;
            if let Some(m) = month(unit) {
                date =
                    (words.get(i).and_then(|y| y.parse().ok()).inspect(|_| i += 1).unwrap_or(today.year), m, n as u32);
                any_date = true;
                continue;
            }
            let ago = words.get(i).is_some_and(|a| a == "ago");
            i += usize::from(ago);
            step(unit, if ago { -n } else { n }, &mut shift, &mut months)?;
        } else if let Some(m) = month(w) {
            let d = words.get(i)?.trim_end_matches(',').parse().ok()?;
            i += 1;
            let y = words.get(i).and_then(|y| y.parse().ok()).inspect(|_| i += 1).unwrap_or(today.year);
            date = (y, m, d);
            any_date = true;
        } else {
            match w.as_str() {
                "now" | "today" => {}
                "utc" | "gmt" | "z" => east = Some(0),
                "tomorrow" => shift += 86_400,
                "yesterday" => shift -= 86_400,
                "midnight" => clock = Some((0, 0, 0, 0)),
                "noon" => clock = Some((12, 0, 0, 0)),
                "next" | "last" => {
                    let n = if w == "next" { 1 } else { -1 };
                    step(words.get(i)?, n, &mut shift, &mut months)?;
                    i += 1;
                }
                day => {
                    let at = time::DAYS.iter().position(|d| {
                        d.to_ascii_lowercase().starts_with(day.trim_end_matches(',')) && day.len() >= 3
                    })?;
                    if !any_date {
                        shift += (at as i64 - i64::from(today.weekday)).rem_euclid(7) * 86_400;
                        clock = clock.or(Some((0, 0, 0, 0)));
                    }
                }
            }
        }
    }
    let (h, m, s, nanos) = match clock {
        Some(c) => c,
        None if any_date && !any_clock => (0, 0, 0, 0),
        None if words.is_empty() => (0, 0, 0, 0),
        None => (today.hour, today.minute, today.second, now_nanos),
    };
    let longest = match date.1 {
        2 if date.0 % 4 == 0 && (date.0 % 100 != 0 || date.0 % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if !(1..=12).contains(&date.1) || !(1..=longest).contains(&date.2) {
        return None;
    }
    let month0 = date.0 * 12 + i64::from(date.1) - 1 + months;
    let secs = time::seconds(month0.div_euclid(12), month0.rem_euclid(12) as u32 + 1, date.2, h, m, s);
    let secs = match east {
        Some(e) => secs - e,
        None => zone.universal(secs),
    };
    Some((secs + shift, nanos))
}

fn step(unit: &str, n: i64, shift: &mut i64, months: &mut i64) -> Option<()> {
    match unit.trim_end_matches('s') {
        "sec" | "second" => *shift += n,
        "min" | "minute" => *shift += n * 60,
        "hour" => *shift += n * 3600,
        "day" => *shift += n * 86_400,
        "week" => *shift += n * 604_800,
        "fortnight" => *shift += n * 1_209_600,
        "month" => *months += n,
        "year" => *months += n * 12,
        _ => return None,
    }
    Some(())
}

fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches(',');
    let at = time::MONTHS.iter().position(|m| word.len() >= 3 && m.to_ascii_lowercase().starts_with(word))?;
    Some(at as u32 + 1)
}

fn iso_date(w: &str) -> Option<(i64, u32, u32)> {
    let mut parts = w.split(['-', '/']);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (y, m, d) = if a.len() == 4 { (a, b, c) } else { (c, a, b) };
    let (y, m, d) = (y.parse().ok()?, m.parse().ok()?, d.parse().ok()?);
    ((1..=12).contains(&m) && (1..=31).contains(&d)).then_some((y, m, d))
}

fn iso_clock(w: &str) -> Option<(u32, u32, u32, u32)> {
    let mut parts = w.split(':');
    let (h, m) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let (s, nanos) = match parts.next() {
        None => (0, 0),
        Some(t) => {
            let (s, part) = t.split_once(['.', ',']).unwrap_or((t, ""));
            let nanos: String = format!("{part:0<9}").chars().take(9).collect();
            (s.parse().ok()?, nanos.parse().ok()?)
        }
    };
    (h < 24 && m < 60 && s < 61).then_some((h, m, s, nanos))
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let now = c.sys.wall_clock();
    let zone = if p.has("u") { Zone::utc() } else { Zone::named(c.var("TZ")) };
    let mut at = (now.div_euclid(1_000_000_000), now.rem_euclid(1_000_000_000) as u32);
    if let Some(text) = p.value("d") {
        match parse_in(text, now, &zone) {
            Some(t) => at = t,
            None => return c.die(1, format!("invalid date {}", quote::always(text))).await,
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
    let mut format = match p.last_of(&["I", "R", "rfc-3339"]) {
        Some("R") => "%a, %d %b %Y %H:%M:%S %z",
        Some("I") => match p.value("I") {
            None | Some("date" | "d") => "%Y-%m-%d",
            Some("hours" | "h") => "%Y-%m-%dT%H%:z",
            Some("minutes" | "m") => "%Y-%m-%dT%H:%M%:z",
            Some("seconds" | "s") => "%Y-%m-%dT%H:%M:%S%:z",
            Some("ns" | "n") => "%Y-%m-%dT%H:%M:%S,%N%:z",
            Some(other) => {
                return c.usage(1, format!("invalid argument {} for '--iso-8601'", quote::always(other))).await;
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
        Some(other) => return c.die(1, format!("invalid date {}", quote::always(other))).await,
        None => {}
    }
    c.at_most(&p.operands, 1).await?;
    let (east, name) = zone.at(at.0);
    c.put(format!("{}\n", time::format_at(&format, at.0, at.1, east, name))).await
}
