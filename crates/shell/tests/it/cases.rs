//! Every `tests/cases/*.sh` runs here and in the real shell that its first line names; standard
//! output and exit status must agree, and standard error too where the line says `stderr`.
//! First line: `# bash dash stderr`. A shell that isn't installed is skipped.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::machine;

fn real(shell: &str, script: &str) -> Option<(String, String, i32)> {
    let dir = std::env::temp_dir().join(format!("layerlab-shell-{}-{shell}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let mut c = match shell {
        "ash" => {
            let mut c = Command::new("busybox");
            c.arg("ash");
            c
        }
        s => Command::new(s),
    };
    let out = c
        .args(["-c", script])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", &dir)
        .env("LC_ALL", "C.UTF-8")
        .current_dir(&dir)
        .stdin(Stdio::null())
        .output();
    let _ = std::fs::remove_dir_all(&dir);
    let out = out.ok()?;
    let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
    Some((text(&out.stdout), text(&out.stderr), {
        use std::os::unix::process::ExitStatusExt;
        out.status.code().or_else(|| out.status.signal().map(|s| 128 + s)).unwrap_or(-1)
    }))
}

#[test]
fn scripts_do_what_they_do_in_the_real_shells() {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let mut failures = String::new();
    for file in files {
        let whole = std::fs::read_to_string(&file).unwrap();
        for (n, case) in whole.split("\n--- ").enumerate() {
            let (head, script) = if n == 0 { ("", case) } else { case.split_once('\n').unwrap_or((case, "")) };
            let first = whole.lines().next().unwrap_or("");
            let words: Vec<&str> = first.trim_start_matches('#').split_whitespace().collect();
            for shell in ["bash", "dash", "ash"].into_iter().filter(|s| words.contains(s)) {
                let Some((stdout, stderr, status)) = real(shell, script) else { continue };
                let ours = machine::run(&[shell, "-c", script], "");
                let same_err = !words.contains(&"stderr") || shell == "ash" || ours.stderr == stderr;
                if (ours.stdout.as_str(), ours.status) != (stdout.as_str(), status) || !same_err {
                    failures += &format!(
                        "=== {} [{head}] in {shell}\n{script}\n--- real ({status})\n{stdout}{stderr}--- ours ({})\n{}{}",
                        file.file_name().unwrap_or_default().to_string_lossy(),
                        ours.status,
                        ours.stdout,
                        ours.stderr
                    );
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
