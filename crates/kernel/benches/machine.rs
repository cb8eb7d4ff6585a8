//! What has to be fast whatever a machine holds: looking a path up, a copy of the machine, what has
//! changed since, its digest. Each figure is a ratio to something of the same run:
//! to a flat hash map, or to the same with a hundredth of the files.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a benchmark"
)]

use std::collections::HashMap;
use std::hint::black_box;
use std::rc::Rc;
use std::time::Instant;

use layerlab_kernel::vfs::{Inode, Tree};
use layerlab_kernel::{Kernel, MntNsId, ProgramTable};

/// 32 layers, `files` files of their own: each layer adds them and replaces some of those below.
fn layers(files: usize) -> (Tree, Vec<String>) {
    let (mut t, mut paths) = (Tree::new(), Vec::new());
    for layer in 0..32 {
        for n in 0..files / 32 {
            let path = format!("/usr/lib/l{}/d{}/f{n}", layer % 28, n % 50);
            t.insert(&path, Inode::file(format!("{layer}"), 0o644)).unwrap();
            let path = format!("/opt/l{layer}/d{}/f{n}", n % 50);
            t.insert(&path, Inode::file("x", 0o644)).unwrap();
            paths.push(path);
        }
    }
    (t, paths)
}

/// Time that this thread has run, where the system tells it: others may use the processors, too.
fn clock(start: Instant) -> u128 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ran = told.and_then(|t| t.split_whitespace().next()?.parse().ok());
    ran.unwrap_or_else(|| start.elapsed().as_nanos())
}

/// Nanoseconds of one call: the best of five rounds of a twentieth of a second each (the system counts
/// by its own ticks).
fn time(mut f: impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut round = || {
        let (before, mut calls) = (clock(start), 0_u32);
        loop {
            for _ in 0..256 {
                f();
            }
            calls += 256;
            let ran = clock(start) - before;
            if ran > 50_000_000 {
                return ran as f64 / f64::from(calls);
            }
        }
    };
    (0..5).map(|_| round()).fold(f64::INFINITY, f64::min)
}

fn say(what: &str, ns: f64, to: &str, of: f64, goal: &str) {
    println!("{what:<34} {ns:>12.0} ns  {:>6.2} x {to} ({of:.0} ns){goal}", ns / of);
}

/// Copy, change after it, difference, digest of a machine with so many files.
fn machine(files: usize) -> [f64; 4] {
    let (tree, _) = layers(files);
    let machine = Kernel::new(tree.clone(), Rc::new(ProgramTable::default()), 7, 0, "bench");
    let copy = time(|| drop(black_box(machine.try_clone())));
    let write = time(|| {
        let mut copy = machine.try_clone().unwrap();
        copy.write_file("/opt/l3/d1/f1", b"new".to_vec()).unwrap();
    });
    let mut changed = tree.clone();
    for n in 0..10 {
        changed.insert(&format!("/opt/l{n}/d1/f1"), Inode::file("new", 0o644)).unwrap();
    }
    let diff = time(|| drop(black_box(changed.diff(&tree))));
    let mut changing = machine.try_clone().unwrap();
    changing.digest();
    let digest = time(|| {
        changing.write_file("/opt/l3/d1/f1", b"new".to_vec()).unwrap();
        black_box(changing.digest());
    });
    [copy, write, diff, digest]
}

fn main() {
    let (tree, paths) = layers(100_000);
    let flat: HashMap<&str, Rc<Inode>> = paths.iter().map(|p| (p.as_str(), tree.at(p).unwrap().clone())).collect();
    let kernel = Kernel::new(tree.clone(), Rc::new(ProgramTable::default()), 7, 0, "bench");
    let mut n = 0;
    let mut next = || {
        n = (n + 7_919) % paths.len();
        paths[n].as_str()
    };
    let map = time(|| {
        black_box(flat.contains_key(next()));
    });
    let lookup = time(|| {
        black_box(tree.at(next()).is_some());
    });
    let root = kernel.sys.walker(MntNsId(0));
    let resolve = time(|| {
        black_box(kernel.sys.resolve(&root, next(), true).is_ok());
    });
    say("lookup in 32 layers", lookup, "a flat hash map", map, ", goal 2");
    say("the same with links and mounts", resolve, "a flat hash map", map, "");
    let (small, large) = (machine(1_000), machine(100_000));
    let names = ["copy of a machine", "a file written after it", "difference of ten files", "digest after one change"];
    for ((name, s), l) in names.iter().zip(small).zip(large) {
        say(name, l, "with a hundredth of the files", s, "");
    }
}
