//! Perl's regular expressions where `regex-lite` has not what they ask for: looking around, references
//! back, atomic groups, `\K`. The first match in Perl's order, by going back (pcre2pattern(3)).

mod parse;

use super::longest::Groups;

/// Steps until a match is given up.
const STEPS: usize = 1_000_000;

/// Characters that fit.
#[derive(Clone, Debug, Default)]
struct Set {
    negated: bool,
    ranges: Vec<(char, char)>,
    /// `\d`, `\w` …, and whether their opposite is meant.
    classes: Vec<(Class, bool)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Digit,
    Word,
    Space,
    Blank,
    Vertical,
    Alpha,
    Alnum,
    Upper,
    Lower,
    Punct,
    Print,
    Graph,
    Control,
    Hex,
}

impl Class {
    fn has(self, c: char) -> bool {
        match self {
            Self::Digit => c.is_ascii_digit(),
            Self::Word => c.is_alphanumeric() || c == '_',
            Self::Space => c.is_whitespace(),
            Self::Blank => matches!(c, ' ' | '\t' | '\u{a0}'),
            Self::Vertical => matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}'),
            Self::Alpha => c.is_alphabetic(),
            Self::Alnum => c.is_alphanumeric(),
            Self::Upper => c.is_uppercase(),
            Self::Lower => c.is_lowercase(),
            Self::Punct => c.is_ascii_punctuation(),
            Self::Print => !c.is_control(),
            Self::Graph => !c.is_control() && !c.is_whitespace(),
            Self::Control => c.is_control(),
            Self::Hex => c.is_ascii_hexdigit(),
        }
    }
}

impl Set {
    fn has(&self, c: char, fold: bool) -> bool {
        let plain = |c: char| {
            self.ranges.iter().any(|(a, b)| (*a..=*b).contains(&c))
                || self.classes.iter().any(|(k, not)| k.has(c) != *not)
        };
        let hit = plain(c) || fold && (c.to_lowercase().any(plain) || c.to_uppercase().any(plain));
        hit != self.negated
    }
}

#[derive(Clone, Debug)]
enum Op {
    Char(char, bool),
    /// Any character; newlines too.
    Any(bool),
    Set(Set, bool),
    Back(usize, bool),
    Save(usize),
    /// Whether a group took part, or not.
    Given(usize, bool),
    /// Fails where nothing was read since `Save`.
    Moved(usize),
    /// First the one, then the other.
    Split(usize, usize),
    Jump(usize),
    Begin,
    End,
    /// At the end, or before a newline there.
    LastLine,
    LineBegin,
    LineEnd,
    Word(bool),
    /// `\K`: what has been read so far is not part of the match.
    Keep,
    /// A pattern of its own up to the index; whether it looks back, and whether it must not fit.
    Look {
        end: usize,
        back: bool,
        not: bool,
    },
    /// A pattern of its own that is not entered again.
    Atomic(usize),
    Match,
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(crate) struct Perl {
    ops: Vec<Op>,
    names: Vec<Option<String>>,
    slots: usize,
}

type Slots = Vec<Option<usize>>;

impl Perl {
    /// Compiles; PCRE's words for what is wrong otherwise.
    pub(crate) fn new(pattern: &str, ignore_case: bool, multi: bool) -> Result<Self, String> {
        parse::compile(pattern, ignore_case, multi)
    }

    /// The groups' names, the whole match's first.
    pub(crate) fn names(&self) -> &[Option<String>] {
        &self.names
    }

    /// The first match from `from` on.
    pub(crate) fn find(&self, text: &str, from: usize) -> Option<Groups> {
        let mut steps = 0;
        let starts = text.get(from..)?.char_indices().map(|(i, _)| from + i).chain([text.len()]);
        for start in starts {
            let mut slots = vec![None; self.slots];
            slots[0] = Some(start);
            if let Some((end, mut slots)) = self.run(text, 0, start, slots, &mut steps, None) {
                slots[1] = Some(end);
                return Some(slots.chunks(2).take(self.names.len()).map(|p| p[0].zip(*p.get(1)?)).collect());
            }
            if steps > STEPS {
                return None;
            }
        }
        None
    }

    /// Runs from an operation on; where it matched up to (`must`: has to), and its groups. It calls itself
    /// as deep only as patterns look around within each other, which the parser bounds.
    fn run(
        &self,
        text: &str,
        pc: usize,
        at: usize,
        slots: Slots,
        steps: &mut usize,
        must: Option<usize>,
    ) -> Option<(usize, Slots)> {
        let mut todo = vec![(pc, at, slots)];
        let word = |c: Option<char>| c.is_some_and(|c| Class::Word.has(c));
        let same = |a: char, b: char, fold: bool| a == b || fold && a.to_lowercase().eq(b.to_lowercase());
        while let Some((mut pc, mut at, mut slots)) = todo.pop() {
            loop {
                *steps += 1;
                if *steps > STEPS {
                    return None;
                }
                let next = text[at..].chars().next();
                let before = || text[..at].chars().next_back();
                let width = next.map_or(0, char::len_utf8);
                let go = match self.ops.get(pc)? {
                    Op::Char(c, fold) => next.filter(|n| same(*c, *n, *fold)).map(|_| width),
                    Op::Any(all) => next.filter(|n| *all || *n != '\n').map(|_| width),
                    Op::Set(set, fold) => next.filter(|n| set.has(*n, *fold)).map(|_| width),
                    Op::Back(n, fold) => match (slots.get(n * 2).copied()?, slots.get(n * 2 + 1).copied()?) {
                        (Some(a), Some(b)) => {
                            let mut rest = text[at..].chars();
                            let fits = text[a..b].chars().all(|c| rest.next().is_some_and(|r| same(c, r, *fold)));
                            fits.then(|| text.len() - at - rest.as_str().len())
                        }
                        _ => None,
                    },
                    Op::Save(slot) => {
                        slots[*slot] = Some(at);
                        Some(0)
                    }
                    Op::Given(n, not) => (slots.get(n * 2 + 1).copied().flatten().is_some() != *not).then_some(0),
                    Op::Moved(slot) => (slots[*slot] != Some(at)).then_some(0),
                    Op::Split(a, b) => {
                        todo.push((*b, at, slots.clone()));
                        pc = *a;
                        continue;
                    }
                    Op::Jump(to) => {
                        pc = *to;
                        continue;
                    }
                    Op::Begin => (at == 0).then_some(0),
                    Op::End => (at == text.len()).then_some(0),
                    Op::LastLine => matches!(&text[at..], "" | "\n").then_some(0),
                    Op::LineBegin => (at == 0 || text[..at].ends_with('\n')).then_some(0),
                    Op::LineEnd => (at == text.len() || next == Some('\n')).then_some(0),
                    Op::Word(wanted) => ((word(before()) != word(next)) == *wanted).then_some(0),
                    Op::Keep => {
                        slots[0] = Some(at);
                        Some(0)
                    }
                    Op::Look { end, back, not } => {
                        let mut found = None;
                        if *back {
                            let starts = text[..at].char_indices().map(|(i, _)| i).rev();
                            for start in [at].into_iter().chain(starts) {
                                found = self.run(text, pc + 1, start, slots.clone(), steps, Some(at));
                                if found.is_some() {
                                    break;
                                }
                            }
                        } else {
                            found = self.run(text, pc + 1, at, slots.clone(), steps, None);
                        }
                        let fits = found.is_some() != *not;
                        if let Some((_, s)) = found.filter(|_| fits) {
                            slots = s;
                        }
                        pc = *end;
                        if fits {
                            continue;
                        }
                        None
                    }
                    Op::Atomic(end) => {
                        let Some((to, s)) = self.run(text, pc + 1, at, slots.clone(), steps, None) else { break };
                        (at, slots, pc) = (to, s, *end);
                        continue;
                    }
                    Op::Match if must.is_none_or(|m| m == at) => return Some((at, slots)),
                    Op::Match => None,
                };
                let Some(n) = go else { break };
                at += n;
                pc += 1;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Perl;

    // Expected values from grep -oP (PCRE2 10.42) and Perl.
    #[test]
    fn patterns_look_around_and_back() {
        for (pattern, text, found) in [
            ("(?<=a)b+", "bb abb", Some("bb")),
            ("foo\\Kbar", "foobar", Some("bar")),
            ("(?<!\\d)\\d{2}(?!\\d)", "123 45 6", Some("45")),
            ("(\\w)\\1", "hello", Some("ll")),
            ("(?<x>o)\\k<x>", "foo", Some("oo")),
            ("a++a", "aaa", None),
            ("(?>a+)b", "aab", Some("aab")),
            ("a{2,3}?", "aaaa", Some("aa")),
            ("(?i)AB(?-i)c", "abc", Some("abc")),
            ("(?=.*\\d)\\w+", "ab1", Some("ab1")),
            ("^(?!.*no).*$", "yes", Some("yes")),
            ("^(?!.*no).*$", "a no", None),
            ("\\Qa.b\\E+", "xa.bb", Some("a.bb")),
            ("\\h+", "a \tb", Some(" \t")),
            ("[[:upper:]\\d]+", "abC1", Some("C1")),
            ("\\x41\\x{42}", "AB", Some("AB")),
            ("(a|ab)(c|bcd)", "abcd", Some("abcd")),
            ("(?:a*)*b", "aaab", Some("aaab")),
            ("(?<=ab|c)d", "abd", Some("d")),
            ("(a)?(?(1)b|c)", "c", Some("c")),
        ] {
            let got = Perl::new(pattern, false, false).map(|p| p.find(text, 0));
            let got = got.ok().flatten().and_then(|g| g[0]).map(|(a, b)| &text[a..b]);
            assert_eq!(got, found, "{pattern}");
        }
        assert!(Perl::new("(a", false, false).is_err());
        assert!(Perl::new("a)", false, false).is_err());
        assert!(Perl::new("*a", false, false).is_err());
    }
}
