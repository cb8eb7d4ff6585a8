//! The image that was found is for another platform.

use crate::lint::{Context, Findings, Phase, Rule};
use crate::quote::quote;

pub(super) static RULE: Rule = Rule {
    name: "InvalidBaseImagePlatform",
    description: "Base image platform does not match expected target platform",
    documented: false,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in context.stages.iter().filter(|view| !view.on_stage) {
        let stage = &view.stage;
        let Some(image) = view.image.as_ref() else {
            continue;
        };
        let known = context.options.images.get(&image.text);
        let Some(actual) = known.and_then(|image| image.platform.as_deref()) else {
            continue;
        };
        let expected = view.platform.as_ref().map_or(context.options.platform.as_str(), |p| p.text.as_str());
        if !actual.split('/').take(2).eq(expected.split('/').take(2)) {
            let message = format!(
                "Base image {} was pulled with platform {}, expected {} for current build",
                image.text,
                quote(actual),
                quote(expected)
            );
            found.add((Phase::Resolved, stage.index, 0), &stage.lines, &stage.span, message);
        }
    }
}
