//! Dates as people write them: the grammar of gnulib's `parse_datetime`, as `date -d`, `touch -d` and
//! `find -newermt` take them.

use crate::cli::time;
use crate::cli::zone::Zone;

/// A number as it was written.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Number {
    value: i64,
    digits: usize,
    negative: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    /// Without a sign.
    Plain(Number),
    /// With one.
    Signed(Number),
    /// Seconds with a fraction (nanoseconds).
    Decimal(i64, u32, bool),
    Noon(bool),
    Month(i64),
    Day(i64),
    Ordinal(i64),
    Unit(Unit, i64),
    /// `tomorrow` and the like: days.
    Shift(i64),
    Ago,
    /// Seconds east of universal time.
    Zone(i64),
    /// A name of the clock's own zone; whether its summer time.
    Local(bool),
    Summer,
    /// `T` between date and time, a military zone elsewhere.
    T,
    Sign(char),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Year,
    Month,
    Day,
    Second,
}

const MONTHS: [&str; 12] = [
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
];
const DAYS: [&str; 7] = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"];
const UNITS: &[(&str, Unit, i64)] = &[
    ("YEAR", Unit::Year, 1),
    ("MONTH", Unit::Month, 1),
    ("FORTNIGHT", Unit::Day, 14),
    ("WEEK", Unit::Day, 7),
    ("DAY", Unit::Day, 1),
    ("HOUR", Unit::Second, 3600),
    ("MINUTE", Unit::Second, 60),
    ("MIN", Unit::Second, 60),
    ("SECOND", Unit::Second, 1),
    ("SEC", Unit::Second, 1),
];
const ORDINALS: &[(&str, i64)] = &[
    ("LAST", -1),
    ("THIS", 0),
    ("NEXT", 1),
    ("FIRST", 1),
    ("THIRD", 3),
    ("FOURTH", 4),
    ("FIFTH", 5),
    ("SIXTH", 6),
    ("SEVENTH", 7),
    ("EIGHTH", 8),
    ("NINTH", 9),
    ("TENTH", 10),
    ("ELEVENTH", 11),
    ("TWELFTH", 12),
];
/// Hours east; those with summer time have it counted in.
const ZONES: &[(&str, i64)] = &[
    ("GMT", 0),
    ("UT", 0),
    ("UTC", 0),
    ("WET", 0),
    ("WEST", 1),
    ("BST", 1),
    ("ART", -3),
    ("BRT", -3),
    ("BRST", -2),
    ("AST", -4),
    ("ADT", -3),
    ("CLT", -4),
    ("CLST", -3),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
    ("AKST", -9),
    ("AKDT", -8),
    ("HST", -10),
    ("HAST", -10),
    ("HADT", -9),
    ("SST", -12),
    ("WAT", 1),
    ("CET", 1),
    ("CEST", 2),
    ("MET", 1),
    ("MEZ", 1),
    ("MEST", 2),
    ("MESZ", 2),
    ("EET", 2),
    ("EEST", 3),
    ("CAT", 2),
    ("SAST", 2),
    ("EAT", 3),
    ("MSK", 3),
    ("MSD", 4),
    ("SGT", 8),
    ("KST", 9),
    ("JST", 9),
    ("GST", 10),
    ("NZST", 12),
    ("NZDT", 13),
];

/// A military zone's hours east.
fn military(c: u8) -> Option<i64> {
    Some(match c {
        b'A'..=b'I' => i64::from(c - b'A') + 1,
        b'K'..=b'M' => i64::from(c - b'K') + 10,
        b'N'..=b'S' | b'U'..=b'Y' => -(i64::from(c - b'N') + 1),
        b'Z' => 0,
        _ => return None,
    })
}

fn word(text: &str, zone: &Zone, now: i64) -> Option<Token> {
    let w = text.to_uppercase();
    match w.as_str() {
        "AM" | "A.M." => return Some(Token::Noon(false)),
        "PM" | "P.M." => return Some(Token::Noon(true)),
        "DST" => return Some(Token::Summer),
        "AGO" => return Some(Token::Ago),
        "TOMORROW" => return Some(Token::Shift(1)),
        "YESTERDAY" => return Some(Token::Shift(-1)),
        "TODAY" | "NOW" => return Some(Token::Shift(0)),
        "SEPT" => return Some(Token::Month(9)),
        "TUES" => return Some(Token::Day(2)),
        "WEDNES" => return Some(Token::Day(3)),
        "THUR" | "THURS" => return Some(Token::Day(4)),
        "T" => return Some(Token::T),
        _ => {}
    }
    let short = w.strip_suffix('.').filter(|s| s.len() == 3).unwrap_or(&w);
    let named = |names: &[&str]| names.iter().position(|n| *n == w || short.len() == 3 && n.starts_with(short));
    if let Some(n) = named(&MONTHS) {
        return Some(Token::Month(n as i64 + 1));
    }
    if let Some(n) = named(&DAYS) {
        return Some(Token::Day(n as i64));
    }
    for (n, name) in zone.names().into_iter().enumerate() {
        if name.is_some_and(|name| name == w) && w != "UTC" {
            return Some(Token::Local(n == 1));
        }
    }
    let _ = now;
    if let Some(z) = ZONES.iter().find(|z| z.0 == w) {
        return Some(Token::Zone(z.1 * 3600));
    }
    if matches!(w.as_str(), "IST" | "NST" | "NDT") {
        return Some(Token::Zone(if w == "IST" {
            19_800
        } else if w == "NST" {
            -12_600
        } else {
            -9_000
        }));
    }
    let one = w.strip_suffix('S').filter(|s| UNITS.iter().any(|u| u.0 == *s)).unwrap_or(&w);
    if let Some(u) = UNITS.iter().find(|u| u.0 == one) {
        return Some(Token::Unit(u.1, u.2));
    }
    if let Some(o) = ORDINALS.iter().find(|o| o.0 == w) {
        return Some(Token::Ordinal(o.1));
    }
    match w.as_bytes() {
        [c] => military(*c).map(|h| Token::Zone(h * 3600)),
        _ => {
            let bare = w.replace('.', "");
            ZONES.iter().find(|z| z.0 == bare && bare != w).map(|z| Token::Zone(z.1 * 3600))
        }
    }
}

fn tokens(text: &str, zone: &Zone, now: i64) -> Option<Vec<Token>> {
    let p: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(&c) = p.get(i) {
        if c.is_whitespace() {
            i += 1;
        } else if c == '(' {
            let mut depth = 0;
            while let Some(&c) = p.get(i) {
                i += 1;
                depth += i32::from(c == '(') - i32::from(c == ')');
                if depth == 0 {
                    break;
                }
            }
        } else if c.is_ascii_digit() || matches!(c, '+' | '-') {
            let (mut negative, mut signed) = (false, false);
            if !c.is_ascii_digit() {
                (negative, signed) = (c == '-', true);
                i += 1;
                while p.get(i).is_some_and(|c| c.is_whitespace()) {
                    i += 1;
                }
                if !p.get(i).is_some_and(char::is_ascii_digit) {
                    // A sign of nothing is passed over.
                    continue;
                }
            }
            let from = i;
            while p.get(i).is_some_and(char::is_ascii_digit) {
                i += 1;
            }
            let digits: String = p[from..i].iter().collect();
            let value: i64 = digits.parse().ok()?;
            let value = if negative { -value } else { value };
            if matches!(p.get(i), Some('.' | ',')) && p.get(i + 1).is_some_and(char::is_ascii_digit) {
                i += 1;
                let from = i;
                while p.get(i).is_some_and(char::is_ascii_digit) {
                    i += 1;
                }
                let part: String = p[from..i].iter().chain(['0'; 9].iter()).take(9).collect();
                let nanos: u32 = part.parse().ok()?;
                // Nanoseconds count upwards.
                out.push(match negative && nanos > 0 {
                    true => Token::Decimal(value - 1, 1_000_000_000 - nanos, signed),
                    false => Token::Decimal(value, nanos, signed),
                });
            } else {
                let n = Number { value, digits: digits.len(), negative };
                out.push(if signed { Token::Signed(n) } else { Token::Plain(n) });
            }
        } else if c.is_ascii_alphabetic() {
            let from = i;
            while p.get(i).is_some_and(|c| c.is_ascii_alphabetic() || *c == '.') {
                i += 1;
            }
            out.push(word(&p[from..i].iter().collect::<String>(), zone, now)?);
        } else {
            out.push(Token::Sign(c));
            i += 1;
        }
    }
    Some(out)
}

/// What has been said so far.
#[derive(Default)]
struct Said {
    year: Option<Number>,
    month: i64,
    day: i64,
    weekday: (i64, i64),
    hour: i64,
    minute: i64,
    second: i64,
    nanos: u32,
    noon: Option<bool>,
    zone: i64,
    /// By unit: years, months, days, seconds.
    shift: [i64; 4],
    shift_nanos: i64,
    summer: bool,
    dates: u32,
    times: u32,
    days: u32,
    zones: u32,
    locals: u32,
    shifts: u32,
}

impl Said {
    fn add(&mut self, unit: Unit, n: i64, rest: &[Token]) -> Option<usize> {
        let ago = rest.first() == Some(&Token::Ago);
        let n = if ago { n.checked_neg()? } else { n };
        let slot = self.shift.get_mut(unit as usize)?;
        *slot = slot.checked_add(n)?;
        self.shifts += 1;
        Some(usize::from(ago))
    }

    fn date(&mut self, year: Option<Number>, month: i64, day: i64) {
        (self.month, self.day) = (month, day);
        if let Some(y) = year {
            self.year = Some(Number { value: y.value.abs(), ..y });
        }
        self.dates += 1;
    }

    /// `hh:mm[:ss[.n]] [am | +hhmm]`; how many tokens it takes.
    fn time(&mut self, t: &[Token]) -> Option<usize> {
        let (Token::Plain(h), Token::Sign(':'), Token::Plain(m)) = (*t.first()?, *t.get(1)?, *t.get(2)?) else {
            return None;
        };
        (self.hour, self.minute, self.second, self.nanos) = (h.value, m.value, 0, 0);
        self.times += 1;
        let mut used = 3;
        match (t.get(3), t.get(4)) {
            (Some(Token::Sign(':')), Some(Token::Plain(s))) => {
                self.second = s.value;
                used = 5;
            }
            (Some(Token::Sign(':')), Some(Token::Decimal(s, n, false))) => {
                (self.second, self.nanos) = (*s, *n);
                used = 5;
            }
            _ => {}
        }
        match t.get(used) {
            Some(Token::Noon(pm)) => {
                self.noon = Some(*pm);
                Some(used + 1)
            }
            Some(Token::Signed(_)) => {
                self.zones += 1;
                let (east, n) = east(t.get(used..)?)?;
                self.zone = east;
                Some(used + n)
            }
            _ => Some(used),
        }
    }

    /// A number that stands alone.
    fn number(&mut self, n: Number) {
        if self.dates > 0 && self.year.is_none() && self.shifts == 0 && (self.times > 0 || n.digits > 2) {
            self.year = Some(n);
        } else if n.digits > 4 {
            self.dates += 1;
            (self.day, self.month) = (n.value % 100, n.value / 100 % 100);
            self.year = Some(Number { value: n.value / 10_000, digits: n.digits - 4, negative: false });
        } else {
            self.times += 1;
            (self.hour, self.minute) = if n.digits <= 2 { (n.value, 0) } else { (n.value / 100, n.value % 100) };
            (self.second, self.nanos, self.noon) = (0, 0, None);
        }
    }

    /// What begins here; how many tokens it takes.
    fn item(&mut self, t: &[Token]) -> Option<usize> {
        let at = |i: usize| t.get(i).copied();
        Some(match *t.first()? {
            Token::Plain(n) => match (at(1), at(2)) {
                (Some(Token::Sign(':')), _) => self.time(t)?,
                (Some(Token::Noon(pm)), _) => {
                    self.times += 1;
                    (self.hour, self.minute, self.second, self.nanos, self.noon) = (n.value, 0, 0, 0, Some(pm));
                    2
                }
                (Some(Token::Sign('/')), Some(Token::Plain(m))) => match (at(3), at(4)) {
                    (Some(Token::Sign('/')), Some(Token::Plain(y))) => {
                        if n.digits >= 4 {
                            self.date(Some(n), m.value, y.value);
                        } else {
                            self.date(Some(y), n.value, m.value);
                        }
                        5
                    }
                    _ => {
                        self.date(None, n.value, m.value);
                        3
                    }
                },
                (Some(Token::Signed(m)), Some(Token::Signed(d))) if m.negative && d.negative => {
                    self.date(Some(n), -m.value, -d.value);
                    if at(3) == Some(Token::T) { 4 + self.clock(t.get(4..)?)? } else { 3 }
                }
                (Some(Token::Month(m)), Some(Token::Signed(y))) if y.negative => {
                    self.date(Some(y), m, n.value);
                    3
                }
                (Some(Token::Month(m)), Some(Token::Plain(y))) => {
                    self.date(Some(y), m, n.value);
                    3
                }
                (Some(Token::Month(m)), _) => {
                    self.date(None, m, n.value);
                    2
                }
                (Some(Token::Day(d)), _) => {
                    self.weekday = (n.value, d);
                    self.days += 1;
                    2
                }
                (Some(Token::Unit(u, k)), _) => 2 + self.add(u, n.value.checked_mul(k)?, t.get(2..)?)?,
                (Some(Token::Signed(s)), Some(Token::Unit(u, k))) => {
                    self.number(n);
                    3 + self.add(u, s.value.checked_mul(k)?, t.get(3..)?)?
                }
                _ => {
                    self.number(n);
                    1
                }
            },
            Token::Signed(n) => {
                let Some(Token::Unit(u, k)) = at(1) else { return None };
                2 + self.add(u, n.value.checked_mul(k)?, t.get(2..)?)?
            }
            Token::Decimal(s, n, _) => {
                let Some(Token::Unit(Unit::Second, 1)) = at(1) else { return None };
                let ago = at(2) == Some(Token::Ago);
                self.shift_nanos += if ago { -i64::from(n) } else { i64::from(n) };
                2 + self.add(Unit::Second, s, t.get(2..)?)?
            }
            Token::Month(m) => match (at(1), at(2), at(3)) {
                (Some(Token::Signed(d)), Some(Token::Signed(y)), _) if d.negative && y.negative => {
                    self.date(Some(y), m, -d.value);
                    3
                }
                (Some(Token::Plain(d)), Some(Token::Sign(',')), Some(Token::Plain(y))) => {
                    self.date(Some(y), m, d.value);
                    4
                }
                (Some(Token::Plain(d)), ..) => {
                    self.date(None, m, d.value);
                    2
                }
                _ => return None,
            },
            Token::Day(d) => {
                self.weekday = (0, d);
                self.days += 1;
                1 + usize::from(at(1) == Some(Token::Sign(',')))
            }
            Token::Ordinal(n) => match at(1) {
                Some(Token::Unit(u, k)) => 2 + self.add(u, n * k, t.get(2..)?)?,
                Some(Token::Day(d)) => {
                    self.weekday = (n, d);
                    self.days += 1;
                    2
                }
                _ => return None,
            },
            Token::Unit(u, k) => 1 + self.add(u, k, t.get(1..)?)?,
            Token::Shift(n) => {
                self.add(Unit::Day, n, &[])?;
                1
            }
            Token::Local(summer) => {
                self.locals += 1;
                self.summer = summer;
                1 + usize::from(at(1) == Some(Token::Summer))
            }
            Token::Zone(z) => {
                self.zones += 1;
                self.zone = z;
                match (at(1), at(2)) {
                    (Some(Token::Signed(s)), Some(Token::Unit(u, k))) => {
                        3 + self.add(u, s.value.checked_mul(k)?, t.get(3..)?)?
                    }
                    (Some(Token::Signed(_)), _) => {
                        let (more, n) = east(t.get(1..)?)?;
                        self.zone += more;
                        1 + n
                    }
                    (Some(Token::Summer), _) => {
                        self.zone += 3600;
                        2
                    }
                    _ => 1,
                }
            }
            Token::T => {
                self.zones += 1;
                self.zone = -7 * 3600;
                1
            }
            Token::Noon(_) | Token::Ago | Token::Summer | Token::Sign(_) => return None,
        })
    }

    /// The time behind `T`.
    fn clock(&mut self, t: &[Token]) -> Option<usize> {
        self.time(t)
    }
}

/// `+0200`, `+2`, `+02:00` as seconds, and how many tokens that is.
fn east(t: &[Token]) -> Option<(i64, usize)> {
    let Token::Signed(n) = *t.first()? else { return None };
    let sign = if n.negative { -1 } else { 1 };
    let value = n.value.abs();
    let (minutes, used) = match (t.get(1), t.get(2)) {
        (Some(Token::Sign(':')), Some(Token::Plain(m))) => (value * 60 + m.value, 3),
        _ if n.digits <= 2 => (value * 60, 1),
        _ => (value / 100 * 60 + value % 100, 1),
    };
    (minutes <= 24 * 60).then_some((sign * minutes * 60, used))
}

/// A date and time; `now` in nanoseconds since 1970.
pub(super) fn parse(text: &str, now: i64, zone: &Zone) -> Option<(i64, u32)> {
    let text = text.trim();
    let (now_secs, now_nanos) = (now.div_euclid(1_000_000_000), now.rem_euclid(1_000_000_000) as u32);
    let list = tokens(text, zone, now_secs)?;
    if let [Token::Sign('@'), rest @ ..] = list.as_slice() {
        return match rest {
            [Token::Plain(n) | Token::Signed(n)] => Some((n.value, 0)),
            [Token::Decimal(s, n, _)] => Some((*s, *n)),
            _ => None,
        };
    }
    let mut s = Said::default();
    let mut rest = list.as_slice();
    while !rest.is_empty() {
        let used = s.item(rest)?;
        rest = rest.get(used..)?;
    }
    if s.times > 1 || s.dates > 1 || s.days > 1 || s.zones + s.locals > 1 {
        return None;
    }
    let today = time::civil(now_secs + zone.at(now_secs).0);
    let year = match s.year {
        None if s.dates > 0 => today.year,
        None => today.year,
        Some(y) if y.digits <= 2 => y.value + if y.value < 69 { 2000 } else { 1900 },
        Some(y) => y.value,
    };
    let (month, mut day) = if s.dates > 0 { (s.month, s.day) } else { (i64::from(today.month), i64::from(today.day)) };
    let (mut hour, mut minute, mut second, mut nanos) = (0, 0, 0, 0);
    if s.times > 0 {
        hour = match s.noon {
            None if (0..24).contains(&s.hour) => s.hour,
            Some(pm) if (1..=12).contains(&s.hour) => s.hour % 12 + if pm { 12 } else { 0 },
            _ => return None,
        };
        (minute, second, nanos) = (s.minute, s.second, s.nanos);
    } else if s.shifts > 0 && s.dates == 0 && s.days == 0 {
        (hour, minute, second) = (i64::from(today.hour), i64::from(today.minute), i64::from(today.second));
        nanos = now_nanos;
    }
    // What no calendar has.
    let first = time::days(year, u32::try_from(month).ok().filter(|m| (1..=12).contains(m))?, 1);
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month as u32 + 1) };
    if !(1..=time::days(next_year, next, 1) - first).contains(&day)
        || !(0..60).contains(&minute)
        || !(0..=60).contains(&second)
    {
        return None;
    }
    if s.days > 0 && s.dates == 0 {
        let (ordinal, wanted) = s.weekday;
        let weekday = (first + day - 1 + 4).rem_euclid(7);
        day += (wanted - weekday + 7) % 7 + 7 * (ordinal - i64::from(ordinal > 0 && weekday != wanted));
    }
    // What the clocks leave out in spring is no time.
    let given = first.checked_add(day - 1)?.checked_mul(86_400)? + hour * 3600 + minute * 60 + second;
    if s.zones == 0 {
        let at = zone.universal(given);
        if zone.at(at).0 != given - at {
            return None;
        }
    }
    let [years, months, days, seconds] = s.shift;
    let month = (year.checked_add(years)?).checked_mul(12)?.checked_add(month - 1)?.checked_add(months)?;
    let first = time::days(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1);
    let local =
        first.checked_add(day - 1)?.checked_add(days)?.checked_mul(86_400)? + hour * 3600 + minute * 60 + second;
    let mut at = if s.zones > 0 { local - s.zone } else { zone.universal(local) };
    if s.locals > 0 && s.summer && zone.at(at).1 != zone.names()[1].unwrap_or_default() {
        return None;
    }
    at = at.checked_add(seconds)?;
    let nanos = i64::from(nanos) + s.shift_nanos;
    Some((at + nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values from GNU date 9.1.
    #[test]
    fn dates_are_gnus() {
        let berlin = Zone::named("CET-1CEST,M3.5.0,M10.5.0/3");
        let now = 1_795_339_534 * 1_000_000_000; // 2026-11-22 10:25:34 in Berlin
        for (text, wanted) in [
            ("5 Jan 10:00", "-"),
            ("Jan 5 2024 10:00", "2024-01-05 10:00:00"),
            ("5-Jan-2024", "2024-01-05 00:00:00"),
            ("2024-01-15 UTC+2", "2024-01-14 23:00:00"),
            ("2024-01-15 10:00+02:00", "2024-01-15 09:00:00"),
            ("2024-01-15 1 day -1 hour", "2024-01-15 23:00:00"),
            ("1.5 hours", "-"),
            ("15.01.2024", "-"),
            ("2024", "2026-11-22 20:24:00"),
            ("today", "2026-11-22 10:25:34"),
            ("2024-01-15T10:00:00Z", "2024-01-15 11:00:00"),
            ("2024-01-15 24:00", "-"),
            ("2024-01-15 12:30am", "2024-01-15 00:30:00"),
            ("2020-02-30", "-"),
            ("2024-01-31 +1 month", "2024-03-02 00:00:00"),
            ("@123.5", "1970-01-01 01:02:03"),
            ("- 1 day 2024-01-15", "2024-01-14 00:00:00"),
            ("2024-01-15 10:00 CEST", "-"),
            ("2024-01-15 3", "2024-01-15 03:00:00"),
            ("2024-01-15 +3", "-"),
            ("next monday", "2026-11-23 00:00:00"),
            ("sunday", "2026-11-22 00:00:00"),
            ("last friday", "2026-11-20 00:00:00"),
            ("2024-01-15 08:30:15 +1 day", "2024-01-16 08:30:15"),
            ("2024-01-15 08:30:15 -1 week", "2024-01-22 10:30:15"),
            ("20240115 0830", "2024-01-15 08:30:00"),
            ("mon tue", "-"),
        ] {
            let got =
                parse(text, now, &berlin).map_or("-".to_owned(), |(s, n)| time::format("%F %T", s + berlin.at(s).0, n));
            assert_eq!(got, wanted, "{text}");
        }
    }
}
