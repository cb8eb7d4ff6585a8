//! The same trees as BuildKit's own parser, on thousands of made-up files and on those in
//! `tests/recorded`. Runs where the Python of `$LAYERLAB_PYTHON` (else python3) has the package
//! `dockerfile` (PyPI), which is that parser; says that it is skipped elsewhere. What the package
//! said to the recorded files lies beside them, so that they are compared everywhere;
//! `LAYERLAB_RECORD=1` writes it anew.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use layerlab_dockerfile::{Node, parse};
use serde_json::{Value, json};

use crate::generate::Random;
use crate::parser_cases::dockerfiles;

/// Files of each kind.
const COUNT: usize = 5_000;

fn python() -> String {
    std::env::var("LAYERLAB_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

fn oracle(texts: &[String]) -> Option<Vec<Value>> {
    let has = Command::new(python()).args(["-c", "import dockerfile"]).stderr(Stdio::null()).status();
    if !has.is_ok_and(|status| status.success()) {
        eprintln!("skipped: {} has no package `dockerfile`", python());
        return None;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/behaviour/oracle.py");
    let mut child = Command::new(python()).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(json!(texts).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Left out: what the package does otherwise. It spoils flags outside ASCII, flattens ONBUILD once
/// only, and its parser is of 2024: no `# check=` yet, and text behind a JSON array was ignored.
fn comparable(text: &str) -> bool {
    text.is_ascii()
        && text.to_ascii_lowercase().matches("onbuild").count() < 2
        && !text.contains("# check")
        && text.split("\"]").skip(1).all(|rest| rest.starts_with(['\n', '\r']) || rest.is_empty())
}

fn value(node: &Node) -> Vec<&String> {
    // ENV and LABEL: the third of each three is the separator, which the package leaves out.
    let pairs = ["env", "label"].iter().any(|name| node.keyword.eq_ignore_ascii_case(name));
    let keep = |at: usize| !pairs || at % 3 != 2;
    node.args.iter().enumerate().filter(|(at, _)| keep(*at)).map(|(_, word)| word).collect()
}

fn ours(text: &str) -> Value {
    let parsed = parse(text);
    if let Some(error) = parsed.diagnostics.first() {
        return json!({ "error": error.message });
    }
    let commands: Vec<Value> = parsed
        .ast
        .nodes
        .iter()
        .map(|node| {
            let inner = node.sub.as_deref().unwrap_or(node);
            // The package looks for those of an ONBUILD at its inner node, where there are none.
            let heredocs = node.heredocs.iter().filter(|_| node.sub.is_none());
            let heredocs: Vec<Value> = heredocs.map(|doc| json!([doc.name, doc.content])).collect();
            json!({
                "cmd": node.keyword,
                "sub": node.sub.as_ref().map(|sub| sub.keyword.clone()).unwrap_or_default(),
                "json": inner.json,
                "lines": [node.lines.start(), node.lines.end()],
                "flags": node.flags,
                "value": value(inner),
                "heredocs": heredocs,
            })
        })
        .collect();
    json!({ "commands": commands })
}

/// Compares all, and shows the first that differ.
fn compare(texts: &[String], expected: &[Value]) {
    assert_eq!(texts.len(), expected.len());
    let mut different = Vec::new();
    for (text, expected) in texts.iter().zip(expected) {
        let ours = ours(text);
        if ours != *expected {
            different.push(format!("{text:?}\n  buildkit {expected}\n  ours     {ours}"));
        }
    }
    let shown = different.iter().take(3).cloned().collect::<Vec<_>>().join("\n");
    assert!(different.is_empty(), "{} of {} differ:\n{shown}", different.len(), texts.len());
}

fn made_up(seed: u64, mut make: impl FnMut(&mut Random) -> String) {
    let mut random = Random::new(seed);
    let mut texts = Vec::new();
    while texts.len() < COUNT {
        let text = make(&mut random);
        if comparable(&text) {
            texts.push(text);
        }
    }
    if let Some(expected) = oracle(&texts) {
        compare(&texts, &expected);
    }
}

#[test]
fn random_pieces_are_buildkits_tree() {
    made_up(0x9e37_79b9_7f4a_7c15, Random::pieces);
}

#[test]
fn files_by_the_grammar_are_buildkits_tree() {
    made_up(0x5bd1_e995_1234_5678, Random::file);
}

#[test]
fn files_of_the_other_tests_are_buildkits_tree() {
    let texts: Vec<String> = ["cases", "refused", "checks"]
        .iter()
        .flat_map(|folder| dockerfiles(folder))
        .map(|file| std::fs::read_to_string(file).unwrap())
        .filter(|text| !text.is_empty() && !text.contains("\\u0000") && !text.contains("# check"))
        .collect();
    if let Some(expected) = oracle(&texts) {
        compare(&texts, &expected);
    }
}

#[test]
fn recorded_files_are_buildkits_tree() {
    let files = dockerfiles("recorded");
    let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let records: Vec<PathBuf> = files.iter().map(|file| file.with_extension("json")).collect();
    let fresh = oracle(&texts);
    if std::env::var_os("LAYERLAB_RECORD").is_some() {
        for (record, value) in records.iter().zip(fresh.clone().expect("the package")) {
            std::fs::write(record, format!("{value:#}\n")).unwrap();
        }
    }
    let read = |record: &PathBuf| serde_json::from_slice(&std::fs::read(record).unwrap()).unwrap();
    let expected: Vec<Value> = records.iter().map(read).collect();
    if let Some(fresh) = fresh {
        assert_eq!(fresh, expected, "the package says something else today");
    }
    compare(&texts, &expected);
}
