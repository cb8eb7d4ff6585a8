//! Time zones: `TZ` as POSIX writes it (XBD 8.3), and the usual names with the rules that hold today.

use super::time;

/// A zone's names and offsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Zone {
    standard: (String, i64),
    summer: Option<(String, i64)>,
    /// When summer time begins and ends.
    rules: Option<(Rule, Rule)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    /// Month, week (5: the last), weekday.
    Month(u32, u32, u32),
    /// Day of the year from 1, 29 February never counted.
    Julian(u32),
    /// Day of the year from 0.
    Zero(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rule {
    day: Day,
    /// Seconds after midnight.
    time: i64,
}

/// Names (also by their last part) and their rules.
const NAMES: &[(&str, &str)] = &[
    ("Africa/Cairo", "EET-2EEST,M4.5.5/0,M10.5.4/24"),
    ("Africa/Johannesburg", "SAST-2"),
    ("Africa/Lagos", "WAT-1"),
    ("Africa/Nairobi", "EAT-3"),
    ("America/Anchorage", "AKST9AKDT,M3.2.0,M11.1.0"),
    ("America/Argentina/Buenos_Aires", "<-03>3"),
    ("America/Bogota", "<-05>5"),
    ("America/Chicago", "CST6CDT,M3.2.0,M11.1.0"),
    ("America/Denver", "MST7MDT,M3.2.0,M11.1.0"),
    ("America/Halifax", "AST4ADT,M3.2.0,M11.1.0"),
    ("America/Los_Angeles", "PST8PDT,M3.2.0,M11.1.0"),
    ("America/Mexico_City", "CST6"),
    ("America/New_York", "EST5EDT,M3.2.0,M11.1.0"),
    ("America/Phoenix", "MST7"),
    ("America/Sao_Paulo", "<-03>3"),
    ("America/Toronto", "EST5EDT,M3.2.0,M11.1.0"),
    ("America/Vancouver", "PST8PDT,M3.2.0,M11.1.0"),
    ("Asia/Bangkok", "<+07>-7"),
    ("Asia/Dubai", "<+04>-4"),
    ("Asia/Hong_Kong", "HKT-8"),
    ("Asia/Jakarta", "WIB-7"),
    ("Asia/Jerusalem", "IST-2IDT,M3.4.4/26,M10.5.0"),
    ("Asia/Karachi", "PKT-5"),
    ("Asia/Kolkata", "IST-5:30"),
    ("Asia/Calcutta", "IST-5:30"),
    ("Asia/Kathmandu", "<+0545>-5:45"),
    ("Asia/Manila", "PST-8"),
    ("Asia/Seoul", "KST-9"),
    ("Asia/Shanghai", "CST-8"),
    ("Asia/Singapore", "<+08>-8"),
    ("Asia/Taipei", "CST-8"),
    ("Asia/Tehran", "<+0330>-3:30"),
    ("Asia/Tokyo", "JST-9"),
    ("Atlantic/Reykjavik", "GMT0"),
    ("Australia/Adelaide", "ACST-9:30ACDT,M10.1.0,M4.1.0/3"),
    ("Australia/Brisbane", "AEST-10"),
    ("Australia/Melbourne", "AEST-10AEDT,M10.1.0,M4.1.0/3"),
    ("Australia/Perth", "AWST-8"),
    ("Australia/Sydney", "AEST-10AEDT,M10.1.0,M4.1.0/3"),
    ("CET", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("EET", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("EST5EDT", "EST5EDT,M3.2.0,M11.1.0"),
    ("Etc/GMT", "GMT0"),
    ("Etc/UTC", "UTC0"),
    ("Europe/Amsterdam", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Athens", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Brussels", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Bucharest", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Budapest", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Copenhagen", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Dublin", "GMT0IST,M3.5.0/1,M10.5.0"),
    ("Europe/Helsinki", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Istanbul", "<+03>-3"),
    ("Europe/Kiev", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Kyiv", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Lisbon", "WET0WEST,M3.5.0/1,M10.5.0"),
    ("Europe/London", "GMT0BST,M3.5.0/1,M10.5.0"),
    ("Europe/Luxembourg", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Madrid", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Moscow", "MSK-3"),
    ("Europe/Oslo", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Paris", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Prague", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Rome", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Sofia", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Stockholm", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Vienna", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Warsaw", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Zurich", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("GMT", "GMT0"),
    ("Pacific/Auckland", "NZST-12NZDT,M9.5.0,M4.1.0/3"),
    ("Pacific/Honolulu", "HST10"),
    ("US/Central", "CST6CDT,M3.2.0,M11.1.0"),
    ("US/Eastern", "EST5EDT,M3.2.0,M11.1.0"),
    ("US/Mountain", "MST7MDT,M3.2.0,M11.1.0"),
    ("US/Pacific", "PST8PDT,M3.2.0,M11.1.0"),
    ("UTC", "UTC0"),
    ("WET", "WET0WEST,M3.5.0/1,M10.5.0"),
    ("Zulu", "UTC0"),
];

impl Zone {
    /// Universal time.
    pub(crate) fn utc() -> Self {
        Self { standard: ("UTC".to_owned(), 0), summer: None, rules: None }
    }

    /// The zone that `TZ` names; universal time for what is not known, as the C library does.
    pub(crate) fn named(tz: Option<&str>) -> Self {
        let Some(tz) = tz.map(|t| t.trim_start_matches(':')).filter(|t| !t.is_empty()) else { return Self::utc() };
        if let Some((_, rule)) = NAMES.iter().find(|(n, _)| *n == tz) {
            return Self::parse(rule).unwrap_or_else(Self::utc);
        }
        Self::parse(tz).unwrap_or_else(|| {
            let name: String = tz.chars().take_while(char::is_ascii_alphabetic).collect();
            let fits = (3..=6).contains(&name.len()) && name.len() == tz.len();
            Self { standard: (if fits { name } else { "UTC".to_owned() }, 0), ..Self::utc() }
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let (standard, rest) = name(text)?;
        let (west, rest) = offset(rest)?;
        let standard = (standard, -west);
        if rest.is_empty() {
            return Some(Self { standard, summer: None, rules: None });
        }
        let (summer, mut rest) = name(rest)?;
        let mut ahead = standard.1 + 3600;
        if !rest.starts_with(',') && !rest.is_empty() {
            let (west, r) = offset(rest)?;
            (ahead, rest) = (-west, r);
        }
        let rules = match rest.strip_prefix(',') {
            None => (rule("M3.2.0")?, rule("M11.1.0")?),
            Some(r) => {
                let (from, to) = r.split_once(',')?;
                (rule(from)?, rule(to)?)
            }
        };
        Some(Self { standard, summer: Some((summer, ahead)), rules: Some(rules) })
    }

    /// Seconds east of universal time, and the name, at a time.
    pub(crate) fn at(&self, secs: i64) -> (i64, &str) {
        let plain = (self.standard.1, self.standard.0.as_str());
        let (Some((name, ahead)), Some((from, to))) = (&self.summer, &self.rules) else { return plain };
        let year = time::civil(secs + self.standard.1).year;
        let begin = from.at(year) - self.standard.1;
        let end = to.at(year) - ahead;
        let summer = if begin < end { (begin..end).contains(&secs) } else { !(end..begin).contains(&secs) };
        if summer { (*ahead, name) } else { plain }
    }

    /// The zone's names, that of summer time second.
    pub(crate) fn names(&self) -> [Option<&str>; 2] {
        [Some(self.standard.0.as_str()), self.summer.as_ref().map(|s| s.0.as_str())]
    }

    /// Universal time of a clock's time in the zone.
    pub(crate) fn universal(&self, local: i64) -> i64 {
        let first = local - self.standard.1;
        let guess = local - self.at(first).0;
        if self.at(guess).0 == local - guess { guess } else { first }
    }
}

fn name(text: &str) -> Option<(String, &str)> {
    if let Some(rest) = text.strip_prefix('<') {
        let (n, rest) = rest.split_once('>')?;
        return Some((n.to_owned(), rest));
    }
    let n = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    (n >= 3).then(|| (text[..n].to_owned(), &text[n..]))
}

/// `[+-]h[:m[:s]]` as seconds.
fn offset(text: &str) -> Option<(i64, &str)> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.trim_start_matches(['+', '-']);
    let end = digits.find(|c: char| !(c.is_ascii_digit() || c == ':')).unwrap_or(digits.len());
    let mut parts = digits[..end].split(':');
    let mut total = parts.next()?.parse::<i64>().ok()? * 3600;
    for (part, unit) in parts.zip([60, 1]) {
        total += part.parse::<i64>().ok()? * unit;
    }
    Some((sign * total, &digits[end..]))
}

fn rule(text: &str) -> Option<Rule> {
    let (day, clock) = text.split_once('/').unwrap_or((text, "2"));
    let (time, _) = offset(clock)?;
    let day = if let Some(m) = day.strip_prefix('M') {
        let mut n = m.split('.').map(|p| p.parse().ok());
        Day::Month(n.next()??, n.next()??, n.next()??)
    } else if let Some(j) = day.strip_prefix('J') {
        Day::Julian(j.parse().ok()?)
    } else {
        Day::Zero(day.parse().ok()?)
    };
    Some(Rule { day, time })
}

impl Rule {
    /// The clock's time of it in a year.
    fn at(self, year: i64) -> i64 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match self.day {
            Day::Month(m, week, weekday) => {
                let first = time::days(year, m, 1);
                let first_weekday = (first + 4).rem_euclid(7);
                let mut day = first + (i64::from(weekday) - first_weekday).rem_euclid(7) + 7 * (i64::from(week) - 1);
                let next = if m == 12 { time::days(year + 1, 1, 1) } else { time::days(year, m + 1, 1) };
                while day >= next {
                    day -= 7;
                }
                day
            }
            Day::Julian(n) => time::days(year, 1, 1) + i64::from(n) - 1 + i64::from(leap && n > 59),
            Day::Zero(n) => time::days(year, 1, 1) + i64::from(n),
        };
        days * 86_400 + self.time
    }
}

#[cfg(test)]
mod tests {
    use super::Zone;

    // Expected values from GNU date.
    #[test]
    fn zones_have_their_offsets() {
        let berlin = Zone::named(Some("Europe/Berlin"));
        assert_eq!(berlin.at(0), (3600, "CET"));
        assert_eq!(berlin.at(1_533_427_200), (7200, "CEST"));
        assert_eq!(berlin.at(1_774_746_000 - 1), (3600, "CET")); // 2026-03-29 01:00 UTC
        assert_eq!(berlin.at(1_774_746_000), (7200, "CEST"));
        assert_eq!(Zone::named(Some("EST5EDT")).at(1_533_427_200), (-14_400, "EDT"));
        assert_eq!(Zone::named(Some("<+03>-3")).at(0), (10_800, "+03"));
        assert_eq!(Zone::named(Some("Australia/Sydney")).at(1_704_067_200).1, "AEDT");
        assert_eq!(berlin.universal(1_533_434_400), 1_533_427_200);
    }
}
