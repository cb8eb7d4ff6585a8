//! A secret in ARG or ENV: everybody who has the image can read it.

use crate::instruction::Command;
use crate::lint::{Context, Findings, Phase, Rule};
use crate::quote::quote;

pub(super) static RULE: Rule = Rule {
    name: "SecretsUsedInArgOrEnv",
    description: "Sensitive data should not be used in the ARG or ENV commands",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for view in &context.stages {
        for (index, step) in view.steps.iter().enumerate() {
            let at = &step.instruction;
            let place = (Phase::Steps, view.stage.index, index);
            let names: Vec<&str> = match &at.command {
                Command::Env(pairs) => pairs.iter().map(|pair| pair.key.as_str()).collect(),
                Command::Arg(declarations) => declarations.iter().map(|arg| arg.name.as_str()).collect(),
                _ => continue,
            };
            for name in names.into_iter().filter(|name| is_secret(name)) {
                let message =
                    format!("Do not use ARG or ENV instructions for sensitive data ({} {})", at.name(), quote(name));
                found.add_word(place, &at.lines, &at.span, name, message);
            }
        }
    }
}

const SECRET: [&str; 10] =
    ["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"];

/// Whether a part of the name between underscores says so, and none says `public`.
fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    let has = |word: &str| name.split('_').any(|part| part == word);
    SECRET.iter().any(|word| has(word)) && !has("public")
}
