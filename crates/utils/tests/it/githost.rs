//! Repositories on the simulated internet, over git's "dumb" protocol.

use std::net::Ipv4Addr;

use layerlab_kernel::Kernel;
use layerlab_kernel::net::Site;

use crate::machine::{boot_with, run};

fn machine() -> Kernel {
    let mut k = boot_with(&[]);
    let addr = Ipv4Addr::new(198, 51, 100, 30);
    k.sys.plug(&[Site { name: "git.example", addr, server: Some((443, &["githost", "git.example"])) }]).unwrap();
    k.write_file("/etc/resolv.conf", b"nameserver 10.0.0.53\n".to_vec()).unwrap();
    k
}

#[test]
fn a_repository_is_cloned_with_its_branches_and_tags() {
    let mut k = machine();
    let d = run(&mut k, &["git", "clone", "https://git.example/teacher/hello.git"], b"");
    assert_eq!((d.stderr.as_str(), d.code), ("Cloning into 'hello'...\n", 0));
    let mut git = |words: &str| {
        let argv: Vec<&str> = ["git", "-C", "/t/hello"].into_iter().chain(words.split(' ')).collect();
        let d = run(&mut k, &argv, b"");
        format!("{}{}", d.stdout, d.stderr)
    };
    assert_eq!(git("log --format=%s"), "A page, too\nSay hello\n");
    assert_eq!(git("branch -r"), "  origin/HEAD -> origin/main\n  origin/main\n  origin/python\n");
    assert_eq!(git("show v1.0:hello.sh"), "#!/bin/sh\necho \"Hello from version 1.0\"\n");
    assert_eq!(git("status --short"), "");
    assert_eq!(git("fetch"), "");
    assert_eq!(
        git("push"),
        "fatal: unable to access 'https://git.example/teacher/hello.git/': The requested URL returned error: 403\n"
    );
    assert!(run(&mut k, &["ls", "-A", "/tmp"], b"").stdout.is_empty(), "nothing stays behind");
}

#[test]
fn a_tag_a_reference_a_file_and_an_archive() {
    let mut k = machine();
    let d = run(&mut k, &["git", "clone", "-q", "-b", "v1.0", "https://git.example/teacher/hello", "old"], b"");
    assert_eq!((d.stderr.as_str(), d.code), ("", 0));
    assert_eq!(run(&mut k, &["cat", "/t/old/hello.sh"], b"").stdout, "#!/bin/sh\necho \"Hello from version 1.0\"\n");
    let d = run(&mut k, &["git", "ls-remote", "https://git.example/teacher/hello.git", "main"], b"");
    assert!(d.stdout.ends_with("\trefs/heads/main\n") && d.stdout.len() == 40 + 17, "{}", d.stdout);
    let d = run(&mut k, &["curl", "-s", "https://git.example/teacher/hello/raw/main/web/Dockerfile"], b"");
    assert!(d.stdout.starts_with("FROM nginx:alpine\n"), "{}", d.stdout);
    let d = run(&mut k, &["curl", "-so", "a.tgz", "https://git.example/teacher/hello/archive/main.tar.gz"], b"");
    assert_eq!(d.code, 0);
    let list = run(&mut k, &["tar", "tzf", "a.tgz"], b"").stdout;
    assert_eq!(list, ".dockerignore\nDockerfile\nREADME.md\nhello.sh\nweb/Dockerfile\nweb/index.html\n");
}

#[test]
fn what_is_not_there_is_said_in_gits_words() {
    let mut k = machine();
    let mut clone = |url: &str| run(&mut k, &["git", "clone", "-q", url, "x"], b"").stderr;
    assert_eq!(
        clone("https://git.example/nobody/nothing.git"),
        "fatal: repository 'https://git.example/nobody/nothing.git/' not found\n"
    );
    assert_eq!(
        clone("https://nowhere.example/a.git"),
        "fatal: unable to access 'https://nowhere.example/a.git/': Could not resolve host: nowhere.example\n"
    );
}
