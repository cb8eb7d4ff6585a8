//! Terms: what operators join.

use std::rc::Rc;

use super::super::ast::Ast;
use super::super::lex::{DEEP, Token};
use super::super::value::Value;
use super::{Parsed, Parser, field, rc};

impl Parser {
    pub(super) fn postfix(&mut self) -> Parsed {
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

    pub(super) fn brackets(&mut self, e: Rc<Ast>) -> Parsed {
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

    pub(super) fn object(&mut self) -> Parsed {
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
    pub(super) fn primary(&mut self) -> Parsed {
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
    pub(super) fn term(&mut self) -> Parsed {
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

    pub(super) fn post_try(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEEP {
            return Err("program nested too deeply".to_owned());
        }
        let t = self.term();
        self.depth -= 1;
        t
    }

    pub(super) fn condition(&mut self) -> Parsed {
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
