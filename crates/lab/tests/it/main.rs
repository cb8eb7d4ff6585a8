//! Sessions: whatever is typed, and however time is split, the same log gives the same world.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "tests")]

mod film;
mod jobs;
mod names;
mod observer;
mod python;
mod replay;
mod same;
mod terminals;
mod timeline;
mod usable;

use layerlab_kernel::{SimTime, WinSize};
use layerlab_lab::{HomeFile, Input, Scenario, Session};

/// A machine with two files.
pub fn session() -> Session {
    let file = |path: &str, data: &str| HomeFile { path: path.into(), mode: 0o644, data: data.into() };
    let scenario = Scenario::new(
        "test",
        vec![file("a.txt", "one\ntwo\n"), file("Dockerfile", "FROM alpine\nRUN echo hi > /hi\n")],
    );
    Session::new(layerlab_lab::parts::all(), scenario, 7, 1_795_248_000, WinSize { rows: 24, cols: 80 }).unwrap()
}

/// Types a line and waits for the prompt; answers what was shown.
pub fn enter(s: &mut Session, line: &str) -> String {
    s.take_output();
    s.apply(Input::Key(format!("{line}\r").into_bytes())).unwrap();
    assert!(s.run_until_prompt(s.world().now() + SimTime::secs(100)), "'{line}' does not end");
    String::from_utf8_lossy(&s.take_output()).into_owned()
}

/// The same without the terminal's control sequences.
pub fn said(s: &mut Session, line: &str) -> String {
    plain(&enter(s, line))
}

/// Text without control sequences: `ESC [ … letter`, `ESC ] … BEL`.
pub fn plain(text: &str) -> String {
    let (mut out, mut chars) = (String::new(), text.chars());
    while let Some(c) = chars.next() {
        if c != '\x1b' {
            out.push(c);
            continue;
        }
        let system = chars.next() == Some(']');
        while let Some(c) = chars.next() {
            if system && c == '\x1b' {
                chars.next();
                break;
            }
            if if system { c == '\x07' } else { c.is_ascii_alphabetic() } {
                break;
            }
        }
    }
    out
}
