//! The shortest list of changes between two lists (Myers 1986), each run of deletions and insertions one.

use std::ops::Range;

/// Lines `a` of the first become lines `b` of the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) a: Range<usize>,
    pub(crate) b: Range<usize>,
}

/// Rounds of the search; files that differ more are taken as wholly different in their middle.
const ROUNDS: usize = 2000;

/// The changes in order.
pub(crate) fn changes<T: PartialEq>(a: &[T], b: &[T]) -> Vec<Change> {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (x, y) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let (mut gone, mut new) = (vec![false; a.len()], vec![false; b.len()]);
    mark(x, y, &mut gone[head..], &mut new[head..]);
    slide(a, &mut gone);
    slide(b, &mut new);
    let mut out = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let (from_a, from_b) = (i, j);
        i += gone[i..].iter().take_while(|g| **g).count();
        j += new[j..].iter().take_while(|n| **n).count();
        if i > from_a || j > from_b {
            out.push(Change { a: from_a..i, b: from_b..j });
        }
        i += 1;
        j += 1;
    }
    out
}

fn mark<T: PartialEq>(a: &[T], b: &[T], gone: &mut [bool], new: &mut [bool]) {
    let (n, m) = (a.len() as isize, b.len() as isize);
    let offset = (n + m + 1) as usize;
    let mut far = vec![0isize; 2 * offset + 1];
    let at = |k: isize| (offset as isize + k) as usize;
    let mut history = Vec::new();
    let mut found = None;
    'rounds: for d in 0..=(n + m).min(ROUNDS as isize) {
        // Only the diagonals of this round are kept.
        history.push(far[at(-d - 1).min(far.len())..=at(d + 1).min(far.len() - 1)].to_vec());
        for k in (-d..=d).step_by(2) {
            let down = k == -d || k != d && far[at(k - 1)] < far[at(k + 1)];
            let mut x = if down { far[at(k + 1)] } else { far[at(k - 1)] + 1 };
            while x < n && x - k < m && x - k >= 0 && a[x as usize] == b[(x - k) as usize] {
                x += 1;
            }
            far[at(k)] = x;
            if x >= n && x - k >= m {
                found = Some(d);
                break 'rounds;
            }
        }
    }
    let Some(rounds) = found else {
        gone[..a.len()].fill(true);
        new[..b.len()].fill(true);
        return;
    };
    let (mut x, mut y) = (n, m);
    for d in (1..=rounds).rev() {
        let far = &history[d as usize];
        let of = |k: isize| far.get((k + d + 1) as usize).copied().unwrap_or(0);
        let k = x - y;
        let down = k == -d || k != d && of(k - 1) < of(k + 1);
        let before = if down { k + 1 } else { k - 1 };
        x = of(before);
        y = x - before;
        if down {
            new[y as usize] = true;
        } else {
            gone[x as usize] = true;
        }
    }
}

/// Moves each run as far down as it goes, as GNU diff shows it.
fn slide<T: PartialEq>(lines: &[T], marked: &mut [bool]) {
    let mut end = 0;
    while end < lines.len() {
        if !marked[end] {
            end += 1;
            continue;
        }
        let mut start = end;
        while end < lines.len() && marked[end] {
            end += 1;
        }
        while end < lines.len() && lines[start] == lines[end] {
            marked[start] = false;
            marked[end] = true;
            start += 1;
            while end < lines.len() && marked[end] {
                end += 1;
            }
        }
    }
}
