//! A program's words.

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Field(String),
    Name(String),
    Var(String),
    Format(String),
    Number(f64),
    Text(Vec<Piece>),
    Sign(&'static str),
    End,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Plain(String),
    Inner(Vec<Token>),
}

const SIGNS: &[&str] = &[
    "?//", "|=", "+=", "-=", "*=", "/=", "%=", "//=", "==", "!=", "<=", ">=", "//", "..", "|", ",", ".", "[", "]", "(",
    ")", "{", "}", ":", ";", "=", "<", ">", "+", "-", "*", "/", "%", "?",
];

/// Brackets within brackets.
pub(super) const DEEP: usize = 100;

pub(super) fn words(p: &[char], i: &mut usize, inner: bool, depth: usize) -> Result<Vec<Token>, String> {
    if depth > 20 {
        return Err("strings nested too deeply".to_owned());
    }
    let mut out = Vec::new();
    let mut open = 0;
    let name_char = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    while let Some(&c) = p.get(*i) {
        match c {
            c if c.is_whitespace() => *i += 1,
            '#' => {
                while p.get(*i).is_some_and(|c| *c != '\n') {
                    *i += 1;
                }
            }
            '"' => {
                *i += 1;
                out.push(Token::Text(string(p, i, depth)?));
            }
            '.' if p.get(*i + 1).is_some_and(|c| c.is_ascii_alphabetic() || *c == '_') => {
                let from = *i + 1;
                *i += 1;
                while p.get(*i).is_some_and(name_char) {
                    *i += 1;
                }
                out.push(Token::Field(p[from..*i].iter().collect()));
            }
            '0'..='9' | '.' if c != '.' || p.get(*i + 1).is_some_and(char::is_ascii_digit) => {
                let from = *i;
                while p.get(*i).is_some_and(|c| c.is_ascii_digit() || *c == '.') {
                    *i += 1;
                }
                if matches!(p.get(*i), Some('e' | 'E')) {
                    let sign = usize::from(matches!(p.get(*i + 1), Some('+' | '-')));
                    if p.get(*i + 1 + sign).is_some_and(char::is_ascii_digit) {
                        *i += 1 + sign;
                        while p.get(*i).is_some_and(char::is_ascii_digit) {
                            *i += 1;
                        }
                    }
                }
                let t: String = p[from..*i].iter().collect();
                out.push(Token::Number(t.parse().map_err(|_| format!("syntax error: bad number {t}"))?));
            }
            '@' => {
                let from = *i;
                *i += 1;
                while p.get(*i).is_some_and(name_char) {
                    *i += 1;
                }
                out.push(Token::Format(p[from..*i].iter().collect()));
            }
            '$' => {
                *i += 1;
                while p.get(*i).is_some_and(char::is_ascii_whitespace) {
                    *i += 1;
                }
                let from = *i;
                while p.get(*i).is_some_and(|c| name_char(c) || *c == ':') {
                    *i += 1;
                }
                if from == *i {
                    return Err("syntax error, unexpected '$'".to_owned());
                }
                // A colon at the end is not the name's: {$x:1} does not exist, but `as [$a]: ` might.
                while *i > from && p.get(*i - 1) == Some(&':') {
                    *i -= 1;
                }
                out.push(Token::Var(p[from..*i].iter().collect()));
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let from = *i;
                while p.get(*i).is_some_and(name_char)
                    || p.get(*i) == Some(&':') && p.get(*i + 1) == Some(&':') && p.get(*i + 2).is_some_and(name_char)
                {
                    *i += if p.get(*i) == Some(&':') { 2 } else { 1 };
                }
                out.push(Token::Name(p[from..*i].iter().collect()));
            }
            _ => {
                let best = SIGNS
                    .iter()
                    .filter(|s| s.chars().enumerate().all(|(k, s)| p.get(*i + k) == Some(&s)))
                    .max_by_key(|s| s.len());
                let Some(s) = best else { return Err(format!("syntax error, unexpected INVALID_CHARACTER '{c}'")) };
                if inner {
                    match *s {
                        "(" => open += 1,
                        ")" if open == 0 => {
                            *i += 1;
                            out.push(Token::End);
                            return Ok(out);
                        }
                        ")" => open -= 1,
                        _ => {}
                    }
                }
                *i += s.len();
                out.push(Token::Sign(s));
            }
        }
    }
    if inner {
        return Err("syntax error, unexpected end in string".to_owned());
    }
    out.push(Token::End);
    Ok(out)
}

pub(super) fn string(p: &[char], i: &mut usize, depth: usize) -> Result<Vec<Piece>, String> {
    let mut out = Vec::new();
    let mut plain = String::new();
    loop {
        let Some(&c) = p.get(*i) else { return Err("syntax error, unexpected end of string".to_owned()) };
        *i += 1;
        match c {
            '"' => {
                out.push(Piece::Plain(plain));
                return Ok(out);
            }
            '\\' => {
                let Some(&e) = p.get(*i) else { return Err("syntax error, unexpected end of string".to_owned()) };
                *i += 1;
                match e {
                    '(' => {
                        out.push(Piece::Plain(std::mem::take(&mut plain)));
                        out.push(Piece::Inner(words(p, i, true, depth + 1)?));
                    }
                    'n' => plain.push('\n'),
                    't' => plain.push('\t'),
                    'r' => plain.push('\r'),
                    'b' => plain.push('\x08'),
                    'f' => plain.push('\x0c'),
                    '"' | '\\' | '/' => plain.push(e),
                    'u' => {
                        let unit = |i: &mut usize| -> Option<u32> {
                            let t: String = p.get(*i..*i + 4)?.iter().collect();
                            *i += 4;
                            u32::from_str_radix(&t, 16).ok()
                        };
                        let mut n = unit(i).ok_or("syntax error: invalid \\u escape")?;
                        if (0xd800..0xdc00).contains(&n) && p.get(*i) == Some(&'\\') && p.get(*i + 1) == Some(&'u') {
                            *i += 2;
                            let low = unit(i).ok_or("syntax error: invalid \\u escape")?;
                            n = 0x10000 + ((n - 0xd800) << 10) + (low.wrapping_sub(0xdc00) & 0x3ff);
                        }
                        plain.push(char::from_u32(n).unwrap_or('\u{fffd}'));
                    }
                    _ => return Err("syntax error: invalid escape in string".to_owned()),
                }
            }
            c => plain.push(c),
        }
    }
}
