//! `[[ … ]]`.

use std::rc::Rc;

use super::ast::{Cond, Part, Word};
use super::compound::literal;
use super::error::ErrorKind;
use super::lexer::{Parser, Res};

const BINARY: &[&str] = &["==", "=", "!=", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"];

impl Parser<'_> {
    /// The expression after `[[`, with its `]]` taken.
    pub(super) fn cond(&mut self) -> Res<Cond> {
        let e = self.cond_or()?;
        self.newlines()?;
        if self.plain_word() == Some("]]") {
            self.skip(2);
            Ok(e)
        } else {
            Err(self.unexpected(None))
        }
    }

    fn cond_or(&mut self) -> Res<Cond> {
        self.enter()?;
        let mut left = self.cond_and()?;
        loop {
            self.newlines()?;
            if !self.eat("||") {
                break;
            }
            left = Cond::Or(Rc::new(left), Rc::new(self.cond_and()?));
        }
        self.leave();
        Ok(left)
    }

    fn cond_and(&mut self) -> Res<Cond> {
        let mut left = self.cond_not()?;
        loop {
            self.newlines()?;
            if !self.eat("&&") {
                return Ok(left);
            }
            left = Cond::And(Rc::new(left), Rc::new(self.cond_not()?));
        }
    }

    fn cond_not(&mut self) -> Res<Cond> {
        self.newlines()?;
        if self.plain_word() == Some("!") {
            self.skip(1);
            self.enter()?;
            let inner = self.cond_not()?;
            self.leave();
            return Ok(Cond::Not(Rc::new(inner)));
        }
        if self.peek() == Some(b'(') {
            let from = self.pos;
            self.bump();
            let inner = self.cond_or()?;
            self.expect_paren()?;
            return Ok(self.kept(from, self.pos).map_or(inner, Cond::Word));
        }
        self.primary()
    }

    fn primary(&mut self) -> Res<Cond> {
        if self.plain_word() == Some("]]") {
            return Err(self.unexpected(None));
        }
        let first = self.cond_word()?;
        self.blanks();
        if let Some(op) = literal(&first)
            && op.len() == 2
            && op.starts_with('-')
            && "abcdefghknoprstuvwxzGLNORS".contains(op.get(1..).unwrap_or("?"))
            && !matches!(self.plain_word(), Some("]]"))
            && !matches!(self.peek(), None | Some(b')' | b'&' | b'|'))
            && !self.plain_word().is_some_and(|w| BINARY.contains(&w))
        {
            let op: Rc<str> = op.into();
            let w = self.cond_word()?;
            return Ok(Cond::Unary(op, w));
        }
        let op = match self.peek() {
            Some(b'<' | b'>') => {
                let c = self.take_char().unwrap_or('<');
                c.to_string()
            }
            _ => match self.plain_word() {
                Some(w) if BINARY.contains(&w) => {
                    let w = w.to_owned();
                    self.skip(w.len());
                    w
                }
                _ => return Ok(Cond::Word(first)),
            },
        };
        self.blanks();
        let right = if op == "=~" { self.regex_word()? } else { self.cond_word()? };
        Ok(Cond::Binary(op.into(), first, right))
    }

    fn cond_word(&mut self) -> Res<Word> {
        // Patterns may be extended ones here, whatever shopt says.
        let outside = std::mem::replace(&mut self.extglob, true);
        self.blanks();
        let w = self.word();
        self.extglob = outside;
        w?.ok_or_else(|| self.unexpected(None))
    }

    /// A regular expression: parentheses and bars belong to it, up to a blank outside of them.
    fn regex_word(&mut self) -> Res<Word> {
        let mut parts: Vec<Part> = Vec::new();
        let mut nested = 0_u32;
        loop {
            match self.peek() {
                None => return Err(self.error(ErrorKind::Eof { expecting: None })),
                Some(b' ' | b'\t' | b'\n') if nested == 0 => break,
                Some(b @ (b'(' | b')' | b'|' | b'<' | b'>' | b'&' | b';' | b' ' | b'\t')) => {
                    if b == b')' && nested == 0 {
                        break;
                    }
                    match b {
                        b'(' => nested += 1,
                        b')' => nested -= 1,
                        _ => {}
                    }
                    self.bump();
                    parts.push(Part::Lit(char::from(b).to_string().into()));
                }
                Some(b'\n') => return Err(self.unexpected(None)),
                Some(_) => match self.word()? {
                    Some(w) => parts.extend(w.iter().cloned()),
                    None => break,
                },
            }
        }
        if parts.is_empty() { Err(self.unexpected(None)) } else { Ok(parts.into()) }
    }
}
