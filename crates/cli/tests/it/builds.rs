//! `docker build`: progress, cache, failures; texts are buildx's.

use crate::machine::{Machine, Terminal};

const DOCKERFILE: &str =
    "FROM alpine\nWORKDIR /app\nCOPY a.txt .\nRUN cat a.txt > b.txt\nCOPY . .\nCMD [\"cat\", \"b.txt\"]\n";
const FILES: &[(&str, &str)] = &[
    ("Dockerfile", DOCKERFILE),
    ("a.txt", "one\n"),
    ("c.txt", "c\n"),
    (".dockerignore", "*.log\n"),
    ("x.log", "noise\n"),
];

#[test]
fn a_build_runs_its_steps_once() {
    let mut m = Machine::new(FILES);
    m.sh("docker pull -q alpine");
    let first = m.sh("docker build -t app:1 .");
    assert_eq!((first.out.as_str(), first.code), ("", 0), "{first:#?}");
    assert!(first.err.starts_with("#0 building with \"default\" instance using docker driver\n\n#1 [internal] load build definition from Dockerfile\n#1 transferring dockerfile: "));
    for step in [
        "[2/5] WORKDIR /app\n",
        "[3/5] COPY a.txt .\n",
        "[4/5] RUN cat a.txt > b.txt\n",
        "[5/5] COPY . .\n",
        "naming to docker.io/library/app:1 done\n",
    ] {
        assert!(first.err.contains(step), "{step}: {}", first.err);
    }
    assert_eq!(m.sh("docker run --rm app:1; docker run --rm app:1 ls").out, "one\nDockerfile\na.txt\nb.txt\nc.txt\n");
    let again = m.sh("docker build -t app:1 .").err;
    assert_eq!(again.matches(" CACHED\n").count(), 4, "{again}");
    let quiet = m.sh("docker build -q .");
    assert!(quiet.out.starts_with("sha256:") && quiet.err.is_empty(), "{quiet:#?}");
    let history = m.sh("docker history --format '{{.CreatedBy}}|{{.Comment}}' app:1").out;
    assert!(history.starts_with("CMD [\"cat\" \"b.txt\"]|buildkit.dockerfile.v0\nCOPY . . # buildkit|buildkit.dockerfile.v0\nRUN /bin/sh -c cat a.txt > b.txt # buildkit|"), "{history}");
}

#[test]
fn a_changed_file_is_named() {
    let mut m = Machine::new(FILES);
    m.sh("docker pull -q alpine; docker build -q .");
    let changed = m.sh("echo two > c.txt; docker build --explain .").err;
    assert!(changed.contains("[5/5] COPY . .\n         files changed: c.txt\n"), "{changed}");
    assert_eq!(changed.matches(" CACHED\n").count(), 3, "{changed}");
}

#[test]
fn a_failed_step_shows_its_place() {
    let mut m = Machine::new(&[("Dockerfile", "FROM alpine\nRUN apt-get update\n")]);
    let failed = m.sh("docker pull -q alpine; docker build .");
    assert_eq!(failed.code, 1);
    let end = "------\nDockerfile:2\n--------------------\n   1 |     FROM alpine\n   2 | >>> RUN apt-get update\n   3 |     \n--------------------\nERROR: failed to build: failed to solve: process \"/bin/sh -c apt-get update\" did not complete successfully: exit code: 127\n";
    assert!(failed.err.ends_with(end), "{}", failed.err);
    assert!(failed.err.contains("\n------\n > [2/2] RUN apt-get update:\n"), "{}", failed.err);
}

#[test]
fn dockerfiles_that_cannot_be_read() {
    let mut m = Machine::new(&[("Dockerfile", "FROM alpine\nFOO bar\n")]);
    let unknown = m.sh("docker build .");
    let want = "Dockerfile:2\n--------------------\n   1 |     FROM alpine\n   2 | >>> FOO bar\n   3 |     \n--------------------\nERROR: failed to build: failed to solve: dockerfile parse error on line 2: unknown instruction: FOO (did you mean FROM?)\n";
    assert!(unknown.err.ends_with(want), "{}", unknown.err);
    let missing = m.sh("docker build -f foo .");
    assert!(
        missing.err.ends_with(
            "ERROR: failed to build: failed to solve: failed to read dockerfile: open foo: no such file or directory\n"
        ),
        "{}",
        missing.err
    );
}

#[test]
fn a_build_on_the_terminal_redraws_its_picture() {
    let mut t = Terminal::new(FILES);
    t.start("docker pull -q alpine");
    let shown = t.start("docker build -t app:1 .");
    let last = shown.rsplit("\x1b[?25l").next().unwrap_or("");
    assert!(last.starts_with("[+] Building ") && last.contains(" FINISHED "), "{last}");
    assert!(last.contains("\x1b[34m => [4/5] RUN cat a.txt > b.txt "), "{last}");
    assert!(last.lines().all(|l| l.replace("\x1b[34m", "").replace("\x1b[0m", "").chars().count() <= 81), "{last}");
    let cached = t.start("docker build -t app:1 .");
    assert!(cached.contains("\x1b[34m => CACHED [5/5] COPY . . "), "{cached}");
}

#[test]
fn a_dockerfile_outside_of_the_context_is_not_in_the_image() {
    let files = [
        ("app/a.txt", "a\n"),
        ("app/.dockerignore", "*.log\n"),
        ("app/x.log", "noise\n"),
        ("Other", "FROM alpine\nWORKDIR /w\nCOPY . .\nCMD [\"ls\", \"-A\"]\n"),
    ];
    let mut m = Machine::new(&files);
    let built = m.sh("docker pull -q alpine; docker build -f Other -t other app && docker run --rm other");
    assert!(built.err.contains("#1 [internal] load build definition from Other\n"), "{}", built.err);
    assert!(built.out.ends_with("\n.dockerignore\na.txt\n"), "{built:#?}");
    let stdin = m.sh("printf 'FROM alpine\\nFOO\\n' | docker build -f - app");
    assert!(stdin.err.contains("Dockerfile:2\n") && stdin.code == 1, "{stdin:#?}");
}

#[test]
fn checks_only() {
    let mut m = Machine::new(&[
        ("Dockerfile", "FROM alpine\nMAINTAINER me\nCMD [\"sh\"]\n"),
        ("good/Dockerfile", "FROM alpine\nCMD [\"sh\"]\n"),
    ]);
    let checked = m.sh("docker build --check .");
    assert!(checked.out.starts_with("Check complete, 1 warning has been found!\n\nWARNING: MaintainerDeprecated - https://docs.docker.com/go/dockerfile/rule/maintainer-deprecated/\nMaintainer instruction is deprecated in favor of using label\nDockerfile:2\n"), "{checked:#?}");
    assert_eq!(checked.code, 1);
    let good = m.sh("docker build --check good");
    assert_eq!((good.out.as_str(), good.code), ("Check complete, no warnings found.\n", 0));
}
