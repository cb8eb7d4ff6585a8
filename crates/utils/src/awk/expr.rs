//! Expressions, as a tree, by precedence.

use super::code::From;
use super::lex::Token;
use super::parse::{Parser, Wrong};

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Expr {
    Number(f64),
    Text(String),
    Regex(String),
    Var(String),
    Field(Box<Expr>),
    Elem(String, Vec<Expr>),
    Assign(Box<Expr>, Option<char>, Box<Expr>),
    Step(Box<Expr>, f64, bool),
    Binary(char, Box<Expr>, Box<Expr>),
    Compare(&'static str, Box<Expr>, Box<Expr>),
    Concat(Vec<Expr>),
    Unary(char, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Cond(Box<Expr>, Box<Expr>, Box<Expr>),
    Match(bool, Box<Expr>, Box<Expr>),
    In(Vec<Expr>, String),
    Group(Box<Expr>),
    Call(String, Vec<Expr>),
    Builtin(&'static str, Vec<Expr>),
    Getline(From, Option<Box<Expr>>, Option<Box<Expr>>),
}

impl Expr {
    pub(super) fn assignable(&self) -> bool {
        matches!(self, Self::Var(_) | Self::Field(_) | Self::Elem(..))
    }
}

/// How deep expressions may be nested; their compilation recurses.
const DEEP: usize = 60;
/// How many operators of one kind may follow each other.
const LONG: usize = 2000;

type Parse = Result<Expr, Wrong>;

fn boxed(e: Expr) -> Box<Expr> {
    Box::new(e)
}

impl Parser<'_> {
    /// A whole expression.
    pub(super) fn expr(&mut self) -> Parse {
        self.depth += 1;
        if self.depth > DEEP {
            return Err(self.wrong("expression too complex"));
        }
        let e = self.ternary();
        self.depth -= 1;
        e
    }

    /// Expressions with commas between.
    pub(super) fn list(&mut self, end: &'static str) -> Result<Vec<Expr>, Wrong> {
        let mut all = Vec::new();
        self.newlines();
        while !self.at(end) {
            all.push(self.expr()?);
            self.newlines();
            if !self.take(",") {
                break;
            }
            self.newlines();
        }
        Ok(all)
    }

    fn free(&mut self, end: &'static str) -> Result<Vec<Expr>, Wrong> {
        let (gt, within) = (std::mem::replace(&mut self.no_greater, false), std::mem::replace(&mut self.no_in, false));
        let all = self.list(end);
        (self.no_greater, self.no_in) = (gt, within);
        let all = all?;
        self.expect(end)?;
        Ok(all)
    }

    fn ternary(&mut self) -> Parse {
        let cond = self.or()?;
        if !self.take("?") {
            return Ok(cond);
        }
        self.newlines();
        let yes = self.expr()?;
        self.newlines();
        self.expect(":")?;
        self.newlines();
        let no = self.expr()?;
        Ok(Expr::Cond(boxed(cond), boxed(yes), boxed(no)))
    }

    fn or(&mut self) -> Parse {
        let mut e = self.and()?;
        let mut n = 0;
        while self.take("||") {
            self.newlines();
            e = Expr::Or(boxed(e), boxed(self.and()?));
            n += 1;
            if n > LONG / 10 {
                return Err(self.wrong("expression too complex"));
            }
        }
        Ok(e)
    }

    fn and(&mut self) -> Parse {
        let mut e = self.within()?;
        let mut n = 0;
        while self.take("&&") {
            self.newlines();
            e = Expr::And(boxed(e), boxed(self.within()?));
            n += 1;
            if n > LONG / 10 {
                return Err(self.wrong("expression too complex"));
            }
        }
        Ok(e)
    }

    fn within(&mut self) -> Parse {
        let mut e = self.matching()?;
        while !self.no_in && self.peek() == &Token::Word("in") {
            self.bump();
            let Token::Name(array) = self.peek().clone() else { return Err(self.syntax()) };
            self.bump();
            e = Expr::In(vec![e], array);
        }
        Ok(e)
    }

    fn matching(&mut self) -> Parse {
        let mut e = self.comparison()?;
        loop {
            let not = match self.peek() {
                Token::Sign("~") => false,
                Token::Sign("!~") => true,
                _ => return Ok(e),
            };
            self.bump();
            e = Expr::Match(not, boxed(e), boxed(self.comparison()?));
        }
    }

    fn comparison(&mut self) -> Parse {
        let mut e = self.concat()?;
        loop {
            match *self.peek() {
                Token::Sign("|") if self.peek_at(1) == &Token::Word("getline") => {
                    self.bump();
                    self.bump();
                    let target = self.target()?;
                    e = Expr::Getline(From::Pipe, Some(boxed(e)), target);
                }
                Token::Sign(s @ ("<" | "<=" | "==" | "!=" | ">=")) => {
                    self.bump();
                    e = Expr::Compare(s, boxed(e), boxed(self.concat()?));
                }
                Token::Sign(">") if !self.no_greater => {
                    self.bump();
                    e = Expr::Compare(">", boxed(e), boxed(self.concat()?));
                }
                _ => return Ok(e),
            }
        }
    }

    fn concat(&mut self) -> Parse {
        let first = self.additive()?;
        let mut all = vec![first];
        loop {
            let more = match self.peek() {
                Token::Number(_) | Token::Text(_) | Token::Name(_) | Token::Call(_) | Token::Builtin(_) => true,
                Token::Regex(_) => true,
                Token::Sign(s) => matches!(*s, "$" | "!" | "(" | "-" | "+" | "++" | "--"),
                _ => false,
            };
            if !more {
                break;
            }
            all.push(self.additive()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Expr::Concat(all) })
    }

    fn additive(&mut self) -> Parse {
        let mut e = self.multiplicative()?;
        let mut n = 0;
        loop {
            let op = match self.peek() {
                Token::Sign("+") => '+',
                Token::Sign("-") => '-',
                _ => return Ok(e),
            };
            self.bump();
            e = Expr::Binary(op, boxed(e), boxed(self.multiplicative()?));
            n += 1;
            if n > LONG / 10 {
                return Err(self.wrong("expression too complex"));
            }
        }
    }

    fn multiplicative(&mut self) -> Parse {
        let mut e = self.unary()?;
        loop {
            let op = match self.peek() {
                Token::Sign("*") => '*',
                Token::Sign("/") => '/',
                Token::Sign("%") => '%',
                _ => return Ok(e),
            };
            self.bump();
            e = Expr::Binary(op, boxed(e), boxed(self.unary()?));
        }
    }

    fn unary(&mut self) -> Parse {
        let op = match self.peek() {
            Token::Sign("!") => '!',
            Token::Sign("-") => '-',
            Token::Sign("+") => '+',
            _ => return self.power(),
        };
        self.bump();
        self.depth += 1;
        if self.depth > DEEP {
            return Err(self.wrong("expression too complex"));
        }
        let e = self.unary();
        self.depth -= 1;
        Ok(Expr::Unary(op, boxed(e?)))
    }

    fn power(&mut self) -> Parse {
        let base = self.postfix(true)?;
        if !self.take("^") {
            return Ok(base);
        }
        self.depth += 1;
        if self.depth > DEEP {
            return Err(self.wrong("expression too complex"));
        }
        // Right-associative, and `2^-1` is right.
        let exponent = self.unary();
        self.depth -= 1;
        Ok(Expr::Binary('^', boxed(base), boxed(exponent?)))
    }

    /// What `getline` assigns to.
    fn target(&mut self) -> Result<Option<Box<Expr>>, Wrong> {
        match self.peek() {
            Token::Name(_) | Token::Sign("$") => Ok(Some(boxed(self.primary(false)?))),
            _ => Ok(None),
        }
    }

    fn postfix(&mut self, assign: bool) -> Parse {
        let e = self.primary(assign)?;
        if !e.assignable() {
            return Ok(e);
        }
        let (op, delta) = match self.peek() {
            Token::Sign("++") => (None, 1.0),
            Token::Sign("--") => (None, -1.0),
            Token::Sign("=") => (None, 0.0),
            Token::Sign("+=") => (Some('+'), 0.0),
            Token::Sign("-=") => (Some('-'), 0.0),
            Token::Sign("*=") => (Some('*'), 0.0),
            Token::Sign("/=") => (Some('/'), 0.0),
            Token::Sign("%=") => (Some('%'), 0.0),
            Token::Sign("^=") => (Some('^'), 0.0),
            _ => return Ok(e),
        };
        if delta != 0.0 {
            self.bump();
            return Ok(Expr::Step(boxed(e), delta, true));
        }
        if !assign {
            return Ok(e);
        }
        self.bump();
        self.newlines();
        let value = self.expr()?;
        Ok(Expr::Assign(boxed(e), op, boxed(value)))
    }

    #[allow(clippy::too_many_lines, reason = "one arm a kind of primary")]
    fn primary(&mut self, _assign: bool) -> Parse {
        let token = self.peek().clone();
        self.bump();
        match token {
            Token::Number(n) => Ok(Expr::Number(n)),
            Token::Text(t) => Ok(Expr::Text(t)),
            Token::Regex(r) => Ok(Expr::Regex(r)),
            Token::Name(name) => {
                if !self.take("[") {
                    return Ok(Expr::Var(name));
                }
                let keys = self.free("]")?;
                if keys.is_empty() { Err(self.syntax()) } else { Ok(Expr::Elem(name, keys)) }
            }
            Token::Call(name) => {
                self.expect("(")?;
                Ok(Expr::Call(name, self.free(")")?))
            }
            Token::Builtin("length") if !self.at("(") => Ok(Expr::Builtin("length", Vec::new())),
            Token::Builtin(name) => {
                self.expect("(")?;
                Ok(Expr::Builtin(name, self.free(")")?))
            }
            Token::Sign("$") => {
                self.depth += 1;
                if self.depth > DEEP {
                    return Err(self.wrong("expression too complex"));
                }
                let e = match *self.peek() {
                    Token::Sign(s @ ("++" | "--")) => {
                        self.bump();
                        let e = self.primary(false)?;
                        Expr::Step(boxed(e), if s == "++" { 1.0 } else { -1.0 }, false)
                    }
                    Token::Sign(s @ ("-" | "+" | "!")) => {
                        self.bump();
                        Expr::Unary(s.chars().next().unwrap_or('-'), boxed(self.primary(false)?))
                    }
                    _ => self.primary(false)?,
                };
                self.depth -= 1;
                Ok(Expr::Field(boxed(e)))
            }
            Token::Sign(s @ ("++" | "--")) => {
                let e = self.primary(false)?;
                if !e.assignable() {
                    return Err(self.syntax());
                }
                Ok(Expr::Step(boxed(e), if s == "++" { 1.0 } else { -1.0 }, false))
            }
            Token::Sign("(") => {
                let mut all = self.free(")")?;
                match all.len() {
                    0 => Err(self.syntax()),
                    1 => Ok(Expr::Group(boxed(all.remove(0)))),
                    _ if self.peek() == &Token::Word("in") => {
                        self.bump();
                        let Token::Name(array) = self.peek().clone() else { return Err(self.syntax()) };
                        self.bump();
                        Ok(Expr::In(all, array))
                    }
                    _ => Err(self.syntax()),
                }
            }
            // As of gawk: `-` and `!` behind an operator of the same level.
            Token::Sign(s @ ("-" | "+" | "!")) => {
                self.depth += 1;
                if self.depth > DEEP {
                    return Err(self.wrong("expression too complex"));
                }
                let e = self.unary()?;
                self.depth -= 1;
                Ok(Expr::Unary(s.chars().next().unwrap_or('-'), boxed(e)))
            }
            Token::Word("getline") => {
                let target = self.target()?;
                if self.take("<") {
                    self.depth += 1;
                    if self.depth > DEEP {
                        return Err(self.wrong("expression too complex"));
                    }
                    let name = self.postfix(false)?;
                    self.depth -= 1;
                    return Ok(Expr::Getline(From::File, Some(boxed(name)), target));
                }
                Ok(Expr::Getline(From::Main, None, target))
            }
            _ => {
                self.back();
                Err(self.syntax())
            }
        }
    }
}
