//! Expected texts are those that buildx printed for such builds.

use layerlab_api::build::{Cause, Log, SolveSource, Status, Trace, Vertex, Warning};

use super::trace::State;
use super::{explain, plain, tty, warnings};

const S: i64 = 1_000_000_000;

fn vertex(n: u32, name: &str, from: f64, to: Option<f64>) -> Vertex {
    let at = |t: f64| S + (t * 1e9) as i64;
    Vertex {
        digest: format!("d{n}"),
        name: name.into(),
        started: Some(at(from)),
        completed: to.map(at),
        ..Vertex::default()
    }
}

fn status(n: u32, id: &str, current: u64, took: f64) -> Status {
    Status {
        id: id.into(),
        vertex: format!("d{n}"),
        current,
        started: Some(S),
        completed: Some(S + (took * 1e9) as i64),
        ..Status::default()
    }
}

fn log(n: u32, text: &str, at: f64) -> Log {
    Log { vertex: format!("d{n}"), stream: 1, data: text.into(), timestamp: S + (at * 1e9) as i64 }
}

fn v(v: Vertex) -> Trace {
    Trace { vertexes: vec![v], ..Trace::default() }
}

fn print(traces: &[Trace]) -> (String, State) {
    let (mut state, mut printer) = (State::default(), plain::Printer::default());
    let mut out = String::new();
    for t in traces {
        state.apply(t);
        out.push_str(&printer.print(&mut state));
    }
    (out, state)
}

#[test]
fn plain_progress_as_buildkit() {
    let load = "[internal] load build definition from Dockerfile";
    let traces = [
        v(vertex(1, load, 0.0, None)),
        Trace {
            vertexes: vec![vertex(1, load, 0.0, Some(0.0))],
            statuses: vec![status(1, "transferring dockerfile:", 142, 0.0)],
            ..Trace::default()
        },
        v(Vertex { cached: true, ..vertex(2, "[2/5] WORKDIR /app", 0.0, Some(0.0)) }),
        v(vertex(3, "[4/5] RUN echo installing && cat package.json", 0.0, None)),
        Trace { logs: vec![log(3, "insta", 0.177), log(3, "lling\n{}\n", 0.178)], ..Trace::default() },
        v(vertex(3, "[4/5] RUN echo installing && cat package.json", 0.0, Some(0.2))),
        v(vertex(4, "exporting to image", 0.0, None)),
        Trace {
            statuses: vec![
                status(4, "exporting layers", 0, 0.1),
                status(4, "naming to docker.io/library/app:1", 0, 0.0),
            ],
            ..Trace::default()
        },
        v(vertex(4, "exporting to image", 0.0, Some(0.2))),
    ];
    let want = "#1 [internal] load build definition from Dockerfile\n#1 transferring dockerfile: 142B done\n#1 DONE 0.0s\n\n\
        #2 [2/5] WORKDIR /app\n#2 CACHED\n\n\
        #3 [4/5] RUN echo installing && cat package.json\n#3 0.177 installing\n#3 0.178 {}\n#3 DONE 0.2s\n\n\
        #4 exporting to image\n#4 exporting layers 0.1s done\n#4 naming to docker.io/library/app:1 done\n#4 DONE 0.2s\n";
    // The second piece of a line keeps the time of its first.
    assert_eq!(print(&traces).0, want);
}

#[test]
fn plain_progress_of_parallel_steps() {
    let traces = [
        v(vertex(1, "[a 1/1] RUN one", 0.0, None)),
        v(vertex(2, "[b 1/1] RUN two", 0.0, None)),
        v(vertex(2, "[b 1/1] RUN two", 0.0, Some(1.0))),
        v(vertex(1, "[a 1/1] RUN one", 0.0, Some(2.0))),
    ];
    assert_eq!(
        print(&traces).0,
        "#1 [a 1/1] RUN one\n#1 ...\n\n#2 [b 1/1] RUN two\n#2 DONE 1.0s\n\n#1 [a 1/1] RUN one\n#1 DONE 2.0s\n"
    );
}

#[test]
fn a_failed_step_repeats_its_output() {
    let name = "[2/2] RUN apt-get update";
    let error = "process \"/bin/sh -c apt-get update\" did not complete successfully: exit code: 127";
    let traces = [
        v(vertex(1, name, 0.0, None)),
        Trace { logs: vec![log(1, "/bin/sh: apt-get: not found\n", 0.144)], ..Trace::default() },
        v(Vertex { error: error.into(), ..vertex(1, name, 0.0, Some(0.2)) }),
        v(Vertex { error: "context canceled".into(), ..vertex(2, "[x 1/1] RUN sleep 9", 0.0, Some(0.2)) }),
    ];
    let (out, state) = print(&traces);
    assert_eq!(
        out,
        format!(
            "#1 {name}\n#1 0.144 /bin/sh: apt-get: not found\n#1 ERROR: {error}\n\n#2 [x 1/1] RUN sleep 9\n#2 CANCELED\n"
        )
    );
    assert_eq!(plain::failures(&state), format!("------\n > {name}:\n0.144 /bin/sh: apt-get: not found\n------\n"));
}

/// The end of a build on a terminal of 80 columns.
#[test]
fn terminal_picture_as_buildkit() {
    let mut state = State::default();
    let from = "[1/5] FROM docker.io/library/alpine:latest@sha256:6c16588a2686a9652f54d1da61e5801163e04d1ae3673cccee31163facda3d04";
    for t in [
        Trace {
            vertexes: vec![vertex(1, "[internal] load build definition from Dockerfile", 0.0, Some(0.0))],
            statuses: vec![status(1, "transferring dockerfile: 142B", 0, 0.0)],
            ..Trace::default()
        },
        v(vertex(2, from, 0.0, Some(0.0))),
        v(Vertex { cached: true, ..vertex(3, "[2/5] WORKDIR /app", 0.0, Some(0.0)) }),
        v(vertex(4, "[4/5] RUN echo installing && cat package.json", 0.0, Some(0.3))),
    ] {
        state.apply(&t);
    }
    let got = tty::Display::default().draw(&state, 2 * S, (80, 24), true);
    let want = "<E>[1A<E>[1B<E>[0G<E>[?25l[+] Building 1.0s (4/4) FINISHED                                 docker:default\n\
        <E>[34m => [internal] load build definition from Dockerfile                       0.0s\n\
        <E>[0m<E>[34m => => transferring dockerfile: 142B                                       0.0s\n\
        <E>[0m<E>[34m => [1/5] FROM docker.io/library/alpine:latest@sha256:6c16588a2686a9652f5  0.0s\n\
        <E>[0m<E>[34m => CACHED [2/5] WORKDIR /app                                              0.0s\n\
        <E>[0m<E>[34m => [4/5] RUN echo installing && cat package.json                          0.3s\n\
        <E>[0m<E>[?25h";
    assert_eq!(got, want.replace("<E>", "\x1b"));
}

#[test]
fn terminal_shows_the_last_lines_of_a_running_step() {
    let mut state = State::default();
    state.apply(&v(vertex(1, "[2/2] RUN make", 0.0, None)));
    for i in 0..9 {
        state.apply(&Trace { logs: vec![log(1, &format!("line {i}\n"), 0.1)], ..Trace::default() });
    }
    let mut display = tty::Display::default();
    let got = display.draw(&state, 3 * S, (80, 24), false);
    assert!(got.contains(" => [2/2] RUN make "), "{got}");
    assert!(
        got.contains("2.0s\n") && !got.contains("line 2") && got.contains("\x1b[2m => => # line 3\n\x1b[0m"),
        "{got}"
    );
    let again = display.draw(&state, 4 * S, (80, 24), false);
    assert!(again.starts_with(&format!("{}\x1b[0G", "\x1b[1A".repeat(8))), "{again:?}");
}

fn warning() -> Warning {
    Warning {
        short: "MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (line 2)".into(),
        url: "https://docs.docker.com/go/dockerfile/rule/maintainer-deprecated/".into(),
        source: Some(SolveSource {
            filename: "Dockerfile".into(),
            data: "FROM alpine\nMAINTAINER me\n".into(),
            ranges: vec![(2, 2)],
        }),
        ..Warning::default()
    }
}

#[test]
fn warnings_as_buildx() {
    assert_eq!(
        warnings::summary(&[warning()], false),
        "\n \x1b[33m1 warning found (use docker --debug to expand):\n\x1b[0m - MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (line 2)\n"
    );
    assert_eq!(warnings::check(&[]), "Check complete, no warnings found.\n");
    assert_eq!(
        warnings::check(&[warning()]),
        "Check complete, 1 warning has been found!\n\nWARNING: MaintainerDeprecated - https://docs.docker.com/go/dockerfile/rule/maintainer-deprecated/\n\
         Maintainer instruction is deprecated in favor of using label\nDockerfile:2\n--------------------\n   1 |     FROM alpine\n   2 | >>> MAINTAINER me\n   3 |     \n--------------------\n"
    );
}

#[test]
fn explanations_name_the_cause() {
    let mut state = State::default();
    let step = |n, name: &str, cause| v(Vertex { cause: Some(cause), ..vertex(n, name, 0.0, Some(0.0)) });
    state.apply(&step(
        1,
        "[2/3] COPY . .",
        Cause::FilesChanged { changed: vec!["main.py".into()], added: Vec::new(), removed: Vec::new() },
    ));
    state.apply(&step(2, "[3/3] RUN x", Cause::ParentMissed { step: "[2/3] COPY . .".into(), line: 2 }));
    let text = explain::explain(&state);
    assert!(text.contains("[2/3] COPY . .\n         files changed: main.py\n"), "{text}");
    assert!(text.contains("an earlier step was run anew: [2/3] COPY . ."));
    assert_eq!(explain::explain(&State::default()), "");
}
