//! Time to parse and type a Dockerfile, a line, beside splitting it into lines and beside the crate
//! `parse-dockerfile`, in the same run; where the Python of `$LAYERLAB_PYTHON` (else python3) has the package
//! `dockerfile` (PyPI: BuildKit's own parser), beside that one, too, without the start of Python. The goal:
//! 20 KB in at most 1 ms, at least 20 times as fast as the package; its last line says how it stands.
#![allow(missing_docs, reason = "criterion's macros")]
#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "a bench runs natively, by the real clock")]

use std::hint::black_box;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Instant;

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

/// Milliseconds that the package takes for a text, the best of several runs.
fn package(text: &str) -> Option<f64> {
    const SCRIPT: &str = "import sys, time, dockerfile\ntext = sys.stdin.read()\nbest = 1e9\nfor _ in range(50):\n    t = time.perf_counter()\n    dockerfile.parse_string(text)\n    best = min(best, time.perf_counter() - t)\nprint(best * 1000)";
    let python = std::env::var("LAYERLAB_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(python);
    command.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    child.stdin.take()?.write_all(text.as_bytes()).ok()?;
    String::from_utf8(child.wait_with_output().ok()?.stdout).ok()?.trim().parse().ok()
}

/// How parsing stands to the package, and whether it is linear.
fn goals() {
    let best = |text: &str| {
        let once = || {
            let begin = Instant::now();
            black_box(parse(black_box(text)));
            begin.elapsed().as_secs_f64() * 1000.0
        };
        (0..50).map(|_| once()).fold(f64::MAX, f64::min)
    };
    let small = twenty_kilobytes();
    let (one, ten) = (best(&small), best(&small.repeat(10)));
    eprintln!("20 KB: {one:.3} ms (at most 1); ten times as much: {:.1} times as long", ten / one);
    match package(&small) {
        Some(theirs) => {
            eprintln!("the package `dockerfile`: {theirs:.3} ms, {:.0} times as long (at least 20)", theirs / one);
        }
        None => eprintln!("skipped: no package `dockerfile`"),
    }
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
    goals();
}

criterion_group!(all, benches);
criterion_main!(all);
