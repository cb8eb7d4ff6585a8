//! What a run did: steps with times, and counts of tests.

use crate::run::{Outcome, execute_and_keep};
use std::{process::Command, time::Instant};

/// Passed, failed and skipped tests; a step without tests of its own counts as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

/// Collects the steps of a run. A failed step does not stop the following ones.
#[derive(Default)]
pub(crate) struct Report {
    counts: Counts,
    lines: Vec<String>,
}

impl Report {
    /// A step that is a test itself.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Outcome) -> bool {
        self.counted(name, || {
            let outcome = work();
            let passed = u64::from(outcome.is_ok());
            (Counts { passed, failed: 1 - passed, skipped: 0 }, outcome)
        })
    }

    /// A step that runs tests: they are counted from the runner's closing lines.
    pub(crate) fn tests(&mut self, name: &str, command: &mut Command) -> bool {
        self.counted(name, || {
            let (lines, outcome) = execute_and_keep(command);
            let mut counts = count(&lines);
            if outcome.is_err() && counts.failed == 0 {
                counts.failed = 1;
            }
            (counts, outcome)
        })
    }

    /// A step that cannot be done here.
    pub(crate) fn skip(&mut self, name: &str, why: &str) {
        eprintln!("\n== {name}: skipped: {why}");
        self.counts.skipped += 1;
        self.lines.push(format!("skip  {name}: {why}"));
    }

    fn counted(&mut self, name: &str, work: impl FnOnce() -> (Counts, Outcome)) -> bool {
        eprintln!("\n== {name}");
        let start = Instant::now();
        let (counts, outcome) = work();
        self.counts.passed += counts.passed;
        self.counts.failed += counts.failed;
        self.counts.skipped += counts.skipped;
        let seconds = start.elapsed().as_secs();
        match &outcome {
            Ok(()) => self.lines.push(format!("ok    {name} ({} passed, {seconds} s)", counts.passed)),
            Err(why) => {
                eprintln!("{name}: {why}");
                self.lines.push(format!("FAIL  {name} ({seconds} s): {why}"));
            }
        }
        outcome.is_ok()
    }

    /// Prints all steps, then one line with the sums.
    pub(crate) fn finish(self) -> Outcome {
        println!();
        for line in &self.lines {
            println!("{line}");
        }
        let Counts { passed, failed, skipped } = self.counts;
        match skipped {
            0 => println!("{passed} passed, {failed} failed"),
            _ => println!("{passed} passed, {failed} failed, {skipped} skipped"),
        }
        match failed {
            0 => Ok(()),
            // All is said, and the sums shall be the last line.
            _ => Err(String::new()),
        }
    }
}

/// Reads the closing lines of cargo test, nextest and node's test runner.
fn count(lines: &[String]) -> Counts {
    let mut counts = Counts::default();
    for line in lines {
        let line = line.trim();
        let words: Vec<&str> = line.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
        let before = |name: &str| {
            let place = words.iter().position(|word| *word == name)?;
            words.get(place.checked_sub(1)?)?.parse::<u64>().ok()
        };
        if line.starts_with("Summary [") || line.starts_with("test result:") {
            counts.passed += before("passed").unwrap_or(0);
            counts.failed += before("failed").unwrap_or(0) + before("timed").unwrap_or(0);
            counts.skipped += before("skipped").or_else(|| before("ignored")).unwrap_or(0);
        } else if let [_, name @ ("pass" | "fail" | "skipped"), number] = words.as_slice() {
            let number = number.parse().unwrap_or(0);
            match *name {
                "pass" => counts.passed += number,
                "fail" => counts.failed += number,
                _ => counts.skipped += number,
            }
        }
    }
    counts
}

/// An error if a command that takes no arguments was given some.
pub(crate) fn no_arguments(arguments: &[String]) -> Outcome {
    match arguments.first() {
        None => Ok(()),
        Some(argument) => Err(format!("unexpected argument `{argument}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(text: &str) -> (u64, u64, u64) {
        let counts = count(&text.lines().map(str::to_owned).collect::<Vec<_>>());
        (counts.passed, counts.failed, counts.skipped)
    }

    #[test]
    fn counts_nextest() {
        let text = "     Summary [   0.123s] 12 tests run: 10 passed (1 slow), 2 failed, 3 skipped";
        assert_eq!(counted(text), (10, 2, 3));
    }

    #[test]
    fn counts_cargo_test_over_all_binaries() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                    test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(counted(text), (5, 1, 1));
    }

    #[test]
    fn counts_node_in_both_forms() {
        assert_eq!(counted("ℹ tests 4\nℹ pass 3\nℹ fail 1\nℹ skipped 0"), (3, 1, 0));
        assert_eq!(counted("# pass 2\n# fail 0\n# skipped 1"), (2, 0, 1));
    }
}
