//! Calendar dates (UTC) and `strftime`.

/// A point in time, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    /// Year.
    pub(crate) year: i64,
    /// Month, 1–12.
    pub(crate) month: u32,
    /// Day of the month, 1–31.
    pub(crate) day: u32,
    /// Hour.
    pub(crate) hour: u32,
    /// Minute.
    pub(crate) minute: u32,
    /// Second.
    pub(crate) second: u32,
    /// Day of the week, Sunday is 0.
    pub(crate) weekday: u32,
    /// Day of the year, from 0.
    pub(crate) yearday: u32,
}

/// Names of the months.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Names of the days.
pub(crate) const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Days since 1970 of a date (Howard Hinnant's algorithm).
pub(crate) fn days(year: i64, month: u32, day: u32) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let mp = (i64::from(month) + 9) % 12;
    let doy = (153 * mp + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// The date of seconds since 1970.
pub(crate) fn civil(secs: i64) -> Civil {
    let day_number = secs.div_euclid(86_400);
    let rest = secs.rem_euclid(86_400) as u32;
    let z = day_number + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
    let month = if mp < 10 { mp + 3 } else { mp - 9 } as u32;
    let year = yoe + era * 400 + i64::from(month <= 2);
    Civil {
        year,
        month,
        day,
        hour: rest / 3600,
        minute: rest / 60 % 60,
        second: rest % 60,
        weekday: (day_number + 4).rem_euclid(7) as u32,
        yearday: (day_number - days(year, 1, 1)) as u32,
    }
}

/// Seconds since 1970 of a date.
pub(crate) fn seconds(year: i64, month: u32, day: u32, hour: u32, minute: u32, second: u32) -> i64 {
    days(year, month, day) * 86_400 + i64::from(hour * 3600 + minute * 60 + second)
}

fn month_name(c: Civil) -> &'static str {
    MONTHS.get(c.month as usize - 1).copied().unwrap_or("?")
}

fn day_name(c: Civil) -> &'static str {
    DAYS.get(c.weekday as usize).copied().unwrap_or("?")
}

fn iso_week(c: Civil) -> (i64, u32) {
    let monday_based = (c.weekday + 6) % 7;
    let week = (i64::from(c.yearday) - i64::from(monday_based) + 10) / 7;
    let weeks_in = |y: i64| {
        let p = |y: i64| (y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400)).rem_euclid(7);
        if p(y) == 4 || p(y - 1) == 3 { 53 } else { 52 }
    };
    if week < 1 {
        (c.year - 1, weeks_in(c.year - 1))
    } else if week > i64::from(weeks_in(c.year)) {
        (c.year + 1, 1)
    } else {
        (c.year, week as u32)
    }
}

/// GNU's `strftime`, with the flags `-`, `_`, `0`, `^` and a width.
pub(crate) fn format(pattern: &str, secs: i64, nanos: u32) -> String {
    format_at(pattern, secs, nanos, 0, "UTC")
}

/// The same on a clock so many seconds east of universal time, by the zone's name.
pub(crate) fn format_at(pattern: &str, secs: i64, nanos: u32, east: i64, zone: &str) -> String {
    let c = civil(secs + east);
    let format = |p: &str, s: i64, n: u32| format_at(p, s, n, east, zone);
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(ch) = chars.next() {
        if ch != '%' {
            out.push(ch);
            continue;
        }
        let (mut pad, mut upper, mut width, mut colons) = (None, false, String::new(), 0);
        let (mut swap, mut raw) = (false, String::from("%"));
        while let Some(&f) = chars.peek() {
            match f {
                '+' if width.is_empty() => pad = Some('+'),
                '#' => swap = true,
                '-' | '_' => pad = Some(f),
                '0' if width.is_empty() => pad = Some('0'),
                '^' => upper = true,
                ':' => colons += 1,
                '0'..='9' => width.push(f),
                'E' | 'O' => {}
                _ => break,
            }
            raw.push(f);
            chars.next();
        }
        let Some(spec) = chars.next() else {
            out.push_str(&raw);
            break;
        };
        let width = width.parse::<usize>().ok().filter(|w| *w < 256);
        let number = |n: i64, w: usize, default: char| {
            let default = if width.is_some() && default == '-' { '0' } else { default };
            let w = width.unwrap_or(w);
            match pad.unwrap_or(default) {
                '+' if n > 9999 => format!("{n:+0w$}", w = w + 1),
                '-' => n.to_string(),
                '_' => format!("{n:>w$}"),
                _ => format!("{n:0>w$}"),
            }
        };
        let hour12 = i64::from((c.hour + 11) % 12 + 1);
        let text = match spec {
            'Y' => number(c.year, 1, '-'),
            'C' => number(c.year.div_euclid(100), 2, '0'),
            'y' => number(c.year.rem_euclid(100), 2, '0'),
            'm' => number(c.month.into(), 2, '0'),
            'd' => number(c.day.into(), 2, '0'),
            'e' => number(c.day.into(), 2, '_'),
            'H' => number(c.hour.into(), 2, '0'),
            'k' => number(c.hour.into(), 2, '_'),
            'I' => number(hour12, 2, '0'),
            'l' => number(hour12, 2, '_'),
            'M' => number(c.minute.into(), 2, '0'),
            'S' => number(c.second.into(), 2, '0'),
            'j' => number(i64::from(c.yearday) + 1, 3, '0'),
            'u' => number(i64::from((c.weekday + 6) % 7 + 1), 1, '0'),
            'w' => number(c.weekday.into(), 1, '0'),
            'U' => number(i64::from((c.yearday + 7 - c.weekday) / 7), 2, '0'),
            'W' => number(i64::from((c.yearday + 7 - (c.weekday + 6) % 7) / 7), 2, '0'),
            'V' => number(iso_week(c).1.into(), 2, '0'),
            'G' => number(iso_week(c).0, 4, '0'),
            'g' => number(iso_week(c).0.rem_euclid(100), 2, '0'),
            's' => number(secs, 1, '-'),
            'N' => {
                let digits = format!("{nanos:09}");
                digits.chars().take(width.unwrap_or(9)).collect()
            }
            'q' => number(i64::from((c.month - 1) / 3 + 1), 1, '0'),
            'p' => if c.hour < 12 { "AM" } else { "PM" }.to_owned(),
            'P' => if c.hour < 12 { "am" } else { "pm" }.to_owned(),
            'B' => month_name(c).to_owned(),
            'b' | 'h' => month_name(c).chars().take(3).collect(),
            'A' => day_name(c).to_owned(),
            'a' => day_name(c).chars().take(3).collect(),
            'Z' => zone.to_owned(),
            'z' => {
                let sign = if east < 0 { '-' } else { '+' };
                let (h, m, sec) = (east.abs() / 3600, east.abs() / 60 % 60, east.abs() % 60);
                match colons {
                    0 => format!("{sign}{h:02}{m:02}"),
                    1 => format!("{sign}{h:02}:{m:02}"),
                    2 => format!("{sign}{h:02}:{m:02}:{sec:02}"),
                    _ if m == 0 => format!("{sign}{h:02}"),
                    _ => format!("{sign}{h:02}:{m:02}"),
                }
            }
            'n' => "\n".to_owned(),
            't' => "\t".to_owned(),
            '%' => "%".to_owned(),
            'D' | 'x' => format("%m/%d/%y", secs, nanos),
            'F' => format("%Y-%m-%d", secs, nanos),
            'T' | 'X' => format("%H:%M:%S", secs, nanos),
            'R' => format("%H:%M", secs, nanos),
            'r' => format("%I:%M:%S %p", secs, nanos),
            'c' => format("%a %b %e %H:%M:%S %Y", secs, nanos),
            other => format!("{raw}{other}"),
        };
        let text = match spec {
            _ if upper => text.to_uppercase(),
            'Z' | 'p' if swap => text.to_lowercase(),
            'a' | 'A' | 'b' | 'B' | 'h' if swap => text.to_uppercase(),
            _ => text,
        };
        let names = "aAbBhpPZcDFTRrxX".contains(spec);
        match width.filter(|w| names && *w > text.len() && pad != Some('-')) {
            Some(w) if pad == Some('0') => out.push_str(&format!("{text:0>w$}")),
            Some(w) => out.push_str(&format!("{text:>w$}")),
            None => out.push_str(&text),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_gnu_date() {
        let t = 1_795_248_000; // date -u -d @1795248000
        assert_eq!(format("%F %T %a %j %V %U %s", t, 5), "2026-11-21 08:00:00 Sat 325 47 46 1795248000");
        assert_eq!(format("%-d/%_m/%^b %N %3N %l %p", t, 1_500_000), "21/11/NOV 001500000 001  8 AM");
        assert_eq!(format("%G-%V", 1_104_537_600, 0), "2004-53"); // 2005-01-01
        assert_eq!(seconds(2026, 11, 21, 8, 0, 0), t);
        assert_eq!(civil(-1).year, 1969);
    }
}
