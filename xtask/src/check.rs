//! `cargo xtask check`: the quick round while working: no browser, no page, no wasm.

use crate::{
    report::{Report, no_arguments},
    run::{Outcome, command_of, execute, which},
};
use std::process::Command;

/// The page and what only runs in a browser: slow to compile, so not part of the quick round.
const EDGE: &[&str] = &["--exclude", "layerlab-app", "--exclude", "layerlab-worker"];

pub(crate) fn run(arguments: &[String]) -> Outcome {
    no_arguments(arguments)?;
    let mut report = Report::default();
    report.step("format", format);
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
