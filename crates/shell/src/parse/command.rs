//! Lists, and-or lists, pipelines.

use std::rc::Rc;

use super::Parsed;
use super::ast::{AndOr, Command, Item, List, Pipeline, Redir, RedirOp};
use super::lexer::{Parser, Res};

/// Words that are part of the language where a command may start.
pub(super) const RESERVED: &[&str] = &[
    "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for", "{", "}", "!", "in",
    "[[", "]]", "function", "select", "time",
];

/// Words that end a list.
const CLOSING: &[&str] = &["then", "else", "elif", "fi", "do", "done", "esac", "}"];

impl Parser<'_> {
    /// One complete command: everything up to the end of the line on which it ends.
    pub(super) fn top_level(&mut self) -> Res<Option<Parsed>> {
        let mut list = List::default();
        self.blanks();
        if self.peek().is_none() {
            self.cut.set(true);
            return Ok(None);
        }
        loop {
            self.blanks();
            match self.peek() {
                None => {
                    self.read_here_docs()?;
                    self.cut.set(true);
                    break;
                }
                Some(b'\n') => {
                    self.newline()?;
                    break;
                }
                _ => {
                    let item = self.item()?;
                    list.items.push(item);
                    self.blanks();
                    if !matches!(self.peek(), None | Some(b'\n')) && !self.after_separator() {
                        return Err(self.unexpected(None));
                    }
                }
            }
        }
        Ok(Some(Parsed {
            list: Rc::new(list),
            pos: self.original_pos(),
            line: self.line,
            warnings: std::mem::take(&mut self.warnings),
            work: 0,
        }))
    }

    /// Whether the character before (blanks apart) separated commands.
    fn after_separator(&self) -> bool {
        self.src
            .as_bytes()
            .get(..self.pos)
            .and_then(|b| b.iter().rev().find(|c| !matches!(c, b' ' | b'\t')))
            .is_some_and(|c| matches!(c, b';' | b'&'))
    }

    /// Commands up to a closing word, `)`, `;;` or the end; the caller looks which.
    pub(super) fn list(&mut self) -> Res<Rc<List>> {
        self.enter()?;
        let mut list = List::default();
        loop {
            self.newlines()?;
            self.expand_alias();
            if self.at_list_end() {
                break;
            }
            let item = self.item()?;
            list.items.push(item);
            self.blanks();
            if !self.after_separator() && self.peek() != Some(b'\n') {
                break;
            }
        }
        self.leave();
        Ok(Rc::new(list))
    }

    /// A list that must not be empty, before this word.
    pub(super) fn body(&mut self, before: &'static str) -> Res<Rc<List>> {
        let list = self.list()?;
        if list.items.is_empty() {
            let at_end = self.peek().is_none();
            return Err(self.unexpected(at_end.then_some(before)));
        }
        Ok(list)
    }

    fn at_list_end(&self) -> bool {
        match self.peek() {
            None | Some(b')') => true,
            Some(b';') if self.at(1) == Some(b';') || (self.bash() && self.at(1) == Some(b'&')) => true,
            _ => self.plain_word().is_some_and(|w| CLOSING.contains(&w)),
        }
    }

    fn item(&mut self) -> Res<Item> {
        let and_or = self.and_or()?;
        self.blanks();
        let mut background = false;
        match self.peek() {
            Some(b'&') if self.at(1) != Some(b'&') => {
                self.bump();
                background = true;
            }
            Some(b';') if self.at(1) != Some(b';') && !(self.bash() && self.at(1) == Some(b'&')) => self.bump(),
            _ => {}
        }
        Ok(Item { and_or: Rc::new(and_or), background })
    }

    fn and_or(&mut self) -> Res<AndOr> {
        let start = self.pos;
        let first = Rc::new(self.pipeline()?);
        let mut rest = Vec::new();
        let mut end = self.pos;
        loop {
            self.blanks();
            let and = self.starts("&&");
            if !and && !self.starts("||") {
                break;
            }
            self.skip(2);
            self.newlines()?;
            rest.push((and, Rc::new(self.pipeline()?)));
            end = self.pos;
        }
        let text = self.slice(start, end).trim().into();
        Ok(AndOr { first, rest, text })
    }

    fn pipeline(&mut self) -> Res<Pipeline> {
        let start = self.pos;
        let (mut negated, mut timed, mut timed_posix) = (false, false, false);
        loop {
            self.blanks();
            match self.plain_word() {
                Some("!") if negated && !self.bash() => return Err(self.unexpected(None)),
                Some("!") => {
                    negated = !negated;
                    self.skip(1);
                }
                Some("time") if self.bash() => {
                    timed = true;
                    self.skip(4);
                    self.blanks();
                    if self.plain_word() == Some("-p") {
                        timed_posix = true;
                        self.skip(2);
                    }
                }
                _ => break,
            }
        }
        let mut commands = Vec::new();
        if (timed || negated) && matches!(self.peek(), None | Some(b'\n' | b';')) && self.bash() {
            return Ok(Pipeline { negated, timed, timed_posix, commands, text: "".into() });
        }
        loop {
            self.newlines_after_pipe(!commands.is_empty())?;
            if !commands.is_empty() && self.plain_word() == Some("!") {
                return Err(self.unexpected(None));
            }
            let mut c = self.command()?;
            self.blanks();
            let both = self.starts("|&") && self.bash();
            let more = both || (self.peek() == Some(b'|') && self.at(1) != Some(b'|'));
            if both {
                let mut redirs = c.redirs.to_vec();
                redirs.push(Redir {
                    fd: Some(2),
                    var: None,
                    op: RedirOp::DupOut,
                    target: Rc::from([super::ast::Part::Lit("1".into())]),
                });
                c = Command { redirs: redirs.into(), ..c };
            }
            commands.push(Rc::new(c));
            if !more {
                break;
            }
            self.skip(if both { 2 } else { 1 });
        }
        let text = self.slice(start, self.pos).trim().into();
        Ok(Pipeline { negated, timed, timed_posix, commands, text })
    }

    fn newlines_after_pipe(&mut self, after: bool) -> Res<()> {
        if after {
            self.newlines()?;
        }
        Ok(())
    }

    /// Takes a reserved word.
    pub(super) fn expect_word(&mut self, word: &'static str) -> Res<()> {
        self.blanks();
        if self.plain_word() == Some(word) {
            self.skip(word.len());
            Ok(())
        } else {
            Err(self.unexpected(Some(word)))
        }
    }

    /// Takes a `)`.
    pub(super) fn expect_paren(&mut self) -> Res<()> {
        self.newlines()?;
        if self.peek() == Some(b')') {
            self.bump();
            return Ok(());
        }
        Err(self.unexpected(Some(")")))
    }
}
