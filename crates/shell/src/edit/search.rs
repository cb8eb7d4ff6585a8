//! Incremental search in the history: ^R and ^S.

use super::{Action, Editor, Key};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Search {
    query: String,
    back: bool,
    failed: bool,
    /// What was there before.
    line: Vec<char>,
    at: usize,
}

impl Search {
    pub(super) fn prompt(&self) -> String {
        let kind = if self.back { "reverse-i-search" } else { "i-search" };
        let kind = if self.failed { format!("failed {kind}") } else { kind.to_owned() };
        format!("({kind})`{}': ", self.query)
    }
}

impl Editor {
    pub(super) fn start_search(&mut self, back: bool) {
        self.search = Some(Search { query: String::new(), back, failed: false, line: self.line.clone(), at: self.at });
    }

    /// A key while searching; `None` if it ends the search and is to be taken as usual.
    #[allow(clippy::option_option, reason = "not taken, taken without and with an action")]
    pub(super) fn search_key(&mut self, key: &Key) -> Option<Option<Action>> {
        match key {
            Key::Char(c) => {
                if let Some(s) = &mut self.search {
                    s.query.push(*c);
                }
                self.find(true);
            }
            Key::Backspace => {
                if let Some(s) = &mut self.search {
                    s.query.pop();
                }
                let len = self.history.len();
                self.at = len;
                self.find(true);
            }
            Key::Ctrl(c @ ('r' | 's')) => {
                if let Some(s) = &mut self.search {
                    s.back = *c == 'r';
                }
                self.find(false);
            }
            Key::Ctrl('g') => {
                if let Some(s) = self.search.take() {
                    self.line = s.line;
                    self.at = s.at;
                    self.cursor = self.line.len();
                }
            }
            Key::Ctrl('c') => {
                self.search = None;
                return Some(Some(Action::Interrupt));
            }
            _ => {
                self.search = None;
                return None;
            }
        }
        Some(None)
    }

    /// The next line that has the query; `here`: the shown one may be it.
    fn find(&mut self, here: bool) {
        let Some(s) = &mut self.search else { return };
        if s.query.is_empty() {
            return;
        }
        let len = self.history.len();
        let hit = |i: &usize| self.history.get(*i).is_some_and(|l| l.contains(&s.query));
        let found = if s.back {
            let end = if here { (self.at + 1).min(len) } else { self.at.min(len) };
            (0..end).rev().find(hit)
        } else {
            let from = if here { self.at } else { self.at + 1 };
            (from..len).find(hit)
        };
        s.failed = found.is_none();
        if let Some(i) = found {
            let text = self.history.get(i).cloned().unwrap_or_default();
            let place = text.find(&s.query).map_or(0, |b| text.get(..b).map_or(0, |t| t.chars().count()));
            self.at = i;
            self.line = text.chars().collect();
            self.cursor = place;
        }
    }
}
