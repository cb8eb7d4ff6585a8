//! The client against the engine, in a whole machine.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod builds;
mod containers;
mod fuzz;
mod machine;
mod objects;

use machine::Machine;

/// For trying things: `CLI_SCRIPT='docker ps' cargo test -p layerlab-cli --test it -- --ignored --nocapture`.
#[test]
#[ignore = "prints what a script of the environment gives"]
fn script() {
    let Some(script) = std::env::var_os("CLI_SCRIPT") else { return };
    let files = [
        (
            "Dockerfile",
            "FROM python:3.11-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nENV A=1\nEXPOSE 5000\nCMD [\"python\", \"main.py\"]\n",
        ),
        ("requirements.txt", "flask\n"),
        (
            "main.py",
            "from flask import Flask\napp = Flask(__name__)\n\n@app.route('/')\ndef hello():\n    return 'Hello'\n\nif __name__ == '__main__':\n    app.run(host='0.0.0.0', port=5000)\n",
        ),
    ];
    let mut m = Machine::new(&files);
    let ran = m.sh(&script.to_string_lossy());
    println!("{}--- stderr\n{}--- exit {}", ran.out, ran.err, ran.code);
}

/// For trying things at the terminal: commands of `CLI_KEYS` at each `|`; `>` before keys.
#[test]
#[ignore = "prints what keys of the environment give"]
fn keys() {
    let Some(keys) = std::env::var_os("CLI_KEYS") else { return };
    let mut t = machine::Terminal::new(&[("Dockerfile", "FROM python:3.11-slim\nCOPY . .\nRUN ls\n")]);
    for k in keys.to_string_lossy().split('|') {
        let out = match k.strip_prefix('>') {
            Some(k) => t.keys(
                &k.replace("\\r", "\r")
                    .replace("^C", "\x03")
                    .replace("^P", "\x10")
                    .replace("^Q", "\x11")
                    .replace("^D", "\x04"),
            ),
            None => t.start(k),
        };
        println!("{k}: {}", out.replace('\x1b', "<E>"));
    }
}
