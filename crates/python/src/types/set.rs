//! `set` and `frozenset`.

use super::arg;
use crate::set::Set;
use crate::syntax::ast::BinOp;
use crate::value::{Kind, Ref, Value};
use crate::vm::builtin_types::T;
use crate::vm::frame::{Args, Cont};
use crate::vm::start::Registry;
use crate::vm::{R, Vm};

fn this(a: &[Value]) -> Ref {
    match arg(a, 0) {
        Value::Obj(r) => r,
        _ => Ref(u32::MAX),
    }
}

pub(super) fn register(reg: &mut Registry) {
    reg.method_full(T::Set, "add", |vm, args, cont| {
        let a = args.pos;
        if vm.set_add(this(&a), arg(&a, 1))? {
            vm.deliver(cont, Value::None)
        } else {
            vm.call_prelude("_set_add", a, cont)
        }
    });
    reg.method_full(T::Set, "discard", |vm, args, cont| remove(vm, args, cont, false));
    reg.method_full(T::Set, "remove", |vm, args, cont| remove(vm, args, cont, true));
    reg.method(T::Set, "pop", 0, 0, |vm, a| {
        let first = vm.as_set(arg(a, 0)).and_then(|s| s.from(0));
        match first {
            Some((i, v)) => {
                if let Kind::Set(s) = vm.kind_mut(this(a)) {
                    s.remove(i);
                }
                Ok(v)
            }
            None => {
                let s = vm.str("pop from an empty set");
                Err(vm.exc_args(T::KeyError, vec![s]))
            }
        }
    });
    reg.method(T::Set, "clear", 0, 0, |vm, a| {
        if let Kind::Set(s) = vm.kind_mut(this(a)) {
            s.clear();
        }
        Ok(Value::None)
    });
    for t in [T::Set, T::FrozenSet] {
        reg.method(t, "copy", 0, 0, |vm, a| {
            let s = vm.as_set(arg(a, 0)).cloned().unwrap_or_default();
            let t = if vm.is_instance(arg(a, 0), T::FrozenSet.class()) { T::FrozenSet } else { T::Set };
            Ok(vm.alloc(t, Kind::Set(s)))
        });
    }
    reg.func("_prelude", "_set_combine", 3, 3, |vm, a| {
        let op = match vm.text(arg(a, 2)).as_deref() {
            Some("and") => BinOp::And,
            Some("or") => BinOp::Or,
            Some("sub") => BinOp::Sub,
            _ => BinOp::Xor,
        };
        let (Some(x), Some(y)) = (vm.as_set(arg(a, 0)).cloned(), vm.as_set(arg(a, 1)).cloned()) else {
            return Ok(Value::None);
        };
        let s = vm.set_combine(op, &x, &y);
        let t = if vm.is_instance(arg(a, 0), T::FrozenSet.class()) { T::FrozenSet } else { T::Set };
        Ok(vm.alloc(t, Kind::Set(s)))
    });
    reg.func("_prelude", "_set_replace", 2, 2, |vm, a| {
        let s = vm.as_set(arg(a, 1)).cloned().unwrap_or_default();
        if let Kind::Set(d) = vm.kind_mut(this(a)) {
            *d = s;
        }
        Ok(arg(a, 0))
    });
    reg.func("_prelude", "_set_candidates", 2, 2, |vm, a| {
        let h = vm.want_int(arg(a, 1))? as u64;
        let vs =
            vm.as_set(arg(a, 0)).map(|s| s.hashed().filter(|x| x.0 == h).map(|x| x.1).collect()).unwrap_or_default();
        Ok(vm.list(vs))
    });
    reg.func("_prelude", "_set_push", 3, 3, |vm, a| {
        let h = vm.want_int(arg(a, 1))? as u64;
        if let Kind::Set(s) = vm.kind_mut(this(a)) {
            s.push(h, arg(a, 2));
        }
        Ok(Value::None)
    });
    reg.func("_prelude", "_set_drop", 2, 2, |vm, a| {
        let x = arg(a, 1);
        let mut out = Set::default();
        for (h, v) in vm.as_set(arg(a, 0)).cloned().unwrap_or_default().hashed() {
            if !v.same(x) {
                out.push(h, v);
            }
        }
        if let Kind::Set(s) = vm.kind_mut(this(a)) {
            *s = out;
        }
        Ok(Value::None)
    });
}

fn remove(vm: &mut Vm, args: Args, cont: Cont, must: bool) -> R<()> {
    let a = args.pos;
    match vm.set_find(this(&a), arg(&a, 1))? {
        Some(Some(i)) => {
            if let Kind::Set(s) = vm.kind_mut(this(&a)) {
                s.remove(i);
            }
            vm.deliver(cont, Value::None)
        }
        Some(None) if must => Err(vm.exc_args(T::KeyError, vec![arg(&a, 1)])),
        Some(None) => vm.deliver(cont, Value::None),
        None => vm.call_prelude("_set_remove", vec![arg(&a, 0), arg(&a, 1), Value::Bool(must)], cont),
    }
}
