//! From a program's text to words. Whether `/` divides or opens a pattern depends on the word before.

/// A word of the language.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Newline,
    Number(f64),
    Text(String),
    Regex(String),
    Name(String),
    /// A name with `(` right behind it: a call of an own function.
    Call(String),
    Builtin(&'static str),
    Word(&'static str),
    /// An operator or a bracket.
    Sign(&'static str),
    End,
}

const WORDS: &[&str] = &[
    "BEGIN", "END", "function", "func", "if", "else", "while", "for", "do", "break", "continue", "next", "nextfile",
    "exit", "return", "delete", "in", "getline", "print", "printf",
];

/// Functions that awk brings; the last two lines are gawk's and mawk's.
const BUILTINS: &[&str] = &[
    "length", "substr", "index", "split", "sub", "gsub", "match", "sprintf", "sin", "cos", "atan2", "exp", "log",
    "sqrt", "int", "rand", "srand", "tolower", "toupper", "system", "close", "fflush", //
    "gensub", "strftime", "systime", "mktime", "and", "or", "xor", "lshift", "rshift", "compl", "strtonum", "asort",
    "asorti",
];

/// Longer ones first.
const SIGNS: &[&str] = &[
    "**=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "==", "<=", ">=", "!=", "!~", ">>", "**", "{",
    "}", "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":", "~", "$", "=",
];

/// All words with the lines they stand on; what is wrong and where otherwise.
pub(super) fn words(text: &str) -> Result<Vec<(Token, usize)>, (usize, String)> {
    let p: Vec<char> = text.chars().collect();
    let mut out: Vec<(Token, usize)> = Vec::new();
    let (mut i, mut line) = (0, 1);
    while let Some(&c) = p.get(i) {
        let operand = matches!(
            out.last(),
            Some((Token::Number(_) | Token::Text(_) | Token::Regex(_) | Token::Name(_), _))
                | Some((Token::Sign(")" | "]" | "$" | "++" | "--") | Token::Builtin("length"), _))
        );
        let token = match c {
            ' ' | '\t' | '\r' => {
                i += 1;
                continue;
            }
            '\\' if p.get(i + 1) == Some(&'\n') || p.get(i + 1) == Some(&'\r') && p.get(i + 2) == Some(&'\n') => {
                i += if p.get(i + 1) == Some(&'\n') { 2 } else { 3 };
                line += 1;
                continue;
            }
            '#' => {
                while p.get(i).is_some_and(|c| *c != '\n') {
                    i += 1;
                }
                continue;
            }
            '\n' => {
                i += 1;
                out.push((Token::Newline, line));
                line += 1;
                continue;
            }
            '"' => {
                let (t, next) = quoted(&p, i + 1).ok_or((line, "runaway string constant \"".to_owned()))?;
                i = next;
                Token::Text(t)
            }
            '/' if !operand => {
                let (t, next) =
                    regex(&p, i + 1).ok_or((line, "regular expression compile failed (missing /)".to_owned()))?;
                i = next;
                Token::Regex(t)
            }
            '0'..='9' | '.' if c != '.' || p.get(i + 1).is_some_and(char::is_ascii_digit) => {
                let (n, next) = number(&p, i);
                i = next;
                Token::Number(n)
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let from = i;
                while p.get(i).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    i += 1;
                }
                let name: String = p[from..i].iter().collect();
                if let Some(w) = WORDS.iter().find(|w| **w == name) {
                    Token::Word(if *w == "func" { "function" } else { w })
                } else if let Some(b) = BUILTINS.iter().find(|b| **b == name) {
                    Token::Builtin(b)
                } else if p.get(i) == Some(&'(') {
                    Token::Call(name)
                } else {
                    Token::Name(name)
                }
            }
            _ => {
                let sign = SIGNS.iter().find(|s| s.chars().enumerate().all(|(k, s)| p.get(i + k) == Some(&s)));
                let Some(sign) = sign else { return Err((line, format!("unexpected character '{c}'"))) };
                i += sign.len();
                Token::Sign(match *sign {
                    "**" => "^",
                    "**=" => "^=",
                    s => s,
                })
            }
        };
        out.push((token, line));
    }
    out.push((Token::End, line));
    Ok(out)
}

fn number(p: &[char], from: usize) -> (f64, usize) {
    let mut i = from;
    if p.get(i) == Some(&'0') && matches!(p.get(i + 1), Some('x' | 'X')) {
        let mut n = 0f64;
        let mut k = i + 2;
        while let Some(d) = p.get(k).and_then(|c| c.to_digit(16)) {
            n = n * 16.0 + f64::from(d);
            k += 1;
        }
        if k > i + 2 {
            return (n, k);
        }
    }
    let digits = |mut i: usize| {
        while p.get(i).is_some_and(char::is_ascii_digit) {
            i += 1;
        }
        i
    };
    i = digits(i);
    if p.get(i) == Some(&'.') {
        i = digits(i + 1);
    }
    if matches!(p.get(i), Some('e' | 'E')) {
        let sign = usize::from(matches!(p.get(i + 1), Some('+' | '-')));
        if p.get(i + 1 + sign).is_some_and(char::is_ascii_digit) {
            i = digits(i + 1 + sign);
        }
    }
    let text: String = p[from..i].iter().collect();
    (text.parse().unwrap_or(0.0), i)
}

fn quoted(p: &[char], mut i: usize) -> Option<(String, usize)> {
    let mut raw = String::new();
    loop {
        match p.get(i)? {
            '"' => return Some((unescape(&raw), i + 1)),
            '\n' => return None,
            '\\' if p.get(i + 1) == Some(&'\n') => i += 2,
            '\\' => {
                raw.extend(['\\', *p.get(i + 1)?]);
                i += 2;
            }
            c => {
                raw.push(*c);
                i += 1;
            }
        }
    }
}

/// A text with awk's escapes read; an unknown one keeps its backslash, so that `"\."` is a pattern.
pub(super) fn unescape(raw: &str) -> String {
    let p: Vec<char> = raw.chars().collect();
    let mut out = String::new();
    let mut i = 0;
    while let Some(&c) = p.get(i) {
        i += 1;
        if c != '\\' {
            out.push(c);
            continue;
        }
        let Some(&e) = p.get(i) else {
            out.push('\\');
            break;
        };
        i += 1;
        match e {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'a' => out.push('\x07'),
            'b' => out.push('\x08'),
            'f' => out.push('\x0c'),
            'v' => out.push('\x0b'),
            '\\' => out.push('\\'),
            '"' => out.push('"'),
            '/' => out.push('/'),
            '0'..='7' => {
                let mut n = e.to_digit(8).unwrap_or(0);
                for _ in 0..2 {
                    let Some(d) = p.get(i).and_then(|c| c.to_digit(8)) else { break };
                    n = n * 8 + d;
                    i += 1;
                }
                out.push(char::from(n as u8));
            }
            'x' if p.get(i).is_some_and(char::is_ascii_hexdigit) => {
                let mut n = 0;
                for _ in 0..2 {
                    let Some(d) = p.get(i).and_then(|c| c.to_digit(16)) else { break };
                    n = n * 16 + d;
                    i += 1;
                }
                out.push(char::from(n as u8));
            }
            e => out.extend(['\\', e]),
        }
    }
    out
}

fn regex(p: &[char], mut i: usize) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut class = false;
    loop {
        match p.get(i)? {
            '\n' => return None,
            '/' if !class => return Some((out, i + 1)),
            '\\' if p.get(i + 1) == Some(&'/') => {
                out.push('/');
                i += 2;
                continue;
            }
            '\\' => {
                out.extend(['\\', *p.get(i + 1)?]);
                i += 2;
                continue;
            }
            '[' if !class => {
                // A slash within brackets needs no backslash, if they are closed before the line ends.
                let rest = &p[i + 1..];
                let skip = usize::from(rest.first() == Some(&'^'));
                let close = rest.iter().skip(skip + 1).position(|c| *c == ']').map(|n| n + skip + 1);
                let slash = rest.iter().position(|c| *c == '/');
                let line = rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
                class = close.is_some_and(|n| n < line)
                    && slash.is_none_or(|s| rest[s + 1..line.max(s + 1)].contains(&'/') || close < Some(s));
                out.push('[');
                i += 1;
                for c in ['^', ']'] {
                    if class && p.get(i) == Some(&c) {
                        out.push(c);
                        i += 1;
                    }
                }
                continue;
            }
            '[' if p.get(i + 1) == Some(&':') => {
                let end = (i + 2..p.len()).find(|e| p[*e] == ':' && p.get(e + 1) == Some(&']'))?;
                out.extend(&p[i..end + 2]);
                i = end + 2;
                continue;
            }
            ']' => class = false,
            _ => {}
        }
        out.push(*p.get(i)?);
        i += 1;
    }
}
