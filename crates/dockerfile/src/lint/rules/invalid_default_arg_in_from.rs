//! FROM names no image unless `--build-arg` is given.

use crate::lint::image_name;
use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "InvalidDefaultArgInFrom",
    description: "Default value for global ARG results in an empty or invalid base image name",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in &context.stages {
        let stage = &view.stage;
        if view.default_image.as_deref().is_some_and(|image| !image_name::is_valid(image)) {
            let message = format!("Default value for ARG {} results in empty or invalid base image name", stage.image);
            found.add_word((Phase::DefaultImages, stage.index, 0), &stage.lines, &stage.span, &stage.image, message);
        }
    }
}
