//! What the two matchers of patterns have in common: a set of offsets that moves through a text,
//! so that no pattern takes more than its length times the text's. They differ in their tokens
//! (`${x#p}` has no brackets, `.dockerignore` has `**`) and in where `*` stops (a line's end; a slash).

/// The offsets behind one character that fits. `reached` is ascending, as is the result.
pub(crate) fn step(reached: &[usize], text: &[char], fits: impl Fn(char) -> bool) -> Vec<usize> {
    let hits = reached.iter().filter(|at| text.get(**at).is_some_and(|c| fits(*c)));
    hits.map(|at| at + 1).collect()
}

/// The offsets that `*` leads to: on to the next `stop`, which it does not match.
pub(crate) fn spread(reached: &[usize], text: &[char], stop: char) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    for &from in reached {
        if out.last().is_some_and(|last| *last >= from) {
            continue;
        }
        let length = text.iter().skip(from).take_while(|c| **c != stop).count();
        out.extend(from..=from + length);
    }
    out
}
