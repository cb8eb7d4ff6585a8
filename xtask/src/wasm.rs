//! `cargo xtask wasm`: the tests that must give the same in wasm as natively: `tests/wasm.rs` of
//! each crate that has one, run in node by wasm-bindgen's test runner. A session is played natively
//! first; its state digest is handed over as `LAYERLAB_NATIVE_DIGEST`.

use crate::{
    report::{Report, no_arguments},
    run::{Outcome, command, command_of, output, root},
    tools::PageTools,
};
use std::fs;

pub(crate) fn run(arguments: &[String]) -> Outcome {
    no_arguments(arguments)?;
    let mut report = Report::default();
    step(&mut report);
    report.finish()
}

/// Runs them all, if there are any.
pub(crate) fn step(report: &mut Report) {
    let name = "tests in wasm";
    let packages = packages();
    if packages.is_empty() {
        return report.skip(name, "no crate has a tests/wasm.rs yet");
    }
    let tools = match PageTools::ensure() {
        Ok(tools) => tools,
        Err(why) => {
            report.step(name, || Err(why));
            return;
        }
    };
    let digest = match output(&mut command_of("cargo", &["run", "--quiet", "-p", "layerlab-lab", "--example", "same"]))
    {
        Ok(digest) => digest,
        Err(why) => {
            report.step(name, || Err(why));
            return;
        }
    };
    let mut cargo = command("cargo");
    tools.apply(&mut cargo);
    cargo.env("LAYERLAB_NATIVE_DIGEST", digest.trim());
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    cargo.args(["test", "--target", "wasm32-unknown-unknown", "--test", "wasm"]);
    for package in packages {
        cargo.args(["-p", &package]);
    }
    report.tests(name, &mut cargo);
}

fn packages() -> Vec<String> {
    let Ok(crates) = fs::read_dir(root().join("crates")) else {
        return Vec::new();
    };
    let with_tests = crates.flatten().filter(|folder| folder.path().join("tests/wasm.rs").is_file());
    let mut packages: Vec<String> =
        with_tests.map(|folder| format!("layerlab-{}", folder.file_name().to_string_lossy())).collect();
    packages.sort();
    packages
}
