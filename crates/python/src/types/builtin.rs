//! The native builtin functions. Those that call Python code are in the prelude.

use super::arg;
use crate::value::{Kind, Value};
use crate::vm::builtin_types::T;
use crate::vm::frame::{Args, Cont};
use crate::vm::start::Registry;
use crate::vm::{R, Vm};

pub(super) fn register(reg: &mut Registry) {
    let b = "builtins";
    reg.func_full(b, "len", |vm, args, cont| {
        if args.pos.len() != 1 {
            return vm.type_error(format!("len() takes exactly one argument ({} given)", args.pos.len()));
        }
        let v = arg(&args.pos, 0);
        if vm.user_method(v, "__len__").is_some()
            || (matches!(vm.kind(v), Kind::Class(_)) && vm.lookup(vm.class_of(v), "__len__").is_some())
        {
            return vm.call_prelude("_len_slow", vec![v], cont);
        }
        match vm.length(v) {
            Some(n) if !matches!(vm.kind(v), Kind::Boxed(_)) => vm.deliver(cont, Value::Int(n as i64)),
            _ => {
                let t = vm.type_name(v);
                vm.type_error(format!("object of type '{t}' has no len()"))
            }
        }
    });
    reg.func_full(b, "repr", |vm, args, cont| text(vm, args, cont, "repr"));
    reg.func_full(b, "hash", |vm, args, cont| {
        let v = arg(&args.pos, 0);
        match vm.hash(v)? {
            Some(h) => vm.deliver(cont, Value::Int(crate::vm::keys::shown(h))),
            None => vm.call_prelude("_hash_slow", vec![v], cont),
        }
    });
    reg.func(b, "id", 1, 1, |_, a| {
        Ok(Value::Int(match arg(a, 0) {
            Value::Obj(r) => 0x7f00_0000_0000 + i64::from(r.0) * 0x30,
            Value::Int(i) => 0x5500_0000_0000 + i.wrapping_mul(32) % 0x1000_0000,
            Value::Float(f) => (f.to_bits() >> 16) as i64,
            _ => 0x5540_0000_0000,
        }))
    });
    reg.func_full(b, "iter", |vm, args, cont| {
        if args.pos.len() == 2 {
            return vm.call_prelude("_iter_callable", args.pos, cont);
        }
        if args.pos.len() != 1 {
            return vm.type_error("iter expected at least 1 argument, got 0");
        }
        vm.get_iter(arg(&args.pos, 0), cont)
    });
    reg.func_full(b, "next", |vm, args, cont| {
        let it = arg(&args.pos, 0);
        if args.pos.len() > 1 {
            if matches!(cont, Cont::Push) {
                return vm.next(it, Cont::NextOr(arg(&args.pos, 1)));
            }
            return vm.call_prelude("_next_or", args.pos, cont);
        }
        vm.next(it, cont)
    });
    reg.func_full(b, "_getattr", |vm, args, cont| {
        let n = vm.want_str(arg(&args.pos, 1), "getattr(): attribute name")?;
        vm.load_attr(arg(&args.pos, 0), &n, crate::heap::hash_str(&n), cont)
    });
    reg.func_full(b, "setattr", |vm, args, cont| {
        let n = vm.want_str(arg(&args.pos, 1), "attribute name")?;
        vm.store_attr(arg(&args.pos, 0), &n, arg(&args.pos, 2), cont)
    });
    reg.func_full(b, "delattr", |vm, args, cont| {
        let n = vm.want_str(arg(&args.pos, 1), "attribute name")?;
        vm.delete_attr(arg(&args.pos, 0), &n, cont)
    });
    reg.func(b, "callable", 1, 1, |vm, a| {
        let v = arg(a, 0);
        let yes = match vm.kind(v) {
            Kind::Func(_) | Kind::Method { .. } | Kind::Native(_) | Kind::NativeMethod(..) | Kind::Class(_) => true,
            _ => vm.user_method(v, "__call__").is_some(),
        };
        Ok(Value::Bool(yes))
    });
    reg.func("_prelude", "_isinstance", 2, 2, |vm, a| is_in(vm, a, false));
    reg.func("_prelude", "_issubclass", 2, 2, |vm, a| is_in(vm, a, true));
    reg.func("_prelude", "_dir", 1, 1, |vm, a| {
        let vs = vm.dir_names(arg(a, 0)).into_iter().map(|n| vm.str(n)).collect();
        Ok(vm.list(vs))
    });
    reg.func(b, "globals", 0, 0, |vm, _| {
        let g = vm.frames.iter().rev().find(|f| !f.code.source.hidden).map(|f| f.globals);
        Ok(g.map_or(Value::None, Value::Obj))
    });
    reg.func(b, "locals", 0, 0, |vm, _| {
        let Some(f) = vm.frames.iter().rev().find(|f| !f.code.source.hidden).cloned() else { return Ok(Value::None) };
        if f.code.by_name {
            return Ok(Value::Obj(f.names.unwrap_or(f.globals)));
        }
        let d = vm.new_dict();
        for (n, v) in f.code.varnames.iter().zip(&f.locals) {
            if !v.is_unbound() && !n.starts_with('.') && !f.code.cellvars.contains(n) {
                vm.set_name(d, n, *v);
            }
        }
        for (n, c) in f.code.cellvars.iter().chain(&f.code.freevars).zip(&f.cells) {
            if let Kind::Cell(v) = vm.object(*c).kind
                && !v.is_unbound()
                && &**n != "__class__"
            {
                vm.set_name(d, n, v);
            }
        }
        Ok(Value::Obj(d))
    });
    reg.func_full("_prelude", "_to_text", |vm, args, cont| text(vm, args, cont, "str"));
    reg.func("_prelude", "_format_native", 2, 2, |vm, a| {
        let spec = vm.want_str(arg(a, 1), "format() argument 2")?;
        match vm.format_spec(arg(a, 0), &spec)? {
            Some(s) => Ok(vm.str(s)),
            None => Ok(Value::None),
        }
    });
    reg.func("builtins", "ascii", 1, 1, |vm, a| {
        let Some(s) = vm.repr(arg(a, 0), 0) else { return vm.type_error("ascii() of such an object is not supported") };
        let out: String = s
            .chars()
            .map(|c| match c as u32 {
                n if n < 0x80 => c.to_string(),
                n if n < 0x100 => format!("\\x{n:02x}"),
                n if n < 0x10000 => format!("\\u{n:04x}"),
                n => format!("\\U{n:08x}"),
            })
            .collect();
        Ok(vm.str(out))
    });
}

fn text(vm: &mut Vm, args: Args, cont: Cont, how: &str) -> R<()> {
    let v = arg(&args.pos, 0);
    if args.pos.len() != 1 {
        return vm.type_error(format!("{how}() takes exactly one argument ({} given)", args.pos.len()));
    }
    let s = if how == "repr" { vm.repr(v, 0) } else { vm.to_str(v) };
    match s {
        Some(s) => {
            let s = vm.str(s);
            vm.deliver(cont, s)
        }
        None => vm.call_prelude(if how == "repr" { "_repr_slow" } else { "_str_of" }, vec![v], cont),
    }
}

/// `isinstance` and `issubclass` where no `__instancecheck__` is.
fn is_in(vm: &mut Vm, a: &[Value], class: bool) -> R<Value> {
    let mut todo = vec![arg(a, 1)];
    let name = if class { "issubclass" } else { "isinstance" };
    while let Some(c) = todo.pop() {
        match (vm.kind(c), c) {
            (Kind::Tuple(t), _) => todo.extend(t.iter().rev()),
            (Kind::Class(_), Value::Obj(r)) => {
                let of = match (class, arg(a, 0)) {
                    (true, Value::Obj(k)) if vm.class_info(k).is_some() => k,
                    (true, _) => return vm.type_error("issubclass() arg 1 must be a class"),
                    (false, v) => vm.class_of(v),
                };
                if vm.is_subclass(of, r) {
                    return Ok(Value::Bool(true));
                }
            }
            (_, Value::None) => {
                if arg(a, 0).is_none() {
                    return Ok(Value::Bool(true));
                }
            }
            _ => {
                let what = if class {
                    "a class, a tuple of classes, or a union"
                } else {
                    "a type, a tuple of types, or a union"
                };
                return vm.type_error(format!("{name}() arg 2 must be {what}"));
            }
        }
    }
    let _ = T::Object;
    Ok(Value::Bool(false))
}
