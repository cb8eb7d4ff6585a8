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

/// A Dockerfile with a stage that only files are taken from.
const STAGED: &[(&str, &str)] = &[
    (
        "Dockerfile",
        "FROM alpine AS b\nRUN echo made > /made\nFROM alpine\nCOPY a.txt .\nRUN cat a.txt > b.txt\nCOPY --from=b /made .\n",
    ),
    ("a.txt", "one\n"),
];

#[test]
fn a_cache_in_a_folder_outlives_the_builder() {
    let mut m = Machine::new(STAGED);
    let first = m.sh("docker build --cache-to type=local,dest=c,mode=max --cache-from type=local,src=none -t app .");
    assert!(
        first.err.contains("WARNING: local cache import at none not found due to err: could not read none/index.json: open none/index.json: no such file or directory\n"),
        "{}", first.err
    );
    for line in [
        " exporting cache to client directory\n",
        " preparing build cache for export ",
        " writing layer sha256:",
        " writing config sha256:",
        " writing cache image manifest sha256:",
    ] {
        assert!(first.err.contains(line), "{line}: {}", first.err);
    }
    assert_eq!(
        m.sh("cat c/oci-layout; ls c").out,
        "{\"imageLayoutVersion\":\"1.0.0\"}blobs\nindex.json\ningest\noci-layout\n"
    );
    assert!(m.sh("cat c/blobs/sha256/*").out.contains("application/vnd.buildkit.cacheconfig.v0"));
    let pruned = m.sh("docker builder prune -af; docker rmi app; docker build .");
    assert_eq!(pruned.err.matches(" CACHED\n").count(), 0, "{}", pruned.err);
    let from = m.sh("docker builder prune -af; docker build --cache-from type=local,src=c .").err;
    assert!(from.contains(" importing cache manifest from local:"), "{from}");
    assert!(from.contains(" inferred cache manifest type: application/vnd.oci.image.manifest.v1+json "), "{from}");
    assert_eq!(from.matches(" CACHED\n").count(), 4, "{from}");
    // What was taken from it is now the builder's own, what was not is gone.
    let own = m.sh("docker build .").err;
    assert_eq!(own.matches(" CACHED\n").count(), 4, "{own}");
}

#[test]
fn a_changed_file_makes_an_imported_cache_miss() {
    let mut m = Machine::new(STAGED);
    m.sh("docker build --cache-to type=local,dest=c .; docker builder prune -af; echo two > a.txt");
    let from = m.sh("docker build --cache-from type=local,src=c .").err;
    assert_eq!(from.matches(" CACHED\n").count(), 0, "{from}");
    let broken = m.sh("docker builder prune -af; echo x > c/index.json; docker build --cache-from type=local,src=c .");
    assert!(broken.code == 0 && broken.err.contains(" ERROR: could not unmarshal index.json: "), "{}", broken.err);
    let unknown = m.sh("docker build --cache-from nowhere/cache:x .");
    assert!(
        unknown.code == 0 && unknown.err.contains(" importing cache manifest from docker.io/nowhere/cache:x\n"),
        "{}",
        unknown.err
    );
    assert!(
        unknown.err.contains(" ERROR: failed to configure registry cache importer: pull access denied, "),
        "{}",
        unknown.err
    );
}
