//! What keys do: normal, insert and visual mode.

mod motion;
mod operator;

use super::keys::Key;
use super::text::{Place, Text};

/// A mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Normal,
    Insert,
    Replace,
    Visual,
    VisualLine,
    /// A line is typed: after `:`, `/` or `?`.
    Prompt(char),
}

/// What the editor wants from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Nothing,
    /// A line after `:`.
    Ex(String),
    /// `ZZ`
    SaveAndQuit,
    /// `ZQ`
    Quit,
}

/// The editor.
pub(super) struct Editor {
    pub(super) text: Text,
    pub(super) mode: Mode,
    pub(super) changed: bool,
    pub(super) message: String,
    pub(super) prompt: String,
    pub(super) number: bool,
    pub(super) page: usize,
    /// Where a selection began.
    pub(super) anchor: Place,
    register: (String, bool),
    undo: Vec<(Text, bool)>,
    redo: Vec<(Text, bool)>,
    /// Keys of a command that is not complete yet.
    pending: Vec<char>,
    /// Keys of the last change and of the one that is under way, for `.`.
    last_change: Vec<Key>,
    recording: Vec<Key>,
    replaying: bool,
    pub(super) pattern: String,
    backward: bool,
    last_find: Option<(char, char)>,
    /// How often what is typed now goes in, and what it is.
    repeat: usize,
    inserted: Vec<Key>,
    /// The column that up and down keep.
    wish: usize,
}

impl Editor {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: Text::new(text),
            mode: Mode::Normal,
            changed: false,
            message: String::new(),
            prompt: String::new(),
            number: false,
            page: 22,
            anchor: (0, 0),
            register: (String::new(), false),
            undo: Vec::new(),
            redo: Vec::new(),
            pending: Vec::new(),
            last_change: Vec::new(),
            recording: Vec::new(),
            replaying: false,
            pattern: String::new(),
            backward: false,
            last_find: None,
            repeat: 1,
            inserted: Vec::new(),
            wish: 0,
        }
    }

    /// What stands at the right of the last line.
    pub(super) fn typed(&self) -> String {
        self.pending.iter().collect()
    }

    /// Keeps the text as it is, to come back to.
    pub(super) fn keep(&mut self) {
        self.undo.push((self.text.clone(), self.changed));
        if self.undo.len() > 500 {
            self.undo.remove(0);
        }
        self.redo.clear();
        self.changed = true;
    }

    /// A key.
    pub(super) fn press(&mut self, key: Key) -> Want {
        if !self.replaying {
            self.recording.push(key);
        }
        match self.mode {
            Mode::Prompt(lead) => self.type_line(lead, key),
            Mode::Insert | Mode::Replace => {
                self.type_text(key);
                Want::Nothing
            }
            _ => self.command(key),
        }
    }

    fn type_line(&mut self, lead: char, key: Key) -> Want {
        match key {
            Key::Char(c) => self.prompt.push(c),
            Key::Backspace if self.prompt.pop().is_none() => self.mode = Mode::Normal,
            Key::Ctrl('U') => self.prompt.clear(),
            Key::Esc | Key::Ctrl('C') => self.mode = Mode::Normal,
            Key::Enter => {
                self.mode = Mode::Normal;
                let line = std::mem::take(&mut self.prompt);
                self.recording.clear();
                if lead == ':' {
                    return Want::Ex(line);
                }
                if !line.is_empty() {
                    self.pattern = line;
                }
                self.backward = lead == '?';
                self.search(self.backward);
            }
            _ => {}
        }
        Want::Nothing
    }

    fn type_text(&mut self, key: Key) {
        if self.repeat > 1 && !matches!(key, Key::Esc | Key::Ctrl('C' | '[')) {
            self.inserted.push(key);
        }
        match key {
            Key::Esc | Key::Ctrl('C' | '[') => {
                let (n, again) = (std::mem::replace(&mut self.repeat, 1), std::mem::take(&mut self.inserted));
                for _ in 1..n {
                    for k in &again {
                        self.type_text(*k);
                    }
                }
                self.inserted.clear();
                self.mode = Mode::Normal;
                self.text.at.1 = self.text.at.1.saturating_sub(1);
                self.done();
            }
            Key::Char(c) => {
                if self.mode == Mode::Replace && self.text.at.1 < self.text.line().len() {
                    let (row, col) = self.text.at;
                    self.text.cut((row, col), (row, col + 1));
                }
                self.text.insert(&c.to_string());
            }
            Key::Enter => {
                self.text.insert("\n");
            }
            Key::Backspace | Key::Ctrl('H') => {
                let (row, col) = self.text.at;
                if col > 0 {
                    self.text.cut((row, col - 1), (row, col));
                } else if row > 0 {
                    let len = self.text.lines.get(row - 1).map_or(0, Vec::len);
                    self.text.cut((row - 1, len), (row, 0));
                }
            }
            Key::Delete => {
                let (row, col) = self.text.at;
                self.text.cut((row, col), (row, col + 1));
            }
            Key::Ctrl('W') => {
                let at = self.text.at;
                let to = self.text.back(false);
                let to = if to.0 < at.0 { (at.0, 0) } else { to };
                self.text.cut(to, at);
            }
            Key::Ctrl('U') => {
                let at = self.text.at;
                self.text.cut((at.0, 0), at);
            }
            Key::Left => self.text.at.1 = self.text.at.1.saturating_sub(1),
            Key::Right => self.text.at.1 += 1,
            Key::Up => self.text.at.0 = self.text.at.0.saturating_sub(1),
            Key::Down => self.text.at.0 += 1,
            Key::Home => self.text.at.1 = 0,
            Key::End => self.text.at.1 = usize::MAX,
            _ => {}
        }
        self.text.clamp(true);
    }

    /// A change is complete: it is what `.` repeats.
    fn done(&mut self) {
        if !self.replaying && !self.recording.is_empty() {
            self.last_change = std::mem::take(&mut self.recording);
        }
    }

    fn command(&mut self, key: Key) -> Want {
        self.message.clear();
        let c = match key {
            Key::Char(c) => c,
            Key::Enter if self.pending.last().is_none_or(char::is_ascii_digit) => '+',
            Key::Backspace | Key::Left => 'h',
            Key::Right => 'l',
            Key::Up | Key::Ctrl('P') => 'k',
            Key::Down | Key::Ctrl('N' | 'J') => 'j',
            Key::Home => '0',
            Key::End => '$',
            Key::Delete => 'x',
            Key::Ctrl('R') => {
                if let Some((t, changed)) = self.redo.pop() {
                    self.undo.push((std::mem::replace(&mut self.text, t), self.changed));
                    self.changed = changed;
                }
                self.clear();
                return Want::Nothing;
            }
            Key::Ctrl('F' | 'B' | 'D' | 'U' | 'E' | 'Y') | Key::PageDown | Key::PageUp => {
                let n = match key {
                    Key::Ctrl('D' | 'U') => self.page / 2,
                    Key::Ctrl('E' | 'Y') => 1,
                    _ => self.page,
                };
                if matches!(key, Key::Ctrl('F' | 'D' | 'E') | Key::PageDown) {
                    self.text.at.0 = (self.text.at.0 + n).min(self.text.last());
                } else {
                    self.text.at.0 = self.text.at.0.saturating_sub(n);
                }
                self.text.clamp(false);
                self.clear();
                return Want::Nothing;
            }
            Key::Ctrl('G') => {
                self.message = format!(
                    "{} lines --{}%--",
                    self.text.lines.len(),
                    (self.text.at.0 + 1) * 100 / self.text.lines.len().max(1)
                );
                self.clear();
                return Want::Nothing;
            }
            _ => {
                self.mode = Mode::Normal;
                self.clear();
                return Want::Nothing;
            }
        };
        self.pending.push(c);
        self.text.clamp(false);
        let want = self.try_command();
        if self.mode == Mode::Normal {
            self.text.clamp(false);
        }
        want.unwrap_or(Want::Nothing)
    }

    fn clear(&mut self) {
        self.pending.clear();
        self.recording.clear();
    }

    /// Does what the keys so far say; `None`: they are not complete, or wrong.
    fn try_command(&mut self) -> Option<Want> {
        let keys = self.pending.clone();
        let mut i = 0;
        let count = |i: &mut usize| -> Option<usize> {
            let from = *i;
            while keys.get(*i).is_some_and(|c| c.is_ascii_digit() && (*c != '0' || *i > from)) {
                *i += 1;
            }
            keys[from..*i].iter().collect::<String>().parse().ok()
        };
        let first = count(&mut i);
        // A register's name is accepted, and there is one register.
        if keys.get(i) == Some(&'"') {
            keys.get(i + 1)?;
            i += 2;
        }
        let op = *keys.get(i)?;
        if matches!(self.mode, Mode::Visual | Mode::VisualLine) && "dxycs><~uUJpr:".contains(op) {
            return self.on_selection(op, keys.get(i + 1).copied());
        }
        if "dcy><".contains(op) {
            i += 1;
            let second = count(&mut i);
            let n = match (first, second) {
                (None, None) => None,
                (a, b) => Some(a.unwrap_or(1).saturating_mul(b.unwrap_or(1)).min(100_000)),
            };
            let m = *keys.get(i)?;
            if m == op || m == '_' {
                let (from, to) = (self.text.at.0, self.text.at.0 + n.unwrap_or(1) - 1);
                self.lines(op, from, to);
                return self.finish(op);
            }
            let arg = keys.get(i + 1).copied();
            if "fFtTg".contains(m) && arg.is_none() {
                return None;
            }
            if (m == 'i' || m == 'a') && "dcy".contains(op) {
                let (from, to) = self.object(m, arg?)?;
                self.range(op, from, to);
                return self.finish(op);
            }
            // `cw` goes to the word's end, not to the next word.
            let on_word = self.text.line().get(self.text.at.1).is_some_and(|c| !c.is_whitespace());
            let m = match m {
                'w' if op == 'c' && on_word => 'e',
                'W' if op == 'c' && on_word => 'E',
                m => m,
            };
            let start = self.text.at;
            let Some((to, linewise, inclusive)) = self.motion(m, arg, n) else {
                self.clear();
                return Some(Want::Nothing);
            };
            if linewise || "><".contains(op) {
                self.lines(op, start.0.min(to.0), start.0.max(to.0));
            } else {
                let (mut a, mut b) = if start <= to { (start, to) } else { (to, start) };
                if inclusive {
                    b.1 += 1;
                }
                // `dw` at a line's end stays in the line.
                if m == 'w' || m == 'W' {
                    let len = self.text.lines.get(a.0).map_or(0, Vec::len);
                    if b.0 > a.0 && n.unwrap_or(1) == 1 {
                        b = (a.0, len);
                    }
                }
                if a > b {
                    std::mem::swap(&mut a, &mut b);
                }
                self.range(op, a, b);
            }
            return self.finish(op);
        }
        let arg = keys.get(i + 1).copied();
        let n = first.unwrap_or(1).min(100_000);
        match op {
            'i' | 'I' | 'a' | 'A' | 'o' | 'O' | 'R' | 's' | 'S' | 'C' => {
                self.keep();
                let (row, col) = self.text.at;
                let len = self.text.line().len();
                match op {
                    'I' => self.text.at.1 = self.text.line().iter().position(|c| !c.is_whitespace()).unwrap_or(len),
                    'a' => self.text.at.1 = (col + 1).min(len),
                    'A' => self.text.at.1 = len,
                    'o' => {
                        self.text.lines.insert(row + 1, Vec::new());
                        self.text.at = (row + 1, 0);
                    }
                    'O' => {
                        self.text.lines.insert(row, Vec::new());
                        self.text.at = (row, 0);
                    }
                    's' => self.register = (self.text.cut((row, col), (row, col + n)), false),
                    'S' => self.register = (self.text.cut((row, 0), (row, len)), false),
                    'C' => self.register = (self.text.cut((row, col), (row, len)), false),
                    _ => {}
                }
                self.repeat = if "iIaA".contains(op) { n.min(1000) } else { 1 };
                self.inserted.clear();
                self.mode = if op == 'R' { Mode::Replace } else { Mode::Insert };
                self.pending.clear();
                return Some(Want::Nothing);
            }
            'x' | 'X' | 'D' | '~' | 'J' | 'p' | 'P' => {
                self.keep();
                self.simple(op, n);
                self.done();
            }
            'r' => {
                let c = arg?;
                let (row, col) = self.text.at;
                if col + n <= self.text.line().len() {
                    self.keep();
                    self.text.cut((row, col), (row, col + n));
                    self.text.insert(&c.to_string().repeat(n));
                    self.text.at.1 = self.text.at.1.saturating_sub(1);
                    self.done();
                }
            }
            'Y' => self.lines('y', self.text.at.0, self.text.at.0 + n - 1),
            'u' => match self.undo.pop() {
                Some((t, changed)) => {
                    self.redo.push((std::mem::replace(&mut self.text, t), self.changed));
                    self.changed = changed;
                }
                None => "Already at oldest change".clone_into(&mut self.message),
            },
            '.' => {
                let again = self.last_change.clone();
                self.clear();
                self.replaying = true;
                for k in again {
                    self.press(k);
                }
                self.replaying = false;
                return Some(Want::Nothing);
            }
            ':' | '/' | '?' => {
                self.prompt.clear();
                self.mode = Mode::Prompt(op);
            }
            'v' | 'V' => {
                let new = if op == 'v' { Mode::Visual } else { Mode::VisualLine };
                if self.mode == new {
                    self.mode = Mode::Normal;
                } else {
                    if self.mode == Mode::Normal {
                        self.anchor = self.text.at;
                    }
                    self.mode = new;
                }
            }
            'Z' => {
                let c = arg?;
                self.clear();
                return Some(if c == 'Z' { Want::SaveAndQuit } else { Want::Quit });
            }
            'z' => {
                arg?;
            }
            _ => {
                if "fFtTg".contains(op) && arg.is_none() {
                    return None;
                }
                if let Some((to, _, _)) = self.motion(op, arg, first) {
                    self.text.at = to;
                    if !"jk".contains(op) {
                        self.wish = if op == '$' { usize::MAX } else { to.1 };
                    }
                }
            }
        }
        self.pending.clear();
        if !matches!(self.mode, Mode::Insert | Mode::Replace) {
            self.recording.clear();
        }
        Some(Want::Nothing)
    }
}
