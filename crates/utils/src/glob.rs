//! Patterns with `*`, `?` and `[…]` (`fnmatch(3)`), as `find -name` and `ls -I` use them.

/// Whether a whole name fits; `*` also fits slashes.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let p: Vec<char> = pattern.chars().collect();
    let n: Vec<char> = name.chars().collect();
    let (mut i, mut j) = (0, 0);
    // Where to go on after the last star, if it takes one character more.
    let mut star: Option<(usize, usize)> = None;
    while j < n.len() {
        let step = match p.get(i) {
            Some('*') => {
                star = Some((i + 1, j));
                i += 1;
                continue;
            }
            Some('?') => Some(i + 1),
            Some('[') => class(&p, i, n[j]).unwrap_or_else(|| (n[j] == '[').then_some(i + 1)),
            Some('\\') if i + 1 < p.len() => (p[i + 1] == n[j]).then_some(i + 2),
            Some(c) => (*c == n[j]).then_some(i + 1),
            None => None,
        };
        match (step, star) {
            (Some(next), _) => (i, j) = (next, j + 1),
            (None, Some((after, at))) => {
                star = Some((after, at + 1));
                (i, j) = (after, at + 1);
            }
            (None, None) => return false,
        }
    }
    p[i..].iter().all(|c| *c == '*')
}

/// `[…]` at `i`: where it ends if the character is in it. The outer `None`: it is no class.
fn class(p: &[char], i: usize, c: char) -> Option<Option<usize>> {
    let mut k = i + 1;
    let negated = matches!(p.get(k), Some('!' | '^'));
    k += usize::from(negated);
    let (mut hit, mut first) = (false, true);
    loop {
        match p.get(k)? {
            ']' if !first => break,
            '[' if p.get(k + 1) == Some(&':') => {
                let end = (k + 2..p.len()).find(|e| p[*e] == ':' && p.get(e + 1) == Some(&']'))?;
                let name: String = p[k + 2..end].iter().collect();
                hit |= in_class(&name, c);
                k = end + 2;
            }
            lo => {
                let lo = if *lo == '\\' {
                    k += 1;
                    *p.get(k)?
                } else {
                    *lo
                };
                match (p.get(k + 1), p.get(k + 2)) {
                    (Some('-'), Some(hi)) if *hi != ']' => {
                        hit |= lo <= c && c <= *hi;
                        k += 3;
                    }
                    _ => {
                        hit |= lo == c;
                        k += 1;
                    }
                }
            }
        }
        first = false;
    }
    Some((hit != negated).then_some(k + 1))
}

/// POSIX's character classes, in the C locale.
pub(crate) fn in_class(name: &str, c: char) -> bool {
    match name {
        "alpha" => c.is_ascii_alphabetic(),
        "digit" => c.is_ascii_digit(),
        "alnum" => c.is_ascii_alphanumeric(),
        "upper" => c.is_ascii_uppercase(),
        "lower" => c.is_ascii_lowercase(),
        "space" => matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c'),
        "blank" => matches!(c, ' ' | '\t'),
        "punct" => c.is_ascii_punctuation(),
        "print" => matches!(c, ' '..='~'),
        "graph" => matches!(c, '!'..='~'),
        "cntrl" => c.is_ascii_control(),
        "xdigit" => c.is_ascii_hexdigit(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_fit_as_in_fnmatch() {
        for (p, n, yes) in [
            ("*.py", "main.py", true),
            ("*.py", "main.pyc", false),
            ("a*b*c", "aXbYbZc", true),
            ("[a-c]?", "bx", true),
            ("[!a-c]?", "bx", false),
            ("[[:digit:]]*", "7x", true),
            ("[", "[", true),
            ("\\*", "*", true),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(matches(p, n), yes, "{p} {n}");
        }
    }
}
