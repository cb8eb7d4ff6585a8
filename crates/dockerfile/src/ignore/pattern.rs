//! One pattern of an ignore file: `*`, `?`, `[a-z]`, `\x`, and `**` for any number of folders.

/// How a pattern is compared. The original has the same four ways, and they differ in corner
/// cases (`**file` alone is a suffix, `**file*` is not).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Way {
    Exact(String),
    Prefix(String),
    Suffix(String),
    Tokens(Vec<Token>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Token {
    Literal(char),
    /// `?`
    One,
    /// `*`
    Many,
    /// `**/`: nothing, or anything that ends with a slash
    Folders,
    /// `**` at the end
    Rest,
    /// `[a-z]`, `[^a-z]`
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    pub(super) negated: bool,
    way: Way,
}

impl Pattern {
    pub(super) fn new(text: &str, negated: bool) -> Result<Self, String> {
        Ok(Self {
            negated,
            way: compile(text).ok_or("syntax error in pattern")?,
        })
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        match &self.way {
            Way::Exact(text) => path == text,
            Way::Prefix(text) => path.starts_with(text),
            Way::Suffix(text) => {
                path.ends_with(text) || text.strip_prefix('/').is_some_and(|rest| path == rest)
            }
            Way::Tokens(tokens) => matches_tokens(tokens, path),
        }
    }
}

fn compile(text: &str) -> Option<Way> {
    #[derive(PartialEq)]
    enum Seen {
        Plain,
        Prefix,
        Suffix,
        Special,
    }
    let mut tokens = Vec::new();
    let mut seen = Seen::Plain;
    let mut input = text.chars().peekable();
    let mut first = true;
    while let Some(c) = input.next() {
        match c {
            '*' if input.next_if_eq(&'*').is_some() => {
                let _ = input.next_if_eq(&'/');
                if input.peek().is_some() {
                    tokens.push(Token::Folders);
                    seen = Seen::Special;
                } else {
                    tokens.push(Token::Rest);
                    seen = if seen == Seen::Plain {
                        Seen::Prefix
                    } else {
                        Seen::Special
                    };
                }
                if first {
                    seen = Seen::Suffix;
                }
            }
            '*' => {
                tokens.push(Token::Many);
                seen = Seen::Special;
            }
            '?' => {
                tokens.push(Token::One);
                seen = Seen::Special;
            }
            '[' => {
                tokens.push(class(&mut input)?);
                seen = Seen::Special;
            }
            '\\' => {
                tokens.push(Token::Literal(input.next()?));
                seen = Seen::Special;
            }
            other => tokens.push(Token::Literal(other)),
        }
        first = false;
    }
    Some(match seen {
        Seen::Plain => Way::Exact(text.to_owned()),
        Seen::Prefix => Way::Prefix(text.strip_suffix("**").unwrap_or(text).to_owned()),
        Seen::Suffix => Way::Suffix(text.strip_prefix("**").unwrap_or(text).to_owned()),
        Seen::Special => Way::Tokens(tokens),
    })
}

/// A class behind its `[`, by the rules of Go's `filepath.Match`.
fn class(input: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Token> {
    let negated = input.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && input.next_if_eq(&']').is_some() {
            return Some(Token::Class { negated, ranges });
        }
        let low = class_char(input)?;
        let high = if input.next_if_eq(&'-').is_some() {
            class_char(input)?
        } else {
            low
        };
        ranges.push((low, high));
    }
}

fn class_char(input: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    match input.next()? {
        '-' | ']' => None,
        '\\' => input.next(),
        other => Some(other),
    }
}

fn matches_tokens(tokens: &[Token], path: &str) -> bool {
    // The set of offsets at which the tokens so far can end: linear in path times pattern.
    let text: Vec<char> = path.chars().collect();
    let mut reached = vec![false; text.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for token in tokens {
        let mut next = vec![false; text.len() + 1];
        let mut running = false;
        for (at, here) in reached.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| text.get(at));
            let mut set = |at: usize, value: bool| {
                if value && let Some(cell) = next.get_mut(at) {
                    *cell = true;
                }
            };
            match token {
                Token::Many => {
                    running = *here || (running && before != Some(&'/'));
                    set(at, running);
                }
                Token::Rest => {
                    running = running || *here;
                    set(at, running);
                }
                Token::Folders => {
                    set(at, *here || (running && before == Some(&'/')));
                    running = running || *here;
                }
                one => {
                    let fits = text.get(at).is_some_and(|c| match one {
                        Token::Literal(wanted) => c == wanted,
                        Token::Class { negated, ranges } => {
                            ranges.iter().any(|(low, high)| (low..=high).contains(&c)) != *negated
                        }
                        _ => *c != '/',
                    });
                    set(at + 1, *here && fits);
                }
            }
        }
        reached = next;
    }
    reached.last() == Some(&true)
}
