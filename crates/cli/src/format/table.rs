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
        let lines: Vec<Vec<&str>> = text.split('\n').map(|l| l.split('\t').collect()).collect();
        let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
        // How wide a cell is, and then how wide its column.
        let own: Vec<Vec<usize>> = lines.iter().map(|l| l.iter().map(|c| width(c)).collect()).collect();
        let mut widths = own.clone();
        for column in 0..columns {
            let mut start = 0;
            while start < lines.len() {
                let has = |i: &usize| lines.get(*i).is_some_and(|l| column + 1 < l.len());
                let end = (start..lines.len()).find(|i| !has(i)).unwrap_or(lines.len());
                let cell = |i: usize| own.get(i).and_then(|l| l.get(column)).copied().unwrap_or(0);
                let wide = (start..end).map(|i| cell(i) + self.padding).max().unwrap_or(0).max(self.min_width);
                for w in widths.iter_mut().take(end).skip(start) {
                    if let Some(w) = w.get_mut(column) {
                        *w = wide;
                    }
                }
                start = end + 1;
            }
        }
        let mut out = String::with_capacity(text.len() * 2);
        for (i, (line, (widths, own))) in lines.iter().zip(widths.iter().zip(&own)).enumerate() {
            if i > 0 {
                out.push('\n');
            }
            for (j, (cell, (w, own))) in line.iter().zip(widths.iter().zip(own)).enumerate() {
                out.push_str(cell);
                if j + 1 < line.len() {
                    out.extend(std::iter::repeat_n(' ', w.saturating_sub(*own)));
                }
            }
        }
        out
    }
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
    fn a_column_ends_at_a_line_without_it() {
        assert_eq!(TabWriter { min_width: 0, padding: 1 }.align("aaaa\tb\nx\ncc\td\n"), "aaaa b\nx\ncc d\n");
    }
}
