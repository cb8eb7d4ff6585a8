//! CMD or ENTRYPOINT in shell form: signals reach the shell, not the program.

use crate::instruction::{Command, CommandLine};
use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "JSONArgsRecommended",
    description: "JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in &context.stages {
        for (index, step) in view.steps.iter().enumerate() {
            let at = &step.instruction;
            let place = (Phase::Steps, view.stage.index, index);
            let (Command::Cmd(line) | Command::Entrypoint(line)) = &at.command else {
                continue;
            };
            if matches!(line, CommandLine::Shell(_)) && !step.has_shell {
                let message = format!(
                    "JSON arguments recommended for {} to prevent unintended behavior related to OS signals",
                    at.keyword
                );
                found.add_word(place, &at.lines, &at.span, &at.keyword, message);
            }
        }
    }
}
