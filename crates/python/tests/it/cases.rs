//! Every file in `tests/cases` runs as CPython 3.11 ran it: the `.out` file beside it is that run's
//! stdout, stderr and exit code. Where a real Python 3.11 is at hand, it is asked again.
//! `UPDATE=1` writes the files from the real one.

use crate::os::{Outcome, TestOs};
use std::path::{Path, PathBuf};
use std::process::Command;

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn cases() -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = std::fs::read_dir(dir())
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|x| x == "py"))
        .map(|p| (p.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&p).unwrap()))
        .collect();
    out.sort();
    if let Ok(only) = std::env::var("CASE") {
        out.retain(|c| c.0.contains(&only));
    }
    out
}

fn shown(o: &Outcome) -> String {
    format!("{}--- stderr\n{}--- exit {}\n", o.stdout, o.stderr, o.code)
}

fn os(name: &str, text: &str) -> (TestOs, String) {
    let path = format!("/app/{name}.py");
    let mut os = TestOs::new();
    os.stdin = b"first line\nsecond\n".to_vec();
    (os.file(&path, text), path)
}

/// As a shell tells it: a signal is 128 and its number.
fn exit_code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().or_else(|| status.signal().map(|s| 128 + s)).unwrap_or(-1)
}

/// The real interpreter's outcome, in a folder of its own.
fn real(name: &str, text: &str) -> Option<Outcome> {
    let version = Command::new("python3").arg("--version").output().ok()?;
    if !String::from_utf8_lossy(&version.stdout).starts_with("Python 3.11.") {
        return None;
    }
    let home = std::env::temp_dir().join(format!("layerlab-python-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&home).ok()?;
    std::fs::write(home.join(format!("{name}.py")), text).ok()?;
    let path = home.join(format!("{name}.py"));
    let mut child = Command::new("python3")
        .arg(&path)
        .current_dir(&home)
        .env_clear()
        .env("TZ", "UTC")
        .env("PYTHONHASHSEED", "0")
        .env("LC_ALL", "C.UTF-8")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .ok()?;
    use std::io::Write;
    child.stdin.take()?.write_all(b"first line\nsecond\n").ok();
    let o = child.wait_with_output().ok()?;
    let _ = std::fs::remove_dir_all(&home);
    let place = home.to_string_lossy().into_owned();
    let text = |b: &[u8]| String::from_utf8_lossy(b).replace(&place, "/app");
    Some(Outcome { stdout: text(&o.stdout), stderr: text(&o.stderr), code: exit_code(o.status) })
}

#[test]
fn programs_behave_as_in_cpython() {
    let update = std::env::var("UPDATE").is_ok();
    let mut failed = Vec::new();
    for (name, text) in cases() {
        let file = dir().join(format!("{name}.out"));
        let real = if update || std::env::var("NO_REAL").is_err() { real(&name, &text) } else { None };
        if update && let Some(r) = &real {
            std::fs::write(&file, shown(r)).unwrap();
        }
        let want = real.map_or_else(|| std::fs::read_to_string(&file).unwrap_or_default(), |r| shown(&r));
        let (os, path) = os(&name, &text);
        let got = shown(&os.run(&[&path]));
        if got != want {
            let diff: Vec<String> = want
                .lines()
                .zip(got.lines())
                .filter(|(a, b)| a != b)
                .take(4)
                .map(|(a, b)| format!("  - {a}\n  + {b}"))
                .collect();
            let (w, g) = (want.lines().count(), got.lines().count());
            let tail =
                got.lines().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n    ");
            failed.push(format!("{name} ({w} lines, got {g}):\n{}\n    {tail}", diff.join("\n")));
        }
    }
    assert!(failed.is_empty(), "{} cases differ:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn slices_and_copies_change_nothing() {
    for (name, text) in cases() {
        let (os, path) = os(&name, &text);
        let whole = os.clone().run(&[&path]);
        for (fuel, clone_at) in [(1, None), (7, Some(1001)), (1000, Some(3)), (1000, Some(40))] {
            let (got, _) = os.clone().run_with(&[&path], &[], fuel, clone_at);
            assert_eq!(got, whole, "{name} with fuel {fuel}, copied at {clone_at:?}");
        }
    }
}
