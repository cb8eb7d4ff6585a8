//! Iteration: native iterators step here, generators and Python iterators by frames.

use super::*;

impl Vm {
    pub(crate) fn range_items(&self, v: Value) -> Option<(i64, i64, u64)> {
        let Kind::Range { start, stop, step } = self.kind(v) else { return None };
        let n = range_len(*start, *stop, *step);
        Some(match n {
            0 => (0, 0, 0),
            1 => (*start, 0, 1),
            _ => (*start, *step, n),
        })
    }

    /// All elements of a builtin container, iterator or string that needs no Python code; iterators are used up.
    pub(crate) fn fast_items(&mut self, v: Value) -> Option<Vec<Value>> {
        if self.user_method(v, "__iter__").is_some() {
            return None;
        }
        match self.kind(v) {
            Kind::List(l) => Some(l.clone()),
            Kind::Tuple(t) => Some(t.to_vec()),
            Kind::Dict(d) => Some(d.entries().map(|e| e.0).collect()),
            Kind::Set(s) => Some(s.iter().collect()),
            Kind::Range { start, stop, step } => {
                let n = range_len(*start, *stop, *step);
                if n > 4_000_000 {
                    return None;
                }
                let (start, step) = (*start, *step);
                Some((0..n as i64).map(|i| Value::Int(start + i * step)).collect())
            }
            Kind::Str(_) | Kind::Bytes(_) | Kind::ByteArray(_) | Kind::View(..) | Kind::Iter(_) => {
                let it = if matches!(self.kind(v), Kind::Iter(_)) { v } else { self.native_iter(v)? };
                let Value::Obj(r) = it else { return None };
                let mut out = Vec::new();
                loop {
                    match self.native_next(r) {
                        Ok(Some(x)) => out.push(x),
                        Ok(None) => return Some(out),
                        Err(_) => return None,
                    }
                }
            }
            _ => None,
        }
    }

    pub(crate) fn native_iter(&mut self, v: Value) -> Option<Value> {
        let Value::Obj(r) = v else { return None };
        let (t, it) = match &self.object(r).kind {
            Kind::List(_) => (T::ListIterator, Iter::List(r, 0)),
            Kind::Tuple(_) => (T::TupleIterator, Iter::Tuple(r, 0)),
            Kind::Str(_) => (T::StrIterator, Iter::Str(r, 0)),
            Kind::Bytes(_) | Kind::ByteArray(_) => (T::BytesIterator, Iter::Bytes(r, 0)),
            Kind::Dict(d) => (T::DictKeyIterator, Iter::Dict { dict: r, at: 0, len: d.len(), what: 0, back: false }),
            Kind::Set(s) => (T::SetIterator, Iter::Set { set: r, at: 0, len: s.len() }),
            Kind::Range { start, stop, step } => {
                (T::RangeIterator, Iter::Range { next: *start, step: *step, left: range_len(*start, *stop, *step) })
            }
            Kind::View(d, what) => {
                let (d, what) = (*d, *what);
                let t = [T::DictKeyIterator, T::DictValueIterator, T::DictItemIterator];
                let t = t.get(what as usize).copied().unwrap_or(T::DictKeyIterator);
                let len = self.dict_ref(d).map_or(0, Dict::len);
                (t, Iter::Dict { dict: d, at: 0, len, what, back: false })
            }
            _ => return None,
        };
        Some(self.iterator(t, it))
    }

    pub(crate) fn is_iterator(&self, v: Value) -> bool {
        matches!(self.kind(v), Kind::Iter(_) | Kind::Gen(_)) || self.user_method(v, "__next__").is_some()
    }

    pub(crate) fn get_iter(&mut self, v: Value, cont: Cont) -> R<()> {
        if let Some(f) = self.user_method(v, "__iter__") {
            if f.is_none() {
                let t = self.type_name(v);
                return self.type_error(format!("'{t}' object is not iterable"));
            }
            return self.call(f, Args::of(vec![v]), cont);
        }
        if matches!(self.kind(v), Kind::Iter(_) | Kind::Gen(_)) && !self.is_instance(v, T::Coroutine.class()) {
            return self.deliver(cont, v);
        }
        if let Some(it) = self.native_iter(v) {
            return self.deliver(cont, it);
        }
        if matches!(self.kind(v), Kind::Class(_)) {
            let meta = self.class_of(v);
            if let Some(f) = self.lookup(meta, "__iter__") {
                return self.call(f, Args::of(vec![v]), cont);
            }
            if let Some(f) = self.lookup(meta, "__getitem__")
                && !self.is_builtin_class(meta)
            {
                let _ = f;
                return self.call_prelude("_iter_getitem", vec![v], cont);
            }
        }
        if self.user_method(v, "__getitem__").is_some() {
            return self.call_prelude("_iter_getitem", vec![v], cont);
        }
        let t = self.type_name(v);
        self.type_error(format!("'{t}' object is not iterable"))
    }

    /// One step; the element goes to `cont`, which knows what the end means.
    pub(crate) fn next(&mut self, it: Value, cont: Cont) -> R<()> {
        if let Value::Obj(r) = it {
            match &self.object(r).kind {
                Kind::Iter(_) => {
                    return match self.native_next(r)? {
                        Some(v) => self.deliver(cont, v),
                        None => self.stop(cont),
                    };
                }
                Kind::Gen(_) => return self.resume_gen(r, Ok(Value::None), cont),
                _ => {}
            }
        }
        match self.user_method(it, "__next__") {
            Some(f) => self.call(f, Args::of(vec![it]), cont),
            None => {
                let t = self.type_name(it);
                self.type_error(format!("'{t}' object is not an iterator"))
            }
        }
    }

    fn stop(&mut self, cont: Cont) -> R<()> {
        match cont {
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
        }
    }

    pub(crate) fn native_next(&mut self, r: Ref) -> R<Option<Value>> {
        let Kind::Iter(it) = &self.object(r).kind else { return Ok(None) };
        let mut it = it.clone();
        let v = match &mut it {
            Iter::Done => None,
            Iter::List(l, i) => match self.kind(Value::Obj(*l)) {
                Kind::List(l) => l.get(*i).copied().inspect(|_| *i += 1),
                _ => None,
            },
            Iter::ListBack(l, i) => match self.kind(Value::Obj(*l)) {
                Kind::List(l) => i.checked_sub(1).and_then(|k| l.get(k)).copied().inspect(|_| *i -= 1),
                Kind::Tuple(l) => i.checked_sub(1).and_then(|k| l.get(k)).copied().inspect(|_| *i -= 1),
                _ => None,
            },
            Iter::Tuple(l, i) => match self.kind(Value::Obj(*l)) {
                Kind::Tuple(l) => l.get(*i).copied().inspect(|_| *i += 1),
                _ => None,
            },
            Iter::Str(s, i) => {
                let c = match self.kind(Value::Obj(*s)) {
                    Kind::Str(s) => s.s.get(*i..).and_then(|t| t.chars().next()),
                    _ => None,
                };
                c.map(|c| {
                    *i += c.len_utf8();
                    let mut b = [0; 4];
                    self.str(&*c.encode_utf8(&mut b))
                })
            }
            Iter::Bytes(b, i) => {
                let x = match self.kind(Value::Obj(*b)) {
                    Kind::Bytes(b) => b.get(*i).copied(),
                    Kind::ByteArray(b) => b.get(*i).copied(),
                    _ => None,
                };
                *i += 1;
                x.map(|x| Value::Int(i64::from(x)))
            }
            Iter::Range { next, step, left } => (*left > 0).then(|| {
                let v = *next;
                *left -= 1;
                *next = next.wrapping_add(*step);
                Value::Int(v)
            }),
            Iter::Dict { dict, at, len, what, back } => {
                let Some(d) = self.dict_ref(*dict) else { return Ok(None) };
                if d.len() != *len {
                    *self.kind_mut(r) = Kind::Iter(Iter::Done);
                    return self.fail(T::RuntimeError, "dictionary changed size during iteration");
                }
                let slots = d.slots();
                let mut found = None;
                while *at < slots && found.is_none() {
                    let i = if *back { slots - 1 - *at } else { *at };
                    found = d.slot(i);
                    *at += 1;
                }
                match (found, *what) {
                    (Some((k, _)), 0) => Some(k),
                    (Some((_, v)), 1) => Some(v),
                    (Some((k, v)), _) => Some(self.tuple(vec![k, v])),
                    (None, _) => None,
                }
            }
            Iter::Set { set, at, len } => {
                let Some(s) = self.as_set(Value::Obj(*set)) else { return Ok(None) };
                if s.len() != *len {
                    *self.kind_mut(r) = Kind::Iter(Iter::Done);
                    return self.fail(T::RuntimeError, "Set changed size during iteration");
                }
                s.from(*at).map(|(i, v)| {
                    *at = i + 1;
                    v
                })
            }
        };
        *self.kind_mut(r) = Kind::Iter(if v.is_none() { Iter::Done } else { it });
        Ok(v)
    }

    /// Appends all elements of an iterable to a list.
    pub(crate) fn extend(&mut self, list: Value, it: Value, cont: Cont) -> R<()> {
        if let Some(vs) = self.fast_items(it) {
            if let Value::Obj(r) = list
                && let Kind::List(l) = self.kind_mut(r)
            {
                l.extend(vs);
            }
            return self.deliver_none(cont);
        }
        self.call_prelude("_extend", vec![list, it], cont)
    }
}

pub(crate) fn range_len(start: i64, stop: i64, step: i64) -> u64 {
    if step > 0 && start < stop {
        ((i128::from(stop) - i128::from(start) - 1) / i128::from(step) + 1) as u64
    } else if step < 0 && start > stop {
        ((i128::from(start) - i128::from(stop) - 1) / -i128::from(step) + 1) as u64
    } else {
        0
    }
}
