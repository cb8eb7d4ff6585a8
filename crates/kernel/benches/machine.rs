//! What has to be fast: looking a path up in many files, a copy of the machine, its digest after a change.
#![allow(clippy::unwrap_used, clippy::disallowed_types, missing_docs, reason = "a benchmark")]

use std::collections::HashMap;
use std::hint::black_box;
use std::rc::Rc;

use criterion::{Criterion, criterion_group, criterion_main};
use layerlab_kernel::vfs::{Inode, Tree};
use layerlab_kernel::{Kernel, MntNsId, ProgramTable};

/// 32 layers, 100,000 files: each layer adds its own and replaces some of those below.
fn layers() -> (Tree, Vec<String>) {
    let (mut t, mut paths) = (Tree::new(), Vec::new());
    for layer in 0..32 {
        for n in 0..3_125 {
            let path = format!("/usr/lib/l{}/d{}/f{n}", layer % 28, n % 50);
            t.insert(&path, Inode::file(format!("{layer}"), 0o644)).unwrap();
            let path = format!("/opt/l{layer}/d{}/f{n}", n % 50);
            t.insert(&path, Inode::file("x", 0o644)).unwrap();
            paths.push(path);
        }
    }
    (t, paths)
}

fn benches(c: &mut Criterion) {
    let (tree, paths) = layers();
    let flat: HashMap<&str, Rc<Inode>> = paths.iter().map(|p| (p.as_str(), tree.at(p).unwrap().clone())).collect();
    let machine = Kernel::new(tree.clone(), Rc::new(ProgramTable::default()), 7, 0, "bench");
    let mut n = 0;
    let mut next = || {
        n = (n + 7_919) % paths.len();
        paths[n].as_str()
    };
    c.bench_function("lookup/flat map", |b| b.iter(|| black_box(flat.contains_key(next()))));
    c.bench_function("lookup/tree", |b| b.iter(|| black_box(tree.at(next()).is_some())));
    let root = machine.sys.walker(MntNsId(0));
    c.bench_function("lookup/resolve", |b| {
        b.iter(|| black_box(machine.sys.resolve(&root, next(), true).is_ok()));
    });
    c.bench_function("copy", |b| b.iter(|| black_box(machine.try_clone().is_some())));
    c.bench_function("digest/unchanged", |b| b.iter(|| black_box(machine.digest())));
    let mut changing = machine.try_clone().unwrap();
    c.bench_function("digest/one file written", |b| {
        b.iter(|| {
            changing.write_file("/opt/l3/d1/f1", b"new".to_vec()).unwrap();
            black_box(changing.digest())
        });
    });
}

criterion_group!(machine, benches);
criterion_main!(machine);
