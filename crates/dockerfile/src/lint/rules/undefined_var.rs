//! A variable that nobody has set (outside RUN and CMD, where the shell looks for it).

use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "UndefinedVar",
    description: "Variables should be defined before their use",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in &context.stages {
        for (index, step) in view.steps.iter().enumerate() {
            let at = &step.instruction;
            let place = (Phase::Steps, view.stage.index, index);
            for (name, nearest) in &step.undefined {
                let mut message = format!("Usage of undefined variable '${name}'");
                if let Some(nearest) = nearest {
                    message.push_str(&format!(" (did you mean ${nearest}?)"));
                }
                found.add_word(place, &at.lines, &at.span, name, message);
            }
        }
    }
}
