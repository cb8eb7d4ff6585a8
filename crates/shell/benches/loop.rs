//! A loop that counts to 100,000, as a script of our dash, beside the real one where it is installed.
#![allow(missing_docs, reason = "criterion's macros")]
#![allow(clippy::unwrap_used, reason = "a benchmark may fail by panicking")]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the real dash is a process")]

use std::rc::Rc;

use criterion::{Criterion, criterion_group, criterion_main};
use layerlab_kernel::vfs::{Dev, Inode, Node, Tree};
use layerlab_kernel::{Kernel, ProgramTable, SimTime, stub};

const SCRIPT: &str = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done";

/// A machine whose first process is the shell with the script.
fn machine() -> Kernel {
    let mut root = Tree::new();
    for dir in ["/bin", "/dev", "/tmp"] {
        root.mkdir_all(dir).unwrap();
    }
    root.insert("/bin/sh", Inode::file(stub::executable("sh", "dash"), 0o755)).unwrap();
    root.insert("/dev/null", Inode::new(Node::Char(Dev::Null), 0o666)).unwrap();
    let table = ProgramTable::default();
    table.extend(layerlab_shell::PROGRAMS);
    let mut k = Kernel::new(root, Rc::new(table), 7, 0, "bench");
    k.boot("/bin/sh", ["sh", "-c", SCRIPT].map(str::to_owned).to_vec(), Vec::new()).unwrap();
    k
}

fn count(c: &mut Criterion) {
    let mut group = c.benchmark_group("count to 100,000");
    group.sample_size(10);
    group.bench_function("ours", |b| {
        b.iter_batched(machine, |mut k| k.run_until(SimTime::secs(600)), criterion::BatchSize::PerIteration);
    });
    if std::path::Path::new("/usr/bin/dash").exists() {
        group.bench_function("dash", |b| {
            b.iter(|| std::process::Command::new("/usr/bin/dash").args(["-c", SCRIPT]).status().unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, count);
criterion_main!(benches);
