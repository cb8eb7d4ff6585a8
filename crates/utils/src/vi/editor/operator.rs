//! `d`, `c`, `y` and the like.

use super::super::text::Place;
use super::{Editor, Mode, Want};

impl Editor {
    /// After a change by an operator.
    pub(super) fn finish(&mut self, op: char) -> Option<Want> {
        self.pending.clear();
        if op == 'y' {
            self.recording.clear();
        } else if self.mode != Mode::Insert {
            self.done();
        }
        Some(Want::Nothing)
    }

    pub(super) fn simple(&mut self, op: char, n: usize) {
        let (row, col) = self.text.at;
        let len = self.text.line().len();
        match op {
            'x' => self.register = (self.text.cut((row, col), (row, (col + n).min(len))), false),
            'X' => self.register = (self.text.cut((row, col.saturating_sub(n)), (row, col)), false),
            'D' => self.register = (self.text.cut((row, col), (row, len)), false),
            '~' => {
                let old = self.text.cut((row, col), (row, (col + n).min(len)));
                let new: String = old
                    .chars()
                    .map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
                    .collect();
                self.text.insert(&new);
            }
            'J' => {
                for _ in 0..n.max(2) - 1 {
                    if row < self.text.last() {
                        let next = self.text.lines.remove(row + 1);
                        let next: Vec<char> = next.into_iter().skip_while(|c| c.is_whitespace()).collect();
                        let Some(line) = self.text.lines.get_mut(row) else { return };
                        self.text.at.1 = line.len();
                        if !line.is_empty() && !next.is_empty() && line.last() != Some(&' ') {
                            line.push(' ');
                        }
                        line.extend(next);
                    }
                }
            }
            _ => {
                let (text, lines) = self.register.clone();
                if text.is_empty() {
                    return;
                }
                let all = text.repeat(n);
                if lines {
                    self.text.insert_lines(if op == 'p' { row + 1 } else { row }, &all);
                } else {
                    if op == 'p' {
                        self.text.at.1 = (col + 1).min(len);
                    }
                    self.text.insert(&all);
                    self.text.at.1 = self.text.at.1.saturating_sub(1);
                }
            }
        }
    }

    /// An operator on whole lines.
    pub(super) fn lines(&mut self, op: char, from: usize, to: usize) {
        let to = to.min(self.text.last());
        let n = to + 1 - from.min(to);
        match op {
            'y' => {
                self.register = (self.text.copy_lines(from, to), true);
                self.text.at.0 = from;
                if n > 2 {
                    self.message = format!("{n} lines yanked");
                }
            }
            'd' => {
                self.keep();
                self.register = (self.text.cut_lines(from, to), true);
                if n > 2 {
                    self.message = format!("{n} fewer lines");
                }
            }
            'c' => {
                self.keep();
                self.register = (self.text.copy_lines(from, to), true);
                let len = self.text.lines.get(to).map_or(0, Vec::len);
                self.text.cut((from, 0), (to, len));
                self.mode = Mode::Insert;
            }
            _ => {
                self.keep();
                for row in from..=to {
                    let Some(line) = self.text.lines.get_mut(row) else { continue };
                    if op == '>' {
                        if !line.is_empty() {
                            line.insert(0, '\t');
                        }
                    } else {
                        let n = if line.first() == Some(&'\t') {
                            1
                        } else {
                            line.iter().take(8).take_while(|c| **c == ' ').count()
                        };
                        line.drain(..n);
                    }
                }
                self.text.at = (from, self.text.first_nonblank(from));
            }
        }
    }

    /// An operator on a stretch; the second place is not part of it.
    pub(super) fn range(&mut self, op: char, from: Place, to: Place) {
        if op == 'y' {
            self.register = (self.text.copy(from, to), false);
            self.text.at = from;
            return;
        }
        self.keep();
        self.register = (self.text.cut(from, to), false);
        if op == 'c' {
            self.mode = Mode::Insert;
        }
    }

    pub(super) fn on_selection(&mut self, op: char, arg: Option<char>) -> Option<Want> {
        let (a, b) =
            if self.anchor <= self.text.at { (self.anchor, self.text.at) } else { (self.text.at, self.anchor) };
        let whole = self.mode == Mode::VisualLine;
        if op == 'r' {
            arg?;
        }
        self.mode = Mode::Normal;
        self.pending.clear();
        match op {
            ':' => {
                self.prompt = format!("{},{}", a.0 + 1, b.0 + 1);
                self.mode = Mode::Prompt(':');
            }
            '>' | '<' => self.lines(op, a.0, b.0),
            'J' => {
                self.keep();
                self.text.at = a;
                self.simple('J', b.0 - a.0 + 1);
            }
            'd' | 'x' | 'y' | 'c' | 's' => {
                let op = match op {
                    'x' => 'd',
                    's' => 'c',
                    o => o,
                };
                if whole {
                    self.lines(op, a.0, b.0);
                } else {
                    let mut to = (b.0, b.1 + 1);
                    if b.1 >= self.text.lines.get(b.0).map_or(0, Vec::len) && b.0 < self.text.last() {
                        to = (b.0 + 1, 0);
                    }
                    self.range(op, a, to);
                }
            }
            'p' => {
                let (text, lines) = self.register.clone();
                if whole {
                    self.lines('d', a.0, b.0);
                } else {
                    self.range('d', a, (b.0, b.1 + 1));
                }
                self.register = (text, lines);
                self.simple('P', 1);
            }
            _ => {
                self.keep();
                let (from, to) = if whole { ((a.0, 0), (b.0, usize::MAX)) } else { (a, (b.0, b.1 + 1)) };
                let old = self.text.cut(from, to);
                let new: String = old
                    .chars()
                    .map(|c| match op {
                        _ if c == '\n' => c,
                        'r' => arg.unwrap_or(c),
                        'u' => c.to_ascii_lowercase(),
                        'U' => c.to_ascii_uppercase(),
                        _ if c.is_lowercase() => c.to_ascii_uppercase(),
                        _ => c.to_ascii_lowercase(),
                    })
                    .collect();
                self.text.insert(&new);
                self.text.at = from;
            }
        }
        self.recording.clear();
        Some(Want::Nothing)
    }
}
