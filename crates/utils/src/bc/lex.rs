//! `bc`'s words.

/// A word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    /// Digits with at most one point.
    Number(String),
    /// Lower-case letters, digits, `_`: a name or a keyword.
    Name(String),
    /// Without its quotes.
    Text(String),
    /// An operator or bracket.
    Mark(&'static str),
    /// What belongs nowhere.
    Wrong(char),
    /// The end of a line.
    Newline,
}

const MARKS: &[&str] = &[
    "+=", "-=", "*=", "/=", "%=", "^=", "++", "--", "==", "<=", ">=", "!=", "&&", "||", "+", "-", "*", "/", "%", "^",
    "=", "<", ">", "!", "(", ")", "[", "]", "{", "}", ",", ";", ".",
];

/// Reads one word from `at` on; `None` where the text ends before the word does.
pub(super) fn word(text: &str, at: &mut usize) -> Option<Word> {
    loop {
        let rest = text.get(*at..)?;
        let first = rest.chars().next()?;
        match first {
            ' ' | '\t' | '\r' => *at += 1,
            '\\' if rest.starts_with("\\\n") => *at += 2,
            '#' => *at += rest.find('\n')?,
            '/' if rest.starts_with("/*") => *at += rest.get(2..)?.find("*/")? + 4,
            _ => break,
        }
    }
    let rest = text.get(*at..)?;
    let first = rest.chars().next()?;
    if first == '\n' {
        *at += 1;
        return Some(Word::Newline);
    }
    if first == '"' {
        let end = rest.get(1..)?.find('"')?;
        *at += end + 2;
        return Some(Word::Text(rest.get(1..=end)?.to_owned()));
    }
    let digit = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
    if digit(first) || first == '.' && rest.get(1..)?.starts_with(digit) {
        let mut number = String::new();
        loop {
            let rest = text.get(*at..)?;
            match rest.chars().next()? {
                '\\' if rest.starts_with("\\\n") => *at += 2,
                c if digit(c) || c == '.' && !number.contains('.') => {
                    number.push(c);
                    *at += 1;
                }
                _ => return Some(Word::Number(number)),
            }
        }
    }
    if first.is_ascii_lowercase() {
        let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))?;
        *at += end;
        return Some(Word::Name(rest.get(..end)?.to_owned()));
    }
    if let Some(m) = MARKS.iter().find(|m| rest.starts_with(**m)) {
        *at += m.len();
        return Some(Word::Mark(m));
    }
    *at += first.len_utf8();
    Some(Word::Wrong(first))
}
