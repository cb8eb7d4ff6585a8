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
    // What cannot be printed stands in `$'…'`, between the parts in plain quotes.
    let mut out = String::from("'");
    let mut escaping = false;
    for c in s.chars() {
        if c.is_control() != escaping {
            out.push_str(if escaping { "''" } else { "'$'" });
            escaping = !escaping;
        }
        match c {
            '\'' => out.push_str("'\\''"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.push_str(&format!("\\{:03o}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// Always in quotes (`quoteaf`): ls: cannot access 'nope'.
pub(crate) fn always(s: &str) -> String {
    quoted(s)
}

/// A word of the command line, as GNU's `quote` shows it in a UTF-8 locale; [`in_locale`] makes the quotes right.
pub(crate) fn word(s: &str) -> String {
    let mut out = String::from("‘");
    for c in s.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\{:03o}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('’');
    out
}

/// A message with [`word`]s, as the locale has its quotes.
pub(crate) fn in_locale(message: String, utf8: bool) -> String {
    if utf8 { message } else { message.replace(['‘', '’'], "'") }
}

/// In quotes where the shell would need them (`quotef`, and `ls` on a terminal).
pub(crate) fn maybe(s: &str) -> String {
    if plain(s) { s.to_owned() } else { quoted(s) }
}

/// In quotes where it has spaces, a colon or the like (`quotef` before `: message`).
pub(crate) fn before_colon(s: &str) -> String {
    if plain(s) && !s.contains(':') { s.to_owned() } else { quoted(s) }
}
