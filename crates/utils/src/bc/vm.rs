//! Runs `bc`'s steps. Calls lie on a stack of their own; what they hide of their callers is kept there.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use layerlab_kernel::SimTime;

use super::code::{Binary, Code, Names, Op, Place};
use super::lex;
use super::number::{Number, Shared};
use crate::cli::input::Input;
use crate::cli::{Cli, Run};

/// Calls in each other.
const CALLS: usize = 100_000;
/// Work between two moments in which others run.
const SLICE: usize = 20_000;

type Array = BTreeMap<u64, Shared>;

enum Hidden {
    Number(u32, Shared),
    Array(u32, Array),
}

struct Frame {
    code: Rc<Code>,
    pc: usize,
    hidden: Vec<Hidden>,
    base: usize,
}

/// The machine: what lives from line to line.
pub(super) struct Vm {
    functions: BTreeMap<u32, Rc<Code>>,
    variables: Vec<Shared>,
    arrays: Vec<Array>,
    stack: Vec<Shared>,
    scale: usize,
    input: u64,
    output: u64,
    last: Shared,
    /// Columns of output before it is wrapped; none without wrapping.
    width: usize,
    column: usize,
    work: usize,
}

/// How a line ends.
#[derive(PartialEq)]
pub(super) enum End {
    Line,
    Program,
}

enum Fault {
    /// Stops the line with these messages, each so many bytes of code further on.
    Error(Vec<(String, usize)>),
    Stop(crate::cli::Stop),
}

impl From<crate::cli::Stop> for Fault {
    fn from(s: crate::cli::Stop) -> Self {
        Fault::Stop(s)
    }
}

fn fault<T>(text: &str) -> Result<T, Fault> {
    Err(Fault::Error(vec![(text.to_owned(), 0)]))
}

impl Vm {
    /// With `-l` the scale is 20.
    pub(super) fn new(scale: usize, width: usize) -> Self {
        Self {
            functions: BTreeMap::new(),
            variables: Vec::new(),
            arrays: Vec::new(),
            stack: Vec::new(),
            scale,
            input: 10,
            output: 10,
            last: Shared::default(),
            width,
            column: 0,
            work: 0,
        }
    }

    /// Defines a function anew.
    pub(super) fn define(&mut self, number: u32, code: Code) {
        self.functions.insert(number, Rc::new(code));
    }

    async fn put(&mut self, c: &mut Cli, text: &str) -> Run<()> {
        let mut out = String::with_capacity(text.len());
        for ch in text.chars() {
            if ch == '\n' {
                self.column = 0;
            } else {
                self.column += 1;
                if self.width > 0 && self.column == self.width - 1 {
                    out.push_str("\\\n");
                    self.column = 1;
                }
            }
            out.push(ch);
        }
        c.put(out).await
    }

    /// Runs a line; what goes wrong is said, and ends the line.
    pub(super) async fn run(&mut self, c: &mut Cli, names: &Names, line: Code, stdin: &mut Input) -> Run<End> {
        self.stack.clear();
        let mut frames = vec![Frame { code: Rc::new(line), pc: 0, hidden: Vec::new(), base: 0 }];
        match self.steps(c, names, &mut frames, stdin).await {
            Ok(end) => Ok(end),
            Err(Fault::Stop(s)) => Err(s),
            Err(Fault::Error(messages)) => {
                for (text, further) in messages {
                    say(c, "error", &frames, &text, further).await?;
                }
                for mut f in frames.into_iter().rev() {
                    self.restore(&mut f);
                }
                Ok(End::Line)
            }
        }
    }

    fn restore(&mut self, frame: &mut Frame) {
        for h in frame.hidden.drain(..).rev() {
            match h {
                Hidden::Number(n, v) => set(&mut self.variables, n, v),
                Hidden::Array(n, v) => set(&mut self.arrays, n, v),
            }
        }
    }

    fn pop(&mut self) -> Shared {
        self.stack.pop().unwrap_or_default()
    }

    fn hide(&mut self, frame: &mut Frame, (array, number): (bool, u32), value: Option<Shared>, copy: Array) {
        frame.hidden.push(if array {
            Hidden::Array(number, self.arrays.get(number as usize).cloned().unwrap_or_default())
        } else {
            Hidden::Number(number, self.variables.get(number as usize).cloned().unwrap_or_default())
        });
        if array {
            set(&mut self.arrays, number, copy);
        } else {
            set(&mut self.variables, number, value.unwrap_or_default());
        }
    }

    async fn steps(
        &mut self,
        c: &mut Cli,
        names: &Names,
        frames: &mut Vec<Frame>,
        stdin: &mut Input,
    ) -> Result<End, Fault> {
        loop {
            let Some(frame) = frames.last_mut() else { return Ok(End::Line) };
            let code = frame.code.clone();
            let Some(op) = code.ops.get(frame.pc) else { return Ok(End::Line) };
            frame.pc += 1;
            self.work += 1;
            if self.work > SLICE {
                c.sys.charge(SimTime(self.work as u64 * 50));
                self.work = 0;
                crate::cli::pause().await;
                if !c.sys.take_signals().is_empty() {
                    return fault("interrupted execution.");
                }
            }
            match op {
                Op::Number(text) => self.stack.push(Rc::new(Number::parse(text, self.input))),
                Op::Load(place) => {
                    let v = self.load(names, place)?;
                    if matches!(place, Place::Element(_)) {
                        self.pop();
                    }
                    self.stack.push(v);
                }
                Op::Peek(place) => {
                    let v = self.load(names, place)?;
                    self.stack.push(v);
                }
                Op::Store(place) => {
                    let value = self.pop();
                    if let Some(warning) = self.store(names, place, &value)? {
                        say(c, "warning", frames, &warning, 0).await?;
                    }
                    self.stack.push(value);
                }
                Op::Binary(op) => {
                    let (b, a) = (self.pop(), self.pop());
                    self.work += (a.size() + 1) * (b.size() + 1) / 8;
                    if *op == Binary::Power && b.scale > 0 {
                        say(c, "warning", frames, "non-zero scale in exponent", 0).await?;
                    }
                    let v = self.binary(*op, &a, &b)?;
                    self.stack.push(Rc::new(v));
                }
                Op::Negate => {
                    let v = self.pop().negated();
                    self.stack.push(Rc::new(v));
                }
                Op::Not => {
                    let v = self.pop().is_zero();
                    self.stack.push(Rc::new(Number::truth(v)));
                }
                Op::Jump(to) => frame.pc = *to,
                Op::Unless(to) => {
                    if self.stack.pop().is_none_or(|v| v.is_zero()) {
                        frame.pc = *to;
                    }
                }
                Op::Pop => {
                    self.pop();
                }
                Op::Show | Op::Print => {
                    let v = self.pop();
                    let mut text = v.show(self.output);
                    if matches!(op, Op::Show) {
                        text.push('\n');
                    }
                    self.put(c, &text).await?;
                    self.last = v;
                }
                Op::Text(t) => self.put(c, t).await?,
                Op::Length => {
                    let n = self.pop().length();
                    self.stack.push(Rc::new(Number::from(n as u64)));
                }
                Op::ScaleOf => {
                    let n = self.pop().scale;
                    self.stack.push(Rc::new(Number::from(n as u64)));
                }
                Op::Root => {
                    let v = self.pop();
                    if v.is_negative() {
                        return fault("Square root of a negative number");
                    }
                    self.stack.push(Rc::new(v.root(self.scale)));
                }
                Op::Read => {
                    let n = self.read(c, stdin).await?;
                    self.stack.push(Rc::new(n));
                }
                Op::Call(f, args) => {
                    if frames.len() > CALLS {
                        return fault("Function call nesting too deep.");
                    }
                    let new = self.call(names, *f, args)?;
                    frames.push(new);
                }
                Op::Return => {
                    let value = self.pop();
                    if let Some(mut f) = frames.pop() {
                        self.stack.truncate(f.base);
                        self.restore(&mut f);
                    }
                    self.stack.push(value);
                }
                Op::Halt => return Ok(End::Program),
            }
        }
    }

    fn call(&mut self, names: &Names, f: u32, args: &[Option<u32>]) -> Result<Frame, Fault> {
        let Some(code) = self.functions.get(&f).cloned() else {
            let name = names.functions.get(f as usize).map_or("", String::as_str);
            return fault(&format!("Function {name} not defined."));
        };
        if args.len() != code.parameters.len() {
            return Err(Fault::Error(vec![("Parameter number mismatch".to_owned(), args.len() + 1)]));
        }
        let mut given = Vec::new();
        for (n, (arg, p)) in args.iter().zip(&code.parameters).enumerate().rev() {
            if arg.is_some() != p.0 {
                let name = names.local_name(*p);
                return Err(Fault::Error(vec![
                    (format!("Parameter type mismatch parameter {name}."), n + 1),
                    ("Parameter number mismatch".to_owned(), args.len() + 1),
                ]));
            }
            let copy = arg.and_then(|n| self.arrays.get(n as usize)).cloned().unwrap_or_default();
            let value = if arg.is_none() { Some(self.pop()) } else { None };
            given.push((*p, value, copy));
        }
        let mut frame = Frame { code: code.clone(), pc: 0, hidden: Vec::new(), base: self.stack.len() };
        for (p, value, copy) in given.into_iter().rev() {
            self.hide(&mut frame, p, value, copy);
        }
        for l in &code.locals {
            self.hide(&mut frame, *l, None, Array::new());
        }
        Ok(frame)
    }

    fn binary(&self, op: Binary, a: &Number, b: &Number) -> Result<Number, Fault> {
        Ok(match op {
            Binary::Add => a.plus(b),
            Binary::Subtract => a.minus(b),
            Binary::Multiply => a.times(b, self.scale),
            Binary::Divide => match a.over(b, self.scale) {
                Some(n) => n,
                None => return fault("Divide by zero"),
            },
            Binary::Modulo => match a.modulo(b, self.scale) {
                Some(n) => n,
                None => return fault("Modulo by zero"),
            },
            Binary::Power => match a.power(&b.scaled(0), self.scale) {
                Ok(n) => n,
                Err(true) => return fault("exponent too large in raise"),
                Err(false) => return fault("Divide by zero"),
            },
            Binary::And => Number::truth(!a.is_zero() && !b.is_zero()),
            Binary::Or => Number::truth(!a.is_zero() || !b.is_zero()),
            _ => {
                let order = a.compare(b);
                Number::truth(match op {
                    Binary::Less => order == Ordering::Less,
                    Binary::AtMost => order != Ordering::Greater,
                    Binary::Greater => order == Ordering::Greater,
                    Binary::AtLeast => order != Ordering::Less,
                    Binary::Equal => order == Ordering::Equal,
                    _ => order != Ordering::Equal,
                })
            }
        })
    }

    /// The index on top of the stack.
    fn index(&self, names: &Names, array: u32) -> Result<u64, Fault> {
        let index = self.stack.last().cloned().unwrap_or_default();
        match index.to_u64().filter(|n| !index.is_negative() && *n <= 16_777_215) {
            Some(n) => Ok(n),
            None => fault(&format!("Array {} subscript out of bounds.", names.array_name(array))),
        }
    }

    fn load(&self, names: &Names, place: &Place) -> Result<Shared, Fault> {
        Ok(match place {
            Place::Variable(n) => self.variables.get(*n as usize).cloned().unwrap_or_default(),
            Place::Element(n) => {
                let at = self.index(names, *n)?;
                self.arrays.get(*n as usize).and_then(|a| a.get(&at)).cloned().unwrap_or_default()
            }
            Place::Input => Rc::new(Number::from(self.input)),
            Place::Output => Rc::new(Number::from(self.output)),
            Place::Scale => Rc::new(Number::from(self.scale as u64)),
            Place::Last => self.last.clone(),
        })
    }

    fn store(&mut self, names: &Names, place: &Place, value: &Shared) -> Result<Option<String>, Fault> {
        let whole = value.to_u64().filter(|n| i32::try_from(*n).is_ok());
        let base = |most: u64, what: &str| match whole.filter(|_| !value.is_negative()) {
            Some(n) if n < 2 => (2, Some(format!("{what} too small, set to 2"))),
            Some(n) if n <= most => (n, None),
            None if value.is_negative() => (2, Some(format!("{what} too small, set to 2"))),
            _ => (most, Some(format!("{what} too large, set to {most}"))),
        };
        match place {
            Place::Variable(n) => set(&mut self.variables, *n, value.clone()),
            Place::Element(n) => {
                let at = self.index(names, *n)?;
                self.pop();
                if self.arrays.len() <= *n as usize {
                    self.arrays.resize_with(*n as usize + 1, Array::new);
                }
                if let Some(a) = self.arrays.get_mut(*n as usize) {
                    a.insert(at, value.clone());
                }
            }
            Place::Input => {
                let (n, warning) = base(36, "ibase");
                self.input = n;
                return Ok(warning);
            }
            Place::Output => {
                let (n, warning) = base(i32::MAX as u64, "obase");
                self.output = n;
                return Ok(warning);
            }
            Place::Scale => {
                if value.is_negative() && !value.is_zero() {
                    self.scale = 0;
                    return Ok(Some("negative scale, set to 0".to_owned()));
                }
                self.scale = whole.map_or(i32::MAX as usize, |n| n as usize);
                if whole.is_none() {
                    return Ok(Some(format!("scale too large, set to {}", i32::MAX)));
                }
            }
            Place::Last => self.last = value.clone(),
        }
        Ok(None)
    }

    /// `read()`: a number of standard input.
    async fn read(&mut self, c: &mut Cli, stdin: &mut Input) -> Result<Number, Fault> {
        c.flush().await?;
        let mut text = stdin.line(b'\n').await.ok().flatten().unwrap_or_default();
        text.push(b'\n');
        let text = String::from_utf8_lossy(&text).trim().to_owned() + "\n";
        let (negative, digits) = text.strip_prefix('-').map_or((false, text.as_str()), |t| (true, t));
        let mut at = 0;
        match lex::word(digits, &mut at) {
            Some(lex::Word::Number(n)) => {
                let n = Number::parse(&n, self.input);
                Ok(if negative { n.negated() } else { n })
            }
            _ => Ok(Number::default()),
        }
    }
}

fn set<T: Default>(all: &mut Vec<T>, n: u32, value: T) {
    if all.len() <= n as usize {
        all.resize_with(n as usize + 1, T::default);
    }
    if let Some(slot) = all.get_mut(n as usize) {
        *slot = value;
    }
}

/// A message of the machine, with the place that GNU's names.
async fn say(c: &mut Cli, kind: &str, frames: &[Frame], text: &str, further: usize) -> Run<()> {
    c.flush().await?;
    let (name, address) = match frames.last() {
        Some(f) => (f.code.name.clone(), f.code.ops.iter().take(f.pc).map(Op::bytes).sum::<usize>() + further),
        None => (String::new(), 0),
    };
    c.sys.eprint(format!("Runtime {kind} (func={name}, adr={address}): {text}\n")).await;
    Ok(())
}
