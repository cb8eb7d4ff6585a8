//! POSIX regular expressions, translated for `regex-lite`; where a pattern has alternatives or
//! back-references, `longest` finds what POSIX says.

mod longest;
mod perl;

use regex_lite::{Regex, RegexBuilder};

use longest::{Groups, Matcher};
use perl::Perl;

/// How a pattern is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// POSIX basic, with GNU's `\+`, `\?`, `\|`.
    Basic,
    /// POSIX extended.
    Extended,
    /// POSIX extended with awk's escapes, within brackets too.
    Awk,
    /// No special characters.
    Fixed,
    /// Perl's.
    Perl,
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    /// Absent where there are back-references.
    lite: Option<Regex>,
    /// Present where there are alternatives or back-references.
    longest: Option<Matcher>,
    /// Present where Perl's pattern asks for more than `regex-lite` can.
    perl: Option<Box<Perl>>,
    /// Whether it asks where words begin and end: beyond ASCII `longest` knows that.
    edges: bool,
    /// Whether `longest` decides elsewhere too.
    both: bool,
}

impl Pattern {
    /// The first match from `at` on, with its groups.
    pub(crate) fn captures_at(&self, text: &str, at: usize) -> Option<Groups> {
        if let Some(perl) = &self.perl {
            return perl.find(text, at);
        }
        let Some(lite) = self.lite.as_ref().filter(|_| !self.edges || text.is_ascii()) else {
            let matcher = self.longest.as_ref()?;
            let starts = text.get(at..)?.char_indices().map(|(i, _)| at + i).chain([text.len()]);
            return starts.into_iter().find_map(|s| matcher.at(text, s));
        };
        let c = lite.captures_at(text, at)?;
        let from_lite = || c.iter().map(|g| g.map(|g| (g.start(), g.end()))).collect();
        match self.longest.as_ref().filter(|_| self.both) {
            Some(matcher) => Some(matcher.at(text, c.get(0)?.start()).unwrap_or_else(from_lite)),
            None => Some(from_lite()),
        }
    }

    /// The first match from `at` on.
    pub(crate) fn find_at(&self, text: &str, at: usize) -> Option<(usize, usize)> {
        match (&self.lite, &self.longest) {
            (Some(lite), _) if self.edges && text.is_ascii() && !self.both => {
                lite.find_at(text, at).map(|m| (m.start(), m.end()))
            }
            (Some(lite), None) => lite.find_at(text, at).map(|m| (m.start(), m.end())),
            _ => self.captures_at(text, at)?.first().copied().flatten(),
        }
    }

    /// How many groups it has, the whole match counted.
    pub(crate) fn groups(&self) -> usize {
        if let Some(perl) = &self.perl {
            return perl.names().len();
        }
        match (&self.lite, &self.longest) {
            (Some(lite), _) => lite.captures_len(),
            (None, matcher) => matcher.as_ref().map_or(1, Matcher::groups),
        }
    }

    /// The groups' names, the whole match's first.
    pub(crate) fn names(&self) -> Vec<Option<String>> {
        if let Some(perl) = &self.perl {
            return perl.names().to_vec();
        }
        self.lite.iter().flat_map(|l| l.capture_names().map(|n| n.map(str::to_owned))).collect()
    }

    /// Whether it matches anywhere.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        match &self.lite {
            Some(lite) if !self.edges || text.is_ascii() => lite.is_match(text),
            _ => self.find_at(text, 0).is_some(),
        }
    }
}

/// Compiles; GNU's words for what is wrong otherwise.
pub(crate) fn compile(pattern: &str, kind: Kind, ignore_case: bool) -> Result<Pattern, String> {
    compile_lines(pattern, kind, ignore_case, false)
}

/// The same, where `multi` lets `^` and `$` match at every line.
pub(crate) fn compile_lines(pattern: &str, kind: Kind, ignore_case: bool, multi: bool) -> Result<Pattern, String> {
    let text = translate(pattern, kind, ignore_case)?;
    let posix = matches!(kind, Kind::Basic | Kind::Extended | Kind::Awk);
    let mut escaped = false;
    let back = posix
        && text.chars().any(|c| {
            let digit = escaped && c.is_ascii_digit();
            escaped = c == '\\' && !escaped;
            digit
        });
    let both = back || posix && text.contains('|');
    let edges = posix && ["\\b", "\\B"].iter().any(|e| text.contains(e));
    let longest = if both || edges { Matcher::new(&text, ignore_case, multi) } else { None };
    if back {
        return match longest {
            Some(m) if m.complete() => Ok(Pattern { lite: None, longest: Some(m), perl: None, edges, both }),
            Some(_) => Err("Invalid back reference".to_owned()),
            None => Err("Invalid regular expression".to_owned()),
        };
    }
    if kind == Kind::Perl && (ignore_case && !pattern.is_ascii()) {
        let perl = Perl::new(pattern, true, multi)?;
        return Ok(Pattern { lite: None, longest: None, perl: Some(Box::new(perl)), edges: false, both: false });
    }
    let built = RegexBuilder::new(&text).case_insensitive(ignore_case).multi_line(multi).size_limit(1 << 22).build();
    match built {
        Ok(lite) => Ok(Pattern { lite: Some(lite), edges: edges && longest.is_some(), longest, perl: None, both }),
        Err(_) if kind == Kind::Perl => {
            let perl = Perl::new(pattern, ignore_case, multi)?;
            Ok(Pattern { lite: None, longest: None, perl: Some(Box::new(perl)), edges: false, both: false })
        }
        Err(e) if e.to_string().contains("repetition") => Err("Invalid preceding regular expression".to_owned()),
        Err(_) => Err("Invalid regular expression".to_owned()),
    }
}

/// Letters beyond ASCII: what `\w` and `[:alpha:]` mean in C.UTF-8, but `regex-lite` leaves out.
const LETTERS: &str = "ªµºÀ-ÖØ-öø-ʯͰ-ϿЀ-ԯԱ-ֆא-תء-يḀ-ỿ一-鿿ぁ-ヿ가-힣";
/// Of these the capital ones, and the small ones.
const UPPER: &str = "À-ÖØ-ÞΑ-ΩА-Я";
const LOWER: &str = "ß-öø-ÿα-ωа-я";

/// The same letter in the other case.
fn other_case(c: char) -> Option<char> {
    let mut all = c.to_lowercase().chain(c.to_uppercase()).filter(|o| *o != c);
    all.next().filter(|_| !c.is_ascii() && c.to_uppercase().count() == 1)
}

/// A character that means itself, in both cases where that does not matter.
fn either(c: char, fold: bool, out: &mut String) {
    match other_case(c).filter(|_| fold) {
        Some(o) => out.extend(['[', c, o, ']']),
        None => literal(c, out),
    }
}

fn literal(c: char, out: &mut String) {
    if "\\.+*?()|[]{}^$#&-~/".contains(c) && c != '/' {
        out.push('\\');
    }
    out.push(c);
}

/// The same in regex-lite's language.
fn translate(pattern: &str, kind: Kind, fold: bool) -> Result<String, String> {
    let mut out = String::new();
    match kind {
        Kind::Fixed => {
            pattern.chars().for_each(|c| either(c, fold, &mut out));
            return Ok(out);
        }
        Kind::Perl => return Ok(pattern.to_owned()),
        _ => {}
    }
    let basic = kind == Kind::Basic;
    let p: Vec<char> = pattern.chars().collect();
    let mut depth = 0usize;
    let mut i = 0;
    // Whether nothing that could be repeated stands before.
    let mut start = true;
    // Whether a basic pattern has its anchor already: another is a character.
    let mut anchored = false;
    while let Some(&c) = p.get(i) {
        i += 1;
        let was_start = std::mem::replace(&mut start, false);
        anchored &= was_start;
        match c {
            '\\' => {
                let Some(&n) = p.get(i) else { return Err("Trailing backslash".to_owned()) };
                i += 1;
                match n {
                    '(' if basic => {
                        depth += 1;
                        (start, anchored) = (true, false);
                        out.push('(');
                    }
                    ')' if basic => {
                        depth = depth.checked_sub(1).ok_or("Unmatched ) or \\)")?;
                        out.push(')');
                    }
                    '{' if basic => i = interval(&p, i, true, &mut out)?,
                    '|' if basic => {
                        (start, anchored) = (true, false);
                        out.push('|');
                    }
                    '+' | '?' if basic && !was_start => out.push(n),
                    '<' => out.push_str("\\b{start}"),
                    '>' => out.push_str("\\b{end}"),
                    'y' if kind == Kind::Awk => out.push_str("\\b"),
                    'b' | 'r' | 'f' | 'v' | 'a' | '0'..='7' if kind == Kind::Awk => {
                        let (c, next) = escape(&p, i - 1);
                        i = next;
                        literal(c, &mut out);
                    }
                    'w' => out.push_str(&format!("[\\w{LETTERS}]")),
                    'W' => out.push_str(&format!("[^\\w{LETTERS}]")),
                    'b' | 'B' | 's' | 'S' => out.extend(['\\', n]),
                    'n' if kind == Kind::Awk => out.push('\n'),
                    't' if kind == Kind::Awk => out.push('\t'),
                    '`' => out.push_str("\\A"),
                    '\'' => out.push_str("\\z"),
                    '1'..='9' => out.extend(['\\', n]),
                    n => either(n, fold, &mut out),
                }
            }
            '[' => i = bracket(&p, i, kind == Kind::Awk, fold, &mut out)?,
            '.' => out.push_str("(?s:.)"),
            '*' if was_start => out.push_str("\\*"),
            '*' => out.push('*'),
            '^' if !basic || was_start && !anchored => {
                anchored = true;
                start = true;
                out.push('^');
            }
            '$' if !basic || i == p.len() || p[i..].starts_with(&['\\', ')']) || p[i..].starts_with(&['\\', '|']) => {
                out.push('$');
            }
            '+' | '?' if !basic && was_start => literal(c, &mut out),
            '+' | '?' if !basic => out.push(c),
            '|' if !basic => {
                start = true;
                out.push('|');
            }
            '(' if !basic => {
                depth += 1;
                start = true;
                out.push('(');
            }
            ')' if !basic && depth > 0 => {
                depth -= 1;
                out.push(')');
            }
            '{' if !basic && !was_start && p.get(i).is_some_and(|d| d.is_ascii_digit() || *d == ',') => {
                i = interval(&p, i, false, &mut out)?;
            }
            c => either(c, fold, &mut out),
        }
    }
    if depth > 0 {
        return Err("Unmatched ( or \\(".to_owned());
    }
    Ok(out)
}

fn interval(p: &[char], mut i: usize, basic: bool, out: &mut String) -> Result<usize, String> {
    let from = i;
    while p.get(i).is_some_and(|c| c.is_ascii_digit() || *c == ',') {
        i += 1;
    }
    let text: String = p[from..i].iter().collect();
    let close: &[char] = if basic { &['\\', '}'] } else { &['}'] };
    if !p[i..].starts_with(close) {
        return Err(if p.get(i).is_none() { "Unmatched \\{" } else { "Invalid content of \\{\\}" }.to_owned());
    }
    let text = if text.starts_with(',') { format!("0{text}") } else { text };
    out.push_str(&format!("{{{text}}}"));
    Ok(i + close.len())
}

/// The character of awk's escape at `i`, behind the backslash, and where it ends.
fn escape(p: &[char], i: usize) -> (char, usize) {
    match p.get(i).copied().unwrap_or('\\') {
        'n' => ('\n', i + 1),
        't' => ('\t', i + 1),
        'r' => ('\r', i + 1),
        'f' => ('\x0c', i + 1),
        'v' => ('\x0b', i + 1),
        'a' => ('\x07', i + 1),
        'b' => ('\x08', i + 1),
        '0'..='7' => {
            let digits = p[i..].iter().take(3).map_while(|c| c.to_digit(8));
            let (n, k) = digits.fold((0, 0), |(n, k), d| (n * 8 + d, k + 1));
            (char::from(n as u8), i + k)
        }
        c => (c, i + 1),
    }
}

fn bracket(p: &[char], mut i: usize, escapes: bool, fold: bool, out: &mut String) -> Result<usize, String> {
    out.push('[');
    if p.get(i) == Some(&'^') {
        out.push('^');
        i += 1;
    }
    let mut first = true;
    loop {
        let Some(&c) = p.get(i) else { return Err("Unmatched [, [^, [:, [., or [=".to_owned()) };
        i += 1;
        match c {
            ']' if !first => break,
            '[' if p.get(i) == Some(&':') => {
                let end = (i + 1..p.len()).find(|e| p[*e] == ':' && p.get(e + 1) == Some(&']'));
                let Some(end) = end else { return Err("Unmatched [, [^, [:, [., or [=".to_owned()) };
                let name: String = p[i + 1..end].iter().collect();
                if ![
                    "alpha", "digit", "alnum", "upper", "lower", "space", "blank", "punct", "print", "graph", "cntrl",
                    "xdigit",
                ]
                .contains(&name.as_str())
                {
                    return Err("Invalid character class name".to_owned());
                }
                let beyond = match name.as_str() {
                    "alpha" | "alnum" => LETTERS,
                    "upper" | "lower" if fold => LETTERS,
                    "upper" => UPPER,
                    "lower" => LOWER,
                    "print" | "graph" => "\u{a1}-\u{10ffff}",
                    _ => "",
                };
                out.push_str(&format!("[:{name}:]{beyond}"));
                i = end + 2;
            }
            // Equivalence classes and collating symbols of single characters.
            '[' if matches!(p.get(i), Some('=' | '.')) && p.get(i + 2) == p.get(i) && p.get(i + 3) == Some(&']') => {
                literal(p.get(i + 1).copied().unwrap_or('='), out);
                i += 4;
            }
            '-' if !first && p.get(i) != Some(&']') => out.push('-'),
            '\\' if escapes && p.get(i).is_some() => {
                let (c, next) = escape(p, i);
                i = next;
                literal(c, out);
            }
            c => {
                literal(c, out);
                if fold && p.get(i) != Some(&'-') {
                    out.extend(other_case(c));
                }
            }
        }
        first = false;
    }
    out.push(']');
    Ok(i)
}

#[cfg(test)]
mod tests {
    use super::{Kind, compile};

    #[test]
    fn patterns_mean_what_posix_says() {
        for (p, kind, text, yes) in [
            ("a+", Kind::Basic, "a+", true),
            ("a+", Kind::Basic, "aa", false),
            ("a\\+", Kind::Basic, "aa", true),
            ("^*a", Kind::Basic, "*a", true),
            ("a{2}", Kind::Extended, "aa", true),
            ("a\\{2\\}", Kind::Basic, "aa", true),
            ("[]a]", Kind::Basic, "]", true),
            ("[[:digit:]]+$", Kind::Extended, "x12", true),
            ("(a|b)c", Kind::Extended, "bc", true),
            ("\\(a\\|b\\)c", Kind::Basic, "bc", true),
            ("a.c", Kind::Fixed, "abc", false),
            ("\\<two\\>", Kind::Basic, "one two", true),
            ("[a-c-]", Kind::Basic, "-", true),
            ("^^a", Kind::Basic, "^a", true),
            ("^^*a$", Kind::Basic, "a", true),
            ("\\(a*\\)b\\1$", Kind::Basic, "aabaa", true),
            ("^\\(a*\\)b\\1$", Kind::Basic, "aaba", false),
        ] {
            assert_eq!(compile(p, kind, false).unwrap().is_match(text), yes, "{p} {text}");
        }
        assert_eq!(compile("a|ab|abc", Kind::Extended, false).unwrap().find_at("xabcd", 0), Some((1, 4)));
        assert_eq!(compile("(a|ab)(c|bcd)?", Kind::Extended, false).unwrap().find_at("abcd", 0), Some((0, 4)));
        assert_eq!(compile("(a*)*|b", Kind::Extended, false).unwrap().find_at("aab", 0), Some((0, 2)));
        assert_eq!(compile("\\(a\\)\\2", Kind::Basic, false).unwrap_err(), "Invalid back reference");
        assert_eq!(compile("[a", Kind::Basic, false).unwrap_err(), "Unmatched [, [^, [:, [., or [=");
        assert_eq!(compile("\\(a", Kind::Basic, false).unwrap_err(), "Unmatched ( or \\(");
    }
}
