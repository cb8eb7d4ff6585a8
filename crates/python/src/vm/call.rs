//! Calls: binding arguments to parameters, classes, natives.

use super::*;
use crate::value::{Func, Gen};

impl Vm {
    /// Calls anything; the result goes to `cont`.
    pub(crate) fn call(&mut self, mut f: Value, mut args: Args, cont: Cont) -> R<()> {
        for _ in 0..100 {
            match self.kind(f) {
                Kind::Func(func) => {
                    let func = func.clone();
                    return self.call_func(&func, args, cont);
                }
                Kind::Method { func, this } => {
                    let (func, this) = (*func, *this);
                    args.pos.insert(0, this);
                    f = func;
                }
                Kind::Native(id) => return self.call_native(*id, args, cont),
                Kind::NativeMethod(id, this) => {
                    let (id, this) = (*id, *this);
                    args.pos.insert(0, this);
                    return self.call_native(id, args, cont);
                }
                Kind::Class(_) => {
                    let Value::Obj(c) = f else { break };
                    return self.call_class(c, args, cont);
                }
                Kind::StaticMethod(inner) => f = *inner,
                _ => {
                    let class = self.class_of(f);
                    match self.lookup(class, "__call__") {
                        Some(m) => f = self.bind(m, f),
                        None => break,
                    }
                }
            }
        }
        let t = self.type_name(f);
        self.type_error(format!("'{t}' object is not callable"))
    }

    fn call_native(&mut self, id: u32, args: Args, cont: Cont) -> R<()> {
        let natives = self.natives.clone();
        let Some(n) = natives.get(id as usize) else { return Ok(()) };
        match n.body {
            Body::Full(f) => f(self, args, cont),
            Body::Plain(f, min, max) => {
                if !args.kw.is_empty() {
                    let name = self.native_name(n);
                    return self.type_error(format!("{name}() takes no keyword arguments"));
                }
                let this = usize::from(n.class.is_some());
                let got = args.pos.len();
                if got < min || got > max {
                    return self.arity(n, got.saturating_sub(this), min - this.min(min), max.saturating_sub(this));
                }
                let v = f(self, &args.pos)?;
                self.deliver(cont, v)
            }
        }
    }

    fn native_name(&self, n: &Native) -> String {
        match n.class {
            Some(t) => format!("{}.{}", self.class_name(t.class()), n.name),
            None => n.name.to_owned(),
        }
    }

    fn arity(&mut self, n: &Native, got: usize, min: usize, max: usize) -> R<()> {
        let full = self.native_name(n);
        let s = |n: usize| if n == 1 { "" } else { "s" };
        let msg = if min == max {
            match min {
                0 => format!("{full}() takes no arguments ({got} given)"),
                1 => format!("{full}() takes exactly one argument ({got} given)"),
                _ => format!("{} expected {min} arguments, got {got}", n.name),
            }
        } else if got < min {
            format!("{} expected at least {min} argument{}, got {got}", n.name, s(min))
        } else {
            format!("{} expected at most {max} argument{}, got {got}", n.name, s(max))
        };
        self.type_error(msg)
    }

    fn call_func(&mut self, func: &Func, args: Args, cont: Cont) -> R<()> {
        let locals = self.bind_args(func, args)?;
        self.push_frame(func, locals, None, cont)
    }

    /// A new frame; a generator's is put into a generator object instead.
    pub(crate) fn push_frame(&mut self, func: &Func, mut locals: Vec<Value>, names: Option<Ref>, cont: Cont) -> R<()> {
        if self.frames.len() >= self.recursion_limit + BASE_FRAMES {
            return self.recursion_error();
        }
        let code = &func.code;
        locals.resize(code.varnames.len(), Value::Unbound);
        let mut cells = Vec::with_capacity(code.cellvars.len() + func.closure.len());
        for _ in &code.cellvars {
            cells.push(self.heap.alloc(T::Cell.class(), Kind::Cell(Value::Unbound)));
        }
        for (local, cell) in &code.cell_args {
            if let (Some(v), Some(c)) = (locals.get(*local as usize), cells.get(*cell as usize)) {
                *self.heap.get_mut(*c) = Object { class: T::Cell.class(), attrs: None, kind: Kind::Cell(*v) };
            }
        }
        for c in func.closure.iter() {
            if let Value::Obj(r) = c {
                cells.push(*r);
            }
        }
        let mut frame = Frame {
            code: code.clone(),
            consts: func.consts.clone(),
            pc: 0,
            locals,
            cells,
            stack: Vec::new(),
            blocks: Vec::new(),
            handling: Vec::new(),
            globals: func.globals,
            names,
            generator: None,
            null_after: false,
            cont: Cont::Push,
        };
        if !code.generator {
            frame.cont = cont;
            self.frames.push(frame);
            return Ok(());
        }
        let t = if code.coroutine { T::Coroutine } else { T::Generator };
        let g = Gen {
            frame: None,
            running: false,
            started: false,
            name: func.name.clone(),
            qualname: func.qualname.clone(),
        };
        let v = self.alloc(t, Kind::Gen(Box::new(g)));
        if let Value::Obj(r) = v {
            frame.generator = Some(r);
            if let Kind::Gen(g) = self.kind_mut(r) {
                g.frame = Some(Box::new(frame));
            }
        }
        self.deliver(cont, v)
    }

    fn bind_args(&mut self, func: &Func, args: Args) -> R<Vec<Value>> {
        let code = &func.code;
        let (argc, kwonly) = (code.argcount as usize, code.kwonly as usize);
        let mut pos = args.pos;
        if pos.len() == argc && args.kw.is_empty() && kwonly == 0 && !code.varargs && !code.varkw {
            return Ok(pos);
        }
        let given = pos.len();
        let extra = if pos.len() > argc { pos.split_off(argc) } else { Vec::new() };
        let mut locals = pos;
        locals.resize(argc + kwonly, Value::Unbound);
        let mut more_kw: Vec<(Arc<str>, Value)> = Vec::new();
        let mut posonly_named: Vec<String> = Vec::new();
        for (k, v) in args.kw {
            let names = code.varnames.get(..argc + kwonly).unwrap_or(&[]);
            match names.iter().position(|n| *n == k) {
                Some(i) if i >= code.posonly as usize => {
                    if let Some(l) = locals.get_mut(i) {
                        if !l.is_unbound() {
                            return self
                                .type_error(format!("{}() got multiple values for argument '{k}'", func.qualname));
                        }
                        *l = v;
                    }
                }
                Some(_) if !code.varkw => posonly_named.push(k.to_string()),
                _ if code.varkw => more_kw.push((k, v)),
                _ => {
                    return self.type_error(format!("{}() got an unexpected keyword argument '{k}'", func.qualname));
                }
            }
        }
        if !posonly_named.is_empty() {
            return self.type_error(format!(
                "{}() got some positional-only arguments passed as keyword arguments: '{}'",
                func.qualname,
                posonly_named.join(", ")
            ));
        }
        if !extra.is_empty() && !code.varargs {
            return self.too_many(func, given, &locals);
        }
        let first_default = argc.saturating_sub(func.defaults.len());
        let mut missing = Vec::new();
        for i in 0..argc {
            if let Some(l) = locals.get_mut(i)
                && l.is_unbound()
            {
                match i.checked_sub(first_default).and_then(|d| func.defaults.get(d)) {
                    Some(d) => *l = *d,
                    None => missing.push(code.varnames.get(i).cloned().unwrap_or_default()),
                }
            }
        }
        if !missing.is_empty() {
            return self.missing(func, &missing, "positional");
        }
        for i in argc..argc + kwonly {
            if locals.get(i).is_some_and(|l| l.is_unbound()) {
                let name = code.varnames.get(i).cloned().unwrap_or_default();
                let d = match func.kwdefaults {
                    Value::Obj(d) => self.get_name(d, &name),
                    _ => None,
                };
                match d {
                    Some(d) => locals[i] = d,
                    None => missing.push(name),
                }
            }
        }
        if !missing.is_empty() {
            return self.missing(func, &missing, "keyword-only");
        }
        if code.varargs {
            let t = self.tuple(extra);
            locals.push(t);
        }
        if code.varkw {
            let d = self.new_dict();
            for (k, v) in more_kw {
                self.set_name(d, &k, v);
            }
            locals.push(Value::Obj(d));
        }
        Ok(locals)
    }

    fn missing(&mut self, func: &Func, names: &[Arc<str>], kind: &str) -> R<Vec<Value>> {
        let quoted: Vec<String> = names.iter().map(|n| format!("'{n}'")).collect();
        let list = match quoted.as_slice() {
            [a] => a.clone(),
            [a, b] => format!("{a} and {b}"),
            [init @ .., last] => format!("{}, and {last}", init.join(", ")),
            [] => String::new(),
        };
        let s = if names.len() == 1 { "" } else { "s" };
        self.type_error(format!("{}() missing {} required {kind} argument{s}: {list}", func.qualname, names.len()))
    }

    fn too_many(&mut self, func: &Func, given: usize, locals: &[Value]) -> R<Vec<Value>> {
        let argc = func.code.argcount as usize;
        let defaults = func.defaults.len();
        let s = |n: usize| if n == 1 { "" } else { "s" };
        let takes = if defaults > 0 { format!("from {} to {argc}", argc - defaults) } else { argc.to_string() };
        let plural = if defaults > 0 { "s" } else { s(argc) };
        let kw = locals.iter().skip(argc).filter(|l| !l.is_unbound()).count();
        let were = if kw > 0 {
            format!("{given} positional argument{} (and {kw} keyword-only argument{}) were", s(given), s(kw))
        } else if given == 1 {
            "1 was".into()
        } else {
            format!("{given} were")
        };
        self.type_error(format!("{}() takes {takes} positional argument{plural} but {were} given", func.qualname))
    }

    fn call_class(&mut self, class: Ref, args: Args, cont: Cont) -> R<()> {
        if class == T::Type.class() && args.pos.len() == 1 && args.kw.is_empty() {
            let c = args.pos.first().map_or(T::Type.class(), |v| self.class_of(*v));
            return self.deliver(cont, Value::Obj(c));
        }
        let meta = self.class_of(Value::Obj(class));
        if meta != T::Type.class()
            && let Some(m) = self.lookup(meta, "__call__")
            && matches!(self.kind(m), Kind::Func(_))
        {
            let mut args = args;
            args.pos.insert(0, Value::Obj(class));
            return self.call(m, args, cont);
        }
        self.make_instance(class, args, cont)
    }

    /// `type.__call__`: `__new__`, then `__init__`.
    pub(crate) fn make_instance(&mut self, class: Ref, mut args: Args, cont: Cont) -> R<()> {
        if let Some(n) = self.lookup(class, "__new__") {
            let n = match self.kind(n) {
                Kind::StaticMethod(f) => *f,
                _ => n,
            };
            if matches!(self.kind(n), Kind::Func(_)) {
                let saved = args.clone();
                args.pos.insert(0, Value::Obj(class));
                if !matches!(cont, Cont::Push) {
                    // Only a push can be followed by __init__: let the prelude do both steps.
                    let pos = self.tuple(saved.pos);
                    let kw = self.kw_dict(saved.kw);
                    return self.call_prelude("_construct", vec![Value::Obj(class), pos, kw], cont);
                }
                return self.call(n, args, Cont::New { class, args: Box::new(saved) });
            }
        }
        let init = self.lookup(class, "__init__").filter(|f| matches!(self.kind(*f), Kind::Func(_)));
        let layout = self.layout(class);
        if init.is_some() && !crate::types::news_with_args(layout) {
            let v = self.blank(class, &args)?;
            return self.call_init(v, args, cont);
        }
        if let Some(f) = init {
            let _ = f;
            let pos = self.tuple(args.pos);
            let kw = self.kw_dict(args.kw);
            return self.call_prelude("_construct", vec![Value::Obj(class), pos, kw], cont);
        }
        crate::types::construct(self, class, layout, args, cont)
    }

    pub(crate) fn kw_dict(&mut self, kw: Vec<(Arc<str>, Value)>) -> Value {
        let d = self.new_dict();
        for (k, v) in kw {
            self.set_name(d, &k, v);
        }
        Value::Obj(d)
    }

    /// Calls a Python `__init__` on a new object; the object is the result.
    pub(crate) fn call_init(&mut self, v: Value, mut args: Args, cont: Cont) -> R<()> {
        let class = self.class_of(v);
        let Some(init) = self.lookup(class, "__init__").filter(|f| matches!(self.kind(*f), Kind::Func(_))) else {
            return self.deliver(cont, v);
        };
        if !matches!(cont, Cont::Push) {
            let pos = self.tuple(args.pos);
            let kw = self.kw_dict(args.kw);
            return self.call_prelude("_init", vec![v, pos, kw], cont);
        }
        args.pos.insert(0, v);
        self.call(init, args, Cont::Init(v))
    }

    /// The builtin class whose native form a class's instances have.
    pub(crate) fn layout(&self, class: Ref) -> Ref {
        match &self.object(class).kind {
            Kind::Class(c) => c.layout,
            _ => T::Object.class(),
        }
    }

    /// An empty instance of a class with a Python `__init__`.
    pub(crate) fn blank(&mut self, class: Ref, args: &Args) -> R<Value> {
        let layout = self.layout(class);
        let kind = if layout == T::List.class() {
            Kind::List(Vec::new())
        } else if layout == T::Dict.class() {
            Kind::Dict(Dict::default())
        } else if layout == T::Set.class() {
            Kind::Set(crate::set::Set::default())
        } else if layout == T::ByteArray.class() {
            Kind::ByteArray(Vec::new())
        } else if layout == T::BaseException.class() {
            Kind::Exc(Box::new(Exc { args: args.pos.clone(), ..Exc::default() }))
        } else {
            Kind::Instance
        };
        Ok(Value::Obj(self.heap.alloc(class, kind)))
    }
}
