//! `FROM --platform=$TARGETPLATFORM` is what happens anyway.

use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "RedundantTargetPlatform",
    description: "Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in &context.stages {
        let stage = &view.stage;
        let (Some(written), Some(platform)) = (&stage.platform, &view.platform) else {
            continue;
        };
        let alone = platform.undefined.is_empty() && platform.used.iter().eq(["TARGETPLATFORM"]);
        if alone && context.from_env.get("TARGETPLATFORM") == Some(&platform.text) {
            let message = format!(
                "Setting platform to predefined {written} in FROM is redundant as this is the default behavior"
            );
            found.add_word((Phase::Images, stage.index, 1), &stage.lines, &stage.span, written, message);
        }
    }
}
