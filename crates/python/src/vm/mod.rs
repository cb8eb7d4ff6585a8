//! The machine: frames, heap, modules. `run.rs` executes instructions, `call.rs` makes calls.

pub(crate) mod attr;
pub(crate) mod builtin_types;
pub(crate) mod call;
pub(crate) mod class;
pub(crate) mod compare;
pub(crate) mod format;
pub(crate) mod frame;
pub(crate) mod iter;
pub(crate) mod keys;
pub(crate) mod ops;
pub(crate) mod repr;
mod run;
pub(crate) mod start;
pub(crate) mod suggest;
pub(crate) mod traceback;
mod unwind;

use crate::compile::code::{Code, Const};
use crate::dict::Dict;
use crate::heap::Heap;
use crate::os::{OsCall, OsResult};
use crate::value::{Exc, Iter, Kind, Object, PyStr, Ref, Value};
use builtin_types::T;
use frame::{Args, Cont, Frame};
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use start::VmConfig;

/// A result, or the exception that was raised.
pub(crate) type R<X> = Result<X, Value>;

/// A native function's body.
#[derive(Clone, Copy)]
pub(crate) enum Body {
    /// Positional arguments only, between min and max of them.
    Plain(fn(&mut Vm, &[Value]) -> R<Value>, usize, usize),
    /// Takes keywords, too, or answers later.
    Full(fn(&mut Vm, Args, Cont) -> R<()>),
}

#[derive(Clone)]
pub(crate) struct Native {
    pub(crate) name: &'static str,
    /// The class whose method it is.
    pub(crate) class: Option<T>,
    pub(crate) body: Body,
}

/// What the machine wants after a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VmStep {
    /// It waits for this call's result: [`Vm::resume`].
    Syscall(OsCall),
    /// The fuel is used up; it wants to go on.
    OutOfFuel,
    /// The program has ended with this code.
    Exit(i32),
}

/// A Python program that runs: a value, cheap to clone.
#[derive(Clone)]
pub struct Vm {
    pub(crate) heap: Heap,
    pub(crate) frames: Vec<Frame>,
    pub(crate) natives: Arc<Vec<Native>>,
    pub(crate) builtins: Ref,
    /// The prelude's globals.
    pub(crate) prelude: Ref,
    pub(crate) modules: Ref,
    code_consts: BTreeMap<u32, Arc<[Value]>>,
    waiting: Option<(OsCall, Cont, usize)>,
    in_syscall: Option<(OsCall, Cont)>,
    pub(crate) exit: Option<i32>,
    pub(crate) signals: Vec<i32>,
    pub(crate) recursion_limit: usize,
    pub(crate) config: Arc<VmConfig>,
    /// Instructions left in this run.
    pub(crate) fuel: u64,
    /// Bytes that it asked for in this run and that nobody has.
    wanted: u64,
    /// Runs until large objects are counted again.
    runs: u64,
    /// What ended the program when nothing could print it: for tests of the prelude.
    last_error: String,
    /// Where an exception that is raised again was raised first in its frame.
    reraise_at: Option<u32>,
}

/// Frames of the prelude below a program's own.
const BASE_FRAMES: usize = 2;
/// More than this many objects, or bytes in one object, and the program gets a MemoryError.
const MAX_OBJECTS: usize = 6_000_000;
pub(crate) const MAX_BYTES: usize = 160 << 20;
/// More than any machine has: who asks for that gets a MemoryError, and who takes more than
/// [`MAX_BYTES`] is told to the machine as one that takes all.
const ALL: u64 = 16 << 30;
/// What Linux would promise on a machine of this size.
const MACHINE: u64 = 8 << 30;
/// Bytes after which a run ends, so that limits act.
const MUCH: usize = 1 << 20;

impl Vm {
    // ---- objects

    pub(crate) fn alloc(&mut self, t: T, kind: Kind) -> Value {
        Value::Obj(self.heap.alloc(t.class(), kind))
    }

    pub(crate) fn kind(&self, v: Value) -> &Kind {
        match v {
            Value::Obj(r) => &self.heap.get(r).kind,
            _ => &Kind::Instance,
        }
    }

    pub(crate) fn kind_mut(&mut self, r: Ref) -> &mut Kind {
        &mut self.heap.get_mut(r).kind
    }

    pub(crate) fn object(&self, r: Ref) -> &Object {
        self.heap.get(r)
    }

    pub(crate) fn str(&mut self, s: impl Into<Arc<str>>) -> Value {
        self.alloc(T::Str, Kind::Str(PyStr::new(s)))
    }

    pub(crate) fn bytes(&mut self, b: Vec<u8>) -> Value {
        self.alloc(T::Bytes, Kind::Bytes(b.into()))
    }

    pub(crate) fn list(&mut self, v: Vec<Value>) -> Value {
        self.alloc(T::List, Kind::List(v))
    }

    pub(crate) fn tuple(&mut self, v: Vec<Value>) -> Value {
        self.alloc(T::Tuple, Kind::Tuple(v.into()))
    }

    pub(crate) fn new_dict(&mut self) -> Ref {
        self.heap.alloc(T::Dict.class(), Kind::Dict(Dict::default()))
    }

    pub(crate) fn big(&mut self, b: BigInt) -> Value {
        match b.to_i64() {
            Some(i) => Value::Int(i),
            None => self.alloc(T::Int, Kind::BigInt(Arc::new(b))),
        }
    }

    pub(crate) fn iterator(&mut self, t: T, i: Iter) -> Value {
        self.alloc(t, Kind::Iter(i))
    }

    pub(crate) fn as_str(&self, v: Value) -> Option<&PyStr> {
        match self.kind(v) {
            Kind::Str(s) => Some(s),
            _ => None,
        }
    }

    pub(crate) fn text(&self, v: Value) -> Option<Arc<str>> {
        self.as_str(v).map(|s| s.s.clone())
    }

    pub(crate) fn as_dict(&self, v: Value) -> Option<&Dict> {
        match self.kind(v) {
            Kind::Dict(d) => Some(d),
            _ => None,
        }
    }

    pub(crate) fn dict_ref(&self, r: Ref) -> Option<&Dict> {
        self.as_dict(Value::Obj(r))
    }

    pub(crate) fn dict_mut(&mut self, r: Ref) -> Option<&mut Dict> {
        match self.kind_mut(r) {
            Kind::Dict(d) => Some(d),
            _ => None,
        }
    }

    /// An integer, also from bool and subclasses.
    pub(crate) fn as_int(&self, v: Value) -> Option<i64> {
        match v {
            Value::Int(i) => Some(i),
            Value::Bool(b) => Some(i64::from(b)),
            Value::Obj(_) => match self.kind(v) {
                Kind::Boxed(Value::Int(i)) => Some(*i),
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) fn as_big(&self, v: Value) -> Option<BigInt> {
        if let Some(i) = self.as_int(v) {
            return Some(i.into());
        }
        match self.kind(v) {
            Kind::BigInt(b) => Some((**b).clone()),
            Kind::Boxed(inner) => self.as_big(*inner),
            _ => None,
        }
    }

    pub(crate) fn as_float(&self, v: Value) -> Option<f64> {
        match v {
            Value::Float(f) => Some(f),
            Value::Obj(_) => match self.kind(v) {
                Kind::Boxed(Value::Float(f)) => Some(*f),
                _ => None,
            },
            _ => None,
        }
    }

    /// Any number as a float.
    pub(crate) fn number(&self, v: Value) -> Option<f64> {
        self.as_float(v)
            .or_else(|| self.as_int(v).map(|i| i as f64))
            .or_else(|| self.as_big(v).and_then(|b| b.to_f64()))
    }

    pub(crate) fn items(&self, v: Value) -> Option<Vec<Value>> {
        match self.kind(v) {
            Kind::List(l) => Some(l.clone()),
            Kind::Tuple(t) => Some(t.to_vec()),
            _ => None,
        }
    }

    pub(crate) fn class_of(&self, v: Value) -> Ref {
        match v {
            Value::Unbound | Value::None => T::NoneType.class(),
            Value::NotImplemented => T::NotImplementedType.class(),
            Value::Ellipsis => T::EllipsisType.class(),
            Value::Bool(_) => T::Bool.class(),
            Value::Int(_) => T::Int.class(),
            Value::Float(_) => T::Float.class(),
            Value::Obj(r) => self.heap.get(r).class,
        }
    }

    pub(crate) fn type_name(&self, v: Value) -> Arc<str> {
        self.class_name(self.class_of(v))
    }

    pub(crate) fn class_name(&self, r: Ref) -> Arc<str> {
        match &self.heap.get(r).kind {
            Kind::Class(c) => c.name.clone(),
            _ => "?".into(),
        }
    }

    pub(crate) fn is_instance(&self, v: Value, class: Ref) -> bool {
        self.is_subclass(self.class_of(v), class)
    }

    pub(crate) fn is_subclass(&self, c: Ref, of: Ref) -> bool {
        c == of
            || match &self.heap.get(c).kind {
                Kind::Class(c) => c.mro.contains(&of),
                _ => false,
            }
    }

    /// The class is one of the interpreter's own.
    pub(crate) fn is_builtin_class(&self, c: Ref) -> bool {
        (c.0 as usize) < builtin_types::TYPES.len()
    }

    // ---- names

    pub(crate) fn get_name(&self, dict: Ref, name: &str) -> Option<Value> {
        self.get_name_hashed(dict, name, crate::heap::hash_str(name))
    }

    pub(crate) fn get_name_hashed(&self, dict: Ref, name: &str, hash: u64) -> Option<Value> {
        let d = self.dict_ref(dict)?;
        let i = d.find(hash, |k| self.as_str(k).is_some_and(|s| *s.s == *name))?;
        Some(d.at(i))
    }

    pub(crate) fn set_name(&mut self, dict: Ref, name: &str, v: Value) {
        let hash = crate::heap::hash_str(name);
        let found = self.dict_ref(dict).and_then(|d| d.find(hash, |k| self.as_str(k).is_some_and(|s| *s.s == *name)));
        match found {
            Some(i) => {
                if let Some(d) = self.dict_mut(dict) {
                    d.set_at(i, v);
                }
            }
            None => {
                let k = self.str(name);
                if let Some(d) = self.dict_mut(dict) {
                    d.push(hash, k, v);
                }
            }
        }
    }

    pub(crate) fn del_name(&mut self, dict: Ref, name: &str) -> bool {
        let hash = crate::heap::hash_str(name);
        let found = self.dict_ref(dict).and_then(|d| d.find(hash, |k| self.as_str(k).is_some_and(|s| *s.s == *name)));
        match (found, self.dict_mut(dict)) {
            (Some(i), Some(d)) => d.remove(i).is_some(),
            _ => false,
        }
    }

    pub(crate) fn prelude_fn(&self, name: &str) -> Value {
        self.get_name(self.prelude, name).or_else(|| self.get_name(self.builtins, name)).unwrap_or(Value::None)
    }

    /// Calls a function of the prelude.
    pub(crate) fn call_prelude(&mut self, name: &str, args: Vec<Value>, cont: Cont) -> R<()> {
        let f = self.prelude_fn(name);
        self.call(f, Args::of(args), cont)
    }

    // ---- exceptions

    pub(crate) fn exc(&mut self, t: T, msg: impl Into<String>) -> Value {
        let s = self.str(msg.into());
        self.exc_args(t, vec![s])
    }

    pub(crate) fn exc_args(&mut self, t: T, args: Vec<Value>) -> Value {
        self.alloc(t, Kind::Exc(Box::new(Exc { args, ..Exc::default() })))
    }

    pub(crate) fn type_error<X>(&mut self, msg: impl Into<String>) -> R<X> {
        Err(self.exc(T::TypeError, msg))
    }

    pub(crate) fn value_error<X>(&mut self, msg: impl Into<String>) -> R<X> {
        Err(self.exc(T::ValueError, msg))
    }

    pub(crate) fn fail<X>(&mut self, t: T, msg: impl Into<String>) -> R<X> {
        Err(self.exc(t, msg))
    }

    pub(crate) fn memory_error<X>(&mut self) -> R<X> {
        Err(self.exc_args(T::MemoryError, Vec::new()))
    }

    // ---- code

    pub(crate) fn consts(&mut self, code: &Arc<Code>) -> Arc<[Value]> {
        if let Some(c) = self.code_consts.get(&code.id) {
            return c.clone();
        }
        let vs: Vec<Value> = code.consts.iter().map(|c| self.constant(c)).collect();
        let a: Arc<[Value]> = vs.into();
        self.code_consts.insert(code.id, a.clone());
        a
    }

    fn constant(&mut self, c: &Const) -> Value {
        match c {
            Const::None => Value::None,
            Const::Bool(b) => Value::Bool(*b),
            Const::Ellipsis => Value::Ellipsis,
            Const::Int(i) => Value::Int(*i),
            Const::Big(b) => self.big(b.clone()),
            Const::Float(f) => Value::Float(*f),
            Const::Str(s) => self.str(s.clone()),
            Const::Bytes(b) => self.bytes(b.clone()),
            Const::Tuple(cs) => {
                let vs = cs.iter().map(|c| self.constant(c)).collect();
                self.tuple(vs)
            }
            Const::Code(c) => self.alloc(T::Code, Kind::Code(c.clone())),
        }
    }

    // ---- running

    pub(crate) fn top(&mut self) -> &mut Frame {
        let n = self.frames.len() - 1;
        &mut self.frames[n]
    }

    pub(crate) fn push(&mut self, v: Value) {
        if let Some(f) = self.frames.last_mut() {
            f.stack.push(v);
        }
    }

    pub(crate) fn pop(&mut self) -> Value {
        self.frames.last_mut().and_then(|f| f.stack.pop()).unwrap_or(Value::None)
    }

    /// Asks the operating system; the answer goes to `cont`.
    pub(crate) fn syscall(&mut self, call: OsCall, cont: Cont) -> R<()> {
        self.waiting = Some((call, cont, self.frames.len()));
        Ok(())
    }

    /// Runs until a system call, the end, or `fuel` instructions.
    pub fn run(&mut self, fuel: u64) -> VmStep {
        self.fuel = fuel;
        (self.wanted, self.heap.fresh) = (0, 0);
        self.runs = self.runs.saturating_sub(1);
        if self.runs == 0 {
            self.heap.count_large();
            self.runs = 64 + self.heap.count() as u64 / 1000;
        }
        loop {
            if let Some(code) = self.exit {
                return VmStep::Exit(code);
            }
            if !self.signals.is_empty() && self.in_syscall.is_none() && !self.frames.is_empty() {
                self.deliver_signal();
                continue;
            }
            if self.waiting.as_ref().is_some_and(|w| w.2 == self.frames.len())
                && let Some((call, cont, _)) = self.waiting.take()
            {
                self.in_syscall = Some((call.clone(), cont));
                return VmStep::Syscall(call);
            }
            if self.frames.is_empty() {
                return VmStep::Exit(self.exit.unwrap_or(0));
            }
            if self.fuel == 0 {
                return VmStep::OutOfFuel;
            }
            self.fuel -= 1;
            if self.heap.wants_gc() {
                self.gc();
                if self.heap.count() > MAX_OBJECTS {
                    let e = self.exc_args(T::MemoryError, Vec::new());
                    self.unwind(e);
                    continue;
                }
            }
            self.step();
            // Who takes much lets the machine look before it goes on.
            if self.heap.fresh > MUCH || self.wanted > 0 {
                return VmStep::OutOfFuel;
            }
        }
    }

    /// Gives a system call's result.
    pub fn resume(&mut self, result: OsResult) {
        let Some((call, cont)) = self.in_syscall.take() else { return };
        if result == OsResult::Err(4) && !self.signals.is_empty() {
            // PEP 475: the signal's handler runs, then the call is made again.
            self.waiting = Some((call, cont, self.frames.len()));
            return;
        }
        match self.os_value(result, &call) {
            Ok(v) => {
                if let Err(e) = self.deliver(cont, v) {
                    self.unwind(e);
                }
            }
            Err(e) => self.unwind(e),
        }
    }

    /// A signal has arrived that the program catches (`SIGINT` is caught from the start).
    pub fn signal(&mut self, number: i32) {
        self.signals.push(number);
    }

    /// Instructions that the last [`Vm::run`] left over.
    pub fn fuel_left(&self) -> u64 {
        self.fuel
    }

    /// Whether it waits for a system call's result.
    pub fn is_waiting(&self) -> bool {
        self.in_syscall.is_some()
    }

    /// Bytes that its objects take, roughly.
    pub fn memory(&self) -> u64 {
        let large = self.heap.large_bytes();
        let large = if large > MAX_BYTES { ALL } else { large as u64 };
        self.heap.count() as u64 * 80 + large.max(self.wanted)
    }

    /// Whether so many bytes more may be taken; if not, the machine hears of the wish.
    pub(crate) fn has_room(&mut self, bytes: u64) -> bool {
        if self.heap.large_bytes() as u64 + bytes <= MAX_BYTES as u64 {
            return true;
        }
        if bytes <= MACHINE {
            self.wanted = ALL;
        }
        false
    }

    fn deliver_signal(&mut self) {
        let n = self.signals.remove(0);
        if let Err(e) = self.call_prelude("_on_signal", vec![Value::Int(i64::from(n))], Cont::Discard) {
            self.unwind(e);
        }
    }

    pub(crate) fn gc(&mut self) {
        let mut roots: Vec<Value> = (0..builtin_types::TYPES.len() as u32).map(|i| Value::Obj(Ref(i))).collect();
        roots.extend([self.builtins, self.prelude, self.modules].map(Value::Obj));
        for c in self.code_consts.values() {
            roots.extend(c.iter());
        }
        for f in &self.frames {
            crate::heap::trace_frame(f, &mut |v| roots.push(v));
        }
        if let Some((_, c, _)) = &self.waiting {
            roots.extend(c.values());
        }
        if let Some((_, c)) = &self.in_syscall {
            roots.extend(c.values());
        }
        self.heap.collect(roots);
    }
}
