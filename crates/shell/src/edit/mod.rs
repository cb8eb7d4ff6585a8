//! The line editor, as readline's emacs mode: pure state, bytes in, [`Action`]s out.
//!
//! It knows no terminal and no shell: who uses it writes what [`Action::Write`] says, and answers
//! [`Action::Complete`] with [`Editor::complete`].

mod complete;
mod keys;
mod movement;
mod render;
mod search;

pub use complete::Candidate;
pub use keys::{Key, Keys};

use std::rc::Rc;

/// What the editor asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// These bytes go to the terminal.
    Write(Vec<u8>),
    /// The line is done.
    Accept(String),
    /// ^D on an empty line.
    Eof,
    /// ^C.
    Interrupt,
    /// Tab: what could stand before the cursor? True the second time in a row.
    Complete(String, usize, bool),
}

/// A line being edited.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Editor {
    prompt: String,
    line: Vec<char>,
    cursor: usize,
    cols: usize,
    keys: Keys,
    history: Rc<Vec<String>>,
    /// Which history line is shown; its length: the new line.
    at: usize,
    /// Lines of the history as they were changed here, and the new line at the end.
    edited: layerlab_kernel::sorted::SortedMap<usize, Vec<char>>,
    /// What was killed, the latest last.
    killed: Vec<Vec<char>>,
    /// The last key killed: the next kill joins it.
    kill_follows: bool,
    /// The last key yanked: where its text starts, and which of `killed` it is.
    yanked: Option<(usize, usize)>,
    /// The last key was text.
    typing: bool,
    /// The next byte is text (^V).
    verbatim: bool,
    /// ^X was typed.
    prefix: bool,
    /// A count typed with Alt and digits.
    count: Option<i32>,
    /// Where ^X^X goes.
    mark: usize,
    tabs: u32,
    last_arg: Option<(usize, usize)>,
    search: Option<search::Search>,
    /// Names that are shown if `y` is the answer.
    asking: Option<Vec<String>>,
    pasting: bool,
    paste_cr: bool,
    /// Row of the cursor below the prompt's first row, as drawn.
    row: usize,
    undo: Vec<(Vec<char>, usize)>,
}

impl Editor {
    /// A new line after a prompt. The prompt may have escape sequences; `\x01` and `\x02` enclose
    /// what has no width, as `\[` and `\]` do in PS1.
    pub fn new(prompt: &str, cols: usize, history: Rc<Vec<String>>) -> Self {
        let at = history.len();
        Self {
            prompt: prompt.to_owned(),
            line: Vec::new(),
            cursor: 0,
            cols: cols.max(8),
            keys: Keys::default(),
            history,
            at,
            edited: layerlab_kernel::sorted::SortedMap::new(),
            killed: Vec::new(),
            kill_follows: false,
            yanked: None,
            typing: false,
            verbatim: false,
            prefix: false,
            count: None,
            mark: 0,
            tabs: 0,
            last_arg: None,
            search: None,
            asking: None,
            pasting: false,
            paste_cr: false,
            row: 0,
            undo: Vec::new(),
        }
    }

    /// Keeps what was killed and typed ahead from an earlier line.
    pub fn follow(mut self, earlier: &Self) -> Self {
        self.killed.clone_from(&earlier.killed);
        self.keys = earlier.keys.clone();
        self
    }

    /// The text.
    pub fn text(&self) -> String {
        self.line.iter().collect()
    }
    /// The cursor's place in characters.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Puts a text there, with the cursor at its end.
    pub fn set_text(&mut self, text: &str) {
        self.line = text.chars().collect();
        self.cursor = self.line.len();
    }

    /// The first drawing of prompt and line.
    pub fn start(&mut self) -> Vec<u8> {
        self.row = 0;
        self.draw(false)
    }

    /// The terminal has another width.
    pub fn resize(&mut self, cols: usize) -> Vec<u8> {
        self.cols = cols.max(8);
        self.draw(true)
    }

    /// Takes typed bytes. After an action other than `Write` the rest waits for the next call, so
    /// that what is typed ahead goes to whom it is for.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Action> {
        self.keys.push(bytes);
        let mut actions = Vec::new();
        let mut dirty = false;
        let before = self.line.clone();
        let (cursor_before, plain_before) = (self.cursor, self.search.is_none());
        let mut echo = String::new();
        let mut only_appended = cursor_before == before.len() && plain_before;
        while let Some(key) = self.keys.next() {
            let len = self.line.len();
            let was_at_end = self.cursor == len;
            let searching = self.search.is_some();
            let action = self.key(&key);
            if searching && self.search.is_none() {
                (dirty, only_appended) = (true, false);
            }
            match action {
                None => {
                    let appended = match key {
                        Key::Char(c)
                            if was_at_end
                                && self.cursor == self.line.len()
                                && self.line.len() == len + 1
                                && c != '\n' =>
                        {
                            echo.push(c);
                            true
                        }
                        _ => false,
                    };
                    only_appended &= appended;
                    dirty = true;
                }
                Some(Action::Write(b)) => {
                    if b == b"\x0c" {
                        actions.push(Action::Write(b"\x1b[H\x1b[2J".to_vec()));
                        self.row = 0;
                        only_appended = false;
                        dirty = true;
                    } else {
                        actions.push(Action::Write(b));
                    }
                }
                Some(a) => {
                    if dirty || (matches!(a, Action::Accept(_)) && before != self.line) {
                        actions.push(Action::Write(self.redraw(only_appended, &before, &echo)));
                    }
                    match &a {
                        Action::Accept(_) => actions.push(Action::Write(self.finish(b"\n"))),
                        Action::Interrupt => actions.push(Action::Write(self.finish(b"^C\n"))),
                        _ => {}
                    }
                    actions.push(a);
                    return actions;
                }
            }
        }
        // Escape alone ends a search.
        if self.search.is_some() && self.keys.take_escape() {
            self.search = None;
            (dirty, only_appended) = (true, false);
        }
        if dirty {
            actions.push(Action::Write(self.redraw(only_appended, &before, &echo)));
        }
        actions
    }

    /// Whether typed bytes wait to be looked at.
    pub fn has_pending(&self) -> bool {
        self.keys.has_pending()
    }

    fn redraw(&mut self, only_appended: bool, before: &[char], echo: &str) -> Vec<u8> {
        if only_appended
            && !echo.is_empty()
            && let Some(out) = self.append(before, echo)
        {
            return out;
        }
        self.draw(true)
    }

    fn key(&mut self, key: &Key) -> Option<Action> {
        if self.pasting {
            return self.paste(key);
        }
        if let Some(names) = self.asking.take() {
            return Some(Action::Write(self.answered(names, key)));
        }
        if self.search.is_some()
            && let Some(r) = self.search_key(key)
        {
            return r;
        }
        if std::mem::take(&mut self.verbatim) {
            self.insert_verbatim(key);
            return None;
        }
        if std::mem::take(&mut self.prefix) {
            return self.prefixed(key);
        }
        // Alt with digits is a count for the next key.
        if let Key::Alt(d @ ('0'..='9' | '-')) = key {
            let before = self.count.unwrap_or(0);
            self.count = Some(match d.to_digit(10) {
                Some(n) => (before * 10 + before.signum().max(1) * n as i32).clamp(-999, 999),
                None => -1,
            });
            return None;
        }
        let count = self.count.take();
        let killing = matches!(key, Key::Ctrl('k' | 'u' | 'w') | Key::Alt('d' | '\x7f' | '\x08'));
        let (tab, alt_dot) = (matches!(key, Key::Tab), matches!(key, Key::Alt('.' | '_')));
        let yank = matches!(key, Key::Ctrl('y') | Key::Alt('y'));
        let action = self.counted(key, count);
        self.kill_follows = killing;
        if !yank {
            self.yanked = None;
        }
        self.tabs = if tab { self.tabs } else { 0 };
        if !alt_dot {
            self.last_arg = None;
        }
        action
    }

    fn paste(&mut self, key: &Key) -> Option<Action> {
        let cr = std::mem::replace(&mut self.paste_cr, matches!(key, Key::Enter));
        match key {
            Key::PasteEnd => self.pasting = false,
            Key::Enter => self.insert('\n'),
            Key::Ctrl('j') if cr => {}
            Key::Ctrl('j') => self.insert('\n'),
            Key::Tab => self.insert('\t'),
            Key::Char(c) => self.insert(*c),
            _ => {}
        }
        None
    }

    /// A key as often as the count says; one that is below zero turns a movement round.
    fn counted(&mut self, key: &Key, count: Option<i32>) -> Option<Action> {
        let Some(n) = count else { return self.command(key) };
        let key = match (key, n < 0) {
            (Key::Ctrl('f') | Key::Right, true) => Key::Left,
            (Key::Ctrl('b') | Key::Left, true) => Key::Right,
            (Key::Alt('f'), true) => Key::Alt('b'),
            (Key::Alt('b'), true) => Key::Alt('f'),
            (Key::Alt('.' | '_'), _) => {
                self.yank_argument(1, n);
                return None;
            }
            (k, _) => *k,
        };
        let mut last = None;
        for _ in 0..n.unsigned_abs().max(1) {
            last = self.command(&key);
            if last.is_some() {
                break;
            }
            self.kill_follows |= matches!(key, Key::Ctrl('k' | 'u' | 'w') | Key::Alt('d' | '\x7f' | '\x08'));
        }
        last
    }

    fn insert_verbatim(&mut self, key: &Key) {
        self.remember();
        match key {
            Key::Char(c) => self.insert(*c),
            Key::Ctrl(c) => self.insert(char::from((*c as u8) & 0x1f)),
            Key::Tab => self.insert('\t'),
            Key::Enter => self.insert('\r'),
            _ => {}
        }
    }

    /// The key after ^X.
    fn prefixed(&mut self, key: &Key) -> Option<Action> {
        match key {
            Key::Ctrl('u') => return self.command(&Key::Ctrl('_')),
            Key::Ctrl('x') => {
                let to = self.mark.min(self.line.len());
                self.mark = std::mem::replace(&mut self.cursor, to);
            }
            Key::Backspace => self.movement(&Key::Ctrl('u')),
            _ => {}
        }
        None
    }

    fn remember(&mut self) {
        if self.undo.last().is_none_or(|(l, _)| *l != self.line) {
            self.undo.push((self.line.clone(), self.cursor));
            if self.undo.len() > 200 {
                self.undo.remove(0);
            }
        }
    }

    fn insert(&mut self, c: char) {
        if self.line.len() < 1 << 18 {
            self.line.insert(self.cursor.min(self.line.len()), c);
            self.cursor += 1;
        }
    }

    fn command(&mut self, key: &Key) -> Option<Action> {
        let len = self.line.len();
        let typing = std::mem::replace(&mut self.typing, matches!(key, Key::Char(_)));
        match key {
            Key::Char(c) => {
                // What is typed in one go is undone in one go, or word by word.
                if !typing || *c == ' ' {
                    self.remember();
                }
                self.insert(*c);
            }
            Key::Enter | Key::Ctrl('j' | 'o') => return Some(Action::Accept(self.text())),
            // As a comment: for later, by the history.
            Key::Alt('#') => {
                self.set_text(&format!("#{}", self.text()));
                return Some(Action::Accept(self.text()));
            }
            Key::Ctrl('c') => return Some(Action::Interrupt),
            Key::Ctrl('d') if len == 0 => return Some(Action::Eof),
            Key::Ctrl('d') | Key::Delete => {
                if self.cursor < len {
                    self.remember();
                    self.line.remove(self.cursor);
                }
            }
            Key::Backspace => {
                if self.cursor > 0 {
                    self.remember();
                    self.cursor -= 1;
                    self.line.remove(self.cursor);
                }
            }
            Key::Tab => {
                self.tabs += 1;
                return Some(Action::Complete(self.text(), self.cursor, self.tabs > 1));
            }
            Key::Ctrl('v' | 'q') => self.verbatim = true,
            Key::Ctrl('x') => self.prefix = true,
            Key::Ctrl('@') => self.mark = self.cursor,
            Key::Alt('?' | '=') => return Some(Action::Complete(self.text(), self.cursor, true)),
            Key::Ctrl('l') => return Some(Action::Write(b"\x0c".to_vec())),
            Key::Ctrl('r') => self.start_search(true),
            Key::Ctrl('s') => self.start_search(false),
            Key::PasteStart => {
                self.remember();
                self.pasting = true;
            }
            Key::Ctrl('_') => {
                if let Some((line, cursor)) = self.undo.pop() {
                    (self.line, self.cursor) = (line, cursor);
                }
            }
            k => self.movement(k),
        }
        None
    }
}

#[cfg(test)]
mod tests;
