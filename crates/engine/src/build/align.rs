//! Which step of the build before a step corresponds to: by the longest common sequence of texts in
//! each stage; what stands at the same place between two common ones was edited.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, Vertex};
use super::record::{BuildRecord, LineRecord};

/// Cells of the table at most: longer Dockerfiles are not compared.
const MOST: usize = 1 << 20;

/// For each step the line of the build before.
pub fn align<'a>(graph: &Graph, previous: &'a BuildRecord) -> BTreeMap<usize, &'a LineRecord> {
    let mut out = BTreeMap::new();
    let stages: BTreeSet<usize> = graph.vertices.iter().map(|v| v.stage).collect();
    for stage in stages {
        let new: Vec<(usize, &Vertex)> = graph.vertices.iter().enumerate().filter(|(_, v)| v.stage == stage).collect();
        let old: Vec<&LineRecord> =
            previous.lines.iter().filter(|l| l.inputs.is_some() && l.stage as usize == stage).collect();
        let new_texts: Vec<&str> = new.iter().map(|(_, v)| head(&v.text)).collect();
        let old_texts: Vec<&str> = old.iter().map(|l| head(&l.step)).collect();
        for (i, j) in pairs(&new_texts, &old_texts) {
            if let (Some((n, _)), Some(line)) = (new.get(i), old.get(j)) {
                out.insert(*n, *line);
            }
        }
    }
    out
}

/// FROM steps correspond to each other whatever the image.
fn head(text: &str) -> &str {
    if text.starts_with("FROM ") { "FROM" } else { text }
}

fn pairs(new: &[&str], old: &[&str]) -> Vec<(usize, usize)> {
    let (n, m) = (new.len(), old.len());
    if n.saturating_mul(m) > MOST {
        return Vec::new();
    }
    let width = m + 1;
    let mut table = vec![0u32; (n + 1) * width];
    let at = |t: &[u32], i: usize, j: usize| t.get(i * width + j).copied().unwrap_or(0);
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            let same = new.get(i) == old.get(j);
            let value =
                if same { at(&table, i + 1, j + 1) + 1 } else { at(&table, i + 1, j).max(at(&table, i, j + 1)) };
            if let Some(slot) = table.get_mut(i * width + j) {
                *slot = value;
            }
        }
    }
    let mut out = Vec::new();
    let (mut i, mut j) = (0, 0);
    let (mut gap_new, mut gap_old) = (Vec::new(), Vec::new());
    while i < n || j < m {
        if i < n && j < m && new.get(i) == old.get(j) {
            edited(new, old, &mut gap_new, &mut gap_old, &mut out);
            out.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if j >= m || (i < n && at(&table, i + 1, j) >= at(&table, i, j + 1)) {
            gap_new.push(i);
            i += 1;
        } else {
            gap_old.push(j);
            j += 1;
        }
    }
    edited(new, old, &mut gap_new, &mut gap_old, &mut out);
    out
}

/// An edited line keeps its instruction.
fn edited(
    new: &[&str],
    old: &[&str],
    gap_new: &mut Vec<usize>,
    gap_old: &mut Vec<usize>,
    out: &mut Vec<(usize, usize)>,
) {
    let word = |list: &[&str], i: usize| list.get(i).and_then(|t| t.split(' ').next().map(str::to_owned));
    for x in gap_new.drain(..) {
        if let Some(at) = gap_old.iter().position(|y| word(new, x) == word(old, *y)) {
            out.push((x, gap_old.remove(at)));
        }
    }
    gap_old.clear();
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn lines_correspond() {
        // An edited line, an inserted line, a removed line, swapped lines.
        assert_eq!(pairs(&["FROM", "RUN b", "COPY c"], &["FROM", "RUN a", "COPY c"]), [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(pairs(&["FROM", "RUN x", "RUN a"], &["FROM", "RUN a"]), [(0, 0), (2, 1)]);
        assert_eq!(pairs(&["FROM", "RUN b"], &["FROM", "RUN a", "RUN b"]), [(0, 0), (1, 2)]);
        assert_eq!(pairs(&["FROM", "RUN b", "COPY c"], &["FROM", "COPY c", "RUN b"]).len(), 2);
    }
}
