//! `known.txt`: runs that are known to differ, one a line: `file/case shell`. It may only shrink.

use std::collections::BTreeSet;
use std::path::Path;

const HEAD: &str = "# Runs that are known to differ from the real shell. This list may only shrink.\n";

pub(crate) fn read(folder: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(folder.join("known.txt")).unwrap_or_default();
    text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_owned).collect()
}

pub(crate) fn write(folder: &Path, known: &BTreeSet<String>) {
    let lines: String = known.iter().map(|n| format!("{n}\n")).collect();
    std::fs::write(folder.join("known.txt"), format!("{HEAD}{lines}")).unwrap();
}
