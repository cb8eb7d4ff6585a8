//! Simple commands: assignments, words, redirections.

use std::rc::Rc;

use super::ast::{ArrayItem, Assign, AssignValue, Command, CommandKind, Part, Word};
use super::compound::literal;
use super::error::ErrorKind;
use super::lexer::{Parser, Res, is_name, is_name_start};

/// Commands whose arguments may be assignments.
const DECLARATIONS: &[&str] = &["declare", "typeset", "local", "export", "readonly"];

impl Parser<'_> {
    pub(super) fn simple(&mut self, line: u32) -> Res<Command> {
        let mut assigns = Vec::new();
        let mut words: Vec<Word> = Vec::new();
        let mut redirs = Vec::new();
        loop {
            self.blanks();
            if let Some(r) = self.redirection()? {
                redirs.push(r);
                continue;
            }
            if words.is_empty()
                && let Some(a) = self.assignment()?
            {
                assigns.push(a);
                continue;
            }
            if words.is_empty() && !assigns.is_empty() || self.alias_next == Some(self.pos) {
                self.alias_next = None;
                self.expand_alias();
                self.blanks();
            }
            let declares = words.first().and_then(|w| literal(w)).is_some_and(|w| DECLARATIONS.contains(&w));
            if declares && let Some(a) = self.assignment()? {
                words.push(Rc::from([Part::Assign(Rc::new(a))]));
                continue;
            }
            match self.word()? {
                Some(w) => words.push(w),
                None => break,
            }
            if let Some(next) = self.alias_next
                && next < self.pos
            {
                self.alias_next = None;
            }
            self.blanks_to_alias();
        }
        if assigns.is_empty() && words.is_empty() && redirs.is_empty() {
            return Err(self.unexpected(None));
        }
        if self.peek() == Some(b'(') {
            return Err(self.unexpected(None));
        }
        Ok(Command {
            line,
            text: "".into(),
            kind: CommandKind::Simple(assigns.into(), words.into()),
            redirs: redirs.into(),
        })
    }

    fn blanks_to_alias(&mut self) {
        let before = self.alias_next;
        self.blanks();
        // A blank at an alias's end lets the next word be one too.
        if let Some(end) = before
            && end <= self.pos
        {
            self.alias_next = Some(self.pos);
        }
    }

    /// `name=value`, `name+=value`, `name[i]=value`, if one starts here.
    pub(super) fn assignment(&mut self) -> Res<Option<Assign>> {
        let rest = self.rest().as_bytes();
        if !rest.first().copied().is_some_and(is_name_start) {
            return Ok(None);
        }
        let len = rest.iter().take_while(|b| is_name(**b)).count();
        let name: Rc<str> = self.rest().get(..len).unwrap_or("").into();
        let save = (self.pos, self.line);
        let mut index = None;
        self.pos += len;
        if self.peek() == Some(b'[') && self.bash() {
            self.bump();
            let depth = self.depth;
            match self.arith_until(b']') {
                Ok((w, _)) => index = Some(w),
                Err(_) => {
                    self.depth = depth;
                    (self.pos, self.line) = save;
                    return Ok(None);
                }
            }
        }
        let append = self.bash() && self.starts("+=");
        if !append && self.peek() != Some(b'=') {
            (self.pos, self.line) = save;
            return Ok(None);
        }
        self.pos += if append { 2 } else { 1 };
        let value = if self.peek() == Some(b'(') && self.bash() && index.is_none() {
            AssignValue::Array(self.array()?)
        } else {
            AssignValue::Scalar(self.value_word()?)
        };
        Ok(Some(Assign { name, index, append, value }))
    }

    fn array(&mut self) -> Res<Vec<ArrayItem>> {
        self.bump();
        let mut items = Vec::new();
        loop {
            self.newlines()?;
            if self.peek() == Some(b')') {
                self.bump();
                return Ok(items);
            }
            let mut index = None;
            if self.peek() == Some(b'[') {
                let save = (self.pos, self.line);
                let depth = self.depth;
                self.bump();
                match self.arith_until(b']') {
                    Ok((w, _)) if self.peek() == Some(b'=') || self.starts("+=") => {
                        let append = self.peek() == Some(b'+');
                        self.skip(if append { 2 } else { 1 });
                        index = Some((w, append));
                    }
                    _ => {
                        self.depth = depth;
                        (self.pos, self.line) = save;
                    }
                }
            }
            if index.is_some() {
                let w = self.value_word()?;
                items.push((index, w));
                continue;
            }
            match self.word()? {
                Some(w) => items.push((None, w)),
                None if self.peek().is_none() => return Err(self.error(ErrorKind::Unclosed(')'))),
                None => return Err(self.unexpected(Some(")"))),
            }
        }
    }
}
