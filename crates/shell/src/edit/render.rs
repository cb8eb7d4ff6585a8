//! Drawing: prompt and line, wrapped at the terminal's width.

use unicode_width::UnicodeWidthChar;

use super::Editor;

/// How wide a character is shown in a column, and how: control characters as `^X`.
fn shown(c: char, col: usize) -> (String, usize) {
    if c == '\t' {
        let n = 8 - col % 8;
        return (" ".repeat(n), n);
    }
    if (c as u32) < 0x20 || c == '\x7f' {
        let v = char::from(((c as u32 as u8) ^ 0x40) & 0x7f);
        return (format!("^{v}"), 2);
    }
    (c.to_string(), c.width().unwrap_or(0))
}

/// A place on the screen, from the prompt's start.
#[derive(Clone, Copy, Default)]
struct Place {
    row: usize,
    col: usize,
}

impl Place {
    fn advance(&mut self, width: usize, cols: usize) {
        if self.col + width > cols {
            self.row += 1;
            self.col = 0;
        }
        self.col += width;
        if self.col >= cols {
            self.row += 1;
            self.col = 0;
        }
    }
    fn newline(&mut self) {
        self.row += 1;
        self.col = 0;
    }
}

impl Editor {
    /// The prompt without its markers, and where it ends.
    fn prompt_parts(&self, prompt: &str) -> (String, Place) {
        let mut out = String::new();
        let mut at = Place::default();
        let mut hidden = false;
        let mut it = prompt.chars().peekable();
        while let Some(c) = it.next() {
            match c {
                '\x01' => hidden = true,
                '\x02' => hidden = false,
                '\n' => {
                    out.push(c);
                    at.newline();
                }
                '\x1b' if !hidden => {
                    // An escape sequence without markers has no width either.
                    out.push(c);
                    if it.peek() == Some(&'[') {
                        for d in it.by_ref() {
                            out.push(d);
                            if d.is_ascii_alphabetic() {
                                break;
                            }
                        }
                    }
                }
                c => {
                    out.push(c);
                    if !hidden {
                        at.advance(c.width().unwrap_or(0), self.cols);
                    }
                }
            }
        }
        (out, at)
    }

    fn layout(&self, line: &[char], from: Place) -> (String, Vec<Place>) {
        let mut at = from;
        let mut places = vec![at];
        let mut out = String::new();
        for &c in line {
            if c == '\n' {
                out.push('\n');
                at.newline();
            } else {
                let (text, width) = shown(c, at.col);
                let before = at.row;
                let fits = at.col + width <= self.cols;
                at.advance(width, self.cols);
                if !fits {
                    // A wide character that doesn't fit starts the next row.
                    out.push_str("\r\n");
                    if let Some(p) = places.last_mut() {
                        *p = Place { row: before + 1, col: 0 };
                    }
                }
                out.push_str(&text);
                if at.col == 0 && at.row > before {
                    // The terminal wraps only when the next character comes: make it.
                    out.push_str(" \r");
                }
            }
            places.push(at);
        }
        (out, places)
    }

    fn current_prompt(&self) -> String {
        match &self.search {
            Some(s) => s.prompt(),
            None => self.prompt.clone(),
        }
    }

    /// Draws all of it; `again`: it has been drawn before.
    pub(super) fn draw(&mut self, again: bool) -> Vec<u8> {
        let mut out = String::new();
        if again {
            if self.row > 0 {
                out.push_str(&format!("\x1b[{}A", self.row));
            }
            out.push('\r');
        }
        let (prompt, end) = self.prompt_parts(&self.current_prompt());
        let (text, places) = self.layout(&self.line, end);
        out.push_str(&prompt);
        if end.col == 0 && end.row > 0 && !prompt.ends_with('\n') {
            out.push_str(" \r");
        }
        out.push_str(&text);
        out.push_str("\x1b[J");
        let last = places.last().copied().unwrap_or(end);
        let here = places.get(self.cursor).copied().unwrap_or(last);
        if last.row > here.row {
            out.push_str(&format!("\x1b[{}A", last.row - here.row));
        }
        if (last.row, last.col) != (here.row, here.col) {
            out.push('\r');
            if here.col > 0 {
                out.push_str(&format!("\x1b[{}C", here.col));
            }
        }
        self.row = here.row;
        out.into_bytes()
    }

    /// Only what was typed at the end, where that is enough.
    pub(super) fn append(&mut self, before: &[char], echo: &str) -> Option<Vec<u8>> {
        let (_, end) = self.prompt_parts(&self.current_prompt());
        let (_, places) = self.layout(before, end);
        let from = places.last().copied().unwrap_or(end);
        let added: Vec<char> = echo.chars().collect();
        let (text, places) = self.layout(&added, from);
        let last = places.last()?;
        self.row = last.row;
        Some(text.into_bytes())
    }

    /// Goes below the line.
    pub(super) fn finish(&mut self, tail: &[u8]) -> Vec<u8> {
        self.search = None;
        let (_, end) = self.prompt_parts(&self.prompt);
        let (_, places) = self.layout(&self.line, end);
        let last = places.last().copied().unwrap_or(end);
        let mut out = Vec::new();
        if last.row > self.row {
            out.extend(format!("\x1b[{}B", last.row - self.row).bytes());
        }
        out.extend(tail);
        self.row = 0;
        out
    }
}
