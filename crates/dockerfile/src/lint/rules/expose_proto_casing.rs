//! `EXPOSE 80/TCP`

use crate::instruction::Command;
use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "ExposeProtoCasing",
    description: "Protocol in EXPOSE instruction should be lowercase",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in &context.stages {
        for (index, step) in view.steps.iter().enumerate() {
            let at = &step.instruction;
            let place = (Phase::Steps, view.stage.index, index);
            let Command::Expose(_) = &at.command else {
                continue;
            };
            for port in &step.words {
                if port.split_once('/').is_some_and(|(_, protocol)| protocol != protocol.to_lowercase()) {
                    let message = format!("Defined protocol '{port}' in EXPOSE instruction should be lowercase");
                    found.add_word(place, &at.lines, &at.span, port, message);
                }
            }
        }
    }
}
