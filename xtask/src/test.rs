//! `cargo xtask test`: everything that must hold before a change lands.

use crate::{
    budget, check, e2e,
    page::{self, Profile},
    report::{Report, no_arguments},
    run::{Outcome, command_of, root},
    tools, wasm,
};
use std::fs;

pub(crate) fn run(arguments: &[String]) -> Outcome {
    no_arguments(arguments)?;
    let mut report = Report::default();
    report.step("format", check::format);
    report.step("what the core must not reach", check::core_dependencies);
    report.step("lints", || check::lints(&[]));
    if let Err(why) = tools::oracles() {
        report.skip("differential tests with real container tools", &why);
    }
    let mut tests = check::tests(&[]);
    match tools::python() {
        Ok(program) => {
            tests.env("LAYERLAB_PYTHON", program);
        }
        Err(why) => report.skip("tests with docker-py and docker compose", &why),
    }
    report.tests("native tests", &mut tests);
    lessons(&mut report);
    wasm::step(&mut report);
    if report.step("release build of the page", || page::build(Profile::Release)) {
        report.step("size budgets", || budget::check(&page::dist()));
        match e2e::prepare(&[]) {
            Ok(mut node) => {
                report.tests("browser tests", &mut node);
                e2e::print_speed();
            }
            Err(why) => {
                report.step("browser tests", || Err(why));
            }
        }
    }
    report.finish()
}

/// Plays every lesson: each check must fail before its solution and pass after.
fn lessons(report: &mut Report) {
    let name = "lessons";
    let written = fs::read_dir(root().join("lessons")).is_ok_and(|mut entries| {
        entries.any(|entry| entry.is_ok_and(|entry| entry.path().join("lesson.toml").is_file()))
    });
    if !written {
        return report.skip(name, "there are none yet");
    }
    let command = ["run", "--quiet", "-p", "layerlab-headless", "--bin", "layerlab", "--", "course", "check"];
    report.step(name, || crate::run::execute(&mut command_of("cargo", &command)));
}
