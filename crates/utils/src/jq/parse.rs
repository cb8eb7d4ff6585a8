//! Filters, from text to a tree.

mod term;

use std::rc::Rc;

use super::ast::{Ast, Function, Part, Pattern};
use super::lex::{DEEP, Piece, Token, words};
use super::value::Value;

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
}
