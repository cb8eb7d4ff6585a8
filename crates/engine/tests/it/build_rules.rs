//! Every measured rule of the build cache, in both directions: what must run again and what must
//! not. Measured with BuildKit 0.26 and real builds; numbers are those of the measurements.

use crate::builds::{Folder, build, built, last, logs, story};
use crate::machine::Machine;

/// Builds one folder, then another; answers what became of the second's steps.
fn after(first: &Folder, query: &str, second: &Folder, second_query: &str) -> Vec<String> {
    let mut m = Machine::new();
    built(&mut m, first, &format!("t=x&{query}"));
    built(&mut m, second, &format!("t=x&{second_query}"));
    story(&m)
}

fn edited(before: &str, now: &str) -> Vec<String> {
    after(&Folder::new(before), "", &Folder::new(now), "")
}

fn argument(name: &str, value: &str) -> String {
    format!("buildargs=%7B%22{name}%22%3A%22{value}%22%7D")
}

#[test]
fn copy_depends_on_content_mode_and_names_not_on_time_or_owner() {
    let base =
        Folder::new("FROM alpine\nCOPY a.txt sub /x/\n").with("a.txt", "a").with("sub/b.txt", "b").with("other", "o");
    let same = |f: &Folder| after(&base, "", f, "");
    assert_eq!(same(&base.clone().at(1_600_000_000)), ["2: hit"]); // [1]
    let mut owned = base.clone();
    owned.0.iter_mut().for_each(|e| (e.uid, e.gid) = (1000, 1000));
    assert_eq!(same(&owned), ["2: hit"]); // [2]
    assert_eq!(same(&base.clone().with("other", "changed").with("new", "n")), ["2: hit"]); // [3]
    assert_eq!(same(&base.clone().with_mode("a.txt", "a", 0o755)), ["2: mode changed: a.txt"]); // [1]
    assert_eq!(same(&base.clone().with("a.txt", "A")), ["2: changed: a.txt"]);
    assert_eq!(same(&base.clone().with("sub/c.txt", "c")), ["2: added: sub/c.txt"]);
    let renamed = base.clone().without("sub/b.txt").with("sub/z.txt", "b");
    assert_eq!(same(&renamed), ["2: added: sub/z.txt; removed: sub/b.txt"]); // [16]
}

#[test]
fn copy_all_depends_on_the_whole_context_but_for_ignored_files() {
    let base = Folder::new("FROM alpine\nCOPY . /x/\n").with("a.txt", "a");
    assert_eq!(after(&base, "", &base.clone().with("b.log", "b"), ""), ["2: added: b.log"]); // [4]
    let ignoring = base.clone().with(".dockerignore", "*.log\n").with("b.log", "1");
    assert_eq!(after(&ignoring, "", &ignoring.clone().with("b.log", "2"), ""), ["2: hit"]); // [4]
    assert_eq!(after(&base, "", &base.clone().with(".dockerignore", "*.log\n"), ""), ["2: added: .dockerignore"]);
    // The file beside the Dockerfile goes first.
    let own = base.clone().with("Dockerfile.dockerignore", "a.txt\n").with(".dockerignore", "");
    assert_eq!(after(&own, "", &own.clone().with("a.txt", "other"), ""), ["2: hit"]);
}

#[test]
fn copy_depends_on_its_flags_and_on_being_copy() {
    let from = |line: &str| Folder::new(&format!("FROM alpine\n{line}\n")).with("a.txt", "a");
    let base = from("COPY a.txt /x/");
    for line in [
        "ADD a.txt /x/",
        "COPY --chown=1:1 a.txt /x/",
        "COPY --chmod=600 a.txt /x/",
        "COPY a.txt /y/",
        "COPY --parents a.txt /x/",
    ] {
        let got = after(&base, "", &from(line), "");
        assert!(got[0].starts_with("2: instruction changed") || got[0] == "2: never built before", "{line}: {got:?}"); // [24]
    }
    assert_eq!(after(&base, "", &from("COPY  a.txt   /x/"), ""), ["2: hit"]);
    assert_eq!(after(&base, "", &from("copy a.txt /x/"), ""), ["2: hit"]);
}

#[test]
fn run_depends_on_its_text_not_on_blanks_before_it_or_comments() {
    let base = "FROM alpine\nRUN echo one  two\n";
    assert_eq!(edited(base, "FROM alpine\nRUN    echo one  two\n"), ["2: hit"]); // [9b]
    assert_eq!(edited(base, "FROM alpine\nRUN echo one two\n"), ["2: instruction changed; it was: RUN echo one  two"]); // [9b]
    assert_eq!(edited(base, "# c\nFROM alpine\n\n# d\nRUN echo one  two\n"), ["5: hit"]);
    assert_eq!(edited(base, "FROM alpine\nRUN \\\n  # e\n  echo one  two\n"), ["2: hit"]);
    assert_eq!(edited(base, "FROM alpine\nRUN [\"echo\", \"one\"]\n").len(), 1);
}

#[test]
fn config_only_instructions_never_make_a_step_run() {
    let base = "FROM alpine\nRUN echo hi\n";
    for line in [
        "LABEL a=b",
        "CMD [\"x\"]",
        "ENTRYPOINT [\"x\"]",
        "EXPOSE 80",
        "VOLUME /v",
        "STOPSIGNAL SIGTERM",
        "HEALTHCHECK CMD true",
        "MAINTAINER me",
    ] {
        assert_eq!(edited(base, &format!("FROM alpine\n{line}\nRUN echo hi\n")), ["3: hit"], "{line}"); // [9]
    }
}

#[test]
fn env_arg_user_workdir_and_shell_reach_later_runs_only() {
    let base = "FROM alpine\nRUN echo early\nENV A=1\nCOPY f /\nWORKDIR /w\nRUN echo late\n";
    let f = |d: &str| Folder::new(d).with("f", "f");
    let got = after(&f(base), "", &f(&base.replace("A=1", "A=2")), "");
    assert_eq!(got, ["2: hit", "4: hit", "5: hit", "6: ENV A: 1 -> 2"]); // [5, 6, 8b]
    let base = "FROM alpine\nUSER 1\nCOPY f /\nRUN echo x\n";
    let got = after(&f(base), "", &f(&base.replace("USER 1", "USER 2")), "");
    assert_eq!(got, ["3: hit", "4: USER: 1 -> 2"]); // [9]
    let base = "FROM alpine\nSHELL [\"/bin/sh\", \"-c\"]\nRUN echo x\n";
    let got = edited(base, &base.replace("\"-c\"", "\"-e\", \"-c\"").replace("\"-e\", ", ""));
    assert_eq!(got, ["3: hit"]);
}

#[test]
fn build_arguments_count_where_they_are_declared() {
    let f = Folder::new("FROM alpine\nRUN echo before\nARG V=1\nRUN echo after\nCOPY f /\nWORKDIR /w\n").with("f", "f");
    let got = after(&f, &argument("V", "1"), &f, &argument("V", "2"));
    assert_eq!(got, ["2: hit", "4: ARG V: 1 -> 2", "5: line 4 ran again", "6: line 4 ran again"]); // [7]
    assert_eq!(
        after(&f, "", &f, &argument("V", "1")),
        ["2: hit", "4: hit", "5: hit", "6: hit"],
        "the default is the same value"
    );
    // Not declared: no effect [21]; predefined proxies: in no key [22].
    assert_eq!(after(&f, "", &f, &argument("OTHER", "2")), ["2: hit", "4: hit", "5: hit", "6: hit"]);
    assert_eq!(after(&f, "", &f, &argument("HTTP_PROXY", "http%3A%2F%2Fp")), ["2: hit", "4: hit", "5: hit", "6: hit"]);
    let g = Folder::new("FROM alpine\nARG V\nCOPY f /\nWORKDIR /w\n").with("f", "f");
    assert_eq!(after(&g, &argument("V", "1"), &g, &argument("V", "2")), ["3: hit", "4: hit"]); // [8b]
    // Used in an instruction, it changes that.
    let h = Folder::new("FROM alpine\nARG V\nCOPY $V /\n").with("f", "f").with("g", "g");
    assert_eq!(after(&h, &argument("V", "f"), &h, &argument("V", "g")), ["3: instruction changed; it was: COPY f /"]);
}

#[test]
fn order_and_edits_in_the_middle() {
    let base = "FROM alpine\nRUN echo a\nRUN echo b\n";
    let got = edited(base, "FROM alpine\nRUN echo b\nRUN echo a\n"); // [10]
    assert!(got.iter().all(|l| !l.ends_with("hit")), "{got:?}");
    let got = edited(base, "FROM alpine\nRUN echo a\nRUN echo new\nRUN echo b\n");
    assert_eq!(got, ["2: hit", "3: never built before", "4: line 3 ran again"]);
    let got = edited(base, "FROM alpine\nRUN echo b\n");
    assert_eq!(got, ["2: never built before"]);
}

#[test]
fn another_base_image_is_the_cause() {
    let got = edited("FROM alpine\nRUN echo a\n", "FROM busybox\nRUN echo a\n");
    assert_eq!(got.len(), 1);
    assert!(got[0].starts_with("2: base image moved: sha256:"), "{got:?}");
    // Two names of one image are one image.
    assert_eq!(edited("FROM alpine\nRUN echo a\n", "FROM docker.io/library/alpine:latest\nRUN echo a\n"), ["2: hit"]);
}

#[test]
fn cache_is_found_across_names_and_files() {
    let mut m = Machine::new();
    let f = Folder::new("FROM alpine\nRUN echo a\n");
    built(&mut m, &f, "t=one");
    built(&mut m, &f, "t=two");
    assert_eq!(story(&m), ["2: hit"]);
    let other = Folder::default().with("docker/web.Dockerfile", "FROM alpine\nRUN echo a\n");
    built(&mut m, &other, "t=three&dockerfile=docker%2Fweb.Dockerfile");
    assert_eq!(story(&m), ["2: hit"]);
}

#[test]
fn no_cache_runs_all_but_workdir() {
    let mut m = Machine::new();
    let f = Folder::new("FROM alpine\nWORKDIR /w\nRUN echo a\nCOPY f .\n").with("f", "f");
    built(&mut m, &f, "t=x");
    built(&mut m, &f, "t=x&nocache=1");
    assert_eq!(story(&m), ["2: hit", "3: --no-cache", "4: --no-cache"]);
    built(&mut m, &f, "t=x");
    assert_eq!(story(&m), ["2: hit", "3: hit", "4: hit"]);
    assert!(matches!(last(&m).lines[2].state, layerlab_engine::build::record::LineState::Hit { made_by: 2 }));
}

#[test]
fn what_stood_on_a_replaced_result_is_made_anew() {
    let mut m = Machine::new();
    let f = |last: &str| Folder::new(&format!("FROM alpine\nRUN echo a > /a\nWORKDIR /w\nRUN cat /a > /b\n{last}"));
    built(&mut m, &f(""), "t=x");
    // The first step is replaced, then the build ends before the third.
    let broken = Folder::new("FROM alpine\nRUN echo a > /a\nWORKDIR /w\nRUN exit 1\n");
    m.run_for(layerlab_kernel::SimTime::secs(5));
    build(&mut m, &broken, "t=x&nocache=1");
    assert_eq!(story(&m), ["2: --no-cache", "3: hit", "4: failed"]);
    built(&mut m, &f(""), "t=x");
    assert_eq!(story(&m)[..2], ["2: hit", "3: hit"]);
    assert!(!story(&m)[2].ends_with("hit"), "{:?}", story(&m));
}

const STAGES: &str = "FROM alpine AS build\nCOPY src /src\nRUN cat /src > /out\nFROM alpine AS unused\nRUN echo never\nFROM alpine\nCOPY --from=build /out /out\nRUN cat /out\n";

#[test]
fn stages_are_joined_by_content() {
    let f = Folder::new(STAGES).with("src", "one");
    let mut m = Machine::new();
    built(&mut m, &f, "t=x");
    assert_eq!(
        story(&m),
        ["2: never built before", "3: never built before", "7: never built before", "8: never built before"],
        "unused stages are not built [13]"
    );
    // The stage runs again, what comes out is the same: COPY --from is cached [12].
    built(&mut m, &Folder::new(&STAGES.replace("RUN cat /src", "RUN cat  /src")).with("src", "one"), "t=x");
    assert_eq!(story(&m), ["2: hit", "3: instruction changed; it was: RUN cat /src > /out", "7: hit", "8: hit"]);
    built(&mut m, &f.clone().with("src", "two"), "t=x");
    assert_eq!(story(&m), ["2: changed: src", "3: line 2 ran again", "7: changed: out", "8: line 7 ran again"]);
    // Only one stage without cache: the other's copy is still what it was [14].
    built(&mut m, &f.clone().with("src", "two"), "t=x&nocachefilter=build");
    assert_eq!(story(&m), ["2: --no-cache", "3: --no-cache", "7: hit", "8: hit"]);
}

#[test]
fn a_target_builds_what_it_needs() {
    let mut m = Machine::new();
    let a = build(&mut m, &Folder::new(STAGES).with("src", "one"), "t=x&target=build");
    assert!(a.body.contains("[build 2/3] COPY src /src") && !a.body.contains("unused"), "{}", a.body);
    let missing = build(&mut m, &Folder::new(STAGES), "t=x&target=nope");
    assert!(missing.body.contains("target stage \\\"nope\\\" could not be found"), "{}", missing.body);
}

#[test]
fn a_linked_copy_stands_on_nothing() {
    let base = "FROM alpine\nRUN echo a > /a\nCOPY --link f /f\nRUN cat /f\n";
    let f = |d: &str| Folder::new(d).with("f", "f");
    let got = after(&f(base), "", &f(&base.replace("echo a >", "echo b >")), "");
    assert_eq!(got, ["2: instruction changed; it was: RUN echo a > /a", "3: hit", "4: line 2 ran again"]); // [15]
}

#[test]
fn mounts_count_by_what_they_show() {
    let bind =
        Folder::new("FROM alpine\nRUN --mount=type=bind,source=f,target=/f cat /f\n").with("f", "one").with("g", "g");
    let mut m = Machine::new();
    let a = build(&mut m, &bind, "t=x");
    assert_eq!(logs(&a), "one");
    built(&mut m, &bind.clone().with("g", "G"), "t=x");
    assert_eq!(story(&m), ["2: hit"]);
    built(&mut m, &bind.clone().with("f", "two"), "t=x");
    assert_eq!(story(&m), ["2: changed: f"]); // [19]
    // A cache mount keeps what it holds, and its content is in no key [18].
    let cache =
        |n: u32| Folder::new(&format!("FROM alpine\nRUN --mount=type=cache,target=/c ls /c && echo x > /c/{n}\n"));
    assert_eq!(logs(&build(&mut m, &cache(1), "t=y")), "");
    assert_eq!(logs(&build(&mut m, &cache(2), "t=y")), "1\n");
    built(&mut m, &cache(1), "t=y");
    assert_eq!(story(&m), ["2: hit"]);
    let run = Folder::new("FROM alpine\nRUN --mount=type=tmpfs,target=/t echo x > /t/x\nRUN ls /\n");
    assert!(
        !logs(&build(&mut m, &run, "t=z")).contains("t\n")
            || logs(&build(&mut m, &run, "t=z&nocache=1")).contains("tmp\n")
    );
}

#[test]
fn pruned_cache_is_named_as_such() {
    let mut m = Machine::new();
    let f = Folder::new("FROM alpine\nRUN echo a > /a\n");
    built(&mut m, &f, "t=x");
    // What an image holds stays; what the client sent goes: Dockerfile and ignore file.
    let kept = m.post("/build/prune", "").json();
    assert_eq!(kept["CachesDeleted"].as_array().map(Vec::len), Some(2), "{kept}");
    // The step and the base image.
    let pruned = m.post("/build/prune?all=1", "").json();
    assert_eq!(pruned["CachesDeleted"].as_array().map(Vec::len), Some(2), "{pruned}");
    built(&mut m, &f, "t=x");
    assert_eq!(story(&m), ["2: its cache was pruned"]);
}

/// Steps that a forecast says would run, by line.
pub fn forecast(m: &mut Machine, folder: &Folder, change: &str) -> Vec<u64> {
    let change: String = change.bytes().map(|b| format!("%{b:02x}")).collect();
    let a = build(m, folder, &format!("whatif={change}"));
    let told = a.lines().into_iter().find_map(|l| l["aux"]["exporter"].as_object().cloned()).unwrap();
    let json: serde_json::Value = serde_json::from_str(told.values().next().unwrap().as_str().unwrap()).unwrap();
    let steps = json["steps"].as_array().unwrap().clone();
    steps.iter().filter(|s| s["outcome"]["kind"] == "runs").map(|s| s["lines"][0].as_u64().unwrap()).collect()
}

#[test]
fn a_forecast_agrees_with_doing_it() {
    let text =
        "FROM alpine\nARG V=1\nWORKDIR /app\nCOPY a.txt .\nRUN cat a.txt\nCOPY b.txt .\nRUN cat b.txt\nCMD [\"x\"]\n";
    let folder =
        Folder::new(text).with("a.txt", "a").with("b.txt", "b").with("c.log", "c").with(".dockerignore", "*.log\n");
    let swapped = text.replace("COPY a.txt .\nRUN cat a.txt", "RUN cat a.txt\nCOPY a.txt .");
    let cases: Vec<(&str, Folder, &str)> = vec![
        ("file=a.txt", folder.clone().with("a.txt", "a\n"), ""),
        ("file=b.txt", folder.clone().with("b.txt", "b\n"), ""),
        ("file=c.log", folder.clone().with("c.log", "c\n"), ""),
        (
            "line=7:RUN cat b.txt a.txt",
            folder.clone().with("Dockerfile", &text.replace("RUN cat b.txt", "RUN cat b.txt a.txt")),
            "",
        ),
        ("line=8:CMD [\"y\"]", folder.clone().with("Dockerfile", &text.replace("\"x\"", "\"y\"")), ""),
        (
            "swap=6,7",
            folder
                .clone()
                .with("Dockerfile", &text.replace("COPY b.txt .\nRUN cat b.txt", "RUN cat b.txt\nCOPY b.txt .")),
            "",
        ),
        ("swap=4,5", folder.clone().with("Dockerfile", &swapped), ""),
        ("arg=V=2", folder.clone(), "buildargs=%7b%22V%22:%222%22%7d"),
    ];
    for (change, changed, query) in cases {
        let mut m = Machine::new();
        built(&mut m, &folder, "t=x");
        let said = forecast(&mut m, &folder, change);
        assert_eq!(m.state().builds.len(), 1, "a forecast is no build");
        build(&mut m, &changed, &format!("t=x&{query}"));
        let ran = |l: &&layerlab_engine::build::record::LineRecord| {
            use layerlab_engine::build::record::LineState;
            matches!(&l.state, LineState::Miss(Some(_)) | LineState::Failed(_) | LineState::Skipped)
                && l.inputs.is_some()
        };
        let did: Vec<u64> = last(&m).lines.iter().filter(ran).map(|l| u64::from(l.lines.0)).collect();
        assert_eq!(said, did, "{change}");
    }
}

#[test]
fn layers_tell_what_they_added_and_hid() {
    let mut m = Machine::new();
    let folder = Folder::new("FROM scratch\nCOPY a.txt b.txt /d/\nCOPY c.txt /d/a.txt\n")
        .with("a.txt", "12345")
        .with("b.txt", "b")
        .with("c.txt", "123");
    built(&mut m, &folder, "t=x");
    let a = m.get("/images/x/layers").json();
    let changes = |n: usize| -> Vec<String> {
        let files = a["layers"][n]["files"].as_array().unwrap();
        files.iter().map(|f| format!("{} {}", f["change"].as_str().unwrap(), f["path"].as_str().unwrap())).collect()
    };
    assert_eq!(changes(0), ["added d", "added d/a.txt", "added d/b.txt"]);
    assert_eq!(changes(1), ["changed d/a.txt"]);
    assert_eq!(
        (a["wasted_bytes"].as_u64(), a["total_bytes"].as_u64(), a["efficiency_permille"].as_u64()),
        (Some(5), Some(9), Some(444))
    );
    assert_eq!((a["origin"]["d/a.txt"].as_u64(), a["origin"]["d/b.txt"].as_u64()), (Some(1), Some(0)));
}

#[test]
fn stages_that_need_not_wait_run_side_by_side() {
    let mut m = Machine::new();
    built(&mut m, &Folder::new("FROM alpine\nRUN true\n"), "t=warm");
    let text = "FROM alpine AS a\nRUN sleep 3 && echo a > /a\nFROM alpine AS b\nRUN sleep 2 && echo b > /b\nFROM alpine\nCOPY --from=a /a /a\nCOPY --from=b /b /b\n";
    built(&mut m, &Folder::new(text), "t=x");
    let took = last(&m).took;
    assert!((3_000..4_500).contains(&took), "{took} ms");
}
