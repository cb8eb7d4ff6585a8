//! `dict` and its views.

use super::arg;
use crate::value::{Iter, Kind, Ref, Value};
use crate::vm::builtin_types::T;
use crate::vm::start::Registry;
use crate::vm::{R, Vm};

fn this(a: &[Value]) -> Ref {
    match arg(a, 0) {
        Value::Obj(r) => r,
        _ => Ref(u32::MAX),
    }
}

pub(super) fn register(reg: &mut Registry) {
    let t = T::Dict;
    reg.method(t, "keys", 0, 0, |vm, a| Ok(vm.alloc(T::DictKeys, Kind::View(this(a), 0))));
    reg.method(t, "values", 0, 0, |vm, a| Ok(vm.alloc(T::DictValues, Kind::View(this(a), 1))));
    reg.method(t, "items", 0, 0, |vm, a| Ok(vm.alloc(T::DictItems, Kind::View(this(a), 2))));
    reg.method_full(t, "get", |vm, args, cont| {
        let a = args.pos;
        if a.len() < 2 || a.len() > 3 {
            return vm.type_error(format!("get expected at least 1 argument, got {}", a.len().saturating_sub(1)));
        }
        match vm.dict_get(this(&a), arg(&a, 1))? {
            Some(v) => vm.deliver(cont, v.unwrap_or(arg(&a, 2))),
            None => vm.call_prelude("_dict_get", vec![arg(&a, 0), arg(&a, 1), arg(&a, 2)], cont),
        }
    });
    reg.method_full(t, "setdefault", |vm, args, cont| {
        let a = args.pos;
        match vm.dict_get(this(&a), arg(&a, 1))? {
            Some(Some(v)) => vm.deliver(cont, v),
            Some(None) => {
                vm.dict_set(this(&a), arg(&a, 1), arg(&a, 2))?;
                vm.deliver(cont, arg(&a, 2))
            }
            None => vm.call_prelude("_dict_setdefault", vec![arg(&a, 0), arg(&a, 1), arg(&a, 2)], cont),
        }
    });
    reg.method_full(t, "pop", |vm, args, cont| {
        let a = args.pos;
        match vm.dict_find(this(&a), arg(&a, 1))? {
            Some(Some(i)) => {
                let v = vm.dict_mut(this(&a)).and_then(|d| d.remove(i)).map_or(Value::None, |e| e.1);
                vm.deliver(cont, v)
            }
            Some(None) if a.len() > 2 => vm.deliver(cont, arg(&a, 2)),
            Some(None) => Err(vm.exc_args(T::KeyError, vec![arg(&a, 1)])),
            None => vm.call_prelude("_dict_pop", a, cont),
        }
    });
    reg.method(t, "popitem", 0, 0, |vm, a| {
        let last = vm.dict_ref(this(a)).and_then(crate::dict::Dict::last);
        match last.and_then(|i| vm.dict_mut(this(a)).and_then(|d| d.remove(i))) {
            Some((k, v)) => Ok(vm.tuple(vec![k, v])),
            None => {
                let s = vm.str("popitem(): dictionary is empty");
                Err(vm.exc_args(T::KeyError, vec![s]))
            }
        }
    });
    reg.method(t, "clear", 0, 0, |vm, a| {
        if let Some(d) = vm.dict_mut(this(a)) {
            d.clear();
        }
        Ok(Value::None)
    });
    reg.method(t, "copy", 0, 0, |vm, a| {
        let d = vm.dict_ref(this(a)).cloned().unwrap_or_default();
        Ok(vm.alloc(T::Dict, Kind::Dict(d)))
    });
    reg.method_full(t, "__getitem__", |vm, args, cont| {
        let a = args.pos;
        match vm.dict_get(this(&a), arg(&a, 1))? {
            Some(Some(v)) => vm.deliver(cont, v),
            Some(None) => {
                if let Some(f) = vm.user_method(arg(&a, 0), "__missing__") {
                    return vm.call(f, crate::vm::frame::Args::of(a), cont);
                }
                Err(vm.exc_args(T::KeyError, vec![arg(&a, 1)]))
            }
            None => vm.call_prelude("_dict_getitem", a, cont),
        }
    });
    reg.method_full(t, "__setitem__", |vm, args, cont| {
        let a = args.pos;
        if vm.dict_set(this(&a), arg(&a, 1), arg(&a, 2))? {
            vm.deliver(cont, Value::None)
        } else {
            vm.call_prelude("_dict_set", a, cont)
        }
    });
    reg.method_full(t, "__delitem__", |vm, args, cont| {
        let a = args.pos;
        match vm.dict_find(this(&a), arg(&a, 1))? {
            Some(Some(i)) => {
                if let Some(d) = vm.dict_mut(this(&a)) {
                    d.remove(i);
                }
                vm.deliver(cont, Value::None)
            }
            Some(None) => Err(vm.exc_args(T::KeyError, vec![arg(&a, 1)])),
            None => vm.call_prelude("_dict_del", a, cont),
        }
    });
    reg.method_full(t, "__contains__", |vm, args, cont| {
        let a = args.pos;
        match vm.dict_find(this(&a), arg(&a, 1))? {
            Some(f) => vm.deliver(cont, Value::Bool(f.is_some())),
            None => vm.call_prelude("_dict_contains", a, cont),
        }
    });
    // Raw access for the prelude's slow forms.
    reg.func("_prelude", "_dict_candidates", 2, 2, |vm, a| {
        let h = vm.want_int(arg(a, 1))? as u64;
        let found: Vec<(i64, Value)> = vm
            .dict_ref(this(a))
            .map(|d| d.with_hash(h).into_iter().filter_map(|i| d.slot(i).map(|s| (i as i64, s.0))).collect())
            .unwrap_or_default();
        let mut out = Vec::new();
        for (i, k) in found {
            out.push(vm.tuple(vec![Value::Int(i), k]));
        }
        Ok(vm.list(out))
    });
    reg.func("_prelude", "_dict_at", 2, 2, |vm, a| {
        let i = vm.want_int(arg(a, 1))? as usize;
        Ok(vm.dict_ref(this(a)).map_or(Value::None, |d| d.at(i)))
    });
    reg.func("_prelude", "_dict_set_at", 3, 3, |vm, a| {
        let i = vm.want_int(arg(a, 1))? as usize;
        if let Some(d) = vm.dict_mut(this(a)) {
            d.set_at(i, arg(a, 2));
        }
        Ok(Value::None)
    });
    reg.func("_prelude", "_dict_del_at", 2, 2, |vm, a| {
        let i = vm.want_int(arg(a, 1))? as usize;
        if let Some(d) = vm.dict_mut(this(a)) {
            d.remove(i);
        }
        Ok(Value::None)
    });
    reg.func("_prelude", "_dict_push", 4, 4, |vm, a| {
        let h = vm.want_int(arg(a, 1))? as u64;
        if let Some(d) = vm.dict_mut(this(a)) {
            d.push(h, arg(a, 2), arg(a, 3));
        }
        Ok(Value::None)
    });
    reg.func("_prelude", "_dict_try_update", 2, 2, try_update);
    reg.func("_prelude", "_is_dict", 1, 1, |vm, a| Ok(Value::Bool(vm.as_dict(arg(a, 0)).is_some())));
    reg.func("_prelude", "_dict_reversed", 2, 2, |vm, a| {
        let what = vm.want_int(arg(a, 1))? as u8;
        let (r, what) = match vm.kind(arg(a, 0)) {
            Kind::View(d, w) => (*d, *w),
            _ => (this(a), what),
        };
        let len = vm.dict_ref(r).map_or(0, crate::dict::Dict::len);
        Ok(vm.iterator(T::DictKeyIterator, Iter::Dict { dict: r, at: 0, len, what, back: true }))
    });
}

/// Copies another dict's entries natively; false if a key needs Python code.
fn try_update(vm: &mut Vm, a: &[Value]) -> R<Value> {
    let entries: Vec<(Value, Value)> = match vm.as_dict(arg(a, 1)) {
        Some(d) => d.entries().collect(),
        None => return Ok(Value::Bool(false)),
    };
    for (k, v) in entries {
        if !vm.dict_set(this(a), k, v)? {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}
