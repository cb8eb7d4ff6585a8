//! The lines around a mistake, as buildx prints them.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

const RULE: &str = "--------------------\n";

/// `Dockerfile:2`, a rule, the marked lines with context (two lines on each side of a single
/// line, one of several), a rule. `None` if the lines are not in the text.
/// (BuildKit, `solver/errdefs/source.go`.)
#[must_use]
pub fn source_excerpt(file_name: &str, text: &str, marked: &RangeInclusive<u32>) -> Option<String> {
    let lines: Vec<&str> = text.split('\n').collect();
    let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let first = *marked.start();
    if first < 1 || first > count {
        return None;
    }
    let last = (*marked.end()).clamp(first, count);
    let wanted = if first == last { 4 } else { 2 };
    let (mut start, mut end, mut added) = (first, last, 0);
    while added < wanted {
        if start > 1 {
            start -= 1;
            added += 1;
        }
        if end < count {
            end += 1;
            added += 1;
        }
        added += 1;
    }
    let mut out = format!("{file_name}:{first}\n{RULE}");
    for (number, line) in (1u32..).zip(&lines) {
        if (start..=end).contains(&number) {
            let mark = if (first..=last).contains(&number) { ">>>" } else { "   " };
            // Writing to a String cannot fail.
            let _ = writeln!(out, " {number:3} | {mark} {line}");
        }
    }
    out.push_str(RULE);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::source_excerpt;

    #[test]
    fn marks_the_line_with_two_lines_of_context() {
        let text = "FROM alpine\nFOO bar\n";
        let expected = "Dockerfile:2\n--------------------\n   1 |     FROM alpine\n   2 | >>> FOO bar\n   3 |     \n--------------------\n";
        assert_eq!(source_excerpt("Dockerfile", text, &(2..=2)).as_deref(), Some(expected));
        assert_eq!(source_excerpt("Dockerfile", text, &(9..=9)), None);
    }

    #[test]
    fn marks_several_lines_with_one_line_of_context() {
        let text = "a\nFROM alpine\nRUN <<EOT\necho hi\n\n\n";
        let excerpt = source_excerpt("Dockerfile", text, &(3..=4)).unwrap();
        assert!(excerpt.contains("   2 |     FROM alpine\n   3 | >>> RUN <<EOT\n   4 | >>> echo hi\n   5 |     \n---"));
    }
}
