//! Programs: items and statements become instructions as they are read.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::code::{Function, Op, Program, SPECIAL, Slot, Target, To};
use super::expr::Expr;
use super::lex::{Token, words};
use super::value::Value;
use crate::regex::{Kind, Pattern, compile};

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

    fn statement(&mut self) -> Done {
        self.nested += 1;
        if self.nested > DEEP {
            return Err(self.wrong("statements nested too deeply"));
        }
        let r = self.one();
        self.nested -= 1;
        r
    }

    fn one(&mut self) -> Done {
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

    fn condition(&mut self) -> Done {
        self.expect("(")?;
        self.newlines();
        let e = self.expr()?;
        self.newlines();
        self.expect(")")?;
        self.value(&e)
    }

    /// The loop's jumps, where `start` is where it goes on.
    fn finish(&mut self, start: usize) {
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

    fn for_(&mut self) -> Done {
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

    fn simple(&mut self) -> Done {
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

    fn print(&mut self, formatted: bool) -> Done {
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

    fn keys(&mut self, keys: &[Expr]) -> Done {
        for k in keys {
            self.value(k)?;
        }
        if keys.len() > 1 {
            self.emit(Op::Keys(keys.len()));
        }
        Ok(())
    }

    fn pattern(&self, text: &str) -> Result<Rc<Pattern>, Wrong> {
        compile(text, Kind::Awk, false)
            .map(Rc::new)
            .map_err(|e| (self.line(), format!("regular expression compile failed ({e})\n{text}")))
    }

    /// What is assigned to; pushes its key or number.
    fn lvalue(&mut self, e: &Expr) -> Result<Target, Wrong> {
        match e {
            Expr::Var(name) => Ok(Target::Var(self.slot(name))),
            Expr::Elem(name, keys) => {
                self.keys(keys)?;
                Ok(Target::Elem(self.array(name)))
            }
            Expr::Field(n) => {
                self.value(n)?;
                Ok(Target::Field)
            }
            Expr::Group(e) => self.lvalue(e),
            _ => Err(self.wrong("syntax error: not something that can be assigned to")),
        }
    }

    /// A pattern argument: known, or pushed as text.
    fn regex_argument(&mut self, e: &Expr) -> Result<Option<Rc<Pattern>>, Wrong> {
        match e {
            Expr::Regex(r) => Ok(Some(self.pattern(r)?)),
            e => {
                self.value(e)?;
                Ok(None)
            }
        }
    }

    /// Code that leaves the expression's value on the stack.
    #[allow(clippy::too_many_lines, reason = "one arm a kind of expression")]
    fn value(&mut self, e: &Expr) -> Done {
        match e {
            Expr::Number(n) => {
                self.emit(Op::Const(Value::Number(*n)));
            }
            Expr::Text(t) => {
                self.emit(Op::Const(Value::text(t.as_str())));
            }
            Expr::Regex(r) => {
                let p = self.pattern(r)?;
                self.emit(Op::MatchRecord(p));
            }
            Expr::Group(e) => self.value(e)?,
            Expr::Var(_) | Expr::Elem(..) | Expr::Field(_) => {
                let t = self.lvalue(e)?;
                self.emit(Op::Get(t));
            }
            Expr::Assign(to, op, value) => {
                let t = self.lvalue(to)?;
                if let Some(op) = op {
                    self.emit(Op::Keep(t));
                    self.value(value)?;
                    self.emit(Op::Binary(*op));
                } else {
                    self.value(value)?;
                }
                self.emit(Op::Set(t));
            }
            Expr::Step(to, delta, post) => {
                let t = self.lvalue(to)?;
                self.emit(Op::Step(t, *delta, *post));
            }
            Expr::Binary(op, a, b) => {
                self.value(a)?;
                self.value(b)?;
                self.emit(Op::Binary(*op));
            }
            Expr::Compare(op, a, b) => {
                self.value(a)?;
                self.value(b)?;
                self.emit(Op::Compare(op));
            }
            Expr::Concat(all) => {
                for e in all {
                    self.value(e)?;
                }
                self.emit(Op::Concat(all.len()));
            }
            Expr::Unary(op, e) => {
                self.value(e)?;
                self.emit(match op {
                    '!' => Op::Not,
                    '-' => Op::Negative,
                    _ => Op::Plus,
                });
            }
            Expr::And(a, b) | Expr::Or(a, b) => {
                let and = matches!(e, Expr::And(..));
                self.value(a)?;
                let short = self.emit(if and { Op::JumpUnless(0) } else { Op::JumpIf(0) });
                self.value(b)?;
                self.emit(Op::Bool);
                let end = self.emit(Op::Jump(0));
                self.patch(short);
                self.emit(Op::Const(Value::bool(!and)));
                self.patch(end);
            }
            Expr::Cond(c, yes, no) => {
                self.value(c)?;
                let otherwise = self.emit(Op::JumpUnless(0));
                self.value(yes)?;
                let end = self.emit(Op::Jump(0));
                self.patch(otherwise);
                self.value(no)?;
                self.patch(end);
            }
            Expr::Match(not, text, r) => {
                self.value(text)?;
                let known = self.regex_argument(r)?;
                self.emit(Op::Match(known, *not));
            }
            Expr::In(keys, array) => {
                self.keys(keys)?;
                let array = self.array(array);
                self.emit(Op::Has(array));
            }
            Expr::Getline(from, source, target) => {
                let t = match target {
                    Some(t) => Some(self.lvalue(t)?),
                    None => None,
                };
                if let Some(s) = source {
                    self.value(s)?;
                }
                self.emit(Op::Getline(*from, t));
            }
            Expr::Call(name, args) => {
                let f = self.function_number(name);
                if let Some(f) = self.program.functions.get_mut(f)
                    && f.arrays.len() < args.len()
                {
                    if f.entry.is_some() {
                        return Err((self.line(), format!("too many arguments in call to {name}")));
                    }
                    f.arrays.resize(args.len(), false);
                }
                for (n, a) in args.iter().enumerate() {
                    if let Expr::Var(name) = a {
                        let slot = self.slot(name);
                        self.handed.push((self.current, slot, f, n));
                        self.emit(Op::Load(slot));
                    } else {
                        self.value(a)?;
                    }
                }
                self.emit(Op::Call(f, args.len()));
            }
            Expr::Builtin(name, args) => self.builtin(name, args)?,
        }
        Ok(())
    }

    fn builtin(&mut self, name: &'static str, args: &[Expr]) -> Done {
        let least = match name {
            "substr" | "index" | "split" | "sub" | "gsub" | "match" | "atan2" | "and" | "or" | "xor" | "lshift"
            | "rshift" => 2,
            "gensub" => 3,
            "length" | "rand" | "srand" | "fflush" | "systime" | "strftime" => 0,
            _ => 1,
        };
        if args.len() < least {
            return Err(self.wrong(&format!("not enough arguments to {name}")));
        }
        match (name, args) {
            ("sub" | "gsub", [r, with, rest @ ..]) => {
                let whole = Expr::Field(Box::new(Expr::Number(0.0)));
                let target = rest.first().unwrap_or(&whole);
                // A target that is no variable is only looked at.
                let target = if let Expr::Var(_) | Expr::Elem(..) | Expr::Field(_) | Expr::Group(_) = target {
                    self.lvalue(target)?
                } else {
                    let slot = Slot::Global(self.global(" nowhere"));
                    self.value(target)?;
                    self.emit(Op::Set(Target::Var(slot)));
                    self.emit(Op::Pop);
                    Target::Var(slot)
                };
                let known = self.regex_argument(r)?;
                self.value(with)?;
                self.emit(Op::Sub(known, name == "gsub", target));
            }
            ("split", [text, Expr::Var(array), rest @ ..]) => {
                self.value(text)?;
                let array = self.array(array);
                let known = match rest.first() {
                    Some(r) => self.regex_argument(r)?,
                    None => None,
                };
                self.emit(Op::Split(array, known, !rest.is_empty()));
            }
            ("match", [text, r, ..]) => {
                self.value(text)?;
                let known = self.regex_argument(r)?;
                self.emit(Op::Find(known));
            }
            ("gensub", [r, with, how, rest @ ..]) => {
                let known = self.regex_argument(r)?;
                self.value(with)?;
                self.value(how)?;
                if let Some(t) = rest.first() {
                    self.value(t)?;
                }
                self.emit(Op::Gensub(known, !rest.is_empty()));
            }
            ("asort" | "asorti", [Expr::Var(a), rest @ ..]) => {
                let a = self.array(a);
                let b = match rest.first() {
                    Some(Expr::Var(b)) => Some(self.array(b)),
                    _ => None,
                };
                self.emit(Op::Sorted(name, a, b));
            }
            ("length", [Expr::Var(v)]) => {
                let slot = self.slot(v);
                self.emit(Op::Length(slot));
            }
            _ => {
                for a in args {
                    self.value(a)?;
                }
                self.emit(Op::Builtin(name, args.len()));
            }
        }
        Ok(())
    }
}
