//! What real shells said: `NAME.real` beside `NAME.case`.
//!
//! `### case`, then for each different answer `= shells`, `exit N`, stdout behind `|`, stderr behind `!`, and for
//! each file that was made or changed `>mode name` with its content behind `:`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::case::{Outcome, Shell, unescape};

pub(crate) type Record = BTreeMap<(String, Shell), Outcome>;

pub(crate) fn read(case: &Path) -> Record {
    let text = std::fs::read_to_string(case.with_extension("real")).unwrap_or_default();
    let mut record = Record::new();
    let (mut name, mut shells, mut now) = (String::new(), Vec::new(), Outcome::default());
    let mut file = String::new();
    let mut put = |name: &str, shells: &mut Vec<Shell>, now: &mut Outcome| {
        for s in shells.drain(..) {
            record.insert((name.to_owned(), s), now.clone());
        }
        *now = Outcome::default();
    };
    for line in text.lines() {
        if let Some(n) = line.strip_prefix("### ") {
            put(&name, &mut shells, &mut now);
            n.clone_into(&mut name);
        } else if let Some(s) = line.strip_prefix("= ") {
            put(&name, &mut shells, &mut now);
            shells = s.split(' ').map(|s| Shell::parse(s).unwrap()).collect();
        } else if let Some(n) = line.strip_prefix("exit ") {
            now.exit = n.parse().unwrap();
        } else if let Some(l) = line.strip_prefix('|') {
            unescape(l, &mut now.stdout);
        } else if let Some(l) = line.strip_prefix('!') {
            unescape(l, &mut now.stderr);
        } else if let Some(l) = line.strip_prefix('>') {
            let (mode, name) = l.split_once(' ').unwrap();
            name.clone_into(&mut file);
            let content = u32::from_str_radix(mode, 8).ok().map(|m| (m, Vec::new()));
            now.files.insert(file.clone(), content);
        } else if let Some(l) = line.strip_prefix(':') {
            unescape(l, &mut now.files.get_mut(&file).unwrap().as_mut().unwrap().1);
        }
    }
    put(&name, &mut shells, &mut now);
    record
}

/// In the order of the cases in their file; what is no case any more is dropped.
pub(crate) fn write(case: &Path, record: &Record) {
    let cases = crate::case::parse(&std::fs::read_to_string(case).unwrap()).unwrap();
    let mut s = String::new();
    for c in cases {
        let _ = writeln!(s, "### {}", c.name);
        let mut answers: Vec<(Vec<&str>, &Outcome)> = Vec::new();
        for shell in &c.shells {
            let Some(o) = record.get(&(c.name.clone(), *shell)) else { continue };
            match answers.iter_mut().find(|(_, other)| *other == o) {
                Some((shells, _)) => shells.push(shell.name()),
                None => answers.push((vec![shell.name()], o)),
            }
        }
        for (shells, o) in answers {
            let _ = write!(s, "= {}\n{}", shells.join(" "), o.print());
        }
    }
    std::fs::write(case.with_extension("real"), s).unwrap();
}
