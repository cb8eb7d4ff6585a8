//! Where the cursor goes.

use super::super::pattern;
use super::super::text::{Place, Text};
use super::Editor;

impl Editor {
    /// Words and what is between quotes or brackets, for `diw`, `ci"` and the like.
    pub(super) fn object(&self, how: char, what: char) -> Option<(Place, Place)> {
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
    pub(super) fn motion(&mut self, m: char, arg: Option<char>, count: Option<usize>) -> Option<(Place, bool, bool)> {
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
        let Ok(re) = pattern::pattern(&self.pattern, false) else {
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
