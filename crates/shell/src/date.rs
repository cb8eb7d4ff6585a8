//! `strftime(3)`, for prompts and `printf %(…)T`.

use layerlab_kernel::zone::Zone;

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
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

/// Year, month (1–12) and day of a day number since 1970 (Howard Hinnant's algorithm).
fn civil(days: i64) -> (i64, u32, u32) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let d = (doy - (153 * mp + 2) / 5 + 1) as u32;
    let m = if mp < 10 { mp + 3 } else { mp - 9 } as u32;
    (yoe + era * 400 + i64::from(m <= 2), m, d)
}

/// Formats seconds since 1970 as a zone's clock shows them.
pub fn strftime(format: &str, secs: i64, zone: &Zone) -> String {
    let since = secs;
    let (east, zone_name) = zone.at(secs);
    let secs = secs + east;
    let days = secs.div_euclid(86_400);
    let (y, m, d) = civil(days);
    let s = secs.rem_euclid(86_400);
    let (h, mi, se) = (s / 3600, s / 60 % 60, s % 60);
    let wd = (days + 4).rem_euclid(7) as usize;
    let (day, month) = (DAYS.get(wd).unwrap_or(&""), MONTHS.get(m as usize - 1).unwrap_or(&""));
    let h12 = if h % 12 == 0 { 12 } else { h % 12 };
    let mut out = String::new();
    let mut it = format.chars();
    while let Some(c) = it.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match it.next() {
            Some('Y') => out += &y.to_string(),
            Some('y') => out += &format!("{:02}", y.rem_euclid(100)),
            Some('m') => out += &format!("{m:02}"),
            Some('d') => out += &format!("{d:02}"),
            Some('e') => out += &format!("{d:>2}"),
            Some('H') => out += &format!("{h:02}"),
            Some('I') => out += &format!("{h12:02}"),
            Some('M') => out += &format!("{mi:02}"),
            Some('S') => out += &format!("{se:02}"),
            Some('p') => out += if h < 12 { "AM" } else { "PM" },
            Some('F') => out += &format!("{y}-{m:02}-{d:02}"),
            Some('T' | 'X') => out += &format!("{h:02}:{mi:02}:{se:02}"),
            Some('R') => out += &format!("{h:02}:{mi:02}"),
            Some('D' | 'x') => out += &format!("{m:02}/{d:02}/{:02}", y.rem_euclid(100)),
            Some('a') => out += day.get(..3).unwrap_or(""),
            Some('A') => out += day,
            Some('b' | 'h') => out += month.get(..3).unwrap_or(""),
            Some('B') => out += month,
            Some('s') => out += &since.to_string(),
            Some('j') => {
                let jan = days - (1..m).map(|k| i64::from(length(y, k))).sum::<i64>() - i64::from(d) + 1;
                out += &format!("{:03}", days - jan + 1);
            }
            Some('u') => out += &(if wd == 0 { 7 } else { wd }).to_string(),
            Some('w') => out += &wd.to_string(),
            Some('z') => {
                let (sign, m) = (if east < 0 { '-' } else { '+' }, east.abs() / 60);
                out += &format!("{sign}{:02}{:02}", m / 60, m % 60);
            }
            Some('Z') => out += zone_name,
            Some('c') => {
                out += &format!(
                    "{} {} {d:>2} {h:02}:{mi:02}:{se:02} {y}",
                    day.get(..3).unwrap_or(""),
                    month.get(..3).unwrap_or("")
                );
            }
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('%') => out.push('%'),
            Some(o) => {
                out.push('%');
                out.push(o);
            }
            None => out.push('%'),
        }
    }
    out
}

fn length(y: i64, m: u32) -> u32 {
    match m {
        4 | 6 | 9 | 11 => 30,
        2 if y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}
