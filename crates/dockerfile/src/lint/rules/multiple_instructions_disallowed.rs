//! A second CMD, ENTRYPOINT or HEALTHCHECK: the earlier one has no effect.

use std::collections::BTreeMap;

use crate::instruction::Command;
use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "MultipleInstructionsDisallowed",
    description: "Multiple instructions of the same type should not be used in the same stage",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in &context.stages {
        let mut last = BTreeMap::new();
        for (index, step) in view.steps.iter().enumerate() {
            let at = &step.instruction;
            let kind = match &at.command {
                Command::Cmd(_) => 0,
                Command::Entrypoint(_) => 1,
                Command::Healthcheck(_) => 2,
                _ => continue,
            };
            if let Some(earlier) = last.insert(kind, at) {
                let message = format!(
                    "Multiple {} instructions should not be used in the same stage because only the last one will be used",
                    at.keyword
                );
                let place = (Phase::Steps, view.stage.index, index);
                found.add_word(place, &earlier.lines, &earlier.span, &earlier.keyword, message);
            }
        }
    }
}
