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
            // The name behind AS, not the same word behind FROM.
            let at = (Phase::StageNames, stage.index, 0);
            let word = format!(
                "{} {}",
                stage.as_keyword.as_deref().unwrap_or_default(),
                stage.written_name.as_deref().unwrap_or(name)
            );
            found.add_word(at, &stage.lines, &stage.span, word.trim(), message);
        }
    }
}
