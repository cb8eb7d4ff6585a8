//! Programs: items and statements become instructions as they are read.

mod emit;
mod statement;

use std::collections::BTreeMap;

use super::code::{Function, Op, Program, SPECIAL, Slot, To};
use super::lex::{Token, words};
use super::value::Value;

/// What is wrong, and the line.
pub(super) type Wrong = (usize, String);
type Done = Result<(), Wrong>;

/// Statements within statements.
const DEEP: usize = 80;

struct Loop {
    breaks: Vec<usize>,
    continues: Vec<usize>,
    iterator: bool,
}

/// Reads a program.
pub(super) struct Parser<'a> {
    words: &'a [(Token, usize)],
    pos: usize,
    pub(super) depth: usize,
    pub(super) no_greater: bool,
    pub(super) no_in: bool,
    program: Program,
    globals: BTreeMap<String, usize>,
    functions: BTreeMap<String, usize>,
    /// The function that is being read.
    /// Whether this is BEGIN or END, which have no records.
    alone: bool,
    current: Option<usize>,
    loops: Vec<Loop>,
    nested: usize,
    /// Names handed on to functions: caller (none: global), slot, function, which argument.
    handed: Vec<(Option<usize>, Slot, usize, usize)>,
}

/// A program from its text.
pub(super) fn parse(text: &str) -> Result<Program, Wrong> {
    let words = words(text)?;
    let mut p = Parser {
        words: &words,
        pos: 0,
        depth: 0,
        no_greater: false,
        no_in: false,
        program: Program::default(),
        globals: BTreeMap::new(),
        functions: BTreeMap::new(),
        current: None,
        alone: false,
        loops: Vec::new(),
        nested: 0,
        handed: Vec::new(),
    };
    for name in SPECIAL {
        p.global(name);
    }
    p.items()?;
    p.infer();
    if let Some(f) = p.program.functions.iter().find(|f| f.entry.is_none()) {
        return Err((f.line, format!("function {} never defined", f.name)));
    }
    Ok(p.program)
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> &Token {
        self.peek_at(0)
    }
    pub(super) fn peek_at(&self, n: usize) -> &Token {
        self.words.get(self.pos + n).map_or(&Token::End, |w| &w.0)
    }
    pub(super) fn bump(&mut self) {
        self.pos += 1;
    }
    pub(super) fn back(&mut self) {
        self.pos = self.pos.saturating_sub(1);
    }
    pub(super) fn at(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(s) if *s == sign)
    }
    pub(super) fn take(&mut self, sign: &str) -> bool {
        let yes = self.at(sign);
        self.pos += usize::from(yes);
        yes
    }
    pub(super) fn expect(&mut self, sign: &str) -> Done {
        if self.take(sign) { Ok(()) } else { Err(self.syntax()) }
    }
    fn word(&mut self, word: &str) -> bool {
        let yes = matches!(self.peek(), Token::Word(w) if *w == word);
        self.pos += usize::from(yes);
        yes
    }
    pub(super) fn newlines(&mut self) {
        while self.peek() == &Token::Newline {
            self.pos += 1;
        }
    }
    fn line(&self) -> usize {
        self.words.get(self.pos).or(self.words.last()).map_or(1, |w| w.1)
    }
    pub(super) fn wrong(&self, text: &str) -> Wrong {
        (self.line(), text.to_owned())
    }
    pub(super) fn syntax(&self) -> Wrong {
        let shown = match self.peek() {
            Token::Newline | Token::End => "end of file or newline".to_owned(),
            Token::Number(n) => n.to_string(),
            Token::Text(t) | Token::Name(t) | Token::Call(t) => t.clone(),
            Token::Regex(t) => format!("/{t}/"),
            Token::Builtin(t) | Token::Word(t) | Token::Sign(t) => (*t).to_owned(),
        };
        (self.line(), format!("syntax error at or near {shown}"))
    }

    fn emit(&mut self, op: Op) -> usize {
        self.program.code.push(op);
        self.program.code.len() - 1
    }
    fn here(&self) -> usize {
        self.program.code.len()
    }
    fn patch(&mut self, at: usize) {
        let to = self.here();
        if let Some(Op::Jump(t) | Op::JumpIf(t) | Op::JumpUnless(t) | Op::NextKey(t)) = self.program.code.get_mut(at) {
            *t = to;
        }
    }

    fn global(&mut self, name: &str) -> usize {
        if let Some(n) = self.globals.get(name) {
            return *n;
        }
        let n = self.program.globals.len();
        self.program.globals.push(name.to_owned());
        self.program.arrays.push(matches!(name, "ENVIRON" | "ARGV"));
        self.globals.insert(name.to_owned(), n);
        n
    }

    fn slot(&mut self, name: &str) -> Slot {
        let local = self
            .current
            .and_then(|f| self.program.functions.get(f))
            .and_then(|f| f.parameters.iter().position(|p| p == name));
        match local {
            Some(n) => Slot::Local(n),
            None => Slot::Global(self.global(name)),
        }
    }

    fn is_array(&self, owner: Option<usize>, slot: Slot) -> bool {
        match slot {
            Slot::Global(n) => self.program.arrays.get(n).copied().unwrap_or(false),
            Slot::Local(n) => owner
                .and_then(|f| self.program.functions.get(f))
                .and_then(|f| f.arrays.get(n))
                .copied()
                .unwrap_or(false),
        }
    }

    fn mark(&mut self, owner: Option<usize>, slot: Slot) {
        let flag = match slot {
            Slot::Global(n) => self.program.arrays.get_mut(n),
            Slot::Local(n) => owner.and_then(|f| self.program.functions.get_mut(f)).and_then(|f| f.arrays.get_mut(n)),
        };
        if let Some(flag) = flag {
            *flag = true;
        }
    }

    /// A name that is used as an array.
    fn array(&mut self, name: &str) -> Slot {
        let slot = self.slot(name);
        self.mark(self.current, slot);
        slot
    }

    /// What is handed on to an array parameter is an array, and the other way round.
    fn infer(&mut self) {
        loop {
            let mut changed = false;
            for (owner, slot, f, n) in self.handed.clone() {
                let parameter = self.is_array(Some(f), Slot::Local(n));
                let own = self.is_array(owner, slot);
                if parameter != own {
                    changed = true;
                    self.mark(owner, slot);
                    self.mark(Some(f), Slot::Local(n));
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn items(&mut self) -> Done {
        loop {
            while self.peek() == &Token::Newline || self.at(";") {
                self.bump();
            }
            match self.peek() {
                Token::End => return Ok(()),
                Token::Word("BEGIN") => {
                    self.bump();
                    let at = self.here();
                    self.program.begin.push(at);
                    self.action()?;
                }
                Token::Word("END") => {
                    self.bump();
                    let at = self.here();
                    self.program.end.push(at);
                    self.action()?;
                }
                Token::Word("function") => {
                    self.bump();
                    self.function()?;
                }
                _ => self.rule()?,
            }
        }
    }

    fn action(&mut self) -> Done {
        if !self.at("{") {
            return Err(self.syntax());
        }
        self.alone = true;
        let block = self.block();
        self.alone = false;
        block?;
        self.emit(Op::Done);
        Ok(())
    }

    fn function_number(&mut self, name: &str) -> usize {
        let n = self.program.functions.len();
        let n = *self.functions.entry(name.to_owned()).or_insert(n);
        if n == self.program.functions.len() {
            let line = self.line();
            self.program.functions.push(Function { name: name.to_owned(), line, ..Function::default() });
        }
        n
    }

    fn function(&mut self) -> Done {
        let (Token::Call(name) | Token::Name(name)) = self.peek().clone() else { return Err(self.syntax()) };
        self.bump();
        self.expect("(")?;
        let mut parameters = Vec::new();
        self.newlines();
        while let Token::Name(p) = self.peek().clone() {
            self.bump();
            parameters.push(p);
            self.newlines();
            if !self.take(",") {
                break;
            }
            self.newlines();
        }
        self.expect(")")?;
        self.newlines();
        let n = self.function_number(&name);
        let entry = self.here();
        if let Some(f) = self.program.functions.get_mut(n) {
            if f.entry.is_some() {
                return Err((self.line(), format!("function name {name} previously defined")));
            }
            f.arrays.resize(parameters.len().max(f.arrays.len()), false);
            f.parameters = parameters;
            f.entry = Some(entry);
        }
        self.current = Some(n);
        if !self.at("{") {
            return Err(self.syntax());
        }
        self.block()?;
        self.emit(Op::Const(Value::Nothing));
        self.emit(Op::Return);
        self.current = None;
        Ok(())
    }

    fn rule(&mut self) -> Done {
        let start = self.here();
        self.program.rules.push(start);
        let mut skip = None;
        if !self.at("{") {
            let first = self.expr()?;
            if self.take(",") {
                self.newlines();
                let range = self.program.ranges;
                self.program.ranges += 1;
                self.emit(Op::InRange(range));
                let inside = self.emit(Op::JumpIf(0));
                self.value(&first)?;
                skip = Some(self.emit(Op::JumpUnless(0)));
                self.emit(Op::SetRange(range, true));
                self.patch(inside);
                let second = self.expr()?;
                self.value(&second)?;
                let more = self.emit(Op::JumpUnless(0));
                self.emit(Op::SetRange(range, false));
                self.patch(more);
            } else {
                self.value(&first)?;
                skip = Some(self.emit(Op::JumpUnless(0)));
            }
        }
        if self.at("{") {
            self.block()?;
        } else {
            if !matches!(self.peek(), Token::Newline | Token::End | Token::Sign(";")) {
                return Err(self.syntax());
            }
            self.emit(Op::Print(0, To::Stdout));
        }
        if let Some(at) = skip {
            self.patch(at);
        }
        self.emit(Op::Done);
        Ok(())
    }

    fn block(&mut self) -> Done {
        self.expect("{")?;
        loop {
            while self.peek() == &Token::Newline || self.at(";") {
                self.bump();
            }
            if self.take("}") {
                return Ok(());
            }
            if self.peek() == &Token::End {
                return Err((self.line() + 1, "missing } near end of file".to_owned()));
            }
            self.statement()?;
        }
    }

    /// What ends a simple statement.
    fn end(&mut self) -> Done {
        match self.peek() {
            Token::Sign(";") | Token::Newline => {
                self.bump();
                Ok(())
            }
            Token::Sign("}") | Token::End => Ok(()),
            _ => Err(self.syntax()),
        }
    }

    /// The statement that `if`, `for` and the like govern.
    fn body(&mut self) -> Done {
        self.newlines();
        if self.take(";") { Ok(()) } else { self.statement() }
    }
}
