//! What a person waits for: a prompt, a cached rebuild, a build, an undo, a look at the machine.
//!
//! Read the figures as ratios to `command/true` of the same run: an empty command, from key to prompt.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark of what must work")]

use criterion::{Criterion, criterion_group, criterion_main};
use layerlab_kernel::{SimTime, WinSize};
use layerlab_lab::{HomeFile, Input, Scenario, Session, snapshot};

const FILES: [(&str, &str); 3] = [
    ("main.py", include_str!("../../../examples/flask/main.py")),
    ("requirements.txt", include_str!("../../../examples/flask/requirements.txt")),
    ("Dockerfile", include_str!("../../../examples/flask/Dockerfile")),
];

/// A folder of 1,000 files, 8 MB together, and a Dockerfile that copies them in 20 steps.
fn many() -> Vec<HomeFile> {
    let file = |path: String, data: Vec<u8>| HomeFile { path, mode: 0o644, data };
    let content = |n: usize| n.to_le_bytes().iter().copied().cycle().take(8 << 10).collect();
    let mut all: Vec<HomeFile> = (0..1000).map(|n| file(format!("many/{}/{n}", n / 50), content(n))).collect();
    let steps: String = (0..20).map(|n| format!("COPY {n} /many/{n}\n")).collect();
    all.push(file("many/Dockerfile".into(), format!("FROM alpine\n{steps}").into_bytes()));
    all
}

fn boot() -> Session {
    with_home(FILES.map(|(p, t)| HomeFile { path: p.into(), mode: 0o644, data: t.into() }).into())
}

fn with_home(home: Vec<HomeFile>) -> Session {
    Session::new(
        layerlab_lab::parts::all(),
        Scenario::new("bench", home),
        1,
        1_795_248_000,
        WinSize { rows: 24, cols: 80 },
    )
    .unwrap()
}

fn enter(s: &mut Session, line: &str) {
    s.apply(Input::Key(format!("{line}\r").into_bytes())).unwrap();
    assert!(s.run_until_prompt(s.world().now() + SimTime::secs(600)));
}

fn benches(c: &mut Criterion) {
    c.bench_function("boot/prompt", |b| b.iter(boot));
    let mut s = boot();
    c.bench_function("command/true", |b| b.iter(|| enter(&mut s, "true")));
    enter(&mut s, "docker build -t notes:1.0 .");
    c.bench_function("build/cached", |b| b.iter(|| enter(&mut s, "docker build -t notes:1.0 . 2>/dev/null")));
    c.bench_function("build/no-cache", |b| {
        b.iter(|| enter(&mut s, "docker build --no-cache -t notes:1.0 . 2>/dev/null"));
    });
    let mut big = with_home(many());
    enter(&mut big, "docker build -t many many");
    c.bench_function("build/cached, 20 steps, 1,000 files", |b| {
        b.iter(|| enter(&mut big, "docker build -t many many 2>/dev/null"));
    });
    c.bench_function("snapshot", |b| b.iter(|| snapshot::snapshot(s.world())));
    c.bench_function("checkpoint", |b| b.iter(|| s.world().checkpoint().is_some()));
    c.bench_function("digest", |b| b.iter(|| s.world().digest()));
}

criterion_group! { name = all; config = Criterion::default().sample_size(20); targets = benches }
criterion_main!(all);
