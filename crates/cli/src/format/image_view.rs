//! The view of `docker images` in Docker 29 (docker/cli `cli/command/image/tree.go`).

use super::truncate::{ellipsis, width};

/// A line of the view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// `nginx:latest`; empty: untagged.
    pub name: String,
    /// 12 digits.
    pub id: String,
    /// Unpacked and packed.
    pub disk_usage: String,
    /// Packed.
    pub content_size: String,
    /// A container was made from it.
    pub in_use: bool,
    /// For `--tree`: its platforms.
    pub children: Vec<Self>,
}

/// Title, width, whether it is aligned to the right.
const COLUMNS: [(&str, usize, bool); 4] =
    [("ID", 12, false), ("DISK USAGE", 10, true), ("CONTENT SIZE", 12, true), ("EXTRA", 5, false)];
const SPACING: usize = 3;
/// Between two images with their platforms.
static BLANK: Entry = Entry {
    name: String::new(),
    id: String::new(),
    disk_usage: String::new(),
    content_size: String::new(),
    in_use: false,
    children: Vec::new(),
};
const UNTAGGED: &str = "<untagged>";

/// Narrower than this the first column must not get: others go first.
const MIN_NAME: usize = 12;

/// The text; `columns` of the terminal, if it is one (then with colours and legend).
pub fn render(entries: &[Entry], columns: Option<usize>) -> String {
    let tty = columns.is_some();
    let name = |e: &Entry| if e.name.is_empty() { UNTAGGED.to_owned() } else { e.name.clone() };
    let with_children =
        |e: &Entry| e.children.iter().map(|c| width(&c.name) + 3).chain([width(&name(e))]).max().unwrap_or(0);
    let widest = entries.iter().map(with_children).max().unwrap_or(0).max("IMAGE".len());
    let (shown, name_width) = fit(widest, columns);
    let mut out = String::new();
    if let Some(c) = columns {
        out.push_str(&legend(c));
    }
    let mut line = cell("IMAGE", name_width, false, tty, HEADER);
    for (title, w, right) in shown {
        line.push_str(&" ".repeat(SPACING));
        line.push_str(&cell(title, *w, *right, tty, HEADER));
    }
    out.push_str(&line);
    out.push('\n');
    let mut lines: Vec<(String, &Entry)> = Vec::new();
    let is_tree = entries.iter().any(|e| !e.children.is_empty());
    for (n, e) in entries.iter().enumerate() {
        if is_tree && n > 0 {
            lines.push((String::new(), &BLANK));
        }
        lines.push((name(e), e));
        for (i, child) in e.children.iter().enumerate() {
            let branch = if i + 1 == e.children.len() { "└─ " } else { "├─ " };
            lines.push((format!("{branch}{}", child.name), child));
        }
    }
    for (shown_name, e) in lines {
        if std::ptr::eq(e, &BLANK) {
            out.push('\n');
            continue;
        }
        let mut line = cell(&shown_name, name_width, false, tty, NAME);
        let values = [&e.id, &e.disk_usage, &e.content_size];
        for (i, (_, w, right)) in shown.iter().enumerate() {
            line.push_str(&" ".repeat(SPACING));
            match values.get(i) {
                Some(v) => line.push_str(&cell(v, *w, *right, tty, PLAIN)),
                None if e.in_use && tty => line.push_str(&format!("{CHIP}  ")),
                None => line.push_str(&format!("{:<w$}", if e.in_use { "U" } else { "" })),
            }
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

const HEADER: &str = "\x1b[39m\x1b[1m";
const NAME: &str = "\x1b[34m\x1b[1m";
const PLAIN: &str = "\x1b[39m";
const CHIP: &str = "\x1b[38;5;0m\x1b[48;5;14m U \x1b[0m";

/// Which columns fit beside the names, and how wide the names may be.
fn fit(widest: usize, columns: Option<usize>) -> (&'static [(&'static str, usize, bool)], usize) {
    let Some(total) = columns else { return (&COLUMNS, widest) };
    let mut left = total;
    for (i, (_, w, _)) in COLUMNS.iter().enumerate() {
        if left < w + SPACING + MIN_NAME {
            return (COLUMNS.get(..i).unwrap_or(&[]), left.min(widest));
        }
        left -= w + SPACING;
    }
    (&COLUMNS, left.min(widest))
}

fn cell(text: &str, w: usize, right: bool, tty: bool, colour: &str) -> String {
    let text = ellipsis(text, w);
    let fill = " ".repeat(w.saturating_sub(width(&text)));
    let painted = if tty { format!("{colour}{text}\x1b[0m") } else { text };
    if right { format!("{fill}{painted}") } else { format!("{painted}{fill}") }
}

fn legend(columns: usize) -> String {
    let fill = columns.saturating_sub(20);
    format!("{}\x1b[1m\x1b[106m\x1b[30mi\x1b[0m\x1b[0m \x1b[96mInfo → \x1b[0m\x1b[0m {CHIP} In Use\n", " ".repeat(fill))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, id: &str, disk: &str, content: &str, in_use: bool) -> Entry {
        Entry {
            name: name.into(),
            id: id.into(),
            disk_usage: disk.into(),
            content_size: content.into(),
            in_use,
            children: Vec::new(),
        }
    }

    /// Output of the real client 29 without a terminal.
    #[test]
    fn plain_view_as_docker_29() {
        let list = [
            entry("app:1", "2f22bd5dc25b", "3.16MB", "1.07MB", true),
            entry("nginx:1.27", "6498dbc58496", "6.21MB", "1.08MB", false),
            entry("nginx:latest", "6498dbc58496", "6.21MB", "1.08MB", false),
        ];
        assert_eq!(
            render(&list, None),
            "IMAGE          ID             DISK USAGE   CONTENT SIZE   EXTRA\n\
             app:1          2f22bd5dc25b       3.16MB         1.07MB   U    \n\
             nginx:1.27     6498dbc58496       6.21MB         1.08MB        \n\
             nginx:latest   6498dbc58496       6.21MB         1.08MB        \n"
        );
        assert_eq!(render(&[], None), "IMAGE   ID             DISK USAGE   CONTENT SIZE   EXTRA\n");
    }

    /// Output of the real client 29 on a terminal of 100 columns.
    #[test]
    fn terminal_view_as_docker_29() {
        let list = [
            entry("app:1", "2f22bd5dc25b", "3.16MB", "1.07MB", true),
            entry("nginx:latest", "6498dbc58496", "6.21MB", "1.08MB", false),
        ];
        let want = "                                                                                <E>[1m<E>[106m<E>[30mi<E>[0m<E>[0m <E>[96mInfo → <E>[0m<E>[0m <E>[38;5;0m<E>[48;5;14m U <E>[0m In Use\n\
            <E>[39m<E>[1mIMAGE<E>[0m          <E>[39m<E>[1mID<E>[0m             <E>[39m<E>[1mDISK USAGE<E>[0m   <E>[39m<E>[1mCONTENT SIZE<E>[0m   <E>[39m<E>[1mEXTRA<E>[0m\n\
            <E>[34m<E>[1mapp:1<E>[0m          <E>[39m2f22bd5dc25b<E>[0m       <E>[39m3.16MB<E>[0m         <E>[39m1.07MB<E>[0m   <E>[38;5;0m<E>[48;5;14m U <E>[0m  \n\
            <E>[34m<E>[1mnginx:latest<E>[0m   <E>[39m6498dbc58496<E>[0m       <E>[39m6.21MB<E>[0m         <E>[39m1.08MB<E>[0m        \n";
        assert_eq!(render(&list, Some(100)), want.replace("<E>", "\x1b"));
    }
}
