//! Putting completions in, or listing them.

use layerlab_kernel::sorted;
use unicode_width::UnicodeWidthStr;

use super::{Editor, Key};

/// So many candidates are listed only if that is wished: readline's `completion-query-items`.
const ASK: usize = 100;

/// Something that could stand there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Candidate {
    /// What replaces the word, already quoted.
    pub value: String,
    /// How a list shows it.
    pub shown: String,
}

impl Editor {
    /// Answers [`super::Action::Complete`]: the word from `start` (in characters) to the cursor
    /// becomes what the candidates have in common; one alone also gets `tail` (a space, or
    /// nothing). Answers what to write.
    pub fn complete(&mut self, start: usize, candidates: &[Candidate], tail: &str, list: bool) -> Vec<u8> {
        let Some(first) = candidates.first() else { return b"\x07".to_vec() };
        let typed: String = self.line.iter().skip(start).take(self.cursor.saturating_sub(start)).collect();
        let mut common: Vec<char> = first.value.chars().collect();
        for c in candidates {
            let same = common.iter().zip(c.value.chars()).take_while(|(a, b)| **a == *b).count();
            common.truncate(same);
        }
        let mut text: String = common.into_iter().collect();
        if let [_] = candidates {
            text += tail;
        }
        let grows = text != typed && text.chars().count() >= typed.chars().count();
        if grows || (candidates.len() == 1 && text != typed) {
            self.remember();
            let from = start.min(self.cursor);
            self.line.splice(from..self.cursor, text.chars());
            self.cursor = from + text.chars().count();
            // A list comes with the second key that changes nothing.
            self.tabs = 0;
            let mut out = self.draw(true);
            if candidates.len() > 1 {
                out.push(7);
            }
            return out;
        }
        if !list {
            return b"\x07".to_vec();
        }
        self.list(candidates)
    }

    fn list(&mut self, candidates: &[Candidate]) -> Vec<u8> {
        let mut names: Vec<String> = candidates.iter().map(|c| c.shown.clone()).collect();
        sorted::sort(&mut names);
        names.dedup();
        let cursor = self.cursor;
        self.cursor = self.line.len();
        let mut out = self.draw(true);
        self.cursor = cursor;
        out.push(b'\n');
        if names.len() >= ASK {
            out.extend(format!("Display all {} possibilities? (y or n)", names.len()).bytes());
            self.asking = Some(names);
            return out;
        }
        self.columns(&names, &mut out);
        out
    }

    /// The key after the question whether all are to be shown.
    pub(super) fn answered(&mut self, names: Vec<String>, key: &Key) -> Vec<u8> {
        let mut out = Vec::new();
        match key {
            Key::Char('y' | 'Y' | ' ') => {
                out.push(b'\n');
                self.columns(&names, &mut out);
            }
            Key::Char('n' | 'N') | Key::Backspace | Key::Ctrl('g' | 'c') => {
                out.push(b'\n');
                self.columns(&[], &mut out);
            }
            _ => {
                out.push(7);
                self.asking = Some(names);
            }
        }
        out
    }

    /// Writes names in columns, and the line below them.
    fn columns(&mut self, names: &[String], out: &mut Vec<u8>) {
        let width = names.iter().map(|n| n.trim_end_matches('/').width()).max().unwrap_or(0) + 2;
        let columns = (self.cols / width).max(1);
        let rows = names.len().div_ceil(columns);
        for r in 0..rows {
            let mut line = String::new();
            for (k, n) in names.iter().skip(r).step_by(rows.max(1)).enumerate() {
                if k > 0 {
                    let have = line.width();
                    line.extend(std::iter::repeat_n(' ', (k * width).saturating_sub(have)));
                }
                line.push_str(n);
            }
            out.extend(line.bytes());
            out.push(b'\n');
        }
        self.row = 0;
        out.extend(self.draw(false));
    }
}
