//! Archives that the real tar reads, and those that it writes.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::machine::{boot_with, run};

fn real(argv: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new(argv[0]).args(&argv[1..]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input).unwrap();
    drop(stdin);
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success());
    Some(out.stdout)
}

#[test]
fn the_real_tar_reads_ours() {
    let mut k = boot_with(&[]);
    for line in ["mkdir -p d/e", "cp /etc/passwd d/e/f", "ln -s e/f d/link", "chmod 640 d/e/f", "tar czvf o.tgz d"] {
        let done = run(&mut k, &line.split(' ').collect::<Vec<_>>(), b"");
        assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{line}");
    }
    let bytes = k.read_file("/t/o.tgz").unwrap();
    let ours = run(&mut k, &["tar", "tvf", "o.tgz"], b"");
    let Some(text) = real(&["tar", "tvzf", "-"], &bytes) else { return };
    assert_eq!(ours.stdout, String::from_utf8_lossy(&text));
    assert_eq!(ours.stdout.lines().count(), 4);
}

#[test]
fn ours_reads_the_real_ones() {
    let dir = std::env::temp_dir().join(format!("layerlab-utils-tar-{}", std::process::id()));
    std::fs::create_dir_all(dir.join("p/q")).unwrap();
    std::fs::write(dir.join("p/q/r"), "text\n").unwrap();
    std::os::unix::fs::symlink("q/r", dir.join("p/s")).unwrap();
    let bytes = real(&["tar", "-C", dir.to_str().unwrap(), "-cz", "p"], b"");
    std::fs::remove_dir_all(&dir).unwrap();
    let Some(bytes) = bytes else { return };
    let mut k = boot_with(&[]);
    k.write_file("/t/real.tgz", bytes).unwrap();
    let done = run(&mut k, &["tar", "-xzf", "real.tgz", "-C", "/tmp"], b"");
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert_eq!(run(&mut k, &["cat", "/tmp/p/s"], b"").stdout, "text\n");
    let done = run(&mut k, &["gunzip", "-k", "real.tgz"], b"");
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert_eq!(run(&mut k, &["tar", "tf", "real.tar", "p/q/r"], b"").stdout, "p/q/r\n");
}
