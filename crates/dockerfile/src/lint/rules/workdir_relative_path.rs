//! A relative WORKDIR before any absolute one.

use crate::instruction::Command;
use crate::lint::{Context, Findings, Phase, Rule};
use crate::quote::quote;

pub(super) static RULE: Rule = Rule {
    name: "WorkdirRelativePath",
    description: "Relative workdir without an absolute workdir declared within the build can have unexpected results if the base image changes",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in &context.stages {
        for (index, step) in view.steps.iter().enumerate() {
            let at = &step.instruction;
            let place = (Phase::Steps, view.stage.index, index);
            let (Command::Workdir(written), Some(path)) = (&at.command, step.words.first()) else {
                continue;
            };
            if !step.has_workdir && !path.starts_with('/') {
                let message =
                    format!("Relative workdir {} can have unexpected results if the base image changes", quote(path));
                found.add_word(place, &at.lines, &at.span, written, message);
            }
        }
    }
}
