//! The project's own commands. `cargo xtask` lists them.
//!
//! Start reading in `tools` (what must be on the machine, with versions) and `page` (how `dist/`
//! is made). Each command is a file of its name.

mod apt;
mod bench;
mod budget;
mod build;
mod check;
mod e2e;
mod first_sight;
mod handout;
mod headers;
mod http;
mod lessons;
mod offline;
mod page;
mod report;
mod run;
mod serve;
mod soak;
mod test;
mod tools;
mod wasm;
mod worker;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  serve [--release] [--port N]   build the page and serve it on this machine; rebuilds on changes
  build                          release build of the page into dist/, for any static host
  check                          format, lints and tests of the core crates: a minute
  test                           everything that CI runs
  e2e [--no-build] [FILE…]       only the browser tests (--no-build: with the dist/ that is there)
  wasm                           only the tests that run in wasm
  soak                           property tests with 10,000 cases each
  bench [ARGS…]                  benchmarks; ARGS go to Criterion
  tools                          only install what is missing on this machine

Environment: LAYERLAB_TOOLS, the folder for tools that cargo installs (~/.cache/layerlab/tools);
CHROMIUM, the browser for tests; LAYERLAB_WASM=rustup or =debian, the compiler for the page;
CARGO_TARGET_DIR.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", [].as_slice()),
    };
    let outcome = match command {
        "serve" => serve::run(rest),
        "build" => build::run(rest),
        "check" => check::run(rest),
        "test" => test::run(rest),
        "e2e" => e2e::run(rest),
        "wasm" => wasm::run(rest),
        "soak" => soak::run(rest),
        "bench" => bench::run(rest),
        "tools" => tools::run(rest),
        "help" | "-h" | "--help" => {
            print!("{USAGE}");
            Ok(())
        }
        other => {
            eprint!("xtask: no command `{other}`\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            if !why.is_empty() {
                eprintln!("xtask {command}: {why}");
            }
            ExitCode::FAILURE
        }
    }
}
