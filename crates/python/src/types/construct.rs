//! Calling a builtin class.

use super::arg;
use crate::set::Set;
use crate::value::{Kind, Ref, Value};
use crate::vm::builtin_types::T;
use crate::vm::frame::{Args, Cont};
use crate::vm::{R, Vm};

/// Classes whose value is made by `__new__`: a Python `__init__` comes after.
pub(crate) fn news_with_args(layout: Ref) -> bool {
    [T::Int, T::Float, T::Str, T::Bytes, T::Tuple, T::FrozenSet].iter().any(|t| t.class() == layout)
}

fn t_of(layout: Ref) -> Option<T> {
    crate::vm::builtin_types::TYPES.get(layout.0 as usize).map(|t| t.0)
}

/// Makes an instance of a class by its builtin ancestor.
pub(crate) fn construct(vm: &mut Vm, class: Ref, layout: Ref, args: Args, cont: Cont) -> R<()> {
    let layout = if class == T::Bool.class() { class } else { layout };
    let Some(t) = t_of(layout) else { return Ok(()) };
    let own = class == layout;
    let first = arg(&args.pos, 0);
    let n = args.pos.len();
    if t == T::BaseException {
        return super::exc::construct(vm, class, args, cont);
    }
    if !args.kw.is_empty() && matches!(t, T::Int | T::Str | T::Bytes | T::Dict | T::Enumerate | T::Zip | T::Property) {
        let pos = vm.tuple(args.pos);
        let kw = vm.kw_dict(args.kw);
        return vm.call_prelude("_construct_kw", vec![Value::Obj(class), pos, kw], cont);
    }
    if !args.kw.is_empty() && t != T::Object && t != T::Type {
        let name = vm.class_name(class);
        return vm.type_error(format!("{name}() takes no keyword arguments"));
    }
    let max = match t {
        T::Object => usize::MAX,
        T::Int | T::Enumerate => 2,
        T::Str | T::Bytes | T::Range | T::Slice => 3,
        T::Property => 4,
        T::Map | T::Zip | T::Type | T::Super => usize::MAX,
        T::Filter => 2,
        _ => 1,
    };
    if n > max {
        let name = vm.class_name(class);
        let s = if max == 1 { "" } else { "s" };
        return vm.type_error(format!("{name} expected at most {max} argument{s}, got {n}"));
    }
    let value = match t {
        T::Object => {
            if n > 0 || !args.kw.is_empty() {
                let name = vm.class_name(class);
                return if own {
                    vm.type_error("object() takes no arguments")
                } else {
                    vm.type_error(format!("{name}() takes no arguments"))
                };
            }
            if vm.lookup(class, "__abstractmethods__").is_some_and(|v| vm.length(v).unwrap_or(0) > 0) {
                return vm.call_prelude("_abstract_error", vec![Value::Obj(class)], cont);
            }
            Value::Obj(vm.heap.alloc(class, Kind::Instance))
        }
        T::Type => {
            return vm.call_prelude(
                "_new_type",
                {
                    let mut v = vec![Value::Obj(class)];
                    v.extend(args.pos);
                    v
                },
                cont,
            );
        }
        T::Bool => match (n, vm.truth(first)?) {
            (0, _) => Value::Bool(false),
            (_, Some(b)) => Value::Bool(b),
            _ => return vm.slow_truth(first, false),
        },
        T::Int => {
            if n == 1
                && vm.user_method(first, "__int__").or(vm.user_method(first, "__index__")).is_some()
                && vm.as_big(first).is_none()
            {
                return vm.call_prelude("_int_slow", vec![Value::Obj(class), first], cont);
            }
            let v = super::number::to_int(vm, &args.pos)?;
            boxed(vm, class, own, v)
        }
        T::Float => {
            if n == 1 && vm.user_method(first, "__float__").is_some() {
                return vm.call_prelude("_float_slow", vec![Value::Obj(class), first], cont);
            }
            let v = super::number::to_float(vm, &args.pos)?;
            boxed(vm, class, own, v)
        }
        T::Str => {
            if n == 0 {
                vm.str("")
            } else if n > 1 {
                let b = vm.want_bytes(first)?;
                super::bytes::decode(vm, &b, arg(&args.pos, 1), arg(&args.pos, 2))?
            } else if own && matches!(vm.kind(first), Kind::Str(_)) && vm.class_of(first) == class {
                first
            } else {
                match vm.to_str(first) {
                    Some(s) => vm.str(s),
                    None => return vm.call_prelude("_str_slow", vec![Value::Obj(class), first], cont),
                }
            }
        }
        T::Bytes | T::ByteArray => {
            let b = match vm.kind(first) {
                _ if n == 0 => Vec::new(),
                Kind::Str(s) => {
                    if n < 2 {
                        return vm.type_error("string argument without an encoding");
                    }
                    s.s.as_bytes().to_vec()
                }
                Kind::Bytes(b) => b.to_vec(),
                Kind::ByteArray(b) => b.clone(),
                _ => match vm.as_int(first) {
                    Some(k) if k < 0 => return vm.value_error("negative count"),
                    Some(k) if !vm.has_room(k as u64) => return vm.memory_error(),
                    Some(k) => vec![0; k as usize],
                    None => match vm.fast_items(first) {
                        Some(items) => {
                            let mut out = Vec::new();
                            for i in items {
                                let i = vm.want_int(i)?;
                                let Ok(b) = u8::try_from(i) else {
                                    return vm.value_error("bytes must be in range(0, 256)");
                                };
                                out.push(b);
                            }
                            out
                        }
                        None => return slow(vm, class, first, cont),
                    },
                },
            };
            if t == T::Bytes { vm.bytes(b) } else { vm.alloc(T::ByteArray, Kind::ByteArray(b)) }
        }
        T::List | T::Tuple | T::Set | T::FrozenSet if n == 1 => {
            if own && t == T::Tuple && vm.class_of(first) == class {
                return vm.deliver(cont, first);
            }
            let Some(items) = vm.fast_items(first) else { return slow(vm, class, first, cont) };
            match t {
                T::List => vm.list(items),
                T::Tuple => vm.tuple(items),
                _ => {
                    let s = vm.alloc(t, Kind::Set(Set::default()));
                    if let Value::Obj(r) = s {
                        vm.heap.get_mut(r).class = class;
                        for (i, v) in items.iter().enumerate() {
                            if !vm.set_add(r, *v)? {
                                let rest = vm.list(items.get(i..).unwrap_or(&[]).to_vec());
                                return vm.call_prelude("_set_from", vec![s, rest], cont);
                            }
                        }
                    }
                    s
                }
            }
        }
        T::List => vm.list(Vec::new()),
        T::Tuple => vm.tuple(Vec::new()),
        T::Set | T::FrozenSet => vm.alloc(t, Kind::Set(Set::default())),
        T::Dict => {
            let d = vm.new_dict();
            if n == 1 {
                vm.heap.get_mut(d).class = class;
                return vm.call_prelude("_dict_init", vec![Value::Obj(d), first], cont);
            }
            Value::Obj(d)
        }
        T::Range => {
            let a = vm.want_int(first)?;
            let (start, stop, step) = match n {
                0 => return vm.type_error("range expected at least 1 argument, got 0"),
                1 => (0, a, 1),
                _ => {
                    let b = vm.want_int(arg(&args.pos, 1))?;
                    let c = if n > 2 { vm.want_int(arg(&args.pos, 2))? } else { 1 };
                    (a, b, c)
                }
            };
            if step == 0 {
                return vm.value_error("range() arg 3 must not be zero");
            }
            vm.alloc(T::Range, Kind::Range { start, stop, step })
        }
        T::Slice => {
            let k = match n {
                0 => return vm.type_error("slice expected at least 1 argument, got 0"),
                1 => Kind::Slice(Value::None, first, Value::None),
                _ => Kind::Slice(first, arg(&args.pos, 1), arg(&args.pos, 2)),
            };
            vm.alloc(T::Slice, k)
        }
        T::Property => {
            let doc =
                if n > 3 { arg(&args.pos, 3) } else { super::attribute(vm, first, "__doc__").unwrap_or(Value::None) };
            vm.alloc(T::Property, Kind::Property { get: first, set: arg(&args.pos, 1), del: arg(&args.pos, 2), doc })
        }
        T::StaticMethod => vm.alloc(T::StaticMethod, Kind::StaticMethod(first)),
        T::ClassMethod => vm.alloc(T::ClassMethod, Kind::ClassMethod(first)),
        T::Super => super::function::make_super(vm, &args.pos)?,
        T::Map => return vm.call_prelude("_map", args.pos, cont),
        T::Filter => return vm.call_prelude("_filter", args.pos, cont),
        T::Zip => return vm.call_prelude("_zip", args.pos, cont),
        T::Enumerate => return vm.call_prelude("_enumerate", args.pos, cont),
        T::Reversed => return vm.call_prelude("_reversed", args.pos, cont),
        T::NoneType => Value::None,
        T::Module => {
            let dict = vm.new_dict();
            vm.set_name(dict, "__name__", first);
            vm.alloc(T::Module, Kind::Module { dict })
        }
        T::Method => {
            let this = arg(&args.pos, 1);
            vm.alloc(T::Method, Kind::Method { func: first, this })
        }
        _ => {
            let name = vm.class_name(class);
            return vm.type_error(format!("cannot create '{name}' instances"));
        }
    };
    if !own && let Value::Obj(r) = value {
        if vm.object(r).class == class {
            return vm.deliver(cont, value);
        }
        // A fresh object of the builtin class becomes one of the subclass; shared ones are copied.
        let kind = vm.object(r).kind.clone();
        let v = Value::Obj(vm.heap.alloc(class, kind));
        return vm.deliver(cont, v);
    }
    vm.deliver(cont, value)
}

fn boxed(vm: &mut Vm, class: Ref, own: bool, v: Value) -> Value {
    if own {
        return v;
    }
    match v {
        Value::Int(_) | Value::Float(_) | Value::Bool(_) => Value::Obj(vm.heap.alloc(class, Kind::Boxed(v))),
        other => other,
    }
}

/// The iterable needs Python code: the prelude makes a list of it first.
fn slow(vm: &mut Vm, class: Ref, it: Value, cont: Cont) -> R<()> {
    vm.call_prelude("_construct_from", vec![Value::Obj(class), it], cont)
}
