//! vim's patterns (`:help pattern`), written as Perl's.

use crate::regex::{Kind, Pattern, compile};

/// Compiles a pattern; `\c` and `\C` in it say themselves whether case matters.
pub(super) fn pattern(text: &str, ignore_case: bool) -> Result<Pattern, String> {
    let (mut out, mut fold, mut very, mut none) = (String::new(), ignore_case, false, false);
    let mut chars = text.chars().peekable();
    let mut start = true;
    while let Some(c) = chars.next() {
        let first = std::mem::replace(&mut start, false);
        // Whether the character has its special meaning.
        let (c, special) = match c {
            '\\' => match chars.next() {
                None => return Err("Trailing backslash".to_owned()),
                Some(n) if n.is_ascii_alphanumeric() => {
                    match n {
                        'v' | 'm' | 'V' | 'M' => {
                            (very, none, start) = (n == 'v', n == 'V' || n == 'M', first);
                        }
                        'c' | 'C' => (fold, start) = (n == 'c', first),
                        'a' => out.push_str("[A-Za-z]"),
                        'A' => out.push_str("[^A-Za-z]"),
                        'l' => out.push_str("[a-z]"),
                        'L' => out.push_str("[^a-z]"),
                        'u' => out.push_str("[A-Z]"),
                        'U' => out.push_str("[^A-Z]"),
                        'x' => out.push_str("[0-9A-Fa-f]"),
                        'X' => out.push_str("[^0-9A-Fa-f]"),
                        'o' => out.push_str("[0-7]"),
                        'h' => out.push_str("[A-Za-z_]"),
                        's' => out.push_str("[ \\t]"),
                        'S' => out.push_str("[^ \\t]"),
                        'e' => out.push_str("\\x1b"),
                        'z' => match chars.next() {
                            Some('s') => out.push_str("\\K"),
                            // What follows is looked at only.
                            Some('e') => {
                                let rest = pattern_text(chars.by_ref().collect());
                                out.push_str(&format!("(?={rest})"));
                            }
                            _ => return Err("Invalid character after \\z".to_owned()),
                        },
                        n => out.extend(['\\', n]),
                    }
                    continue;
                }
                Some(n) => (n, !very && "+=?{}()|<>@%".contains(n)),
            },
            c if very => (c, "^$.*[+=?{}()|<>@%~".contains(c)),
            c if none => (c, c == '^' && first || c == '$' && chars.peek().is_none()),
            '^' => (c, first),
            '$' => (
                c,
                matches!(chars.clone().collect::<String>().as_str().get(..2).unwrap_or(""), "" | "\\|" | "\\)")
                    || chars.peek().is_none(),
            ),
            c => (c, ".*[".contains(c) && !(c == '*' && first)),
        };
        if !special {
            if "\\.+*?()|[]{}^$#".contains(c) {
                out.push('\\');
            }
            out.push(c);
            continue;
        }
        match c {
            '=' => out.push('?'),
            '<' | '>' => out.push_str("\\b"),
            '(' | '|' => {
                out.push(c);
                start = true;
            }
            '%' if chars.peek() == Some(&'(') => {
                chars.next();
                out.push_str("(?:");
                start = true;
            }
            '{' => {
                let lazy = chars.next_if_eq(&'-').is_some();
                let inner: String = chars.by_ref().take_while(|c| *c != '}').collect();
                let inner = inner.trim_end_matches('\\');
                out.push_str(&match inner {
                    "" => "*".to_owned(),
                    i if i.starts_with(',') => format!("{{0{i}}}"),
                    i => format!("{{{i}}}"),
                });
                out.push_str(if lazy { "?" } else { "" });
            }
            '[' => {
                let rest: String = chars.clone().collect();
                let body = rest.strip_prefix("^]").or_else(|| rest.strip_prefix(']')).unwrap_or(&rest);
                let Some(end) = body.find(']').map(|e| rest.len() - body.len() + e) else {
                    out.push_str("\\[");
                    continue;
                };
                let set = rest.get(..end).unwrap_or("");
                out.push_str(&format!("[{}]", set.replace('[', "\\[").replace("\\[:", "[:")));
                for _ in 0..=set.chars().count() {
                    chars.next();
                }
            }
            c => out.push(c),
        }
    }
    compile(&out, Kind::Perl, fold)
}

/// What stands behind `\ze`, taken literally but for the simplest signs.
fn pattern_text(text: String) -> String {
    text.chars().flat_map(|c| if "+?(){}|".contains(c) { vec!['\\', c] } else { vec![c] }).collect()
}

#[cfg(test)]
mod tests {
    // Expected values from vim 9.0's `:echo matchstr(TEXT, PATTERN)`.
    #[test]
    fn patterns_are_vims() {
        for (p, text, found) in [
            ("a\\+", "baaa", Some("aaa")),
            ("a+", "aa+", Some("a+")),
            ("\\d\\{2}", "a123", Some("12")),
            ("\\<on\\>", "one on", Some("on")),
            ("\\(a\\|b\\)c", "abc", Some("bc")),
            ("\\v(a|b)+c", "abc", Some("abc")),
            ("foo\\zsbar", "foobar", Some("bar")),
            ("\\cFOO", "foo", Some("foo")),
            ("a.\\{-}c", "abcc", Some("abc")),
            ("*a", "x*a", Some("*a")),
            ("[a-c]*$", "xab", Some("ab")),
            ("a(b)", "a(b)", Some("a(b)")),
            ("\\u\\l\\+", "xAbc", Some("Abc")),
            ("x\\=y", "xy", Some("xy")),
        ] {
            let got = super::pattern(p, false).ok().and_then(|r| r.find_at(text, 0));
            assert_eq!(got.map(|(a, b)| &text[a..b]), found, "{p}");
        }
    }
}
