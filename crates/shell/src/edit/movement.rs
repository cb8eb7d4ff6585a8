//! Moving, killing and yanking, history.

use super::{Editor, Key};

/// How many kills are kept, as readline does.
const RING: usize = 10;

impl Editor {
    pub(super) fn movement(&mut self, key: &Key) {
        let len = self.line.len();
        match key {
            Key::Left | Key::Ctrl('b') => self.cursor = self.cursor.saturating_sub(1),
            Key::Right | Key::Ctrl('f') => self.cursor = (self.cursor + 1).min(len),
            Key::Home | Key::Ctrl('a') => self.cursor = 0,
            Key::End | Key::Ctrl('e') => self.cursor = len,
            Key::WordLeft | Key::Alt('b') => self.cursor = self.word_left(),
            Key::WordRight | Key::Alt('f') => self.cursor = self.word_right(),
            Key::Ctrl('k') => self.kill(self.cursor, len, true),
            Key::Ctrl('u') => self.kill(0, self.cursor, false),
            Key::Ctrl('w') => {
                let from = self.blank_left();
                self.kill(from, self.cursor, false);
            }
            Key::Alt('\x7f' | '\x08') => {
                let from = self.word_left();
                self.kill(from, self.cursor, false);
            }
            Key::Alt('d') => {
                let to = self.word_right();
                self.kill(self.cursor, to, true);
            }
            Key::Ctrl('y') => {
                if let Some(last) = self.killed.len().checked_sub(1) {
                    self.yank(last);
                }
            }
            Key::Alt('y') => {
                // Another one in the place of what was just yanked.
                if let Some((start, i)) = self.yanked {
                    self.line.drain(start..self.cursor);
                    self.cursor = start;
                    let ring = self.killed.len().max(1);
                    self.yank((i + ring - 1) % ring);
                }
            }
            Key::Alt('t') => self.transpose_words(),
            Key::Alt('r') => {
                self.remember();
                let text = self.history.get(self.at).map(|l| l.chars().collect()).unwrap_or_default();
                self.line = text;
                self.cursor = self.line.len();
            }
            Key::Alt('\\') => {
                self.remember();
                let blank = |c: Option<&char>| c.is_some_and(|c| matches!(c, ' ' | '\t'));
                while blank(self.line.get(self.cursor)) {
                    self.line.remove(self.cursor);
                }
                while self.cursor > 0 && blank(self.line.get(self.cursor - 1)) {
                    self.cursor -= 1;
                    self.line.remove(self.cursor);
                }
            }
            Key::Ctrl('t') => self.transpose(),
            Key::Alt('u' | 'l' | 'c') => self.change_case(key),
            Key::Alt('.' | '_') => self.yank_last_arg(),
            Key::Alt('<') => self.show(0),
            Key::Alt('>') => self.show(self.history.len()),
            Key::Up | Key::Ctrl('p') if self.at > 0 => self.show(self.at - 1),
            Key::Down | Key::Ctrl('n') if self.at < self.history.len() => self.show(self.at + 1),
            _ => {}
        }
    }

    /// Shows a line of the history; what was typed stays with the line it was typed in.
    pub(super) fn show(&mut self, at: usize) {
        self.edited.insert(self.at, self.line.clone());
        self.at = at;
        self.line = match self.edited.get(&at) {
            Some(l) => l.clone(),
            None => self.history.get(at).map(|l| l.chars().collect()).unwrap_or_default(),
        };
        self.cursor = self.line.len();
        self.undo.clear();
    }

    fn is_word(&self, i: usize) -> bool {
        self.line.get(i).is_some_and(|c| c.is_alphanumeric())
    }
    fn word_left(&self) -> usize {
        let mut i = self.cursor;
        while i > 0 && !self.is_word(i - 1) {
            i -= 1;
        }
        while i > 0 && self.is_word(i - 1) {
            i -= 1;
        }
        i
    }
    fn word_right(&self) -> usize {
        let mut i = self.cursor;
        while i < self.line.len() && !self.is_word(i) {
            i += 1;
        }
        while i < self.line.len() && self.is_word(i) {
            i += 1;
        }
        i
    }
    fn blank_left(&self) -> usize {
        let blank = |i: usize| self.line.get(i).is_some_and(|c| c.is_whitespace());
        let mut i = self.cursor;
        while i > 0 && blank(i - 1) {
            i -= 1;
        }
        while i > 0 && !blank(i - 1) {
            i -= 1;
        }
        i
    }

    fn kill(&mut self, from: usize, to: usize, forward: bool) {
        self.remember();
        let cut: Vec<char> = self.line.drain(from..to.min(self.line.len()).max(from)).collect();
        self.cursor = from;
        if cut.is_empty() {
            return;
        }
        match self.killed.last_mut().filter(|_| self.kill_follows) {
            None => {
                self.killed.push(cut);
                if self.killed.len() > RING {
                    self.killed.remove(0);
                }
            }
            Some(last) if forward => last.extend(cut),
            Some(last) => {
                last.splice(0..0, cut);
            }
        }
    }

    fn yank(&mut self, i: usize) {
        self.remember();
        let start = self.cursor;
        for c in self.killed.get(i).cloned().unwrap_or_default() {
            self.insert(c);
        }
        self.yanked = Some((start, i));
    }

    /// The word before the cursor and the one after it change places.
    fn transpose_words(&mut self) {
        let end = self.word_right();
        let at = std::mem::replace(&mut self.cursor, end);
        let second = self.word_left();
        self.cursor = second;
        let first = self.word_left();
        self.cursor = first;
        let first_end = self.word_right();
        if first_end > second || first == second {
            self.cursor = at;
            return;
        }
        self.remember();
        let word = |l: &[char], a: usize, b: usize| l.get(a..b).unwrap_or(&[]).to_vec();
        let mut text = word(&self.line, second, end);
        text.extend(word(&self.line, first_end, second));
        text.extend(word(&self.line, first, first_end));
        self.line.splice(first..end, text);
        self.cursor = end;
    }

    fn transpose(&mut self) {
        let len = self.line.len();
        if len < 2 || self.cursor == 0 {
            return;
        }
        self.remember();
        let i = if self.cursor == len { len - 1 } else { self.cursor };
        self.line.swap(i - 1, i);
        self.cursor = (i + 1).min(len);
    }

    fn change_case(&mut self, key: &Key) {
        self.remember();
        let to = self.word_right();
        let mut first = true;
        for i in self.cursor..to {
            let Some(c) = self.line.get_mut(i) else { break };
            let up = match key {
                Key::Alt('u') => true,
                Key::Alt('l') => false,
                _ => first,
            };
            if c.is_alphanumeric() {
                first = false;
            }
            let mapped = if up { c.to_uppercase().next() } else { c.to_lowercase().next() };
            *c = mapped.unwrap_or(*c);
        }
        self.cursor = to;
    }

    /// Alt-.: the last word of the line before; again: of the line before that.
    fn yank_last_arg(&mut self) {
        let back = self.last_arg.map_or(1, |(n, _)| n + 1);
        self.yank_argument(back, -1);
    }

    /// A word of the line so many back: 0 the command, -1 the last.
    pub(super) fn yank_argument(&mut self, back: usize, which: i32) {
        let Some(line) = self.history.len().checked_sub(back).and_then(|i| self.history.get(i)) else { return };
        let words = crate::interactive::line_words(line);
        let place = if which < 0 {
            words.len().checked_sub(which.unsigned_abs() as usize)
        } else {
            usize::try_from(which).ok()
        };
        let word: Vec<char> = place.and_then(|i| words.get(i)).map(|w| w.chars().collect()).unwrap_or_default();
        if let Some((_, inserted)) = self.last_arg {
            let from = self.cursor.saturating_sub(inserted);
            self.line.drain(from..self.cursor);
            self.cursor = from;
        }
        let n = word.len();
        for c in word {
            self.insert(c);
        }
        self.last_arg = Some((back, n));
    }
}
