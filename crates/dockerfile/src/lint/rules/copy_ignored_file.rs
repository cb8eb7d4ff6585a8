//! COPY of a file that `.dockerignore` excludes.

use crate::ignore::clean;
use crate::instruction::Command;
use crate::lint::{Context, Findings, Phase, Rule};
use crate::quote::quote;

pub(super) static RULE: Rule = Rule {
    name: "CopyIgnoredFile",
    description: "Attempting to Copy file that is excluded by .dockerignore",
    documented: true,
    experimental: true,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in &context.stages {
        for (index, step) in view.steps.iter().enumerate() {
            let at = &step.instruction;
            let place = (Phase::Steps, view.stage.index, index);
            // With a `!` pattern a part of an ignored folder may be wanted: nothing is said then.
            let Some(ignore) = context.options.ignore.as_ref().filter(|ignore| !ignore.has_negation()) else {
                return;
            };
            let verb = match &at.command {
                Command::Copy(copy) if copy.from.is_none() => "Copy",
                Command::Add(_) => "Add",
                _ => continue,
            };
            for path in step.words.iter().filter(|path| is_local(path) && ignore.matches(path)) {
                let file = quote(&clean(path));
                let message = format!("Attempting to {verb} file {file} that is excluded by .dockerignore");
                found.add_word(place, &at.lines, &at.span, path, message);
            }
        }
    }
}

fn is_local(path: &str) -> bool {
    !["http://", "https://", "git://", "git@", "ssh://"].iter().any(|scheme| path.starts_with(scheme))
}
