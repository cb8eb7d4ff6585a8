//! POSIX extended regular expressions for `[[ … =~ … ]]`.

/// A regular expression.
pub struct Regex(regex_lite::Regex);

impl Regex {
    /// Compiles; none where it isn't one.
    pub fn new(pattern: &str, nocase: bool) -> Option<Self> {
        let flags = if nocase { "(?si)" } else { "(?s)" };
        regex_lite::Regex::new(&(flags.to_owned() + &translate(pattern)?)).map(Self).ok()
    }

    /// The match and its groups.
    pub fn find(&self, text: &str) -> Option<Vec<Option<String>>> {
        let c = self.0.captures(text)?;
        Some(c.iter().map(|m| m.map(|m| m.as_str().to_owned())).collect())
    }
}

/// In brackets POSIX knows no backslash; elsewhere the syntaxes agree. None where a bracket stays open.
fn translate(p: &str) -> Option<String> {
    let mut out = String::new();
    let chars: Vec<char> = p.chars().collect();
    let mut i = 0;
    while let Some(&c) = chars.get(i) {
        i += 1;
        match c {
            '\\' => {
                let n = chars.get(i).copied().unwrap_or('\\');
                i += 1;
                if n.is_ascii_alphanumeric() && !"wWsSbB<>".contains(n) {
                    out.push(n);
                } else {
                    out.push('\\');
                    out.push(n);
                }
            }
            '[' => {
                out.push('[');
                if chars.get(i) == Some(&'^') {
                    out.push('^');
                    i += 1;
                }
                let first = i;
                while let Some(&d) = chars.get(i) {
                    if d == ']' && i > first {
                        break;
                    }
                    if d == '[' && matches!(chars.get(i + 1), Some(':' | '.' | '=')) {
                        let kind = chars.get(i + 1).copied().unwrap_or(':');
                        let mut j = i + 2;
                        while j + 1 < chars.len() && !(chars.get(j) == Some(&kind) && chars.get(j + 1) == Some(&']')) {
                            j += 1;
                        }
                        out.extend(chars.iter().skip(i).take(j + 2 - i));
                        i = j + 2;
                        continue;
                    }
                    if matches!(d, '\\' | '[' | ']' | '&' | '~') {
                        out.push('\\');
                    }
                    out.push(d);
                    i += 1;
                }
                chars.get(i)?;
                out.push(']');
                i += 1;
            }
            '{' if !chars.get(i).is_some_and(char::is_ascii_digit) => out.push_str("\\{"),
            c => out.push(c),
        }
    }
    Some(out)
}
