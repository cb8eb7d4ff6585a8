//! `Up 3 seconds`, `Exited (0) 2 minutes ago`: moby's `container/state.go` and go-units.

use layerlab_oci::Timestamp;

use super::{Container, Status};

/// A duration in seconds in words (go-units `HumanDuration`).
pub fn human_duration(secs: i64) -> String {
    let (minutes, hours) = (secs / 60, (secs + 1800) / 3600);
    match secs {
        i64::MIN..=0 => "Less than a second".to_owned(),
        1 => "1 second".to_owned(),
        2..=59 => format!("{secs} seconds"),
        60..=119 => "About a minute".to_owned(),
        120..=3599 => format!("{minutes} minutes"),
        _ if hours == 1 => "About an hour".to_owned(),
        _ if hours < 48 => format!("{hours} hours"),
        _ if hours < 24 * 14 => format!("{} days", hours / 24),
        _ if hours < 24 * 60 => format!("{} weeks", hours / 24 / 7),
        _ if hours < 24 * 365 * 2 => format!("{} months", hours / 24 / 30),
        _ => format!("{} years", hours / 24 / 365),
    }
}

fn since(then: Option<Timestamp>, now: Timestamp) -> String {
    let Some(then) = then else { return human_duration(0) };
    let nanos = i64::from(now.nanos) - i64::from(then.nanos);
    human_duration(now.secs - then.secs - i64::from(nanos < 0))
}

/// The STATUS column.
pub fn text(c: &Container, now: Timestamp) -> String {
    match c.status {
        Status::Created => "Created".to_owned(),
        Status::Dead => "Dead".to_owned(),
        Status::Removing => "Removal In Progress".to_owned(),
        Status::Paused => format!("Up {} (Paused)", since(c.started, now)),
        Status::Restarting => format!("Restarting ({}) {} ago", c.exit_code, since(c.finished, now)),
        Status::Exited => format!("Exited ({}) {} ago", c.exit_code, since(c.finished, now)),
        Status::Running => {
            let up = format!("Up {}", since(c.started, now));
            match c.health.as_ref().map(|h| h.status.as_str()) {
                Some("starting") => format!("{up} (health: starting)"),
                Some(h) if h != "none" => format!("{up} ({h})"),
                _ => up,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_go_units() {
        let day = 86_400;
        for (secs, text) in [
            (0, "Less than a second"),
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "About a minute"),
            (3599, "59 minutes"),
            (3600, "About an hour"),
            (89 * 60, "About an hour"),
            (90 * 60, "2 hours"),
            (47 * 3600, "47 hours"),
            (48 * 3600, "2 days"),
            (14 * day, "2 weeks"),
            (60 * day, "2 months"),
            (800 * day, "2 years"),
        ] {
            assert_eq!(human_duration(secs), text, "{secs}");
        }
    }

    #[test]
    fn status_texts() {
        let t = |secs| Some(Timestamp { secs, nanos: 0 });
        let mut c = Container { status: Status::Running, started: t(10), ..Container::default() };
        assert_eq!(text(&c, Timestamp { secs: 13, nanos: 5 }), "Up 3 seconds");
        c.status = Status::Paused;
        assert_eq!(text(&c, Timestamp { secs: 13, nanos: 5 }), "Up 3 seconds (Paused)");
        (c.status, c.finished, c.exit_code) = (Status::Exited, t(12), 137);
        assert_eq!(text(&c, Timestamp { secs: 132, nanos: 0 }), "Exited (137) 2 minutes ago");
    }
}
