//! Arithmetic, and indexing with numbers, slices and keys.

use super::*;
use crate::syntax::ast::{BinOp, UnOp};
use num_integer::Integer;
use num_traits::{Signed, Zero};

pub(crate) fn op_names(op: BinOp) -> (&'static str, &'static str) {
    match op {
        BinOp::Add => ("add", "+"),
        BinOp::Sub => ("sub", "-"),
        BinOp::Mul => ("mul", "*"),
        BinOp::Div => ("truediv", "/"),
        BinOp::FloorDiv => ("floordiv", "//"),
        BinOp::Mod => ("mod", "%"),
        BinOp::Pow => ("pow", "** or pow()"),
        BinOp::LShift => ("lshift", "<<"),
        BinOp::RShift => ("rshift", ">>"),
        BinOp::And => ("and", "&"),
        BinOp::Or => ("or", "|"),
        BinOp::Xor => ("xor", "^"),
        BinOp::MatMul => ("matmul", "@"),
    }
}

impl Vm {
    pub(crate) fn binary(&mut self, op: BinOp, inplace: bool, a: Value, b: Value, cont: Cont) -> R<()> {
        self.binary_from(op, inplace, a, b, 0, cont)
    }

    /// Stage 0: in-place method; 1: the right operand's if its class is a subclass; 2: the left's; 3: the right's.
    pub(crate) fn binary_from(&mut self, op: BinOp, inplace: bool, a: Value, b: Value, stage: u8, cont: Cont) -> R<()> {
        let (name, _) = op_names(op);
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        if !(self.is_builtin_class(ca) && self.is_builtin_class(cb)) {
            let first = ca != cb && self.is_subclass(cb, ca) && self.user_method(b, &format!("__r{name}__")).is_some();
            for s in stage..4 {
                let (recv, other, n) = match s {
                    0 if inplace => (a, b, format!("__i{name}__")),
                    1 if first => (b, a, format!("__r{name}__")),
                    2 => (a, b, format!("__{name}__")),
                    3 if !first => (b, a, format!("__r{name}__")),
                    _ => continue,
                };
                if let Some(f) = self.user_method(recv, &n)
                    && !f.is_none()
                {
                    return self.call(f, Args::of(vec![recv, other]), Cont::BinOp { op, inplace, a, b, stage: s });
                }
            }
        }
        if op == BinOp::Mod && self.as_str(a).is_some() {
            return self.percent(a, b, cont);
        }
        if op == BinOp::Mod && matches!(self.kind(a), Kind::Bytes(_)) {
            return self.call_prelude("_bytes_percent", vec![a, b], cont);
        }
        if inplace && op == BinOp::Add && matches!(self.kind(a), Kind::List(_)) {
            self.extend(a, b, Cont::Discard)?;
            return self.deliver(cont, a);
        }
        if inplace
            && let Kind::Set(_) = self.kind(a)
            && self.is_instance(a, T::Set.class())
            && matches!(self.kind(b), Kind::Set(_))
        {
            let n = self.str(name);
            return self.call_prelude("_set_iop", vec![a, b, n], cont);
        }
        match self.arith(op, a, b)? {
            Some(v) => self.deliver(cont, v),
            None => self.unsupported(op, inplace, a, b),
        }
    }

    fn unsupported(&mut self, op: BinOp, inplace: bool, a: Value, b: Value) -> R<()> {
        let (_, sym) = op_names(op);
        let (ta, tb) = (self.type_name(a), self.type_name(b));
        if op == BinOp::Add && !inplace {
            let what = match self.kind(a) {
                Kind::Str(_) => Some("str"),
                Kind::List(_) => Some("list"),
                Kind::Tuple(_) => Some("tuple"),
                _ => None,
            };
            if let Some(w) = what {
                return self.type_error(format!("can only concatenate {w} (not \"{tb}\") to {w}"));
            }
            if matches!(self.kind(a), Kind::Bytes(_)) {
                return self.type_error(format!("can't concat {tb} to bytes"));
            }
        }
        if op == BinOp::Add && inplace {
            let what = match self.kind(a) {
                Kind::Str(_) => Some("str"),
                Kind::Tuple(_) => Some("tuple"),
                _ => None,
            };
            if let Some(w) = what {
                return self.type_error(format!("can only concatenate {w} (not \"{tb}\") to {w}"));
            }
        }
        if op == BinOp::Mul {
            let seq = |vm: &Vm, v| matches!(vm.kind(v), Kind::Str(_) | Kind::List(_) | Kind::Tuple(_) | Kind::Bytes(_));
            if seq(self, a) {
                return self.type_error(format!("can't multiply sequence by non-int of type '{tb}'"));
            }
            if seq(self, b) {
                return self.type_error(format!("can't multiply sequence by non-int of type '{ta}'"));
            }
        }
        let eq = if inplace { "=" } else { "" };
        let sym = if inplace && op == BinOp::Pow { "**" } else { sym };
        self.type_error(format!("unsupported operand type(s) for {sym}{eq}: '{ta}' and '{tb}'"))
    }

    /// Arithmetic of builtin values; `None` if the operands don't fit.
    pub(crate) fn arith(&mut self, op: BinOp, a: Value, b: Value) -> R<Option<Value>> {
        if let (Some(x), Some(y)) = (self.as_int(a), self.as_int(b)) {
            if let (Value::Bool(p), Value::Bool(q)) = (a, b) {
                match op {
                    BinOp::And => return Ok(Some(Value::Bool(p & q))),
                    BinOp::Or => return Ok(Some(Value::Bool(p | q))),
                    BinOp::Xor => return Ok(Some(Value::Bool(p ^ q))),
                    _ => {}
                }
            }
            return self.int_op(op, x, y);
        }
        if let (Some(x), Some(y)) = (self.as_float(a).or_else(|| self.number(a)), self.number(b))
            && (self.as_float(a).is_some() || self.as_float(b).is_some())
        {
            if (x.is_infinite() && self.as_float(a).is_none()) || (y.is_infinite() && self.as_float(b).is_none()) {
                return self.fail(T::OverflowError, "int too large to convert to float");
            }
            return self.float_op(op, x, y);
        }
        if let (Some(x), Some(y)) = (self.as_big(a), self.as_big(b)) {
            return self.big_op(op, x, y);
        }
        self.sequence_op(op, a, b)
    }

    fn int_op(&mut self, op: BinOp, x: i64, y: i64) -> R<Option<Value>> {
        let fast = match op {
            BinOp::Add => x.checked_add(y),
            BinOp::Sub => x.checked_sub(y),
            BinOp::Mul => x.checked_mul(y),
            BinOp::FloorDiv if y != 0 && !(x == i64::MIN && y == -1) => Some(Integer::div_floor(&x, &y)),
            BinOp::Mod if y != 0 && y != -1 => Some(x.mod_floor(&y)),
            BinOp::And => Some(x & y),
            BinOp::Or => Some(x | y),
            BinOp::Xor => Some(x ^ y),
            BinOp::RShift if y >= 0 => Some(x >> y.min(63)),
            BinOp::Pow if y >= 0 => u32::try_from(y).ok().and_then(|y| x.checked_pow(y)),
            _ => None,
        };
        if let Some(v) = fast {
            return Ok(Some(Value::Int(v)));
        }
        self.big_op(op, x.into(), y.into())
    }

    fn big_op(&mut self, op: BinOp, x: BigInt, y: BigInt) -> R<Option<Value>> {
        let limit = 128 << 20;
        let v = match op {
            BinOp::Add => x + y,
            BinOp::Sub => x - y,
            BinOp::Mul => {
                self.fuel = self.fuel.saturating_sub((x.bits() / 64) * (y.bits() / 64) / 1000);
                x * y
            }
            BinOp::Div => {
                if y.is_zero() {
                    return self.fail(T::ZeroDivisionError, "division by zero");
                }
                return match big_div(&x, &y) {
                    Some(f) => Ok(Some(Value::Float(f))),
                    None => self.fail(T::OverflowError, "integer division result too large for a float"),
                };
            }
            BinOp::FloorDiv | BinOp::Mod if y.is_zero() => {
                let what =
                    if op == BinOp::Mod { "integer modulo by zero" } else { "integer division or modulo by zero" };
                return self.fail(T::ZeroDivisionError, what);
            }
            BinOp::FloorDiv => x.div_floor(&y),
            BinOp::Mod => x.mod_floor(&y),
            BinOp::Pow => {
                if y.is_negative() {
                    let (Some(p), Some(q)) = (x.to_f64(), y.to_f64()) else { return Ok(None) };
                    return self.float_op(op, p, q);
                }
                let Some(n) = y.to_u32() else { return self.memory_error() };
                if x.bits().saturating_mul(u64::from(n)) > limit && x.bits() > 1 {
                    return self.memory_error();
                }
                self.fuel = self.fuel.saturating_sub(x.bits().saturating_mul(u64::from(n)) / 1000);
                x.pow(n)
            }
            BinOp::LShift | BinOp::RShift if y.is_negative() => return self.value_error("negative shift count"),
            BinOp::LShift => {
                let Some(n) = y.to_u64() else { return self.memory_error() };
                if n > limit {
                    return self.memory_error();
                }
                x << n
            }
            BinOp::RShift => match y.to_u64() {
                Some(n) => x >> n,
                None => BigInt::zero(),
            },
            BinOp::And => x & y,
            BinOp::Or => x | y,
            BinOp::Xor => x ^ y,
            BinOp::MatMul => return Ok(None),
        };
        Ok(Some(self.big(v)))
    }

    fn float_op(&mut self, op: BinOp, x: f64, y: f64) -> R<Option<Value>> {
        Ok(Some(Value::Float(match op {
            BinOp::Add => x + y,
            BinOp::Sub => x - y,
            BinOp::Mul => x * y,
            BinOp::Div if y == 0.0 => return self.fail(T::ZeroDivisionError, "float division by zero"),
            BinOp::Div => x / y,
            BinOp::FloorDiv if y == 0.0 => return self.fail(T::ZeroDivisionError, "float floor division by zero"),
            BinOp::Mod if y == 0.0 => return self.fail(T::ZeroDivisionError, "float modulo"),
            BinOp::FloorDiv => float_divmod(x, y).0,
            BinOp::Mod => float_divmod(x, y).1,
            BinOp::Pow => {
                if x == 0.0 && y < 0.0 {
                    return self.fail(T::ZeroDivisionError, "0.0 cannot be raised to a negative power");
                }
                if x < 0.0 && y != y.trunc() && y.is_finite() {
                    return self.value_error("complex numbers are not supported by Layerlab's Python");
                }
                let r = libm::pow(x, y);
                if r.is_infinite() && x.is_finite() && y.is_finite() {
                    let a = self.str("Numerical result out of range");
                    return Err(self.exc_args(T::OverflowError, vec![Value::Int(34), a]));
                }
                r
            }
            _ => return Ok(None),
        })))
    }

    fn sequence_op(&mut self, op: BinOp, a: Value, b: Value) -> R<Option<Value>> {
        if op == BinOp::Mul {
            if let Some(n) = self.as_int(b) {
                return self.repeat(a, n);
            }
            if let Some(n) = self.as_int(a) {
                return self.repeat(b, n);
            }
            return Ok(None);
        }
        let total = self.length(a).unwrap_or(0) + self.length(b).unwrap_or(0);
        if op == BinOp::Add && total > (1 << 16) && !self.has_room(total as u64) {
            return self.memory_error();
        }
        self.fuel = self.fuel.saturating_sub(total as u64 / 64);
        Ok(match (op, self.kind(a), self.kind(b)) {
            (BinOp::Add, Kind::Str(x), Kind::Str(y)) => {
                let mut s = String::with_capacity(x.s.len() + y.s.len());
                s.push_str(&x.s);
                s.push_str(&y.s);
                Some(self.str(s))
            }
            (BinOp::Add, Kind::List(x), Kind::List(y)) => {
                let v = [&x[..], &y[..]].concat();
                Some(self.list(v))
            }
            (BinOp::Add, Kind::Tuple(x), Kind::Tuple(y)) => {
                let v = [&x[..], &y[..]].concat();
                Some(self.tuple(v))
            }
            (BinOp::Add, Kind::Bytes(x), Kind::Bytes(y)) => {
                let v = [&x[..], &y[..]].concat();
                Some(self.bytes(v))
            }
            (BinOp::Add, Kind::ByteArray(x), Kind::Bytes(y)) => {
                let v = [&x[..], &y[..]].concat();
                Some(self.alloc(T::ByteArray, Kind::ByteArray(v)))
            }
            (BinOp::Add, Kind::Bytes(x), Kind::ByteArray(y)) => {
                let v = [&x[..], &y[..]].concat();
                Some(self.bytes(v))
            }
            (BinOp::Or, Kind::Dict(x), Kind::Dict(y)) => {
                let (mut d, y) = (x.clone(), y.clone());
                for (h, k, v) in y.hashed() {
                    match d.find(h, |o| self.equal(o, k, 0) == Some(true)) {
                        Some(i) => d.set_at(i, v),
                        None => d.push(h, k, v),
                    }
                }
                Some(self.alloc(T::Dict, Kind::Dict(d)))
            }
            (BinOp::Or, Kind::Class(_), Kind::Class(_))
            | (BinOp::Or, Kind::Class(_), _)
            | (BinOp::Or, _, Kind::Class(_)) => {
                let either =
                    |v: Value| v.is_none() || matches!(self.kind(v), Kind::Class(_) | Kind::Tuple(_) | Kind::Instance);
                if either(a) && either(b) { Some(self.tuple(vec![a, b])) } else { None }
            }
            (
                BinOp::And | BinOp::Or | BinOp::Sub | BinOp::Xor,
                Kind::Set(_) | Kind::View(_, 0 | 2),
                Kind::Set(_) | Kind::View(_, 0 | 2),
            ) => {
                let t = if self.is_instance(a, T::FrozenSet.class()) { T::FrozenSet } else { T::Set };
                let (Some(x), Some(y)) = (self.hashed_items(a)?, self.hashed_items(b)?) else { return Ok(None) };
                let r = self.set_combine(op, &x, &y);
                Some(self.alloc(t, Kind::Set(r)))
            }
            _ => None,
        })
    }

    fn hashed_items(&mut self, v: Value) -> R<Option<crate::set::Set>> {
        if let Kind::Set(s) = self.kind(v) {
            return Ok(Some(s.clone()));
        }
        let items = self.fast_items(v).unwrap_or_default();
        let s = self.heap.alloc(T::Set.class(), Kind::Set(crate::set::Set::default()));
        for i in items {
            if !self.set_add(s, i)? {
                return Ok(None);
            }
        }
        Ok(self.as_set(Value::Obj(s)).cloned())
    }

    pub(crate) fn set_combine(&self, op: BinOp, x: &crate::set::Set, y: &crate::set::Set) -> crate::set::Set {
        let has = |s: &crate::set::Set, h: u64, v: Value| s.find(h, |o| self.equal(o, v, 0) == Some(true)).is_some();
        let mut out = crate::set::Set::default();
        match op {
            BinOp::And => {
                // CPython walks the smaller one.
                let (small, big) = if y.len() > x.len() { (x, y) } else { (y, x) };
                small.hashed().filter(|(h, v)| has(big, *h, *v)).for_each(|(h, v)| out.push(h, v));
            }
            BinOp::Sub => x.hashed().filter(|(h, v)| !has(y, *h, *v)).for_each(|(h, v)| out.push(h, v)),
            BinOp::Or => {
                out = x.clone();
                for (h, v) in y.hashed() {
                    if !has(&out, h, v) {
                        out.push(h, v);
                    }
                }
            }
            _ => {
                out = y.clone();
                for (h, v) in x.hashed() {
                    match out.find(h, |o| self.equal(o, v, 0) == Some(true)) {
                        Some(i) => out.remove(i),
                        None => out.push(h, v),
                    }
                }
            }
        }
        out
    }

    fn repeat(&mut self, v: Value, n: i64) -> R<Option<Value>> {
        let n = n.max(0) as usize;
        let len = self.length(v).unwrap_or(0);
        let each = if matches!(self.kind(v), Kind::Str(_) | Kind::Bytes(_) | Kind::ByteArray(_)) { 1 } else { 16 };
        let total = (len as u64).saturating_mul(n as u64).saturating_mul(each);
        if total > (1 << 16) && !self.has_room(total) {
            return self.memory_error();
        }
        self.fuel = self.fuel.saturating_sub((len * n) as u64 / 64);
        Ok(match self.kind(v) {
            Kind::Str(s) => {
                let s = s.s.repeat(n);
                Some(self.str(s))
            }
            Kind::Bytes(b) => {
                let b = b.repeat(n);
                Some(self.bytes(b))
            }
            Kind::ByteArray(b) => {
                let b = b.repeat(n);
                Some(self.alloc(T::ByteArray, Kind::ByteArray(b)))
            }
            Kind::List(l) => {
                let l = l.repeat(n);
                Some(self.list(l))
            }
            Kind::Tuple(t) => {
                let t = t.repeat(n);
                Some(self.tuple(t))
            }
            _ => None,
        })
    }

    pub(crate) fn unary(&mut self, op: UnOp, a: Value, cont: Cont) -> R<()> {
        let name = match op {
            UnOp::Neg => "__neg__",
            UnOp::Pos => "__pos__",
            _ => "__invert__",
        };
        if let Some(f) = self.user_method(a, name) {
            return self.call(f, Args::of(vec![a]), cont);
        }
        let v = match (op, self.as_int(a), self.as_float(a)) {
            (UnOp::Neg, Some(i), _) => match i.checked_neg() {
                Some(n) => Value::Int(n),
                None => self.big(-BigInt::from(i)),
            },
            (UnOp::Pos, Some(i), _) => Value::Int(i),
            (UnOp::Invert, Some(i), _) => Value::Int(!i),
            (UnOp::Neg, _, Some(f)) => Value::Float(-f),
            (UnOp::Pos, _, Some(f)) => Value::Float(f),
            _ => match (op, self.as_big(a)) {
                (UnOp::Neg, Some(b)) => self.big(-b),
                (UnOp::Pos, Some(b)) => self.big(b),
                (UnOp::Invert, Some(b)) => self.big(-b - 1),
                _ => {
                    let t = self.type_name(a);
                    let sym = match op {
                        UnOp::Neg => "-",
                        UnOp::Pos => "+",
                        _ => "~",
                    };
                    return self.type_error(format!("bad operand type for unary {sym}: '{t}'"));
                }
            },
        };
        self.deliver(cont, v)
    }

    // ---- indexing

    pub(crate) fn subscript(&mut self, o: Value, i: Value, cont: Cont) -> R<()> {
        if let Some(f) = self.user_method(o, "__getitem__") {
            return self.call(f, Args::of(vec![o, i]), cont);
        }
        let Value::Obj(r) = o else {
            let t = self.type_name(o);
            return self.type_error(format!("'{t}' object is not subscriptable"));
        };
        if matches!(self.kind(o), Kind::List(_) | Kind::Tuple(_) | Kind::Str(_) | Kind::Bytes(_) | Kind::Range { .. })
            && self.as_int(i).is_none()
            && self.user_method(i, "__index__").is_some()
        {
            return self.call_prelude("_get_at_index", vec![o, i], cont);
        }
        let v = match &self.object(r).kind {
            Kind::Dict(_) => match self.dict_get(r, i)? {
                Some(Some(v)) => v,
                Some(None) => {
                    if let Some(f) = self.user_method(o, "__missing__") {
                        return self.call(f, Args::of(vec![o, i]), cont);
                    }
                    return Err(self.exc_args(T::KeyError, vec![i]));
                }
                None => return self.call_prelude("_dict_getitem", vec![o, i], cont),
            },
            Kind::Class(c) => {
                let name = c.name.clone();
                let meta = self.class_of(o);
                if let Some(f) = self.lookup(meta, "__getitem__")
                    && !self.is_builtin_class(meta)
                {
                    return self.call(f, Args::of(vec![o, i]), cont);
                }
                if let Some(f) = self.lookup(r, "__class_getitem__") {
                    let f = match self.kind(f) {
                        Kind::ClassMethod(f) => *f,
                        _ => f,
                    };
                    return self.call(f, Args::of(vec![o, i]), cont);
                }
                if self.is_builtin_class(r) && r != T::Int.class() && r != T::Str.class() {
                    return self.call_prelude("_generic_alias", vec![o, i], cont);
                }
                return self.type_error(format!("type '{name}' is not subscriptable"));
            }
            Kind::List(_)
            | Kind::Tuple(_)
            | Kind::Str(_)
            | Kind::Bytes(_)
            | Kind::ByteArray(_)
            | Kind::Range { .. } => self.index_sequence(o, i)?,
            _ => {
                let t = self.type_name(o);
                return self.type_error(format!("'{t}' object is not subscriptable"));
            }
        };
        self.deliver(cont, v)
    }

    pub(crate) fn index_sequence(&mut self, o: Value, i: Value) -> R<Value> {
        if let Kind::Slice(a, b, c) = self.kind(i) {
            let (a, b, c) = (*a, *b, *c);
            let len = self.length(o).unwrap_or(0);
            let (start, step, n) = self.slice_range(a, b, c, len)?;
            return Ok(self.take_slice(o, start, step, n));
        }
        let len = self.length(o).unwrap_or(0) as i64;
        let t = self.type_name(o);
        let Some(mut n) = self.as_int(i) else {
            if self.as_big(i).is_some() {
                return self.fail(T::IndexError, "cannot fit 'int' into an index-sized integer");
            }
            let ti = self.type_name(i);
            let msg = match &*t {
                "str" => format!("string indices must be integers, not '{ti}'"),
                "bytes" => format!("byte indices must be integers or slices, not {ti}"),
                _ => format!("{t} indices must be integers or slices, not {ti}"),
            };
            return self.type_error(msg);
        };
        if n < 0 {
            n += len;
        }
        if n < 0 || n >= len {
            let msg = match self.kind(o) {
                Kind::Str(_) => "string index out of range",
                Kind::Tuple(_) => "tuple index out of range",
                Kind::Range { .. } => "range object index out of range",
                Kind::Bytes(_) => "index out of range",
                Kind::ByteArray(_) => "bytearray index out of range",
                _ => "list index out of range",
            };
            return self.fail(T::IndexError, msg);
        }
        let n = n as usize;
        Ok(match self.kind(o) {
            Kind::List(l) => l.get(n).copied().unwrap_or(Value::None),
            Kind::Tuple(t) => t.get(n).copied().unwrap_or(Value::None),
            Kind::Bytes(b) => Value::Int(b.get(n).copied().unwrap_or(0).into()),
            Kind::ByteArray(b) => Value::Int(b.get(n).copied().unwrap_or(0).into()),
            Kind::Range { start, step, .. } => Value::Int(start + step * n as i64),
            Kind::Str(s) => {
                let c: String = if s.ascii {
                    s.s.get(n..=n).unwrap_or("").to_owned()
                } else {
                    s.s.chars().nth(n).map(String::from).unwrap_or_default()
                };
                self.str(c)
            }
            _ => Value::None,
        })
    }

    /// Start, step and count of a slice over `len` elements.
    pub(crate) fn slice_range(&mut self, a: Value, b: Value, c: Value, len: usize) -> R<(i64, i64, usize)> {
        let len = len as i64;
        let part = |vm: &mut Vm, v: Value| -> R<Option<i64>> {
            if v.is_none() {
                return Ok(None);
            }
            match vm.as_int(v) {
                Some(i) => Ok(Some(i)),
                None => match vm.as_big(v) {
                    Some(b) => Ok(Some(if b.is_negative() { i64::MIN / 2 } else { i64::MAX / 2 })),
                    None => vm.type_error("slice indices must be integers or None or have an __index__ method"),
                },
            }
        };
        let step = part(self, c)?.unwrap_or(1);
        if step == 0 {
            return self.value_error("slice step cannot be zero");
        }
        let clamp = |v: i64| {
            let v = if v < 0 { v + len } else { v };
            if step > 0 { v.clamp(0, len) } else { v.clamp(-1, len - 1) }
        };
        let start = part(self, a)?.map_or(if step > 0 { 0 } else { len - 1 }, clamp);
        let stop = part(self, b)?.map_or(if step > 0 { len } else { -1 }, clamp);
        Ok((start, step, iter::range_len(start, stop, step) as usize))
    }

    fn take_slice(&mut self, o: Value, start: i64, step: i64, n: usize) -> Value {
        fn pick<X: Copy>(xs: &[X], start: i64, step: i64, n: usize) -> Vec<X> {
            (0..n as i64).filter_map(|i| xs.get((start + i * step) as usize).copied()).collect()
        }
        match self.kind(o) {
            Kind::List(l) => {
                let v = pick(l, start, step, n);
                self.list(v)
            }
            Kind::Tuple(t) => {
                let v = pick(t, start, step, n);
                self.tuple(v)
            }
            Kind::Bytes(b) => {
                let v = pick(b, start, step, n);
                self.bytes(v)
            }
            Kind::ByteArray(b) => {
                let v = pick(b, start, step, n);
                self.alloc(T::ByteArray, Kind::ByteArray(v))
            }
            Kind::Str(s) => {
                let t: String = if s.ascii && step == 1 {
                    s.s.get(start as usize..start as usize + n).unwrap_or("").to_owned()
                } else {
                    let cs: Vec<char> = s.s.chars().collect();
                    pick(&cs, start, step, n).into_iter().collect()
                };
                self.str(t)
            }
            Kind::Range { start: a, step: s, .. } => {
                let (a, s) = (*a, *s);
                let first = a + s * start;
                let kind = Kind::Range { start: first, stop: first + s * step * n as i64, step: s * step };
                self.alloc(T::Range, kind)
            }
            _ => Value::None,
        }
    }

    pub(crate) fn set_subscript(&mut self, o: Value, i: Value, v: Value, cont: Cont) -> R<()> {
        if let Some(f) = self.user_method(o, "__setitem__") {
            return self.call(f, Args::of(vec![o, i, v]), cont);
        }
        self.set_plain(o, i, v, cont)
    }

    /// `o[i] = v` whatever methods a subclass has.
    pub(crate) fn set_plain(&mut self, o: Value, i: Value, v: Value, cont: Cont) -> R<()> {
        let Value::Obj(r) = o else {
            let t = self.type_name(o);
            return self.type_error(format!("'{t}' object does not support item assignment"));
        };
        match &self.object(r).kind {
            Kind::Dict(_) => {
                if !self.dict_set(r, i, v)? {
                    return self.call_prelude("_dict_set", vec![o, i, v], cont);
                }
            }
            Kind::List(l) => {
                let len = l.len();
                if let Kind::Slice(a, b, c) = self.kind(i) {
                    let (a, b, c) = (*a, *b, *c);
                    let Some(items) = self.fast_items(v) else {
                        return self.call_prelude("_set_slice", vec![o, i, v], cont);
                    };
                    let (start, step, n) = self.slice_range(a, b, c, len)?;
                    if step != 1 && items.len() != n {
                        return self.value_error(format!(
                            "attempt to assign sequence of size {} to extended slice of size {n}",
                            items.len()
                        ));
                    }
                    let Kind::List(l) = self.kind_mut(r) else { return Ok(()) };
                    if step == 1 {
                        let start = start as usize;
                        l.splice(start..start + n, items);
                    } else {
                        for (k, x) in items.into_iter().enumerate() {
                            if let Some(slot) = l.get_mut((start + step * k as i64) as usize) {
                                *slot = x;
                            }
                        }
                    }
                    return self.deliver_none(cont);
                }
                let Some(mut n) = self.as_int(i) else {
                    let ti = self.type_name(i);
                    return self.type_error(format!("list indices must be integers or slices, not {ti}"));
                };
                if n < 0 {
                    n += len as i64;
                }
                if n < 0 || n >= len as i64 {
                    return self.fail(T::IndexError, "list assignment index out of range");
                }
                if let Kind::List(l) = self.kind_mut(r)
                    && let Some(slot) = l.get_mut(n as usize)
                {
                    *slot = v;
                }
            }
            Kind::ByteArray(b) => {
                let len = b.len() as i64;
                let (Some(n), Some(x)) = (self.as_int(i), self.as_int(v)) else {
                    return self.type_error("bytearray indices must be integers or slices");
                };
                let n = if n < 0 { n + len } else { n };
                let Ok(x) = u8::try_from(x) else { return self.value_error("byte must be in range(0, 256)") };
                if n < 0 || n >= len {
                    return self.fail(T::IndexError, "bytearray index out of range");
                }
                if let Kind::ByteArray(b) = self.kind_mut(r)
                    && let Some(slot) = b.get_mut(n as usize)
                {
                    *slot = x;
                }
            }
            _ => {
                let t = self.type_name(o);
                return self.type_error(format!("'{t}' object does not support item assignment"));
            }
        }
        self.deliver_none(cont)
    }

    pub(crate) fn del_subscript(&mut self, o: Value, i: Value, cont: Cont) -> R<()> {
        if let Some(f) = self.user_method(o, "__delitem__") {
            return self.call(f, Args::of(vec![o, i]), cont);
        }
        self.del_plain(o, i, cont)
    }

    pub(crate) fn del_plain(&mut self, o: Value, i: Value, cont: Cont) -> R<()> {
        match (self.kind(o), o) {
            (Kind::Dict(_), Value::Obj(r)) => match self.dict_find(r, i)? {
                Some(Some(at)) => {
                    if let Some(d) = self.dict_mut(r) {
                        d.remove(at);
                    }
                }
                Some(None) => return Err(self.exc_args(T::KeyError, vec![i])),
                None => return self.call_prelude("_dict_del", vec![o, i], cont),
            },
            (Kind::List(l), Value::Obj(r)) => {
                let len = l.len();
                if let Kind::Slice(a, b, c) = self.kind(i) {
                    let (a, b, c) = (*a, *b, *c);
                    let (start, step, n) = self.slice_range(a, b, c, len)?;
                    let gone: Vec<usize> = (0..n as i64).map(|k| (start + k * step) as usize).collect();
                    if let Kind::List(l) = self.kind_mut(r) {
                        let mut at = 0;
                        l.retain(|_| {
                            at += 1;
                            !gone.contains(&(at - 1))
                        });
                    }
                    return self.deliver_none(cont);
                }
                let Some(mut n) = self.as_int(i) else {
                    let ti = self.type_name(i);
                    return self.type_error(format!("list indices must be integers or slices, not {ti}"));
                };
                if n < 0 {
                    n += len as i64;
                }
                if n < 0 || n >= len as i64 {
                    return self.fail(T::IndexError, "list assignment index out of range");
                }
                if let Kind::List(l) = self.kind_mut(r) {
                    l.remove(n as usize);
                }
            }
            _ => {
                let t = self.type_name(o);
                return self.type_error(format!("'{t}' object doesn't support item deletion"));
            }
        }
        self.deliver_none(cont)
    }
}

pub(crate) fn float_divmod(x: f64, y: f64) -> (f64, f64) {
    let mut m = libm::fmod(x, y);
    let mut d = (x - m) / y;
    if m != 0.0 {
        if (y < 0.0) != (m < 0.0) {
            m += y;
            d -= 1.0;
        }
    } else {
        m = 0.0f64.copysign(y);
    }
    let q = if d != 0.0 {
        let f = d.floor();
        if d - f > 0.5 { f + 1.0 } else { f }
    } else {
        0.0f64.copysign(x / y)
    };
    (q, m)
}

/// Correctly rounded quotient of two integers.
fn big_div(x: &BigInt, y: &BigInt) -> Option<f64> {
    if x.bits() <= 53 && y.bits() <= 53 {
        return Some(x.to_f64()? / y.to_f64()?);
    }
    let shift = 66 + y.bits() as i64 - x.bits() as i64;
    let (n, d) = if shift > 0 { (x << shift as u64, y.clone()) } else { (x.clone(), y << (-shift) as u64) };
    let (mut q, r) = n.div_rem(&d);
    if !r.is_zero() {
        // A sticky bit keeps the rounding right.
        q = (q << 1u32) + if (x.is_negative()) == (y.is_negative()) { 1 } else { -1 };
    } else {
        q <<= 1u32;
    }
    let f = q.to_f64()?;
    let r = libm::ldexp(f, -(shift as i32) - 1);
    if r.is_infinite() { None } else { Some(r) }
}
