//! `repr` and `str` of builtin values; what holds objects with Python methods goes through the prelude.

use super::*;
use crate::vm::keys::NATIVE_DEPTH;

impl Vm {
    /// `repr(v)`; `None` if Python code must be asked.
    pub(crate) fn repr(&self, v: Value, depth: u32) -> Option<String> {
        if depth > NATIVE_DEPTH || self.user_method(v, "__repr__").is_some() {
            return None;
        }
        let list = |vs: &mut dyn Iterator<Item = Value>| -> Option<String> {
            let mut out = String::new();
            for (i, v) in vs.enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                out.push_str(&self.repr(v, depth + 1)?);
            }
            Some(out)
        };
        Some(match v {
            Value::Unbound => "<NULL>".into(),
            Value::None => "None".into(),
            Value::NotImplemented => "NotImplemented".into(),
            Value::Ellipsis => "Ellipsis".into(),
            Value::Bool(true) => "True".into(),
            Value::Bool(false) => "False".into(),
            Value::Int(i) => i.to_string(),
            Value::Float(f) => float_repr(f),
            Value::Obj(r) => match &self.object(r).kind {
                Kind::Str(s) => str_repr(&s.s),
                Kind::Bytes(b) => bytes_repr(b),
                Kind::ByteArray(b) => format!("bytearray({})", bytes_repr(b)),
                Kind::BigInt(b) => b.to_string(),
                Kind::Boxed(inner) => return self.repr(*inner, depth + 1),
                Kind::List(l) => format!("[{}]", list(&mut l.iter().copied())?),
                Kind::Tuple(t) if t.len() == 1 => format!("({},)", list(&mut t.iter().copied())?),
                Kind::Tuple(t) => format!("({})", list(&mut t.iter().copied())?),
                Kind::Dict(d) => {
                    let mut out = String::from("{");
                    for (i, (k, x)) in d.entries().enumerate() {
                        if i > 0 {
                            out.push_str(", ");
                        }
                        out.push_str(&self.repr(k, depth + 1)?);
                        out.push_str(": ");
                        out.push_str(&self.repr(x, depth + 1)?);
                    }
                    out.push('}');
                    out
                }
                Kind::Set(s) => {
                    let name = self.type_name(v);
                    let body = list(&mut s.iter())?;
                    match (&*name, s.len()) {
                        (_, 0) => format!("{name}()"),
                        ("set", _) => format!("{{{body}}}"),
                        _ => format!("{name}({{{body}}})"),
                    }
                }
                Kind::View(d, what) => {
                    let d = self.dict_ref(*d)?;
                    match what {
                        0 => format!("dict_keys([{}])", list(&mut d.entries().map(|e| e.0))?),
                        1 => format!("dict_values([{}])", list(&mut d.entries().map(|e| e.1))?),
                        _ => {
                            let mut parts = Vec::new();
                            for (k, x) in d.entries() {
                                parts.push(format!("({}, {})", self.repr(k, depth + 1)?, self.repr(x, depth + 1)?));
                            }
                            format!("dict_items([{}])", parts.join(", "))
                        }
                    }
                }
                Kind::Range { start, stop, step: 1 } => format!("range({start}, {stop})"),
                Kind::Range { start, stop, step } => format!("range({start}, {stop}, {step})"),
                Kind::Slice(a, b, c) => {
                    format!(
                        "slice({}, {}, {})",
                        self.repr(*a, depth + 1)?,
                        self.repr(*b, depth + 1)?,
                        self.repr(*c, depth + 1)?
                    )
                }
                Kind::Func(f) => format!("<function {} at {}>", f.qualname, address(r)),
                Kind::Native(id) => {
                    let n = self.natives.get(*id as usize)?;
                    match n.class {
                        Some(t) => format!("<method '{}' of '{}' objects>", n.name, self.class_name(t.class())),
                        None => format!("<built-in function {}>", n.name),
                    }
                }
                Kind::NativeMethod(id, this) => {
                    let n = self.natives.get(*id as usize)?;
                    let at = match this {
                        Value::Obj(o) => address(*o),
                        _ => address(r),
                    };
                    format!("<built-in method {} of {} object at {at}>", n.name, self.type_name(*this))
                }
                Kind::Method { func, this } => {
                    let name = match self.kind(*func) {
                        Kind::Func(f) => f.qualname.clone(),
                        _ => "?".into(),
                    };
                    format!("<bound method {name} of {}>", self.repr(*this, depth + 1)?)
                }
                Kind::Class(_) => {
                    let meta = self.object(r).class;
                    if !self.is_builtin_class(meta) && self.user_method(v, "__repr__").is_some() {
                        return None;
                    }
                    format!("<class '{}'>", self.full_name(r))
                }
                Kind::Module { dict } => {
                    let name = self.get_name(*dict, "__name__").and_then(|n| self.text(n)).unwrap_or_default();
                    match self.get_name(*dict, "__file__").and_then(|n| self.text(n)) {
                        Some(f) => format!("<module '{name}' from '{f}'>"),
                        None => format!("<module '{name}' (built-in)>"),
                    }
                }
                Kind::Gen(g) => format!("<{} object {} at {}>", self.type_name(v), g.qualname, address(r)),
                Kind::Exc(x) => {
                    let name = self.type_name(v);
                    match x.args.as_slice() {
                        [a] => format!("{name}({})", self.repr(*a, depth + 1)?),
                        args => format!("{name}({})", list(&mut args.iter().copied())?),
                    }
                }
                Kind::Code(c) => format!(
                    "<code object {} at {}, file \"{}\", line {}>",
                    c.name,
                    address(r),
                    c.source.filename,
                    c.first_line
                ),
                Kind::Super { class, this, .. } => {
                    let t = self.type_name(*this);
                    format!("<super: <class '{}'>, <{t} object>>", self.class_name(*class))
                }
                _ => {
                    let c = self.object(r).class;
                    format!("<{} object at {}>", self.full_name(c), address(r))
                }
            },
        })
    }

    /// Module and qualified name, as classes show.
    pub(crate) fn full_name(&self, c: Ref) -> String {
        let Kind::Class(k) = &self.object(c).kind else { return "?".into() };
        if self.is_builtin_class(c) {
            return k.name.to_string();
        }
        let part = |n: &str| self.get_name(k.dict, n).and_then(|v| self.text(v));
        let q = part("__qualname__").unwrap_or_else(|| k.name.clone());
        match part("__module__") {
            Some(m) if &*m != "builtins" => format!("{m}.{q}"),
            _ => q.to_string(),
        }
    }

    /// `str(v)`; `None` if Python code must be asked.
    pub(crate) fn to_str(&self, v: Value) -> Option<String> {
        if let Kind::Str(s) = self.kind(v)
            && self.user_method(v, "__str__").is_none()
        {
            return Some(s.s.to_string());
        }
        if self.user_method(v, "__str__").is_some() {
            return None;
        }
        if let Kind::Exc(x) = self.kind(v) {
            if self.user_method(v, "__repr__").is_some() && x.args.is_empty() {
                return Some(String::new());
            }
            if self.is_instance(v, T::OSError.class())
                && let [n, s, rest @ ..] = x.args.as_slice()
            {
                let base = format!("[Errno {}] {}", self.repr(*n, 0)?, self.to_str(*s)?);
                return Some(match rest {
                    [] => base,
                    [f, _, g] => format!("{base}: {} -> {}", self.repr(*f, 0)?, self.repr(*g, 0)?),
                    [f, ..] => format!("{base}: {}", self.repr(*f, 0)?),
                });
            }
            return match x.args.as_slice() {
                [] => Some(String::new()),
                [a] if self.is_instance(v, T::KeyError.class()) => self.repr(*a, 0),
                [a] if self.is_instance(v, T::SyntaxError.class()) => self.syntax_text(v, *a),
                [a] => self.to_str(*a),
                [a, ..] if self.is_instance(v, T::SyntaxError.class()) => self.syntax_text(v, *a),
                args => {
                    let parts: Option<Vec<String>> = args.iter().map(|a| self.repr(*a, 0)).collect();
                    Some(format!("({})", parts?.join(", ")))
                }
            };
        }
        self.repr(v, 0)
    }

    /// A syntax error's message and place.
    fn syntax_text(&self, v: Value, message: Value) -> Option<String> {
        let base = self.to_str(message)?;
        let get = |n: &str| match v {
            Value::Obj(r) => self.object(r).attrs.and_then(|a| self.get_name(a, n)),
            _ => None,
        };
        let line = get("lineno").and_then(|l| self.as_int(l));
        let file = get("filename").and_then(|f| self.text(f)).map(|f| f.rsplit('/').next().unwrap_or("").to_owned());
        Some(match (file, line) {
            (Some(f), Some(l)) => format!("{base} ({f}, line {l})"),
            (None, Some(l)) => format!("{base} (line {l})"),
            _ => base,
        })
    }
}

fn address(r: Ref) -> String {
    format!("0x{:012x}", 0x7f00_0000_0000_u64 + u64::from(r.0) * 0x30)
}

/// CPython's `repr(float)`: the shortest digits that read back the same.
pub(crate) fn float_repr(f: f64) -> String {
    if f.is_nan() {
        return "nan".into();
    }
    if f.is_infinite() {
        return if f > 0.0 { "inf".into() } else { "-inf".into() };
    }
    let s = format!("{f:e}");
    let (mantissa, exp) = s.split_once('e').unwrap_or((&s, "0"));
    let exp: i32 = exp.parse().unwrap_or(0);
    if (-4..16).contains(&exp) {
        let fixed = format!("{f}");
        return if fixed.contains('.') { fixed } else { format!("{fixed}.0") };
    }
    let sign = if exp < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exp.abs())
}

pub(crate) fn is_printable(c: char) -> bool {
    !(c.is_control()
        || matches!(c, '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}' | '\u{3000}' | '\u{2000}'..='\u{200a}'))
}

pub(crate) fn str_repr(s: &str) -> String {
    let quote = if s.contains('\'') && !s.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(s.len() + 2);
    out.push(quote);
    for c in s.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if is_printable(c) => out.push(c),
            c if (c as u32) < 0x100 => out.push_str(&format!("\\x{:02x}", c as u32)),
            c if (c as u32) < 0x10000 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push_str(&format!("\\U{:08x}", c as u32)),
        }
    }
    out.push(quote);
    out
}

pub(crate) fn bytes_repr(b: &[u8]) -> String {
    let quote = if b.contains(&b'\'') && !b.contains(&b'"') { '"' } else { '\'' };
    let mut out = format!("b{quote}");
    for c in b {
        match c {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            c if char::from(*c) == quote => {
                out.push('\\');
                out.push(quote);
            }
            0x20..=0x7e => out.push(char::from(*c)),
            c => out.push_str(&format!("\\x{c:02x}")),
        }
    }
    out.push(quote);
    out
}
