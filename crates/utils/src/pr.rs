//! `pr`: pages with headers and columns, for printing.

use crate::cli::{Cli, Run, Spec, Stop, human_width, input, quote, zone::Zone};

const SPEC: Spec = Spec::new(
    "[OPTION]... [FILE]...",
    "Paginate or columnate FILE(s) for printing.",
    "pages= columns= a|across c|show-control-chars d|double-space D|date-format= e|expand-tabs? F|f|form-feed h|header= \
     i|output-tabs? J|join-lines l|length= m|merge n|number-lines? N|first-line-number= o|indent= r|no-file-warnings \
     s|separator? S|sep-string? t|omit-header T|omit-pagination v|show-nonprinting w|width= W|page-width=",
);

/// Marks where white space has to be written.
const STOP: char = '\u{1}';

/// How pages look.
struct Form {
    columns: usize,
    across: bool,
    merge: bool,
    double: bool,
    /// Lines of a page, and those of them for the text.
    length: usize,
    headed: bool,
    feed: bool,
    width: usize,
    /// Between columns; none: aligned with a space.
    separator: Option<String>,
    /// Lines are cut to their column.
    cut: bool,
    /// What follows a number, and its width.
    number: Option<(char, usize)>,
    indent: usize,
    first: usize,
    last: usize,
    number_from: i64,
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    // `-3` and `+2:4` are options too.
    let args = std::mem::take(&mut c.args).into_iter().map(|a| match a.as_bytes() {
        [b'+', b'0'..=b'9', ..] => format!("--pages={}", &a[1..]),
        [b'-', d @ ..] if !d.is_empty() && d.iter().all(u8::is_ascii_digit) => format!("--columns={}", &a[1..]),
        [b'-', b'0'..=b'9', ..] => {
            let end = a[1..].find(|x: char| !x.is_ascii_digit()).map_or(a.len(), |n| n + 1);
            format!("--columns={} -{}", &a[1..end], &a[end..])
        }
        _ => a,
    });
    let args: Vec<String> = args
        .flat_map(|a| match a.split_once(" -").filter(|_| a.starts_with("--columns=")) {
            Some((x, y)) => vec![x.to_owned(), format!("-{y}")],
            None => vec![a],
        })
        .collect();
    let p = c.parse_args(&SPEC, args).await?;
    let mut f = Form {
        columns: 1,
        across: p.has("a"),
        merge: p.has("m"),
        double: p.has("d"),
        length: 66,
        headed: !p.has("t") && !p.has("T"),
        feed: p.has("F"),
        width: 72,
        separator: None,
        cut: true,
        number: None,
        indent: 0,
        first: 1,
        last: usize::MAX,
        number_from: 1,
    };
    let numbers = [
        ("columns", "invalid number of columns", &mut f.columns),
        ("l", "'-l PAGE_LENGTH' invalid number of lines", &mut f.length),
        ("o", "'-o MARGIN' invalid line offset", &mut f.indent),
        ("w", "'-w PAGE_WIDTH' invalid number of characters", &mut f.width),
    ];
    for (name, what, slot) in numbers {
        if let Some(v) = p.value(name) {
            match v.parse::<usize>().ok().filter(|n| *n > 0 || name == "o") {
                Some(n) => *slot = n,
                None => return c.die(1, format!("{what}: {}", quote::word(v))).await,
            }
        }
    }
    if let Some(v) = p.value("W").and_then(|v| v.parse().ok()) {
        f.width = v;
    }
    if let Some(range) = p.value("pages") {
        let (a, b) = range.split_once(':').unwrap_or((range, ""));
        let last = if b.is_empty() { Some(usize::MAX) } else { b.parse().ok() };
        match (a.parse().ok().filter(|n| *n > 0), last) {
            (Some(a), Some(b)) if a <= b => (f.first, f.last) = (a, b),
            _ => return c.die(1, format!("invalid page range {}", quote::word(range))).await,
        }
    }
    if p.has("n") {
        let v = p.value("n").unwrap_or("");
        let mark = v.chars().next().filter(|x| !x.is_ascii_digit());
        let digits = &v[mark.map_or(0, char::len_utf8)..];
        let digits = if digits.is_empty() { Some(5) } else { digits.parse().ok().filter(|n| *n > 0) };
        match digits {
            Some(n) => f.number = Some((mark.unwrap_or('\t'), n)),
            None => {
                let text = "'-n' extra characters or invalid number in the argument";
                return c.usage(1, format!("{text}: {}", quote::word(v))).await;
            }
        }
    }
    f.number_from = p.value("N").and_then(|v| v.parse().ok()).unwrap_or(1);
    if p.has("s") {
        f.separator = Some(p.value("s").unwrap_or("\t").chars().take(1).collect());
        f.cut = p.has("w");
    }
    if p.has("S") {
        f.separator = Some(p.value("S").unwrap_or("").to_owned());
    }
    if p.has("J") {
        f.cut = false;
        f.separator.get_or_insert_with(|| "\t".to_owned());
    }
    if f.merge && (p.has("columns") || f.across) {
        let text = if f.across {
            "cannot specify both printing across and printing in parallel"
        } else {
            "cannot specify number of columns when printing in parallel"
        };
        return c.die(1, text).await;
    }
    if f.columns == 1 && !f.merge {
        f.cut = p.has("W");
    }
    f.headed &= f.length > 10;
    let zone = c.zone().await;
    let now = c.sys.wall_clock().div_euclid(1_000_000_000);
    let format = p.value("D").unwrap_or("%Y-%m-%d %H:%M").to_owned();
    let files = if p.operands.is_empty() { vec!["-".to_owned()] } else { p.operands.clone() };
    let mut texts = Vec::new();
    for name in &files {
        let bytes = match c.slurp(name).await {
            Ok(b) => b,
            Err(e) => {
                if !p.has("r") {
                    c.warn(format!("{}: {e}", quote::before_colon(name))).await;
                }
                c.code = 1;
                continue;
            }
        };
        let modified = if name == "-" { None } else { c.sys.stat(name).await.ok().map(|s| s.mtime) };
        let at = modified.unwrap_or(now);
        let title = p.value("h").map_or_else(|| if name == "-" { "" } else { name }.to_owned(), str::to_owned);
        let lines: Vec<String> = input::lines(&bytes).iter().map(|l| String::from_utf8_lossy(l).into_owned()).collect();
        texts.push((title, shown(&zone, &format, at), lines));
    }
    if texts.is_empty() {
        return Err(Stop::Code(c.code));
    }
    if f.merge {
        let all: Vec<Vec<String>> = texts.iter().map(|t| t.2.clone()).collect();
        let title = p.value("h").unwrap_or("").to_owned();
        let date = shown(&zone, &format, now);
        f.columns = all.len();
        return f.print(c, &title, &date, &all).await;
    }
    for (title, date, lines) in texts {
        f.print(c, &title, &date, &[lines]).await?;
    }
    Ok(())
}

impl Form {
    async fn print(&self, c: &mut Cli, title: &str, date: &str, texts: &[Vec<String>]) -> Run<()> {
        let body = if self.headed { self.length - 10 } else { self.length };
        let rows = if self.double { (body / 2).max(1) } else { body };
        let per_page = if self.merge { rows } else { rows * self.columns };
        let total = texts.iter().map(Vec::len).max().unwrap_or(0);
        for page in 0..total.div_ceil(per_page.max(1)) {
            if page + 1 < self.first || page + 1 > self.last {
                continue;
            }
            let at = page * per_page;
            let left = total.min(at + per_page) - at;
            let grid = self.grid(texts, at, left, rows);
            if self.headed {
                let label = format!("Page {}", page + 1);
                let used = human_width(date) + human_width(title) + label.len();
                let space = self.width.saturating_sub(used);
                let (before, after) = (space / 2, space - space / 2);
                let margin = " ".repeat(self.indent);
                c.put(format!("\n\n{margin}{date}{:before$}{title}{:after$}{label}\n\n\n", "", "")).await?;
            }
            let mut printed = 0;
            for row in &grid {
                c.put(self.row(row)).await?;
                printed += 1;
                if self.double && printed < body {
                    c.put("\n").await?;
                    printed += 1;
                }
            }
            if self.headed {
                if self.feed {
                    c.put("\x0c").await?;
                } else {
                    c.put("\n".repeat(body.saturating_sub(printed) + 5)).await?;
                }
            }
        }
        Ok(())
    }

    /// A page's rows: for each column the line's number and text.
    fn grid<'a>(
        &self,
        texts: &'a [Vec<String>],
        at: usize,
        left: usize,
        rows: usize,
    ) -> Vec<Vec<Option<(i64, &'a str)>>> {
        let cell = |text: usize, n: usize| {
            let line = texts.get(text)?.get(n)?;
            Some((self.number_from + n as i64, line.as_str()))
        };
        if self.merge {
            return (at..at + left).map(|n| (0..texts.len()).map(|t| cell(t, n)).collect()).collect();
        }
        if self.columns == 1 {
            return (at..at + left).map(|n| vec![cell(0, n)]).collect();
        }
        if self.across {
            let row = |r: usize| (0..self.columns).map(move |k| r * self.columns + k);
            return (0..left.div_ceil(self.columns))
                .map(|r| row(r).map(|n| if n < left { cell(0, at + n) } else { None }).collect())
                .collect();
        }
        // Down the columns; the last page's are of even length, the first ones one longer.
        let (even, longer) =
            if left < rows * self.columns { (left / self.columns, left % self.columns) } else { (rows, 0) };
        let starts: Vec<(usize, usize)> = (0..self.columns)
            .scan(0, |from, k| {
                let len = even + usize::from(k < longer);
                *from += len;
                Some((*from - len, len))
            })
            .collect();
        let height = even + usize::from(longer > 0);
        (0..height)
            .map(|r| starts.iter().map(|(s, len)| if r < *len { cell(0, at + s + r) } else { None }).collect())
            .collect()
    }

    /// A row as it is printed.
    fn row(&self, cells: &[Option<(i64, &str)>]) -> String {
        let many = self.columns > 1 || self.merge;
        let (mark, digits) = self.number.unwrap_or(('\t', 0));
        let margin = self.indent;
        let numbered =
            if self.number.is_some() { if mark == '\t' { (digits + 8) / 8 * 8 } else { digits + 1 } } else { 0 };
        let gap = self.separator.as_ref().map_or(1, |s| human_width(s));
        let fixed = (self.columns - 1) * gap + if self.merge { numbered } else { numbered * self.columns };
        let width = (self.width.saturating_sub(fixed) / self.columns).max(1);
        let mut out = " ".repeat(margin);
        let mut column = margin;
        let last = cells.iter().rposition(Option::is_some).unwrap_or(0);
        for (k, cell) in cells.iter().enumerate() {
            if k > last && self.separator.is_none() {
                break;
            }
            let start =
                margin + k * (width + gap) + if self.merge { if k > 0 { numbered } else { 0 } } else { k * numbered };
            if k > 0 {
                match &self.separator {
                    Some(s) => out.push_str(s),
                    None => {
                        out.push_str(&" ".repeat(start.saturating_sub(column)));
                        // White space up to a column is written even where nothing follows.
                        if cell.is_some() {
                            out.push(STOP);
                        }
                        column = column.max(start);
                    }
                }
            }
            // In parallel the row has a number, even where the first file has ended.
            let of_row = cells.iter().flatten().next().filter(|_| self.merge && k == 0);
            let found = cell.or(of_row.map(|(n, _)| (*n, "")));
            let Some((n, text)) = &found else { continue };
            if self.number.is_some() && (k == 0 || !self.merge) {
                let n = n.rem_euclid(10i64.pow(digits.min(18) as u32));
                let tab = mark == '\t';
                out.push_str(&format!("{n:>digits$}"));
                if tab && many {
                    out.push_str(&" ".repeat(numbered - digits));
                } else {
                    out.push(mark);
                }
                column += numbered;
            }
            let text = if many { spaces(text) } else { (*text).to_owned() };
            let shown: String = if self.cut { text.chars().take(width).collect() } else { text };
            column += human_width(&shown);
            out.push_str(&shown);
            if k < last && self.cut && self.separator.is_some() {
                let end = start + width + numbered;
                out.push_str(&" ".repeat(end.saturating_sub(column)));
                column = end + gap;
            }
        }
        if many && self.separator.is_none() {
            out = tabs(&out);
        }
        out.push('\n');
        out
    }
}

fn shown(zone: &Zone, format: &str, at: i64) -> String {
    zone.format(format, at, 0)
}

/// Tabs as spaces.
fn spaces(text: &str) -> String {
    let (mut out, mut column) = (String::new(), 0);
    for ch in text.chars() {
        if ch == '\t' {
            let to = (column / 8 + 1) * 8;
            out.push_str(&" ".repeat(to - column));
            column = to;
        } else {
            out.push(ch);
            column += 1;
        }
    }
    out
}

/// Runs of spaces as tabs where they reach a stop; none at the end.
fn tabs(text: &str) -> String {
    let (mut out, mut column, mut pending) = (String::new(), 0, 0);
    for ch in text.chars() {
        if ch == ' ' {
            pending += 1;
            continue;
        }
        if ch == STOP && pending == 0 {
            continue;
        }
        let goal = column + pending;
        while goal - column > 1 && (column / 8 + 1) * 8 <= goal {
            out.push('\t');
            column = (column / 8 + 1) * 8;
        }
        out.push_str(&" ".repeat(goal - column));
        column = goal;
        pending = 0;
        if ch != STOP {
            column += 1;
            out.push(ch);
        }
    }
    out
}
