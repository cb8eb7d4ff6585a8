//! What a session must not make a person wait for: a thousand commands played anew, an undo, a long
//! listing. Each figure stands beside its goal, or as a ratio to GNU's tool of the same run.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    missing_docs,
    reason = "a benchmark"
)]

use std::time::{Duration, Instant};

use layerlab_kernel::{SimTime, WinSize};
use layerlab_lab::{HomeFile, Input, Scenario, Session, parts};

const FILES: usize = 100_000;

fn boot(home: Vec<HomeFile>) -> Session {
    Session::new(parts::all(), Scenario::new("bench", home), 1, 1_795_248_000, WinSize { rows: 24, cols: 80 }).unwrap()
}

fn enter(s: &mut Session, line: &str) {
    s.apply(Input::Key(format!("{line}\r").into_bytes())).unwrap();
    assert!(s.run_until_prompt(s.world().now() + SimTime::secs(3_600)), "'{line}' does not end");
}

/// The best of some rounds.
fn best(rounds: u32, mut f: impl FnMut()) -> Duration {
    let round = |f: &mut dyn FnMut()| {
        let start = Instant::now();
        f();
        start.elapsed()
    };
    (0..rounds).map(|_| round(&mut f)).min().unwrap()
}

fn ms(d: Duration) -> f64 {
    d.as_secs_f64() * 1e3
}

/// What people type, a thousand lines of it.
fn commands() -> impl Iterator<Item = String> {
    let kinds = [
        "ls -l",
        "echo line >> notes.txt",
        "cat notes.txt | tail -n 3",
        "for i in 1 2 3; do echo $i; done",
        "mkdir -p d/e; cd d; cd ..",
        "docker ps",
        "x=$((x+1)); echo $x",
        "grep -n line notes.txt | wc -l",
        "docker images",
        "test -f notes.txt && cp notes.txt d/",
    ];
    (0..1_000).map(move |n| kinds[n % kinds.len()].to_owned())
}

fn main() {
    let mut s = boot(Vec::new());
    for line in commands() {
        enter(&mut s, &line);
    }
    let log = s.log();
    let replay = best(3, || assert!(Session::play(parts::all(), log.clone()).unwrap().stop.is_none()));
    println!("a log of 1,000 commands            {:>9.1} ms, goal 1,000", ms(replay));
    enter(&mut s, "docker run --name web -d nginx:alpine");
    enter(&mut s, "docker ps");
    let undo = best(10, || {
        assert!(s.undo());
        assert!(s.redo());
    }) / 2;
    println!("undo from a checkpoint             {:>9.1} ms, goal 100", ms(undo));

    let paths: Vec<String> = (0..FILES).map(|n| format!("tree/d{}/e{}/file{n}.txt", n % 100, n / 100 % 10)).collect();
    let mut s = boot(paths.iter().map(|p| HomeFile { path: p.clone(), mode: 0o644, data: Vec::new() }).collect());
    let idle = best(5, || enter(&mut s, "true"));
    let ours = best(3, || enter(&mut s, "/usr/bin/ls -R tree > /dev/null")).saturating_sub(idle);
    let long = best(3, || enter(&mut s, "/usr/bin/ls -lR tree > /dev/null")).saturating_sub(idle);
    println!("a command with 100,000 files there {:>9.1} ms", ms(idle));
    let dir = std::env::temp_dir().join(format!("layerlab-bench-{}", std::process::id()));
    for p in &paths {
        let path = dir.join(p);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    }
    for (option, ours) in [("-R", ours), ("-lR", long)] {
        let real = best(5, || {
            let out = std::process::Command::new("ls").arg(option).arg(&dir).output();
            assert!(out.is_ok_and(|o| o.status.success()));
        });
        let ratio = ours.as_secs_f64() / real.as_secs_f64();
        let goal = if option == "-R" { ", goal 2" } else { "" };
        println!("ls {option} of 100,000 files {:>18.1} ms  {ratio:>6.2} x GNU's ({:.1} ms){goal}", ms(ours), ms(real));
    }
    std::fs::remove_dir_all(&dir).unwrap();
}
