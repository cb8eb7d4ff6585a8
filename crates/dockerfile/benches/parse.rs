//! Time to parse and type a Dockerfile, a line, beside splitting it into lines and beside the crate
//! `parse-dockerfile`, in the same run.
#![allow(missing_docs, reason = "criterion's macros")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use layerlab_dockerfile::lint::{Options, lint};
use layerlab_dockerfile::{parse, stages};

/// A usual file, many stages long.
fn text() -> String {
    let stage = "FROM python:3.11-slim AS stage\n# what the program needs\nWORKDIR /app\nCOPY requirements.txt .\n\
        RUN --mount=type=cache,target=/root/.cache pip install \\\n    --no-cache-dir \\\n    -r requirements.txt\n\
        COPY --chown=1000:1000 . .\nENV PORT=5000 \\\n    DEBUG=\"a b\"\nEXPOSE 5000\n\
        RUN <<EOF\nset -e\necho ${PORT}\nEOF\nCMD [\"python\", \"main.py\"]\n";
    stage.repeat(100)
}

/// The same file cut to 20 KB: the page parses as much at each stroke of a key in 1 ms.
fn twenty_kilobytes() -> String {
    let text = text();
    let end = text.match_indices("\nFROM ").map(|(at, _)| at).take_while(|at| *at < 20 * 1024).last();
    text[..end.unwrap_or_default()].to_owned()
}

fn benches(criterion: &mut Criterion) {
    let text = text();
    let lines = u64::try_from(text.lines().count()).unwrap_or(1);
    let mut group = criterion.benchmark_group("dockerfile");
    group.throughput(Throughput::Elements(lines));
    group.bench_function("split into lines", |bench| {
        bench.iter(|| black_box(&text).lines().map(str::len).sum::<usize>());
    });
    group.bench_function("parse-dockerfile", |bench| {
        bench.iter(|| parse_dockerfile::parse(black_box(&text)).is_ok());
    });
    group.bench_function("parse", |bench| bench.iter(|| parse(black_box(&text))));
    group.bench_function("parse and type", |bench| {
        bench.iter(|| stages(&parse(black_box(&text)).ast));
    });
    let ast = parse(&text).ast;
    let options = Options::default();
    group.bench_function("build checks", |bench| bench.iter(|| lint(black_box(&ast), &options)));
    let small = twenty_kilobytes();
    group.throughput(Throughput::Bytes(u64::try_from(small.len()).unwrap_or(1)));
    group.bench_function("parse, 20 KB", |bench| bench.iter(|| parse(black_box(&small))));
    group.bench_function("parse, type and check, 20 KB", |bench| {
        bench.iter(|| {
            let parsed = parse(black_box(&small));
            (stages(&parsed.ast).2.len(), lint(&parsed.ast, &options).len())
        });
    });
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
