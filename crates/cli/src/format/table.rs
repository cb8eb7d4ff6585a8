//! Go's `text/tabwriter` with blanks as padding.

use super::truncate::width;

/// A tabwriter's settings.
#[derive(Clone, Copy, Debug)]
pub struct TabWriter {
    /// Least width of a cell, padding included.
    pub min_width: usize,
    /// Blanks after a cell.
    pub padding: usize,
}

/// Docker's tables.
pub const DOCKER: TabWriter = TabWriter { min_width: 10, padding: 3 };
/// `docker top`.
pub const TOP: TabWriter = TabWriter { min_width: 20, padding: 3 };
/// `docker version`.
pub const VERSION: TabWriter = TabWriter { min_width: 20, padding: 1 };

impl TabWriter {
    /// Aligns lines whose cells end with tabs. A column reaches over neighbouring lines that have
    /// it; what follows a line's last tab belongs to no column.
    pub fn align(self, text: &str) -> String {
        // All cells one after the other, each with its own width and its column's; where each line begins.
        let mut cells: Vec<Cell<'_>> = Vec::new();
        let mut starts = Vec::new();
        let mut columns = 0;
        for line in text.split('\n') {
            starts.push(cells.len());
            cells.extend(line.split('\t').map(|text| Cell { text, own: width(text), column: 0 }));
            columns = columns.max(cells.len() - starts.last().copied().unwrap_or(0));
        }
        let ends = || starts.iter().skip(1).copied().chain([cells.len()]);
        let lines: Vec<(usize, usize)> = starts.iter().copied().zip(ends()).collect();
        for column in 0..columns {
            // The block of lines that have a cell in this column: the last cell belongs to none.
            let has = |(start, end): &(usize, usize)| start + column + 1 < *end;
            for block in lines.split(|l| !has(l)) {
                let at = |(start, _): &(usize, usize)| start + column;
                let own = |l| cells.get(at(l)).map_or(0, |c| c.own);
                let wide = block.iter().map(|l| own(l) + self.padding).max().unwrap_or(0).max(self.min_width);
                for l in block {
                    if let Some(cell) = cells.get_mut(at(l)) {
                        cell.column = wide;
                    }
                }
            }
        }
        let mut out = String::with_capacity(text.len() * 2);
        for (i, (start, end)) in lines.into_iter().enumerate() {
            if i > 0 {
                out.push('\n');
            }
            // A line's last cell has no column and is not padded.
            for cell in cells.get(start..end).unwrap_or_default() {
                out.push_str(cell.text);
                blanks(&mut out, cell.column.saturating_sub(cell.own));
            }
        }
        out
    }
}

/// Appends so many blanks.
fn blanks(out: &mut String, mut n: usize) {
    const SOME: &str = "                                                                ";
    while n > 0 {
        let part = SOME.get(..n).unwrap_or(SOME);
        out.push_str(part);
        n -= part.len();
    }
}

/// A cell, how wide it is and how wide its column is there.
struct Cell<'a> {
    text: &'a str,
    own: usize,
    column: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aligns_as_docker_history() {
        let text = "IMAGE\tCREATED BY\tSIZE\tCOMMENT\n6498dbc58496\tCMD\t0B\t\n";
        assert_eq!(
            DOCKER.align(text),
            "IMAGE          CREATED BY   SIZE      COMMENT\n6498dbc58496   CMD          0B        \n"
        );
    }

    #[test]
    fn letters_count_and_wide_gaps_are_filled() {
        let long = "x".repeat(200);
        let text = format!("{long}\t1\nné\t2\n");
        assert_eq!(DOCKER.align(&text), format!("{long}   1\nné{}2\n", " ".repeat(201)));
    }

    #[test]
    fn a_column_ends_at_a_line_without_it() {
        assert_eq!(TabWriter { min_width: 0, padding: 1 }.align("aaaa\tb\nx\ncc\td\n"), "aaaa b\nx\ncc d\n");
    }
}
