//! "did you mean X?": BuildKit's `util/suggest`.

/// The option nearest to `word`, if it is at most two edits away and none is equal to it.
/// Without `case_sensitive` the answer takes the case of `word`.
pub(crate) fn search<'a>(
    word: &str,
    options: impl IntoIterator<Item = &'a str>,
    case_sensitive: bool,
) -> Option<String> {
    let fold = |s: &str| {
        if case_sensitive { s.to_owned() } else { s.to_lowercase() }
    };
    let wanted = fold(word);
    let mut best: Option<(usize, String)> = None;
    for option in options {
        let option = fold(option);
        if option == wanted {
            return None;
        }
        let limit = best.as_ref().map_or(3, |(distance, _)| *distance);
        if let Some(found) = distance_below(&wanted, &option, limit) {
            best = Some((found, option));
        }
    }
    best.map(|(_, option)| if case_sensitive { option } else { match_case(option, word) })
}

fn match_case(option: String, word: &str) -> String {
    if word == word.to_lowercase() {
        option
    } else if word == word.to_uppercase() {
        option.to_uppercase()
    } else {
        option
    }
}

/// Levenshtein distance, if it is below `limit` (never looks at words whose lengths alone exclude it).
fn distance_below(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (left, right): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if left.len().abs_diff(right.len()) >= limit {
        return None;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, x) in left.iter().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        for (y, cell) in right.iter().zip(row.iter_mut().skip(1)) {
            let substituted = diagonal + usize::from(x != y);
            diagonal = *cell;
            *cell = substituted.min(diagonal + 1).min(before + 1);
            before = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().filter(|found| *found < limit)
}

#[cfg(test)]
mod tests {
    use super::search;

    #[test]
    fn finds_the_nearest_word_and_keeps_the_case() {
        let names = ["ADD", "COPY", "CMD", "FROM", "RUN"];
        assert_eq!(search("FRMO", names, false).as_deref(), Some("FROM"));
        assert_eq!(search("cpoy", names, false).as_deref(), Some("copy"));
        assert_eq!(search("Rum", names, false).as_deref(), Some("run"));
        assert_eq!(search("ELEPHANT", names, false), None);
        assert_eq!(search("run", ["RUN"], true), None);
        assert_eq!(search("FOO2", ["FOO", "BAR"], true).as_deref(), Some("FOO"));
    }
}
