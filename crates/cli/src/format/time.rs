//! Times as Go writes them.

/// Year, month, day of days since 1970 (H. Hinnant's `civil_from_days`).
pub fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

fn days(y: i64, m: i64, d: i64) -> i64 {
    let y = y - i64::from(m <= 2);
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + d - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// `2026-11-21 20:02:58 +0000 UTC` of seconds since 1970 (Go's `Time.String`).
pub fn go_string(secs: i64) -> String {
    let (y, m, d) = civil(secs.div_euclid(86400));
    let s = secs.rem_euclid(86400);
    format!("{y:04}-{m:02}-{d:02} {:02}:{:02}:{:02} +0000 UTC", s / 3600, s / 60 % 60, s % 60)
}

/// The same of nanoseconds; a fraction without the zeros at its end.
pub fn go_string_nanos(nanos: i64) -> String {
    let whole = go_string(nanos.div_euclid(1_000_000_000));
    let fraction = format!("{:09}", nanos.rem_euclid(1_000_000_000));
    match fraction.trim_end_matches('0') {
        "" => whole,
        digits => whole.replacen(" +0000", &format!(".{digits} +0000"), 1),
    }
}

/// Which part of a time in RFC 3339 is no such part: `month`, `day`, `hour` …; Go's words.
pub fn out_of_range(text: &str) -> Option<&'static str> {
    let number = |from: usize| text.get(from..from + 2).and_then(|t| t.parse::<u32>().ok());
    if text.get(4..5) != Some("-") || text.get(7..8) != Some("-") {
        return None;
    }
    let limits = [
        (5, 1..=12, "month"),
        (8, 1..=31, "day"),
        (11, 0..=23, "hour"),
        (14, 0..=59, "minute"),
        (17, 0..=59, "second"),
    ];
    limits.into_iter().find(|(at, fits, _)| number(*at).is_some_and(|n| !fits.contains(&n))).map(|(.., what)| what)
}

/// `2026-11-21 20:02:58.5 +0000 UTC` of `2026-11-21T20:02:58.5Z`.
pub fn go_of_rfc3339(text: &str) -> String {
    let (date, rest) = text.split_once('T').unwrap_or((text, ""));
    match rest.split_once('Z') {
        Some((time, _)) => format!("{date} {time} +0000 UTC"),
        None => {
            let (time, zone) = rest.split_at(rest.rfind(['+', '-']).unwrap_or(rest.len()));
            let zone = zone.replace(':', "");
            format!("{date} {time} {zone} {zone}")
        }
    }
}

/// `2026-11-21T20:02:58Z` of seconds since 1970.
pub fn rfc3339(secs: i64) -> String {
    go_string(secs).replacen(' ', "T", 1).replace(" +0000 UTC", "Z")
}

/// `2026-11-21T20:02:58.000000001Z`: always nine digits (docker's `RFC3339NanoFixed`).
pub fn rfc3339_nano(nanos: i64) -> String {
    let base = rfc3339(nanos.div_euclid(1_000_000_000));
    format!("{}.{:09}Z", base.trim_end_matches('Z'), nanos.rem_euclid(1_000_000_000))
}

/// `Sat Nov 21 20:02:58 2026` (Go's `time.ANSIC`).
pub fn ansic(secs: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let day = secs.div_euclid(86400);
    let (y, m, d) = civil(day);
    let s = secs.rem_euclid(86400);
    let weekday = DAYS.get(day.rem_euclid(7) as usize).copied().unwrap_or("");
    let month = MONTHS.get((m - 1) as usize).copied().unwrap_or("");
    format!("{weekday} {month} {d:>2} {:02}:{:02}:{:02} {y}", s / 3600, s / 60 % 60, s % 60)
}

/// Nanoseconds since 1970 of an RFC 3339 time in UTC or with an offset.
pub fn parse_rfc3339(s: &str) -> Option<i64> {
    let (date, clock) = s.split_once(['T', ' '])?;
    let mut ymd = date.split('-').map(|p| p.parse::<i64>().ok());
    let day = days(ymd.next()??, ymd.next()??, ymd.next()??);
    let zone = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
    let (clock, offset) = clock.split_at(zone);
    let (hms, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts = hms.split(':').map(|p| p.parse::<i64>().ok());
    let (h, m) = (parts.next()??, parts.next()??);
    let sec = parts.next().flatten().unwrap_or(0);
    let nanos: i64 = if fraction.is_empty() { 0 } else { format!("{fraction:0<9}").get(..9)?.parse().ok()? };
    let shift = match offset.get(1..).and_then(|o| o.split_once(':')) {
        Some((h, m)) => {
            (h.parse::<i64>().ok()? * 60 + m.parse::<i64>().ok()?) * if offset.starts_with('-') { -60 } else { 60 }
        }
        None => 0,
    };
    let secs = day * 86400 + h * 3600 + m * 60 + sec - shift;
    secs.checked_mul(1_000_000_000)?.checked_add(nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_both_ways() {
        let t = parse_rfc3339("2026-11-21T20:22:45.32383486Z").unwrap();
        assert_eq!(rfc3339_nano(t), "2026-11-21T20:22:45.323834860Z");
        assert_eq!(go_string(t / 1_000_000_000), "2026-11-21 20:22:45 +0000 UTC");
        assert_eq!(ansic(t / 1_000_000_000), "Sat Nov 21 20:22:45 2026");
        assert_eq!(parse_rfc3339("2026-11-21T21:22:45+01:00"), parse_rfc3339("2026-11-21T20:22:45Z"));
        assert_eq!(parse_rfc3339("nonsense"), None);
    }
}
