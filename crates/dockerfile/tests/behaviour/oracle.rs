//! The same trees as BuildKit's own parser, on thousands of made-up files. Runs where python3 has
//! the package `dockerfile` (PyPI), which is that parser; says that it is skipped elsewhere.

use std::io::Write as _;
use std::process::{Command, Stdio};

use layerlab_dockerfile::{Node, parse};
use serde_json::{Value, json};

use crate::parser_cases::dockerfiles;
use crate::properties::PIECES;

const COUNT: usize = 10_000;

/// The same files on every run: xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn dockerfile(&mut self) -> String {
        let length = 1 + self.below(30);
        (0..length).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }
}

fn oracle(texts: &[String]) -> Option<Vec<Value>> {
    let has = Command::new("python3").args(["-c", "import dockerfile"]).stderr(Stdio::null()).status();
    if !has.is_ok_and(|status| status.success()) {
        return None;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/behaviour/oracle.py");
    let mut child = Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
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
            let heredocs: Vec<Value> = node.heredocs.iter().map(|doc| json!([doc.name, doc.content])).collect();
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

#[test]
fn trees_equal_those_of_buildkits_parser() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut texts: Vec<String> = ["cases", "refused", "checks"]
        .iter()
        .flat_map(|folder| dockerfiles(folder))
        .map(|file| std::fs::read_to_string(file).unwrap())
        .filter(|text| !text.is_empty() && !text.contains("\\u0000"))
        .collect();
    while texts.len() < COUNT {
        let text = random.dockerfile();
        if comparable(&text) {
            texts.push(text);
        }
    }
    let Some(expected) = oracle(&texts) else {
        eprintln!("skipped: python3 has no package `dockerfile`");
        return;
    };
    let mut different = Vec::new();
    for (text, expected) in texts.iter().zip(&expected) {
        let ours = ours(text);
        if ours != *expected {
            different.push(format!("{text:?}\n  buildkit {expected}\n  ours     {ours}"));
        }
    }
    let shown = different.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
    assert!(different.is_empty(), "{} of {} differ:\n{shown}", different.len(), texts.len());
}
