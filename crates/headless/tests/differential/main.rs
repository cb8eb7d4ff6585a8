//! The same scripts in real shells and in ours. What the real ones said is recorded beside the cases
//! (`tests/differential`, whose README tells the format), so that this works without them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod case;
mod known;
mod play;
mod record;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use case::{Case, Outcome, Shell, Stderr};

/// Cases of one file, with what real shells said.
struct File {
    /// Without its ending, below `tests/differential`.
    name: String,
    path: PathBuf,
    cases: Vec<Case>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/differential")
}

fn find(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, found);
        } else if path.extension().is_some_and(|e| e == "case") {
            found.push(path);
        }
    }
}

/// All files; `CASE` picks by a part of `file/case`.
fn files() -> Vec<File> {
    let mut paths = Vec::new();
    find(&folder(), &mut paths);
    paths.sort();
    let only = std::env::var("CASE").unwrap_or_default();
    let mut files = Vec::new();
    for path in paths {
        let name = path.strip_prefix(folder()).unwrap().with_extension("").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut cases = case::parse(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut names = BTreeSet::new();
        for c in &cases {
            assert!(names.insert(c.name.clone()), "{}: two cases are called '{}'", path.display(), c.name);
        }
        cases.retain(|c| format!("{name}/{}", c.name).contains(&only));
        if !cases.is_empty() {
            files.push(File { name, path, cases });
        }
    }
    assert!(!files.is_empty(), "no case has '{only}' in its name");
    files
}

/// Does a job for each, on two threads: what a small machine has cores for.
fn each<T: Sync, R: Send>(jobs: &[T], run: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    std::thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(i) else { break };
                    let r = run(job);
                    done.lock().unwrap().push((i, r));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, r)| r).collect()
}

/// Runs the real shells and writes what they say beside the cases.
fn record_all(files: &[File]) {
    let mut unsteady = Vec::new();
    for file in files {
        let mut record = record::read(&file.path);
        let jobs: Vec<(&Case, Shell)> = file.cases.iter().flat_map(|c| c.shells.iter().map(move |s| (c, *s))).collect();
        let run = |c: &Case, s| play::real(c, s).map(|o| compared(c, o));
        let found = each(&jobs, |(c, s)| run(c, *s).map(|first| (first, run(c, *s).unwrap())));
        for ((c, s), found) in jobs.iter().zip(found) {
            match found {
                None => println!("skipped: there is no {} here", s.name()),
                Some((first, second)) if first != second => {
                    unsteady.push(format!("{}/{} {}", file.name, c.name, s.name()));
                }
                Some((first, _)) => {
                    record.insert((c.name.clone(), *s), first);
                }
            }
        }
        record::write(&file.path, &record);
    }
    assert!(unsteady.is_empty(), "these differ from run to run: {unsteady:#?}");
}

/// What of an answer is compared.
fn compared(c: &Case, mut o: Outcome) -> Outcome {
    match c.stderr {
        Stderr::Text => {}
        Stderr::Kind if o.stderr.is_empty() => {}
        Stderr::Kind => o.stderr = b"(a message)\n".to_vec(),
        Stderr::Any => o.stderr = Vec::new(),
    }
    o
}

/// What is wrong with a case in one shell.
fn differs(c: &Case, shell: Shell, expected: Option<&Outcome>) -> Option<String> {
    let Some(expected) = expected else {
        return Some("no real shell's answer is recorded: run with RECORD=1".to_owned());
    };
    let (e, g) = (compared(c, expected.clone()), compared(c, play::ours(c, shell)));
    (e != g).then(|| format!("{}\n--- {}\n{}--- ours\n{}", c.script, shell.name(), e.print(), g.print()))
}

#[test]
fn ours_behave_as_the_real_shells() {
    let files = files();
    if std::env::var_os("RECORD").is_some() {
        record_all(&files);
    }
    let start = Instant::now();
    let records: Vec<_> = files.iter().map(|f| record::read(&f.path)).collect();
    let mut jobs = Vec::new();
    for (f, record) in files.iter().zip(&records) {
        for c in &f.cases {
            for s in &c.shells {
                jobs.push((f, c, *s, record.get(&(c.name.clone(), *s))));
            }
        }
    }
    let results = each(&jobs, |(_, c, s, expected)| differs(c, *s, *expected));
    let how = std::env::var("KNOWN").unwrap_or_default();
    let mut known = if how == "none" { BTreeSet::new() } else { known::read(&folder()) };
    let (mut failed, mut fixed) = (Vec::new(), Vec::new());
    for ((f, c, s, _), result) in jobs.iter().zip(&results) {
        let name = format!("{}/{} {}", f.name, c.name, s.name());
        match (result, known.contains(&name)) {
            (Some(text), false) => failed.push((name, text)),
            (None, true) => fixed.push(name),
            _ => {}
        }
    }
    println!(
        "{} cases, {} runs, {} differ, {} of them known, {:.1} s",
        files.iter().map(|f| f.cases.len()).sum::<usize>(),
        jobs.len(),
        results.iter().flatten().count(),
        results.iter().flatten().count() - failed.len(),
        start.elapsed().as_secs_f64()
    );
    if how == "all" || how == "shrink" {
        for name in &fixed {
            known.remove(name);
        }
        if how == "all" {
            known.extend(failed.iter().map(|(name, _)| name.clone()));
        }
        known::write(&folder(), &known);
        return;
    }
    let failures: Vec<String> = failed.iter().map(|(name, text)| format!("##### {name}\n{text}")).collect();
    assert!(failed.is_empty(), "{}\n{} differ that known.txt does not list", failures.join("\n"), failed.len());
    assert!(fixed.is_empty(), "known.txt lists what agrees now (KNOWN=shrink takes them out): {}", fixed.join(", "));
}

#[test]
fn what_is_known_to_differ_is_a_case() {
    if std::env::var_os("CASE").is_some() {
        return;
    }
    let all: BTreeSet<String> = files()
        .iter()
        .flat_map(|f| f.cases.iter().map(move |c| (f, c)))
        .flat_map(|(f, c)| c.shells.iter().map(move |s| format!("{}/{} {}", f.name, c.name, s.name())))
        .collect();
    let stale: Vec<String> = known::read(&folder()).into_iter().filter(|n| !all.contains(n)).collect();
    assert!(stale.is_empty(), "no such cases: {stale:?}");
}
