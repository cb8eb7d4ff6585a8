//! Names side by side, as GNU lays them out.

use super::Shown;

/// Columns filled from top to bottom.
pub(crate) fn down(names: &[Shown], width: usize, tabs: bool) -> String {
    grid(names, width, tabs, |i, rows, _| i / rows, |row, col, rows, _| col * rows + row)
}

/// Columns filled from left to right.
pub(crate) fn across(names: &[Shown], width: usize, tabs: bool) -> String {
    grid(names, width, tabs, |i, _, cols| i % cols, |row, col, _, cols| row * cols + col)
}

fn grid(
    names: &[Shown],
    width: usize,
    tabs: bool,
    column_of: fn(usize, usize, usize) -> usize,
    index: fn(usize, usize, usize, usize) -> usize,
) -> String {
    if names.is_empty() {
        return String::new();
    }
    // The most columns whose widths, with two blanks between them, stay under the line's.
    // Columns that need no more than their least width, three, are not counted.
    let most = width.div_ceil(3).clamp(1, names.len());
    let fits = |cols: usize| {
        let rows = names.len().div_ceil(cols);
        let mut widths = vec![if cols > 1 { 3usize } else { 0 }; cols];
        let mut wide = false;
        for (i, n) in names.iter().enumerate() {
            let col = column_of(i, rows, cols);
            let gap = if col + 1 == cols { 0 } else { 2 };
            if let Some(w) = widths.get_mut(col).filter(|w| **w < n.width + gap) {
                *w = n.width + gap;
                wide = true;
            }
        }
        (cols == 1 || !wide || widths.iter().sum::<usize>() < width).then_some((cols, rows, widths))
    };
    let Some((cols, rows, widths)) = (1..=most).rev().find_map(fits) else { return String::new() };
    let mut out = String::new();
    for row in 0..rows {
        let mut at = 0;
        let mut target = 0;
        for (col, w) in widths.iter().enumerate() {
            let i = index(row, col, rows, cols);
            let Some(n) = names.get(i).filter(|_| col == column_of(i, rows, cols)) else { continue };
            indent(&mut out, at, target, tabs);
            out.push_str(&n.text);
            at = target + n.width;
            target += w;
        }
        out.push('\n');
    }
    out
}

/// GNU goes to the next column with tabs where they help, but not among colours.
fn indent(out: &mut String, mut from: usize, to: usize, tabs: bool) {
    while from < to {
        if tabs && to / 8 > (from + 1) / 8 {
            out.push('\t');
            from += 8 - from % 8;
        } else {
            out.push(' ');
            from += 1;
        }
    }
}

/// One after the other, with commas.
pub(crate) fn commas(names: &[Shown], width: usize) -> String {
    let mut out = String::new();
    let mut at = 0;
    for (i, n) in names.iter().enumerate() {
        if i > 0 {
            if at + n.width + 2 < width {
                out.push_str(", ");
                at += 2;
            } else {
                out.push_str(",\n");
                at = 0;
            }
        }
        out.push_str(&n.text);
        at += n.width;
    }
    if !names.is_empty() {
        out.push('\n');
    }
    out
}

/// As busybox has them: all as wide as the widest.
pub(crate) fn even(shown: &[Shown], width: usize, across: bool) -> String {
    let wide = shown.iter().map(|s| s.width).max().unwrap_or(0) + 2;
    let columns = (width / wide).max(1);
    let rows = shown.len().div_ceil(columns);
    let mut out = String::new();
    for row in 0..rows {
        let mut at = 0;
        for column in 0..columns {
            let n = if across { row * columns + column } else { column * rows + row };
            let Some(s) = shown.get(n) else { continue };
            out.push_str(&" ".repeat((column * wide).saturating_sub(at)));
            out.push_str(&s.text);
            at = column * wide + s.width;
        }
        out.push('\n');
    }
    out
}
