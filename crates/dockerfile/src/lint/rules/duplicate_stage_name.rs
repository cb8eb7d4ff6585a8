//! Two stages with one name.

use std::collections::BTreeSet;

use crate::lint::{Context, Findings, Phase, Rule};
use crate::quote::quote;

pub(super) static RULE: Rule = Rule {
    name: "DuplicateStageName",
    description: "Stage names should be unique",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    let mut seen = BTreeSet::new();
    for view in &context.stages {
        let stage = &view.stage;
        let Some(name) = stage.name.as_deref() else {
            continue;
        };
        if !seen.insert(name) {
            let message = format!("Duplicate stage name {}, stage names should be unique", quote(name));
            let word = stage.written_name.as_deref().unwrap_or(name);
            found.add_word((Phase::StageNames, stage.index, 0), &stage.lines, &stage.span, word, message);
        }
    }
}
