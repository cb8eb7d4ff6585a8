//! Help, errors and requests against recordings of the real client.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::*;
use crate::complete;
use crate::help::HelpContext;

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

fn fail(line: &str) -> (i32, String) {
    match read(&words(line)).1 {
        Action::Fail(e) => (e.code, e.message),
        other => (0, format!("{other:?}")),
    }
}

/// Help texts of the real client 28.2.2, of commands that 29 left as they were; `!` those where it changed.
const CHANGED_IN_29: &[&str] = &[
    // Flags that came, went, or have other words.
    "docker run",
    "docker container cp",
    "docker service create",
    "docker network create",
];

#[test]
fn help_is_the_real_clients() {
    let fixture = include_str!("../../tests/fixtures/help-28.txt");
    let mut compared = 0;
    for block in fixture.split("=== ").filter(|b| !b.is_empty()) {
        let (command, want) = block.split_once('\n').unwrap();
        if CHANGED_IN_29.contains(&command) {
            continue;
        }
        let Action::Help(path, c, _) = read(&words(&format!("{} --help", command.trim_start_matches("docker")))).1
        else {
            panic!("{command}")
        };
        assert_eq!(help::help(&path, c, &HelpContext::default()).trim_end(), want.trim_end(), "{command}");
        compared += 1;
    }
    assert!(compared > 20);
}

/// The real client, if this machine has one: all help texts; only those that differ for a known reason may differ.
#[test]
fn help_is_that_of_an_installed_client() {
    let run = |args: &[&str]| {
        std::process::Command::new("docker").args(args).env_remove("DOCKER_HOST").env("HOME", "/root").output()
    };
    let Ok(version) = run(&["--version"]) else { return };
    if !String::from_utf8_lossy(&version.stdout).contains("28.2.2") {
        return;
    }
    let mut differ = Vec::new();
    for path in tree().paths().chain(tree().aliases().map(|(a, _)| a)) {
        let plugin = ["docker buildx", "docker compose", "docker bake", "docker build", "docker image build"]
            .iter()
            .any(|p| path.starts_with(p));
        if plugin || path == "docker" {
            continue;
        }
        let mut args: Vec<&str> = path.split(' ').skip(1).collect();
        args.push("--help");
        let Ok(real) = run(&args) else { return };
        let real = String::from_utf8_lossy(&real.stdout).into_owned();
        let Some(c) = tree().get(path) else { continue };
        // Additions of this machine are hidden.
        if c.marks.contains(&"hidden") {
            continue;
        }
        if help::help(path, c, &HelpContext::default()).trim_end() != real.trim_end() {
            differ.push(path);
        }
    }
    let known = |p: &&str| {
        !DIFFER_28_29
            .iter()
            .any(|d| ["docker", "docker container", "docker image"].iter().any(|g| **p == format!("{g} {d}")))
    };
    let unknown: Vec<&&str> = differ.iter().filter(|p| known(p)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
}

/// What 29 changed (flags of content trust and kernel memory went, others came or have other words).
const DIFFER_28_29: &[&str] = &[
    "commit",
    "cp",
    "create",
    "run",
    "load",
    "ls",
    "images",
    "pull",
    "push",
    "save",
    "login",
    "plugin install",
    "plugin upgrade",
    "plugin push",
    "service create",
    "service update",
    "network connect",
    "network create",
];

#[test]
fn wrong_command_lines_as_the_real_client() {
    let cases = [
        ("frobnicate", 1, "docker: unknown command: docker frobnicate\n\nRun 'docker --help' for more information"),
        (
            "container frobnicate",
            1,
            "docker: unknown command: docker container frobnicate\n\nUsage:  docker container\n\nRun 'docker container --help' for more information",
        ),
        (
            "volume bogus",
            1,
            "docker: unknown command: docker volume bogus\n\nUsage:  docker volume COMMAND\n\nRun 'docker volume --help' for more information",
        ),
        (
            "rm",
            1,
            "docker: 'docker rm' requires at least 1 argument\n\nUsage:  docker rm [OPTIONS] CONTAINER [CONTAINER...]\n\nSee 'docker rm --help' for more information",
        ),
        (
            "run -e busybox",
            1,
            "docker: 'docker run' requires at least 1 argument\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nSee 'docker run --help' for more information",
        ),
        (
            "exec x",
            1,
            "docker: 'docker exec' requires at least 2 arguments\n\nUsage:  docker exec [OPTIONS] CONTAINER COMMAND [ARG...]\n\nSee 'docker exec --help' for more information",
        ),
        (
            "volume create bad name",
            1,
            "docker: 'docker volume create' requires at most 1 argument\n\nUsage:  docker volume create [OPTIONS] [VOLUME]\n\nRun 'docker volume create --help' for more information",
        ),
        (
            "search",
            1,
            "docker: 'docker search' requires 1 argument\n\nUsage:  docker search [OPTIONS] TERM\n\nRun 'docker search --help' for more information",
        ),
        (
            "manifest inspect",
            1,
            "docker: 'docker manifest inspect' requires at least 1 and at most 2 arguments\n\nUsage:  docker manifest inspect [OPTIONS] [MANIFEST_LIST] MANIFEST\n\nRun 'docker manifest inspect --help' for more information",
        ),
        (
            "import",
            1,
            "docker: 'docker import' requires at least 1 argument\n\nUsage:  docker import [OPTIONS] file|URL|- [REPOSITORY[:TAG]]\n\nSee 'docker import --help' for more information",
        ),
        (
            "build",
            1,
            "ERROR: docker: 'docker buildx build' requires 1 argument\n\nUsage:  docker buildx build [OPTIONS] PATH | URL | -\n\nRun 'docker buildx build --help' for more information",
        ),
        (
            "build --foo .",
            1,
            "unknown flag: --foo\n\nUsage:  docker buildx build [OPTIONS] PATH | URL | -\n\nRun 'docker buildx build --help' for more information",
        ),
        (
            "run --bogus busybox",
            125,
            "unknown flag: --bogus\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nRun 'docker run --help' for more information",
        ),
        (
            "run -Z busybox",
            125,
            "unknown shorthand flag: 'Z' in -Z\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nRun 'docker run --help' for more information",
        ),
        (
            "run -m foo busybox",
            125,
            "invalid argument \"foo\" for \"-m, --memory\" flag: invalid size: 'foo'\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nRun 'docker run --help' for more information",
        ),
        (
            "--foo",
            125,
            "unknown flag: --foo\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\nRun 'docker --help' for more information",
        ),
        (
            "stop -t abc web",
            125,
            "invalid argument \"abc\" for \"-t, --timeout\" flag: strconv.ParseInt: parsing \"abc\": invalid syntax\n\nUsage:  docker stop [OPTIONS] CONTAINER [CONTAINER...]\n\nRun 'docker stop --help' for more information",
        ),
        (
            "rm --force=maybe x",
            125,
            "invalid argument \"maybe\" for \"-f, --force\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax\n\nUsage:  docker rm [OPTIONS] CONTAINER [CONTAINER...]\n\nRun 'docker rm --help' for more information",
        ),
        (
            "ps --filter",
            125,
            "flag needs an argument: --filter\n\nUsage:  docker ps [OPTIONS]\n\nRun 'docker ps --help' for more information",
        ),
        (
            "volume prune --filter x",
            125,
            "invalid argument \"x\" for \"--filter\" flag: bad format of filter (expected name=value)\n\nUsage:  docker volume prune [OPTIONS]\n\nRun 'docker volume prune --help' for more information",
        ),
        ("help run2", 1, "unknown help topic: run2"),
    ];
    for (line, code, message) in cases {
        assert_eq!(fail(line), (code, message.to_owned()), "{line}");
    }
}

#[test]
fn flags_as_pflag_reads_them() {
    let (_, Action::Run(_, p)) =
        read(&words("run -itd --rm -p8080:80 -p=9:9 --name=web -eA=1 --env B nginx -x --name y"))
    else {
        panic!()
    };
    assert!(p.bool("interactive") && p.bool("tty") && p.bool("detach") && p.bool("rm"));
    assert_eq!(p.list("publish"), ["8080:80", "9:9"]);
    assert_eq!((p.opt("name"), p.list("env")), (Some("web"), &["A=1".to_owned(), "B".to_owned()][..]));
    assert_eq!(p.args, ["nginx", "-x", "--name", "y"]);
    let (_, Action::Run(c, p)) = read(&words("container list -a")) else { panic!() };
    assert_eq!((c.path, p.bool("all")), ("docker container ls", true));
    let (_, Action::Run(_, p)) = read(&words("rm web -f -- -q")) else { panic!() };
    assert_eq!((p.bool("force"), p.args.join(" ").as_str()), (true, "web -q"));
}

#[derive(serde::Deserialize)]
struct CreateCase {
    argv: Vec<String>,
    body: Option<Json>,
    changes: Option<BTreeMap<String, Json>>,
    networks: Option<Json>,
    exit: Option<i32>,
    stderr: Option<String>,
}

/// The real client's requests for 80 command lines of `docker create`.
#[test]
fn requests_are_the_real_clients() {
    use crate::commands::container::options::{Inputs, request};
    let cases: Vec<CreateCase> = serde_json::from_str(include_str!("../../tests/fixtures/create.json")).unwrap();
    let base = cases[0].body.clone().unwrap();
    let inputs = Inputs { cwd: "/home/student".into(), ..Inputs::default() };
    let mut wrong = Vec::new();
    for case in &cases {
        let line = case.argv.join(" ");
        let got = match read(&case.argv).1 {
            Action::Run(c, p) => match request(c, &p, &inputs) {
                Ok(r) => serde_json::to_value(r).unwrap(),
                Err(e) => Json::String(format!("docker: {e}\n\nRun 'docker create --help' for more information\n")),
            },
            Action::Fail(e) => Json::String(format!("{}\n", e.message)),
            other => panic!("{line}: {other:?}"),
        };
        if let Some(stderr) = &case.stderr {
            // Bad references and missing files are found later.
            if got.as_str() != Some(stderr) && !stderr.contains("invalid reference") && !stderr.contains("open nosuch")
            {
                wrong.push(format!("{line}: exit {:?} {stderr:?}, got {got}", case.exit));
            }
            continue;
        }
        let mut want = base.clone();
        for (k, v) in case.changes.iter().flatten() {
            if k == "HostConfig" {
                for (k, v) in v.as_object().unwrap() {
                    want["HostConfig"][k] = v.clone();
                }
            } else {
                want[k] = v.clone();
            }
        }
        compare(&line, &want, &got, &mut wrong);
        if let Some(networks) = &case.networks {
            for (name, fields) in networks.as_object().unwrap() {
                for (k, v) in fields.as_object().unwrap() {
                    if got["NetworkingConfig"]["EndpointsConfig"][name][k] != *v {
                        wrong.push(format!("{line}: network {name} {k}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn compare(line: &str, want: &Json, got: &Json, wrong: &mut Vec<String>) {
    for (k, v) in want.as_object().unwrap() {
        let mine = &got[k];
        match k.as_str() {
            "NetworkingConfig" | "OnBuild" | "Ulimits" => {}
            "HostConfig" => compare(line, v, mine, wrong),
            _ if v != mine && !(v.is_null() && mine.is_null()) => wrong.push(format!("{line}: {k}: {v}, got {mine}")),
            _ => {}
        }
    }
}

#[test]
fn completion_as_cobra() {
    let got = complete(&words("container st"));
    assert_eq!(got.words.iter().map(|(w, _)| w.as_str()).collect::<Vec<_>>(), ["start", "stats", "stop"]);
    assert_eq!(got.words[0].1, "Start one or more stopped containers");
    assert_eq!(
        complete(&words("run --rest")).words,
        [("--restart".to_owned(), "Restart policy to apply when a container exits".to_owned())]
    );
    assert_eq!(complete(&["stop".into(), String::new()]).objects, Some("running"));
    assert_eq!(complete(&["run".into(), "-it".into(), "--rm".into(), String::new()]).objects, Some("image"));
    assert_eq!(complete(&["run".into(), "--restart".into(), "a".into()]).words[1].0, "always");
}
