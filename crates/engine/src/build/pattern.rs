//! Go's `filepath.Match`, for sources of COPY and ADD.

/// Whether a name matches a pattern: `*` and `?` without `/`, `[a-z]`, `[^a]`, `\x`. A malformed
/// pattern matches nothing.
pub fn matches(pattern: &str, name: &str) -> bool {
    let p: Vec<char> = pattern.chars().collect();
    let n: Vec<char> = name.chars().collect();
    // Where to go on if what follows the last `*` doesn't fit.
    let (mut i, mut j) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        let step = match p.get(i) {
            Some('*') => {
                star = Some((i + 1, j));
                i += 1;
                continue;
            }
            None if j == n.len() => return true,
            None => None,
            Some(_) => n.get(j).and_then(|c| one(&p, i, *c)),
        };
        match (step, star) {
            (Some(next), _) => {
                i = next;
                j += 1;
            }
            (None, Some((after, from))) => {
                if n.get(from).is_none_or(|c| *c == '/') {
                    return false;
                }
                star = Some((after, from + 1));
                (i, j) = (after, from + 1);
            }
            (None, None) => return false,
        }
    }
}

/// Whether a text has characters with a meaning.
pub fn has_wildcards(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '*' | '?' | '[' => return true,
            _ => {}
        }
    }
    false
}

/// Matches one character; the pattern's next position.
fn one(p: &[char], i: usize, c: char) -> Option<usize> {
    match p.get(i)? {
        '?' => (c != '/').then_some(i + 1),
        '\\' => (*p.get(i + 1)? == c).then_some(i + 2),
        '[' => {
            let negated = p.get(i + 1) == Some(&'^');
            let mut at = i + 1 + usize::from(negated);
            let mut hit = false;
            let mut first = true;
            while first || p.get(at) != Some(&']') {
                first = false;
                let (low, next) = letter(p, at)?;
                let (high, next) = if p.get(next) == Some(&'-') { letter(p, next + 1)? } else { (low, next) };
                hit |= low <= c && c <= high;
                at = next;
            }
            (hit != negated && c != '/').then_some(at + 1)
        }
        x => (*x == c).then_some(i + 1),
    }
}

fn letter(p: &[char], at: usize) -> Option<(char, usize)> {
    match p.get(at)? {
        '\\' => Some((*p.get(at + 1)?, at + 2)),
        '-' | ']' => None,
        c => Some((*c, at + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gos_own_table() {
        // Go, path/filepath/match_test.go.
        let cases = [
            ("abc", "abc", true),
            ("*", "abc", true),
            ("*c", "abc", true),
            ("a*", "a", true),
            ("a*", "abc", true),
            ("a*", "ab/c", false),
            ("a*/b", "abc/b", true),
            ("a*/b", "a/c/b", false),
            ("a*b*c*d*e*/f", "axbxcxdxe/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false),
            ("a*b?c*x", "abxbbxdbxebxczzx", true),
            ("a*b?c*x", "abxbbxdbxebxczzy", false),
            ("ab[c]", "abc", true),
            ("ab[b-d]", "abc", true),
            ("ab[e-g]", "abc", false),
            ("ab[^c]", "abc", false),
            ("ab[^e-g]", "abc", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "ab", false),
            ("a?b", "a☺b", true),
            ("a[^a]b", "a☺b", true),
            ("a???b", "a☺b", false),
            ("[a-ζ]*", "α", true),
            ("*[a-ζ]", "A", false),
            ("a?b", "a/b", false),
            ("a*b", "a/b", false),
            ("*x", "xxx", true),
        ];
        for (pattern, name, want) in cases {
            assert_eq!(matches(pattern, name), want, "{pattern} {name}");
        }
    }
}
