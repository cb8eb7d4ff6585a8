//! Keywords partly in upper, partly in lower case.

use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "ConsistentInstructionCasing",
    description: "All commands within the Dockerfile should use the same casing (either upper or lower)",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    let words = || {
        context.stages.iter().flat_map(|view| {
            let stage = &view.stage;
            let steps = view.steps.iter().enumerate().map(|(step, at)| {
                let instruction = &at.instruction;
                ((stage.index, step + 1), &instruction.keyword, &instruction.lines, &instruction.span)
            });
            std::iter::once(((stage.index, 0), &stage.keyword, &stage.lines, &stage.span)).chain(steps)
        })
    };
    let lower = words().filter(|(_, word, ..)| **word == word.to_lowercase()).count();
    let upper = words().filter(|(_, word, ..)| **word == word.to_uppercase()).count();
    for ((stage, step), word, lines, span) in words() {
        let (wanted, fits) = if lower > upper {
            ("lowercase", *word == word.to_lowercase())
        } else {
            ("uppercase", *word == word.to_uppercase())
        };
        if !fits {
            let message = format!("Command '{word}' should match the case of the command majority ({wanted})");
            found.add_word((Phase::Casing, stage, step), lines, span, word, message);
        }
    }
}
