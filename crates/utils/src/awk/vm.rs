//! The machine that runs a program.

mod input;
mod output;
mod step;

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use layerlab_kernel::SimTime;

use super::code::{CONVFMT, FILENAME, FNR, FS, Known, NF, NR, OFMT, OFS, ORS, Op, Program, RS, SUBSEP, Slot, Target};
use super::io::{Output, Reader};
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

    /// All of it: `BEGIN`, the records, `END`.
    pub(super) async fn all(&mut self) -> Run<()> {
        let r = self.phases().await;
        let closed = self.close_all().await;
        r?;
        closed
    }

    async fn phases(&mut self) -> Result<(), Stop> {
        let program = self.program.clone();
        let mut ended = false;
        for entry in &program.begin {
            if self.run(*entry).await? == Flow::Exit {
                ended = true;
                break;
            }
        }
        // After `exit` nothing more is read, but `END` is done (POSIX, awk, "Actions").
        if !ended && (!program.rules.is_empty() || !program.end.is_empty()) {
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
                        Flow::Exit => break 'records,
                    }
                }
            }
        }
        for entry in &program.end {
            if self.run(*entry).await? == Flow::Exit {
                break;
            }
        }
        Ok(())
    }
}
