//! `cargo xtask check`: the quick round while working: no browser, no page, no wasm.

use crate::{
    report::{Report, no_arguments},
    run::{Outcome, command_of, execute, output, root, which},
};
use std::{collections::BTreeSet, fs, process::Command};

/// The page and what only runs in a browser: slow to compile, so not part of the quick round.
const EDGE: &[&str] = &["--exclude", "layerlab-app", "--exclude", "layerlab-worker"];

/// What no core crate may reach (ARCHITECTURE.md: the core knows no browser and no runtime).
const NOT_IN_CORE: &[&str] = &["leptos", "web-sys", "tokio"];

/// The crates that may: they are the edge.
const MAY_REACH: &[&str] = &["headless", "worker"];

pub(crate) fn run(arguments: &[String]) -> Outcome {
    no_arguments(arguments)?;
    let mut report = Report::default();
    report.step("format", format);
    report.step("what the core must not reach", core_dependencies);
    report.step("lints of the core", || lints(EDGE));
    report.tests("tests of the core", &mut tests(EDGE));
    report.finish()
}

pub(crate) fn format() -> Outcome {
    execute(&mut command_of("cargo", &["fmt", "--all", "--check"]))
}

/// Clippy on the workspace; a warning is an error.
pub(crate) fn lints(but: &[&str]) -> Outcome {
    let mut clippy = command_of("cargo", &["clippy", "--quiet", "--workspace", "--all-targets"]);
    execute(clippy.args(but).args(["--", "-D", "warnings"]))
}

/// Native tests of the workspace: by nextest where it is installed.
pub(crate) fn tests(but: &[&str]) -> Command {
    let mut command = if which(&["cargo-nextest"]).is_some() {
        command_of("cargo", &["nextest", "run", "--no-fail-fast", "--no-tests=warn"])
    } else {
        command_of("cargo", &["test", "--no-fail-fast", "--quiet"])
    };
    command.arg("--workspace").args(but);
    command
}

pub(crate) fn core_dependencies() -> Outcome {
    let folders = fs::read_dir(root().join("crates")).map_err(|error| error.to_string())?;
    let names = folders.flatten().filter(|entry| entry.path().is_dir());
    let mut found = Vec::new();
    for name in names.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
        if MAY_REACH.contains(&name.as_str()) {
            continue;
        }
        let package = format!("layerlab-{name}");
        let tree = output(&mut command_of(
            "cargo",
            &["tree", "-p", &package, "--edges", "normal", "--prefix", "none", "--target", "all"],
        ))?;
        let reached: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
        let bad = NOT_IN_CORE.iter().filter(|name| reached.contains(**name));
        found.extend(bad.map(|dependency| format!("{package} reaches {dependency}")));
    }
    match found.is_empty() {
        true => Ok(()),
        false => Err(found.join("; ")),
    }
}
