//! Command lines of `tests/cases/*.txt`, run here and by the real tool in a temporary folder: output,
//! messages, exit code and the files afterwards must be the same. `;;` stands between commands of one
//! folder. Tools that the machine lacks are skipped.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use layerlab_kernel::Kernel;
use layerlab_kernel::vfs::{Inode, Node};

use crate::machine::{BOOT, Done, boot_with, run};

/// Fixture: path, content (`None`: a folder; `-> x`: a link), mode.
const FILES: &[(&str, Option<&str>, u32)] = &[
    ("a.txt", Some("one\ntwo\nthree\n"), 0o644),
    ("b.txt", Some("two\nfour\ntwo\n\n\nfive"), 0o600),
    ("dir", None, 0o755),
    ("dir/inner", None, 0o755),
    ("dir/inner/deep.txt", Some("deep two\n"), 0o644),
    ("dir/x.py", Some("import os\nprint('hi')\n"), 0o755),
    (".hidden", Some("h\n"), 0o644),
    ("empty", Some(""), 0o644),
    ("fields", Some("bob:30:x\nalice:4:y\ncarol:100:z\ndave:4:x\n"), 0o644),
    ("words", Some("the quick  brown\tfox\nThe lazy dog\n\nfox.fox foo[1] a+b\n"), 0o644),
    ("nums", Some("10\n9\n-3\n2.5\n10\n0x1\n1K\n"), 0o644),
    ("bin", Some("\u{1}\ttab\u{7f}é\n"), 0o644),
    ("with space", Some("s\n"), 0o644),
    ("link", Some("-> a.txt"), 0o777),
    ("dangling", Some("-> nowhere"), 0o777),
    ("dirlink", Some("-> dir"), 0o777),
];

/// Every file's time: a minute before boot.
const TIME: i64 = BOOT - 60;

fn real_files(dir: &Path) {
    for (path, content, mode) in FILES {
        let at = dir.join(path);
        match content {
            None => std::fs::create_dir(&at).unwrap(),
            Some(c) => match c.strip_prefix("-> ") {
                Some(to) => std::os::unix::fs::symlink(to, &at).unwrap(),
                None => {
                    std::fs::write(&at, c).unwrap();
                    std::fs::set_permissions(&at, std::fs::Permissions::from_mode(*mode)).unwrap();
                }
            },
        }
    }
    for (path, content, _) in FILES.iter().rev() {
        if !content.is_some_and(|c| c.starts_with("-> ")) {
            let f = std::fs::File::open(dir.join(path)).unwrap();
            f.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(TIME as u64)).unwrap();
        }
    }
}

fn our_files(k: &mut Kernel) {
    let fs = *k.sys.filesystems.keys().next().unwrap();
    let tree = &mut k.sys.filesystems.get_mut(&fs).unwrap().tree;
    for (path, content, mode) in FILES {
        let inode = match content {
            None => Inode::dir(*mode),
            Some(c) => match c.strip_prefix("-> ") {
                Some(to) => Inode::symlink(to),
                None => Inode::file(*c, *mode),
            },
        };
        let ino = tree.insert(&format!("/t/{path}"), inode).unwrap();
        tree.get_mut(ino).unwrap().mtime = (TIME, 0);
    }
    for (path, content, _) in FILES {
        if content.is_none() {
            let ino = tree.lookup(&format!("/t/{path}")).unwrap();
            tree.get_mut(ino).unwrap().mtime = (TIME, 0);
        }
    }
}

/// Names with kind, mode and content.
fn real_tree(dir: &Path) -> Vec<String> {
    let mut out = Vec::new();
    let mut todo = vec![dir.to_owned()];
    while let Some(d) = todo.pop() {
        for e in std::fs::read_dir(&d).unwrap() {
            let path = e.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().display().to_string();
            let meta = std::fs::symlink_metadata(&path).unwrap();
            let mode = meta.permissions().mode() & 0o7777;
            if meta.is_symlink() {
                out.push(format!("{name} -> {}", std::fs::read_link(&path).unwrap().display()));
            } else if meta.is_dir() {
                out.push(format!("{name}/ {mode:o}"));
                todo.push(path);
            } else {
                out.push(format!("{name} {mode:o} {:?}", String::from_utf8_lossy(&std::fs::read(&path).unwrap())));
            }
        }
    }
    out.sort();
    out
}

fn our_tree(k: &Kernel) -> Vec<String> {
    let tree = &k.sys.filesystems.values().next().unwrap().tree;
    let mut out = Vec::new();
    for (path, _, inode) in tree.walk() {
        let Some(name) = path.strip_prefix("/t/") else { continue };
        out.push(match &inode.node {
            Node::Symlink(to) => format!("{name} -> {to}"),
            Node::Dir { .. } => format!("{name}/ {:o}", inode.mode),
            Node::File(b) => format!("{name} {:o} {:?}", inode.mode, String::from_utf8_lossy(b)),
            _ => format!("{name} other"),
        });
    }
    out.sort();
    out
}

/// Words of a line; quotes as in the shell, `$'…'` with `\n`, `\t` and `\\`.
fn words(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ' ' => out.extend(word.take()),
            '$' if chars.peek() == Some(&'\'') => {
                chars.next();
                let w = word.get_or_insert_default();
                while let Some(c) = chars.next() {
                    match c {
                        '\'' => break,
                        '\\' => match chars.next() {
                            Some('n') => w.push('\n'),
                            Some('t') => w.push('\t'),
                            Some(o) => w.push(o),
                            None => {}
                        },
                        c => w.push(c),
                    }
                }
            }
            '\'' | '"' => {
                let w = word.get_or_insert_default();
                w.extend(chars.by_ref().take_while(|x| *x != c));
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    out.extend(word);
    out
}

fn real(argv: &[String], stdin: &[u8], dir: &Path) -> Option<Done> {
    let mut child = Command::new(&argv[0])
        .args(&argv[1..])
        .current_dir(dir)
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("LC_ALL", "C"), ("HOME", "/root"), ("TERM", "xterm"), ("TZ", "UTC")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), stdin).ok();
    let out = child.wait_with_output().unwrap();
    Some(Done {
        stdout: String::from_utf8_lossy(&out.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&out.stderr).into_owned(),
        code: out.status.code().unwrap_or(-1),
    })
}

/// A command's words and its standard input: `< NAME` a file of the fixture, `<<< WORDS` these lines.
fn command(text: &str) -> (Vec<String>, String) {
    if let Some((command, input)) = text.split_once(" <<< ") {
        return (words(command), words(input).join("\n") + "\n");
    }
    let (command, input) = text.split_once(" < ").unwrap_or((text, ""));
    let stdin = FILES.iter().find(|(p, _, _)| *p == input).and_then(|f| f.1).unwrap_or("");
    (words(command), stdin.to_owned())
}

/// All lines of a case file; how they differ.
fn differences(text: &str) -> (usize, Vec<String>) {
    let (mut ran, mut bad) = (0, Vec::new());
    for line in text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        // `~`: the order of a folder's names differs between file systems.
        let (unordered, line) = line.strip_prefix("~ ").map_or((false, line), |l| (true, l));
        let commands: Vec<(Vec<String>, String)> = line.split(" ;; ").map(command).collect();
        let dir = std::env::temp_dir().join(format!("layerlab-utils-{}-{}", std::process::id(), commands[0].0[0]));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir(&dir).unwrap();
        real_files(&dir);
        let mut k = boot_with(layerlab_shell::PROGRAMS);
        our_files(&mut k);
        let [mut expected, mut got] = [(); 2].map(|()| Done { stdout: String::new(), stderr: String::new(), code: 0 });
        let mut missing = false;
        for (argv, stdin) in &commands {
            let Some(theirs) = real(argv, stdin.as_bytes(), &dir) else {
                missing = true;
                break;
            };
            let mut args: Vec<&str> = argv.iter().map(String::as_str).collect();
            let applet;
            if let ["busybox", name, ..] = args.as_slice() {
                applet = format!("/usr/busybox/{name}");
                args.remove(0);
                args[0] = &applet;
            }
            let ours = run(&mut k, &args, stdin.as_bytes());
            for (all, one) in [(&mut expected, theirs), (&mut got, ours)] {
                all.stdout += &one.stdout;
                all.stderr += &one.stderr;
                all.code = one.code;
            }
        }
        if missing {
            continue;
        }
        if unordered {
            for d in [&mut expected, &mut got] {
                let mut lines: Vec<&str> = d.stdout.lines().collect();
                lines.sort_unstable();
                d.stdout = lines.join("\n");
            }
        }
        ran += 1;
        let (theirs, ours) = (real_tree(&dir), our_tree(&k));
        std::fs::remove_dir_all(&dir).unwrap();
        if got != expected {
            bad.push(format!("$ {line}\n  real: {expected:?}\n  ours: {got:?}"));
        } else if theirs != ours {
            let gone: Vec<_> = theirs.iter().filter(|l| !ours.contains(l)).collect();
            let new: Vec<_> = ours.iter().filter(|l| !theirs.contains(l)).collect();
            bad.push(format!("$ {line}\n  files only real: {gone:?}\n  files only ours: {new:?}"));
        }
    }
    (ran, bad)
}

/// All case files, or those that `LAYERLAB_CASES` names (a part of the file's name).
#[test]
fn commands_do_what_the_real_ones_do() {
    let only = std::env::var("LAYERLAB_CASES").unwrap_or_default();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let (mut ran, mut bad) = (0, Vec::new());
    for f in files.iter().filter(|f| f.display().to_string().contains(&only)) {
        let (n, b) = differences(&std::fs::read_to_string(f).unwrap());
        ran += n;
        bad.extend(b);
    }
    println!("{ran} command lines, {} differ", bad.len());
    assert!(bad.is_empty(), "{} of {ran} differ:\n{}", bad.len(), bad.join("\n"));
}
