//! Go's functions for templates and docker's own.

use std::cmp::Ordering;
use std::rc::Rc;

use super::parse::Operand;
use super::printf::printf;
use crate::format::json;
use crate::format::value::Value;

const NAMES: &[&str] = &[
    "and", "call", "or", "not", "len", "index", "slice", "print", "printf", "println", "html", "js", "urlquery", "eq",
    "ne", "lt", "le", "gt", "ge", "json", "split", "join", "title", "lower", "upper", "pad", "truncate",
];

pub(super) fn exists(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Go's name of a value's type.
pub(super) fn type_name(v: &Value) -> &'static str {
    match v {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Number(_) => "json.Number",
        Value::Float(_) => "float64",
        Value::Complex(..) => "complex128",
        Value::Str(_) => "string",
        Value::List(_) => "[]interface {}",
        Value::Map(_) => "map[string]interface {}",
        Value::Row(r) => r.type_name,
        Value::Struct(s) => s.name,
        Value::Pointer(v) => type_name(v),
        Value::Nil => "<nil>",
        Value::NilList | Value::Strings(_) => "[]string",
        Value::Dict(..) => "map[string]string",
        Value::Time(_) => "time.Time",
        Value::Duration(_) => "time.Duration",
    }
}

/// In a table's header line docker's functions give back their text.
pub(super) fn header(name: &str, args: &[Value]) -> Option<Value> {
    matches!(name, "json" | "split" | "join" | "title" | "lower" | "upper" | "pad" | "truncate")
        .then(|| args.iter().find(|a| a.as_str().is_some()).cloned().unwrap_or(Value::Null))
}

/// Tells if a function does not take so many arguments.
pub(super) fn count(name: &str, got: usize) -> Result<(), String> {
    let (least, most) = match name {
        "not" | "len" | "json" | "title" | "lower" | "upper" => (1, 1),
        "ne" | "lt" | "le" | "gt" | "ge" | "split" | "join" | "truncate" => (2, 2),
        "pad" => (3, 3),
        "and" | "call" | "or" | "eq" | "index" | "slice" | "printf" => (1, usize::MAX),
        _ => (0, usize::MAX),
    };
    if (least..=most).contains(&got) {
        return Ok(());
    }
    let want = if most == usize::MAX { format!("at least {least}") } else { least.to_string() };
    Err(format!("wrong number of args for {name}: want {want} got {got}"))
}

/// What an argument has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Any,
    Str,
    Int,
    Strings,
}

/// What a function's argument has to be.
pub(super) fn kind(name: &str, number: usize) -> Kind {
    match (name, number) {
        ("printf" | "title" | "lower" | "upper" | "pad" | "truncate", 0) | ("split", _) | ("join", 1) => Kind::Str,
        ("pad" | "truncate", _) => Kind::Int,
        ("join", 0) => Kind::Strings,
        _ => Kind::Any,
    }
}

impl Kind {
    fn go(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Str => "string",
            Self::Int => "int",
            Self::Strings => "[]string",
        }
    }

    /// What is wrong with a constant (Go's `evalArg`).
    pub(super) fn refuses_literal(self, operand: &Operand, text: &str) -> Option<String> {
        match (self, operand) {
            (Self::Str | Self::Int, Operand::Nil) => Some(format!("cannot assign nil to {}", self.go())),
            (Self::Str, Operand::Int(_) | Operand::Float(_) | Operand::Complex(..) | Operand::Bool(_)) => {
                Some(format!("expected string; found {text}"))
            }
            (Self::Int, Operand::Float(_) | Operand::Complex(..)) if operand.whole().is_none() => {
                Some(format!("expected integer; found {text}"))
            }
            (Self::Int, Operand::Str(_) | Operand::Bool(_)) => Some(format!("expected integer; found {text}")),
            (
                Self::Strings,
                Operand::Str(_) | Operand::Int(_) | Operand::Float(_) | Operand::Complex(..) | Operand::Bool(_),
            ) => Some(format!("can't handle {text} for arg of type []string")),
            _ => None,
        }
    }

    /// What is wrong with a value (Go's `validateType`).
    pub(super) fn refuses(self, value: &Value) -> Option<String> {
        let fits = match self {
            Self::Any => true,
            Self::Str => matches!(value, Value::Str(_) | Value::Null),
            Self::Int => matches!(value, Value::Int(_)),
            Self::Strings => matches!(value, Value::Strings(_) | Value::NilList | Value::Null),
        };
        let pointer = if matches!(value, Value::Row(_)) { "*" } else { "" };
        (!fits).then(|| format!("wrong type for value; expected {}; got {pointer}{}", self.go(), type_name(value)))
    }
}

/// Calls a function with arguments of the right number and types; the error is what follows `error calling …: `.
pub(super) fn call(name: &str, args: &[Value]) -> Result<Value, String> {
    let arg = |i: usize| args.get(i).unwrap_or(&Value::Null);
    let text = |i: usize| arg(i).as_str().unwrap_or("");
    let int = |i: usize| if let Value::Int(n) = arg(i) { *n } else { 0 };
    Ok(match name {
        "and" | "or" => args.last().cloned().unwrap_or(Value::Null),
        "not" => Value::Bool(!arg(0).truth()),
        "len" => Value::Int(len(arg(0))? as i64),
        "index" => index(args)?,
        "slice" => slice(args)?,
        "print" => Value::str(print(args)),
        "println" => Value::str(format!("{}\n", args.iter().map(shown).collect::<Vec<_>>().join(" "))),
        "printf" => Value::str(printf(text(0), args.get(1..).unwrap_or(&[]))),
        "html" => Value::str(
            print(args)
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('"', "&#34;")
                .replace('\'', "&#39;"),
        ),
        "js" => Value::str(
            print(args)
                .replace('\\', "\\\\")
                .replace('\'', "\\'")
                .replace('"', "\\\"")
                .replace('<', "\\u003C")
                .replace('>', "\\u003E")
                .replace('&', "\\u0026")
                .replace('=', "\\u003D")
                .replace('\n', "\\n"),
        ),
        "urlquery" => Value::str(layerlab_api::query::encode(&print(args))),
        "eq" if args.len() == 1 => return Err("missing argument for comparison".into()),
        "eq" => {
            let mut equal = false;
            for other in args.iter().skip(1) {
                equal |= equals(arg(0), other)?;
            }
            Value::Bool(equal)
        }
        "ne" => Value::Bool(!equals(arg(0), arg(1))?),
        "lt" | "le" | "gt" | "ge" => {
            let order = order(arg(0), arg(1))?;
            Value::Bool(match name {
                "lt" => order == Ordering::Less,
                "le" => order != Ordering::Greater,
                "gt" => order == Ordering::Greater,
                _ => order != Ordering::Less,
            })
        }
        "json" if matches!(arg(0), Value::Complex(..)) => return Err("json: unsupported type: complex128".into()),
        "json" => Value::str(json::compact(arg(0))),
        "split" if text(1).is_empty() => {
            Value::Strings(Rc::new(text(0).chars().map(|c| Value::str(c.to_string())).collect()))
        }
        "split" => Value::Strings(Rc::new(text(0).split(text(1)).map(Value::str).collect())),
        "join" => match arg(0) {
            Value::List(l) | Value::Strings(l) => {
                Value::str(l.iter().map(ToString::to_string).collect::<Vec<_>>().join(text(1)))
            }
            _ => Value::str(""),
        },
        "title" => Value::str(title(text(0))),
        "lower" => Value::str(text(0).to_lowercase()),
        "upper" => Value::str(text(0).to_uppercase()),
        "pad" if text(0).is_empty() => Value::str(""),
        "pad" => {
            let blanks = |n: i64| match usize::try_from(n) {
                Ok(n) => Ok(" ".repeat(n.min(10_000))),
                Err(_) => Err("strings: negative Repeat count".to_owned()),
            };
            Value::str(format!("{}{}{}", blanks(int(1))?, text(0), blanks(int(2))?))
        }
        "truncate" => match usize::try_from(int(1)) {
            Ok(n) => Value::str(text(0).chars().take(n).collect::<String>()),
            Err(_) => return Err(format!("runtime error: slice bounds out of range [:{}]", int(1))),
        },
        _ => return Err(format!("{name} is not a function")),
    })
}

/// `fmt.Sprint`: blanks only between operands that are no texts.
fn print(args: &[Value]) -> String {
    let mut out = String::new();
    for (i, a) in args.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| args.get(i));
        if before.is_some_and(|b| b.as_str().is_none() && a.as_str().is_none()) {
            out.push(' ');
        }
        out.push_str(&shown(a));
    }
    out
}

/// As `fmt` prints it.
fn shown(v: &Value) -> String {
    if *v == Value::Null { "<nil>".to_owned() } else { v.to_string() }
}

fn title(s: &str) -> String {
    let mut start = true;
    s.chars()
        .map(|c| {
            let up = start && c.is_alphabetic();
            start = !c.is_alphanumeric() && c != '_' && c != '\'';
            if up { c.to_uppercase().next().unwrap_or(c) } else { c }
        })
        .collect()
}

fn len(v: &Value) -> Result<usize, String> {
    match v {
        Value::Str(s) | Value::Number(s) => Ok(s.len()),
        Value::List(l) | Value::Strings(l) => Ok(l.len()),
        Value::Map(m) => Ok(m.len()),
        Value::Dict(..) => Ok(v.items().len()),
        Value::Pointer(v) => len(v),
        Value::NilList => Ok(0),
        Value::Null => Err("reflect: call of reflect.Value.Type on zero Value".into()),
        Value::Nil => Err("len of nil pointer".into()),
        other => Err(format!("len of type {}", type_name(other))),
    }
}

/// The first place behind the end is checked by nobody but `reflect` (Go's `indexArg`).
fn out_of_range(n: i64, len: usize, what: &str) -> String {
    if usize::try_from(n) == Ok(len) {
        return format!("reflect: {what} index out of range");
    }
    format!("index out of range: {n}")
}

fn index(args: &[Value]) -> Result<Value, String> {
    let mut v = args.first().cloned().unwrap_or(Value::Null);
    for i in args.iter().skip(1) {
        v = match (v.pointed(), i) {
            // Ports are no texts.
            (Value::Dict(_, zero), Value::Str(_)) if **zero == Value::Null => {
                return Err("value has type string; should be network.Port".into());
            }
            (Value::Dict(_, zero), Value::Str(k)) => v.get(k).unwrap_or(zero).clone(),
            (Value::NilList, Value::Int(n)) => return Err(out_of_range(*n, 0, "slice")),
            (Value::Null, _) => return Err("index of untyped nil".into()),
            (Value::List(l) | Value::Strings(l), Value::Int(n)) => {
                match usize::try_from(*n).ok().and_then(|n| l.get(n)) {
                    Some(v) => v.clone(),
                    None => return Err(out_of_range(*n, l.len(), "slice")),
                }
            }
            (Value::Str(s), Value::Int(n)) => match usize::try_from(*n).ok().and_then(|n| s.as_bytes().get(n)) {
                Some(b) => Value::Int(i64::from(*b)),
                None => return Err(out_of_range(*n, s.len(), "string")),
            },
            (Value::Map(_), Value::Str(k)) => v.get(k).cloned().unwrap_or(Value::Null),
            (Value::Map(_), other) => return Err(format!("value has type {}; should be string", type_name(other))),
            (Value::List(_) | Value::Strings(_) | Value::Str(_), other) => {
                return Err(format!("cannot index slice/array with type {}", type_name(other)));
            }
            (other, _) => return Err(format!("can't index item of type {}", type_name(other))),
        };
    }
    Ok(v)
}

fn slice(args: &[Value]) -> Result<Value, String> {
    let item = args.first().cloned().unwrap_or(Value::Null);
    let indexes = args.len().saturating_sub(1);
    if indexes > 3 {
        return Err(format!("too many slice indexes: {indexes}"));
    }
    let length = match item.pointed() {
        Value::Str(_) if indexes == 3 => return Err("cannot 3-index slice a string".into()),
        Value::Str(s) => s.len(),
        Value::List(l) | Value::Strings(l) => l.len(),
        Value::NilList => 0,
        Value::Null | Value::Nil => return Err("slice of untyped nil".into()),
        other => return Err(format!("can't slice item of type {}", type_name(other))),
    };
    let bound = |i: usize, default: usize| match args.get(i) {
        None => Ok(default),
        Some(Value::Int(n)) => {
            usize::try_from(*n).ok().filter(|n| *n <= length).ok_or(format!("index out of range: {n}"))
        }
        Some(other) => Err(format!("cannot index slice/array with type {}", type_name(other))),
    };
    let (from, to, end) = (bound(1, 0)?, bound(2, length)?, bound(3, length)?);
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}"));
    }
    if to > end {
        return Err(format!("invalid slice index: {to} > {end}"));
    }
    match &item {
        Value::Str(s) => Ok(Value::str(String::from_utf8_lossy(s.as_bytes().get(from..to).unwrap_or(&[])))),
        Value::List(l) => Ok(Value::list(l.get(from..to).unwrap_or(&[]).to_vec())),
        Value::Strings(l) => Ok(Value::Strings(Rc::new(l.get(from..to).unwrap_or(&[]).to_vec()))),
        other => Err(format!("can't slice item of type {}", type_name(other))),
    }
}

fn equals(a: &Value, b: &Value) -> Result<bool, String> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok(a == b),
        (Value::Number(a), Value::Number(b) | Value::Str(b)) | (Value::Str(a), Value::Number(b)) => Ok(a == b),
        (Value::Str(_), Value::Str(_))
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Float(_), Value::Float(_))
        | (Value::Complex(..), Value::Complex(..)) => Ok(a == b),
        (Value::Null, other) | (other, Value::Null) => Ok(*other == Value::Null),
        (
            Value::List(_) | Value::Strings(_) | Value::Map(_) | Value::Dict(..),
            Value::List(_) | Value::Strings(_) | Value::Map(_) | Value::Dict(..),
        ) => Err(format!("non-comparable type {a}: {}", type_name(a))),
        _ => Err("incompatible types for comparison".into()),
    }
}

fn order(a: &Value, b: &Value) -> Result<Ordering, String> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok(a.cmp(b)),
        (Value::Str(a), Value::Str(b)) => Ok(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => Ok(a.partial_cmp(b).unwrap_or(Ordering::Greater)),
        (
            Value::Int(_) | Value::Str(_) | Value::Float(_) | Value::Number(_),
            Value::Int(_) | Value::Str(_) | Value::Float(_) | Value::Number(_),
        ) => Err("incompatible types for comparison".into()),
        _ => Err("invalid type for comparison".into()),
    }
}
