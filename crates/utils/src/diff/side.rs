//! `diff -y`: two columns, with tabs between them as GNU diff lays them out.

use super::script::Change;

const TAB: usize = 8;

/// Both files in so many columns.
pub(super) fn show(changes: &[Change], left: &[&[u8]], right: &[&[u8]], width: usize, only_changes: bool) -> Vec<u8> {
    let offset = (width + TAB + 3) / (2 * TAB) * TAB;
    let half = offset.saturating_sub(3).min(width.saturating_sub(offset));
    let page = Page { half, second: if half > 0 { offset } else { width } };
    let mut out = Vec::new();
    let (mut i, mut j) = (0, 0);
    let end = Change { a: left.len()..left.len(), b: right.len()..right.len() };
    for ch in changes.iter().chain([&end]) {
        while i < ch.a.start && j < ch.b.start {
            if !only_changes {
                page.row(&mut out, Some(left[i]), b' ', Some(right[j]));
            }
            (i, j) = (i + 1, j + 1);
        }
        (i, j) = (ch.a.start, ch.b.start);
        while i < ch.a.end || j < ch.b.end {
            let (x, y) = (left.get(i).filter(|_| i < ch.a.end), right.get(j).filter(|_| j < ch.b.end));
            let mark = match (x, y) {
                (Some(_), Some(_)) => b'|',
                (Some(_), None) => b'<',
                _ => b'>',
            };
            page.row(&mut out, x.copied(), mark, y.copied());
            i += usize::from(x.is_some());
            j += usize::from(y.is_some());
        }
    }
    out
}

struct Page {
    /// Columns of one side.
    half: usize,
    /// Where the second begins.
    second: usize,
}

impl Page {
    fn row(&self, out: &mut Vec<u8>, left: Option<&[u8]>, mark: u8, right: Option<&[u8]>) {
        let ends = |l: Option<&[u8]>| l.is_some_and(|l| l.ends_with(b"\n"));
        let newline = ends(left) || ends(right);
        let mut column = left.map_or(0, |l| self.cell(out, l, 0));
        if mark != b' ' {
            column = advance(out, column, (self.half + self.second - 1) / 2) + 1;
            let mark = match (mark, ends(left), ends(right)) {
                (b'|', true, false) => b'/',
                (b'|', false, true) => b'\\',
                _ => mark,
            };
            out.push(mark);
        }
        if let Some(l) = right.filter(|l| *l != b"\n") {
            column = advance(out, column, self.second);
            self.cell(out, l, column);
        }
        if newline {
            out.push(b'\n');
        }
    }

    /// A line as far as it fits; gives the column behind it.
    fn cell(&self, out: &mut Vec<u8>, line: &[u8], indent: usize) -> usize {
        let text = String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(line)).into_owned();
        // `at` counts all of the line, `shown` what is on the page.
        let (mut at, mut shown) = (0, 0);
        for c in text.chars() {
            if c == '\t' {
                let spaces = TAB - at % TAB;
                if at == shown && shown + spaces < self.half {
                    shown += spaces;
                    out.push(b'\t');
                }
                at += spaces;
                continue;
            }
            if at < self.half {
                at += 1;
                shown = at;
                out.extend(c.encode_utf8(&mut [0; 4]).bytes());
            } else {
                at += 1;
            }
        }
        indent + shown
    }
}

/// Goes to a column by tabs, then spaces.
fn advance(out: &mut Vec<u8>, mut from: usize, to: usize) -> usize {
    let mut tab = from + TAB - from % TAB;
    while tab <= to {
        out.push(b'\t');
        from = tab;
        tab += TAB;
    }
    out.extend(std::iter::repeat_n(b' ', to.saturating_sub(from)));
    from.max(to)
}
