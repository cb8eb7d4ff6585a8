//! Runs a case: in a real shell, and in ours.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::case::{Case, Outcome, Shell};

/// Where the simulated student lives; a real run's folder is shown as this.
const HOME: &str = "/home/student";
/// The student's user and group: real shells run as such where the tests are root's.
const STUDENT: u32 = 1000;
const LIMIT: Duration = Duration::from_secs(20);

/// A folder of its own, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("layerlab-differential-{}-{n}", std::process::id()));
        std::fs::create_dir_all(path.join("home/student")).unwrap();
        Self(path)
    }
    fn home(&self) -> PathBuf {
        self.0.join("home/student")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn put_files(case: &Case, home: &Path) {
    for (name, text) in &case.files {
        let file = home.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
}

type Files = BTreeMap<String, (u32, Vec<u8>)>;

/// All regular files below a folder.
fn files(dir: &Path) -> Files {
    let mut found = Files::new();
    let mut todo = vec![dir.to_owned()];
    while let Some(at) = todo.pop() {
        for entry in std::fs::read_dir(&at).into_iter().flatten() {
            let path = entry.unwrap().path();
            let meta = std::fs::symlink_metadata(&path).unwrap();
            if meta.is_dir() {
                todo.push(path);
            } else if meta.is_file() {
                let name = path.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
                found.insert(name, (meta.mode() & 0o777, std::fs::read(&path).unwrap_or_default()));
            }
        }
    }
    found
}

/// What has changed.
fn changes(before: &Files, after: Files) -> BTreeMap<String, Option<(u32, Vec<u8>)>> {
    let gone = before.keys().filter(|n| !after.contains_key(*n)).map(|n| (n.clone(), None));
    let mut all: BTreeMap<_, _> = gone.collect();
    all.extend(after.into_iter().filter(|(n, f)| before.get(n) != Some(f)).map(|(n, f)| (n, Some(f))));
    all
}

/// Runs a command to its end, or for as long as is allowed.
fn run(mut command: Command, stdin: Option<&str>) -> (i32, Vec<u8>, Vec<u8>) {
    command.stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() });
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0).spawn().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let input = child.stdin.take().zip(stdin.map(str::to_owned));
    std::thread::scope(|s| {
        if let Some((mut pipe, text)) = input {
            s.spawn(move || {
                let _ = pipe.write_all(text.as_bytes());
            });
        }
        let out = s.spawn(move || {
            let mut b = Vec::new();
            let _ = out.read_to_end(&mut b);
            b
        });
        let err = s.spawn(move || {
            let mut b = Vec::new();
            let _ = err.read_to_end(&mut b);
            b
        });
        let start = Instant::now();
        let mut pause = Duration::from_millis(1);
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if start.elapsed() > LIMIT {
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(10));
        };
        let code = status.map_or(-1, |s| s.code().unwrap_or_else(|| 128 + s.signal().unwrap_or(0)));
        (code, out.join().unwrap(), err.join().unwrap())
    })
}

/// The real shell's answer; `None` where it is not installed.
pub(crate) fn real(case: &Case, shell: Shell) -> Option<Outcome> {
    let program = match shell {
        Shell::Bash => "/usr/bin/bash",
        Shell::Dash => "/usr/bin/dash",
        Shell::Ash => "/usr/bin/busybox",
    };
    if !Path::new(program).exists() {
        return None;
    }
    let folder = Folder::new();
    let home = folder.home();
    put_files(case, &home);
    let mut command = Command::new(program);
    match shell {
        Shell::Bash => command.arg0("bash"),
        Shell::Dash => command.arg0("/usr/bin/sh"),
        Shell::Ash => command.args(["ash"]),
    };
    command.args(["-c", &case.script]).current_dir(&home).env_clear();
    let at = home.to_string_lossy().into_owned();
    for (k, v) in [("SHELL", "/bin/bash"), ("PWD", &at), ("LOGNAME", "student"), ("HOME", &at), ("USER", "student")] {
        command.env(k, v);
    }
    command.env("LANG", "C.UTF-8").env("TERM", "xterm-256color").env("PATH", "/usr/bin:/bin");
    if std::fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0) {
        own(&folder.0);
        command.uid(STUDENT).gid(STUDENT);
    }
    let before = files(&home);
    let (exit, stdout, stderr) = run(command, case.stdin.as_deref());
    open_up(&home);
    let changed = changes(&before, files(&home));
    let top = folder.0.to_string_lossy().into_owned();
    let shown = |b: Vec<u8>| replace(&replace(&b, at.as_bytes(), HOME.as_bytes()), top.as_bytes(), b"");
    Some(Outcome {
        exit,
        stdout: shown(stdout),
        stderr: shown(stderr),
        files: changed.into_iter().map(|(n, f)| (n, f.map(|(m, b)| (m, shown(b))))).collect(),
    })
}

/// Gives a folder to the student.
fn own(path: &Path) {
    std::os::unix::fs::lchown(path, Some(STUDENT), Some(STUDENT)).unwrap();
    if std::fs::symlink_metadata(path).unwrap().is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            own(&entry.unwrap().path());
        }
    }
}

/// Lets us read and remove what a script has closed.
fn open_up(path: &Path) {
    let meta = std::fs::symlink_metadata(path).unwrap();
    if meta.is_dir() {
        if meta.mode() & 0o700 != 0o700 {
            let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700));
        }
        for entry in std::fs::read_dir(path).into_iter().flatten() {
            open_up(&entry.unwrap().path());
        }
    }
}

fn replace(bytes: &[u8], what: &[u8], by: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(what.len()).position(|w| w == what) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(by);
        rest = &rest[at + what.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// Our answer.
pub(crate) fn ours(case: &Case, shell: Shell) -> Outcome {
    let folder = Folder::new();
    let (home, out) = (folder.home(), folder.0.join("out"));
    put_files(case, &home);
    let before = files(&home);
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerlab"));
    command.args(["sh", "--shell", shell.name(), "--home"]).arg(&home).arg("--out").arg(&out);
    command.args(["-c", &case.script]);
    let (exit, stdout, stderr) = run(command, case.stdin.as_deref());
    Outcome { exit, stdout, stderr, files: changes(&before, files(&out)) }
}
