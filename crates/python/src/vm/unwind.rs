//! Results and exceptions on their way to who waits for them.

use super::*;
use crate::value::TbEntry;

impl Vm {
    /// Gives a result to what waits for it in the top frame.
    pub(crate) fn deliver(&mut self, cont: Cont, v: Value) -> R<()> {
        match cont {
            Cont::Push | Cont::NextOr(_) | Cont::GetAttr { .. } => {
                self.push(v);
                if let Some(f) = self.frames.last_mut()
                    && f.null_after
                {
                    f.null_after = false;
                    f.stack.push(Value::Unbound);
                }
            }
            Cont::Discard => {}
            Cont::Main => {
                if self.exit.is_none() {
                    self.exit = Some(0);
                }
            }
            Cont::ForIter(_) => self.push(v),
            Cont::Init(obj) => {
                if !v.is_none() {
                    let t = self.type_name(v);
                    return self.type_error(format!("__init__() should return None, not '{t}'"));
                }
                self.push(obj);
            }
            Cont::New { class, args } => {
                if self.is_instance(v, class) {
                    return self.call_init(v, *args, Cont::Push);
                }
                self.push(v);
            }
            Cont::Truth(negate) => {
                let t = self.told_truth(v)?;
                self.push(Value::Bool(t != negate));
            }
            Cont::TruthOr { target, want } => {
                if self.told_truth(v)? == want {
                    self.top().pc = target;
                } else {
                    self.pop();
                }
            }
            Cont::BinOp { op, inplace, a, b, stage } => {
                if v == Value::NotImplemented {
                    return self.binary_from(op, inplace, a, b, stage + 1, Cont::Push);
                }
                self.push(v);
            }
            Cont::Cmp { op, a, b, stage } => {
                if v == Value::NotImplemented {
                    return self.compare_from(op, a, b, stage + 1, Cont::Push);
                }
                self.push(v);
            }
            Cont::YieldFrom => return self.yield_through(v),
            Cont::Iter => {
                if !self.is_iterator(v) {
                    let t = self.type_name(v);
                    return self.type_error(format!("iter() returned non-iterator of type '{t}'"));
                }
                self.push(v);
            }
        }
        Ok(())
    }

    /// What `__bool__` or `__len__` answered.
    fn told_truth(&mut self, v: Value) -> R<bool> {
        match self.truth(v)? {
            Some(t) if matches!(v, Value::Bool(_)) || self.as_int(v).is_some() => Ok(t),
            _ => {
                let t = self.type_name(v);
                self.type_error(format!("__bool__ should return bool, returned {t}"))
            }
        }
    }

    /// The top frame returns.
    pub(super) fn return_value(&mut self, v: Value) -> R<()> {
        let Some(f) = self.frames.pop() else { return Ok(()) };
        let Some(g) = f.generator else { return self.deliver(f.cont, v) };
        if let Kind::Gen(g) = self.kind_mut(g) {
            g.running = false;
            g.frame = None;
        }
        match f.cont {
            Cont::ForIter(t) => {
                self.pop();
                self.top().pc = t;
                Ok(())
            }
            Cont::NextOr(d) => {
                self.push(d);
                Ok(())
            }
            Cont::YieldFrom => {
                self.finish_yield_from(v);
                Ok(())
            }
            _ => {
                let args = if v.is_none() { Vec::new() } else { vec![v] };
                Err(self.exc_args(T::StopIteration, args))
            }
        }
    }

    pub(super) fn yield_value(&mut self, v: Value) -> R<()> {
        let Some(mut f) = self.frames.pop() else { return Ok(()) };
        let cont = std::mem::replace(&mut f.cont, Cont::Push);
        if let Some(r) = f.generator
            && let Kind::Gen(g) = self.kind_mut(r)
        {
            g.running = false;
            g.frame = Some(Box::new(f));
        }
        self.deliver(cont, v)
    }

    /// Resumes a generator with a value, or with an exception.
    pub(crate) fn resume_gen(&mut self, r: Ref, send: R<Value>, cont: Cont) -> R<()> {
        let limit = self.recursion_limit + BASE_FRAMES;
        let depth = self.frames.len();
        let Kind::Gen(g) = self.kind_mut(r) else { return Ok(()) };
        let what = if g.frame.as_ref().is_some_and(|f| f.code.coroutine) { "coroutine" } else { "generator" };
        if g.running {
            return self.value_error(format!("{what} already executing"));
        }
        if depth >= limit {
            return self.recursion_error();
        }
        let Some(mut f) = g.frame.take() else {
            return match send {
                Err(e) => Err(e),
                Ok(_) => match cont {
                    Cont::ForIter(t) => {
                        self.pop();
                        self.top().pc = t;
                        Ok(())
                    }
                    Cont::NextOr(d) => {
                        self.push(d);
                        Ok(())
                    }
                    Cont::YieldFrom => {
                        self.finish_yield_from(Value::None);
                        Ok(())
                    }
                    _ => Err(self.exc_args(T::StopIteration, Vec::new())),
                },
            };
        };
        let started = g.started;
        g.running = true;
        g.started = true;
        f.cont = cont;
        match send {
            Ok(v) => {
                if started {
                    f.stack.push(v);
                } else if !v.is_none() {
                    let Kind::Gen(g) = self.kind_mut(r) else { return Ok(()) };
                    g.running = false;
                    g.started = false;
                    g.frame = Some(f);
                    return self.type_error(format!("can't send non-None value to a just-started {what}"));
                }
                self.frames.push(*f);
                Ok(())
            }
            Err(e) => {
                // An exception thrown into a generator that delegates goes to the inner one first.
                let delegating = started && f.code.ops.get(f.pc as usize) == Some(&crate::compile::code::Op::YieldFrom);
                let inner = if delegating { f.stack.last().copied() } else { None };
                self.frames.push(*f);
                if let Some(Value::Obj(i)) = inner
                    && matches!(self.object(i).kind, Kind::Gen(_))
                {
                    self.top().pc += 1;
                    return self.resume_gen(i, Err(e), Cont::YieldFrom);
                }
                Err(e)
            }
        }
    }

    /// Instruction `yield from`: stack [iterator, value to send].
    pub(super) fn yield_from(&mut self) -> R<()> {
        let v = self.pop();
        let it = self.peek(0);
        match self.kind(it) {
            Kind::Gen(_) => {
                if let Value::Obj(r) = it {
                    return self.resume_gen(r, Ok(v), Cont::YieldFrom);
                }
                Ok(())
            }
            _ if v.is_none() => self.next(it, Cont::YieldFrom),
            _ => self.call_prelude("_send", vec![it, v], Cont::YieldFrom),
        }
    }

    /// The inner iterator gave a value: the outer generator yields it and will come back to `yield from`.
    fn yield_through(&mut self, v: Value) -> R<()> {
        self.top().pc -= 1;
        self.yield_value(v)
    }

    /// The inner iterator is done: its result takes its place.
    pub(crate) fn finish_yield_from(&mut self, v: Value) {
        self.pop();
        self.push(v);
    }

    /// The exception being handled, if any.
    pub(crate) fn handled(&self) -> Option<Value> {
        self.frames.iter().rev().find_map(|f| f.handling.last().copied())
    }

    /// Looks for who handles an exception and goes on there.
    pub(crate) fn unwind(&mut self, e: Value) {
        self.waiting = None;
        self.set_context(e);
        let mut e = e;
        while let Some(f) = self.frames.last_mut() {
            let (code, mut pc) = (f.code.clone(), f.pc.saturating_sub(1));
            if let Some(at) = self.reraise_at.take() {
                pc = at;
            }
            if let Value::Obj(r) = e
                && let Kind::Exc(x) = self.kind_mut(r)
                && !code.source.hidden
            {
                x.tb.insert(0, TbEntry { code, pc });
            }
            let f = self.top();
            f.null_after = false;
            if let Some(b) = f.blocks.pop() {
                f.stack.truncate(b.depth as usize);
                f.stack.push(e);
                f.handling.truncate(b.handling as usize);
                f.handling.push(e);
                f.pc = b.handler;
                return;
            }
            let Some(f) = self.frames.pop() else { break };
            if let Some(g) = f.generator {
                if let Kind::Gen(g) = self.kind_mut(g) {
                    g.running = false;
                    g.frame = None;
                }
                if self.is_instance(e, T::StopIteration.class()) {
                    // PEP 479
                    let what = if f.code.coroutine { "coroutine" } else { "generator" };
                    let new = self.exc(T::RuntimeError, format!("{what} raised StopIteration"));
                    if let Value::Obj(r) = new
                        && let Kind::Exc(x) = self.kind_mut(r)
                    {
                        x.cause = Some(e);
                        x.context = Some(e);
                        x.suppress = true;
                    }
                    if let (Value::Obj(old), Value::Obj(r)) = (e, new) {
                        let tb = match self.kind(Value::Obj(old)) {
                            Kind::Exc(x) => x.tb.clone(),
                            _ => Vec::new(),
                        };
                        if let Kind::Exc(x) = self.kind_mut(r) {
                            x.tb = tb;
                        }
                    }
                    e = new;
                    continue;
                }
            }
            if self.caught_by(f.cont, e) {
                return;
            }
        }
        self.last_error = format!("{}: {}", self.type_name(e), self.to_str(e).unwrap_or_default());
        if self.exit.is_none() {
            self.exit = Some(1);
        }
    }

    /// Some continuations take an exception as an answer.
    fn caught_by(&mut self, cont: Cont, e: Value) -> bool {
        let stop = self.is_instance(e, T::StopIteration.class());
        match cont {
            Cont::ForIter(t) if stop => {
                self.pop();
                self.top().pc = t;
                true
            }
            Cont::NextOr(d) if stop => {
                self.push(d);
                true
            }
            Cont::YieldFrom if stop => {
                let v = match self.kind(e) {
                    Kind::Exc(x) => x.args.first().copied().unwrap_or(Value::None),
                    _ => Value::None,
                };
                self.finish_yield_from(v);
                true
            }
            Cont::GetAttr { object, name } if self.is_instance(e, T::AttributeError.class()) => {
                let class = self.class_of(object);
                let Some(f) = self.lookup(class, "__getattr__") else { return false };
                match self.call(f, Args::of(vec![object, name]), Cont::Push) {
                    Ok(()) => true,
                    Err(e) => {
                        // The hook could not even be called: that error goes on from here.
                        self.unwind(e);
                        true
                    }
                }
            }
            _ => false,
        }
    }

    fn set_context(&mut self, e: Value) {
        let Some(h) = self.handled() else { return };
        if h.same(e) {
            return;
        }
        // Cut a cycle: nothing in the chain may already be e.
        let mut at = h;
        for _ in 0..100 {
            let next = match self.kind(at) {
                Kind::Exc(x) => x.context,
                _ => None,
            };
            match next {
                Some(n) if n.same(e) => {
                    if let Value::Obj(r) = at
                        && let Kind::Exc(x) = self.kind_mut(r)
                    {
                        x.context = None;
                    }
                    break;
                }
                Some(n) => at = n,
                None => break,
            }
        }
        if let Value::Obj(r) = e
            && let Kind::Exc(x) = self.kind_mut(r)
            && x.context.is_none()
        {
            x.context = Some(h);
        }
    }

    pub(super) fn raise(&mut self, n: u8) -> R<()> {
        let cause = if n == 2 { self.pop() } else { Value::Unbound };
        if n == 0 {
            return match self.handled() {
                Some(e) => {
                    self.forget_entry(e);
                    Err(e)
                }
                None => self.fail(T::RuntimeError, "No active exception to reraise"),
            };
        }
        let e = self.pop();
        if matches!(self.kind(e), Kind::Exc(_)) && cause.is_unbound() {
            return Err(e);
        }
        // A class to instantiate, or a cause to set: the prelude does it and raises.
        if cause.is_unbound()
            && let Value::Obj(c) = e
            && matches!(self.object(c).kind, Kind::Class(_))
            && self.is_subclass(c, T::BaseException.class())
        {
            self.top().pc -= 1;
            return self.call(e, Args::default(), Cont::Push);
        }
        if cause.is_unbound() {
            return self.type_error("exceptions must derive from BaseException");
        }
        let v = self.set_cause(e, cause)?;
        match v {
            Some(v) => Err(v),
            None => self.call_prelude("_raise_from", vec![e, cause], Cont::Push),
        }
    }

    /// Sets `e.__cause__`; none if a class must be instantiated first.
    fn set_cause(&mut self, e: Value, cause: Value) -> R<Option<Value>> {
        let ok = cause.is_none() || matches!(self.kind(cause), Kind::Exc(_));
        if !ok || !matches!(self.kind(e), Kind::Exc(_)) {
            return Ok(None);
        }
        if let Value::Obj(r) = e
            && let Kind::Exc(x) = self.kind_mut(r)
        {
            x.cause = if cause.is_none() { None } else { Some(cause) };
            x.suppress = true;
        }
        Ok(Some(e))
    }

    pub(super) fn match_exc(&mut self, e: Value, t: Value) -> R<bool> {
        let classes = match self.kind(t) {
            Kind::Tuple(ts) => ts.to_vec(),
            _ => vec![t],
        };
        for c in classes {
            match c {
                Value::Obj(r)
                    if matches!(self.object(r).kind, Kind::Class(_))
                        && self.is_subclass(r, T::BaseException.class()) =>
                {
                    if self.is_instance(e, r) {
                        return Ok(true);
                    }
                }
                _ => {
                    return self.type_error("catching classes that do not inherit from BaseException is not allowed");
                }
            }
        }
        Ok(false)
    }

    pub(crate) fn recursion_error<X>(&mut self) -> R<X> {
        self.fail(T::RecursionError, "maximum recursion depth exceeded")
    }

    pub(crate) fn traceback_of(&mut self, e: Value) -> Value {
        let tb = match self.kind(e) {
            Kind::Exc(x) if !x.tb.is_empty() => x.tb.clone(),
            _ => return Value::None,
        };
        self.alloc(T::Traceback, Kind::Traceback(tb.into()))
    }
}
