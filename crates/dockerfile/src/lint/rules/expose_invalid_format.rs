//! `EXPOSE 5000:80`: publishing is decided by `docker run -p`.

use crate::instruction::Command;
use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "ExposeInvalidFormat",
    description: "IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a future release",
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
            for port in step.words.iter().filter(|port| port.contains(':')) {
                let message =
                    format!("EXPOSE instruction should not define an IP address or host-port mapping, found '{port}'");
                found.add_word(place, &at.lines, &at.span, port, message);
            }
        }
    }
}
