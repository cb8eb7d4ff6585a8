//! A comment above ARG or FROM that does not begin with its name.

use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "InvalidDefinitionDescription",
    description: "Comment for build stage or argument should follow the format: `# <arg/stage name> <description>`. If this is not intended to be a description comment, add an empty line or comment between the instruction and the comment.",
    documented: true,
    experimental: true,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for (index, node) in context.ast.nodes.iter().enumerate() {
        let name = node.name();
        let names: Vec<String> = match (name.as_str(), node.args.as_slice()) {
            ("FROM", [_, keyword, stage]) if keyword.eq_ignore_ascii_case("as") => {
                vec![stage.to_lowercase()]
            }
            ("ARG", words) => words.iter().map(|word| before_equals(word)).collect(),
            _ => continue,
        };
        let (Some(first), Some(comment)) = (names.first(), node.comments.last()) else {
            continue;
        };
        let word = comment.split(' ').next().unwrap_or_default();
        if !names.iter().any(|name| name == word) {
            let shown = if names.len() > 1 { "<arg_key>" } else { first };
            let message = format!("Comment for {name} should follow the format: `# {shown} <description>`");
            found.add((Phase::Instructions, index, 0), &node.lines, &node.span, message);
        }
    }
}

fn before_equals(word: &str) -> String {
    word.split('=').next().unwrap_or_default().to_owned()
}
