//! Moving, killing and yanking, history.

use super::{Editor, Key};

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
                self.remember();
                for c in self.killed.clone() {
                    self.insert(c);
                }
            }
            Key::Ctrl('t') => self.transpose(),
            Key::Alt('u' | 'l' | 'c') => self.change_case(key),
            Key::Alt('.' | '_') => self.yank_last_arg(),
            Key::Alt('#') => self.set_text(&format!("#{}", self.text())),
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
        if !self.kill_follows {
            self.killed = cut;
        } else if forward {
            self.killed.extend(cut);
        } else {
            self.killed.splice(0..0, cut);
        }
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
        let Some(line) = self.history.len().checked_sub(back).and_then(|i| self.history.get(i)) else { return };
        let word: Vec<char> = line.split_whitespace().next_back().unwrap_or("").chars().collect();
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
