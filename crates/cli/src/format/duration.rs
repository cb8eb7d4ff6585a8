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

/// `3 minutes ago`, of seconds since 1970 and now in nanoseconds since 1970.
pub fn ago(then_secs: i64, now_nanos: i64) -> String {
    format!("{} ago", human(now_nanos - then_secs.saturating_mul(1_000_000_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

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
