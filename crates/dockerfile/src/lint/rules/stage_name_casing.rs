//! Upper case in `AS Name`.

use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "StageNameCasing",
    description: "Stage names should be lowercase",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for (index, node) in context.ast.nodes.iter().enumerate() {
        if node.keyword.eq_ignore_ascii_case("from")
            && let [_, _, name] = node.args.as_slice()
            && *name != name.to_lowercase()
        {
            let message = format!("Stage name '{name}' should be lowercase");
            found.add_word((Phase::Instructions, index, 0), &node.lines, &node.span, name, message);
        }
    }
}
