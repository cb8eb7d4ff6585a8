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

/// Cells padded with tabs, at least one, to the next multiple of eight (`tabwriter.NewWriter(w, 1, 8, 1, '\t', 0)`).
pub fn tabs(text: &str) -> String {
    const STOP: usize = 8;
    let lines: Vec<Vec<&str>> = text.split('\n').map(|l| l.split('\t').collect()).collect();
    let mut out: Vec<String> = vec![String::new(); lines.len()];
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    for column in 0..columns {
        let mut from = 0;
        while from < lines.len() {
            // The block of lines that have a cell in this column: the last cell belongs to none.
            let has = |l: &Vec<&str>| column + 1 < l.len();
            let block = lines.iter().skip(from).take_while(|l| has(l)).count();
            let cell = |l: &Vec<&str>| l.get(column).map_or(0, |c| width(c));
            let wide =
                lines.iter().skip(from).take(block).map(|l| (cell(l) + 1).next_multiple_of(STOP)).max().unwrap_or(0);
            for (line, out) in lines.iter().zip(out.iter_mut()).skip(from).take(block.max(1)) {
                let Some(text) = line.get(column) else { continue };
                out.push_str(text);
                if block > 0 {
                    let missing = wide.saturating_sub(width(text));
                    out.push_str(&"\t".repeat(missing.div_ceil(STOP)));
                }
            }
            from += block.max(1);
        }
    }
    out.join("\n")
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

    /// As `docker buildx history inspect` of a failed build printed it.
    #[test]
    fn tabs_pad_to_the_next_stop() {
        assert_eq!(
            tabs("Started:\tnow\nDuration:\t4.1s\nError:\tUnknown process\nBuild Steps:\t8/10\n"),
            "Started:\tnow\nDuration:\t4.1s\nError:\t\tUnknown process\nBuild Steps:\t8/10\n"
        );
        assert_eq!(tabs("Context:\t.\nDockerfile:\tDockerfile\n"), "Context:\t.\nDockerfile:\tDockerfile\n");
        assert_eq!(
            tabs("DIGEST\tPLATFORM\tTYPE\n1234567\t\tx\n12345678\ty\tz\n"),
            "DIGEST\t\tPLATFORM\tTYPE\n1234567\t\t\t\tx\n12345678\ty\t\tz\n"
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
