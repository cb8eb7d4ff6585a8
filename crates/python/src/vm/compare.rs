//! Truth, comparison and membership.

use super::*;
use crate::syntax::ast::CmpOp;
use std::cmp::Ordering;

pub(crate) fn cmp_names(op: CmpOp) -> (&'static str, &'static str, &'static str) {
    match op {
        CmpOp::Eq => ("__eq__", "__eq__", "=="),
        CmpOp::Ne => ("__ne__", "__ne__", "!="),
        CmpOp::Lt => ("__lt__", "__gt__", "<"),
        CmpOp::Le => ("__le__", "__ge__", "<="),
        CmpOp::Gt => ("__gt__", "__lt__", ">"),
        _ => ("__ge__", "__le__", ">="),
    }
}

impl Vm {
    /// Truth of a value; `None` if Python code must tell.
    pub(crate) fn truth(&mut self, v: Value) -> R<Option<bool>> {
        Ok(Some(match v {
            Value::Unbound | Value::None => false,
            Value::Bool(b) => b,
            Value::Int(i) => i != 0,
            Value::Float(f) => f != 0.0,
            Value::NotImplemented | Value::Ellipsis => true,
            Value::Obj(_) => {
                if !self.is_builtin_class(self.class_of(v))
                    && (self.user_method(v, "__bool__").is_some() || self.user_method(v, "__len__").is_some())
                {
                    return Ok(None);
                }
                self.length(v).is_none_or(|n| n != 0)
            }
        }))
    }

    /// Length of a builtin container.
    pub(crate) fn length(&self, v: Value) -> Option<usize> {
        Some(match self.kind(v) {
            Kind::Str(s) => s.len(),
            Kind::Bytes(b) => b.len(),
            Kind::ByteArray(b) => b.len(),
            Kind::Tuple(t) => t.len(),
            Kind::List(l) => l.len(),
            Kind::Dict(d) => d.len(),
            Kind::Set(s) => s.len(),
            Kind::View(d, _) => self.dict_ref(*d).map_or(0, Dict::len),
            Kind::Range { start, stop, step } => iter::range_len(*start, *stop, *step) as usize,
            Kind::Boxed(Value::Int(i)) => usize::from(*i != 0),
            Kind::Boxed(Value::Float(f)) => usize::from(*f != 0.0),
            _ => return None,
        })
    }

    pub(crate) fn slow_truth(&mut self, v: Value, negate: bool) -> R<()> {
        self.ask_truth(v, Cont::Truth(negate))
    }

    /// Calls what tells an object's truth.
    pub(crate) fn ask_truth(&mut self, v: Value, cont: Cont) -> R<()> {
        match self.user_method(v, "__bool__").or_else(|| self.user_method(v, "__len__")) {
            Some(f) => self.call(f, Args::of(vec![v]), cont),
            None => self.deliver(cont, Value::Bool(true)),
        }
    }

    pub(crate) fn compare(&mut self, op: CmpOp, a: Value, b: Value, cont: Cont) -> R<()> {
        self.compare_from(op, a, b, 0, cont)
    }

    /// Stage 0: the right operand if its class is a subclass; 1: the left's method; 2: the right's; 3: native.
    pub(crate) fn compare_from(&mut self, op: CmpOp, a: Value, b: Value, stage: u8, cont: Cont) -> R<()> {
        let (name, swapped, sym) = cmp_names(op);
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let native = self.is_builtin_class(ca) && self.is_builtin_class(cb);
        if !native && !matches!(cont, Cont::Push) {
            let o = self.str(sym);
            return self.call_prelude("_compare", vec![o, a, b], cont);
        }
        let first = ca != cb && self.is_subclass(cb, ca);
        for s in stage..3 {
            let (recv, other, n) = match s {
                0 if first => (b, a, swapped),
                1 => (a, b, name),
                2 if !first => (b, a, swapped),
                _ => continue,
            };
            if let Some(f) = self.user_method(recv, n) {
                return self.call(f, Args::of(vec![recv, other]), Cont::Cmp { op, a, b, stage: s });
            }
            // `!=` is the opposite of an own `__eq__`.
            if op == CmpOp::Ne
                && let Some(f) = self.user_method(recv, "__eq__")
            {
                return self.call_prelude("_ne", vec![f, recv, other], Cont::Cmp { op, a, b, stage: s });
            }
        }
        match self.compare_native(op, a, b)? {
            Some(v) => self.deliver(cont, Value::Bool(v)),
            None => {
                let o = self.str(sym);
                self.call_prelude("_compare_slow", vec![o, a, b], cont)
            }
        }
    }

    /// Comparison of builtin values; `None` if elements need Python code.
    pub(crate) fn compare_native(&mut self, op: CmpOp, a: Value, b: Value) -> R<Option<bool>> {
        if matches!(op, CmpOp::Eq | CmpOp::Ne) {
            let (ua, ub) = (self.user_method(a, "__eq__").is_some(), self.user_method(b, "__eq__").is_some());
            if ua || ub {
                // Their methods were asked and declined.
                return Ok(Some(a.same(b) == (op == CmpOp::Eq)));
            }
            return Ok(self.equal(a, b, 0).map(|e| e == (op == CmpOp::Eq)));
        }
        let holds = |o: Ordering| match op {
            CmpOp::Lt => o.is_lt(),
            CmpOp::Le => o.is_le(),
            CmpOp::Gt => o.is_gt(),
            _ => o.is_ge(),
        };
        match self.order(a, b, 0) {
            Ordered::Is(o) => Ok(Some(holds(o))),
            Ordered::Nan => Ok(Some(false)),
            Ordered::Ask => Ok(None),
            Ordered::Subset => {
                let (x, y) = if matches!(op, CmpOp::Lt | CmpOp::Le) { (a, b) } else { (b, a) };
                let strict = matches!(op, CmpOp::Lt | CmpOp::Gt);
                let (Some(s), Some(t)) = (self.set_of(x), self.set_of(y)) else { return Ok(None) };
                let sub = s.hashed().all(|(h, v)| t.find(h, |o| self.equal(o, v, 0) == Some(true)).is_some());
                Ok(Some(sub && (!strict || s.len() < t.len())))
            }
            Ordered::Never(x, y) => {
                let (_, _, sym) = cmp_names(op);
                let (tx, ty) = (self.type_name(x), self.type_name(y));
                self.type_error(format!("'{sym}' not supported between instances of '{tx}' and '{ty}'"))
            }
        }
    }

    fn set_of(&self, v: Value) -> Option<crate::set::Set> {
        match self.kind(v) {
            Kind::Set(s) => Some(s.clone()),
            Kind::View(d, _) => {
                let mut s = crate::set::Set::default();
                for (h, k, _) in self.dict_ref(*d)?.hashed() {
                    s.push(h, k);
                }
                Some(s)
            }
            _ => None,
        }
    }

    pub(crate) fn order(&self, a: Value, b: Value, depth: u32) -> Ordered {
        if depth > keys::NATIVE_DEPTH {
            return Ordered::Ask;
        }
        if depth > 0
            && (self.user_method(a, "__lt__").is_some()
                || self.user_method(b, "__gt__").is_some()
                || self.user_method(a, "__gt__").is_some())
        {
            return Ordered::Ask;
        }
        if let (Some(x), Some(y)) = (self.as_int(a), self.as_int(b)) {
            return Ordered::Is(x.cmp(&y));
        }
        let seq = |x: &[Value], y: &[Value]| {
            for (p, q) in x.iter().zip(y) {
                match self.equal(*p, *q, depth + 1) {
                    Some(true) => {}
                    Some(false) => return self.order(*p, *q, depth + 1),
                    None => return Ordered::Ask,
                }
            }
            Ordered::Is(x.len().cmp(&y.len()))
        };
        match (self.kind(a), self.kind(b)) {
            (Kind::Str(x), Kind::Str(y)) => Ordered::Is(x.s.cmp(&y.s)),
            (Kind::Bytes(x), Kind::Bytes(y)) => Ordered::Is(x.cmp(y)),
            (Kind::List(x), Kind::List(y)) => seq(x, y),
            (Kind::Tuple(x), Kind::Tuple(y)) => seq(x, y),
            (Kind::Set(_) | Kind::View(_, 0 | 2), Kind::Set(_) | Kind::View(_, 0 | 2)) => Ordered::Subset,
            _ => {
                if let (Some(x), Some(y)) = (self.as_big(a), self.as_big(b)) {
                    return Ordered::Is(x.cmp(&y));
                }
                match (self.number(a), self.number(b)) {
                    (Some(x), Some(y)) => x.partial_cmp(&y).map_or(Ordered::Nan, Ordered::Is),
                    _ => Ordered::Never(a, b),
                }
            }
        }
    }

    pub(super) fn contains(&mut self, c: Value, x: Value, not: bool) -> R<()> {
        if let Some(f) = self.user_method(c, "__contains__") {
            return self.call(f, Args::of(vec![c, x]), Cont::Truth(not));
        }
        if matches!(self.kind(c), Kind::Class(_))
            && self.lookup(self.class_of(c), "__contains__").is_some()
            && let Some(f) = self.lookup(self.class_of(c), "__contains__")
        {
            return self.call(f, Args::of(vec![c, x]), Cont::Truth(not));
        }
        match self.contains_native(c, x)? {
            Some(b) => {
                self.push(Value::Bool(b != not));
                Ok(())
            }
            None => self.call_prelude("_contains", vec![c, x], Cont::Truth(not)),
        }
    }

    pub(crate) fn contains_native(&mut self, c: Value, x: Value) -> R<Option<bool>> {
        let Value::Obj(r) = c else {
            let t = self.type_name(c);
            return self.type_error(format!("argument of type '{t}' is not iterable"));
        };
        let any = |vm: &Vm, vs: &[Value]| -> Option<bool> {
            let mut ask = false;
            for v in vs {
                match vm.equal(*v, x, 0) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => ask = true,
                }
            }
            if ask { None } else { Some(false) }
        };
        Ok(match &self.object(r).kind {
            Kind::Str(s) => match self.as_str(x) {
                Some(t) => Some(s.s.contains(&*t.s)),
                None => {
                    let t = self.type_name(x);
                    return self.type_error(format!("'in <string>' requires string as left operand, not {t}"));
                }
            },
            Kind::List(l) => any(self, l),
            Kind::Tuple(t) => any(self, t),
            Kind::Dict(_) => self.dict_find(r, x)?.map(|f| f.is_some()),
            Kind::View(d, 0) => {
                let d = *d;
                self.dict_find(d, x)?.map(|f| f.is_some())
            }
            Kind::Set(_) => self.set_find(r, x)?.map(|f| f.is_some()),
            Kind::Range { start, stop, step } => match self.as_int(x) {
                Some(i) => {
                    let (a, b, s) = (*start, *stop, *step);
                    let within = if s > 0 { i >= a && i < b } else { i <= a && i > b };
                    Some(within && (i - a) % s == 0)
                }
                None => Some(false),
            },
            Kind::Bytes(b) => Some(self.bytes_contains(b, x)),
            Kind::ByteArray(b) => Some(self.bytes_contains(b, x)),
            _ => None,
        })
    }

    fn bytes_contains(&self, b: &[u8], x: Value) -> bool {
        match (self.as_int(x), self.kind(x)) {
            (Some(i), _) => b.iter().any(|c| i64::from(*c) == i),
            (_, Kind::Bytes(n)) => n.is_empty() || b.windows(n.len()).any(|w| w == &n[..]),
            _ => false,
        }
    }
}

pub(crate) enum Ordered {
    Is(Ordering),
    Nan,
    /// Sets: by inclusion.
    Subset,
    /// Python code must decide.
    Ask,
    /// These two have no order.
    Never(Value, Value),
}
