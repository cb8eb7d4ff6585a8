//! The zone data of a distribution (its package `tzdata`): files as `tzfile(5)` has them, with the rules that hold
//! today and no history.

/// Names and what holds there, as `TZ` writes it (POSIX, XBD 8.3).
pub const ZONES: &[(&str, &str)] = &[
    ("Africa/Cairo", "EET-2EEST,M4.5.5/0,M10.5.4/24"),
    ("Africa/Casablanca", "<+01>-1"),
    ("Africa/Johannesburg", "SAST-2"),
    ("Africa/Lagos", "WAT-1"),
    ("Africa/Nairobi", "EAT-3"),
    ("America/Anchorage", "AKST9AKDT,M3.2.0,M11.1.0"),
    ("America/Argentina/Buenos_Aires", "<-03>3"),
    ("America/Bogota", "<-05>5"),
    ("America/Chicago", "CST6CDT,M3.2.0,M11.1.0"),
    ("America/Denver", "MST7MDT,M3.2.0,M11.1.0"),
    ("America/Halifax", "AST4ADT,M3.2.0,M11.1.0"),
    ("America/Lima", "<-05>5"),
    ("America/Los_Angeles", "PST8PDT,M3.2.0,M11.1.0"),
    ("America/Mexico_City", "CST6"),
    ("America/New_York", "EST5EDT,M3.2.0,M11.1.0"),
    ("America/Phoenix", "MST7"),
    ("America/Santiago", "<-04>4<-03>,M9.1.6/24,M4.1.6/24"),
    ("America/Sao_Paulo", "<-03>3"),
    ("America/Toronto", "EST5EDT,M3.2.0,M11.1.0"),
    ("America/Vancouver", "PST8PDT,M3.2.0,M11.1.0"),
    ("Asia/Bangkok", "<+07>-7"),
    ("Asia/Calcutta", "IST-5:30"),
    ("Asia/Dhaka", "<+06>-6"),
    ("Asia/Dubai", "<+04>-4"),
    ("Asia/Ho_Chi_Minh", "<+07>-7"),
    ("Asia/Hong_Kong", "HKT-8"),
    ("Asia/Jakarta", "WIB-7"),
    ("Asia/Jerusalem", "IST-2IDT,M3.4.4/26,M10.5.0"),
    ("Asia/Karachi", "PKT-5"),
    ("Asia/Kathmandu", "<+0545>-5:45"),
    ("Asia/Kolkata", "IST-5:30"),
    ("Asia/Kuala_Lumpur", "<+08>-8"),
    ("Asia/Manila", "PST-8"),
    ("Asia/Riyadh", "<+03>-3"),
    ("Asia/Seoul", "KST-9"),
    ("Asia/Shanghai", "CST-8"),
    ("Asia/Singapore", "<+08>-8"),
    ("Asia/Taipei", "CST-8"),
    ("Asia/Tashkent", "<+05>-5"),
    ("Asia/Tehran", "<+0330>-3:30"),
    ("Asia/Tokyo", "JST-9"),
    ("Asia/Yerevan", "<+04>-4"),
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
    ("Etc/UCT", "UTC0"),
    ("Etc/UTC", "UTC0"),
    ("Europe/Amsterdam", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Athens", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Belgrade", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Bratislava", "CET-1CEST,M3.5.0,M10.5.0/3"),
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
    ("Europe/Ljubljana", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/London", "GMT0BST,M3.5.0/1,M10.5.0"),
    ("Europe/Luxembourg", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Madrid", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Moscow", "MSK-3"),
    ("Europe/Oslo", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Paris", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Prague", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Riga", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Rome", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Sofia", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Stockholm", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Tallinn", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Vienna", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Vilnius", "EET-2EEST,M3.5.0/3,M10.5.0/4"),
    ("Europe/Warsaw", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Zagreb", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("Europe/Zurich", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ("GMT", "GMT0"),
    ("MET", "MET-1MEST,M3.5.0,M10.5.0/3"),
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

/// The files below `/usr/share/zoneinfo`: name and content.
pub fn files() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    ZONES.iter().map(|(name, rule)| (*name, file(rule)))
}

/// A `tzfile(5)`, version 2: its standard time from the beginning of time on, and the rule as its last line.
pub fn file(rule: &str) -> Vec<u8> {
    let zone = Zone::named(rule);
    let (name, east) = (zone.standard.0.as_str(), zone.standard.1 as i32);
    let header = |times: u32, chars: u32| {
        let mut h = b"TZif2".to_vec();
        h.extend([0; 15]);
        for n in [0, 0, 0, times, 1, chars] {
            h.extend(n.to_be_bytes());
        }
        h
    };
    let mut all = header(0, 1);
    all.extend([0; 7]);
    all.extend(header(1, name.len() as u32 + 1));
    // zic's "big bang", from which on type 0 holds.
    all.extend((-(1i64 << 59)).to_be_bytes());
    all.push(0);
    all.extend(east.to_be_bytes());
    all.extend([0, 0]);
    all.extend(name.bytes());
    all.push(0);
    all.push(b'\n');
    all.extend(rule.bytes());
    all.push(b'\n');
    all
}

/// A zone's names and offsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
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

impl Zone {
    /// Universal time.
    pub fn utc() -> Self {
        Self { standard: ("UTC".to_owned(), 0), summer: None, rules: None }
    }

    /// What the last line of a `tzfile(5)` says of today.
    pub fn of_file(content: &[u8]) -> Option<Self> {
        let text = content.strip_prefix(b"TZif")?.strip_suffix(b"\n")?;
        let rule = text.rsplit(|b| *b == b'\n').next()?;
        Self::parse(std::str::from_utf8(rule).ok()?)
    }

    /// POSIX's form; universal time for what is none, as the C library has it.
    pub fn named(tz: &str) -> Self {
        Self::parse(tz).unwrap_or_else(|| {
            let name: String = tz.chars().take_while(char::is_ascii_alphabetic).collect();
            let fits = name.len() >= 3;
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
    pub fn at(&self, secs: i64) -> (i64, &str) {
        let plain = (self.standard.1, self.standard.0.as_str());
        let (Some((name, ahead)), Some((from, to))) = (&self.summer, &self.rules) else { return plain };
        let year = year_of(secs + self.standard.1);
        let begin = from.at(year) - self.standard.1;
        let end = to.at(year) - ahead;
        let summer = if begin < end { (begin..end).contains(&secs) } else { !(end..begin).contains(&secs) };
        if summer { (*ahead, name) } else { plain }
    }

    /// The zone's names, that of summer time second.
    pub fn names(&self) -> [Option<&str>; 2] {
        [Some(self.standard.0.as_str()), self.summer.as_ref().map(|s| s.0.as_str())]
    }

    /// Universal time of a clock's time in the zone.
    pub fn universal(&self, local: i64) -> i64 {
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
    (n >= 3).then(|| (text.get(..n).unwrap_or_default().to_owned(), text.get(n..).unwrap_or_default()))
}

/// `[+-]h[:m[:s]]` as seconds.
fn offset(text: &str) -> Option<(i64, &str)> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.trim_start_matches(['+', '-']);
    let end = digits.find(|c: char| !(c.is_ascii_digit() || c == ':')).unwrap_or(digits.len());
    let mut parts = digits.get(..end)?.split(':');
    let mut total = parts.next()?.parse::<i64>().ok()? * 3600;
    for (part, unit) in parts.zip([60, 1]) {
        total += part.parse::<i64>().ok()? * unit;
    }
    Some((sign * total, digits.get(end..)?))
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
                let first = days(year, m, 1);
                let first_weekday = (first + 4).rem_euclid(7);
                let mut day = first + (i64::from(weekday) - first_weekday).rem_euclid(7) + 7 * (i64::from(week) - 1);
                let next = if m == 12 { days(year + 1, 1, 1) } else { days(year, m + 1, 1) };
                while day >= next {
                    day -= 7;
                }
                day
            }
            Day::Julian(n) => days(year, 1, 1) + i64::from(n) - 1 + i64::from(leap && n > 59),
            Day::Zero(n) => days(year, 1, 1) + i64::from(n),
        };
        days * 86_400 + self.time
    }
}

/// Days since 1970 of a date (Howard Hinnant's algorithm).
fn days(year: i64, month: u32, day: u32) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let (era, yoe) = (y.div_euclid(400), y.rem_euclid(400));
    let doy = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// The year of seconds since 1970.
fn year_of(secs: i64) -> i64 {
    let day = secs.div_euclid(86_400);
    let guess = 1970 + day.saturating_mul(400).div_euclid(146_097);
    (guess - 1..=guess + 1).rev().find(|y| days(*y, 1, 1) <= day).unwrap_or(guess)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_say_what_their_rules_say() {
        for (name, content) in files() {
            assert!(Zone::of_file(&content).is_some(), "{name}");
        }
        assert_eq!(Zone::of_file(&file("<+0545>-5:45")).map(|z| z.at(0).0), Some(20_700));
    }

    // Expected values from GNU date.
    #[test]
    fn zones_have_their_offsets() {
        let berlin = Zone::named("CET-1CEST,M3.5.0,M10.5.0/3");
        assert_eq!(berlin.at(0), (3600, "CET"));
        assert_eq!(berlin.at(1_533_427_200), (7200, "CEST"));
        assert_eq!(berlin.at(1_774_746_000 - 1), (3600, "CET")); // 2026-03-29 01:00 UTC
        assert_eq!(berlin.at(1_774_746_000), (7200, "CEST"));
        assert_eq!(Zone::named("EST5EDT").at(1_533_427_200), (-14_400, "EDT"));
        assert_eq!(Zone::named("<+03>-3").at(0), (10_800, "+03"));
        assert_eq!(Zone::named("AEST-10AEDT,M10.1.0,M4.1.0/3").at(1_704_067_200).1, "AEDT");
        assert_eq!(berlin.universal(1_533_434_400), 1_533_427_200);
    }
}
