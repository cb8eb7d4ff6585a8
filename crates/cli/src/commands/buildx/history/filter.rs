//! `--filter` of `docker buildx history ls` (buildx `commands/history/utils.go`).

use layerlab_api::history::{CANCELED, Record};

use crate::flags::value::parse_duration;
use crate::format::{quote, time};

/// A condition that a record meets or not.
#[derive(Debug)]
pub(super) struct Filter {
    key: String,
    separator: &'static str,
    text: String,
    /// Seconds since 1970, or nanoseconds of a duration.
    number: i64,
}

impl Filter {
    /// Reads `status=error`, `duration>30s`.
    pub(super) fn parse(given: &str, now: i64) -> Result<Self, String> {
        // In this order, as there: the first that occurs anywhere.
        let separators = ["!=", "=", "<=", "<", ">=", ">"];
        let cut = separators.iter().find_map(|s| given.split_once(s).map(|(k, v)| (k, v, *s)));
        let Some((key, value, separator)) = cut else {
            return Err(format!("invalid filter {}", quote(given)));
        };
        let equal = matches!(separator, "=" | "!=");
        let number = match key {
            "ref" | "repository" | "status" if equal => 0,
            "ref" | "repository" | "status" => {
                return Err(format!("invalid separator for {}, expected = or !=", quote(given)));
            }
            "startedAt" | "completedAt" | "duration" if equal => {
                return Err(format!("invalid separator for {}, expected <=, <, >= or >", quote(given)));
            }
            "duration" => parse_duration(value).map_err(|_| format!("invalid duration {value}"))?,
            "startedAt" | "completedAt" => match parse_duration(value) {
                Ok(d) => (now - d).div_euclid(1_000_000_000),
                Err(_) => time::parse_rfc3339(value)
                    .map(|t| t.div_euclid(1_000_000_000))
                    .ok_or_else(|| format!("invalid time {value}"))?,
            },
            _ => return Err(format!("unsupported filter {}", quote(given))),
        };
        Ok(Self { key: key.to_owned(), separator, text: value.to_owned(), number })
    }

    /// Whether a record meets it.
    pub(super) fn fits(&self, r: &Record) -> bool {
        let attr = |k: &str| r.frontend_attrs.get(k).map_or("", String::as_str);
        let seconds = |at: i64| at.div_euclid(1_000_000_000);
        let text = match self.key.as_str() {
            "ref" => &r.reference,
            "repository" => match attr("vcs:source") {
                "" => attr("context"),
                source => source,
            },
            "status" => status(r),
            key => {
                let value = match key {
                    "startedAt" => seconds(r.created_at),
                    "completedAt" => r.completed_at.map_or(0, seconds),
                    _ => r.completed_at.map_or(0, |end| end - r.created_at),
                };
                return match self.separator {
                    ">=" => value >= self.number,
                    "<=" => value <= self.number,
                    ">" => value > self.number,
                    _ => value < self.number,
                };
            }
        };
        match self.separator {
            "!=" => text != self.text,
            _ if self.key == "status" => text == self.text,
            _ => text.contains(&self.text),
        }
    }
}

/// As the filter has it.
fn status(r: &Record) -> &'static str {
    match (&r.error, r.completed_at) {
        (_, None) => "running",
        (Some(e), _) if e.code == CANCELED => "canceled",
        (Some(_), _) => "error",
        (None, _) => "completed",
    }
}

#[cfg(test)]
mod tests {
    use layerlab_api::history::Failure;

    use super::*;

    #[test]
    fn conditions_and_what_is_none() {
        let now = 1_700_000_000_000_000_000;
        let r = Record {
            reference: "abcdef".into(),
            created_at: now - 60_000_000_000,
            completed_at: Some(now - 20_000_000_000),
            error: Some(Failure::default()),
            ..Record::default()
        };
        let fits = |given: &str| Filter::parse(given, now).unwrap().fits(&r);
        assert!(fits("status=error") && !fits("status=completed") && fits("status!=completed"));
        assert!(fits("ref=bcd") && fits("ref!=bcd"));
        assert!(fits("duration>30s") && !fits("duration<30s"));
        assert!(fits("startedAt<30s") && !fits("startedAt>30s"), "before 30 seconds ago");
        let wrong = |given: &str| Filter::parse(given, now).unwrap_err();
        assert_eq!(wrong("nonsense"), "invalid filter \"nonsense\"");
        assert_eq!(wrong("name=x"), "unsupported filter \"name=x\"");
        assert_eq!(wrong("status>x"), "invalid separator for \"status>x\", expected = or !=");
        assert_eq!(wrong("duration=3s"), "invalid separator for \"duration=3s\", expected <=, <, >= or >");
        assert_eq!(wrong("duration>long"), "invalid duration long");
        assert_eq!(wrong("startedAt>long"), "invalid time long");
    }
}
