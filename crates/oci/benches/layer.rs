//! A layer of 1,000 files (8 MB): what this crate needs to write, hash and compress it, beside the
//! bare crates `tar`, `sha2` and `flate2` on the same bytes, in the same run. And the way back.
#![allow(missing_docs, reason = "criterion's macros")]
#![allow(clippy::unwrap_used, reason = "a benchmark may fail by panicking")]
#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "a bench runs natively, by the real clock")]

use std::hint::black_box;
use std::io::Write as _;
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use layerlab_oci::layer::{Entry, EntryKind, Limits, Tree, compare_paths, read, write};
use layerlab_oci::{Digest, gzip};
use sha2::Digest as _;

/// Half of it text that compresses well, half as good as random.
fn entries() -> Vec<Entry> {
    let mut state = 1u32;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    let mut out: Vec<Entry> = (0..20).map(|dir| Entry::dir(&format!("app/module{dir}"), 0o755)).collect();
    for number in 0..1000u32 {
        let content = if number % 2 == 0 {
            format!("def function_{number}(argument):\n    return argument + {number}\n").repeat(128).into_bytes()
        } else {
            (0..2000).flat_map(|_| random().to_le_bytes()).collect()
        };
        out.push(Entry::file(&format!("app/module{}/file{number:04}.py", number % 20), content, 0o644));
    }
    // In a layer's order, so that all compress the same bytes.
    out.sort_by(|a, b| compare_paths(&a.path, &b.path));
    out
}

fn ours(entries: &[Entry]) -> (Digest, Digest) {
    let tar = write(entries).unwrap();
    let blob = gzip::compress(&tar);
    (Digest::of(&tar), Digest::of(&blob))
}

fn bare(entries: &[Entry]) -> ([u8; 32], [u8; 32]) {
    let mut builder = tar::Builder::new(Vec::new());
    for entry in entries {
        let mut header = tar::Header::new_ustar();
        header.set_mode(entry.mode);
        let content: &[u8] = if let EntryKind::File { content } = &entry.kind { content } else { &[] };
        header.set_entry_type(if content.is_empty() { tar::EntryType::Directory } else { tar::EntryType::Regular });
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, &entry.path, content).unwrap();
    }
    let tar = builder.into_inner().unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&tar).unwrap();
    let blob = encoder.finish().unwrap();
    (sha2::Sha256::digest(&tar).into(), sha2::Sha256::digest(&blob).into())
}

/// The goal: at least 90 % of the bare crates' speed; measured in turns, so that both see the same machine.
fn goal(entries: &[Entry]) {
    let (mut own, mut others) = (f64::MAX, f64::MAX);
    for _ in 0..10 {
        let begin = Instant::now();
        black_box(bare(black_box(entries)));
        others = others.min(begin.elapsed().as_secs_f64());
        let begin = Instant::now();
        black_box(ours(black_box(entries)));
        own = own.min(begin.elapsed().as_secs_f64());
    }
    eprintln!("tar, sha256, gzip: {:.0} % of the bare crates' speed (at least 90)", others / own * 100.0);
}

fn benches(criterion: &mut Criterion) {
    let entries = entries();
    let tar = write(&entries).unwrap();
    let mut group = criterion.benchmark_group("layer");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(tar.len() as u64));
    group.bench_function("bare crates: tar, sha256, gzip", |bench| bench.iter(|| bare(black_box(&entries))));
    group.bench_function("write, sha256, gzip", |bench| bench.iter(|| ours(black_box(&entries))));
    group.bench_function("write alone", |bench| bench.iter(|| write(black_box(&entries)).unwrap().len()));
    group.bench_function("read", |bench| bench.iter(|| read(black_box(&tar), Limits::default()).unwrap().len()));
    let mut upper = entries.clone();
    upper.truncate(900);
    let tree = |entries: &[Entry]| Tree::of_layers([entries]).unwrap();
    let (lower, upper) = (tree(&entries), tree(&upper));
    group.bench_function("diff of trees", |bench| bench.iter(|| lower.diff(black_box(&upper), 0).len()));
    group.finish();
    goal(&entries);
}

criterion_group!(all, benches);
criterion_main!(all);
