//! `git` beside the real one: the same commands, the same output; and the real one reads our folder.

use std::path::Path;
use std::process::Command;

use layerlab_kernel::vfs::Node;
use layerlab_kernel::{Kernel, SimTime, SpawnSpec};

use crate::machine::boot_with;

/// Commands; `NAME := TEXT` writes a file (`\n` is a newline).
type Script<'a> = &'a [&'a str];

const ENV: &[(&str, &str)] = &[
    ("LC_ALL", "C"),
    ("TERM", "xterm"),
    ("GIT_AUTHOR_NAME", "Ann"),
    ("GIT_AUTHOR_EMAIL", "ann@mail.example"),
    ("GIT_COMMITTER_NAME", "Ann"),
    ("GIT_COMMITTER_EMAIL", "ann@mail.example"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_PAGER", "cat"),
];

fn date(n: usize) -> String {
    format!("@{} +0000", 1_795_248_000 + 60 * n)
}

/// Output, then messages, then the exit code.
fn ours(k: &mut Kernel, line: &str, n: usize) -> String {
    let argv: Vec<String> = words(line);
    let mut env: Vec<(String, String)> = ENV.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    env.push(("PATH".into(), "/usr/bin".into()));
    env.push(("HOME".into(), "/root".into()));
    env.push(("GIT_AUTHOR_DATE".into(), date(n)));
    env.push(("GIT_COMMITTER_DATE".into(), date(n)));
    let o = k.spawn_outside(&SpawnSpec { argv, env, cwd: "/t".into(), ..SpawnSpec::default() }).unwrap();
    k.close_outside(&o);
    let until = k.sys.now + SimTime::secs(60);
    while k.status_outside(&o).is_none() && k.sys.now < until {
        k.run_until(k.sys.now + SimTime::millis(50));
    }
    let (out, err) = k.take_outside(&o);
    let code = k.status_outside(&o).map_or(-1, layerlab_kernel::ExitStatus::code);
    k.forget_outside(&o);
    format!("{}{}[{code}]", String::from_utf8_lossy(&out), String::from_utf8_lossy(&err))
}

fn words(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (i, part) in line.split('\'').enumerate() {
        if i % 2 == 1 {
            out.push(part.to_owned());
        } else {
            out.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    out
}

fn real(dir: &Path, line: &str, n: usize) -> String {
    let argv = words(line);
    let out = Command::new(&argv[0])
        .args(&argv[1..])
        .current_dir(dir)
        .env_clear()
        .envs(ENV.iter().copied())
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", dir.parent().unwrap())
        .env("GIT_AUTHOR_DATE", date(n))
        .env("GIT_COMMITTER_DATE", date(n))
        .output()
        .unwrap();
    format!(
        "{}{}[{}]",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr),
        out.status.code().unwrap_or(-1)
    )
}

fn both(script: Script<'_>) {
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("skipped: no git");
        return;
    }
    let temp = std::env::temp_dir().join(format!("layerlab-git-{}-{}", std::process::id(), script.len()));
    let dir = temp.join("t");
    let _ = std::fs::remove_dir_all(&temp);
    std::fs::create_dir_all(&dir).unwrap();
    let mut wrong = String::new();
    let mut k = boot_with(&[]);
    let top = dir.to_str().unwrap().to_owned();
    for (n, line) in script.iter().enumerate() {
        if let Some((name, text)) = line.split_once(" := ") {
            let text = text.replace("\\n", "\n");
            if let Some((d, _)) = name.rsplit_once('/') {
                std::fs::create_dir_all(dir.join(d)).unwrap();
                ours(&mut k, &format!("mkdir -p {d}"), n);
            }
            std::fs::write(dir.join(name), &text).unwrap();
            k.write_file(&format!("/t/{name}"), text.into_bytes()).unwrap();
            continue;
        }
        let left = ours(&mut k, line, n).replace("/t/", "TOP/").replace("'/t'", "'TOP'");
        let right = real(&dir, line, n).replace(&format!("{top}/"), "TOP/").replace(&format!("'{top}'"), "'TOP'");
        if left != right {
            wrong.push_str(&format!("$ {line}\n--- ours\n{left}\n--- the real git\n{right}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    // The real git reads what ours has written.
    let copy = temp.join("copy");
    let fs = k.sys.filesystems.values().next().unwrap();
    for (path, _, inode) in fs.tree.walk_from("/t") {
        let to = copy.join(path.trim_start_matches('/'));
        match &inode.node {
            Node::Dir { .. } => std::fs::create_dir_all(&to).unwrap(),
            Node::File(data) => std::fs::write(&to, data.as_slice()).unwrap(),
            _ => {}
        }
    }
    assert_eq!(real(&copy, "git fsck --full --strict", 0), "[0]");
    for line in ["git log --all --format=%H%d", "git status --short", "git ls-files -s"] {
        assert_eq!(real(&copy, line, 0), real(&dir, line, 0), "{line}");
    }
    let _ = std::fs::remove_dir_all(&temp);
}

#[test]
fn a_first_repository() {
    both(&[
        "git init -b main",
        "git status",
        "git log",
        "README.md := # Title\\n\\nText.\\n",
        "src/app.py := import os\\n\\ndef main():\\n    print('hi')\\n\\nmain()\\n",
        ".gitignore := *.log\\nbuild/\\n",
        "x.log := no\\n",
        "build/out := no\\n",
        "git status",
        "git status --short",
        "git status --short --ignored",
        "git add README.md",
        "git status",
        "git diff --cached",
        "git add .",
        "git status --short",
        "git commit -m 'First commit'",
        "git status",
        "git log",
        "git log --oneline",
        "git show --stat",
        "README.md := # Title\\n\\nMore text.\\n",
        "new.txt := new\\n",
        "git diff",
        "git status",
        "git status -sb",
        "git diff --stat",
        "git commit -am 'Second'",
        "git add -A",
        "git commit -q -m 'Third\\n'",
        "git log --format='%h %an <%ae> %s%n%ad'",
        "git log -1 -p",
        "git show HEAD~1",
        "git diff HEAD~2 HEAD --name-status",
        "git diff HEAD~2 -- README.md",
        "git log --oneline -- README.md",
        "git rev-parse HEAD",
        "git rev-parse --abbrev-ref HEAD",
        "git cat-file -p HEAD",
        "git cat-file -p HEAD^{tree}",
        "git ls-files",
        "git ls-tree -r HEAD",
        "git show HEAD:README.md",
        "git rm new.txt",
        "git status --short",
        "git commit -m 'Remove'",
        "git mv README.md READ.me",
        "git status",
        "git commit -m 'Rename'",
        "git show --stat HEAD",
        "git commit -m 'Nothing'",
        "git commit --amend -m 'Renamed'",
        "git log --oneline --graph",
        "git tag v1",
        "git tag -a v2 -m 'Second version'",
        "git tag",
        "git describe",
        "git show v2",
        "git frobnicate",
        "git comit",
    ]);
}

#[test]
fn branches_and_merges() {
    both(&[
        "git init -q -b main",
        "a := 1\\n2\\n3\\n4\\n5\\n",
        "git add a",
        "git commit -m 'Base'",
        "git branch feature",
        "git branch",
        "git switch feature",
        "a := one\\n2\\n3\\n4\\n5\\n",
        "b := b\\n",
        "git add .",
        "git commit -m 'On feature'",
        "git checkout main",
        "git branch -v",
        "git merge feature",
        "git log --oneline --graph --all",
        "git checkout -b other HEAD~1",
        "a := 1\\n2\\n3\\n4\\nfive\\n",
        "git commit -am 'On other'",
        "git switch main",
        "git merge other -m 'Both'",
        "git log --oneline --graph",
        "git cat-file -p HEAD",
        "git show HEAD:a",
        "git switch -c clash HEAD~1",
        "a := uno\\n2\\n3\\n4\\n5\\n",
        "git commit -am 'Clash'",
        "git switch main",
        "a := ONE\\n2\\n3\\n4\\n5\\n",
        "git commit -am 'Main'",
        "git merge clash",
        "cat a",
        "git status",
        "git status --short",
        "git commit -m 'No'",
        "a := ONE uno\\n2\\n3\\n4\\n5\\n",
        "git add a",
        "git status",
        "git commit -m 'Solved'",
        "git log --oneline --format=%s --first-parent",
        "git branch -d feature",
        "git branch -d main",
        "git branch -D clash",
        "git branch nope/.. ",
        "git switch nope",
        "git checkout nope",
        "git checkout HEAD~1",
        "git status",
        "git switch main",
        "git diff HEAD~1 --stat",
        "git reset --soft HEAD~1",
        "git status --short",
        "git reset",
        "git reset --hard",
        "git log -1 --oneline",
        "a := dirty\\n",
        "git checkout other",
        "git checkout -- a",
        "git status --short",
        "a := dirty\\n",
        "git restore a",
        "git stash",
        "a := dirty\\n",
        "git stash list",
        "git diff --name-only",
        "git config user.name Bob",
        "git config user.name",
        "git config nothing.here",
        "git remote -v",
        "git push",
    ]);
}
