//! `cal`: a calendar.

use crate::cli::{Cli, Run, Spec, time};

const SPEC: Spec = Spec::new(
    "[general options] [-jy] [[month] year]",
    "Display a calendar, with the current date in reverse video on a terminal.",
    "1 3 A= B= C M S b d= h j m= y",
)
.version("ncal) 12.1.8 (simulated");

/// The month in which the calendar lost eleven days (ncal's rule for an unknown country).
const REFORM: (i64, u32) = (1752, 9);

#[derive(Clone, Copy)]
struct Style {
    monday: bool,
    julian: bool,
    today: Option<(i64, u32, u32)>,
}

impl Style {
    /// Columns of a month.
    fn width(self) -> usize {
        if self.julian { 27 } else { 20 }
    }
}

fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0 || year <= 1752)
}

fn length(year: i64, month: u32) -> u32 {
    match month {
        2 => 28 + u32::from(leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The weekday (0: Sunday) of a month's first day; before the reform by the old calendar.
fn first_weekday(year: i64, month: u32) -> usize {
    let days = if (year, month) <= REFORM {
        let y = year - 1;
        let before: u32 = (1..month).map(|m| length(year, m)).sum();
        // 1 January of the year 1 was a Saturday.
        y * 365 + y.div_euclid(4) + i64::from(before) + 6
    } else {
        time::days(year, month, 1) + 4
    };
    days.rem_euclid(7) as usize
}

fn center(text: &str, width: usize) -> String {
    let left = width.saturating_sub(text.len()) / 2;
    format!("{:width$}", format!("{}{text}", " ".repeat(left)))
}

const NAMES: [&str; 12] = [
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

/// A month's eight lines.
fn month(year: i64, month: u32, with_year: bool, s: Style) -> Vec<String> {
    let name = NAMES.get(month as usize - 1).copied().unwrap_or("");
    let title = if with_year { format!("{name} {year}") } else { name.to_owned() };
    let cell = if s.julian { 3 } else { 2 };
    let mut names = ["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"];
    if s.monday {
        names.rotate_left(1);
    }
    let head: Vec<String> = names.iter().map(|n| format!("{n:>cell$}")).collect();
    let mut lines = vec![center(&title, s.width()), head.join(" ")];
    let start = (first_weekday(year, month) + if s.monday { 6 } else { 0 }) % 7;
    let before: u32 = (1..month).map(|m| length(year, m)).sum();
    let mut cells = vec![" ".repeat(cell); start];
    for day in (1..=length(year, month)).filter(|d| (year, month) != REFORM || !(3..14).contains(d)) {
        let n = if s.julian { before + day } else { day };
        let text = format!("{n:>cell$}");
        let today = s.today == Some((year, month, day));
        cells.push(if today { format!("\x1b[7m{text}\x1b[27m") } else { text });
    }
    cells.resize(42, " ".repeat(cell));
    lines.extend(cells.chunks(7).map(|w| w.join(" ")));
    lines
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    let now = c.sys.wall_clock().div_euclid(1_000_000_000);
    let zone = c.zone().await;
    let today = time::civil(now + zone.at(now).0);
    let tty = c.sys.is_atty(1).await;
    let style = Style {
        monday: p.last_of(&["M", "S"]) == Some("M"),
        julian: p.has("j"),
        today: (tty && !p.has("h")).then_some((today.year, today.month, today.day)),
    };
    let (mut year, mut first) = (today.year, today.month);
    let mut whole = p.has("y");
    let mut named = p.value("m").map(str::to_owned);
    match p.operands.as_slice() {
        [] => {}
        [y] => {
            year = number(c, y).await?;
            whole |= named.is_none();
        }
        [m, y] => {
            named = Some(m.clone());
            year = number(c, y).await?;
        }
        _ => return c.usage(64, "too many arguments").await,
    }
    if let Some(m) = named.filter(|_| !whole) {
        let by_name = || NAMES.iter().position(|n| m.len() > 2 && n.to_lowercase().starts_with(&m.to_lowercase()));
        match m.parse::<usize>().ok().or_else(|| by_name().map(|n| n + 1)) {
            Some(n @ 1..=12) => first = n as u32,
            _ => return c.die(64, format!("{m} is neither a month number (1..12) nor a name")).await,
        }
    }
    let count = |name: &str| p.value(name).and_then(|v| v.parse::<i64>().ok()).unwrap_or(0).clamp(0, 1200);
    let three = i64::from(p.has("3"));
    let (before, after) = (count("B").max(three), count("A").max(three));
    let start = if whole { year * 12 } else { year * 12 + i64::from(first) - 1 - before };
    let number = if whole { 12 } else { before + after + 1 };
    let all: Vec<(i64, u32)> =
        (start..start + number).map(|n| (n.div_euclid(12), n.rem_euclid(12) as u32 + 1)).collect();
    // One year's title stands above, unless months of two stand side by side.
    let above = whole || p.has("3") && all.iter().all(|m| m.0 == year);
    let columns = if style.julian { 2 } else { 3 };
    if above {
        c.put(format!("{}\n", center(&year.to_string(), style.width() * columns).trim_end())).await?;
    }
    for (i, row) in all.chunks(columns).enumerate() {
        if i > 0 {
            c.put("\n").await?;
        }
        let months: Vec<Vec<String>> = row.iter().map(|(y, m)| month(*y, *m, !above, style)).collect();
        for line in 0..8 {
            let text: String = months.iter().filter_map(|m| m.get(line)).map(|l| format!("{l}  ")).collect();
            c.put(format!("{text}\n")).await?;
        }
    }
    Ok(())
}

async fn number(c: &mut Cli, text: &str) -> Run<i64> {
    match text.parse::<i64>() {
        Ok(y) if (1..=9999).contains(&y) => Ok(y),
        Ok(_) => c.die(64, format!("year `{text}' not in range 1..9999")).await,
        Err(_) => c.die(64, format!("not a valid year {text}")).await,
    }
}
