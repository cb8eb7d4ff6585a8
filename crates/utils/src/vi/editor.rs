//! What keys do: normal, insert and visual mode.

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

    /// After a change by an operator.
    fn finish(&mut self, op: char) -> Option<Want> {
        self.pending.clear();
        if op == 'y' {
            self.recording.clear();
        } else if self.mode != Mode::Insert {
            self.done();
        }
        Some(Want::Nothing)
    }

    fn simple(&mut self, op: char, n: usize) {
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
    fn lines(&mut self, op: char, from: usize, to: usize) {
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
    fn range(&mut self, op: char, from: Place, to: Place) {
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

    fn on_selection(&mut self, op: char, arg: Option<char>) -> Option<Want> {
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

    /// Words and what is between quotes or brackets, for `diw`, `ci"` and the like.
    fn object(&self, how: char, what: char) -> Option<(Place, Place)> {
        let (row, col) = self.text.at;
        let line = self.text.line();
        let inner = how == 'i';
        if what == 'w' || what == 'W' {
            let kind = |c: &char| match c {
                c if c.is_whitespace() => 0,
                c if c.is_alphanumeric() || *c == '_' || what == 'W' => 1,
                _ => 2,
            };
            let here = kind(line.get(col)?);
            let start = line[..col].iter().rposition(|c| kind(c) != here).map_or(0, |i| i + 1);
            let mut end = col + line[col..].iter().position(|c| kind(c) != here).unwrap_or(line.len() - col);
            if !inner {
                end += line[end..].iter().take_while(|c| c.is_whitespace()).count();
            }
            return Some(((row, start), (row, end)));
        }
        let (open, close) = match what {
            '(' | ')' | 'b' => ('(', ')'),
            '[' | ']' => ('[', ']'),
            '{' | '}' | 'B' => ('{', '}'),
            '<' | '>' => ('<', '>'),
            '"' | '\'' | '`' => (what, what),
            _ => return None,
        };
        let (start, end) = if open == close {
            let marks: Vec<usize> = (0..line.len()).filter(|i| line[*i] == open).collect();
            let pair = marks.chunks_exact(2).find(|p| p[1] >= col)?;
            (pair[0], pair[1])
        } else {
            let start = (0..=col.min(line.len().saturating_sub(1))).rev().find(|i| line[*i] == open)?;
            (start, (start + 1..line.len()).find(|i| line[*i] == close)?)
        };
        Some(if inner { ((row, start + 1), (row, end)) } else { ((row, start), (row, end + 1)) })
    }

    /// Where a movement leads; whether it takes whole lines; whether its end belongs to it.
    fn motion(&mut self, m: char, arg: Option<char>, count: Option<usize>) -> Option<(Place, bool, bool)> {
        let n = count.unwrap_or(1).min(100_000);
        let (row, col) = self.text.at;
        let last = self.text.last();
        let len = self.text.line().len();
        let step = |text: &Text, f: &dyn Fn(&Text) -> Place| {
            let mut t = text.clone();
            for _ in 0..n {
                t.at = f(&t);
            }
            t.at
        };
        Some(match m {
            'h' => ((row, col.saturating_sub(n)), false, false),
            'l' | ' ' => ((row, (col + n).min(len)), false, false),
            'j' | '+' => {
                if row == last && n > 0 {
                    return None;
                }
                let to = (row + n).min(last);
                let at = if m == '+' { self.text.first_nonblank(to) } else { self.wish.max(col) };
                ((to, at.min(self.text.lines.get(to).map_or(0, Vec::len).saturating_sub(1))), true, false)
            }
            'k' | '-' => {
                if row == 0 {
                    return None;
                }
                let to = row.saturating_sub(n);
                let at = if m == '-' { self.text.first_nonblank(to) } else { self.wish.max(col) };
                ((to, at.min(self.text.lines.get(to).map_or(0, Vec::len).saturating_sub(1))), true, false)
            }
            '0' => ((row, 0), false, false),
            '^' => ((row, self.text.first_nonblank(row)), false, false),
            '|' => ((row, n - 1), false, false),
            '$' => {
                let to = (row + n - 1).min(last);
                ((to, self.text.lines.get(to).map_or(0, Vec::len).saturating_sub(1)), false, true)
            }
            'G' => {
                let to = count.map_or(last, |n| n.saturating_sub(1).min(last));
                ((to, self.text.first_nonblank(to)), true, false)
            }
            'g' => match arg {
                Some('g') => {
                    let to = count.map_or(0, |n| n.saturating_sub(1).min(last));
                    ((to, self.text.first_nonblank(to)), true, false)
                }
                Some('e') => (step(&self.text, &|t| t.back(false)), false, true),
                _ => return None,
            },
            'w' | 'W' => (step(&self.text, &|t| t.word(m == 'W')), false, false),
            'b' | 'B' => (step(&self.text, &|t| t.back(m == 'B')), false, false),
            'e' | 'E' => (step(&self.text, &|t| t.end(m == 'E')), false, true),
            'f' | 'F' | 't' | 'T' => {
                let wanted = arg?;
                self.last_find = Some((m, wanted));
                let mut t = self.text.clone();
                for _ in 0..n {
                    t.at = t.find(m, wanted)?;
                }
                (t.at, false, m == 'f' || m == 't')
            }
            ';' | ',' => {
                let (mut kind, wanted) = self.last_find?;
                if m == ',' {
                    kind = if kind.is_lowercase() { kind.to_ascii_uppercase() } else { kind.to_ascii_lowercase() };
                }
                (self.text.find(kind, wanted)?, false, kind.is_lowercase())
            }
            '%' => (self.text.partner()?, false, true),
            '}' | '{' => (self.text.paragraph(m == '}'), false, false),
            'H' | 'M' | 'L' => ((row, col), true, false),
            'n' | 'N' => {
                let at = self.text.at;
                self.search(self.backward != (m == 'N'));
                (std::mem::replace(&mut self.text.at, at), false, false)
            }
            '*' | '#' => {
                let line = self.text.line();
                let is = |c: &char| c.is_alphanumeric() || *c == '_';
                let start = line[..col.min(len)].iter().rposition(|c| !is(c)).map_or(0, |i| i + 1);
                let word: String = line.get(start..)?.iter().take_while(|c| is(c)).collect();
                if word.is_empty() {
                    return None;
                }
                self.pattern = format!("\\<{word}\\>");
                self.backward = m == '#';
                let at = self.text.at;
                self.search(self.backward);
                (std::mem::replace(&mut self.text.at, at), false, false)
            }
            _ => return None,
        })
    }

    /// Goes to the next place of the pattern, around the end if need be.
    pub(super) fn search(&mut self, backward: bool) {
        let Ok(re) = super::pattern::pattern(&self.pattern, false) else {
            self.message = format!("E383: Invalid search string: {}", self.pattern);
            return;
        };
        let rows = self.text.lines.len();
        let (row, col) = self.text.at;
        for i in 0..=rows {
            let r = if backward { (row + rows - i % rows) % rows } else { (row + i) % rows };
            let line: String = self.text.lines.get(r).map_or_else(String::new, |l| l.iter().collect());
            let hits: Vec<usize> = starts(&re, &line);
            let hit = match (i, backward) {
                (0, false) => hits.iter().copied().find(|h| *h > col),
                (0, true) => hits.iter().rev().copied().find(|h| *h < col),
                (_, false) => hits.first().copied(),
                (_, true) => hits.last().copied(),
            };
            if let Some(h) = hit {
                let wrapped = if backward { r > row || i == rows } else { r < row || i == rows };
                if wrapped {
                    self.message = if backward {
                        "search hit TOP, continuing at BOTTOM".to_owned()
                    } else {
                        "search hit BOTTOM, continuing at TOP".to_owned()
                    };
                }
                self.text.at = (r, h);
                return;
            }
        }
        self.message = format!("E486: Pattern not found: {}", self.pattern);
    }
}

/// Where a pattern fits in a line, in characters.
fn starts(re: &crate::regex::Pattern, line: &str) -> Vec<usize> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some((a, b)) = re.find_at(line, from) {
        out.push(line[..a].chars().count());
        from = if b > a { b } else { b + line[b..].chars().next().map_or(1, char::len_utf8) };
        if from > line.len() {
            break;
        }
    }
    out
}
