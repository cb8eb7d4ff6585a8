//! Splitting at blanks that are neither quoted nor escaped.

#[derive(Default)]
pub(super) struct Words {
    done: Vec<String>,
    current: String,
    in_word: bool,
}

impl Words {
    /// A plain character: a blank ends the word.
    pub(super) fn add(&mut self, c: char) {
        if !c.is_whitespace() {
            self.add_raw(c);
        } else if self.in_word && !self.current.is_empty() {
            self.done.push(std::mem::take(&mut self.current));
            self.in_word = false;
        }
    }

    /// An escaped character: a blank belongs to the word.
    pub(super) fn add_raw(&mut self, c: char) {
        self.current.push(c);
        self.in_word = true;
    }

    /// A variable's value: split at its blanks.
    pub(super) fn add_split(&mut self, text: &str) {
        for c in text.chars() {
            self.add(c);
        }
    }

    /// A quoted text: part of the word as it is.
    pub(super) fn add_whole(&mut self, text: &str) {
        self.current.push_str(text);
        self.in_word = true;
    }

    pub(super) fn finish(mut self) -> Vec<String> {
        if !self.current.is_empty() {
            self.done.push(self.current);
        }
        self.done
    }
}
