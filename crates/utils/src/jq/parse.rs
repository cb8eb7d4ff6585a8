//! Filters, from text to a tree.

use std::rc::Rc;

use super::value::Value;

/// A filter.
#[derive(Debug)]
pub(super) enum Ast {
    Identity,
    Recurse,
    Index(Rc<Ast>, Rc<Ast>),
    Slice(Rc<Ast>, Option<Rc<Ast>>, Option<Rc<Ast>>),
    Iterate(Rc<Ast>),
    Const(Value),
    /// Parts of text; others are filters whose values are put through a format.
    Text(Option<String>, Vec<Part>),
    Format(String),
    Array(Option<Rc<Ast>>),
    Object(Vec<(Rc<Ast>, Rc<Ast>)>),
    Negative(Rc<Ast>),
    Pipe(Rc<Ast>, Rc<Ast>),
    Comma(Rc<Ast>, Rc<Ast>),
    Binary(&'static str, Rc<Ast>, Rc<Ast>),
    And(Rc<Ast>, Rc<Ast>),
    Or(Rc<Ast>, Rc<Ast>),
    Else(Rc<Ast>, Rc<Ast>),
    Assign(&'static str, Rc<Ast>, Rc<Ast>),
    Try(Rc<Ast>, Option<Rc<Ast>>),
    If(Rc<Ast>, Rc<Ast>, Rc<Ast>),
    Reduce(Rc<Ast>, Pattern, Rc<Ast>, Rc<Ast>),
    Foreach(Rc<Ast>, Pattern, Rc<Ast>, Rc<Ast>, Option<Rc<Ast>>),
    Define(Rc<Function>, Rc<Ast>),
    Call(String, Vec<Rc<Ast>>),
    Var(String),
    As(Rc<Ast>, Vec<Pattern>, Rc<Ast>),
    Label(String, Rc<Ast>),
    Break(String),
}

/// A part of a string.
#[derive(Debug)]
pub(super) enum Part {
    Plain(String),
    Filter(Rc<Ast>),
}

/// What `as` binds.
#[derive(Clone, Debug)]
pub(super) enum Pattern {
    Var(String),
    Array(Vec<Pattern>),
    Object(Vec<(Option<String>, Rc<Ast>, Option<Pattern>)>),
}

/// `def name(params): body;`
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) parameters: Vec<String>,
    pub(super) body: Rc<Ast>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
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
enum Piece {
    Plain(String),
    Inner(Vec<Token>),
}

const SIGNS: &[&str] = &[
    "?//", "|=", "+=", "-=", "*=", "/=", "%=", "//=", "==", "!=", "<=", ">=", "//", "..", "|", ",", ".", "[", "]", "(",
    ")", "{", "}", ":", ";", "=", "<", ">", "+", "-", "*", "/", "%", "?",
];

/// Brackets within brackets.
const DEEP: usize = 100;

fn words(p: &[char], i: &mut usize, inner: bool, depth: usize) -> Result<Vec<Token>, String> {
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

fn string(p: &[char], i: &mut usize, depth: usize) -> Result<Vec<Piece>, String> {
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

struct Parser {
    words: Vec<Token>,
    at: usize,
    depth: usize,
}

type Parsed = Result<Rc<Ast>, String>;

/// A whole program.
pub(super) fn parse(text: &str) -> Parsed {
    let p: Vec<char> = text.chars().collect();
    let words = words(&p, &mut 0, false, 0)?;
    let mut parser = Parser { words, at: 0, depth: 0 };
    parser.whole()
}

fn rc(a: Ast) -> Rc<Ast> {
    Rc::new(a)
}

/// `a.b` as field names.
fn field(target: Rc<Ast>, name: impl Into<Rc<str>>) -> Rc<Ast> {
    rc(Ast::Index(target, rc(Ast::Const(Value::text(name)))))
}

impl Parser {
    fn peek(&self) -> &Token {
        self.words.get(self.at).unwrap_or(&Token::End)
    }
    fn at(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(s) if *s == sign)
    }
    fn take(&mut self, sign: &str) -> bool {
        let yes = self.at(sign);
        self.at += usize::from(yes);
        yes
    }
    fn word(&mut self, word: &str) -> bool {
        let yes = matches!(self.peek(), Token::Name(n) if n == word);
        self.at += usize::from(yes);
        yes
    }
    fn wrong<T>(&self) -> Result<T, String> {
        let what = match self.peek() {
            Token::End => "$end".to_owned(),
            Token::Sign(s) => format!("'{s}'"),
            Token::Name(_) => "IDENT".to_owned(),
            Token::Field(_) => "FIELD".to_owned(),
            Token::Number(_) => "LITERAL".to_owned(),
            Token::Text(_) => "QQSTRING_START".to_owned(),
            Token::Var(_) => "'$'".to_owned(),
            Token::Format(_) => "FORMAT".to_owned(),
        };
        Err(format!("syntax error, unexpected {what}"))
    }
    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.take(sign) { Ok(()) } else { self.wrong() }
    }
    fn expect_word(&mut self, word: &str) -> Result<(), String> {
        if self.word(word) { Ok(()) } else { self.wrong() }
    }

    fn whole(&mut self) -> Parsed {
        if self.peek() == &Token::End {
            return Ok(rc(Ast::Identity));
        }
        let a = self.pipe()?;
        if self.peek() == &Token::End { Ok(a) } else { self.wrong() }
    }

    fn pipe(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEEP {
            return Err("program nested too deeply".to_owned());
        }
        let r = self.pipe_();
        self.depth -= 1;
        r
    }

    fn pipe_(&mut self) -> Parsed {
        let mut defs = Vec::new();
        while self.word("def") {
            defs.push(Rc::new(self.definition()?));
        }
        if !defs.is_empty() {
            let rest = if self.peek() == &Token::End { rc(Ast::Identity) } else { self.pipe()? };
            return Ok(defs.into_iter().rev().fold(rest, |rest, f| rc(Ast::Define(f, rest))));
        }
        let left = self.binary(0)?;
        if self.word("as") {
            let mut patterns = vec![self.pattern()?];
            while self.take("?//") {
                patterns.push(self.pattern()?);
            }
            self.expect("|")?;
            let body = self.pipe()?;
            return Ok(rc(Ast::As(left, patterns, body)));
        }
        if self.take("|") {
            let right = self.pipe()?;
            return Ok(rc(Ast::Pipe(left, right)));
        }
        Ok(left)
    }

    fn definition(&mut self) -> Result<Function, String> {
        let Token::Name(name) = self.peek().clone() else { return self.wrong() };
        self.at += 1;
        let mut parameters = Vec::new();
        if self.take("(") {
            loop {
                match self.peek().clone() {
                    Token::Name(n) => parameters.push(n),
                    Token::Var(n) => parameters.push(format!("${n}")),
                    _ => return self.wrong(),
                }
                self.at += 1;
                if !self.take(";") {
                    break;
                }
            }
            self.expect(")")?;
        }
        self.expect(":")?;
        let body = self.pipe()?;
        self.expect(";")?;
        Ok(Function { name, parameters, body })
    }

    /// By precedence, lowest first: `,` `//` assignments `or` `and` comparisons `+ -` `* / %`.
    fn binary(&mut self, level: usize) -> Parsed {
        if level == 8 {
            return self.postfix();
        }
        let mut left = self.binary(level + 1)?;
        let mut long = 0;
        loop {
            long += 1;
            if long > 500 {
                return Err("expression too long".to_owned());
            }
            let op = match self.peek() {
                Token::Sign(s) => *s,
                Token::Name(n) if n == "and" => "and",
                Token::Name(n) if n == "or" => "or",
                _ => return Ok(left),
            };
            let own: &[&str] = match level {
                0 => &[","],
                1 => &["//"],
                2 => &["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="],
                3 => &["or"],
                4 => &["and"],
                5 => &["==", "!=", "<", "<=", ">", ">="],
                6 => &["+", "-"],
                _ => &["*", "/", "%"],
            };
            if !own.contains(&op) {
                return Ok(left);
            }
            self.at += 1;
            let right = match level {
                // Right-associative.
                1 => self.binary(1)?,
                2 => self.binary(1)?,
                _ => self.binary(level + 1)?,
            };
            left = rc(match level {
                0 => Ast::Comma(left, right),
                1 => Ast::Else(left, right),
                2 => Ast::Assign(op, left, right),
                3 => Ast::Or(left, right),
                4 => Ast::And(left, right),
                _ => Ast::Binary(op, left, right),
            });
            if matches!(level, 2 | 5) {
                return Ok(left);
            }
        }
    }

    fn pattern(&mut self) -> Result<Pattern, String> {
        self.depth += 1;
        if self.depth > DEEP {
            return Err("pattern nested too deeply".to_owned());
        }
        let p = match self.peek().clone() {
            Token::Var(n) => {
                self.at += 1;
                Pattern::Var(n)
            }
            Token::Sign("[") => {
                self.at += 1;
                let mut all = Vec::new();
                loop {
                    all.push(self.pattern()?);
                    if !self.take(",") {
                        break;
                    }
                }
                self.expect("]")?;
                Pattern::Array(all)
            }
            Token::Sign("{") => {
                self.at += 1;
                let mut all = Vec::new();
                loop {
                    let (var, key) = match self.peek().clone() {
                        Token::Var(n) => {
                            self.at += 1;
                            (Some(n.clone()), rc(Ast::Const(Value::text(n))))
                        }
                        Token::Name(n) => {
                            self.at += 1;
                            (None, rc(Ast::Const(Value::text(n))))
                        }
                        Token::Text(parts) => {
                            self.at += 1;
                            (None, self.text(None, parts)?)
                        }
                        Token::Sign("(") => {
                            self.at += 1;
                            let e = self.pipe()?;
                            self.expect(")")?;
                            (None, e)
                        }
                        _ => return self.wrong(),
                    };
                    let value = if self.take(":") { Some(self.pattern()?) } else { None };
                    if var.is_none() && value.is_none() {
                        return self.wrong();
                    }
                    all.push((var, key, value));
                    if !self.take(",") {
                        break;
                    }
                }
                self.expect("}")?;
                Pattern::Object(all)
            }
            _ => return self.wrong(),
        };
        self.depth -= 1;
        Ok(p)
    }

    fn text(&mut self, format: Option<String>, pieces: Vec<Piece>) -> Parsed {
        let mut parts = Vec::new();
        for p in pieces {
            match p {
                Piece::Plain(t) if t.is_empty() => {}
                Piece::Plain(t) => parts.push(Part::Plain(t)),
                Piece::Inner(words) => {
                    let mut inner = Parser { words, at: 0, depth: self.depth + 1 };
                    if inner.depth > DEEP {
                        return Err("program nested too deeply".to_owned());
                    }
                    parts.push(Part::Filter(inner.whole()?));
                }
            }
        }
        Ok(match parts.as_slice() {
            [] => rc(Ast::Const(Value::text(""))),
            [Part::Plain(t)] => rc(Ast::Const(Value::text(t.as_str()))),
            _ => rc(Ast::Text(format, parts)),
        })
    }

    fn postfix(&mut self) -> Parsed {
        let mut e = self.primary()?;
        loop {
            e = match self.peek().clone() {
                Token::Field(name) => {
                    self.at += 1;
                    field(e, name)
                }
                Token::Sign(".") => match self.words.get(self.at + 1).cloned() {
                    Some(Token::Text(parts)) => {
                        self.at += 2;
                        let key = self.text(None, parts)?;
                        rc(Ast::Index(e, key))
                    }
                    Some(Token::Sign("[")) => {
                        self.at += 1;
                        continue;
                    }
                    _ => return self.wrong(),
                },
                Token::Sign("[") => {
                    self.at += 1;
                    self.brackets(e)?
                }
                Token::Sign("?") => {
                    self.at += 1;
                    rc(Ast::Try(e, None))
                }
                Token::Name(n) if n == "as" => {
                    // `term as $x | body` binds closer than operators before it.
                    self.at += 1;
                    let mut patterns = vec![self.pattern()?];
                    while self.take("?//") {
                        patterns.push(self.pattern()?);
                    }
                    self.expect("|")?;
                    let body = self.pipe()?;
                    return Ok(rc(Ast::As(e, patterns, body)));
                }
                _ => return Ok(e),
            };
        }
    }

    fn brackets(&mut self, e: Rc<Ast>) -> Parsed {
        if self.take("]") {
            return Ok(rc(Ast::Iterate(e)));
        }
        if self.take(":") {
            let to = self.pipe()?;
            self.expect("]")?;
            return Ok(rc(Ast::Slice(e, None, Some(to))));
        }
        let from = self.pipe()?;
        if self.take(":") {
            let to = if self.at("]") { None } else { Some(self.pipe()?) };
            self.expect("]")?;
            return Ok(rc(Ast::Slice(e, Some(from), to)));
        }
        self.expect("]")?;
        Ok(rc(Ast::Index(e, from)))
    }

    fn object(&mut self) -> Parsed {
        let mut pairs = Vec::new();
        while !self.at("}") {
            let token = self.peek().clone();
            self.at += 1;
            let (key, short) = match token {
                Token::Name(n) => (rc(Ast::Const(Value::text(n.as_str()))), Some(field(rc(Ast::Identity), n))),
                Token::Var(n) if n == "__loc__" => {
                    let loc = Value::object(vec![("file", Value::text("<top-level>")), ("line", Value::Number(1.0))]);
                    (rc(Ast::Const(Value::text(n))), Some(rc(Ast::Const(loc))))
                }
                Token::Var(n) => (rc(Ast::Const(Value::text(n.as_str()))), Some(rc(Ast::Var(n)))),
                Token::Number(n) => (rc(Ast::Const(Value::Number(n))), None),
                Token::Text(parts) => {
                    let k = self.text(None, parts)?;
                    (k.clone(), Some(rc(Ast::Index(rc(Ast::Identity), k))))
                }
                Token::Format(f) => match self.peek().clone() {
                    Token::Text(parts) => {
                        self.at += 1;
                        let k = self.text(Some(f), parts)?;
                        (k.clone(), Some(rc(Ast::Index(rc(Ast::Identity), k))))
                    }
                    _ => (rc(Ast::Format(f)), None),
                },
                Token::Sign("(") => {
                    let k = self.pipe()?;
                    self.expect(")")?;
                    (k, None)
                }
                _ => {
                    self.at -= 1;
                    return self.wrong();
                }
            };
            let value = if self.take(":") {
                // Without commas: those part the pairs.
                let mut v = self.binary(1)?;
                while self.take("|") {
                    let next = self.binary(1)?;
                    v = rc(Ast::Pipe(v, next));
                }
                v
            } else {
                match short {
                    Some(s) => s,
                    None => return self.wrong(),
                }
            };
            pairs.push((key, value));
            if !self.take(",") {
                break;
            }
        }
        self.expect("}")?;
        Ok(rc(Ast::Object(pairs)))
    }

    #[allow(clippy::too_many_lines, reason = "one arm a kind of term")]
    fn primary(&mut self) -> Parsed {
        let token = self.peek().clone();
        self.at += 1;
        Ok(match token {
            Token::Number(n) => rc(Ast::Const(Value::Number(n))),
            Token::Text(parts) => self.text(None, parts)?,
            Token::Format(f) => match self.peek().clone() {
                Token::Text(parts) => {
                    self.at += 1;
                    self.text(Some(f), parts)?
                }
                _ => rc(Ast::Format(f)),
            },
            Token::Field(name) => field(rc(Ast::Identity), name),
            Token::Var(n) if n == "__loc__" => {
                rc(Ast::Const(Value::object(vec![("file", Value::text("<top-level>")), ("line", Value::Number(1.0))])))
            }
            Token::Var(n) => rc(Ast::Var(n)),
            Token::Sign(".") => match self.peek().clone() {
                Token::Text(parts) => {
                    self.at += 1;
                    let key = self.text(None, parts)?;
                    rc(Ast::Index(rc(Ast::Identity), key))
                }
                _ => rc(Ast::Identity),
            },
            Token::Sign("..") => rc(Ast::Recurse),
            Token::Sign("-") => {
                self.depth += 1;
                if self.depth > DEEP {
                    return Err("program nested too deeply".to_owned());
                }
                let e = self.postfix()?;
                self.depth -= 1;
                rc(Ast::Negative(e))
            }
            Token::Sign("(") => {
                let e = self.pipe()?;
                self.expect(")")?;
                e
            }
            Token::Sign("[") => {
                if self.take("]") {
                    rc(Ast::Array(None))
                } else {
                    let e = self.pipe()?;
                    self.expect("]")?;
                    rc(Ast::Array(Some(e)))
                }
            }
            Token::Sign("{") => self.object()?,
            Token::Name(name) => match name.as_str() {
                "if" => self.condition()?,
                "try" => {
                    let body = self.post_try()?;
                    let catch = if self.word("catch") { Some(self.post_try()?) } else { None };
                    rc(Ast::Try(body, catch))
                }
                "reduce" | "foreach" => {
                    let source = self.term()?;
                    self.expect_word("as")?;
                    let pattern = self.pattern()?;
                    self.expect("(")?;
                    let init = self.pipe()?;
                    self.expect(";")?;
                    let update = self.pipe()?;
                    let extract = if name == "foreach" && self.take(";") { Some(self.pipe()?) } else { None };
                    self.expect(")")?;
                    if name == "reduce" {
                        rc(Ast::Reduce(source, pattern, init, update))
                    } else {
                        rc(Ast::Foreach(source, pattern, init, update, extract))
                    }
                }
                "label" => {
                    let Token::Var(n) = self.peek().clone() else { return self.wrong() };
                    self.at += 1;
                    self.expect("|")?;
                    rc(Ast::Label(n, self.pipe()?))
                }
                "break" => {
                    let Token::Var(n) = self.peek().clone() else { return self.wrong() };
                    self.at += 1;
                    rc(Ast::Break(n))
                }
                "def" => {
                    let f = self.definition()?;
                    let rest = self.pipe()?;
                    rc(Ast::Define(Rc::new(f), rest))
                }
                "then" | "else" | "elif" | "end" | "as" | "catch" | "and" | "or" => {
                    self.at -= 1;
                    return self.wrong();
                }
                "null" => rc(Ast::Const(Value::Null)),
                "true" => rc(Ast::Const(Value::Bool(true))),
                "false" => rc(Ast::Const(Value::Bool(false))),
                _ => {
                    let mut args = Vec::new();
                    if self.take("(") {
                        loop {
                            args.push(self.pipe()?);
                            if !self.take(";") {
                                break;
                            }
                        }
                        self.expect(")")?;
                    }
                    rc(Ast::Call(name, args))
                }
            },
            _ => {
                self.at -= 1;
                return self.wrong();
            }
        })
    }

    /// A term with its indexes, without `as`.
    fn term(&mut self) -> Parsed {
        let mut e = self.primary()?;
        loop {
            e = match self.peek().clone() {
                Token::Field(name) => {
                    self.at += 1;
                    field(e, name)
                }
                Token::Sign("[") => {
                    self.at += 1;
                    self.brackets(e)?
                }
                Token::Sign(".") if matches!(self.words.get(self.at + 1), Some(Token::Sign("["))) => {
                    self.at += 1;
                    e
                }
                Token::Sign("?") => {
                    self.at += 1;
                    rc(Ast::Try(e, None))
                }
                _ => return Ok(e),
            };
        }
    }

    fn post_try(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEEP {
            return Err("program nested too deeply".to_owned());
        }
        let t = self.term();
        self.depth -= 1;
        t
    }

    fn condition(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEEP {
            return Err("program nested too deeply".to_owned());
        }
        let cond = self.pipe()?;
        self.expect_word("then")?;
        let yes = self.pipe()?;
        let no = if self.word("elif") {
            self.condition()?
        } else if self.word("else") {
            let no = self.pipe()?;
            self.expect_word("end")?;
            no
        } else {
            self.expect_word("end")?;
            rc(Ast::Identity)
        };
        self.depth -= 1;
        Ok(rc(Ast::If(cond, yes, no)))
    }
}
