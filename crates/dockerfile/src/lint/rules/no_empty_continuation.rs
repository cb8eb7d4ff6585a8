//! An empty line inside a continued instruction.

use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "NoEmptyContinuation",
    description: "Empty continuation lines will become errors in a future release",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for (index, (line, span)) in context.ast.empty_continuations.iter().enumerate() {
        found.add((Phase::Lines, index, 0), &(*line..=*line), span, "Empty continuation line");
    }
}
