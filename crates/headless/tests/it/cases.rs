//! Plays `tests/cases/**`; the format is in the README there.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Default)]
struct Case {
    title: String,
    files: Vec<(String, String)>,
    script: String,
    stdout: String,
    stderr: String,
    exit: i32,
    home: Vec<(String, String)>,
}

fn parse(text: &str) -> Case {
    let mut case = Case::default();
    let mut head = String::new();
    let mut body = String::new();
    let mut put = |head: &str, body: String| {
        let (kind, arg) = head.split_once(' ').unwrap_or((head, ""));
        match kind {
            "" => case.title = body,
            "file" => case.files.push((arg.to_owned(), body)),
            "script" => case.script = body,
            "stdout" => case.stdout = body,
            "stderr" => case.stderr = body,
            "exit" => case.exit = arg.parse().unwrap(),
            "home" => case.home.push((arg.to_owned(), body)),
            other => panic!("unknown part '{other}'"),
        }
    };
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("--- ") {
            Some(h) => {
                put(&head, std::mem::take(&mut body));
                head = h.trim_end().to_owned();
            }
            None => body.push_str(line),
        }
    }
    put(&head, body);
    case
}

fn print(c: &Case) -> String {
    let mut out = c.title.clone();
    let mut part = |head: &str, body: &str| {
        let _ = write!(out, "--- {head}\n{body}");
        if !body.is_empty() && !body.ends_with('\n') {
            out.push('\n');
        }
    };
    for (name, text) in &c.files {
        part(&format!("file {name}"), text);
    }
    part("script", &c.script);
    part("stdout", &c.stdout);
    if !c.stderr.is_empty() {
        part("stderr", &c.stderr);
    }
    if c.exit != 0 {
        part(&format!("exit {}", c.exit), "");
    }
    for (name, text) in &c.home {
        part(&format!("home {name}"), text);
    }
    out
}

/// Whether a line is what is expected, where `[..]` is any text.
fn line_fits(expected: &str, line: &str) -> bool {
    let mut parts = expected.split("[..]");
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for m in middle {
        let Some(at) = rest.find(m) else { return false };
        rest = &rest[at + m.len()..];
    }
    rest.ends_with(last)
}

/// Whether lines are what is expected, where `...` is any lines.
fn fits(expected: &[&str], lines: &[&str]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((&"...", rest)) => (0..=lines.len()).any(|n| fits(rest, &lines[n..])),
        Some((e, rest)) => lines.split_first().is_some_and(|(l, more)| line_fits(e, l) && fits(rest, more)),
    }
}

fn differs(what: &str, expected: &str, got: &str) -> Option<String> {
    let (e, g): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), got.lines().collect());
    (!fits(&e, &g)).then(|| format!("{what} is not as expected\n--- expected\n{expected}\n--- got\n{got}"))
}

fn play(path: &Path) -> Option<String> {
    let case = parse(&std::fs::read_to_string(path).unwrap());
    let name: String = path.to_string_lossy().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let dir = std::env::temp_dir().join(format!("layerlab-case-{}-{name}", std::process::id()));
    let (home, out) = (dir.join("home"), dir.join("out"));
    std::fs::create_dir_all(&home).unwrap();
    for (name, text) in &case.files {
        let file = home.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let result = Command::new(env!("CARGO_BIN_EXE_layerlab"))
        .args(["sh", "--home"])
        .arg(&home)
        .arg("--out")
        .arg(&out)
        .args(["-c", &case.script])
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let got = Case {
        title: case.title,
        files: case.files,
        script: case.script,
        stdout: String::from_utf8_lossy(&result.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&result.stderr).into_owned(),
        exit: result.status.code().unwrap_or(-1),
        home: case
            .home
            .iter()
            .map(|(n, _)| (n.clone(), std::fs::read_to_string(out.join(n)).unwrap_or_default()))
            .collect(),
    };
    std::fs::remove_dir_all(&dir).unwrap();
    let mut wrong: Vec<String> = Vec::new();
    wrong.extend(differs("stdout", &case.stdout, &got.stdout));
    wrong.extend(differs("stderr", &case.stderr, &got.stderr));
    if case.exit != got.exit {
        wrong.push(format!("exit status {} is expected, not {}", case.exit, got.exit));
    }
    for ((name, e), (_, g)) in case.home.iter().zip(&got.home) {
        wrong.extend(differs(name, e, g));
    }
    if wrong.is_empty() {
        return None;
    }
    if std::env::var_os("UPDATE_CASES").is_some() {
        std::fs::write(path, print(&got)).unwrap();
    }
    Some(format!("{}: {}", path.display(), wrong.join("\n")))
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

#[test]
fn every_case_is_as_written() {
    let mut paths = Vec::new();
    find(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases"), &mut paths);
    paths.sort();
    let only = std::env::var("CASE").unwrap_or_default();
    paths.retain(|p| p.to_string_lossy().contains(&only));
    assert!(!paths.is_empty(), "no case has '{only}' in its path");
    // Each is a process of its own; two at a time is what a small machine has cores for.
    let half = paths.len().div_ceil(2);
    let wrong: Vec<String> = std::thread::scope(|s| {
        let jobs: Vec<_> =
            paths.chunks(half).map(|c| s.spawn(|| c.iter().filter_map(|p| play(p)).collect::<Vec<_>>())).collect();
        jobs.into_iter().flat_map(|j| j.join().unwrap()).collect()
    });
    println!("{} cases", paths.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
