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

fn boot() -> Session {
    let home = FILES.map(|(p, t)| HomeFile { path: p.into(), mode: 0o644, data: t.into() });
    Session::new(
        layerlab_lab::parts::all(),
        Scenario::new("bench", home.into()),
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
    c.bench_function("snapshot", |b| b.iter(|| snapshot::snapshot(s.world())));
    c.bench_function("checkpoint", |b| b.iter(|| s.world().checkpoint().is_some()));
    c.bench_function("digest", |b| b.iter(|| s.world().digest()));
}

criterion_group! { name = all; config = Criterion::default().sample_size(20); targets = benches }
criterion_main!(all);
