//! Hashes and equality of builtin values, and dictionaries and sets by them.
//!
//! Where Python code must decide (a class with its own `__hash__` or `__eq__`), the functions here
//! say so by `None` or `false`, and the prelude's slow form takes over.

use super::*;
use num_integer::Integer;

/// How deep native code looks into nested values before it leaves the work to the prelude.
pub(crate) const NATIVE_DEPTH: u32 = 40;

const MODULUS: i64 = (1 << 61) - 1;

impl Vm {
    /// Hash of a value; `None` if Python code must be asked.
    pub(crate) fn hash(&mut self, v: Value) -> R<Option<u64>> {
        self.hash_deep(v, 0)
    }

    fn hash_deep(&mut self, v: Value, depth: u32) -> R<Option<u64>> {
        Ok(Some(match v {
            Value::Unbound | Value::None => 0xfca8_6420,
            Value::NotImplemented => 0xfca8_6421,
            Value::Ellipsis => 0xfca8_6422,
            Value::Bool(b) => u64::from(b),
            Value::Int(i) => int_hash(i),
            Value::Float(f) => float_hash(f),
            Value::Obj(r) => {
                if self.user_method(v, "__hash__").is_some_and(|m| !m.is_none()) {
                    return Ok(None);
                }
                match &self.object(r).kind {
                    Kind::Str(s) => crate::heap::hash_str(&s.s),
                    Kind::Bytes(b) => crate::heap::hash_bytes(b),
                    Kind::BigInt(b) => {
                        let m = b.mod_floor(&MODULUS.into());
                        m.to_i64().unwrap_or(0) as u64
                    }
                    Kind::Boxed(inner) => return self.hash_deep(*inner, depth + 1),
                    Kind::Tuple(t) => {
                        if depth > NATIVE_DEPTH {
                            return Ok(None);
                        }
                        let t = t.clone();
                        let mut h: u64 = 0x27d4_eb2f_1656_67c5;
                        for x in t.iter() {
                            let Some(x) = self.hash_deep(*x, depth + 1)? else { return Ok(None) };
                            h = h
                                .wrapping_add(x.wrapping_mul(0xc2b2_ae3d_27d4_eb4f))
                                .rotate_left(31)
                                .wrapping_mul(0x9e37_79b1_85eb_ca87);
                        }
                        h ^ t.len() as u64
                    }
                    Kind::Set(s) if self.is_instance(v, T::FrozenSet.class()) => {
                        s.hashed().fold(s.len() as u64, |a, (h, _)| a ^ h.wrapping_mul(0x9e37_79b1_85eb_ca87))
                    }
                    Kind::Range { start, stop, step } => {
                        (*start ^ stop.wrapping_mul(31) ^ step.wrapping_mul(17)) as u64
                    }
                    Kind::Method { func, this } => {
                        let (f, t) = (*func, *this);
                        let a = self.hash_deep(f, depth + 1)?.unwrap_or(0);
                        a ^ match t {
                            Value::Obj(r) => u64::from(r.0),
                            _ => 0,
                        }
                    }
                    Kind::List(_) | Kind::Dict(_) | Kind::Set(_) | Kind::ByteArray(_) | Kind::Slice(..) => {
                        let t = self.type_name(v);
                        return self.type_error(format!("unhashable type: '{t}'"));
                    }
                    _ => {
                        let none = self.user_method(v, "__hash__").is_some_and(Value::is_none);
                        let eq_only = none || self.eq_without_hash(v);
                        if eq_only {
                            let t = self.type_name(v);
                            return self.type_error(format!("unhashable type: '{t}'"));
                        }
                        u64::from(r.0).rotate_right(4) & 0x7fff_ffff_ffff
                    }
                }
            }
        }))
    }

    /// A class that defines `__eq__` and not `__hash__` makes unhashable instances.
    fn eq_without_hash(&self, v: Value) -> bool {
        let Kind::Class(c) = &self.object(self.class_of(v)).kind else { return false };
        for m in &c.mro {
            if self.is_builtin_class(*m) {
                return false;
            }
            let Kind::Class(k) = &self.object(*m).kind else { continue };
            if self.get_name(k.dict, "__hash__").is_some() {
                return false;
            }
            if self.get_name(k.dict, "__eq__").is_some() {
                return true;
            }
        }
        false
    }

    /// Equality; `None` if Python code must be asked or the values are nested too deeply.
    pub(crate) fn equal(&self, a: Value, b: Value, depth: u32) -> Option<bool> {
        if a.same(b) && !matches!(a, Value::Float(f) if f.is_nan()) {
            return Some(true);
        }
        if depth > NATIVE_DEPTH {
            return None;
        }
        if let (Some(x), Some(y)) = (self.as_int(a), self.as_int(b)) {
            if self.user_method(a, "__eq__").is_some() || self.user_method(b, "__eq__").is_some() {
                return None;
            }
            return Some(x == y);
        }
        match (a, b) {
            (Value::Obj(_), _) | (_, Value::Obj(_)) => {}
            _ => {
                return Some(match (self.number(a), self.number(b)) {
                    (Some(x), Some(y)) => self.float_eq_int(a, b).unwrap_or(x == y),
                    _ => false,
                });
            }
        }
        if self.user_method(a, "__eq__").is_some() || self.user_method(b, "__eq__").is_some() {
            return None;
        }
        let all = |x: &[Value], y: &[Value]| -> Option<bool> {
            if x.len() != y.len() {
                return Some(false);
            }
            for (p, q) in x.iter().zip(y) {
                if !self.equal(*p, *q, depth + 1)? {
                    return Some(false);
                }
            }
            Some(true)
        };
        Some(match (self.kind(a), self.kind(b)) {
            (Kind::Str(x), Kind::Str(y)) => x.s == y.s,
            (Kind::Bytes(x), Kind::Bytes(y)) => x == y,
            (Kind::ByteArray(x), Kind::ByteArray(y)) => x == y,
            (Kind::ByteArray(x), Kind::Bytes(y)) | (Kind::Bytes(y), Kind::ByteArray(x)) => x[..] == y[..],
            (Kind::List(x), Kind::List(y)) => return all(x, y),
            (Kind::Tuple(x), Kind::Tuple(y)) => return all(x, y),
            (Kind::Dict(x), Kind::Dict(y)) => {
                if x.len() != y.len() {
                    return Some(false);
                }
                for (h, k, v) in x.hashed() {
                    let Some(i) = y.find(h, |o| self.equal(o, k, depth + 1) == Some(true)) else {
                        return if self.needs_python(k) { None } else { Some(false) };
                    };
                    if !self.equal(v, y.at(i), depth + 1)? {
                        return Some(false);
                    }
                }
                true
            }
            (Kind::Set(x), Kind::Set(y)) => {
                x.len() == y.len()
                    && x.hashed().all(|(h, v)| y.find(h, |o| self.equal(o, v, depth + 1) == Some(true)).is_some())
            }
            (Kind::View(x, 0 | 2), Kind::View(y, 0 | 2)) => return self.view_eq(*x, *y),
            (Kind::Range { .. }, Kind::Range { .. }) => self.range_items(a) == self.range_items(b),
            (Kind::Method { func: f, this: t }, Kind::Method { func: g, this: u }) => f.same(*g) && t.same(*u),
            (Kind::NativeMethod(f, t), Kind::NativeMethod(g, u)) => f == g && t.same(*u),
            (Kind::Slice(a, b, c), Kind::Slice(x, y, z)) => return all(&[*a, *b, *c], &[*x, *y, *z]),
            _ => match (self.as_big(a), self.as_big(b)) {
                (Some(x), Some(y)) => x == y,
                _ => match (self.number(a), self.number(b)) {
                    (Some(x), Some(y)) => x == y,
                    _ => false,
                },
            },
        })
    }

    fn view_eq(&self, x: Ref, y: Ref) -> Option<bool> {
        let (a, b) = (self.dict_ref(x)?, self.dict_ref(y)?);
        Some(
            a.len() == b.len()
                && a.hashed().all(|(h, k, _)| b.find(h, |o| self.equal(o, k, 1) == Some(true)).is_some()),
        )
    }

    fn float_eq_int(&self, a: Value, b: Value) -> Option<bool> {
        let (f, i) = match (a, b) {
            (Value::Float(f), o) => (f, self.as_int(o)?),
            (o, Value::Float(f)) => (f, self.as_int(o)?),
            _ => return None,
        };
        Some(f == i as f64 && (i.abs() < (1 << 53) || f as i128 == i128::from(i)))
    }

    fn needs_python(&self, v: Value) -> bool {
        self.user_method(v, "__eq__").is_some() || matches!(self.kind(v), Kind::Tuple(_))
    }

    /// Finds a key natively. Outer `None`: Python code must look.
    pub(crate) fn dict_find(&mut self, d: Ref, k: Value) -> R<Option<Option<usize>>> {
        let Some(h) = self.hash(k)? else { return Ok(None) };
        let Some(dict) = self.dict_ref(d) else { return Ok(Some(None)) };
        let mut unsure = false;
        let unsure_cell = std::cell::Cell::new(false);
        let found = dict.find(h, |o| match self.equal(o, k, 0) {
            Some(b) => b,
            None => {
                unsure_cell.set(true);
                false
            }
        });
        unsure |= unsure_cell.get();
        Ok(if found.is_none() && unsure { None } else { Some(found) })
    }

    pub(crate) fn dict_get(&mut self, d: Ref, k: Value) -> R<Option<Option<Value>>> {
        Ok(self.dict_find(d, k)?.map(|f| f.and_then(|i| self.dict_ref(d).map(|x| x.at(i)))))
    }

    /// False: Python code must do it.
    pub(crate) fn dict_set(&mut self, d: Ref, k: Value, v: Value) -> R<bool> {
        let Some(found) = self.dict_find(d, k)? else { return Ok(false) };
        let h = self.hash(k)?.unwrap_or(0);
        if let Some(dict) = self.dict_mut(d) {
            match found {
                Some(i) => dict.set_at(i, v),
                None => dict.push(h, k, v),
            }
        }
        Ok(true)
    }

    pub(crate) fn as_set(&self, v: Value) -> Option<&crate::set::Set> {
        match self.kind(v) {
            Kind::Set(s) => Some(s),
            _ => None,
        }
    }

    pub(crate) fn set_find(&mut self, s: Ref, v: Value) -> R<Option<Option<usize>>> {
        let Some(h) = self.hash(v)? else { return Ok(None) };
        let Some(set) = self.as_set(Value::Obj(s)) else { return Ok(Some(None)) };
        let unsure = std::cell::Cell::new(false);
        let found = set.find(h, |o| match self.equal(o, v, 0) {
            Some(b) => b,
            None => {
                unsure.set(true);
                false
            }
        });
        Ok(if found.is_none() && unsure.get() { None } else { Some(found) })
    }

    /// False: Python code must do it.
    pub(crate) fn set_add(&mut self, s: Ref, v: Value) -> R<bool> {
        let Some(found) = self.set_find(s, v)? else { return Ok(false) };
        if found.is_none() {
            let h = self.hash(v)?.unwrap_or(0);
            if let Kind::Set(set) = self.kind_mut(s) {
                set.push(h, v);
            }
        }
        Ok(true)
    }
}

fn int_hash(i: i64) -> u64 {
    let m = (i.unsigned_abs() % MODULUS as u64) as i64;
    let h = if i < 0 { -m } else { m };
    (if h == -1 { -2 } else { h }) as u64
}

fn float_hash(f: f64) -> u64 {
    if f == f.trunc() && f.abs() < 9e18 { int_hash(f as i64) } else { f.to_bits() ^ (f.to_bits() >> 32) }
}

/// The hash as Python shows it.
pub(crate) fn shown(h: u64) -> i64 {
    h as i64
}
