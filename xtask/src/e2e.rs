//! `cargo xtask e2e`: the page in a real browser, served as a static host serves it.

use crate::{
    http::Server,
    page::{self, Profile},
    report::Report,
    run::{Outcome, command, command_of, output, root},
    tools,
};
use std::{fs, process::Command};

/// Under a sub-path: nothing may rely on being at the root of its host.
const BASE: &str = "/some/where/";
const SPEED: &str = "e2e/artefacts/speed.txt";

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let (flags, files): (Vec<_>, Vec<_>) = arguments.iter().partition(|argument| argument.starts_with('-'));
    if let Some(flag) = flags.iter().find(|flag| **flag != "--no-build") {
        return Err(format!("no option `{flag}`"));
    }
    if flags.is_empty() {
        page::build(Profile::Release)?;
    }
    let mut report = Report::default();
    report.tests("browser tests", &mut prepare(&files)?);
    print_speed();
    report.finish()
}

/// What `e2e/speed.test.mjs` measured in this run, if it ran.
pub(crate) fn print_speed() {
    if let Ok(table) = fs::read_to_string(root().join(SPEED)) {
        println!("\nSpeed, with whatever else this machine was doing:\n{}", table.trim_end());
    }
}

/// The command that runs the tests (all, or those in `files`) against a server started here.
pub(crate) fn prepare(files: &[&String]) -> Outcome<Command> {
    tools::npm("e2e")?;
    let browser = tools::browser()?;
    let server = Server::start(page::dist(), BASE, 0)?;
    fs::create_dir_all(root().join("e2e/artefacts")).map_err(|error| error.to_string())?;
    // That of an earlier run; mostly there is none.
    let _ = fs::remove_file(root().join(SPEED));
    let mut node = command("node");
    node.args(["--test", "--test-reporter=spec"]);
    // One file at a time: two browsers on two cores would only make times uncertain. Node 18 does
    // not know the option.
    let one_at_a_time = "--test-concurrency=1";
    if output(&mut command_of("node", &[one_at_a_time, "--version"])).is_ok() {
        node.arg(one_at_a_time);
    }
    if files.is_empty() {
        node.args(specs()?);
    } else {
        node.args(files);
    }
    node.env("LAYERLAB_URL", server.address).env("CHROMIUM", browser);
    Ok(node)
}

fn specs() -> Outcome<Vec<String>> {
    let files = fs::read_dir(root().join("e2e")).map_err(|error| error.to_string())?;
    let names = files.flatten().map(|file| file.file_name().to_string_lossy().into_owned());
    let mut specs: Vec<String> =
        names.filter(|name| name.ends_with(".test.mjs")).map(|name| format!("e2e/{name}")).collect();
    specs.sort();
    Ok(specs)
}
