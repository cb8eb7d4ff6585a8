//! What only the prelude may call: classes, modules, code, frames, exceptions.

use super::arg;
use crate::compile::{Mode, compile};
use crate::syntax::lexer::ErrKind;
use crate::value::{Func, Kind, Ref, Value};
use crate::vm::builtin_types::T;
use crate::vm::frame::{Args, Cont};
use crate::vm::start::Registry;
use crate::vm::{R, Vm};
use std::sync::Arc;

pub(super) fn register(reg: &mut Registry) {
    let p = "_prelude";
    reg.func(p, "_class_new", 4, 4, |vm, a| {
        let (Value::Obj(meta), Value::Obj(ns)) = (arg(a, 0), arg(a, 3)) else { return Ok(Value::None) };
        let name = vm.want_str(arg(a, 1), "type.__new__() argument 1")?;
        let bases = vm.items(arg(a, 2)).unwrap_or_default();
        vm.new_class(meta, name, &bases, ns)
    });
    reg.func(p, "_prelude_get", 1, 1, |vm, a| {
        let n = vm.want_str(arg(a, 0), "name")?;
        Ok(vm.get_name(vm.prelude, &n).unwrap_or(Value::None))
    });
    reg.func_full(p, "_plain_get", |vm, args, cont| {
        let v = vm.index_sequence(arg(&args.pos, 0), arg(&args.pos, 1))?;
        vm.deliver(cont, v)
    });
    reg.func_full(p, "_plain_set", |vm, args, cont| {
        let a = &args.pos;
        vm.set_plain(arg(a, 0), arg(a, 1), arg(a, 2), cont)
    });
    reg.func_full(p, "_plain_del", |vm, args, cont| vm.del_plain(arg(&args.pos, 0), arg(&args.pos, 1), cont));
    reg.func(p, "_raw_type", 1, 1, |vm, a| Ok(Value::Obj(vm.class_of(arg(a, 0)))));
    reg.func(p, "_class_lookup", 2, 2, |vm, a| {
        let n = vm.want_str(arg(a, 1), "name")?;
        Ok(match arg(a, 0) {
            Value::Obj(c) => vm.lookup(c, &n).unwrap_or(Value::NotImplemented),
            _ => Value::NotImplemented,
        })
    });
    reg.func(p, "_user_method", 2, 2, |vm, a| {
        let n = vm.want_str(arg(a, 1), "name")?;
        Ok(vm.user_method(arg(a, 0), &n).unwrap_or(Value::None))
    });
    reg.func(p, "_set_cell", 2, 2, |vm, a| {
        if let Value::Obj(c) = arg(a, 0) {
            *vm.kind_mut(c) = Kind::Cell(arg(a, 1));
        }
        Ok(Value::None)
    });
    reg.func(p, "_relabel", 2, 2, |vm, a| {
        if let (Value::Obj(o), Value::Obj(c)) = (arg(a, 0), arg(a, 1)) {
            vm.heap.get_mut(o).class = c;
        }
        Ok(arg(a, 0))
    });
    reg.func_full(p, "_exec_in", |vm, args, cont| {
        let a = &args.pos;
        let Kind::Func(f) = vm.kind(arg(a, 0)) else { return vm.type_error("not a function") };
        let f = f.clone();
        let Value::Obj(ns) = arg(a, 1) else { return vm.type_error("not a dict") };
        vm.push_frame(&f, Vec::new(), Some(ns), cont)
    });
    reg.func(p, "_compile", 4, 4, compile_native);
    reg.func_full(p, "_exec_code", exec_code);
    reg.func(p, "_frozen", 1, 1, |vm, a| {
        let n = vm.want_str(arg(a, 0), "name")?;
        let found = crate::frozen::module(&n);
        Ok(match found {
            Some((text, package)) => {
                let t = vm.str(text);
                vm.tuple(vec![t, Value::Bool(package)])
            }
            None => Value::None,
        })
    });
    reg.func(p, "_new_module", 1, 1, |vm, a| {
        let dict = vm.new_dict();
        vm.set_name(dict, "__name__", arg(a, 0));
        vm.set_name(dict, "__doc__", Value::None);
        vm.set_name(dict, "__package__", Value::None);
        vm.set_name(dict, "__loader__", Value::None);
        vm.set_name(dict, "__spec__", Value::None);
        let b = vm.get_name(vm.prelude, "_native_modules").and_then(|d| match d {
            Value::Obj(d) => vm.get_name(d, "builtins"),
            _ => None,
        });
        vm.set_name(dict, "__builtins__", b.unwrap_or(Value::None));
        Ok(vm.alloc(T::Module, Kind::Module { dict }))
    });
    reg.func(p, "_exc_parts", 1, 1, |vm, a| {
        let Kind::Exc(x) = vm.kind(arg(a, 0)) else { return Ok(Value::None) };
        let (c, x2, s) = (x.cause.unwrap_or(Value::None), x.context.unwrap_or(Value::None), x.suppress);
        Ok(vm.tuple(vec![c, x2, Value::Bool(s)]))
    });
    reg.func(p, "_format_exc", 3, 3, |vm, a| {
        let m = vm.want_str(arg(a, 1), "message")?;
        let frames = arg(a, 2) == Value::Bool(true);
        let s = vm.format_exception(arg(a, 0), &m, frames);
        Ok(vm.str(s))
    });
    reg.func(p, "_format_tb", 1, 1, |vm, a| {
        let s = match vm.kind(arg(a, 0)) {
            Kind::Traceback(t) => crate::vm::traceback::format_entries(t),
            _ => String::new(),
        };
        Ok(vm.str(s))
    });
    reg.func(p, "_stack_entries", 0, 0, |vm, _| {
        let tb: Vec<_> = vm
            .frames
            .iter()
            .filter(|f| !f.code.source.hidden)
            .map(|f| crate::value::TbEntry { code: f.code.clone(), pc: f.pc.saturating_sub(1) })
            .collect();
        Ok(vm.alloc(T::Traceback, Kind::Traceback(tb.into())))
    });
    reg.func(p, "_handled", 0, 0, |vm, _| {
        Ok(vm.frames.iter().rev().skip(1).find_map(|f| f.handling.last().copied()).unwrap_or(Value::None))
    });
    reg.func(p, "_exit", 1, 1, |vm, a| {
        vm.exit = Some(vm.as_int(arg(a, 0)).unwrap_or(0) as i32 & 0xff);
        Ok(Value::None)
    });
    reg.func(p, "_caller_globals", 0, 0, |vm, _| {
        Ok(vm.frames.iter().rev().find(|f| !f.code.source.hidden).map_or(Value::None, |f| Value::Obj(f.globals)))
    });
    reg.func(p, "_caller_line", 0, 0, |vm, _| {
        let f = vm.frames.iter().rev().find(|f| !f.code.source.hidden);
        let t = f.map(|f| {
            let pos = f.code.pos.get(f.pc.saturating_sub(1) as usize).copied().unwrap_or_default();
            (f.code.source.filename.clone(), pos.span.line, f.code.name.clone())
        });
        let Some((file, line, name)) = t else { return Ok(Value::None) };
        let (file, name) = (vm.str(file), vm.str(name));
        Ok(vm.tuple(vec![file, Value::Int(line.into()), name]))
    });
    reg.func(p, "_recursion_limit", 1, 1, |vm, a| {
        let n = vm.as_int(arg(a, 0)).unwrap_or(0);
        if n > 0 {
            vm.recursion_limit = n.clamp(50, 20_000) as usize;
        }
        Ok(Value::Int(vm.recursion_limit as i64))
    });
    reg.func(p, "_gc", 0, 0, |vm, _| {
        vm.heap.since_gc = usize::MAX / 2;
        Ok(Value::Int(0))
    });
    reg.func(p, "_config", 0, 0, |vm, _| {
        let c = vm.config.clone();
        let d = vm.new_dict();
        for (k, v) in &c.env {
            let v = vm.str(v.as_str());
            vm.set_name(d, k, v);
        }
        let e = vm.str(c.executable.as_str());
        let version = if c.version.is_empty() { crate::VERSION } else { &c.version };
        let version = vm.str(version);
        Ok(vm.tuple(vec![Value::Obj(d), e, version]))
    });
    reg.func(p, "_jump_or_pop", 0, 0, |_, _| Ok(Value::None));
    reg.func(p, "_gen_state", 1, 1, |vm, a| {
        let Kind::Gen(g) = vm.kind(arg(a, 0)) else { return Ok(Value::None) };
        Ok(Value::Int(match (&g.frame, g.running, g.started) {
            (_, true, _) => 1,
            (None, ..) => 3,
            (_, _, false) => 0,
            _ => 2,
        }))
    });
    reg.func(p, "_compare_native", 3, 3, |vm, a| {
        use crate::syntax::ast::CmpOp;
        let op = match vm.text(arg(a, 0)).as_deref() {
            Some("==") => CmpOp::Eq,
            Some("!=") => CmpOp::Ne,
            Some("<") => CmpOp::Lt,
            Some("<=") => CmpOp::Le,
            Some(">") => CmpOp::Gt,
            _ => CmpOp::Ge,
        };
        Ok(vm.compare_native(op, arg(a, 1), arg(a, 2))?.map_or(Value::None, Value::Bool))
    });
    reg.func(p, "_same_kind", 2, 2, |vm, a| {
        let k = |v: Value| match vm.kind(v) {
            Kind::List(_) => 1,
            Kind::Tuple(_) => 2,
            Kind::Dict(_) => 3,
            Kind::Set(_) => 4,
            _ => 0,
        };
        let (x, y) = (k(arg(a, 0)), k(arg(a, 1)));
        Ok(Value::Int(if x == y { x } else { 0 }))
    });
    reg.func(p, "_kind", 1, 1, |vm, a| {
        Ok(Value::Int(match vm.kind(arg(a, 0)) {
            Kind::List(_) => 1,
            Kind::Tuple(_) => 2,
            Kind::Dict(_) => 3,
            Kind::Set(_) => 4,
            Kind::Exc(_) => 5,
            Kind::View(..) => 6,
            Kind::Class(_) => 7,
            Kind::Method { .. } => 8,
            Kind::Boxed(_) | Kind::BigInt(_) => 9,
            Kind::Str(_) => 10,
            _ => 0,
        }))
    });
    reg.func(p, "_full_name", 1, 1, |vm, a| {
        let s = match arg(a, 0) {
            Value::Obj(c) if vm.class_info(c).is_some() => vm.full_name(c),
            _ => String::new(),
        };
        Ok(vm.str(s))
    });
}

fn compile_native(vm: &mut Vm, a: &[Value]) -> R<Value> {
    let text = vm.want_str(arg(a, 0), "compile() arg 1")?;
    let file = vm.want_str(arg(a, 1), "compile() arg 2")?;
    let mode = vm.want_str(arg(a, 2), "compile() arg 3")?;
    let (eval, hidden) = (&*mode == "eval", &*mode == "hidden");
    let shown = arg(a, 3) == Value::Bool(true);
    let text_for = if eval { text.trim_start().to_owned() } else { text.to_string() };
    let kind = match &*mode {
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        _ => Mode::Exec,
    };
    match compile(&text_for, &file, kind, hidden, shown) {
        Ok(c) => Ok(vm.alloc(T::Code, Kind::Code(c))),
        Err(e) => {
            let t = match e.kind {
                ErrKind::Syntax => T::SyntaxError,
                ErrKind::Indentation => T::IndentationError,
                ErrKind::Tab => T::TabError,
            };
            let x = vm.exc(t, e.msg.clone());
            let line = text_for.split('\n').nth(e.span.line.saturating_sub(1) as usize).unwrap_or("").to_owned();
            let f = vm.str(file);
            let l = vm.str(format!("{line}\n"));
            for (n, v) in [
                ("filename", f),
                ("lineno", Value::Int(e.span.line.into())),
                ("offset", Value::Int(i64::from(e.span.col) + 1)),
                ("text", l),
                ("end_lineno", Value::Int(e.span.end_line.into())),
                ("end_offset", Value::Int(i64::from(e.span.end_col) + 1)),
            ] {
                vm.set_attr_raw(x, n, v);
            }
            Err(x)
        }
    }
}

/// Runs a code object with these globals and (maybe) locals.
fn exec_code(vm: &mut Vm, args: Args, cont: Cont) -> R<()> {
    let a = &args.pos;
    let Kind::Code(code) = vm.kind(arg(a, 0)) else {
        return vm.type_error("exec() arg 1 must be a string, bytes or code object");
    };
    let code = code.clone();
    let Value::Obj(globals) = arg(a, 1) else { return vm.type_error("exec() globals must be a dict") };
    let names: Option<Ref> = match arg(a, 2) {
        Value::Obj(r) => Some(r),
        _ => Some(globals),
    };
    let consts = vm.consts(&code);
    let f = Func {
        name: code.name.clone(),
        qualname: code.qualname.clone(),
        code,
        consts,
        globals,
        defaults: Arc::new([]),
        kwdefaults: Value::None,
        annotations: Value::None,
        closure: Arc::new([]),
        doc: Value::None,
        module: Value::None,
    };
    vm.push_frame(&f, Vec::new(), names, cont)
}
