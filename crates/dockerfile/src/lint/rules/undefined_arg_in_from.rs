//! FROM uses a variable that no global ARG declares.

use crate::lint::{Context, Findings, Phase, Rule};
use crate::suggest;

pub(super) static RULE: Rule = Rule {
    name: "UndefinedArgInFrom",
    description: "FROM command must use declared ARGs",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in &context.stages {
        let stage = &view.stage;
        let parts = view.image.iter().chain(&view.platform);
        for name in parts.flat_map(|part| part.undefined.difference(&context.from_names)) {
            let mut message = format!("FROM argument '{name}' is not declared");
            if let Some(nearest) = suggest::search(name, context.from_names.iter().map(String::as_str), true) {
                message.push_str(&format!(" (did you mean {nearest}?)"));
            }
            found.add_word((Phase::Images, stage.index, 0), &stage.lines, &stage.span, name, message);
        }
    }
}
