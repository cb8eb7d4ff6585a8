//! `FROM x as y`: one keyword in upper, one in lower case.

use crate::lint::{Context, Findings, Phase, Rule};

pub(super) static RULE: Rule = Rule {
    name: "FromAsCasing",
    description: "The 'as' keyword should match the case of the 'from' keyword",
    documented: true,
    experimental: false,
    check,
};

fn check(context: &Context<'_>, found: &mut Findings<'_>) {
    for (index, node) in context.ast.nodes.iter().enumerate() {
        if !node.keyword.eq_ignore_ascii_case("from") {
            continue;
        }
        let [_, keyword, _, ..] = node.args.as_slice() else {
            continue;
        };
        // A mixed-case FROM is another rule's concern.
        let fits = if node.keyword == node.keyword.to_lowercase() {
            *keyword == keyword.to_lowercase()
        } else if node.keyword == node.keyword.to_uppercase() {
            *keyword == keyword.to_uppercase()
        } else {
            true
        };
        if !fits {
            let message = format!("'{keyword}' and '{}' keywords' casing do not match", node.keyword);
            found.add_word((Phase::Instructions, index, 0), &node.lines, &node.span, keyword, message);
        }
    }
}
