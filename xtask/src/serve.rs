//! `cargo xtask serve`: the page on this machine, built anew when a source file changes.

use crate::{
    http::Server,
    page::{self, Profile},
    run::{Outcome, root},
};
use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, SystemTime},
};

const SOURCES: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "index.html",
    "crates",
    "lessons",
    "public",
    "src",
    "style",
    "web/build.mjs",
    "web/editor.js",
    "web/share.js",
    "web/terminal.js",
    "web/package-lock.json",
    "examples",
];

const PORTS: std::ops::Range<u16> = 8080..8100;

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let (mut profile, mut port) = (Profile::Dev, None);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--release" => profile = Profile::Release,
            "--port" => {
                let number = rest.next().and_then(|text| text.parse().ok());
                port = Some(number.ok_or("--port needs a number")?);
            }
            other => return Err(format!("unexpected argument `{other}`")),
        }
    }
    let mut built_at = newest();
    page::build(profile)?;
    let server = start(port)?;
    println!("\nLayerlab: {}\n(Ctrl-C ends it; a change of a source file builds it anew)", server.address);
    loop {
        thread::sleep(Duration::from_secs(1));
        let changed_at = newest();
        if changed_at > built_at {
            built_at = changed_at;
            match page::build(profile) {
                Ok(()) => println!("built anew: reload {}", server.address),
                Err(why) => eprintln!("{why}\nwaiting for the next change"),
            }
        }
    }
}

/// At the port asked for, or else at the first free one.
fn start(port: Option<u16>) -> Outcome<Server> {
    if let Some(port) = port {
        return Server::start(page::dist(), "/", port);
    }
    let mut outcome = Err("no free port".into());
    for port in PORTS {
        outcome = Server::start(page::dist(), "/", port);
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

/// When a source file was last changed.
fn newest() -> Option<SystemTime> {
    SOURCES.iter().filter_map(|name| newest_in(&root().join(name))).max()
}

fn newest_in(path: &Path) -> Option<SystemTime> {
    if path.is_dir() {
        let files = fs::read_dir(path).ok()?;
        return files.flatten().filter_map(|file| newest_in(&file.path())).max();
    }
    fs::metadata(path).ok()?.modified().ok()
}
