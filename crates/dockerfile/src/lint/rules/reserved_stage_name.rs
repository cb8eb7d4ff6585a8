//! A stage named `scratch` or `context`.

use crate::lint::{Context, Findings, Phase, Rule};
use crate::quote::quote;

pub(super) static RULE: Rule = Rule {
    name: "ReservedStageName",
    description: "Reserved words should not be used as stage names",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in &context.stages {
        let stage = &view.stage;
        if let Some(name @ ("context" | "scratch")) = stage.name.as_deref() {
            let message = format!("Stage name should not use the same name as reserved stage {}", quote(name));
            found.add((Phase::StageNames, stage.index, 0), &stage.lines, &stage.span, message);
        }
    }
}
