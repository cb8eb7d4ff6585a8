//! Compound commands and function definitions.

use std::rc::Rc;

use super::ast::{CaseArm, CaseEnd, Command, CommandKind, Function, Part, Redir, Word};
use super::error::ErrorKind;
use super::lexer::{Parser, Res, valid_name};

impl Parser<'_> {
    pub(super) fn command(&mut self) -> Res<Command> {
        self.enter()?;
        self.expand_alias();
        self.blanks();
        let line = self.line;
        let start = self.pos;
        let kind = self.compound()?;
        let c = match kind {
            Some(kind) => {
                let redirs = self.redirections()?;
                Command { line, text: self.slice(start, self.pos).trim().into(), kind, redirs }
            }
            None => match self.function(start)? {
                Some(kind) => Command { line, text: "".into(), kind, redirs: Rc::from([]) },
                None => {
                    let c = self.simple(line)?;
                    Command { text: self.slice(start, self.pos).trim().into(), ..c }
                }
            },
        };
        self.leave();
        Ok(c)
    }

    fn redirections(&mut self) -> Res<Rc<[Redir]>> {
        let mut redirs = Vec::new();
        loop {
            self.blanks();
            match self.redirection()? {
                Some(r) => redirs.push(r),
                None => return Ok(redirs.into()),
            }
        }
    }

    fn compound(&mut self) -> Res<Option<CommandKind>> {
        if self.peek() == Some(b'(') {
            if self.at(1) == Some(b'(') && self.bash() {
                let save = (self.pos, self.line);
                self.skip(2);
                let depth = self.depth;
                match self.arith_text() {
                    Ok(Some(expr)) => return Ok(Some(CommandKind::Arith(expr))),
                    Err(e) if e.kind == ErrorKind::TooDeep || (e.is_incomplete() && self.peek().is_none()) => {
                        return Err(e);
                    }
                    _ => {}
                }
                self.depth = depth;
                (self.pos, self.line) = save;
            }
            self.bump();
            let body = self.body(")")?;
            self.expect_paren()?;
            return Ok(Some(CommandKind::Subshell(body)));
        }
        let Some(word) = self.plain_word() else { return Ok(None) };
        let kind = match word {
            "{" => {
                self.skip(1);
                let body = self.body("}")?;
                self.expect_word("}")?;
                CommandKind::Group(body)
            }
            "if" => self.if_command()?,
            "while" => self.while_command(false)?,
            "until" => self.while_command(true)?,
            "for" => self.for_command(false)?,
            "select" if self.bash() => self.for_command(true)?,
            "case" => self.case_command()?,
            "[[" if self.cx.dialect != crate::Dialect::Dash => {
                self.skip(2);
                let cond = self.cond()?;
                CommandKind::Cond(Rc::new(cond))
            }
            "coproc" if self.bash() => {
                self.skip(6);
                self.blanks();
                // A name may stand before a compound command only.
                let name = self.plain_word().filter(|w| valid_name(w)).map(str::to_owned);
                let save = (self.pos, self.line);
                if let Some(n) = name {
                    self.skip(n.len());
                    self.blanks();
                    let compound =
                        matches!(self.plain_word(), Some("{" | "while" | "until" | "for" | "if" | "case" | "[["))
                            || self.peek() == Some(b'(');
                    if compound && !super::command::RESERVED.contains(&n.as_str()) {
                        let body = self.command()?;
                        return Ok(Some(CommandKind::Coproc(n.into(), Rc::new(body))));
                    }
                    (self.pos, self.line) = save;
                }
                let body = self.command()?;
                CommandKind::Coproc("COPROC".into(), Rc::new(body))
            }
            "function" if self.bash() || self.cx.dialect == crate::Dialect::Ash => {
                return self.function_keyword().map(Some);
            }
            "then" | "else" | "elif" | "fi" | "do" | "done" | "esac" | "}" => return Err(self.unexpected(None)),
            _ => return Ok(None),
        };
        Ok(Some(kind))
    }

    fn if_command(&mut self) -> Res<CommandKind> {
        let mut arms = Vec::new();
        self.skip(2);
        loop {
            let cond = self.body("then")?;
            self.expect_word("then")?;
            let body = self.body("fi")?;
            arms.push((cond, body));
            self.blanks();
            match self.plain_word() {
                Some("elif") => self.skip(4),
                Some("else") => {
                    self.skip(4);
                    let other = self.body("fi")?;
                    self.expect_word("fi")?;
                    return Ok(CommandKind::If(arms.into(), Some(other)));
                }
                _ => {
                    self.expect_word("fi")?;
                    return Ok(CommandKind::If(arms.into(), None));
                }
            }
        }
    }

    fn while_command(&mut self, until: bool) -> Res<CommandKind> {
        self.skip(5);
        let cond = self.body("do")?;
        let body = self.do_group()?;
        Ok(CommandKind::While(until, cond, body))
    }

    fn do_group(&mut self) -> Res<Rc<super::ast::List>> {
        self.expect_word("do")?;
        let body = self.body("done")?;
        self.expect_word("done")?;
        Ok(body)
    }

    fn for_command(&mut self, select: bool) -> Res<CommandKind> {
        self.skip(if select { 6 } else { 3 });
        self.blanks();
        if self.starts("((") && self.bash() {
            return self.for_arith();
        }
        let name = match self.plain_word() {
            Some(w) if valid_name(w) => w.to_owned(),
            other => {
                let text = other.map(str::to_owned);
                return Err(match text {
                    Some(t) => self.error(ErrorKind::BadName(t)),
                    None if self.bash() => match self.peek() {
                        None => {
                            self.error(ErrorKind::Unexpected { token: "newline".into(), word: false, expecting: None })
                        }
                        _ => self.unexpected(None),
                    },
                    None => self.error(ErrorKind::BadName(String::new())),
                });
            }
        };
        self.skip(name.len());
        self.newlines()?;
        let mut words = None;
        if self.plain_word() == Some("in") {
            self.skip(2);
            let mut list: Vec<Word> = Vec::new();
            loop {
                self.blanks();
                match self.word()? {
                    Some(w) => list.push(w),
                    None => break,
                }
            }
            words = Some(list.into());
            if !matches!(self.peek(), Some(b';' | b'\n')) {
                return Err(self.unexpected(None));
            }
        }
        self.blanks();
        if self.peek() == Some(b';') {
            self.bump();
        }
        self.newlines()?;
        let body = if self.bash() && self.plain_word() == Some("{") {
            self.skip(1);
            let b = self.body("}")?;
            self.expect_word("}")?;
            b
        } else {
            self.do_group()?
        };
        Ok(if select {
            CommandKind::Select(name.into(), words, body)
        } else {
            CommandKind::For(name.into(), words, body)
        })
    }

    fn for_arith(&mut self) -> Res<CommandKind> {
        self.skip(2);
        let mut exprs: Vec<Word> = Vec::new();
        for end in [b';', b';', b')'] {
            let (parts, _) = self.arith_until(end)?;
            exprs.push(parts);
        }
        if self.peek() != Some(b')') {
            return Err(self.unexpected(None));
        }
        self.bump();
        self.blanks();
        if self.peek() == Some(b';') {
            self.bump();
        }
        self.newlines()?;
        let body = if self.plain_word() == Some("{") {
            self.skip(1);
            let b = self.body("}")?;
            self.expect_word("}")?;
            b
        } else {
            self.do_group()?
        };
        let empty: Word = Rc::from([]);
        let mut it = exprs.into_iter();
        let mut next = || it.next().unwrap_or_else(|| empty.clone());
        Ok(CommandKind::ForArith(Rc::new([next(), next(), next()]), body))
    }

    fn case_command(&mut self) -> Res<CommandKind> {
        self.skip(4);
        self.blanks();
        let Some(subject) = self.word()? else {
            return Err(if self.bash() && self.peek().is_none() {
                self.line_ends()
            } else {
                self.unexpected(Some("word"))
            });
        };
        self.newlines()?;
        self.expect_word("in")?;
        let mut arms = Vec::new();
        loop {
            self.newlines()?;
            if self.plain_word() == Some("esac") {
                self.skip(4);
                return Ok(CommandKind::Case(subject, arms.into()));
            }
            if self.peek() == Some(b'(') {
                self.bump();
            }
            let mut patterns = Vec::new();
            loop {
                self.blanks();
                match self.word()? {
                    Some(w) => patterns.push(w),
                    None if self.bash() || self.peek().is_none() => return Err(self.unexpected(Some(")"))),
                    // Dash and ash take any token for a pattern; what follows is then unexpected.
                    None => self.skip_token(),
                }
                self.blanks();
                match self.peek() {
                    Some(b'|') => self.bump(),
                    Some(b')') => {
                        self.bump();
                        break;
                    }
                    None if self.bash() => return Err(self.line_ends()),
                    _ => return Err(self.unexpected(Some(")"))),
                }
            }
            let body = self.list()?;
            self.newlines()?;
            let end = if self.eat(";;&") {
                CaseEnd::Next
            } else if self.eat(";;") {
                CaseEnd::Break
            } else if self.eat(";&") {
                CaseEnd::Fall
            } else if self.plain_word() == Some("esac") {
                CaseEnd::Break
            } else {
                return Err(self.unexpected(Some(";;")));
            };
            arms.push(CaseArm { patterns, body, end });
        }
    }

    /// Where bash takes the text's end for a line's.
    fn line_ends(&self) -> super::ParseError {
        self.error(ErrorKind::Unexpected { token: "newline".into(), word: false, expecting: None })
    }

    /// `name ( ) command`.
    fn function(&mut self, start: usize) -> Res<Option<CommandKind>> {
        let Some(name) = self.plain_word().map(str::to_owned) else { return Ok(None) };
        let save = (self.pos, self.line);
        self.skip(name.len());
        self.blanks();
        if self.peek() != Some(b'(') {
            (self.pos, self.line) = save;
            return Ok(None);
        }
        if name.contains('=') {
            (self.pos, self.line) = save;
            return Ok(None);
        }
        self.bump();
        self.blanks();
        if self.peek() != Some(b')') {
            return Err(self.unexpected(Some(")")));
        }
        self.bump();
        self.function_body(&name, start).map(Some)
    }

    fn function_keyword(&mut self) -> Res<CommandKind> {
        let start = self.pos;
        self.skip(8);
        self.blanks();
        let Some(name) = self.plain_word().map(str::to_owned) else { return Err(self.unexpected(None)) };
        self.skip(name.len());
        self.blanks();
        if self.peek() == Some(b'(') {
            self.bump();
            self.blanks();
            if self.peek() != Some(b')') {
                return Err(self.unexpected(Some(")")));
            }
            self.bump();
        }
        self.function_body(&name, start)
    }

    fn function_body(&mut self, name: &str, start: usize) -> Res<CommandKind> {
        self.newlines()?;
        let line = self.line;
        let Some(kind) = self.compound()? else {
            if self.bash() {
                return Err(self.unexpected(None));
            }
            let body = Rc::new(self.command()?);
            let text = self.slice(start, self.pos).into();
            return Ok(CommandKind::Function(name.into(), Rc::new(Function { body, text })));
        };
        let redirs = self.redirections()?;
        let text = self.slice(start, self.pos).trim().into();
        let body = Rc::new(Command { line, text: "".into(), kind, redirs });
        Ok(CommandKind::Function(name.into(), Rc::new(Function { body, text })))
    }
}

/// The word's text if it is one unquoted literal.
pub(super) fn literal(word: &[Part]) -> Option<&str> {
    match word {
        [Part::Lit(s)] => Some(s),
        _ => None,
    }
}
