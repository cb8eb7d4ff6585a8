//! Names in messages, as GNU quotes them.

/// Whether a name can stand in a shell command line as it is.
fn plain(s: &str) -> bool {
    let special = |c: char| " \t\n!\"#$&'()*;<=>?[\\]^`{|}~".contains(c) || c.is_control();
    !s.is_empty()
        && !s.chars().any(|c| special(c) && !matches!(c, '#' | '~' | '{' | '}' | '='))
        && !s.starts_with(['#', '~'])
}

fn quoted(s: &str) -> String {
    if s.contains('\'') && !s.contains(['"', '$', '`', '\\', '!']) && !s.chars().any(char::is_control) {
        return format!("\"{s}\"");
    }
    let mut out = String::from("'");
    for c in s.chars() {
        match c {
            '\'' => out.push_str("'\\''"),
            '\n' => out.push_str("'$'\\n''"),
            '\t' => out.push_str("'$'\\t''"),
            c if c.is_control() => out.push_str(&format!("'$'\\{:03o}''", c as u32)),
            c => out.push(c),
        }
    }
    // Nothing stands behind a control character at the end.
    if s.ends_with(char::is_control) {
        out.pop();
        return out;
    }
    out.push('\'');
    out
}

/// Always in quotes (`quoteaf`): ls: cannot access 'nope'.
pub(crate) fn always(s: &str) -> String {
    quoted(s)
}

/// In quotes where the shell would need them (`quotef`, and `ls` on a terminal).
pub(crate) fn maybe(s: &str) -> String {
    if plain(s) { s.to_owned() } else { quoted(s) }
}

/// In quotes where it has spaces, a colon or the like (`quotef` before `: message`).
pub(crate) fn before_colon(s: &str) -> String {
    if plain(s) && !s.contains(':') { s.to_owned() } else { quoted(s) }
}
