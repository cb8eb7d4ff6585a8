//! Fields under construction: splitting, and what is quoted for patterns.

use super::pattern;

/// What an expansion makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Words of a command: split and globbed.
    Fields,
    /// One string.
    Single,
    /// One pattern, in which quoted characters have a backslash.
    Pattern,
    /// One regular expression, likewise.
    Regex,
}

/// A field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Field {
    /// Its text.
    pub text: String,
    /// Its pattern.
    pub pattern: String,
    /// Whether it has an unquoted glob character.
    pub glob: bool,
}

/// Fields under construction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Fields {
    /// What is made.
    pub mode: Mode,
    /// Finished ones.
    pub done: Vec<Field>,
    /// The one that grows.
    pub current: Option<Field>,
    /// IFS white space has just ended a field: a separator that follows belongs to it.
    after_space: bool,
}

impl Fields {
    pub(crate) fn new(mode: Mode) -> Self {
        Self { mode, done: Vec::new(), current: None, after_space: false }
    }

    /// Text that is not split.
    pub(crate) fn push(&mut self, text: &str, quoted: bool) {
        self.after_space = false;
        let mode = self.mode;
        let f = self.current.get_or_insert_default();
        f.text.push_str(text);
        if mode == Mode::Single {
            return;
        }
        if quoted && mode == Mode::Regex {
            for c in text.chars() {
                if r".[]{}()*+?^$|\".contains(c) {
                    f.pattern.push('\\');
                }
                f.pattern.push(c);
            }
        } else if quoted {
            pattern::escape_into(text, &mut f.pattern);
        } else {
            f.pattern.push_str(text);
            f.glob |= pattern::has_glob(text) || text.contains('(');
        }
    }

    /// The result of an unquoted expansion.
    pub(crate) fn push_split(&mut self, text: &str, ifs: &str) {
        if self.mode != Mode::Fields {
            if !text.is_empty() {
                self.push(text, false);
            }
            return;
        }
        let mut run = String::new();
        for c in text.chars() {
            if !ifs.contains(c) {
                run.push(c);
                continue;
            }
            if !run.is_empty() {
                self.push(&run, false);
                run.clear();
            }
            if matches!(c, ' ' | '\t' | '\n') {
                if self.current.is_some() {
                    self.end();
                    self.after_space = true;
                }
            } else if self.after_space {
                self.after_space = false;
            } else {
                self.current.get_or_insert_default();
                self.end();
            }
        }
        if !run.is_empty() {
            self.push(&run, false);
        }
    }

    /// The field ends here.
    pub(crate) fn end(&mut self) {
        self.done.extend(self.current.take());
        self.after_space = false;
    }

    /// There is a field here, even if nothing follows (quotes).
    pub(crate) fn touch(&mut self) {
        self.current.get_or_insert_default();
    }

    /// Bytes so far.
    pub(crate) fn len(&self) -> usize {
        self.current.as_ref().map_or(0, |f| f.text.len()) + self.done.len() * 8
    }

    /// The one string or pattern.
    pub(crate) fn single(mut self) -> String {
        self.end();
        let pattern = matches!(self.mode, Mode::Pattern | Mode::Regex);
        let mut it = self.done.into_iter().map(|f| if pattern { f.pattern } else { f.text });
        let first = it.next().unwrap_or_default();
        it.fold(first, |a, b| a + " " + &b)
    }
}
