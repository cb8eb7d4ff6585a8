//! `ENV key value` without `=`.

use crate::instruction::Command;
use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "LegacyKeyValueFormat",
    description: "Legacy key/value format with whitespace separator should not be used",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in &context.stages {
        for (index, step) in view.steps.iter().enumerate() {
            let at = &step.instruction;
            let place = (Phase::Steps, view.stage.index, index);
            let (Command::Env(pairs) | Command::Label(pairs)) = &at.command else {
                continue;
            };
            for pair in pairs.iter().filter(|pair| pair.legacy) {
                let word = &at.keyword;
                let message =
                    format!("\"{word} key=value\" should be used instead of legacy \"{word} key value\" format");
                found.add_word(place, &at.lines, &at.span, &pair.key, message);
            }
        }
    }
}
