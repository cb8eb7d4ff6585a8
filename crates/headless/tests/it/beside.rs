//! The real docker client and ours beside each other, both before an engine that answers from a
//! table: the same text, the same exit code, the same requests. Skipped where no client 28 or 29 is installed.
//!
//! Both clocks go on, and ages are told of both: before each line the machine's clock is set to the real
//! one (time passes in it), and the ages of the table count from there.
//!
//! `BESIDE='ps -a'` compares only lines with this text and prints both.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value as Json;

use layerlab_kernel::{SimTime, WinSize};
use layerlab_lab::{HomeFile, Input, Scenario, World};

use crate::standin::{self, Asked, Outside};

const LINES: &str = include_str!("../beside/lines.txt");
/// Files that command lines name.
const FILES: &[(&str, &str)] = &[
    ("vars.env", "# a comment\nA=from file\n\nB=2\nHOME\n   C=indented\n"),
    ("bad.env", "A B=1\n"),
    ("labels.txt", "x=1\ny=two words\n"),
    ("secret.txt", "hidden\n"),
];

#[derive(Debug, Default, PartialEq)]
struct Outcome {
    code: i32,
    out: String,
    err: String,
    asked: Vec<Asked>,
}

/// What is compared of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compared {
    All,
    /// `=`: not the requests.
    Text,
    /// `~`: only the exit code, for 29 has other words than 28.
    Code,
    /// `?`: the exit code and the requests.
    Asked,
}

fn lines() -> Vec<(Compared, &'static str)> {
    let only = std::env::var("BESIDE").unwrap_or_default();
    let real = LINES.lines().filter(|l| !l.is_empty() && !l.starts_with('#') && l.contains(&only));
    let read = |l: &'static str| match l.split_once(' ') {
        Some(("~", rest)) => (Compared::Code, rest),
        Some(("=", rest)) => (Compared::Text, rest),
        Some(("?", rest)) => (Compared::Asked, rest),
        _ => (Compared::All, l),
    };
    real.map(read).collect()
}

/// Since 1970.
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

fn has_client() -> bool {
    let version = Command::new("docker").arg("--version").env_remove("DOCKER_HOST").output();
    let text = version.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
    text.starts_with("Docker version 28.") || text.starts_with("Docker version 29.")
}

fn real(dir: &Path, engine: &Outside, line: &str) -> Outcome {
    let done = Command::new("sh")
        .args(["-c", line])
        .env("DOCKER_HOST", format!("unix://{}", dir.join("standin.sock").display()))
        .env("HOME", dir)
        .env("MYVAR", "mine")
        .env_remove("DOCKER_CONFIG")
        .env_remove("DOCKER_CONTEXT")
        .current_dir(dir)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |b: &[u8]| {
        let text = String::from_utf8_lossy(b).into_owned();
        text.replace(&dir.join("standin.sock").display().to_string(), standin::SOCKET)
            .replace(&dir.display().to_string(), "/home/student")
    };
    Outcome {
        code: done.status.code().unwrap_or(-1),
        out: text(&done.stdout),
        err: text(&done.stderr),
        asked: engine.take().into_iter().map(|a| at_home(a, dir)).collect(),
    }
}

/// A request with the folder called as it is called in the machine.
fn at_home(asked: Asked, dir: &Path) -> Asked {
    let socket = dir.join("standin.sock").display().to_string();
    let text = asked.body.to_string().replace(&socket, layerlab_api::SOCKET);
    let text = text.replace(&dir.display().to_string(), "/home/student");
    let up = dir.parent().map(|p| p.display().to_string()).unwrap_or_default();
    let text = text.replace(&format!("\"{up}/"), "\"/home/");
    Asked { body: serde_json::from_str(&text).unwrap_or(asked.body), ..asked }
}

/// A machine with the stand-in in it.
struct Machine {
    world: World,
    /// The number of its next command.
    id: u32,
    /// When it was booted, since 1970.
    boot: Duration,
}

impl Machine {
    fn new() -> Self {
        let boot = Duration::from_secs(now().as_secs());
        let file = |(path, text): &(&str, &str)| HomeFile {
            path: (*path).into(),
            mode: 0o644,
            data: text.as_bytes().to_vec(),
        };
        let mut scenario = Scenario::new("beside", FILES.iter().map(file).collect());
        scenario.login = false;
        let programs = layerlab_lab::parts::all();
        programs.add("standin", standin::start);
        let mut world =
            World::boot(programs, &scenario, 1, boot.as_secs() as i64, WinSize { rows: 24, cols: 80 }).unwrap();
        world.apply(&Input::Run { id: 1, argv: vec!["standin".into()] }).unwrap();
        world.run_until(world.now() + SimTime::millis(100));
        Self { world, id: 2, boot }
    }

    /// Makes its clock the real one, which is waited for where it is behind; answers seconds since 1970.
    fn catch_up(&mut self) -> i64 {
        let own = self.boot + Duration::from_nanos(self.world.now().0);
        std::thread::sleep(own.saturating_sub(now()));
        let real = now();
        self.world.run_until(SimTime((real - self.boot).as_nanos() as u64));
        real.as_secs() as i64
    }

    fn run(&mut self, line: &str) -> Outcome {
        let script = format!("export DOCKER_HOST=unix://{} MYVAR=mine\n{line}", standin::SOCKET);
        let id = self.id;
        self.id += 1;
        self.world.apply(&Input::Run { id, argv: vec!["sh".into(), "-c".into(), script] }).unwrap();
        self.world.apply(&Input::Stdin { id, data: None }).unwrap();
        let (mut ran, limit) = (Outcome { code: -1, ..Outcome::default() }, self.world.now() + SimTime::secs(20));
        while ran.code < 0 && self.world.now() < limit {
            self.world.run_until(self.world.now() + SimTime::millis(10));
            let got = self.world.outside(id).unwrap();
            ran.out.push_str(&String::from_utf8_lossy(&got.stdout));
            ran.err.push_str(&String::from_utf8_lossy(&got.stderr));
            ran.code = got.status.map_or(-1, layerlab_kernel::ExitStatus::code);
        }
        ran.asked = standin::take_inside();
        ran
    }
}

/// Without what says nothing: null, zero, false and what is empty.
fn lean(v: &Json) -> Json {
    match v {
        Json::Object(o) => {
            let kept = o.iter().map(|(k, v)| (k.clone(), lean(v))).filter(|(_, v)| !v.is_null());
            let kept: serde_json::Map<String, Json> = kept.collect();
            if kept.is_empty() { Json::Null } else { Json::Object(kept) }
        }
        Json::Array(a) => {
            let kept: Vec<Json> = a.iter().map(lean).collect();
            if kept.iter().all(Json::is_null) { Json::Null } else { Json::Array(kept) }
        }
        Json::Bool(false) => Json::Null,
        Json::Number(n) if n.as_i64() == Some(0) => Json::Null,
        Json::String(s) if s.is_empty() => Json::Null,
        other => other.clone(),
    }
}

/// Requests that count; orders of those made side by side do not.
fn requests(asked: &[Asked]) -> Vec<String> {
    let count = asked.iter().filter(|a| !a.line.ends_with(" /_ping"));
    let mut lines: Vec<String> = count
        .map(|a| {
            let query: Vec<String> = a.query.iter().map(|(k, v)| format!("{k}={v}")).collect();
            format!("{}?{} {}", a.line, query.join("&"), lean(&a.body))
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn the_real_client_and_ours_say_and_ask_the_same() {
    if !has_client() {
        println!("skipped: no docker client 28 or 29 is installed");
        return;
    }
    let dir = std::env::temp_dir().join(format!("layerlab-beside-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    for (name, text) in FILES {
        std::fs::write(dir.join(name), text).unwrap();
    }
    let engine = Outside::listen(&dir.join("standin.sock"));
    let mut machine = Machine::new();
    let verbose = std::env::var_os("BESIDE").is_some();
    let mut wrong = Vec::new();
    let lines = lines();
    for (compared, line) in &lines {
        let text = |o: &Outcome| format!("exit {}\n--- stdout\n{}--- stderr\n{}", o.code, o.out, o.err);
        // The real client prints some maps (a network's labels) as they come: now in this order, now in that.
        // And on a busy machine an age may grow between the two.
        let mut tries = 0;
        let (own, real) = loop {
            let now = machine.catch_up();
            engine.set_now(now);
            standin::set_now_inside(now);
            let (own, real) = (machine.run(line), real(&dir, &engine, line));
            tries += 1;
            if tries == 16 || matches!(compared, Compared::Code | Compared::Asked) || text(&real) == text(&own) {
                break (own, real);
            }
        };
        if verbose {
            println!("$ {line}\n{}\n{:#?}", text(&real), requests(&real.asked));
        }
        let same = match compared {
            Compared::Code | Compared::Asked => real.code == own.code,
            _ => text(&real) == text(&own),
        };
        if !same {
            wrong.push(format!("$ {line}\nREAL {}OURS {}", text(&real), text(&own)));
        }
        let (a, b) = (requests(&real.asked), requests(&own.asked));
        if matches!(compared, Compared::All | Compared::Asked) && a != b {
            wrong.push(format!("$ {line}\nREAL asked {a:#?}\nOURS asked {b:#?}"));
        }
    }
    let _ = std::fs::remove_dir_all(dir);
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), lines.len(), wrong.join("\n\n"));
}
