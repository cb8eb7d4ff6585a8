//! What the editor shows: title, text, message, two lines of help.

use layerlab_kernel::WinSize;

use super::buffer::Buffer;

/// What part of the text is seen.
#[derive(Default)]
pub(crate) struct Screen {
    top: usize,
}

const HELP: [[(&str, &str); 6]; 2] = [
    [("^G", "Help"), ("^O", "Write Out"), ("^W", "Where Is"), ("^K", "Cut"), ("^T", "Execute"), ("^C", "Location")],
    [("^X", "Exit"), ("^R", "Read File"), ("^\\", "Replace"), ("^U", "Paste"), ("^J", "Justify"), ("^/", "Go To Line")],
];

fn reverse(text: &str) -> String {
    format!("\x1b[7m{text}\x1b[0m")
}

/// A line with tabs expanded, and the column of its `at`-th character.
fn expanded(line: &[char], at: usize) -> (String, usize) {
    let (mut out, mut width, mut column) = (String::new(), 0, 0);
    for (i, c) in line.iter().enumerate() {
        if i == at {
            column = width;
        }
        if *c == '\t' {
            let n = 8 - width % 8;
            out.push_str(&" ".repeat(n));
            width += n;
        } else {
            out.push(if c.is_control() { '?' } else { *c });
            width += crate::cli::human_width(c.encode_utf8(&mut [0; 4])).max(1);
        }
    }
    (out, if at >= line.len() { width } else { column })
}

impl Screen {
    /// The whole screen as a terminal's text.
    pub(crate) fn draw(
        &mut self,
        b: &Buffer,
        name: &str,
        message: &str,
        prompt: Option<&str>,
        yes_no: bool,
        size: WinSize,
    ) -> String {
        let (rows, cols) = (usize::from(size.rows), usize::from(size.cols));
        let height = rows.saturating_sub(5).max(1);
        if b.row < self.top {
            self.top = b.row.saturating_sub(height / 2);
        } else if b.row >= self.top + height {
            self.top = b.row + 1 - height.div_ceil(2);
        }
        let shown = if name.is_empty() { "New Buffer" } else { name };
        let left = "  GNU nano 8.4";
        let right = if b.modified { "Modified  " } else { "" };
        let middle = cols.saturating_sub(shown.chars().count()) / 2;
        let mut title = format!("{left:<middle$}{shown}");
        title = format!("{title:<w$}{right}", w = cols.saturating_sub(right.len()));
        let title: String = title.chars().take(cols).collect();
        let mut out = format!("\x1b[?25l\x1b[H{}", reverse(&title));
        out.push_str("\x1b[2;1H\x1b[K");
        let (_, column) = expanded(&b.lines[b.row], b.col);
        // A long line scrolls by itself, as nano does it.
        let page = cols.saturating_sub(2).max(1);
        let shift = if column >= cols.saturating_sub(1) { column / page * page } else { 0 };
        for i in 0..height {
            out.push_str(&format!("\x1b[{};1H\x1b[K", i + 2 + 1));
            if let Some(line) = b.lines.get(self.top + i) {
                let (text, _) = expanded(line, 0);
                let from = if self.top + i == b.row { shift } else { 0 };
                let part: String = text.chars().skip(from).take(cols).collect();
                out.push_str(&part);
            }
        }
        let status = rows.saturating_sub(2);
        out.push_str(&format!("\x1b[{status};1H\x1b[K"));
        let (mut y, mut x) = (b.row - self.top + 3, column - shift + 1);
        if let Some(p) = prompt {
            out.push_str(&reverse(&format!("{p:<cols$}").chars().take(cols).collect::<String>()));
            (y, x) = (status, p.chars().count() + 1);
        } else if !message.is_empty() {
            let text = format!("[ {message} ]");
            let at = cols.saturating_sub(text.chars().count()) / 2 + 1;
            out.push_str(&format!("\x1b[{status};{at}H{}", reverse(&text)));
        }
        for (i, line) in HELP.iter().enumerate() {
            out.push_str(&format!("\x1b[{};1H\x1b[K", status + 1 + i));
            if yes_no {
                out.push_str(&if i == 0 {
                    format!("{} Yes", reverse(" Y"))
                } else {
                    format!("{} No           {} Cancel", reverse(" N"), reverse("^C"))
                });
                continue;
            }
            let width = cols / line.len();
            for (key, text) in line.iter().filter(|_| prompt.is_none()) {
                let rest: String =
                    format!(" {text:<w$}", w = width.saturating_sub(3)).chars().take(width.saturating_sub(2)).collect();
                out.push_str(&format!("{}{rest}", reverse(key)));
            }
            if prompt.is_some() && i == 1 {
                out.push_str(&format!("{} Cancel", reverse("^C")));
            }
        }
        out.push_str(&format!("\x1b[{y};{x}H\x1b[?25h"));
        out
    }
}
