//! The text that is edited, and the cursor in it.

use super::Key;

/// Lines without newlines; there is always at least one.
pub(crate) struct Buffer {
    pub(crate) lines: Vec<Vec<char>>,
    /// The cursor's line, from 0.
    pub(crate) row: usize,
    /// The cursor's character in it, from 0.
    pub(crate) col: usize,
    /// Whether it differs from the file.
    pub(crate) modified: bool,
    cut: Vec<Vec<char>>,
    cutting: bool,
}

impl Default for Buffer {
    fn default() -> Self {
        Self { lines: vec![Vec::new()], row: 0, col: 0, modified: false, cut: Vec::new(), cutting: false }
    }
}

impl Buffer {
    /// From a file's text.
    pub(crate) fn from_text(text: &str) -> Self {
        Self { lines: text.split('\n').map(|l| l.chars().collect()).collect(), ..Self::default() }
    }

    /// As it is written: with a newline at the end unless it is empty.
    pub(crate) fn text(&self) -> String {
        let mut t = self.lines.iter().map(|l| l.iter().collect::<String>()).collect::<Vec<_>>().join("\n");
        if !t.is_empty() && !t.ends_with('\n') {
            t.push('\n');
        }
        t
    }

    /// Lines as nano counts them: not the empty one at the end.
    pub(crate) fn shown_lines(&self) -> usize {
        let empty_end = self.lines.last().is_some_and(Vec::is_empty);
        self.lines.len() - usize::from(empty_end)
    }

    fn line(&mut self) -> &mut Vec<char> {
        self.row = self.row.min(self.lines.len().saturating_sub(1));
        if self.lines.is_empty() {
            self.lines.push(Vec::new());
        }
        &mut self.lines[self.row]
    }

    /// The next place of a text after the cursor; whether the search wrapped. `None`: nowhere.
    pub(crate) fn search(&mut self, text: &str) -> Option<bool> {
        let wanted: Vec<char> = text.to_lowercase().chars().collect();
        if wanted.is_empty() {
            return None;
        }
        let n = self.lines.len();
        for step in 0..=n {
            let row = (self.row + step) % n;
            let from = if step == 0 { self.col + 1 } else { 0 };
            let line: Vec<char> = self.lines[row].iter().flat_map(|c| c.to_lowercase()).collect();
            let hit = (from..line.len()).find(|i| line[*i..].starts_with(&wanted));
            if let Some(col) = hit {
                let wrapped = row < self.row || step == n;
                (self.row, self.col) = (row, col);
                return Some(wrapped);
            }
        }
        None
    }

    /// A key of plain editing; `page` is the height of a page.
    pub(crate) fn press(&mut self, key: Key, page: usize) {
        let cutting = std::mem::replace(&mut self.cutting, key == Key::Ctrl(b'K'));
        let len = self.line().len();
        let last = self.lines.len() - 1;
        match key {
            Key::Char(ch) => {
                let col = self.col.min(len);
                self.line().insert(col, ch);
                self.col = col + 1;
                self.modified = true;
            }
            Key::Named("enter") => {
                let col = self.col.min(len);
                let rest = self.line().split_off(col);
                self.lines.insert(self.row + 1, rest);
                (self.row, self.col, self.modified) = (self.row + 1, 0, true);
            }
            Key::Named("backspace") if self.col > 0 => {
                let col = self.col.min(len);
                self.line().remove(col - 1);
                (self.col, self.modified) = (col - 1, true);
            }
            Key::Named("backspace") if self.row > 0 => {
                let rest = self.lines.remove(self.row);
                self.row -= 1;
                self.col = self.line().len();
                self.line().extend(rest);
                self.modified = true;
            }
            Key::Named("delete") | Key::Ctrl(b'D') => {
                let col = self.col;
                if col < len {
                    self.line().remove(col);
                    self.modified = true;
                } else if self.row < last {
                    let rest = self.lines.remove(self.row + 1);
                    self.line().extend(rest);
                    self.modified = true;
                }
            }
            Key::Named("left") | Key::Ctrl(b'B') => {
                if self.col > 0 {
                    self.col -= 1;
                } else if self.row > 0 {
                    self.row -= 1;
                    self.col = self.line().len();
                }
            }
            Key::Named("right") | Key::Ctrl(b'F') => {
                if self.col < len {
                    self.col += 1;
                } else if self.row < last {
                    (self.row, self.col) = (self.row + 1, 0);
                }
            }
            Key::Named("up") | Key::Ctrl(b'P') => self.row = self.row.saturating_sub(1),
            Key::Named("down") | Key::Ctrl(b'N') => self.row = (self.row + 1).min(last),
            Key::Named("page up") | Key::Ctrl(b'Y') => self.row = self.row.saturating_sub(page),
            Key::Named("page down") | Key::Ctrl(b'V') => self.row = (self.row + page).min(last),
            Key::Named("home") | Key::Ctrl(b'A') => self.col = 0,
            Key::Named("end") | Key::Ctrl(b'E') => self.col = len,
            Key::Ctrl(b'K') => {
                if !cutting {
                    self.cut.clear();
                }
                if self.row < last || len > 0 {
                    let line = self.lines.remove(self.row);
                    self.cut.push(line);
                    self.modified = true;
                }
                if self.lines.is_empty() {
                    self.lines.push(Vec::new());
                }
                (self.row, self.col) = (self.row.min(self.lines.len() - 1), 0);
            }
            Key::Ctrl(b'U') if !self.cut.is_empty() => {
                let n = self.cut.len();
                self.lines.splice(self.row..self.row, self.cut.clone());
                (self.row, self.col, self.modified) = (self.row + n, 0, true);
            }
            _ => {}
        }
        self.row = self.row.min(self.lines.len() - 1);
        self.col = self.col.min(self.lines[self.row].len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_edit_the_text() {
        let mut b = Buffer::from_text("one\ntwo\nthree\n");
        for k in [Key::Named("down"), Key::Named("end"), Key::Char('!'), Key::Named("enter"), Key::Char('x')] {
            b.press(k, 10);
        }
        assert_eq!(b.text(), "one\ntwo!\nx\nthree\n");
        for k in
            [Key::Named("backspace"), Key::Named("backspace"), Key::Named("up"), Key::Ctrl(b'K'), Key::Named("end")]
        {
            b.press(k, 10);
        }
        assert_eq!(b.text(), "two!\nthree\n");
        b.press(Key::Named("down"), 10);
        b.press(Key::Ctrl(b'U'), 10);
        assert_eq!(b.text(), "two!\none\nthree\n");
        assert_eq!(b.search("TWO"), Some(true));
        assert_eq!((b.row, b.col), (0, 0));
        assert_eq!(b.search("nope"), None);
        assert_eq!(b.shown_lines(), 3);
    }

    #[test]
    fn everything_can_be_cut() {
        let mut b = Buffer::from_text("a\nb");
        for _ in 0..5 {
            b.press(Key::Ctrl(b'K'), 10);
        }
        assert_eq!(b.text(), "");
        b.press(Key::Ctrl(b'U'), 10);
        assert_eq!(b.text(), "a\nb\n");
    }
}
