//! Finds the places where hunks fit, as GNU's `patch` looks for them: near by first, then with less context.

use super::parse::Hunk;

/// How a hunk went.
#[derive(Debug, PartialEq)]
pub(super) enum Fate {
    /// At this line of the new file, with this fuzz, so many lines off.
    Applied { at: usize, fuzz: usize, offset: isize },
    /// At this line.
    Failed { at: usize },
}

/// A file while hunks are applied to it.
pub(super) struct Work<'a> {
    lines: Vec<&'a [u8]>,
    /// What is done.
    pub(super) out: Vec<u8>,
    /// Lines that are done.
    frozen: usize,
    offset: isize,
    grown: isize,
    /// Spaces do not matter.
    loose: bool,
}

fn bare(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").unwrap_or(line)
}

fn squeezed(line: &[u8]) -> Vec<Vec<u8>> {
    line.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty()).map(<[u8]>::to_vec).collect()
}

impl<'a> Work<'a> {
    pub(super) fn new(text: &'a [u8], loose: bool) -> Self {
        let lines = text.split_inclusive(|b| *b == b'\n').collect();
        Self { lines, out: Vec::new(), frozen: 0, offset: 0, grown: 0, loose }
    }

    fn fits(&self, pattern: &[&[u8]], at: isize, skip: usize, drop: usize) -> bool {
        let end = pattern.len().saturating_sub(drop);
        (skip..end).all(|n| {
            let line = usize::try_from(at - 1).ok().and_then(|a| self.lines.get(a + n));
            line.zip(pattern.get(n))
                .is_some_and(|(a, b)| bare(a) == bare(b) || self.loose && squeezed(a) == squeezed(b))
        })
    }

    /// The line, from 1 on, where it fits.
    pub(super) fn locate(&self, hunk: &Hunk, fuzz: usize) -> Option<isize> {
        let pattern = hunk.side(b'-');
        let first = hunk.old as isize + self.offset;
        if pattern.is_empty() {
            return (first >= 1 && first <= self.lines.len() as isize + 1).then_some(first);
        }
        let same = |(s, _): &&(u8, Vec<u8>)| *s == b' ';
        let prefix = hunk.lines.iter().take_while(same).count() as isize;
        let suffix = hunk.lines.iter().rev().take_while(same).count() as isize;
        let context = prefix.max(suffix);
        let (skip, drop) = (fuzz as isize + prefix - context, fuzz as isize + suffix - context);
        let (count, total) = (pattern.len() as isize, self.lines.len() as isize);
        let up = total - (count - drop) + 1 - first;
        let mut down = first - (self.frozen as isize + 1);
        if first <= down {
            down = first - 1;
        }
        let at_end = drop.max(0) as usize;
        if skip < 0 && hunk.old <= 1 {
            let whole = drop >= 0 || count == total;
            let fits = whole && self.frozen as isize <= prefix && 1 - first <= up && self.fits(&pattern, 1, 0, at_end);
            return fits.then_some(1);
        }
        let skip = skip.max(0) as usize;
        if drop < 0 {
            let last = total - count + 1;
            return (first - last <= down && last >= 1 && self.fits(&pattern, last, skip, 0)).then_some(last);
        }
        for offset in 0..=up.max(down) {
            if offset <= up && self.fits(&pattern, first + offset, skip, at_end) {
                return Some(first + offset);
            }
            if offset > 0 && offset <= down && self.fits(&pattern, first - offset, skip, at_end) {
                return Some(first - offset);
            }
        }
        None
    }

    /// Applies it where it fits.
    pub(super) fn apply(&mut self, hunk: &Hunk, most: usize) -> Fate {
        let same = |(s, _): &&(u8, Vec<u8>)| *s == b' ';
        let prefix = hunk.lines.iter().take_while(same).count();
        let suffix = hunk.lines.iter().rev().take_while(same).count();
        let found = (0..=most.min(prefix.max(suffix))).find_map(|f| self.locate(hunk, f).map(|at| (f, at)));
        let Some((fuzz, at)) = found else {
            return Fate::Failed { at: hunk.old.saturating_add_signed(self.offset + self.grown) };
        };
        let offset = at - hunk.old as isize;
        let fate = Fate::Applied { at: usize::try_from(at + self.grown).unwrap_or(0), fuzz, offset };
        self.offset = offset;
        let start = usize::try_from(at - 1).unwrap_or(0);
        self.copy_to(start);
        for (sign, text) in &hunk.lines {
            match sign {
                b'+' => {
                    self.end_line();
                    self.out.extend_from_slice(text);
                    self.grown += 1;
                }
                b'-' => {
                    self.frozen += 1;
                    self.grown -= 1;
                }
                _ => self.copy_to(self.frozen + 1),
            }
        }
        fate
    }

    /// A line that lacks its newline gets it where another follows.
    fn end_line(&mut self) {
        if self.out.last().is_some_and(|b| *b != b'\n') {
            self.out.push(b'\n');
        }
    }

    fn copy_to(&mut self, line: usize) {
        while self.frozen < line {
            let Some(l) = self.lines.get(self.frozen).copied() else { break };
            self.end_line();
            self.out.extend_from_slice(l);
            self.frozen += 1;
        }
    }

    /// The whole result.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.copy_to(usize::MAX);
        self.out
    }
}
