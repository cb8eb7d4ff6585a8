//! Made-up ignore files against what buildah (with moby's matcher) copies of a folder. Says that it is
//! skipped where buildah is not, or may not work without root. `LAYERLAB_IGNORE_CASES` asks for more.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use layerlab_dockerfile::ignore::Ignore;

use crate::generate::Random;

const FILES: &[&str] = &[
    "README.md",
    "app.py",
    "a/app.py",
    "a/b/app.py",
    "a/b/c/deep.txt",
    "a/b.txt",
    "b/a/x",
    "node_modules/p/index.js",
    "src/node_modules/q/index.js",
    "src/main.rs",
    "src/lib/mod.rs",
    ".git/config",
    ".env",
    "a/.env",
    "x.tar.gz",
    "[x]",
];

const PATTERNS: &[&str] = &[
    "a",
    "a/",
    "/a",
    "./a/b",
    "a/*",
    "a/**",
    "**/a",
    "*",
    "*.md",
    "**/*.py",
    "**",
    "node_modules",
    "**/node_modules",
    "a/b",
    "a/../b",
    "*/b",
    "*/*/c",
    "src/*",
    "?pp.py",
    "[a-c]",
    "[^a]",
    ".git",
    ".*",
    "**/.env",
    "x.*",
    "*.*",
    "# comment",
    "",
    "  b  ",
    "src/**/mod.rs",
    "a/b/c",
    "\\[x]",
];

fn buildah(store: &Path, args: &[&str]) -> std::process::Output {
    let (root, run) = (store.join("root"), store.join("run"));
    Command::new("buildah")
        .arg("--root")
        .arg(root)
        .arg("--runroot")
        .arg(run)
        .args(["--storage-driver", "vfs"])
        .args(args)
        .output()
        .unwrap()
}

fn files(root: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut todo: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(dir) = todo.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else {
                found.insert(path.strip_prefix(root).unwrap().display().to_string());
            }
        }
    }
    found
}

/// Exceptions name files. For folders buildah walks otherwise than BuildKit: it looks at all parents of a
/// path, BuildKit remembers for each pattern whether it has decided something at a parent.
const EXCEPTIONS: &[&str] = &["a/b/app.py", "src/main.rs", "/README.md", "./a/.env", "b/a/x", ".env", "src/lib/mod.rs"];

fn text(random: &mut Random) -> String {
    let lines = 1 + random.below(4);
    let line = |random: &mut Random| match random.below(3) {
        0 => format!("!{}\n", EXCEPTIONS[random.below(EXCEPTIONS.len())]),
        _ => format!("{}\n", PATTERNS[random.below(PATTERNS.len())]),
    };
    (0..lines).map(|_| line(random)).collect()
}

#[test]
fn ignore_files_leave_out_what_buildah_leaves_out() {
    let may = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n");
    if !may || !Command::new("buildah").arg("--version").output().is_ok_and(|out| out.status.success()) {
        eprintln!("skipped: buildah is not here, or may not work");
        return;
    }
    let count = std::env::var("LAYERLAB_IGNORE_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(6);
    let dir = std::env::temp_dir().join(format!("layerlab-ignore-{}", std::process::id()));
    let context = dir.join("context");
    for file in FILES {
        let path = context.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file).unwrap();
    }
    let dockerfile = dir.join("Dockerfile");
    std::fs::write(&dockerfile, "FROM scratch\nCOPY . /\n").unwrap();
    let mut random = Random::new(0x1234_5678_9abc_def1);
    let mut different = Vec::new();
    for number in 0..count {
        let text = text(&mut random);
        std::fs::write(context.join(".dockerignore"), &text).unwrap();
        let ours = Ignore::parse(&text).map(|ignore| {
            let kept = FILES.iter().chain(&[".dockerignore"]).filter(|file| !ignore.matches(file));
            kept.map(|file| (*file).to_owned()).collect::<BTreeSet<String>>()
        });
        let out = dir.join(format!("out{number}"));
        let output = format!("type=local,dest={}", out.display());
        let (file, context) = (dockerfile.display().to_string(), context.display().to_string());
        let made = buildah(&dir, &["bud", "-q", "--output", &output, "-f", &file, &context]);
        let theirs = made.status.success().then(|| files(&out));
        // With nothing left to copy buildah fails, where BuildKit copies nothing.
        if theirs.clone().unwrap_or_default() != ours.clone().unwrap_or_default() {
            let why = String::from_utf8_lossy(&made.stderr).into_owned();
            different.push(format!("{text:?}\n  buildah {theirs:?} {why}\n  ours    {ours:?}"));
        }
    }
    let _ = std::fs::remove_dir_all(&dir);
    assert!(
        different.is_empty(),
        "{} of {count} differ:\n{}",
        different.len(),
        different[..different.len().min(5)].join("\n")
    );
}
