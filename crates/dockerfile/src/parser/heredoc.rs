//! `<<NAME` words.

use crate::ast::{Heredoc, Node};
use crate::expand::{Expander, NoVariables};

/// Whether the instruction may carry heredocs: RUN, COPY and ADD not in JSON form, also behind ONBUILD.
pub(super) fn allowed(node: &Node) -> bool {
    let node = match &node.sub {
        Some(sub) if node.keyword.eq_ignore_ascii_case("onbuild") => sub,
        _ => node,
    };
    !node.json && ["run", "copy", "add"].iter().any(|name| node.keyword.eq_ignore_ascii_case(name))
}

/// The heredocs that an instruction's line announces, still without content.
pub(super) fn in_line(line: &str) -> Vec<Heredoc> {
    if !line.contains("<<") {
        return Vec::new();
    }
    let rules = Expander { raw_quotes: true, raw_escapes: true, keep_unset: true, ..Expander::new('\\') };
    // A line that can't be split (an open quote) has none.
    let words = rules.expand(line, &NoVariables).map(|expanded| expanded.words).unwrap_or_default();
    words.iter().filter_map(|word| in_word(word)).collect()
}

/// The heredoc that one word announces: `<<EOF`, `<<-EOF`, `3<<"EOF"`.
pub(crate) fn in_word(word: &str) -> Option<Heredoc> {
    let (number, rest) = word.split_once("<<")?;
    if !number.chars().all(|c| c.is_ascii_digit()) || rest.contains('<') {
        return None;
    }
    let (chomp, rest) = match rest.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let plain = Expander { keep_unset: true, ..Expander::new('\\') };
    let raw = Expander { raw_quotes: true, ..plain };
    let [name] = <[String; 1]>::try_from(plain.expand(rest, &NoVariables).ok()?.words).ok()?;
    let [raw_name] = <[String; 1]>::try_from(raw.expand(rest, &NoVariables).ok()?.words).ok()?;
    let quotes = |text: &str| text.matches(['\'', '"']).count();
    Some(Heredoc {
        expand: quotes(&name) == quotes(&raw_name),
        name,
        file_descriptor: number.parse().unwrap_or(0),
        chomp,
        content: String::new(),
    })
}
