//! Shell patterns: `*`, `?`, `[…]`, backslashes, and ksh's `@(…)`.

/// A pattern, ready to match.
#[derive(Clone, Debug)]
pub struct Pattern(Vec<Item>);

#[derive(Clone, Debug)]
enum Item {
    Char(char),
    Any,
    Many,
    Set(Vec<SetItem>, bool),
    /// `?(…)`, `*(…)`, `+(…)`, `@(…)`, `!(…)`.
    Group(char, Vec<Vec<Item>>),
}

#[derive(Clone, Debug)]
enum SetItem {
    Range(char, char),
    Class(String),
}

const MAX_NESTED: usize = 24;
/// How much work one match may be.
const FUEL: u32 = 400_000;

impl Pattern {
    /// Reads a pattern in which backslashes quote.
    pub fn new(text: &str, extglob: bool) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut i = 0;
        Self(items(&chars, &mut i, extglob, 0))
    }

    /// Whether it is the pattern of nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        let chars: Vec<char> = text.chars().collect();
        self.match_chars(&chars)
    }

    fn match_chars(&self, chars: &[char]) -> bool {
        let mut fuel = FUEL;
        matches(&self.0, chars, &mut fuel, 0)
    }

    /// Whether it is only text, and which.
    pub fn literal(&self) -> Option<String> {
        self.0.iter().map(|i| if let Item::Char(c) = i { Some(*c) } else { None }).collect()
    }

    /// Length in bytes of the shortest or longest prefix that matches.
    pub fn prefix(&self, text: &str, longest: bool) -> Option<usize> {
        let chars: Vec<char> = text.chars().collect();
        let bytes = |n: usize| chars.iter().take(n).map(|c| c.len_utf8()).sum::<usize>();
        let test = |n: &usize| chars.get(..*n).is_some_and(|c| self.match_chars(c));
        let found = if longest { (0..=chars.len()).rev().find(test) } else { (0..=chars.len()).find(test) };
        found.map(bytes)
    }

    /// Where the shortest or longest suffix that matches starts, in bytes.
    pub fn suffix(&self, text: &str, longest: bool) -> Option<usize> {
        let chars: Vec<char> = text.chars().collect();
        let bytes = |n: usize| chars.iter().take(n).map(|c| c.len_utf8()).sum::<usize>();
        let test = |n: &usize| chars.get(*n..).is_some_and(|c| self.match_chars(c));
        let found = if longest { (0..=chars.len()).find(test) } else { (0..=chars.len()).rev().find(test) };
        found.map(bytes)
    }

    /// The first longest match at or after a byte.
    pub fn find(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        if let Some(lit) = self.literal() {
            return text.get(from..)?.find(&lit).map(|i| (from + i, from + i + lit.len()));
        }
        let rest = text.get(from..)?;
        for (i, _) in rest.char_indices().chain([(rest.len(), ' ')]) {
            if let Some(n) = rest.get(i..).and_then(|t| self.prefix(t, true)) {
                return Some((from + i, from + i + n));
            }
        }
        None
    }
}

/// Quotes a text's special characters.
pub fn escape_into(text: &str, out: &mut String) {
    for c in text.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '\\' | '!' | '-' | '^' | '(' | ')' | '|' | '+' | '@' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Takes the backslashes away.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut it = text.chars();
    while let Some(c) = it.next() {
        match c {
            '\\' => out.extend(it.next().or(Some('\\'))),
            c => out.push(c),
        }
    }
    out
}

/// Whether an unquoted text can match more than itself.
pub fn has_glob(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Whether a whole word, as written, is a pattern: `[` alone is none.
pub fn is_pattern(word: &str) -> bool {
    let (mut open, mut escaped) = (false, false);
    for c in word.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '*' | '?' => return true,
            ']' if open => return true,
            '(' => return true,
            '[' => open = true,
            '/' => open = false,
            _ => {}
        }
    }
    false
}

fn items(c: &[char], i: &mut usize, ext: bool, nested: usize) -> Vec<Item> {
    let mut out = Vec::new();
    while let Some(&ch) = c.get(*i) {
        if nested > 0 && (ch == '|' || ch == ')') {
            return out;
        }
        if ext && nested < MAX_NESTED && matches!(ch, '?' | '*' | '+' | '@' | '!') && c.get(*i + 1) == Some(&'(') {
            let save = *i;
            *i += 2;
            let mut alternatives = Vec::new();
            loop {
                alternatives.push(items(c, i, ext, nested + 1));
                if c.get(*i) == Some(&'|') {
                    *i += 1;
                } else {
                    break;
                }
            }
            if c.get(*i) == Some(&')') {
                *i += 1;
                out.push(Item::Group(ch, alternatives));
                continue;
            }
            *i = save;
        }
        *i += 1;
        match ch {
            '\\' => match c.get(*i) {
                Some(&n) => {
                    *i += 1;
                    out.push(Item::Char(n));
                }
                None => out.push(Item::Char('\\')),
            },
            '?' => out.push(Item::Any),
            '*' => {
                if !matches!(out.last(), Some(Item::Many)) {
                    out.push(Item::Many);
                }
            }
            '[' => match set(c, *i) {
                Some((item, end)) => {
                    *i = end;
                    out.push(item);
                }
                None => out.push(Item::Char('[')),
            },
            ch => out.push(Item::Char(ch)),
        }
    }
    out
}

fn set(c: &[char], start: usize) -> Option<(Item, usize)> {
    let mut i = start;
    let negated = matches!(c.get(i), Some('!' | '^'));
    if negated {
        i += 1;
    }
    let mut list = Vec::new();
    let first = i;
    loop {
        let ch = *c.get(i)?;
        if ch == ']' && i > first {
            return Some((Item::Set(list, negated), i + 1));
        }
        if ch == '[' && c.get(i + 1) == Some(&':') {
            let rest = c.get(i + 2..)?;
            if let Some(end) = rest.windows(2).position(|w| w == [':', ']']) {
                list.push(SetItem::Class(rest.iter().take(end).collect()));
                i += end + 4;
                continue;
            }
        }
        // `[=a=]` and `[.a.]`: in the C locale the character itself.
        if ch == '['
            && let (Some(mark @ ('=' | '.')), Some(&one), Some(end), Some(']')) =
                (c.get(i + 1).copied(), c.get(i + 2), c.get(i + 3), c.get(i + 4))
            && mark == *end
        {
            list.push(SetItem::Range(one, one));
            i += 5;
            continue;
        }
        let mut lo = ch;
        i += 1;
        if ch == '\\' {
            lo = *c.get(i)?;
            i += 1;
        }
        if c.get(i) == Some(&'-') && c.get(i + 1).is_some_and(|n| *n != ']') {
            let mut hi = *c.get(i + 1)?;
            i += 2;
            if hi == '\\' {
                hi = *c.get(i)?;
                i += 1;
            }
            list.push(SetItem::Range(lo, hi));
        } else {
            list.push(SetItem::Range(lo, lo));
        }
    }
}

fn in_set(list: &[SetItem], negated: bool, ch: char) -> bool {
    let found = list.iter().any(|s| match s {
        SetItem::Range(a, b) => *a <= ch && ch <= *b,
        SetItem::Class(name) => match name.as_str() {
            "alpha" => ch.is_alphabetic(),
            "digit" => ch.is_ascii_digit(),
            "alnum" => ch.is_alphanumeric(),
            "upper" => ch.is_uppercase(),
            "lower" => ch.is_lowercase(),
            "space" => ch.is_whitespace(),
            "blank" => ch == ' ' || ch == '\t',
            "punct" => ch.is_ascii_punctuation(),
            "cntrl" => ch.is_control(),
            "print" => !ch.is_control(),
            "graph" => !ch.is_control() && !ch.is_whitespace(),
            "xdigit" => ch.is_ascii_hexdigit(),
            "word" => ch.is_alphanumeric() || ch == '_',
            _ => false,
        },
    });
    found != negated
}

/// Matches with one point to go back to, as stars need; only groups recurse, as deep as they nest.
fn matches(p: &[Item], t: &[char], fuel: &mut u32, depth: usize) -> bool {
    let (mut pi, mut ti) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    loop {
        *fuel = fuel.saturating_sub(1);
        if *fuel == 0 {
            return false;
        }
        let ok = match p.get(pi) {
            None => ti == t.len(),
            Some(Item::Many) => {
                back = Some((pi + 1, ti));
                pi += 1;
                continue;
            }
            Some(Item::Group(kind, alternatives)) => {
                if depth < 64
                    && group(
                        *kind,
                        alternatives,
                        p.get(pi + 1..).unwrap_or(&[]),
                        t.get(ti..).unwrap_or(&[]),
                        fuel,
                        depth,
                    )
                {
                    return true;
                }
                false
            }
            Some(item) => match t.get(ti) {
                None => false,
                Some(&c) => {
                    let one = match item {
                        Item::Char(x) => *x == c,
                        Item::Any => true,
                        Item::Set(list, negated) => in_set(list, *negated, c),
                        _ => false,
                    };
                    if one {
                        pi += 1;
                        ti += 1;
                        continue;
                    }
                    false
                }
            },
        };
        if ok {
            return true;
        }
        match back {
            Some((bp, bt)) if bt < t.len() => {
                back = Some((bp, bt + 1));
                pi = bp;
                ti = bt + 1;
            }
            _ => return false,
        }
    }
}

fn group(kind: char, alts: &[Vec<Item>], rest: &[Item], t: &[char], fuel: &mut u32, depth: usize) -> bool {
    if matches!(kind, '?' | '*') && matches(rest, t, fuel, depth + 1) {
        return true;
    }
    for n in 0..=t.len() {
        let (head, tail) = t.split_at(n);
        let any = alts.iter().any(|a| matches(a, head, fuel, depth + 1));
        if kind == '!' {
            if !any && matches(rest, tail, fuel, depth + 1) {
                return true;
            }
            continue;
        }
        if !any {
            continue;
        }
        if matches(rest, tail, fuel, depth + 1) {
            return true;
        }
        if matches!(kind, '*' | '+') && n > 0 && group('*', alts, rest, tail, fuel, depth + 1) {
            return true;
        }
        if *fuel == 0 {
            return false;
        }
    }
    false
}
