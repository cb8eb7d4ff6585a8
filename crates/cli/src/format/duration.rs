//! Ages as docker/go-units writes them.

/// A duration in words, e.g. `About a minute`; of nanoseconds.
pub fn human(nanos: i64) -> String {
    let seconds = nanos / 1_000_000_000;
    let minutes = seconds / 60;
    let hours = (nanos as f64 / 3.6e12 + 0.5) as i64;
    match (seconds, minutes, hours) {
        (..=0, ..) => "Less than a second".into(),
        (1, ..) => "1 second".into(),
        (s @ 2..=59, ..) => format!("{s} seconds"),
        (_, 1, _) => "About a minute".into(),
        (_, m @ 2..=59, _) => format!("{m} minutes"),
        (_, _, ..=1) => "About an hour".into(),
        (_, _, h @ 2..=47) => format!("{h} hours"),
        (_, _, h @ 48..=335) => format!("{} days", h / 24),
        (_, _, h @ 336..=1439) => format!("{} weeks", h / 24 / 7),
        (_, _, h @ 1440..=17519) => format!("{} months", h / 24 / 30),
        _ => format!("{} years", seconds / 3600 / 24 / 365),
    }
}

/// Go's `Duration.String`: `1h30m0s`, `1m30s`, `1.5s`, `250ms`, `0s`; of nanoseconds.
pub fn go_string(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let n = nanos.unsigned_abs();
    let decimal = |n: u64, unit: u64| {
        let digits = unit.ilog10() as usize;
        let fraction = format!("{:0digits$}", n % unit);
        let fraction = if digits == 0 { "" } else { fraction.trim_end_matches('0') };
        format!("{}{}{fraction}", n / unit, if fraction.is_empty() { "" } else { "." })
    };
    let text = match n {
        0 => "0s".to_owned(),
        1..=999 => format!("{n}ns"),
        1_000..=999_999 => format!("{}µs", decimal(n, 1_000)),
        1_000_000..=999_999_999 => format!("{}ms", decimal(n, 1_000_000)),
        _ => {
            let minutes = n / 60_000_000_000;
            let seconds = decimal(n % 60_000_000_000, 1_000_000_000);
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{seconds}s"),
                (0, m) => format!("{m}m{seconds}s"),
                (h, m) => format!("{h}h{m}m{seconds}s"),
            }
        }
    };
    format!("{sign}{text}")
}

/// `3 minutes ago`, of seconds since 1970 and now in nanoseconds since 1970.
pub fn ago(then_secs: i64, now_nanos: i64) -> String {
    format!("{} ago", human(now_nanos - then_secs.saturating_mul(1_000_000_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_go_writes_them() {
        for (n, want) in [
            (0, "0s"),
            (7, "7ns"),
            (1_500, "1.5µs"),
            (250_000_000, "250ms"),
            (1_500_000_000, "1.5s"),
            (90_000_000_000, "1m30s"),
            (3_600_000_000_000, "1h0m0s"),
            (-30_000_000_000, "-30s"),
        ] {
            assert_eq!(go_string(n), want);
        }
    }

    #[test]
    fn words_as_go_units() {
        const S: i64 = 1_000_000_000;
        let cases = [
            (S / 2, "Less than a second"),
            (S, "1 second"),
            (59 * S, "59 seconds"),
            (60 * S, "About a minute"),
            (119 * S, "About a minute"),
            (120 * S, "2 minutes"),
            (3599 * S, "59 minutes"),
            (3600 * S, "About an hour"),
            (89 * 60 * S, "About an hour"),
            (90 * 60 * S, "2 hours"),
            (47 * 3600 * S, "47 hours"),
            (48 * 3600 * S, "2 days"),
            (13 * 86400 * S, "13 days"),
            (14 * 86400 * S, "2 weeks"),
            (60 * 86400 * S, "2 months"),
            (729 * 86400 * S, "24 months"),
            (731 * 86400 * S, "2 years"),
        ];
        for (d, want) in cases {
            assert_eq!(human(d), want);
        }
    }
}
