//! `MAINTAINER` instead of a label.

use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "MaintainerDeprecated",
    description: "The MAINTAINER instruction is deprecated, use a label instead to define an image author",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for (index, node) in context.ast.nodes.iter().enumerate() {
        if node.keyword.eq_ignore_ascii_case("maintainer") {
            let message = "Maintainer instruction is deprecated in favor of using label";
            found.add_word((Phase::Instructions, index, 0), &node.lines, &node.span, &node.keyword, message);
        }
    }
}
