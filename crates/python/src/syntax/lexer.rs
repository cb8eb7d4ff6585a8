//! Source text to tokens, with indentation, as the language reference's chapter 2 says.

use super::ast::{Span, Str};
use num_bigint::BigInt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ErrKind {
    Syntax,
    Indentation,
    Tab,
}

/// What is wrong with a source text, and where.
#[derive(Clone, Debug)]
pub(crate) struct SyntaxErr {
    pub(crate) kind: ErrKind,
    pub(crate) msg: String,
    pub(crate) span: Span,
}

impl SyntaxErr {
    pub(crate) fn new(msg: impl Into<String>, span: Span) -> SyntaxErr {
        SyntaxErr { kind: ErrKind::Syntax, msg: msg.into(), span }
    }
}

pub(crate) type Res<T> = Result<T, SyntaxErr>;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tok {
    Name(Str),
    Int(i64),
    Big(BigInt),
    Float(f64),
    Str(String),
    Bytes(Vec<u8>),
    /// Character range of the body in the source.
    FString {
        raw: bool,
        start: usize,
        end: usize,
        line: u32,
        col: u32,
    },
    Op(&'static str),
    Newline,
    Indent,
    Dedent,
    End,
}

#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) tok: Tok,
    pub(crate) span: Span,
}

const OPS: &[&str] = &[
    "**=", "//=", ">>=", "<<=", "...", "==", "!=", "<=", ">=", "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
    "@=", "<>", "**", "//", "<<", ">>", ":=", "+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<", ">", "(", ")",
    "[", "]", "{", "}", ",", ":", ".", ";", "=",
];

pub(crate) struct Lexer<'a> {
    src: &'a [char],
    i: usize,
    end: usize,
    line: u32,
    col: u32,
    parens: Vec<(char, Span)>,
    out: Vec<Token>,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(src: &'a [char]) -> Lexer<'a> {
        Lexer { src, i: 0, end: src.len(), line: 1, col: 0, parens: Vec::new(), out: Vec::new() }
    }

    /// Tokens of one expression inside a bigger source (an f-string's field): no lines, no indentation.
    pub(crate) fn expression(src: &'a [char], start: usize, end: usize, line: u32, col: u32) -> Res<Vec<Token>> {
        let mut lx = Lexer { src, i: start, end, line, col, parens: vec![('{', Span::default())], out: Vec::new() };
        while lx.i < lx.end {
            lx.token()?;
        }
        let at = lx.here();
        lx.push(Tok::End, at);
        Ok(lx.out)
    }

    fn peek(&self, n: usize) -> char {
        if self.i + n < self.end { self.src.get(self.i + n).copied().unwrap_or('\0') } else { '\0' }
    }

    fn bump(&mut self) -> char {
        let c = self.peek(0);
        self.i += 1;
        if c == '\n' {
            self.line += 1;
            self.col = 0;
        } else {
            self.col += 1;
        }
        c
    }

    fn here(&self) -> Span {
        Span { line: self.line, col: self.col, end_line: self.line, end_col: self.col }
    }

    fn since(&self, start: Span) -> Span {
        start.to(self.here())
    }

    fn push(&mut self, tok: Tok, start: Span) {
        let span = self.since(start);
        self.out.push(Token { tok, span });
    }

    pub(crate) fn run(mut self) -> Res<Vec<Token>> {
        let mut indents: Vec<(usize, usize)> = vec![(0, 0)];
        while self.i < self.end {
            // At the start of a logical line: measure the indentation.
            let (mut width, mut alt) = (0usize, 0usize);
            loop {
                match self.peek(0) {
                    ' ' => {
                        width += 1;
                        alt += 1;
                    }
                    '\t' => {
                        width = (width / 8 + 1) * 8;
                        alt += 1;
                    }
                    '\x0c' => {
                        width = 0;
                        alt = 0;
                    }
                    _ => break,
                }
                self.bump();
            }
            match self.peek(0) {
                '\n' | '\r' => {
                    self.bump();
                    continue;
                }
                '#' => {
                    self.comment();
                    continue;
                }
                '\0' if self.i >= self.end => break,
                _ => {}
            }
            let at = self.here();
            let (top, top_alt) = indents.last().copied().unwrap_or((0, 0));
            if (width > top && alt <= top_alt) || (width == top && alt != top_alt) || (width < top && alt >= top_alt) {
                return Err(SyntaxErr {
                    kind: ErrKind::Tab,
                    msg: "inconsistent use of tabs and spaces in indentation".into(),
                    span: Span { col: 0, end_col: 0, ..at },
                });
            }
            if width > top {
                if indents.len() >= 100 {
                    return Err(SyntaxErr {
                        kind: ErrKind::Indentation,
                        msg: "too many levels of indentation".into(),
                        span: at,
                    });
                }
                indents.push((width, alt));
                self.push(Tok::Indent, at);
            }
            while indents.last().is_some_and(|l| l.0 > width) {
                indents.pop();
                self.push(Tok::Dedent, at);
            }
            if indents.last().is_some_and(|l| l.0 != width) {
                return Err(SyntaxErr {
                    kind: ErrKind::Indentation,
                    msg: "unindent does not match any outer indentation level".into(),
                    span: {
                        let rest = self
                            .src
                            .get(self.i..)
                            .unwrap_or(&[])
                            .iter()
                            .take_while(|c| !matches!(c, '\n' | '\r'))
                            .count() as u32;
                        Span { col: at.col + rest, end_col: at.col + rest, ..at }
                    },
                });
            }
            self.logical_line()?;
        }
        if let Some((c, span)) = self.parens.last() {
            return Err(SyntaxErr::new(format!("'{c}' was never closed"), *span));
        }
        let at = self.here();
        for _ in 1..indents.len() {
            self.push(Tok::Dedent, at);
        }
        self.push(Tok::End, at);
        Ok(self.out)
    }

    fn comment(&mut self) {
        while self.i < self.end && self.peek(0) != '\n' {
            self.bump();
        }
    }

    fn logical_line(&mut self) -> Res<()> {
        loop {
            if self.i >= self.end {
                if self.parens.is_empty() {
                    let at = self.here();
                    self.push(Tok::Newline, at);
                }
                return Ok(());
            }
            match self.peek(0) {
                '\n' if self.parens.is_empty() => {
                    let at = self.here();
                    let span = Span { end_col: at.col + 1, ..at };
                    self.out.push(Token { tok: Tok::Newline, span });
                    self.bump();
                    return Ok(());
                }
                _ => self.token()?,
            }
        }
    }

    fn token(&mut self) -> Res<()> {
        let start = self.here();
        let c = self.peek(0);
        match c {
            ' ' | '\t' | '\r' | '\n' | '\x0c' => {
                self.bump();
            }
            '#' => self.comment(),
            '\\' => {
                self.bump();
                if self.peek(0) == '\r' {
                    self.bump();
                }
                if self.bump() != '\n' {
                    return Err(SyntaxErr::new("unexpected character after line continuation character", start));
                }
            }
            '0'..='9' => self.number()?,
            '.' if self.peek(1).is_ascii_digit() => self.number()?,
            '"' | '\'' => self.string(start, "")?,
            _ if c == '_' || c.is_alphabetic() => {
                let from = self.i;
                while self.peek(0) == '_' || self.peek(0).is_alphanumeric() {
                    self.bump();
                }
                let word: String = self.src[from..self.i].iter().collect();
                if matches!(self.peek(0), '"' | '\'')
                    && matches!(word.to_ascii_lowercase().as_str(), "r" | "b" | "f" | "u" | "rb" | "br" | "rf" | "fr")
                {
                    return self.string(start, &word.to_ascii_lowercase());
                }
                self.push(Tok::Name(word.into()), start);
            }
            _ => return self.operator(start),
        }
        Ok(())
    }

    fn operator(&mut self, start: Span) -> Res<()> {
        for op in OPS {
            if op.chars().enumerate().all(|(n, o)| self.peek(n) == o) {
                for _ in 0..op.len() {
                    self.bump();
                }
                match *op {
                    "(" | "[" | "{" => {
                        if self.parens.len() >= 200 {
                            return Err(SyntaxErr::new("too many nested parentheses", start));
                        }
                        let c = op.chars().next().unwrap_or('(');
                        self.parens.push((c, self.since(start)));
                    }
                    ")" | "]" | "}" => {
                        let open = self.parens.pop();
                        let want = match *op {
                            ")" => '(',
                            "]" => '[',
                            _ => '{',
                        };
                        match open {
                            Some((c, _)) if c == want => {}
                            Some((c, at)) => {
                                let msg = if at.line == start.line {
                                    format!("closing parenthesis '{op}' does not match opening parenthesis '{c}'")
                                } else {
                                    format!(
                                        "closing parenthesis '{op}' does not match opening parenthesis '{c}' on line {}",
                                        at.line
                                    )
                                };
                                return Err(SyntaxErr::new(msg, start));
                            }
                            None => return Err(SyntaxErr::new(format!("unmatched '{op}'"), start)),
                        }
                    }
                    _ => {}
                }
                self.push(Tok::Op(op), start);
                return Ok(());
            }
        }
        let c = self.peek(0);
        Err(match c {
            '$' | '?' | '!' | '`' => SyntaxErr::new("invalid syntax", start),
            _ => SyntaxErr::new(format!("invalid non-printable character U+{:04X}", c as u32), start),
        })
    }

    fn number(&mut self) -> Res<()> {
        let start = self.here();
        let radix = match (self.peek(0), self.peek(1).to_ascii_lowercase()) {
            ('0', 'x') => 16,
            ('0', 'o') => 8,
            ('0', 'b') => 2,
            _ => 10,
        };
        let mut text = String::new();
        if radix != 10 {
            self.bump();
            self.bump();
            while self.peek(0).is_digit(radix) || self.peek(0) == '_' {
                let c = self.bump();
                if c != '_' {
                    text.push(c);
                }
            }
            let name = match radix {
                16 => "hexadecimal",
                8 => "octal",
                _ => "binary",
            };
            if text.is_empty() || self.peek(0).is_alphanumeric() {
                return Err(SyntaxErr::new(format!("invalid {name} literal"), start));
            }
            return self.integer(&text, radix, start);
        }
        let mut float = false;
        loop {
            let c = self.peek(0);
            if c.is_ascii_digit() || (c == '_' && self.peek(1).is_ascii_digit()) {
                if self.bump() != '_' {
                    text.push(c);
                }
            } else if c == '.' && !float {
                float = true;
                text.push(self.bump());
            } else if (c == 'e' || c == 'E')
                && (self.peek(1).is_ascii_digit()
                    || (matches!(self.peek(1), '+' | '-') && self.peek(2).is_ascii_digit()))
            {
                float = true;
                text.push(self.bump());
                text.push(self.bump());
                while self.peek(0).is_ascii_digit() {
                    text.push(self.bump());
                }
                break;
            } else {
                break;
            }
        }
        if (self.peek(0).is_alphabetic() || self.peek(0) == '_') && !self.keyword_follows() {
            let span = Span { end_col: start.col + 1, ..start };
            return Err(SyntaxErr::new("invalid decimal literal", span));
        }
        if float {
            let v: f64 = text.parse().unwrap_or(0.0);
            self.push(Tok::Float(v), start);
            return Ok(());
        }
        if text.len() > 1 && text.starts_with('0') && text.bytes().any(|b| b != b'0') {
            return Err(SyntaxErr::new(
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
                Span { end_col: start.col + 1, ..start },
            ));
        }
        self.integer(&text, 10, start)
    }

    /// `1if x else y` is allowed: a keyword may follow a number directly.
    fn keyword_follows(&self) -> bool {
        ["and", "else", "for", "if", "in", "is", "not", "or"]
            .iter()
            .any(|k| k.chars().enumerate().all(|(n, c)| self.peek(n) == c) && !self.peek(k.len()).is_alphanumeric())
    }

    fn integer(&mut self, text: &str, radix: u32, start: Span) -> Res<()> {
        let tok = match i64::from_str_radix(text, radix) {
            Ok(v) => Tok::Int(v),
            Err(_) if text.len() > 4300 && radix == 10 => {
                return Err(SyntaxErr::new(
                    "Exceeds the limit (4300 digits) for integer string conversion - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.",
                    start,
                ));
            }
            Err(_) => Tok::Big(BigInt::parse_bytes(text.as_bytes(), radix).unwrap_or_default()),
        };
        self.push(tok, start);
        Ok(())
    }

    fn string(&mut self, start: Span, prefix: &str) -> Res<()> {
        let raw = prefix.contains('r');
        let bytes = prefix.contains('b');
        let fstr = prefix.contains('f');
        let quote = self.bump();
        let triple = self.peek(0) == quote && self.peek(1) == quote;
        if triple {
            self.bump();
            self.bump();
        }
        let (from, line, col) = (self.i, self.line, self.col);
        loop {
            if self.i >= self.end || (!triple && self.peek(0) == '\n') {
                let body = self.src.get(..self.i.min(self.src.len())).unwrap_or(&[]);
                let body = if triple { body.strip_suffix(&['\n']).unwrap_or(body) } else { body };
                let last = body.iter().filter(|c| **c == '\n').count() as u32 + 1;
                let kind = if triple { "triple-quoted string" } else { "string" };
                return Err(SyntaxErr::new(
                    format!("unterminated {kind} literal (detected at line {last})"),
                    Span { end_line: start.line, end_col: start.col, ..start },
                ));
            }
            let c = self.peek(0);
            if c == '\\' {
                self.bump();
                self.bump();
            } else if c == quote && (!triple || (self.peek(1) == quote && self.peek(2) == quote)) {
                break;
            } else {
                self.bump();
            }
        }
        let to = self.i;
        for _ in 0..if triple { 3 } else { 1 } {
            self.bump();
        }
        let tok = if fstr {
            Tok::FString { raw, start: from, end: to, line, col }
        } else if bytes {
            let body = &self.src[from..to];
            if body.iter().any(|c| !c.is_ascii()) {
                return Err(SyntaxErr::new("bytes can only contain ASCII literal characters", self.since(start)));
            }
            Tok::Bytes(if raw { body.iter().map(|c| *c as u8).collect() } else { unescape_bytes(body, start)? })
        } else if raw {
            Tok::Str(self.src[from..to].iter().collect())
        } else {
            Tok::Str(unescape(&self.src[from..to], self.since(start))?)
        };
        self.push(tok, start);
        Ok(())
    }
}

/// Escape sequences of a string literal.
pub(crate) fn unescape(body: &[char], span: Span) -> Res<String> {
    let mut out = String::with_capacity(body.len());
    let mut i = 0;
    while let Some(&c) = body.get(i) {
        i += 1;
        if c != '\\' {
            if c != '\r' {
                out.push(c);
            }
            continue;
        }
        let e = body.get(i).copied().unwrap_or('\\');
        i += 1;
        let hex = |n: usize, i: usize| -> Option<u32> {
            let s: String = body.get(i..i + n)?.iter().collect();
            u32::from_str_radix(&s, 16).ok()
        };
        match e {
            '\n' => {}
            '\\' | '\'' | '"' => out.push(e),
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'a' => out.push('\x07'),
            'b' => out.push('\x08'),
            'f' => out.push('\x0c'),
            'v' => out.push('\x0b'),
            '0'..='7' => {
                let mut v = e as u32 - 48;
                for _ in 0..2 {
                    match body.get(i) {
                        Some(d @ '0'..='7') => {
                            v = v * 8 + (*d as u32 - 48);
                            i += 1;
                        }
                        _ => break,
                    }
                }
                out.push(char::from_u32(v).unwrap_or('\u{fffd}'));
            }
            'x' | 'u' | 'U' => {
                let n = match e {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let Some(v) = hex(n, i) else {
                    let mask = "X".repeat(n);
                    let what = if e == 'x' { "\\xXX".into() } else { format!("\\{e}{mask}") };
                    return Err(SyntaxErr::new(
                        format!(
                            "(unicode error) 'unicodeescape' codec can't decode bytes in position {}-{}: truncated {what} escape",
                            i - 2,
                            i - 1
                        ),
                        span,
                    ));
                };
                i += n;
                out.push(char::from_u32(v).unwrap_or('\u{fffd}'));
            }
            other => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    Ok(out)
}

fn unescape_bytes(body: &[char], span: Span) -> Res<Vec<u8>> {
    // In a bytes literal \x80 is a byte, in a string a code point below 256: the same number.
    Ok(unescape(body, span)?.chars().map(|c| c as u32 as u8).collect())
}
