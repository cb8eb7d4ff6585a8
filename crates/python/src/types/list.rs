//! `list` and `tuple`.

use super::arg;
use crate::value::{Iter, Kind, Value};
use crate::vm::builtin_types::T;
use crate::vm::compare::Ordered;
use crate::vm::frame::Cont;
use crate::vm::start::Registry;
use crate::vm::{R, Vm};
use std::cmp::Ordering;

fn edit<X>(vm: &mut Vm, v: Value, f: impl FnOnce(&mut Vec<Value>) -> X) -> Option<X> {
    let Value::Obj(r) = v else { return None };
    match vm.kind_mut(r) {
        Kind::List(l) => Some(f(l)),
        _ => None,
    }
}

pub(super) fn register(reg: &mut Registry) {
    let t = T::List;
    reg.method(t, "append", 1, 1, |vm, a| {
        let x = arg(a, 1);
        edit(vm, arg(a, 0), |l| l.push(x));
        Ok(Value::None)
    });
    reg.method_full(t, "extend", |vm, args, cont| {
        if args.pos.len() != 2 {
            return vm.type_error(format!(
                "list.extend() takes exactly one argument ({} given)",
                args.pos.len().saturating_sub(1)
            ));
        }
        vm.extend(arg(&args.pos, 0), arg(&args.pos, 1), cont)
    });
    reg.method_full(t, "__init__", |vm, args, cont| {
        edit(vm, arg(&args.pos, 0), Vec::clear);
        if args.pos.len() > 1 {
            return vm.extend(arg(&args.pos, 0), arg(&args.pos, 1), cont);
        }
        vm.deliver(cont, Value::None)
    });
    reg.method(t, "insert", 2, 2, |vm, a| {
        let (i, x) = (vm.want_int(arg(a, 1))?, arg(a, 2));
        edit(vm, arg(a, 0), |l| {
            let n = l.len() as i64;
            let i = if i < 0 { (i + n).max(0) } else { i.min(n) };
            l.insert(i as usize, x);
        });
        Ok(Value::None)
    });
    reg.method(t, "pop", 0, 1, |vm, a| {
        let n = vm.length(arg(a, 0)).unwrap_or(0) as i64;
        if n == 0 {
            return vm.fail(T::IndexError, "pop from empty list");
        }
        let i = if a.len() > 1 { vm.want_int(arg(a, 1))? } else { -1 };
        let i = if i < 0 { i + n } else { i };
        if i < 0 || i >= n {
            return vm.fail(T::IndexError, "pop index out of range");
        }
        Ok(edit(vm, arg(a, 0), |l| l.remove(i as usize)).unwrap_or(Value::None))
    });
    reg.method(t, "clear", 0, 0, |vm, a| {
        edit(vm, arg(a, 0), Vec::clear);
        Ok(Value::None)
    });
    reg.method(t, "reverse", 0, 0, |vm, a| {
        edit(vm, arg(a, 0), |l| l.reverse());
        Ok(Value::None)
    });
    reg.method(t, "copy", 0, 0, |vm, a| {
        let l = vm.items(arg(a, 0)).unwrap_or_default();
        Ok(vm.list(l))
    });
    for t in [T::List, T::Tuple] {
        reg.method_full(t, "index", |vm, args, cont| {
            let a = args.pos;
            let items = vm.items(arg(&a, 0)).unwrap_or_default();
            let (start, _, n) = vm.slice_range(arg(&a, 2), arg(&a, 3), Value::None, items.len())?;
            for (i, v) in items.iter().enumerate().skip(start as usize).take(n) {
                match vm.equal(*v, arg(&a, 1), 0) {
                    Some(true) => return vm.deliver(cont, Value::Int(i as i64)),
                    Some(false) => {}
                    None => return vm.call_prelude("_list_index", a, cont),
                }
            }
            if matches!(vm.kind(arg(&a, 0)), Kind::Tuple(_)) {
                return vm.value_error("tuple.index(x): x not in tuple");
            }
            match vm.repr(arg(&a, 1), 0) {
                Some(s) => vm.value_error(format!("{s} is not in list")),
                None => vm.call_prelude("_list_index", a, cont),
            }
        });
        reg.method_full(t, "count", |vm, args, cont| {
            let a = args.pos;
            let mut n = 0;
            for v in vm.items(arg(&a, 0)).unwrap_or_default() {
                match vm.equal(v, arg(&a, 1), 0) {
                    Some(b) => n += i64::from(b),
                    None => return vm.call_prelude("_list_count", a, cont),
                }
            }
            vm.deliver(cont, Value::Int(n))
        });
    }
    reg.method_full(t, "remove", |vm, args, cont| {
        let a = args.pos;
        for (i, v) in vm.items(arg(&a, 0)).unwrap_or_default().into_iter().enumerate() {
            match vm.equal(v, arg(&a, 1), 0) {
                Some(true) => {
                    edit(vm, arg(&a, 0), |l| l.remove(i));
                    return vm.deliver(cont, Value::None);
                }
                Some(false) => {}
                None => return vm.call_prelude("_list_remove", a, cont),
            }
        }
        vm.value_error("list.remove(x): x not in list")
    });
    reg.method_full(t, "sort", |vm, args, cont| {
        if args.pos.len() > 1 {
            return vm.type_error("sort() takes no positional arguments");
        }
        let get = |n: &str| args.kw.iter().find(|k| &*k.0 == n).map_or(Value::None, |k| k.1);
        let (key, reverse) = (get("key"), get("reverse"));
        vm.call_prelude("_list_sort", vec![arg(&args.pos, 0), key, reverse], cont)
    });
    reg.func("_prelude", "_sort_by_keys", 3, 3, sort_by_keys);
    reg.func("_prelude", "_list_back", 1, 1, |vm, a| {
        let n = vm.length(arg(a, 0)).unwrap_or(0);
        match arg(a, 0) {
            Value::Obj(r) if vm.items(arg(a, 0)).is_some() => {
                Ok(vm.iterator(T::ListReverseIterator, Iter::ListBack(r, n)))
            }
            _ => Ok(Value::None),
        }
    });
    reg.func("_prelude", "_extend_native", 2, 2, |vm, a| {
        vm.extend(arg(a, 0), arg(a, 1), Cont::Discard)?;
        Ok(Value::None)
    });
    reg.func("_prelude", "_list_set_all", 2, 2, |vm, a| {
        let items = vm.items(arg(a, 1)).unwrap_or_default();
        edit(vm, arg(a, 0), |l| *l = items);
        Ok(Value::None)
    });
}

/// Sorts items by their keys, stably; gives None if keys need Python code, else the sorted list.
fn sort_by_keys(vm: &mut Vm, a: &[Value]) -> R<Value> {
    let (items, keys) = (vm.items(arg(a, 0)).unwrap_or_default(), vm.items(arg(a, 1)).unwrap_or_default());
    let reverse = vm.truth(arg(a, 2))?.unwrap_or(false);
    if keys.iter().any(|k| vm.user_method(*k, "__lt__").is_some() || vm.user_method(*k, "__gt__").is_some()) {
        return Ok(Value::None);
    }
    let mut pairs: Vec<(Value, Value)> = keys.into_iter().zip(items).collect();
    // CPython's first comparisons are of each element with the one before it.
    for w in pairs.windows(2) {
        if let [(x, _), (y, _)] = w
            && let Ordered::Never(p, q) = vm.order(*y, *x, 0)
        {
            let (p, q) = (vm.type_name(p), vm.type_name(q));
            return vm.type_error(format!("'<' not supported between instances of '{p}' and '{q}'"));
        }
    }
    vm.fuel = vm.fuel.saturating_sub(pairs.len() as u64 * 2);
    if reverse {
        pairs.reverse();
    }
    let mut bad: Option<(Value, Value)> = None;
    let mut ask = false;
    pairs.sort_by(|(x, _), (y, _)| {
        if bad.is_some() || ask {
            return Ordering::Equal;
        }
        match vm.order(*x, *y, 0) {
            Ordered::Is(o) => o,
            Ordered::Nan => Ordering::Equal,
            Ordered::Never(p, q) => {
                // CPython compares the later element with the earlier one.
                bad = Some((q, p));
                Ordering::Equal
            }
            Ordered::Ask | Ordered::Subset => {
                ask = true;
                Ordering::Equal
            }
        }
    });
    if let Some((x, y)) = bad {
        let (x, y) = (vm.type_name(x), vm.type_name(y));
        return vm.type_error(format!("'<' not supported between instances of '{x}' and '{y}'"));
    }
    if ask {
        return Ok(Value::None);
    }
    if reverse {
        pairs.reverse();
    }
    Ok(vm.list(pairs.into_iter().map(|p| p.1).collect()))
}
