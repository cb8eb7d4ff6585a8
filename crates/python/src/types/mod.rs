//! The builtin classes: making instances, native attributes, methods (a file for each class).

mod builtin;
mod bytes;
mod construct;
mod dict;
mod exc;
mod function;
mod intern;
mod list;
mod number;
mod set;
mod str;

use crate::value::{Kind, Ref, Value};
use crate::vm::builtin_types::T;
use crate::vm::start::Registry;
use crate::vm::{R, Vm};

pub(crate) use construct::{construct, news_with_args};
pub(crate) use exc::errno_class;

pub(crate) fn register(reg: &mut Registry) {
    builtin::register(reg);
    bytes::register(reg);
    dict::register(reg);
    exc::register(reg);
    function::register(reg);
    intern::register(reg);
    list::register(reg);
    number::register(reg);
    set::register(reg);
    str::register(reg);
}

/// The argument at a place, or None.
pub(crate) fn arg(a: &[Value], i: usize) -> Value {
    a.get(i).copied().unwrap_or(Value::None)
}

impl Vm {
    /// A string argument.
    pub(crate) fn want_str(&mut self, v: Value, what: &str) -> R<std::sync::Arc<str>> {
        match self.text(v) {
            Some(s) => Ok(s),
            None => {
                let t = self.type_name(v);
                self.type_error(format!("{what} must be str, not {t}"))
            }
        }
    }

    pub(crate) fn want_int(&mut self, v: Value) -> R<i64> {
        match self.as_int(v) {
            Some(i) => Ok(i),
            None if self.as_big(v).is_some() => {
                self.fail(T::OverflowError, "Python int too large to convert to C ssize_t")
            }
            None => {
                let t = self.type_name(v);
                self.type_error(format!("'{t}' object cannot be interpreted as an integer"))
            }
        }
    }

    /// Bytes of a bytes-like object.
    pub(crate) fn want_bytes(&mut self, v: Value) -> R<Vec<u8>> {
        match self.kind(v) {
            Kind::Bytes(b) => Ok(b.to_vec()),
            Kind::ByteArray(b) => Ok(b.clone()),
            _ => {
                let t = self.type_name(v);
                self.type_error(format!("a bytes-like object is required, not '{t}'"))
            }
        }
    }
}

/// Attributes that builtin objects have beside their classes' methods.
pub(crate) fn attribute(vm: &mut Vm, o: Value, name: &str) -> Option<Value> {
    let Value::Obj(r) = o else {
        return match (name, vm.as_int(o), o) {
            ("__class__", ..) => Some(Value::Obj(vm.class_of(o))),
            ("real" | "numerator", Some(i), _) => Some(Value::Int(i)),
            ("imag", Some(_), _) => Some(Value::Int(0)),
            ("denominator", Some(_), _) => Some(Value::Int(1)),
            ("real", None, Value::Float(_)) => Some(o),
            ("imag", None, Value::Float(_)) => Some(Value::Float(0.0)),
            ("__doc__", ..) => Some(Value::None),
            _ => None,
        };
    };
    if name == "__class__" {
        return Some(Value::Obj(vm.class_of(o)));
    }
    if name == "__dict__" && !matches!(vm.kind(o), Kind::Class(_)) {
        if vm.is_builtin_class(vm.class_of(o))
            && !matches!(vm.kind(o), Kind::Func(_) | Kind::Module { .. } | Kind::Exc(_))
        {
            return None;
        }
        return Some(Value::Obj(vm.attrs_of(r)));
    }
    let doc = name == "__doc__";
    match vm.object(r).kind.clone() {
        Kind::Class(c) => Some(match name {
            "__name__" => vm.str(c.name.clone()),
            "__qualname__" => {
                let q = vm.get_name(c.dict, "__qualname__");
                q.unwrap_or_else(|| vm.str(c.name.clone()))
            }
            "__module__" => vm.str("builtins"),
            "__bases__" => vm.tuple(c.bases.iter().map(|b| Value::Obj(*b)).collect()),
            "__base__" => c.bases.first().map_or(Value::None, |b| Value::Obj(*b)),
            "__mro__" => vm.tuple(c.mro.iter().map(|b| Value::Obj(*b)).collect()),
            "__dict__" => Value::Obj(c.dict),
            "__doc__" => Value::None,
            _ => return None,
        }),
        Kind::Func(f) => Some(match name {
            "__name__" => vm.str(f.name.clone()),
            "__qualname__" => vm.str(f.qualname.clone()),
            "__doc__" => f.doc,
            "__module__" => f.module,
            "__defaults__" if f.defaults.is_empty() => Value::None,
            "__defaults__" => vm.tuple(f.defaults.to_vec()),
            "__kwdefaults__" => f.kwdefaults,
            "__annotations__" => {
                if f.annotations.is_none() {
                    let d = vm.new_dict();
                    if let Kind::Func(f) = vm.kind_mut(r) {
                        f.annotations = Value::Obj(d);
                    }
                    return Some(Value::Obj(d));
                }
                f.annotations
            }
            "__code__" => vm.alloc(T::Code, Kind::Code(f.code.clone())),
            "__globals__" => Value::Obj(f.globals),
            "__closure__" if f.closure.is_empty() => Value::None,
            "__closure__" => vm.tuple(f.closure.to_vec()),
            _ => return None,
        }),
        Kind::Method { func, this } => match name {
            "__func__" => Some(func),
            "__self__" => Some(this),
            _ => {
                let h = crate::heap::hash_str(name);
                if let Value::Obj(fr) = func
                    && let Some(a) = vm.object(fr).attrs
                    && let Some(v) = vm.get_name_hashed(a, name, h)
                {
                    return Some(v);
                }
                attribute(vm, func, name)
            }
        },
        Kind::Native(id) | Kind::NativeMethod(id, _) => match name {
            "__name__" | "__qualname__" => {
                let n = vm.natives.get(id as usize).map_or("", |n| n.name);
                Some(vm.str(n))
            }
            "__self__" => match vm.kind(o) {
                Kind::NativeMethod(_, s) => Some(*s),
                _ => None,
            },
            "__module__" => Some(vm.str("builtins")),
            "__doc__" => Some(Value::None),
            _ => None,
        },
        Kind::Code(c) => Some(match name {
            "co_name" => vm.str(c.name.clone()),
            "co_filename" => vm.str(c.source.filename.clone()),
            "co_firstlineno" => Value::Int(c.first_line.into()),
            "co_argcount" => Value::Int(c.argcount.into()),
            "co_kwonlyargcount" => Value::Int(c.kwonly.into()),
            "co_posonlyargcount" => Value::Int(c.posonly.into()),
            "co_flags" => Value::Int(
                i64::from(c.varargs) * 4
                    + i64::from(c.varkw) * 8
                    + i64::from(c.generator) * 32
                    + i64::from(c.coroutine) * 128,
            ),
            "co_freevars" | "co_cellvars" => {
                let names = if name == "co_freevars" { c.freevars.clone() } else { c.cellvars.clone() };
                let vs = names.iter().map(|n| vm.str(n.clone())).collect();
                vm.tuple(vs)
            }
            "co_varnames" => {
                let vs = c.varnames.iter().map(|n| vm.str(n.clone())).collect();
                vm.tuple(vs)
            }
            _ => return None,
        }),
        Kind::Gen(g) => Some(match name {
            "__name__" => vm.str(g.name.clone()),
            "__qualname__" => vm.str(g.qualname.clone()),
            _ => return None,
        }),
        Kind::Exc(x) => Some(match name {
            "args" => vm.tuple(x.args.clone()),
            "__cause__" => x.cause.unwrap_or(Value::None),
            "__context__" => x.context.unwrap_or(Value::None),
            "__suppress_context__" => Value::Bool(x.suppress),
            "__traceback__" => vm.traceback_of(o),
            "__doc__" => Value::None,
            "value" if vm.is_instance(o, T::StopIteration.class()) => arg(&x.args, 0),
            "code" if vm.is_instance(o, T::SystemExit.class()) => arg(&x.args, 0),
            "errno" if vm.is_instance(o, T::OSError.class()) => {
                if x.args.len() > 1 {
                    arg(&x.args, 0)
                } else {
                    Value::None
                }
            }
            "strerror" if vm.is_instance(o, T::OSError.class()) => arg(&x.args, 1),
            "filename" if vm.is_instance(o, T::OSError.class()) => arg(&x.args, 2),
            "filename2" if vm.is_instance(o, T::OSError.class()) => arg(&x.args, 4),
            "name" | "path" if vm.is_instance(o, T::ImportError.class()) => Value::None,
            "msg" if vm.is_instance(o, T::ImportError.class()) || vm.is_instance(o, T::SyntaxError.class()) => {
                arg(&x.args, 0)
            }
            "reason" | "object" | "start" | "end" | "encoding" => Value::None,
            _ => return None,
        }),
        Kind::Property { get, set, del, doc } => Some(match name {
            "fget" => get,
            "fset" => set,
            "fdel" => del,
            "__doc__" => doc,
            _ => return None,
        }),
        Kind::StaticMethod(f) | Kind::ClassMethod(f) => match name {
            "__func__" | "__wrapped__" => Some(f),
            _ => attribute(vm, f, name),
        },
        Kind::Slice(a, b, c) => Some(match name {
            "start" => a,
            "stop" => b,
            "step" => c,
            _ => return None,
        }),
        Kind::Range { start, stop, step } => Some(Value::Int(match name {
            "start" => start,
            "stop" => stop,
            "step" => step,
            _ => return None,
        })),
        Kind::Cell(v) if name == "cell_contents" => Some(v),
        Kind::Traceback(tb) => {
            let first = tb.first()?;
            Some(match name {
                "tb_lineno" => Value::Int(first.code.pos.get(first.pc as usize).map_or(0, |p| p.span.line).into()),
                "tb_next" if tb.len() > 1 => {
                    let rest = tb.get(1..).unwrap_or(&[]).to_vec();
                    vm.alloc(T::Traceback, Kind::Traceback(rest.into()))
                }
                "tb_next" => Value::None,
                _ => return None,
            })
        }
        Kind::Boxed(v) => attribute(vm, v, name),
        Kind::BigInt(_) if name == "real" => Some(o),
        Kind::Module { .. } if doc => Some(Value::None),
        _ if doc => Some(class_doc(vm, r)),
        _ if name == "__module__" => {
            let c = vm.class_of(o);
            vm.lookup(c, "__module__")
        }
        _ => None,
    }
}

fn class_doc(vm: &Vm, r: Ref) -> Value {
    let c = vm.object(r).class;
    vm.lookup(c, "__doc__").unwrap_or(Value::None)
}

/// Sets a builtin object's own attribute; false if it has none of that name.
pub(crate) fn set_attribute(vm: &mut Vm, o: Value, name: &str, v: Value) -> R<bool> {
    let Value::Obj(r) = o else { return Ok(false) };
    if name == "__class__"
        && let Value::Obj(c) = v
        && vm.class_info(c).is_some()
    {
        vm.heap.get_mut(r).class = c;
        return Ok(true);
    }
    if name == "__dict__"
        && vm.as_dict(v).is_some()
        && let Value::Obj(d) = v
    {
        vm.heap.get_mut(r).attrs = Some(d);
        return Ok(true);
    }
    let text = vm.text(v);
    let items = vm.items(v);
    let is_class = matches!(vm.kind(o), Kind::Class(_));
    if is_class && name == "__name__" {
        if let (Kind::Class(c), Some(t)) = (vm.kind_mut(r), text) {
            c.name = t;
        }
        return Ok(true);
    }
    match vm.kind_mut(r) {
        Kind::Func(f) => match (name, text) {
            ("__name__", Some(t)) => f.name = t,
            ("__qualname__", Some(t)) => f.qualname = t,
            ("__doc__", _) => f.doc = v,
            ("__module__", _) => f.module = v,
            ("__annotations__", _) => f.annotations = v,
            ("__defaults__", _) => f.defaults = items.unwrap_or_default().into(),
            ("__kwdefaults__", _) => f.kwdefaults = v,
            _ => return Ok(false),
        },
        Kind::Exc(x) => match name {
            "args" => x.args = items.unwrap_or_default(),
            "__cause__" => {
                x.cause = if v.is_none() { None } else { Some(v) };
                x.suppress = true;
            }
            "__context__" => x.context = if v.is_none() { None } else { Some(v) },
            "__suppress_context__" => x.suppress = v == Value::Bool(true),
            "__traceback__" => {
                let tb = match vm.kind(v) {
                    Kind::Traceback(t) => t.to_vec(),
                    _ => Vec::new(),
                };
                if let Kind::Exc(x) = vm.kind_mut(r) {
                    x.tb = tb;
                }
            }
            _ => return Ok(false),
        },
        _ => return Ok(false),
    }
    Ok(true)
}
