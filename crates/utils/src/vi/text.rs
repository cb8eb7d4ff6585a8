//! The text that is edited: lines, movements, changes, what can be undone.

/// A place: line and character, from 0.
pub(super) type Place = (usize, usize);

/// The text with its cursor.
#[derive(Clone, Default)]
pub(super) struct Text {
    /// Lines without newlines; never none.
    pub(super) lines: Vec<Vec<char>>,
    /// Where the cursor is.
    pub(super) at: Place,
}

fn class(c: char, big: bool) -> u8 {
    match c {
        c if c.is_whitespace() => 0,
        c if big || c.is_alphanumeric() || c == '_' => 1,
        _ => 2,
    }
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let body = text.strip_suffix('\n').unwrap_or(text);
        Self { lines: body.split('\n').map(|l| l.chars().collect()).collect(), at: (0, 0) }
    }
    /// As it is written; one empty line is an empty file.
    pub(super) fn text(&self) -> String {
        if self.lines.len() == 1 && self.lines.iter().all(Vec::is_empty) {
            return String::new();
        }
        self.lines.iter().map(|l| l.iter().collect::<String>() + "\n").collect()
    }
    pub(super) fn line(&self) -> &[char] {
        self.lines.get(self.at.0).map_or(&[], Vec::as_slice)
    }
    pub(super) fn last(&self) -> usize {
        self.lines.len().saturating_sub(1)
    }
    fn len(&self, row: usize) -> usize {
        self.lines.get(row).map_or(0, Vec::len)
    }
    /// Keeps the cursor on a character; `insert`: it may stand behind the last.
    pub(super) fn clamp(&mut self, insert: bool) {
        if self.lines.is_empty() {
            self.lines.push(Vec::new());
        }
        self.at.0 = self.at.0.min(self.last());
        let len = self.len(self.at.0);
        self.at.1 = self.at.1.min(if insert { len } else { len.saturating_sub(1) });
    }
    pub(super) fn first_nonblank(&self, row: usize) -> usize {
        let line = self.lines.get(row).map_or(&[][..], Vec::as_slice);
        line.iter().position(|c| !c.is_whitespace()).unwrap_or(line.len().saturating_sub(1))
    }
    fn char_at(&self, p: Place) -> Option<char> {
        self.lines.get(p.0)?.get(p.1).copied()
    }
    /// The next place, over the ends of lines; an empty line is a place.
    fn next(&self, p: Place) -> Option<Place> {
        if p.1 + 1 < self.len(p.0) {
            Some((p.0, p.1 + 1))
        } else if p.0 < self.last() {
            Some((p.0 + 1, 0))
        } else {
            None
        }
    }
    fn previous(&self, p: Place) -> Option<Place> {
        if p.1 > 0 {
            Some((p.0, p.1 - 1))
        } else if p.0 > 0 {
            Some((p.0 - 1, self.len(p.0 - 1).saturating_sub(1)))
        } else {
            None
        }
    }
    /// `w`, `W`
    pub(super) fn word(&self, big: bool) -> Place {
        let mut p = self.at;
        let start = self.char_at(p).map_or(0, |c| class(c, big));
        let mut left = start == 0;
        while let Some(n) = self.next(p) {
            let crossed = n.0 != p.0;
            let k = self.char_at(n).map_or(0, |c| class(c, big));
            if crossed && self.len(n.0) == 0 {
                return n;
            }
            if crossed || k != start {
                left = true;
            }
            p = n;
            if left && k != 0 {
                return p;
            }
        }
        (self.last(), self.len(self.last()))
    }
    /// `b`, `B`
    pub(super) fn back(&self, big: bool) -> Place {
        let mut p = self.at;
        loop {
            let Some(n) = self.previous(p) else { return (0, 0) };
            p = n;
            match self.char_at(p).map_or(0, |c| class(c, big)) {
                0 if self.len(p.0) == 0 => return p,
                0 => {}
                k => {
                    while p.1 > 0 && self.char_at((p.0, p.1 - 1)).is_some_and(|c| class(c, big) == k) {
                        p.1 -= 1;
                    }
                    return p;
                }
            }
        }
    }
    /// `e`, `E`
    pub(super) fn end(&self, big: bool) -> Place {
        let mut p = self.at;
        loop {
            let Some(n) = self.next(p) else { return p };
            p = n;
            let k = self.char_at(p).map_or(0, |c| class(c, big));
            if k != 0 {
                while self.char_at((p.0, p.1 + 1)).is_some_and(|c| class(c, big) == k) {
                    p.1 += 1;
                }
                return p;
            }
        }
    }
    /// `f`, `F`, `t`, `T`
    pub(super) fn find(&self, kind: char, wanted: char) -> Option<Place> {
        let (row, col) = self.at;
        let line = self.line();
        let hit = match kind {
            'f' => (col + 1..line.len()).find(|i| line[*i] == wanted),
            't' => (col + 1..line.len()).find(|i| line[*i] == wanted).map(|i| i - 1),
            'F' => (0..col.min(line.len())).rev().find(|i| line[*i] == wanted),
            _ => (0..col.min(line.len())).rev().find(|i| line[*i] == wanted).map(|i| i + 1),
        };
        hit.map(|i| (row, i))
    }
    /// `%`: the bracket that belongs to the next one.
    pub(super) fn partner(&self) -> Option<Place> {
        let line = self.line();
        let start = (self.at.1..line.len()).find(|i| "()[]{}".contains(line[*i]))?;
        let open = line[start];
        let i = "()[]{}".find(open)?;
        let (forward, other) = (i % 2 == 0, "()[]{}".chars().nth(i ^ 1)?);
        let mut p = (self.at.0, start);
        let mut depth = 0i64;
        loop {
            match self.char_at(p) {
                Some(c) if c == open => depth += 1,
                Some(c) if c == other => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(p);
            }
            p = if forward { self.next(p)? } else { self.previous(p)? };
        }
    }
    /// `}` and `{`: the next and the previous empty line.
    pub(super) fn paragraph(&self, forward: bool) -> Place {
        let mut row = self.at.0;
        loop {
            if forward {
                row += 1;
                if row >= self.last() {
                    return (self.last(), self.len(self.last()).saturating_sub(1));
                }
            } else {
                if row == 0 {
                    return (0, 0);
                }
                row -= 1;
            }
            if self.len(row) == 0 {
                return (row, 0);
            }
        }
    }
    /// Takes text away between two places, the second not included; what it was.
    pub(super) fn cut(&mut self, from: Place, to: Place) -> String {
        let (from, to) = if from <= to { (from, to) } else { (to, from) };
        let mut out = String::new();
        let (r0, r1) = (from.0.min(self.last()), to.0.min(self.last()));
        let c0 = from.1.min(self.len(r0));
        let c1 = if to.0 > self.last() { self.len(r1) } else { to.1.min(self.len(r1)) };
        if r0 == r1 {
            if c0 < c1 {
                out.extend(self.lines[r0].drain(c0..c1));
            }
        } else {
            let tail: Vec<char> = self.lines[r1].split_off(c1);
            out.extend(self.lines[r0].split_off(c0));
            for l in self.lines.drain(r0 + 1..=r1) {
                out.push('\n');
                out.extend(l);
            }
            self.lines[r0].extend(tail);
        }
        self.at = (r0, c0);
        out
    }
    /// What is between two places.
    pub(super) fn copy(&self, from: Place, to: Place) -> String {
        self.clone().cut(from, to)
    }
    /// Takes whole lines away.
    pub(super) fn cut_lines(&mut self, from: usize, to: usize) -> String {
        let (from, to) = (from.min(self.last()), to.min(self.last()));
        let gone: Vec<Vec<char>> = self.lines.drain(from..=to).collect();
        if self.lines.is_empty() {
            self.lines.push(Vec::new());
        }
        self.at.0 = from.min(self.last());
        self.at.1 = self.first_nonblank(self.at.0);
        gone.iter().map(|l| l.iter().collect::<String>() + "\n").collect()
    }
    /// Whole lines.
    pub(super) fn copy_lines(&self, from: usize, to: usize) -> String {
        let part = self.lines.get(from..=to.min(self.last())).unwrap_or(&[]);
        part.iter().map(|l| l.iter().collect::<String>() + "\n").collect()
    }
    /// Puts text in at the cursor, which goes behind it.
    pub(super) fn insert(&mut self, text: &str) {
        self.clamp(true);
        for c in text.chars() {
            let (row, col) = self.at;
            if c == '\n' {
                let rest = self.lines[row].split_off(col);
                self.lines.insert(row + 1, rest);
                self.at = (row + 1, 0);
            } else {
                self.lines[row].insert(col, c);
                self.at.1 += 1;
            }
        }
    }
    /// Puts whole lines in before a line.
    pub(super) fn insert_lines(&mut self, row: usize, text: &str) {
        let new: Vec<Vec<char>> = text.lines().map(|l| l.chars().collect()).collect();
        let row = row.min(self.lines.len());
        self.lines.splice(row..row, new);
        self.at = (row, self.first_nonblank(row));
    }
}
