//! References against the real docker client, which reads them before it looks for a daemon.

use std::process::Command;

use layerlab_oci::Reference;

use crate::tool::have;

/// What `docker pull` says about a reference; `None`: that it is one.
fn docker_says(text: &str) -> Option<String> {
    let out = Command::new("docker")
        .args(["pull", "--quiet", "--", text])
        .env("DOCKER_HOST", "unix:///nonexistent/docker.sock")
        .env_remove("DOCKER_CONTEXT")
        .output()
        .unwrap();
    let stderr = String::from_utf8(out.stderr).unwrap().trim().to_owned();
    let reached = stderr.contains("annot connect to the Docker daemon") || stderr.contains("failed to connect");
    (!reached).then_some(stderr)
}

#[test]
fn references_are_refused_in_dockers_words() {
    if !have(&["docker"]) {
        return;
    }
    let version = Command::new("docker").arg("--version").output().unwrap().stdout;
    let version = String::from_utf8(version).unwrap();
    let major = version.split([' ', '.']).find_map(|word| word.parse::<u32>().ok());
    if major < Some(28) {
        eprintln!("skipped: {} has older rules for the length of names", version.trim());
        return;
    }
    let f32 = "f".repeat(32);
    let f64 = "f".repeat(64);
    let names = [
        "nginx",
        "Nginx",
        "a/B",
        "-x",
        "x-",
        "a--b__c.d",
        "a___b",
        "a..b",
        "ä",
        "localhost:5000/x",
        "localhost/X",
        "x.example/a/b",
        "X.example/a",
        "Foo/bar",
        "[::1]:5000/a",
        "[::1]",
        "[::g]/a",
        "a//b",
        "/a",
        "a/",
        "h:p/a",
        "-h.example/a",
        "a b",
        "index.docker.io/x",
        "docker.io/x/y/z",
        "",
    ];
    let mut cases: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    for tag in ["", "1", "1.2-rc_3", "-1", ".1", "ü", "a:b", "UP", &"t".repeat(128), &"t".repeat(129)] {
        cases.push(format!("nginx:{tag}"));
    }
    let (good, long) = (format!("sha256:{f64}"), format!("sha256:{f64}f"));
    let (upper, other) = (format!("sha256:{}", f64.to_uppercase()), format!("foo:{f32}"));
    for digest in ["", "sha256:abc", &good, &long, &upper, &other, &format!("Foo:{f32}"), &format!("sha256:{f32}")] {
        cases.push(format!("nginx@{digest}"));
        cases.push(format!("nginx:1@{digest}"));
    }
    cases.push(f64.clone());
    cases.push("a/".repeat(127) + "a");
    cases.push("a/".repeat(128) + "a");
    for text in cases {
        let ours = Reference::parse_familiar(&text).err().map(|error| error.to_string());
        assert_eq!(ours, docker_says(&text), "{text:?}");
    }
}
