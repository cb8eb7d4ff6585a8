//! Exceptions' native side.

use super::arg;
use crate::value::{Exc, Kind, Ref, Value};
use crate::vm::builtin_types::T;
use crate::vm::frame::{Args, Cont};
use crate::vm::start::Registry;
use crate::vm::{R, Vm};

pub(super) fn register(reg: &mut Registry) {
    reg.method_full(T::BaseException, "__init__", init);
    reg.method(T::BaseException, "with_traceback", 1, 1, |vm, a| {
        super::set_attribute(vm, arg(a, 0), "__traceback__", arg(a, 1))?;
        Ok(arg(a, 0))
    });
    reg.method(T::BaseException, "add_note", 1, 1, |vm, a| {
        let this = arg(a, 0);
        let old = match this {
            Value::Obj(r) => vm.object(r).attrs.and_then(|d| vm.get_name(d, "__notes__")),
            _ => None,
        };
        let list = old.unwrap_or_else(|| vm.list(Vec::new()));
        if let Value::Obj(r) = list
            && let Kind::List(l) = vm.kind_mut(r)
        {
            l.push(arg(a, 1));
        }
        vm.set_attr_raw(this, "__notes__", list);
        Ok(Value::None)
    });
}

/// The subclass that an errno has.
pub(crate) fn errno_class(n: i64) -> T {
    match n {
        1 | 13 => T::PermissionError,
        2 => T::FileNotFoundError,
        3 => T::ProcessLookupError,
        4 => T::InterruptedError,
        10 => T::ChildProcessError,
        11 | 114 | 115 => T::BlockingIOError,
        17 => T::FileExistsError,
        20 => T::NotADirectoryError,
        21 => T::IsADirectoryError,
        32 | 108 => T::BrokenPipeError,
        103 => T::ConnectionAbortedError,
        104 => T::ConnectionResetError,
        110 => T::TimeoutError,
        111 => T::ConnectionRefusedError,
        _ => T::OSError,
    }
}

pub(super) fn construct(vm: &mut Vm, class: Ref, args: Args, cont: Cont) -> R<()> {
    let mut class = class;
    if class == T::OSError.class() && args.pos.len() >= 2 {
        class = errno_class(vm.as_int(arg(&args.pos, 0)).unwrap_or(0)).class();
    }
    let v = Value::Obj(vm.heap.alloc(class, Kind::Exc(Box::new(Exc { args: args.pos.clone(), ..Exc::default() }))));
    if !args.kw.is_empty() {
        if vm.is_subclass(class, T::ImportError.class())
            || vm.is_subclass(class, T::NameError.class())
            || vm.is_subclass(class, T::AttributeError.class())
        {
            for (k, x) in args.kw {
                vm.set_attr_raw(v, &k, x);
            }
        } else {
            let name = vm.class_name(class);
            return vm.type_error(format!("{name}() takes no keyword arguments"));
        }
    }
    unicode_fields(vm, v, &args.pos);
    vm.deliver(cont, v)
}

fn unicode_fields(vm: &mut Vm, v: Value, args: &[Value]) {
    if vm.is_instance(v, T::UnicodeError.class()) && args.len() == 5 {
        for (n, x) in ["encoding", "object", "start", "end", "reason"].iter().zip(args) {
            vm.set_attr_raw(v, n, *x);
        }
    }
}

fn init(vm: &mut Vm, args: Args, cont: Cont) -> R<()> {
    let (this, rest) = match args.pos.split_first() {
        Some((t, r)) => (*t, r.to_vec()),
        None => return vm.type_error("descriptor '__init__' of 'BaseException' object needs an argument"),
    };
    if let Value::Obj(r) = this
        && let Kind::Exc(x) = vm.kind_mut(r)
    {
        x.args = rest;
    }
    vm.deliver(cont, Value::None)
}
