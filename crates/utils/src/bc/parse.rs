//! `bc`'s grammar: one line's statements, or one definition, at a time.

use std::rc::Rc;

use super::code::{Binary, Code, Names, Op, Place};
use super::lex::{Word, word};

/// How deep statements and brackets may lie in each other.
const DEPTH: usize = 150;

/// Why there is nothing to run.
#[derive(Debug, PartialEq)]
pub(super) enum Trouble {
    /// The text ends before the statement does.
    Incomplete,
    /// A message.
    Wrong(String),
}

type Parsed<T> = Result<T, Trouble>;

/// What a line is.
#[derive(Debug)]
pub(super) enum Item {
    /// Statements to run.
    Line(Code),
    /// A function's number and body.
    Define(u32, Code),
    /// `quit`, and what stands before it on the line is not run.
    Quit,
    /// `limits`, `warranty`.
    Say(&'static str),
}

/// The limits of GNU's.
const LIMITS: &str = "BC_BASE_MAX     = 2147483647\nBC_DIM_MAX      = 16777215\nBC_SCALE_MAX    = 2147483647\n\
    BC_STRING_MAX   = 2147483647\nMAX Exponent    = 9223372036854775807\nNumber of vars  = 32767\n";

pub(super) struct Parser<'a> {
    text: &'a str,
    /// Where the next word begins.
    pub(super) at: usize,
    next: Option<Word>,
    names: &'a mut Names,
    ops: Vec<Op>,
    /// Jumps to a loop's end and its next round.
    loops: Vec<(Vec<usize>, Vec<usize>)>,
    function: bool,
    void: bool,
    depth: usize,
    quit: bool,
}

fn wrong<T>() -> Parsed<T> {
    Err(Trouble::Wrong("syntax error".to_owned()))
}

impl<'a> Parser<'a> {
    /// Of this text.
    pub(super) fn new(text: &'a str, names: &'a mut Names) -> Self {
        Self {
            text,
            at: 0,
            next: None,
            names,
            ops: Vec::new(),
            loops: Vec::new(),
            function: false,
            void: false,
            depth: 0,
            quit: false,
        }
    }

    fn peek(&mut self) -> Parsed<&Word> {
        if self.next.is_none() {
            self.next = word(self.text, &mut self.at);
        }
        match &self.next {
            Some(Word::Wrong(c)) => Err(Trouble::Wrong(format!("illegal character: {c}"))),
            Some(w) => Ok(w),
            None => Err(Trouble::Incomplete),
        }
    }

    fn take(&mut self) -> Parsed<Word> {
        self.peek()?;
        self.next.take().ok_or(Trouble::Incomplete)
    }

    fn is(&mut self, mark: &str) -> Parsed<bool> {
        Ok(matches!(self.peek()?, Word::Mark(m) if *m == mark))
    }

    fn eat(&mut self, mark: &str) -> Parsed<bool> {
        let hit = self.is(mark)?;
        if hit {
            self.next = None;
        }
        Ok(hit)
    }

    fn need(&mut self, mark: &str) -> Parsed<()> {
        if self.eat(mark)? { Ok(()) } else { wrong() }
    }

    fn word_is(&mut self, name: &str) -> Parsed<bool> {
        Ok(matches!(self.peek()?, Word::Name(n) if n == name))
    }

    fn newlines(&mut self) -> Parsed<()> {
        while *self.peek()? == Word::Newline {
            self.next = None;
        }
        Ok(())
    }

    /// The next line or definition.
    pub(super) fn item(&mut self) -> Parsed<Item> {
        if self.word_is("define")? {
            self.next = None;
            return self.define();
        }
        loop {
            match self.peek()? {
                Word::Newline => break,
                Word::Mark(";") => {
                    self.next = None;
                    continue;
                }
                Word::Name(n) if n == "limits" => {
                    self.next = None;
                    return Ok(Item::Say(LIMITS));
                }
                Word::Name(n) if n == "warranty" => {
                    self.next = None;
                    return Ok(Item::Say("This is a calculator of the simulated machine, without any warranty.\n"));
                }
                _ => self.statement()?,
            }
            if self.quit {
                return Ok(Item::Quit);
            }
            if !self.is(";")? && *self.peek()? != Word::Newline {
                return wrong();
            }
        }
        self.next = None;
        Ok(Item::Line(Code { name: "(main)".to_owned(), ops: std::mem::take(&mut self.ops), ..Code::default() }))
    }

    fn define(&mut self) -> Parsed<Item> {
        let Word::Name(mut name) = self.take()? else { return wrong() };
        if name == "void" && !self.is("(")? {
            self.void = true;
            let Word::Name(n) = self.take()? else { return wrong() };
            name = n;
        }
        self.need("(")?;
        let mut code = Code { name: name.clone(), ..Code::default() };
        if !self.is(")")? {
            code.parameters = self.names_list()?;
        }
        self.need(")")?;
        self.newlines()?;
        self.need("{")?;
        self.newlines()?;
        while self.word_is("auto")? {
            self.next = None;
            code.locals.extend(self.names_list()?);
            if !self.eat(";")? && *self.peek()? != Word::Newline {
                return wrong();
            }
            self.newlines()?;
        }
        self.function = true;
        self.names.void.retain(|v| *v != name);
        if self.void {
            self.names.void.push(name.clone());
        }
        self.block()?;
        self.emit(Op::Number("0".into()));
        self.emit(Op::Return);
        code.ops = std::mem::take(&mut self.ops);
        if self.quit {
            return Ok(Item::Quit);
        }
        Ok(Item::Define(self.names.function(&name), code))
    }

    fn names_list(&mut self) -> Parsed<Vec<(bool, u32)>> {
        let mut all = Vec::new();
        loop {
            self.eat("*")?;
            let Word::Name(n) = self.take()? else { return wrong() };
            if self.eat("[")? {
                self.need("]")?;
                all.push((true, self.names.array(&n)));
            } else {
                all.push((false, self.names.variable(&n)));
            }
            if !self.eat(",")? {
                return Ok(all);
            }
        }
    }

    /// Statements up to the closing brace.
    fn block(&mut self) -> Parsed<()> {
        loop {
            if *self.peek()? == Word::Newline || self.is(";")? {
                self.next = None;
                continue;
            }
            if self.eat("}")? {
                return Ok(());
            }
            self.statement()?;
            if !self.is("}")? && !self.is(";")? && *self.peek()? != Word::Newline {
                return wrong();
            }
        }
    }

    fn emit(&mut self, op: Op) -> usize {
        self.ops.push(op);
        self.ops.len() - 1
    }

    /// Makes a jump lead to the next step.
    fn land(&mut self, jump: usize) {
        let here = self.ops.len();
        if let Some(Op::Jump(to) | Op::Unless(to)) = self.ops.get_mut(jump) {
            *to = here;
        }
    }

    fn deeper(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > DEPTH { Err(Trouble::Wrong("memory exhausted".to_owned())) } else { Ok(()) }
    }

    fn statement(&mut self) -> Parsed<()> {
        self.deeper()?;
        let done = self.statement_of();
        self.depth -= 1;
        done
    }

    fn statement_of(&mut self) -> Parsed<()> {
        if self.eat("{")? {
            return self.block();
        }
        if let Word::Text(t) = self.peek()? {
            let op = Op::Text(t.as_str().into());
            self.next = None;
            self.emit(op);
            return Ok(());
        }
        let name = if let Word::Name(n) = self.peek()? { n.clone() } else { String::new() };
        match name.as_str() {
            "if" => {
                self.next = None;
                let otherwise = self.condition()?;
                self.statement()?;
                if self.word_is("else")? {
                    self.next = None;
                    let end = self.emit(Op::Jump(0));
                    self.land(otherwise);
                    self.newlines()?;
                    self.statement()?;
                    self.land(end);
                } else {
                    self.land(otherwise);
                }
            }
            "while" => {
                self.next = None;
                let top = self.ops.len();
                let end = self.condition()?;
                self.round(top, end)?;
            }
            "for" => self.for_loop()?,
            "break" | "continue" => {
                self.next = None;
                let jump = self.emit(Op::Jump(0));
                match self.loops.last_mut() {
                    Some((ends, _)) if name == "break" => ends.push(jump),
                    Some((_, rounds)) => rounds.push(jump),
                    None if name == "break" => return Err(Trouble::Wrong("Break outside a for/while".to_owned())),
                    None => return Err(Trouble::Wrong("Continue outside a for".to_owned())),
                }
            }
            "return" => {
                self.next = None;
                if matches!(self.peek()?, Word::Newline | Word::Mark(";" | "}")) {
                    self.emit(Op::Number("0".into()));
                } else {
                    self.expression(0)?;
                    if self.void {
                        return Err(Trouble::Wrong("Return expression in a void function.".to_owned()));
                    }
                }
                if !self.function {
                    return Err(Trouble::Wrong("Return outside of a function.".to_owned()));
                }
                self.emit(Op::Return);
            }
            "halt" => {
                self.next = None;
                self.emit(Op::Halt);
            }
            "quit" => {
                self.next = None;
                self.quit = true;
            }
            "print" => self.print()?,
            "auto" | "define" | "else" => return wrong(),
            _ => {
                let before = self.ops.len();
                let silent = self.expression(0)?;
                let void = self.ops.len() > before && self.void_call();
                self.emit(if silent || void { Op::Pop } else { Op::Show });
            }
        }
        Ok(())
    }

    /// Whether the last step calls a function without a value.
    fn void_call(&self) -> bool {
        let Some(Op::Call(n, _)) = self.ops.last() else { return false };
        self.names.functions.get(*n as usize).is_some_and(|f| self.names.is_void(f))
    }

    fn condition(&mut self) -> Parsed<usize> {
        self.need("(")?;
        self.expression(0)?;
        self.need(")")?;
        self.newlines()?;
        Ok(self.emit(Op::Unless(0)))
    }

    /// A loop's body; `again` is where its next round begins.
    fn round(&mut self, again: usize, end: usize) -> Parsed<()> {
        self.newlines()?;
        self.loops.push((Vec::new(), Vec::new()));
        self.statement()?;
        let (ends, rounds) = self.loops.pop().unwrap_or_default();
        self.emit(Op::Jump(again));
        self.land(end);
        for j in ends {
            self.land(j);
        }
        for j in rounds {
            if let Some(Op::Jump(to)) = self.ops.get_mut(j) {
                *to = again;
            }
        }
        Ok(())
    }

    fn for_loop(&mut self) -> Parsed<()> {
        self.next = None;
        self.need("(")?;
        if !self.is(";")? {
            self.expression(0)?;
            self.emit(Op::Pop);
        }
        self.need(";")?;
        let test = self.ops.len();
        if self.is(";")? {
            self.emit(Op::Number("1".into()));
        } else {
            self.expression(0)?;
        }
        self.need(";")?;
        let end = self.emit(Op::Unless(0));
        let body = self.emit(Op::Jump(0));
        let step = self.ops.len();
        if !self.is(")")? {
            self.expression(0)?;
            self.emit(Op::Pop);
        }
        self.emit(Op::Jump(test));
        self.need(")")?;
        self.land(body);
        self.round(step, end)
    }

    fn print(&mut self) -> Parsed<()> {
        self.next = None;
        loop {
            if let Word::Text(t) = self.peek()? {
                let op = Op::Text(unescape(t).into());
                self.next = None;
                self.emit(op);
            } else {
                self.expression(0)?;
                self.emit(Op::Print);
            }
            if !self.eat(",")? {
                return Ok(());
            }
        }
    }

    /// An expression of operators that bind at least so tightly; whether it only assigns.
    fn expression(&mut self, least: u8) -> Parsed<bool> {
        self.deeper()?;
        let mut silent = false;
        if self.is("!")? {
            self.next = None;
            self.expression(3)?;
            self.emit(Op::Not);
        } else {
            silent = self.unary()?;
        }
        while let Word::Mark(m) = *self.peek()? {
            let (level, op) = match m {
                "||" => (1, Binary::Or),
                "&&" => (2, Binary::And),
                "<" => (4, Binary::Less),
                "<=" => (4, Binary::AtMost),
                ">" => (4, Binary::Greater),
                ">=" => (4, Binary::AtLeast),
                "==" => (4, Binary::Equal),
                "!=" => (4, Binary::Unequal),
                "+" => (6, Binary::Add),
                "-" => (6, Binary::Subtract),
                "*" => (7, Binary::Multiply),
                "/" => (7, Binary::Divide),
                "%" => (7, Binary::Modulo),
                "^" => (8, Binary::Power),
                _ => break,
            };
            if level < least {
                break;
            }
            self.next = None;
            silent = false;
            // Only the power groups to the right.
            self.expression(if op == Binary::Power { level } else { level + 1 })?;
            self.emit(Op::Binary(op));
        }
        self.depth -= 1;
        Ok(silent)
    }

    fn unary(&mut self) -> Parsed<bool> {
        if self.eat("-")? {
            self.deeper()?;
            self.unary()?;
            self.depth -= 1;
            self.emit(Op::Negate);
            return Ok(false);
        }
        for (mark, op) in [("++", Binary::Add), ("--", Binary::Subtract)] {
            if self.eat(mark)? {
                let Some(place) = self.place()? else { return wrong() };
                self.change(&place, op);
                return Ok(false);
            }
        }
        match self.peek()?.clone() {
            Word::Number(n) => {
                self.next = None;
                self.emit(Op::Number(n.as_str().into()));
                Ok(false)
            }
            Word::Mark("(") => {
                self.next = None;
                self.expression(0)?;
                self.need(")")?;
                Ok(false)
            }
            Word::Name(_) | Word::Mark(".") => match self.place()? {
                Some(place) => self.assigned(place),
                None => Ok(false),
            },
            _ => wrong(),
        }
    }

    /// One more or less.
    fn change(&mut self, place: &Place, op: Binary) {
        self.emit(Op::Peek(place.clone()));
        self.emit(Op::Number("1".into()));
        self.emit(Op::Binary(op));
        self.emit(Op::Store(place.clone()));
    }

    /// What may follow a place: an assignment, `++`, `--`, or nothing.
    fn assigned(&mut self, place: Place) -> Parsed<bool> {
        let Word::Mark(m) = *self.peek()? else {
            self.emit(Op::Load(place));
            return Ok(false);
        };
        let op = match m {
            "=" => None,
            "+=" => Some(Binary::Add),
            "-=" => Some(Binary::Subtract),
            "*=" => Some(Binary::Multiply),
            "/=" => Some(Binary::Divide),
            "%=" => Some(Binary::Modulo),
            "^=" => Some(Binary::Power),
            "++" | "--" => {
                self.next = None;
                let (there, back) =
                    if m == "++" { (Binary::Add, Binary::Subtract) } else { (Binary::Subtract, Binary::Add) };
                self.change(&place, there);
                self.emit(Op::Number("1".into()));
                self.emit(Op::Binary(back));
                return Ok(false);
            }
            _ => {
                self.emit(Op::Load(place));
                return Ok(false);
            }
        };
        self.next = None;
        if op.is_some() {
            self.emit(Op::Peek(place.clone()));
        }
        self.expression(5)?;
        if let Some(op) = op {
            self.emit(Op::Binary(op));
        }
        self.emit(Op::Store(place));
        Ok(true)
    }

    /// A place by its name; `None` where the name is called, which is done then.
    fn place(&mut self) -> Parsed<Option<Place>> {
        let name = match self.take()? {
            Word::Name(n) => n,
            Word::Mark(".") => "last".to_owned(),
            _ => return wrong(),
        };
        let place = match name.as_str() {
            "ibase" => Place::Input,
            "obase" => Place::Output,
            "last" => Place::Last,
            "scale" if !self.is("(")? => Place::Scale,
            "scale" | "length" | "sqrt" | "read" => {
                self.need("(")?;
                let op = match name.as_str() {
                    "scale" => Op::ScaleOf,
                    "length" => Op::Length,
                    "sqrt" => Op::Root,
                    _ => Op::Read,
                };
                if !matches!(op, Op::Read) {
                    self.expression(0)?;
                }
                self.need(")")?;
                self.emit(op);
                return Ok(None);
            }
            "if" | "while" | "for" | "else" | "define" | "auto" | "return" | "break" | "continue" | "quit" | "halt"
            | "print" | "limits" | "warranty" => return wrong(),
            _ if self.is("(")? => {
                self.next = None;
                let args = self.arguments()?;
                let f = self.names.function(&name);
                self.emit(Op::Call(f, args));
                return Ok(None);
            }
            _ if self.eat("[")? => {
                self.expression(0)?;
                self.need("]")?;
                Place::Element(self.names.array(&name))
            }
            _ => Place::Variable(self.names.variable(&name)),
        };
        Ok(Some(place))
    }

    fn arguments(&mut self) -> Parsed<Rc<[Option<u32>]>> {
        let mut args = Vec::new();
        if self.eat(")")? {
            return Ok(args.into());
        }
        loop {
            // `name[]` is a whole array: seen by what stands behind the name.
            let (at, next) = (self.at, self.next.clone());
            let array = match self.take()? {
                Word::Name(n) if self.eat("[")? && self.eat("]")? => Some(self.names.array(&n)),
                _ => None,
            };
            if array.is_none() {
                (self.at, self.next) = (at, next);
                self.expression(0)?;
            }
            args.push(array);
            if self.eat(")")? {
                return Ok(args.into());
            }
            self.need(",")?;
        }
    }
}

/// What `print` does with backslashes.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('a') => out.push('\x07'),
            Some('b') => out.push('\x08'),
            Some('f') => out.push('\x0c'),
            Some('n') => out.push('\n'),
            Some('q') => out.push('"'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('\\') | None => out.push('\\'),
            Some(_) => {}
        }
    }
    out
}
