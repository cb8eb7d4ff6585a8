//! What a build makes of the instructions that change the config only, its history, its checks.

use serde_json::{Value, json};

use crate::builds::{Folder, build, built, last, logs};
use crate::machine::Machine;

fn inspect(dockerfile: &str, query: &str) -> (Machine, Value) {
    let mut m = Machine::new();
    built(&mut m, &Folder::new(dockerfile), &format!("t=x&{query}"));
    let value = m.get("/images/x/json").json()["Config"].clone();
    (m, value)
}

/// What `docker history` says, newest first, of the lines that are ours.
fn history(m: &mut Machine) -> Vec<String> {
    let lines = m.get("/images/x/history").json();
    let ours = lines.as_array().unwrap().iter().filter(|l| l["Comment"] == "buildkit.dockerfile.v0");
    ours.map(|l| l["CreatedBy"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_instruction_has_its_place_in_the_config() {
    let dockerfile = "FROM scratch\nLABEL a=b c=\"d e\"\nENV A=1 B=\"$A two\"\nENV B=$A-three\nUSER 12:34\nWORKDIR /a\nWORKDIR b/../c\nVOLUME /v /w\nEXPOSE 80 53/udp\nSTOPSIGNAL SIGQUIT\nHEALTHCHECK --interval=5s --retries=2 CMD true\nSHELL [\"/bin/ash\", \"-ec\"]\nENTRYPOINT [\"/e\"]\nCMD one two\n";
    let (_, c) = inspect(dockerfile, "");
    assert_eq!(c["Labels"], json!({"a": "b", "c": "d e"}));
    // An ENV line sees the values from before it.
    assert_eq!(
        c["Env"],
        json!(["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "A=1", "B=1-three"])
    );
    assert_eq!((&c["User"], &c["WorkingDir"], &c["StopSignal"]), (&json!("12:34"), &json!("/a/c"), &json!("SIGQUIT")));
    assert_eq!(c["Volumes"], json!({"/v": {}, "/w": {}}));
    assert_eq!(c["ExposedPorts"], json!({"53/udp": {}, "80/tcp": {}}));
    assert_eq!(c["Healthcheck"]["Test"], json!(["CMD-SHELL", "true"]));
    assert_eq!(c["Healthcheck"]["Interval"], json!(5_000_000_000i64));
    assert_eq!((&c["Entrypoint"], &c["Cmd"]), (&json!(["/e"]), &json!(["/bin/ash", "-ec", "one two"])));
}

#[test]
fn an_entrypoint_takes_the_bases_command_away() {
    let (_, c) = inspect("FROM alpine\nENTRYPOINT [\"/e\"]\n", "");
    assert!(c["Cmd"].is_null(), "{c}");
    let (_, c) = inspect("FROM alpine\nCMD [\"c\"]\nENTRYPOINT [\"/e\"]\n", "");
    assert_eq!(c["Cmd"], json!(["c"]));
}

#[test]
fn arguments_are_in_history_not_in_the_image() {
    let (mut m, c) = inspect(
        "ARG T=latest\nFROM alpine:$T\nARG V=1\nARG T\nRUN echo $V $T\nLABEL v=$V\n",
        "buildargs=%7B%22V%22%3A%222%22%7D",
    );
    assert_eq!(c["Labels"]["v"], "2");
    assert!(!c["Env"].to_string().contains("V="));
    assert_eq!(
        history(&mut m)[..4],
        ["LABEL v=2", "RUN |2 V=2 T=latest /bin/sh -c echo $V $T # buildkit", "ARG T", "ARG V=2"]
    );
}

#[test]
fn a_stage_takes_over_what_its_base_stage_has() {
    let (mut m, c) =
        inspect("FROM alpine AS base\nARG V=1\nENV E=e\nWORKDIR /w\nFROM base\nRUN echo $V $E && pwd\n", "");
    assert_eq!(c["WorkingDir"], "/w");
    let a = build(
        &mut m,
        &Folder::new("FROM alpine AS base\nARG V=1\nENV E=e\nWORKDIR /w\nFROM base\nRUN echo $V $E && pwd\n"),
        "nocache=1",
    );
    assert_eq!(logs(&a), "1 e\n/w\n");
    assert_eq!(
        history(&mut m)[..4],
        ["RUN |1 V=1 /bin/sh -c echo $V $E && pwd # buildkit", "WORKDIR /w", "ENV E=e", "ARG V=1"]
    );
}

#[test]
fn labels_of_the_command_line_are_added() {
    let (_, c) = inspect("FROM scratch\nLABEL a=b\n", "labels=%7B%22x%22%3A%22y%22%7D");
    assert_eq!(c["Labels"], json!({"a": "b", "x": "y"}));
}

#[test]
fn checks_warn_and_may_stop_the_build() {
    let mut m = Machine::new();
    let warned = |m: &mut Machine, text: &str, query: &str| {
        let a = build(m, &Folder::new(text), query);
        let all: Vec<String> = a
            .lines()
            .iter()
            .flat_map(|l| l["aux"]["warnings"].as_array().cloned().unwrap_or_default())
            .map(|w| w["short"].as_str().unwrap().to_owned())
            .collect();
        let last = a.lines().pop().unwrap();
        (all, last["error"].as_str().map(str::to_owned), last["id"] == "moby.image.id")
    };
    let short =
        "MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (line 2)".to_owned();
    assert_eq!(warned(&mut m, "FROM alpine\nMAINTAINER me\n", "t=x"), (vec![short], None, true));
    let (found, error, done) = warned(&mut m, "FROM alpine\nMAINTAINER me\n", "t=x&check=1");
    assert_eq!((found.len(), error, done), (1, None, false));
    let (_, error, _) = warned(&mut m, "# check=error=true\nFROM alpine\nMAINTAINER me\n", "t=x");
    assert_eq!(error.as_deref(), Some("lint violation found for rules: MaintainerDeprecated"));
}

#[test]
fn the_same_inputs_give_the_same_world() {
    let play = || {
        let mut m = Machine::new();
        let f = Folder::new("FROM alpine\nWORKDIR /w\nCOPY f .\nRUN echo a > b\n").with("f", "f");
        let one = built(&mut m, &f, "t=x");
        let two = built(&mut m, &f.clone().with("f", "g"), "t=x");
        (one, two, m.kernel.sys.now, m.kernel.digest())
    };
    assert_eq!(play(), play());
}

#[test]
fn the_record_tells_times_sizes_and_layers() {
    let mut m = Machine::new();
    let f = Folder::new("FROM alpine\nRUN sleep 3\nENV A=1\nCOPY f /\n").with("f", "f");
    built(&mut m, &f, "t=x");
    built(&mut m, &f, "t=x");
    let r = last(&m);
    assert_eq!((r.number, r.tags.as_slice()), (2, ["x".to_owned()].as_slice()));
    assert!((3_000..3_200).contains(&r.saved), "{}", r.saved);
    assert!(r.took < 1_000, "{}", r.took);
    let copy = &r.lines[3];
    assert_eq!((copy.text.as_str(), copy.lines, copy.size), ("COPY f /", (4, 4), 8192));
    let image = m.state().image("x").unwrap();
    assert_eq!(image.diff_ids().last().copied(), copy.layer);
    assert_eq!(r.image, Some(image.id()));
}
