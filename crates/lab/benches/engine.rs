//! A machine with much in it: 1,000 containers, 200 images, 50 networks. What listing them, starting one
//! and looking at the machine cost.
//!
//! Goals (native): `ps` 5 ms, `start` 1 ms more than `command/true`, a snapshot what has changed.
#![allow(clippy::unwrap_used, clippy::disallowed_types, missing_docs, reason = "a benchmark of what must work")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use layerlab_kernel::{SimTime, WinSize};
use layerlab_lab::{Input, Scenario, World, snapshot};

const CONTAINERS: u32 = 1000;
const IMAGES: u32 = 200;
const NETWORKS: u32 = 50;

/// A machine and the number of its next command.
struct Machine(World, u32);

impl Machine {
    fn sh(&mut self, script: &str) {
        let id = self.1;
        self.1 += 1;
        self.0.apply(&Input::Run { id, argv: vec!["sh".into(), "-c".into(), script.into()] }).unwrap();
        self.0.apply(&Input::Stdin { id, data: None }).unwrap();
        loop {
            let until = self.0.now() + SimTime::millis(10);
            self.0.run_until(until);
            let got = self.0.outside(id).unwrap();
            if let Some(status) = got.status {
                assert_eq!(status.code(), 0, "{script}: {}", String::from_utf8_lossy(&got.stderr));
                return;
            }
        }
    }
}

/// With so many containers: made with this, where `{}` is the number.
fn machine(make: &str) -> Machine {
    let mut scenario = Scenario::new("bench", Vec::new());
    scenario.login = false;
    let size = WinSize { rows: 24, cols: 80 };
    let world = World::boot(layerlab_lab::parts::all(), &scenario, 1, 1_795_248_000, size).unwrap();
    let mut m = Machine(world, 1);
    m.sh("docker pull -q alpine");
    for n in 0..CONTAINERS {
        m.sh(&make.replace("{}", &n.to_string()));
    }
    for n in 0..IMAGES {
        m.sh(&format!("docker commit -m {n} box0 image{n}"));
    }
    for n in 0..NETWORKS {
        m.sh(&format!("docker network create --subnet 10.{n}.0.0/24 net{n}"));
    }
    m
}

fn benches(c: &mut Criterion) {
    let mut m = machine("docker create --name box{} alpine true");
    c.bench_function("command/true", |b| b.iter(|| m.sh("true")));
    c.bench_function("ps", |b| b.iter(|| m.sh("docker ps -a")));
    let mut up = machine("docker run -d --name box{} alpine sleep 1000000");
    c.bench_function("ps, all running", |b| b.iter(|| up.sh("docker ps")));
    c.bench_function("images", |b| b.iter(|| m.sh("docker images")));
    c.bench_function("start", |b| b.iter(|| m.sh("docker start box0")));
    // What the page is told: all, and what one command changed.
    c.bench_function("look", |b| b.iter(|| snapshot::look(&m.0, &mut None)));
    let mut seen = None;
    let mut after_start = || {
        m.sh("docker start box0");
        let start = Instant::now();
        black_box(snapshot::look(&m.0, &mut seen));
        start.elapsed()
    };
    c.bench_function("look/one changed", |b| b.iter_custom(|n| (0..n).map(|_| after_start()).sum::<Duration>()));
}

criterion_group! { name = all; config = Criterion::default().sample_size(10); targets = benches }
criterion_main!(all);
