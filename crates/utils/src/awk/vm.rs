//! The machine that runs a program.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use layerlab_kernel::SimTime;

use super::code::{
    ARGC, ARGV, CONVFMT, FILENAME, FNR, FS, From, Known, NF, NR, OFMT, OFS, ORS, Op, Program, RS, RT, SUBSEP, Slot,
    Target, To,
};
use super::io::{Ending, Output, Reader, system};
use super::record::{Record, Separator};
use super::value::{Array, Value};
use crate::cli::{Cli, Run, Stop, zone::Zone};
use crate::regex::{Kind, Pattern, compile};

/// Calls within calls.
const DEEP: usize = 20_000;
/// Values on the stack.
const HIGH: usize = 1 << 20;
/// Instructions between two breaks, and what they take of virtual time.
const SLICE: u32 = 20_000;

/// How a piece of code ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Done,
    Next,
    NextFile,
    Exit,
}

struct Frame {
    back: usize,
    locals: usize,
    stack: usize,
    iterators: usize,
}

/// A running program.
pub(super) struct Machine<'a> {
    pub(super) c: &'a mut Cli,
    pub(super) program: Rc<Program>,
    pub(super) globals: Vec<Value>,
    locals: Vec<Value>,
    pub(super) stack: Vec<Value>,
    frames: Vec<Frame>,
    iterators: Vec<VecDeque<Rc<str>>>,
    ranges: Vec<bool>,
    pub(super) record: Record,
    patterns: BTreeMap<Rc<str>, Rc<Pattern>>,
    outputs: BTreeMap<String, Output>,
    readers: BTreeMap<String, Reader>,
    main: Option<Reader>,
    argument: usize,
    any_file: bool,
    steps: u32,
    pub(super) seed: f64,
    /// The zone of `strftime`.
    pub(super) zone: Zone,
    pub(super) random: u64,
}

/// What a step cannot do.
pub(super) type Fails<T> = Result<T, String>;

impl<'a> Machine<'a> {
    pub(super) fn new(c: &'a mut Cli, program: Program, zone: Zone) -> Self {
        let mut globals: Vec<Value> = vec![Value::Nothing; program.globals.len()];
        for (g, array) in globals.iter_mut().zip(&program.arrays) {
            if *array {
                *g = Value::Array(Array::default());
            }
        }
        let ranges = vec![false; program.ranges];
        let mut m = Self {
            c,
            program: Rc::new(program),
            globals,
            locals: Vec::new(),
            stack: Vec::new(),
            frames: Vec::new(),
            iterators: Vec::new(),
            ranges,
            record: Record::default(),
            patterns: BTreeMap::new(),
            outputs: BTreeMap::new(),
            readers: BTreeMap::new(),
            main: None,
            argument: 1,
            any_file: false,
            steps: 0,
            seed: 0.0,
            zone,
            random: 0x9e37_79b9_7f4a_7c15,
        };
        for (n, text) in
            [(FS, " "), (OFS, " "), (ORS, "\n"), (RS, "\n"), (SUBSEP, "\x1c"), (CONVFMT, "%.6g"), (OFMT, "%.6g")]
        {
            m.set_global(n, Value::text(text));
        }
        m.set_global(NR, Value::Number(0.0));
        m.set_global(FNR, Value::Number(0.0));
        m.set_global(super::code::RSTART, Value::Number(0.0));
        m.set_global(super::code::RLENGTH, Value::Number(-1.0));
        m
    }

    pub(super) fn set_global(&mut self, n: usize, v: Value) {
        if let Some(g) = self.globals.get_mut(n) {
            *g = v;
        }
    }
    pub(super) fn global(&self, n: usize) -> Value {
        self.globals.get(n).cloned().unwrap_or_default()
    }
    pub(super) fn convert(&self) -> Rc<str> {
        self.global(CONVFMT).show("%.6g")
    }
    pub(super) fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or_default()
    }
    pub(super) fn text(&mut self) -> Rc<str> {
        match self.pop() {
            Value::Text(t) | Value::Both(t, _) => t,
            v => v.show(&self.convert()),
        }
    }

    fn slot(&self, slot: Slot) -> Value {
        match slot {
            Slot::Global(n) => self.global(n),
            Slot::Local(n) => {
                let base = self.frames.last().map_or(0, |f| f.locals);
                self.locals.get(base + n).cloned().unwrap_or_default()
            }
        }
    }

    pub(super) fn array(&self, slot: Slot) -> Fails<Array> {
        match self.slot(slot) {
            Value::Array(a) => Ok(a),
            _ => Err("a scalar is used as an array".to_owned()),
        }
    }

    /// A compiled pattern from its text.
    pub(super) fn pattern(&mut self, text: &Rc<str>) -> Fails<Rc<Pattern>> {
        if let Some(p) = self.patterns.get(text) {
            return Ok(p.clone());
        }
        let p =
            compile(text, Kind::Awk, false).map_err(|e| format!("regular expression compile failed ({e})\n{text}"))?;
        let p = Rc::new(p);
        if self.patterns.len() > 500 {
            self.patterns.clear();
        }
        self.patterns.insert(text.clone(), p.clone());
        Ok(p)
    }

    pub(super) fn known(&mut self, known: &Known) -> Fails<Rc<Pattern>> {
        match known {
            Some(p) => Ok(p.clone()),
            None => {
                let t = self.text();
                self.pattern(&t)
            }
        }
    }

    pub(super) fn separator(&mut self, text: &Rc<str>) -> Fails<Separator> {
        let mut chars = text.chars();
        Ok(match (chars.next(), chars.next()) {
            (Some(' '), None) => Separator::Blanks,
            (None, _) => Separator::Each,
            (Some(c), None) if c != '\\' => Separator::One(c),
            _ => Separator::Regex(self.pattern(text)?),
        })
    }

    fn split_record(&mut self) -> Fails<()> {
        if self.record.needs_split() {
            let fs = self.global(FS).show("%.6g");
            let by = self.separator(&fs)?;
            let paragraph = self.global(RS).show("%.6g").is_empty();
            self.record.fill(&by, paragraph);
        }
        Ok(())
    }

    pub(super) fn whole(&mut self) -> Value {
        let ofs = self.global(OFS).show("%.6g");
        let convert = self.convert();
        self.record.whole(&ofs, &convert)
    }

    fn field(&mut self, n: f64) -> Fails<Value> {
        if n < 0.0 {
            return Err(format!("negative field index ${n}"));
        }
        if n < 1.0 {
            return Ok(self.whole());
        }
        self.split_record()?;
        Ok(self.record.get(n as usize))
    }

    /// The value of what is assigned to; `key` is what lay on the stack.
    fn get(&mut self, target: Target, key: &Value) -> Fails<Value> {
        match target {
            Target::Var(Slot::Global(NF)) => {
                self.split_record()?;
                Ok(Value::Number(self.record.count() as f64))
            }
            Target::Var(s) => match self.slot(s) {
                Value::Array(_) => Err("an array is used as a scalar".to_owned()),
                v => Ok(v),
            },
            Target::Elem(s) => {
                let convert = self.convert();
                Ok(self.array(s)?.borrow_mut().get(&key.show(&convert)))
            }
            Target::Field => self.field(key.number()),
        }
    }

    pub(super) fn set(&mut self, target: Target, key: &Value, value: Value) -> Fails<()> {
        match target {
            Target::Var(Slot::Global(NF)) => {
                self.split_record()?;
                let n = value.number();
                if n < 0.0 || !self.record.resize(n as usize) {
                    return Err("NF set to negative or too large a value".to_owned());
                }
            }
            Target::Var(Slot::Global(n)) => {
                // Fields are those of the separator that held when the record was read.
                if n == FS || n == RS {
                    self.split_record()?;
                }
                if matches!(self.globals.get(n), Some(Value::Array(_))) {
                    return Err("an array is assigned to".to_owned());
                }
                self.set_global(n, value);
            }
            Target::Var(Slot::Local(n)) => {
                let base = self.frames.last().map_or(0, |f| f.locals);
                if let Some(l) = self.locals.get_mut(base + n) {
                    if matches!(l, Value::Array(_)) {
                        return Err("an array is assigned to".to_owned());
                    }
                    *l = value;
                }
            }
            Target::Elem(s) => {
                let convert = self.convert();
                self.array(s)?.borrow_mut().set(key.show(&convert), value);
            }
            Target::Field => {
                let n = key.number();
                if n < 0.0 {
                    return Err(format!("negative field index ${n}"));
                }
                if n < 1.0 {
                    let convert = self.convert();
                    let text = value.show(&convert);
                    self.record.set(Value::input(text));
                } else {
                    self.split_record()?;
                    if !self.record.put(n as usize, value) {
                        return Err(format!("field index ${n} is too large"));
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn key(&mut self, target: Target) -> Value {
        if matches!(target, Target::Var(_)) { Value::Nothing } else { self.pop() }
    }

    fn compare(&mut self, op: &str) -> bool {
        use std::cmp::Ordering;
        let (b, a) = (self.pop(), self.pop());
        let numeric = |v: &Value| !matches!(v, Value::Text(_));
        let order = if numeric(&a) && numeric(&b) {
            a.number().partial_cmp(&b.number())
        } else {
            let convert = self.convert();
            Some(a.show(&convert).cmp(&b.show(&convert)))
        };
        match op {
            "<" => order == Some(Ordering::Less),
            "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            "==" => order == Some(Ordering::Equal),
            "!=" => order != Some(Ordering::Equal),
            ">" => order == Some(Ordering::Greater),
            _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }
    }

    fn binary(&mut self, op: char) -> Fails<f64> {
        let (b, a) = (self.pop().number(), self.pop().number());
        Ok(match op {
            '+' => a + b,
            '-' => a - b,
            '*' => a * b,
            '/' => a / b,
            '%' => a % b,
            _ => libm::pow(a, b),
        })
    }

    /// A step that needs no system call; where to go on otherwise.
    #[allow(clippy::too_many_lines, reason = "one arm an instruction")]
    pub(super) fn step(&mut self, op: &Op, pc: &mut usize) -> Fails<()> {
        match op {
            Op::Const(v) => self.stack.push(v.clone()),
            Op::Load(s) => {
                let v =
                    if *s == Slot::Global(NF) { self.get(Target::Var(*s), &Value::Nothing)? } else { self.slot(*s) };
                self.stack.push(v);
            }
            Op::Pop => {
                self.pop();
            }
            Op::Keys(n) => {
                let convert = self.convert();
                let from = self.stack.len().saturating_sub(*n);
                let parts: Vec<Rc<str>> = self.stack.drain(from..).map(|v| v.show(&convert)).collect();
                let sep = self.global(SUBSEP).show(&convert);
                self.stack.push(Value::text(parts.join(&*sep)));
            }
            Op::Get(t) => {
                let key = self.key(*t);
                let v = self.get(*t, &key)?;
                self.stack.push(v);
            }
            Op::Keep(t) => {
                let key = if matches!(t, Target::Var(_)) {
                    Value::Nothing
                } else {
                    self.stack.last().cloned().unwrap_or_default()
                };
                let v = self.get(*t, &key)?;
                self.stack.push(v);
            }
            Op::Set(t) => {
                let v = self.pop();
                let key = self.key(*t);
                self.set(*t, &key, v.clone())?;
                self.stack.push(v);
            }
            Op::Step(t, delta, post) => {
                let key = self.key(*t);
                let old = self.get(*t, &key)?.number();
                self.set(*t, &key, Value::Number(old + delta))?;
                self.stack.push(Value::Number(if *post { old } else { old + delta }));
            }
            Op::Has(s) => {
                let key = self.text();
                let yes = self.array(*s)?.borrow().has(&key);
                self.stack.push(Value::bool(yes));
            }
            Op::Delete(s) => {
                let key = self.text();
                self.array(*s)?.borrow_mut().remove(&key);
            }
            Op::Clear(s) => self.array(*s)?.borrow_mut().clear(),
            Op::Binary(op) => {
                let n = self.binary(*op)?;
                self.stack.push(Value::Number(n));
            }
            Op::Compare(op) => {
                let yes = self.compare(op);
                self.stack.push(Value::bool(yes));
            }
            Op::Concat(n) => {
                let convert = self.convert();
                let from = self.stack.len().saturating_sub(*n);
                let text: String = self.stack.drain(from..).map(|v| v.show(&convert).to_string()).collect();
                if text.len() > 64 << 20 {
                    return Err("out of memory".to_owned());
                }
                self.stack.push(Value::text(text));
            }
            Op::Negative => {
                let n = self.pop().number();
                self.stack.push(Value::Number(-n));
            }
            Op::Plus => {
                let n = self.pop().number();
                self.stack.push(Value::Number(n));
            }
            Op::Not => {
                let t = self.pop().truth();
                self.stack.push(Value::bool(!t));
            }
            Op::Bool => {
                let t = self.pop().truth();
                self.stack.push(Value::bool(t));
            }
            Op::Match(known, not) => {
                let r = self.known(known)?;
                let t = self.text();
                self.stack.push(Value::bool(r.is_match(&t) != *not));
            }
            Op::MatchRecord(r) => {
                let t = self.whole().show("%.6g");
                self.stack.push(Value::bool(r.is_match(&t)));
            }
            Op::Jump(to) => *pc = *to,
            Op::JumpIf(to) => {
                if self.pop().truth() {
                    *pc = *to;
                }
            }
            Op::JumpUnless(to) => {
                if !self.pop().truth() {
                    *pc = *to;
                }
            }
            Op::Call(f, n) => {
                let program = self.program.clone();
                let f = program.functions.get(*f).ok_or("no such function")?;
                if self.frames.len() >= DEEP || self.stack.len() + self.locals.len() > HIGH {
                    return Err("function call nesting too deep".to_owned());
                }
                let from = self.stack.len().saturating_sub(*n);
                let base = self.locals.len();
                self.locals.extend(self.stack.drain(from..));
                for k in *n..f.parameters.len() {
                    let array = f.arrays.get(k).copied().unwrap_or(false);
                    self.locals.push(if array { Value::Array(Array::default()) } else { Value::Nothing });
                }
                self.frames.push(Frame {
                    back: *pc,
                    locals: base,
                    stack: self.stack.len(),
                    iterators: self.iterators.len(),
                });
                *pc = f.entry.unwrap_or(0);
            }
            Op::Return => {
                let v = self.pop();
                let Some(f) = self.frames.pop() else { return Err("return outside of a function".to_owned()) };
                self.locals.truncate(f.locals);
                self.stack.truncate(f.stack);
                self.iterators.truncate(f.iterators);
                self.stack.push(v);
                *pc = f.back;
            }
            Op::Iterate(s) => {
                let keys = self.array(*s)?.borrow().keys();
                self.iterators.push(keys.into());
            }
            Op::NextKey(out) => match self.iterators.last_mut().and_then(VecDeque::pop_front) {
                Some(k) => self.stack.push(Value::input(k)),
                None => {
                    self.iterators.pop();
                    *pc = *out;
                }
            },
            Op::DropIterator => {
                self.iterators.pop();
            }
            Op::InRange(n) => {
                let yes = self.ranges.get(*n).copied().unwrap_or(false);
                self.stack.push(Value::bool(yes));
            }
            Op::SetRange(n, on) => {
                if let Some(r) = self.ranges.get_mut(*n) {
                    *r = *on;
                }
            }
            other => return self.text_op(other),
        }
        Ok(())
    }

    async fn fatal<T>(&mut self, message: String) -> Run<T> {
        self.close_all().await?;
        let [name, fnr, nr] = [FILENAME, FNR, NR].map(|n| self.global(n).show("%.6g"));
        self.c.die(2, format!("run time error: {message}\n\tFILENAME=\"{name}\" FNR={fnr} NR={nr}")).await
    }

    /// Runs from an entry on.
    pub(super) async fn run(&mut self, entry: usize) -> Run<Flow> {
        let program = self.program.clone();
        let mut pc = entry;
        self.stack.clear();
        self.locals.clear();
        self.frames.clear();
        self.iterators.clear();
        loop {
            self.steps += 1;
            if self.steps >= SLICE {
                self.steps = 0;
                self.c.sys.charge(SimTime(400_000));
                if self.c.sys.hold(self.globals.iter().map(Value::held).sum()).is_err() {
                    return self.fatal("out of memory".to_owned()).await;
                }
                crate::cli::pause().await;
            }
            let Some(op) = program.code.get(pc) else { return Ok(Flow::Done) };
            pc += 1;
            let result = match op {
                Op::Done => return Ok(Flow::Done),
                Op::Next => return Ok(Flow::Next),
                Op::NextFile => return Ok(Flow::NextFile),
                Op::Exit(given) => {
                    if *given {
                        self.c.code = self.pop().number() as i64 as i32 & 0xff;
                    }
                    return Ok(Flow::Exit);
                }
                Op::Print(n, to) => self.print(*n, *to).await?,
                Op::Printf(n, to) => self.printf(*n, *to).await?,
                Op::Getline(from, target) => self.getline(*from, *target).await?,
                Op::Builtin(name @ ("system" | "close" | "fflush"), n) => {
                    let v = self.outside(name, *n).await?;
                    self.stack.push(Value::Number(v));
                    Ok(())
                }
                op => self.step(op, &mut pc),
            };
            if let Err(message) = result {
                return self.fatal(message).await;
            }
        }
    }

    async fn outside(&mut self, name: &str, n: usize) -> Run<f64> {
        let arg = if n > 0 { Some(self.text()) } else { None };
        Ok(match (name, arg) {
            ("system", Some(command)) => {
                self.flush_all().await?;
                f64::from(system(self.c, &command).await)
            }
            ("close", Some(name)) => {
                let mut status = -1;
                if let Some(o) = self.outputs.remove(&*name) {
                    self.c.flush().await?;
                    status = o.close(self.c).await;
                }
                if let Some(r) = self.readers.remove(&*name) {
                    status = r.close(self.c).await;
                }
                f64::from(status)
            }
            ("fflush", Some(name)) if !name.is_empty() => match self.outputs.get_mut(&*name) {
                Some(o) => f64::from(i32::from(o.flush(self.c).await) - 1),
                None => -1.0,
            },
            _ => {
                self.flush_all().await?;
                0.0
            }
        })
    }

    async fn flush_all(&mut self) -> Run<()> {
        self.c.flush().await?;
        for o in self.outputs.values_mut() {
            o.flush(self.c).await;
        }
        Ok(())
    }

    /// Closes all files and waits for all commands.
    pub(super) async fn close_all(&mut self) -> Run<()> {
        // As mawk: what commands say comes before what is still in the buffer, but not on a terminal.
        if self.c.sys.is_atty(1).await {
            self.c.flush().await?;
        }
        for (_, o) in std::mem::take(&mut self.outputs) {
            o.close(self.c).await;
        }
        self.c.flush().await?;
        for (_, r) in std::mem::take(&mut self.readers) {
            r.close(self.c).await;
        }
        Ok(())
    }

    async fn write(&mut self, to: To, name: Option<Rc<str>>, bytes: &[u8]) -> Run<Fails<()>> {
        let Some(name) = name else {
            self.c.put(bytes).await?;
            return Ok(Ok(()));
        };
        if !self.outputs.contains_key(&*name) {
            if self.outputs.len() > 200 {
                return Ok(Err("too many open files".to_owned()));
            }
            match Output::open(self.c, &name, to).await {
                Ok(o) => {
                    self.outputs.insert(name.to_string(), o);
                }
                Err(e) => return Ok(Err(format!("cannot open \"{name}\" for output ({e})"))),
            }
        }
        if let Some(o) = self.outputs.get_mut(&*name) {
            o.put(self.c, bytes).await?;
        }
        Ok(Ok(()))
    }

    async fn print(&mut self, n: usize, to: To) -> Run<Fails<()>> {
        let name = if to == To::Stdout { None } else { Some(self.text()) };
        let ofmt = self.global(OFMT).show("%.6g");
        let mut out = String::new();
        if n == 0 {
            out.push_str(&self.whole().show(&ofmt));
        } else {
            let ofs = self.global(OFS).show(&ofmt);
            let from = self.stack.len().saturating_sub(n);
            for (i, v) in self.stack.drain(from..).enumerate() {
                if i > 0 {
                    out.push_str(&ofs);
                }
                out.push_str(&v.show(&ofmt));
            }
        }
        out.push_str(&self.global(ORS).show(&ofmt));
        self.write(to, name, out.as_bytes()).await
    }

    async fn printf(&mut self, n: usize, to: To) -> Run<Fails<()>> {
        let name = if to == To::Stdout { None } else { Some(self.text()) };
        match self.formatted(n) {
            Ok(text) => self.write(to, name, text.as_bytes()).await,
            Err(e) => Ok(Err(e)),
        }
    }

    fn ending(&mut self) -> Fails<Ending> {
        let rs = self.global(RS).show("%.6g");
        let mut chars = rs.chars();
        Ok(match (chars.next(), chars.next()) {
            (None, _) => Ending::Paragraph,
            (Some(c), None) if c.is_ascii() => Ending::Char(c as u8),
            _ => Ending::Regex(self.pattern(&rs)?),
        })
    }

    fn count(&mut self, n: usize) {
        let v = self.global(n).number() + 1.0;
        self.set_global(n, Value::Number(v));
    }

    /// The next record of the operands; sets `RT`.
    pub(super) async fn next_record(&mut self) -> Run<Option<String>> {
        loop {
            let ending = match self.ending() {
                Ok(e) => e,
                Err(e) => return self.fatal(e).await,
            };
            if let Some(r) = &mut self.main {
                if r.dry() {
                    self.c.flush().await?;
                }
                match r.record(self.c, &ending).await {
                    Ok(Some((text, mark))) => {
                        self.set_global(RT, Value::text(mark));
                        self.count(NR);
                        self.count(FNR);
                        return Ok(Some(text));
                    }
                    Ok(None) => {}
                    Err(e) => {
                        let name = self.global(FILENAME).show("%.6g");
                        self.c.warn(format!("read error ({name}): {e}")).await;
                        self.c.code = 2;
                    }
                }
                self.close_main().await;
            }
            if !self.open_next().await? {
                return Ok(None);
            }
        }
    }

    pub(super) async fn close_main(&mut self) {
        if let Some(r) = self.main.take() {
            r.close(self.c).await;
        }
    }

    /// Opens the next operand; false where there is none.
    async fn open_next(&mut self) -> Run<bool> {
        loop {
            let count = self.global(ARGC).number();
            let name: Rc<str> = if (self.argument as f64) < count {
                let n = self.argument.to_string();
                self.argument += 1;
                let Value::Array(args) = self.global(ARGV) else { return Ok(false) };
                if !args.borrow().has(&n) {
                    continue;
                }
                let v = args.borrow_mut().get(&n).show("%.6g");
                if v.is_empty() {
                    continue;
                }
                if self.assignment(&v) {
                    continue;
                }
                v
            } else if self.any_file {
                return Ok(false);
            } else {
                "-".into()
            };
            self.any_file = true;
            let directory = &*name != "-"
                && self.c.sys.stat(&name).await.is_ok_and(|s| s.file_type == layerlab_kernel::FileType::Dir);
            if directory {
                self.c.warn(format!("{name}: Is a directory")).await;
                self.c.code = 2;
                continue;
            }
            match Reader::file(self.c, &name).await {
                Ok(r) => {
                    self.main = Some(r);
                    self.set_global(FILENAME, Value::text(if &*name == "-" { "".into() } else { name }));
                    self.set_global(FNR, Value::Number(0.0));
                    return Ok(true);
                }
                Err(e) => {
                    // Nothing more happens, END neither.
                    return self.c.die(2, format!("cannot open {name} ({e})")).await;
                }
            }
        }
    }

    /// An operand `name=value`; false where it is none.
    pub(super) fn assignment(&mut self, text: &str) -> bool {
        let Some((name, value)) = text.split_once('=') else { return false };
        let mut chars = name.chars();
        let word = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !word {
            return false;
        }
        if let Some(n) = self.program.globals.iter().position(|g| g == name) {
            let _ = self.set(Target::Var(Slot::Global(n)), &Value::Nothing, Value::input(super::lex::unescape(value)));
        }
        true
    }

    async fn getline(&mut self, from: From, target: Option<Target>) -> Run<Fails<()>> {
        let name = if from == From::Main { None } else { Some(self.text()) };
        let key = match target {
            Some(t) => self.key(t),
            None => Value::Nothing,
        };
        let got = match &name {
            None => self.next_record().await?.map_or(Ok(None), |t| Ok(Some(t))),
            Some(name) => {
                self.flush_all().await?;
                self.read_other(from, name).await?
            }
        };
        let result = match got {
            Ok(Some(text)) => {
                if from == From::Pipe {
                    self.count(NR);
                    self.count(FNR);
                }
                let value = Value::input(text);
                let done = match target {
                    Some(t) => self.set(t, &key, value),
                    None => {
                        self.record.set(value);
                        Ok(())
                    }
                };
                if let Err(e) = done {
                    return Ok(Err(e));
                }
                1.0
            }
            Ok(None) => 0.0,
            Err(()) => -1.0,
        };
        self.stack.push(Value::Number(result));
        Ok(Ok(()))
    }

    async fn read_other(&mut self, from: From, name: &Rc<str>) -> Run<Result<Option<String>, ()>> {
        let ending = match self.ending() {
            Ok(e) => e,
            Err(e) => return self.fatal(e).await,
        };
        if !self.readers.contains_key(&**name) {
            let reader = match from {
                From::Pipe => Reader::command(self.c, name).await,
                _ => Reader::file(self.c, name).await,
            };
            match reader {
                Ok(r) if self.readers.len() < 200 => {
                    self.readers.insert(name.to_string(), r);
                }
                _ => return Ok(Err(())),
            }
        }
        let Some(r) = self.readers.get_mut(&**name) else { return Ok(Err(())) };
        match r.record(self.c, &ending).await {
            Ok(r) => Ok(Ok(r.map(|(t, _)| t))),
            Err(_) => Ok(Err(())),
        }
    }

    /// All of it: `BEGIN`, the records, `END`.
    pub(super) async fn all(&mut self) -> Run<()> {
        let r = self.phases().await;
        let closed = self.close_all().await;
        r?;
        closed
    }

    async fn phases(&mut self) -> Result<(), Stop> {
        let program = self.program.clone();
        for entry in &program.begin {
            if self.run(*entry).await? == Flow::Exit {
                return Ok(());
            }
        }
        let mut ended = false;
        if !program.rules.is_empty() || !program.end.is_empty() {
            'records: while let Some(text) = self.next_record().await? {
                self.record.set(Value::input(text));
                for entry in &program.rules {
                    match self.run(*entry).await? {
                        Flow::Done => {}
                        Flow::Next => break,
                        Flow::NextFile => {
                            self.close_main().await;
                            break;
                        }
                        Flow::Exit => {
                            ended = true;
                            break 'records;
                        }
                    }
                }
            }
        }
        let _ = ended;
        for entry in &program.end {
            if self.run(*entry).await? == Flow::Exit {
                break;
            }
        }
        Ok(())
    }
}
