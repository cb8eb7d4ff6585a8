//! `cargo xtask bench`: Criterion's benchmarks of all crates.

use crate::run::{Outcome, command_of, execute};

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let mut bench = command_of("cargo", &["bench", "--workspace", "--bench", "*"]);
    bench.args(["--exclude", "layerlab-worker", "--exclude", "xtask"]);
    execute(bench.arg("--").args(arguments))
}
