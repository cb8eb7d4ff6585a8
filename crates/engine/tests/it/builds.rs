//! Builds over the API, with a real kernel below.

use layerlab_engine::build::record::{BuildRecord, BuildState, LineState};
use layerlab_oci::layer::{Entry, write};
use serde_json::Value;

use crate::machine::{Answer, Machine};

/// A folder to build.
#[derive(Clone, Default)]
pub struct Folder(pub Vec<Entry>);

impl Folder {
    pub fn new(dockerfile: &str) -> Self {
        Self::default().with("Dockerfile", dockerfile)
    }
    pub fn with(self, path: &str, content: &str) -> Self {
        self.with_mode(path, content, 0o644)
    }
    pub fn with_mode(mut self, path: &str, content: &str, mode: u32) -> Self {
        self.0.retain(|e| e.path != path);
        self.0.push(Entry::file(path, content.as_bytes().to_vec(), mode));
        self
    }
    pub fn without(mut self, path: &str) -> Self {
        self.0.retain(|e| e.path != path);
        self
    }
    pub fn at(mut self, mtime: i64) -> Self {
        self.0.iter_mut().for_each(|e| e.mtime = mtime);
        self
    }
}

/// Builds and waits.
pub fn build(m: &mut Machine, folder: &Folder, query: &str) -> Answer {
    let o = m.begin("POST", &format!("/build?version=2&{query}"), &write(&folder.0).unwrap());
    m.end(&o)
}

/// Builds what must come to an end; answers the image's ID.
pub fn built(m: &mut Machine, folder: &Folder, query: &str) -> String {
    let a = build(m, folder, query);
    let last = a.lines().pop().unwrap();
    assert_eq!(last["id"], "moby.image.id", "{}", a.body);
    last["aux"]["ID"].as_str().unwrap().to_owned()
}

/// What the last line says of an error.
pub fn failed(m: &mut Machine, folder: &Folder) -> (String, Value) {
    let a = build(m, folder, "");
    let last = a.lines().pop().unwrap();
    assert!(last["error"].is_string(), "{}", a.body);
    (last["error"].as_str().unwrap().to_owned(), last["errorDetail"]["source"]["ranges"].clone())
}

pub fn last(m: &Machine) -> &BuildRecord {
    m.state().last_build().unwrap()
}

/// Each step as `line: hit` or `line: why it missed`.
pub fn story(m: &Machine) -> Vec<String> {
    let tell = |state: &LineState| match state {
        // A base image that was here before is no step of the Dockerfile's own.
        LineState::Hit { made_by: 0 } => None,
        LineState::Hit { .. } => Some("hit".to_owned()),
        LineState::Miss(Some(cause)) => Some(cause.to_string()),
        LineState::Failed(_) => Some("failed".to_owned()),
        _ => None,
    };
    last(m).lines.iter().filter_map(|l| Some(format!("{}: {}", l.lines.0, tell(&l.state)?))).collect()
}

/// All that steps wrote.
pub fn logs(a: &Answer) -> String {
    let texts = a.lines().into_iter().flat_map(|l| l["aux"]["logs"].as_array().cloned().unwrap_or_default());
    texts.map(|l| l["data"].as_str().unwrap().to_owned()).collect()
}

fn names(a: &Answer) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for v in a.lines().iter().flat_map(|l| l["aux"]["vertexes"].as_array().cloned().unwrap_or_default()) {
        let name = v["name"].as_str().unwrap().split("@sha256").next().unwrap().to_owned();
        if !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

const NOTES: &str = "FROM alpine\nWORKDIR /app\nCOPY list.txt .\nRUN cat list.txt && echo done > made\nCOPY . .\nENV MODE=production\nEXPOSE 5000\nCMD [\"cat\", \"main.txt\"]\n";

fn notes() -> Folder {
    Folder::new(NOTES).with("list.txt", "flask\n").with("main.txt", "hello\n")
}

#[test]
fn a_build_from_context_to_image() {
    let mut m = Machine::new();
    let a = build(&mut m, &notes(), "t=notes:1.0");
    assert_eq!(
        names(&a),
        [
            "[internal] load build definition from Dockerfile",
            "[internal] load metadata for docker.io/library/alpine:latest",
            "[internal] load .dockerignore",
            "[internal] load build context",
            "[1/5] FROM docker.io/library/alpine:latest",
            "[2/5] WORKDIR /app",
            "[3/5] COPY list.txt .",
            "[4/5] RUN cat list.txt && echo done > made",
            "[5/5] COPY . .",
            "exporting to image",
        ],
        "{}",
        a.body
    );
    assert_eq!(logs(&a), "flask\n");
    assert_eq!(last(&m).state, BuildState::Done);
    let history = m.get("/images/notes:1.0/history").json();
    let by: Vec<&str> = (0..7).map(|i| history[i]["CreatedBy"].as_str().unwrap()).collect();
    assert_eq!(
        by,
        [
            "CMD [\"cat\" \"main.txt\"]",
            "EXPOSE [5000/tcp]",
            "ENV MODE=production",
            "COPY . . # buildkit",
            "RUN /bin/sh -c cat list.txt && echo done > made # buildkit",
            "COPY list.txt . # buildkit",
            "WORKDIR /app",
        ]
    );
    assert_eq!(history[6]["Size"], 8192);
    assert_eq!(history[5]["Size"], 12288);
    let inspect = m.get("/images/notes:1.0/json").json();
    assert_eq!(inspect["Config"]["WorkingDir"], "/app");
    assert_eq!(inspect["Config"]["ExposedPorts"]["5000/tcp"], serde_json::json!({}));
    // What was built runs.
    let id = m.post("/containers/create?name=web", r#"{"Image":"notes:1.0"}"#).json()["Id"].clone();
    assert!(id.is_string());
    assert_eq!(m.post("/containers/web/start", "").status, 204);
    let log = m.get("/containers/web/logs?stdout=1");
    assert!(log.body.contains("hello"), "{}", log.body);
}

#[test]
fn nothing_changed_gives_the_same_image() {
    let mut m = Machine::new();
    let one = built(&mut m, &notes(), "t=notes:1.0");
    let two = built(&mut m, &notes().at(1_700_000_000), "t=notes:1.0");
    assert_eq!(one, two);
    assert_eq!(story(&m), ["2: hit", "3: hit", "4: hit", "5: hit"]);
}

#[test]
fn a_changed_file_is_named() {
    let mut m = Machine::new();
    built(&mut m, &notes(), "t=notes:1.0");
    built(&mut m, &notes().with("main.txt", "hallo\n"), "t=notes:1.0");
    assert_eq!(story(&m), ["2: hit", "3: hit", "4: hit", "5: changed: main.txt"]);
    built(&mut m, &notes().with("list.txt", "flask\nredis\n").with("main.txt", "hallo\n"), "t=notes:1.0");
    assert_eq!(story(&m), ["2: hit", "3: changed: list.txt", "4: line 3 ran again", "5: line 3 ran again"]);
    // Back to what was: old results hit again.
    built(&mut m, &notes(), "t=notes:1.0");
    assert_eq!(story(&m), ["2: hit", "3: hit", "4: hit", "5: hit"]);
}

#[test]
fn errors_have_buildkits_words_and_place() {
    let mut m = Machine::new();
    let cases = [
        (
            "FROM alpine\nFOO bar\n",
            "dockerfile parse error on line 2: unknown instruction: FOO (did you mean FROM?)",
            2,
        ),
        ("FROM alpine\nRUN exit 3\n", "process \"/bin/sh -c exit 3\" did not complete successfully: exit code: 3", 2),
        (
            "FROM alpine\nRUN apt-get update\n",
            "process \"/bin/sh -c apt-get update\" did not complete successfully: exit code: 127",
            2,
        ),
        ("FROM alpine\nRUN [\"nosuch\"]\n", "process \"nosuch\" did not complete successfully: exit code: 1", 2),
        ("FROM scratch\nRUN true\n", "process \"/bin/sh -c true\" did not complete successfully: exit code: 1", 2),
        (
            "FROM alpine\nUSER nobody1\nRUN id\n",
            "process \"/bin/sh -c id\" did not complete successfully: unable to find user nobody1: no matching entries in passwd file",
            3,
        ),
        ("FROM alpine AS a\nFROM alpine\nCOPY --from=a /nope /\n", "lstat /nope: no such file or directory", 3),
        ("FROM alpine\nSTOPSIGNAL SIGFOO\n", "invalid signal: SIGFOO", 2),
        (
            "FROM alpine:nope\n",
            "alpine:nope: failed to resolve source metadata for docker.io/library/alpine:nope: docker.io/library/alpine:nope: not found",
            1,
        ),
        (
            "FROM alpine\nRUN --mount=type=secret,id=tok,required=true cat /run/secrets/tok\n",
            "secret tok: not found",
            2,
        ),
    ];
    let more = [
        (
            "# syntax=docker/nope:1\nFROM alpine\n",
            "failed to resolve source metadata for docker.io/docker/nope:1: docker.io/docker/nope:1: not found",
            1,
        ),
        (
            "FROM --platform=linux/s390x alpine\n",
            "alpine: failed to resolve source metadata for docker.io/library/alpine:latest: no match for platform in manifest: not found",
            1,
        ),
        (
            "FROM Alpine\n",
            "failed to parse stage name \"Alpine\": invalid reference format: repository name (library/Alpine) must be lowercase",
            1,
        ),
        ("FROM alpine\nEXPOSE foo\n", "invalid containerPort: foo", 2),
    ];
    for (dockerfile, message, line) in cases.into_iter().chain(more) {
        let (text, ranges) = failed(&mut m, &Folder::new(dockerfile));
        assert_eq!(text, message);
        assert_eq!(ranges[0][0], line, "{dockerfile}");
    }
    let (text, _) = failed(&mut m, &Folder::new("FROM alpine\nCOPY ../x /\n"));
    assert!(text.starts_with("failed to compute cache key: failed to calculate checksum of ref "), "{text}");
    assert!(text.ends_with(": \"/x\": not found"), "{text}");
    let start = m.kernel.sys.now;
    let (text, ranges) = failed(&mut m, &Folder::new("FROM alpine\nRUN sleep 100\nCOPY src/ /src/\n"));
    assert!(text.ends_with(": \"/src\": not found"), "{text}");
    assert_eq!(ranges[0][0], 3);
    assert!((m.kernel.sys.now - start).as_millis() < 1000, "nothing runs for a build that can't end well");
    assert_eq!(failed(&mut m, &Folder::new("")).0, "the Dockerfile cannot be empty");
    assert_eq!(
        failed(&mut m, &Folder::default().with("x", "")).0,
        "failed to read dockerfile: open Dockerfile: no such file or directory"
    );
    // The daemon is well.
    built(&mut m, &notes(), "t=notes:1.0");
}
