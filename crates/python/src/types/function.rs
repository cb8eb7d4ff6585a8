//! `object`, `type`, functions, generators, properties, `super`.

use super::arg;
use crate::value::{Kind, Value};
use crate::vm::builtin_types::T;
use crate::vm::frame::{Args, Cont};
use crate::vm::start::Registry;
use crate::vm::{R, Vm};

pub(super) fn register(reg: &mut Registry) {
    reg.method_full(T::Object, "__init__", |vm, _, cont| vm.deliver(cont, Value::None));
    reg.method_full(T::Object, "__init_subclass__", |vm, _, cont| vm.deliver(cont, Value::None));
    reg.func_full("_prelude", "_object_new", object_new);
    reg.func_full("_prelude", "_construct_native", |vm, mut args, cont| {
        let Value::Obj(c) = (if args.pos.is_empty() { Value::None } else { args.pos.remove(0) }) else {
            return vm.type_error("not a class");
        };
        let layout = vm.layout(c);
        super::construct(vm, c, layout, args, cont)
    });
    reg.method_full(T::Object, "__setattr__", |vm, args, cont| {
        let a = &args.pos;
        let n = vm.want_str(arg(a, 1), "attribute name")?;
        vm.generic_set(arg(a, 0), &n, arg(a, 2), cont)
    });
    reg.method_full(T::Object, "__delattr__", |vm, args, cont| {
        let a = &args.pos;
        let n = vm.want_str(arg(a, 1), "attribute name")?;
        vm.generic_del(arg(a, 0), &n, cont)
    });
    reg.method_full(T::Object, "__getattribute__", |vm, args, cont| {
        let n = vm.want_str(arg(&args.pos, 1), "attribute name")?;
        vm.plain_attr(arg(&args.pos, 0), &n, cont)
    });
    reg.method(T::Object, "__hash__", 0, 0, |vm, a| {
        Ok(Value::Int(match (arg(a, 0), vm.hash(arg(a, 0))) {
            (_, Ok(Some(h))) => crate::vm::keys::shown(h),
            (Value::Obj(r), _) => i64::from(r.0),
            _ => 0,
        }))
    });
    reg.method(T::Object, "__eq__", 1, 1, |vm, a| {
        if vm.user_method(arg(a, 0), "__eq__").is_some() {
            return Ok(if arg(a, 0).same(arg(a, 1)) { Value::Bool(true) } else { Value::NotImplemented });
        }
        Ok(match vm.equal(arg(a, 0), arg(a, 1), 0) {
            Some(true) => Value::Bool(true),
            Some(false)
                if vm.class_of(arg(a, 0)) == vm.class_of(arg(a, 1)) && vm.is_builtin_class(vm.class_of(arg(a, 0))) =>
            {
                Value::Bool(false)
            }
            _ => Value::NotImplemented,
        })
    });
    reg.method_full(T::Type, "__call__", |vm, mut args, cont| {
        if args.pos.is_empty() {
            return vm.type_error("descriptor '__call__' of 'type' object needs an argument");
        }
        match args.pos.remove(0) {
            Value::Obj(c) => vm.make_instance(c, args, cont),
            _ => vm.type_error("descriptor '__call__' requires a 'type' object"),
        }
    });
    reg.method(T::Type, "mro", 0, 0, |vm, a| {
        let m = match arg(a, 0) {
            Value::Obj(c) => vm.class_info(c).map(|c| c.mro.clone()).unwrap_or_default(),
            _ => Vec::new(),
        };
        Ok(vm.list(m.into_iter().map(Value::Obj).collect()))
    });
    reg.method(T::Type, "__subclasses__", 0, 0, |vm, a| {
        let m = match arg(a, 0) {
            Value::Obj(c) => vm.class_info(c).map(|c| c.subclasses.clone()).unwrap_or_default(),
            _ => Vec::new(),
        };
        Ok(vm.list(m.into_iter().map(Value::Obj).collect()))
    });
    reg.method_full(T::Generator, "send", send);
    reg.method_full(T::Coroutine, "send", send);
    reg.method_full(T::Generator, "throw", throw);
    reg.method_full(T::Coroutine, "throw", throw);
    reg.method_full(T::Generator, "__next__", |vm, args, cont| vm.next(arg(&args.pos, 0), cont));
    reg.method(T::Generator, "__iter__", 0, 0, |_, a| Ok(arg(a, 0)));
    for t in [
        T::ListIterator,
        T::TupleIterator,
        T::StrIterator,
        T::BytesIterator,
        T::RangeIterator,
        T::SetIterator,
        T::DictKeyIterator,
        T::DictValueIterator,
        T::DictItemIterator,
        T::ListReverseIterator,
        T::Map,
        T::Filter,
        T::Zip,
        T::Enumerate,
        T::Reversed,
    ] {
        reg.method_full(t, "__next__", |vm, args, cont| vm.next(arg(&args.pos, 0), cont));
        reg.method(t, "__iter__", 0, 0, |_, a| Ok(arg(a, 0)));
    }
    for t in [
        T::List,
        T::Tuple,
        T::Str,
        T::Bytes,
        T::Dict,
        T::Set,
        T::FrozenSet,
        T::Range,
        T::DictKeys,
        T::DictValues,
        T::DictItems,
    ] {
        reg.method(t, "__iter__", 0, 0, |vm, a| Ok(vm.native_iter(arg(a, 0)).unwrap_or(Value::None)));
        reg.method(t, "__len__", 0, 0, |vm, a| Ok(Value::Int(vm.length(arg(a, 0)).unwrap_or(0) as i64)));
    }
    reg.method(T::Property, "getter", 1, 1, |vm, a| property_with(vm, a, 0));
    reg.method(T::Property, "setter", 1, 1, |vm, a| property_with(vm, a, 1));
    reg.method(T::Property, "deleter", 1, 1, |vm, a| property_with(vm, a, 2));
    reg.method_full(T::Function, "__get__", |vm, args, cont| {
        let v =
            if arg(&args.pos, 1).is_none() { arg(&args.pos, 0) } else { vm.bind(arg(&args.pos, 0), arg(&args.pos, 1)) };
        vm.deliver(cont, v)
    });
    reg.method_full(T::Function, "__call__", |vm, mut args, cont| {
        let f = if args.pos.is_empty() { Value::None } else { args.pos.remove(0) };
        vm.call(f, args, cont)
    });
}

fn property_with(vm: &mut Vm, a: &[Value], which: u8) -> R<Value> {
    let Kind::Property { get, set, del, doc } = vm.kind(arg(a, 0)) else { return Ok(Value::None) };
    let (mut get, mut set, mut del, doc) = (*get, *set, *del, *doc);
    match which {
        0 => get = arg(a, 1),
        1 => set = arg(a, 1),
        _ => del = arg(a, 1),
    }
    Ok(vm.alloc(T::Property, Kind::Property { get, set, del, doc }))
}

/// `object.__new__(cls)` and the builtin classes' `__new__`.
fn object_new(vm: &mut Vm, mut args: Args, cont: Cont) -> R<()> {
    if args.pos.is_empty() {
        return vm.type_error("object.__new__(): not enough arguments");
    }
    let Value::Obj(c) = args.pos.remove(0) else { return vm.type_error("object.__new__(X): X is not a type object") };
    let layout = vm.layout(c);
    if layout == T::Object.class() {
        // Extra arguments are for an overridden __init__.
        args = Args::default();
    }
    if matches!(layout, l if l == T::List.class() || l == T::Dict.class() || l == T::Set.class()) {
        let v = vm.blank(c, &args)?;
        return vm.deliver(cont, v);
    }
    super::construct(vm, c, layout, args, cont)
}

fn send(vm: &mut Vm, args: Args, cont: Cont) -> R<()> {
    match arg(&args.pos, 0) {
        Value::Obj(r) => vm.resume_gen(r, Ok(arg(&args.pos, 1)), cont),
        _ => vm.type_error("descriptor 'send' requires a generator"),
    }
}

fn throw(vm: &mut Vm, args: Args, cont: Cont) -> R<()> {
    let e = arg(&args.pos, 1);
    let Value::Obj(r) = arg(&args.pos, 0) else { return vm.type_error("descriptor 'throw' requires a generator") };
    if !matches!(vm.kind(e), Kind::Exc(_)) {
        return vm.call_prelude("_gen_throw", args.pos, cont);
    }
    vm.resume_gen(r, Err(e), cont)
}

/// `super()` or `super(C, x)`
pub(super) fn make_super(vm: &mut Vm, a: &[Value]) -> R<Value> {
    let (class, this) = if a.is_empty() {
        let Some(f) = vm.frames.last() else { return Ok(Value::None) };
        let first = match f.code.cell_args.iter().find(|c| c.0 == 0).and_then(|c| f.cells.get(c.1 as usize)) {
            Some(c) => match &vm.object(*c).kind {
                Kind::Cell(v) => *v,
                _ => Value::None,
            },
            None => f.locals.first().copied().unwrap_or(Value::None),
        };
        let at = f.code.freevars.iter().position(|n| &**n == "__class__").map(|i| i + f.code.cellvars.len());
        let class = at.and_then(|i| f.cells.get(i)).map(|c| &vm.object(*c).kind);
        match class {
            Some(Kind::Cell(v)) => (*v, first),
            _ => return vm.fail(T::RuntimeError, "super(): __class__ cell not found"),
        }
    } else {
        (arg(a, 0), arg(a, 1))
    };
    let Value::Obj(c) = class else { return vm.fail(T::RuntimeError, "super(): empty __class__ cell") };
    let start = match this {
        Value::Obj(r) if vm.class_info(r).is_some() && vm.is_subclass(r, c) => r,
        _ => vm.class_of(this),
    };
    if !vm.is_subclass(start, c) {
        return vm.type_error("super(type, obj): obj must be an instance or subtype of type");
    }
    Ok(vm.alloc(T::Super, Kind::Super { class: c, this, start }))
}
