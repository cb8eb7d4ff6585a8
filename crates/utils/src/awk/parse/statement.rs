//! Statements as instructions.

use super::super::code::{Op, Target, To};
use super::super::lex::Token;
use super::super::value::Value;
use super::{DEEP, Done, Loop, Parser};

impl Parser<'_> {
    pub(super) fn statement(&mut self) -> Done {
        self.nested += 1;
        if self.nested > DEEP {
            return Err(self.wrong("statements nested too deeply"));
        }
        let r = self.one();
        self.nested -= 1;
        r
    }

    pub(super) fn one(&mut self) -> Done {
        let token = self.peek().clone();
        match token {
            Token::Sign("{") => self.block(),
            Token::Word("if") => {
                self.bump();
                self.condition()?;
                let otherwise = self.emit(Op::JumpUnless(0));
                self.body()?;
                let before = self.pos;
                while self.peek() == &Token::Newline || self.at(";") {
                    self.bump();
                }
                if !self.word("else") {
                    self.pos = before;
                    self.patch(otherwise);
                    return Ok(());
                }
                let end = self.emit(Op::Jump(0));
                self.patch(otherwise);
                self.body()?;
                self.patch(end);
                Ok(())
            }
            Token::Word("while") => {
                self.bump();
                let start = self.here();
                self.condition()?;
                let out = self.emit(Op::JumpUnless(0));
                self.loops.push(Loop { breaks: vec![out], continues: Vec::new(), iterator: false });
                self.body()?;
                self.finish(start);
                Ok(())
            }
            Token::Word("do") => {
                self.bump();
                let start = self.here();
                self.loops.push(Loop { breaks: Vec::new(), continues: Vec::new(), iterator: false });
                self.body()?;
                while self.peek() == &Token::Newline || self.at(";") {
                    self.bump();
                }
                if !self.word("while") {
                    return Err(self.syntax());
                }
                let Some(l) = self.loops.pop() else { return Ok(()) };
                l.continues.into_iter().for_each(|c| self.patch(c));
                self.condition()?;
                self.emit(Op::JumpIf(start));
                l.breaks.into_iter().for_each(|b| self.patch(b));
                self.end()
            }
            Token::Word("for") => self.for_(),
            Token::Word(word @ ("break" | "continue")) => {
                self.bump();
                if self.loops.is_empty() {
                    return Err(self.wrong(&format!("syntax error at or near {word}")));
                }
                let jump = self.emit(Op::Jump(0));
                if let Some(l) = self.loops.last_mut() {
                    if word == "break" { l.breaks.push(jump) } else { l.continues.push(jump) }
                }
                self.end()
            }
            Token::Word("next" | "nextfile") if self.alone => Err(self.wrong("improper use of next")),
            Token::Word("next") => {
                self.bump();
                self.emit(Op::Next);
                self.end()
            }
            Token::Word("nextfile") => {
                self.bump();
                self.emit(Op::NextFile);
                self.end()
            }
            Token::Word(word @ ("exit" | "return")) => {
                self.bump();
                let bare = matches!(self.peek(), Token::Sign(";" | "}") | Token::Newline | Token::End);
                if !bare {
                    let e = self.expr()?;
                    self.value(&e)?;
                }
                if word == "exit" {
                    self.emit(Op::Exit(!bare));
                } else {
                    if self.current.is_none() {
                        return Err(self.wrong("return outside function body"));
                    }
                    if bare {
                        self.emit(Op::Const(Value::Nothing));
                    }
                    self.emit(Op::Return);
                }
                self.end()
            }
            _ => {
                self.simple()?;
                self.end()
            }
        }
    }

    pub(super) fn condition(&mut self) -> Done {
        self.expect("(")?;
        self.newlines();
        let e = self.expr()?;
        self.newlines();
        self.expect(")")?;
        self.value(&e)
    }

    /// The loop's jumps, where `start` is where it goes on.
    pub(super) fn finish(&mut self, start: usize) {
        let Some(l) = self.loops.pop() else { return };
        for c in l.continues {
            if let Some(Op::Jump(t)) = self.program.code.get_mut(c) {
                *t = start;
            }
        }
        self.emit(Op::Jump(start));
        if l.iterator {
            // A break leaves the iterator behind; its end doesn't.
            let out = self.here();
            self.emit(Op::DropIterator);
            for b in l.breaks {
                if let Some(Op::Jump(t)) = self.program.code.get_mut(b) {
                    *t = out;
                }
            }
        } else {
            l.breaks.into_iter().for_each(|b| self.patch(b));
        }
    }

    pub(super) fn for_(&mut self) -> Done {
        self.bump();
        self.expect("(")?;
        self.newlines();
        if let (Token::Name(key), Token::Word("in"), Token::Name(array), Token::Sign(")")) =
            (self.peek().clone(), self.peek_at(1), self.peek_at(2).clone(), self.peek_at(3))
        {
            self.pos += 4;
            let array = self.array(&array);
            let key = self.slot(&key);
            self.emit(Op::Iterate(array));
            let start = self.here();
            let out = self.emit(Op::NextKey(0));
            self.emit(Op::Set(Target::Var(key)));
            self.emit(Op::Pop);
            self.loops.push(Loop { breaks: Vec::new(), continues: Vec::new(), iterator: true });
            self.body()?;
            self.finish(start);
            self.patch(out);
            return Ok(());
        }
        if !self.at(";") {
            self.simple()?;
        }
        self.expect(";")?;
        self.newlines();
        let test = self.here();
        let mut out = None;
        if !self.at(";") {
            let e = self.expr()?;
            self.value(&e)?;
            out = Some(self.emit(Op::JumpUnless(0)));
        }
        self.expect(";")?;
        self.newlines();
        let over = self.emit(Op::Jump(0));
        let step = self.here();
        if !self.at(")") {
            self.simple()?;
        }
        self.newlines();
        self.expect(")")?;
        self.emit(Op::Jump(test));
        self.patch(over);
        self.loops.push(Loop { breaks: out.into_iter().collect(), continues: Vec::new(), iterator: false });
        self.body()?;
        self.finish(step);
        Ok(())
    }

    pub(super) fn simple(&mut self) -> Done {
        match self.peek().clone() {
            Token::Word(word @ ("print" | "printf")) => {
                self.bump();
                self.print(word == "printf")
            }
            Token::Word("delete") => {
                self.bump();
                let Token::Name(name) = self.peek().clone() else { return Err(self.syntax()) };
                self.bump();
                let array = self.array(&name);
                if self.take("[") {
                    let keys = self.list("]")?;
                    self.expect("]")?;
                    self.keys(&keys)?;
                    self.emit(Op::Delete(array));
                } else {
                    self.emit(Op::Clear(array));
                }
                Ok(())
            }
            _ => {
                let e = self.expr()?;
                self.value(&e)?;
                self.emit(Op::Pop);
                Ok(())
            }
        }
    }

    pub(super) fn print(&mut self, formatted: bool) -> Done {
        let ends = |t: &Token| matches!(t, Token::Sign(";" | "}" | ">" | ">>" | "|") | Token::Newline | Token::End);
        let mut args = None;
        let before = self.pos;
        if self.take("(") {
            // `print (a, b) > "f"`: the parentheses are print's, if nothing else follows.
            let list = self.list(")")?;
            if self.take(")") && ends(self.peek()) && !list.is_empty() {
                args = Some(list);
            } else {
                self.pos = before;
            }
        }
        let args = match args {
            Some(a) => a,
            None if ends(self.peek()) => Vec::new(),
            None => {
                self.no_greater = true;
                let mut all = vec![self.expr()?];
                while self.take(",") {
                    self.newlines();
                    all.push(self.expr()?);
                }
                self.no_greater = false;
                all
            }
        };
        if formatted && args.is_empty() {
            return Err(self.syntax());
        }
        for a in &args {
            self.value(a)?;
        }
        let to = match self.peek() {
            Token::Sign(">") => To::File,
            Token::Sign(">>") => To::Append,
            Token::Sign("|") => To::Pipe,
            _ => To::Stdout,
        };
        if to != To::Stdout {
            self.bump();
            self.no_greater = true;
            let name = self.expr()?;
            self.no_greater = false;
            self.value(&name)?;
        }
        self.emit(if formatted { Op::Printf(args.len(), to) } else { Op::Print(args.len(), to) });
        Ok(())
    }
}
