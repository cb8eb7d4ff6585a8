//! `cargo xtask soak`: the property tests with many more cases than in `test`.

use crate::{
    check,
    report::{Report, no_arguments},
    run::Outcome,
};

pub(crate) fn run(arguments: &[String]) -> Outcome {
    no_arguments(arguments)?;
    let mut report = Report::default();
    let mut tests = check::tests(&["--exclude", "layerlab-app", "--exclude", "layerlab-worker"]);
    tests.env("PROPTEST_CASES", "10000");
    tests.env("NEXTEST_PROFILE", "soak");
    // Many cases are worth an optimised build, with debug's checks kept.
    tests.env("CARGO_PROFILE_DEV_OPT_LEVEL", "2");
    tests.env("CARGO_TARGET_DIR", crate::run::target_dir().join("soak"));
    report.tests("property tests, 10,000 cases each", &mut tests);
    report.finish()
}
