//! Laws of builds, on Dockerfiles that are made up: what a forecast says is what happens, equal inputs are
//! cache hits, and an image's digest follows from what it is made of.

use std::cell::RefCell;

use layerlab_engine::build::record::{LineRecord, LineState};
use layerlab_kernel::SimTime;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::build_rules::forecast;
use crate::builds::{Folder, build, built, last, story};
use crate::machine::Machine;

/// Lines that never fail, in any order.
const LINES: [&str; 14] = [
    "COPY a.txt /d/",
    "COPY b.txt .",
    "COPY --link b.txt /linked/",
    "COPY --chmod=600 a.txt /m/",
    "COPY . /all/",
    "ADD a.txt /added/",
    "RUN echo one > /one",
    "RUN echo two > /two",
    "RUN echo $V > /v",
    "RUN --mount=type=bind,source=a.txt,target=/seen cat /seen",
    "ENV E=1",
    "ARG V=1",
    "WORKDIR /w",
    "LABEL who=me",
];

fn line() -> impl Strategy<Value = String> {
    (0..LINES.len()).prop_map(|i| LINES[i].to_owned())
}

/// A machine, with its cache, that cases share: a new one from time to time, since dockerd is the first process here
/// and reaps no orphans, as an init would.
struct Shared {
    machine: Machine,
    cases: u32,
}

impl Shared {
    fn new() -> Self {
        Self { machine: Machine::new(), cases: 0 }
    }

    fn machine(&mut self) -> &mut Machine {
        self.cases += 1;
        if self.cases.is_multiple_of(100) {
            self.machine = Machine::new();
        }
        &mut self.machine
    }
}

#[derive(Clone, Debug)]
enum Edit {
    File(&'static str),
    Remove(&'static str),
    Line(prop::sample::Index, String),
    Swap(prop::sample::Index, prop::sample::Index),
    Arg,
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        prop::sample::select(vec!["a.txt", "b.txt", "c.log"]).prop_map(Edit::File),
        Just(Edit::Remove("c.txt")),
        (any::<prop::sample::Index>(), line()).prop_map(|(i, l)| Edit::Line(i, l)),
        (any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(|(i, j)| Edit::Swap(i, j)),
        Just(Edit::Arg),
    ]
}

fn folder(lines: &[String]) -> Folder {
    Folder::new(&format!("FROM alpine\n{}\n", lines.join("\n")))
        .with("a.txt", "a")
        .with("b.txt", "b")
        .with("c.txt", "c")
        .with("c.log", "noise")
        .with(".dockerignore", "*.log\nDockerfile\n")
}

/// The change as a forecast takes it, the changed folder, and more of the query.
fn apply(lines: &[String], edit: &Edit) -> (String, Folder, &'static str) {
    let base = folder(lines);
    let mut new = lines.to_vec();
    match edit {
        Edit::File(name) => {
            let before = if *name == "c.log" { "noise" } else { &name[..1] };
            (format!("file={name}"), base.with(name, &format!("{before}\n")), "")
        }
        Edit::Remove(name) => (format!("remove={name}"), base.without(name), ""),
        Edit::Arg => ("arg=V=2".to_owned(), base, "buildargs=%7b%22V%22:%222%22%7d"),
        Edit::Line(i, l) => {
            let i = i.index(new.len());
            new[i].clone_from(l);
            (format!("line={}:{l}", i + 2), folder(&new), "")
        }
        Edit::Swap(i, j) => {
            let (i, j) = (i.index(new.len()), j.index(new.len()));
            new.swap(i, j);
            (format!("swap={},{}", i + 2, j + 2), folder(&new), "")
        }
    }
}

#[test]
fn what_is_forecast_is_what_happens() {
    let shared = RefCell::new(Shared::new());
    let cases = (prop::collection::vec(line(), 1..7), edit());
    let law = |(lines, edit): (Vec<String>, Edit)| {
        let mut shared = shared.borrow_mut();
        let m = shared.machine();
        let (change, changed, query) = apply(&lines, &edit);
        built(m, &folder(&lines), "t=x");
        let said = forecast(m, &folder(&lines), &change);
        built(m, &changed, &format!("t=x&{query}"));
        let ran = |l: &&LineRecord| matches!(&l.state, LineState::Miss(Some(_))) && l.inputs.is_some();
        let did: Vec<u64> = last(m).lines.iter().filter(ran).map(|l| u64::from(l.lines.0)).collect();
        prop_assert_eq!(said, did, "{}: {:?}", change, lines);
        // What was just built is cached, whole.
        built(m, &changed, &format!("t=x&{query}"));
        prop_assert!(story(m).iter().all(|s| s.ends_with(": hit")), "{:?}", story(m));
        Ok(())
    };
    TestRunner::default().run(&cases, law).unwrap();
}

#[test]
fn a_digest_follows_from_what_is_built() {
    let shared = RefCell::new(Shared::new());
    let law = |lines: Vec<String>| {
        let mut shared = shared.borrow_mut();
        let m = shared.machine();
        let f = folder(&lines);
        let first = built(m, &f, "t=x");
        prop_assert_eq!(&first, &built(m, &f, "t=x"), "a cached build gives the same image");
        m.run_for(SimTime::millis(1500));
        let again = built(m, &f, "t=x&nocache=1");
        // A directory is not made anew by --no-cache, and labels make no layer.
        let makes = lines.iter().any(|l| ["RUN", "COPY", "ADD"].iter().any(|k| l.starts_with(k)));
        prop_assert_eq!(first != again, makes, "{:?}", lines);
        let fixed = "t=x&nocache=1&outputs=type=image,rewrite-timestamp=true&buildargs=%7b%22SOURCE_DATE_EPOCH%22:%221000000000%22%7d";
        let one = built(m, &f, fixed);
        m.run_for(SimTime::millis(1500));
        prop_assert_eq!(one, built(m, &f, fixed), "{:?}", lines);
        // Any other content of a file that is copied is another image.
        let used =
            lines.iter().any(|l| l.contains("a.txt /") || l.contains("source=a.txt") || l.starts_with("COPY . "));
        let before = built(m, &f, "t=y");
        let after = built(m, &f.clone().with("a.txt", "A"), "t=y");
        prop_assert_eq!(before != after, used, "{:?}", lines);
        let _ = build(m, &f, "t=y");
        Ok(())
    };
    let config = ProptestConfig { cases: ProptestConfig::default().cases / 4, ..ProptestConfig::default() };
    TestRunner::new(config).run(&prop::collection::vec(line(), 1..6), law).unwrap();
}

#[test]
fn what_stands_there_twice_is_made_once() {
    let mut shared = Shared::new();
    let m = shared.machine();
    let lines = ["COPY --link b.txt /linked/", "ADD a.txt /added/", "COPY --link b.txt /linked/"].map(str::to_owned);
    let f = folder(&lines);
    for query in ["t=x", "t=x&nocache=1"] {
        let first = built(m, &f, query);
        let hits: Vec<bool> = story(m).iter().map(|s| s.ends_with(": hit")).collect();
        assert_eq!(hits, [false, false, true], "{:?}", story(m));
        m.run_for(SimTime::millis(1500));
        assert_eq!(first, built(m, &f, "t=x"));
    }
}
