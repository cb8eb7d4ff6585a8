//! One instruction after the other.

use super::frame::Block;
use super::*;
use crate::compile::code::Op;
use crate::syntax::ast::{BinOp, CmpOp, UnOp};
use crate::value::{Func, TbEntry};

impl Vm {
    /// Executes one instruction.
    pub(super) fn step(&mut self) {
        let Some(f) = self.frames.last_mut() else { return };
        let Some(op) = f.code.ops.get(f.pc as usize).copied() else {
            self.exit = Some(1);
            return;
        };
        f.pc += 1;
        if let Err(e) = self.exec(op) {
            self.unwind(e);
        }
    }

    #[allow(clippy::too_many_lines, reason = "the instruction table reads best in one piece")]
    fn exec(&mut self, op: Op) -> R<()> {
        match op {
            Op::LoadConst(i) => {
                let f = self.top();
                let v = f.consts.get(i as usize).copied().unwrap_or(Value::None);
                f.stack.push(v);
            }
            Op::LoadFast(i) => {
                let f = self.top();
                let v = f.locals.get(i as usize).copied().unwrap_or(Value::Unbound);
                if v.is_unbound() {
                    let n = f.code.varnames.get(i as usize).cloned().unwrap_or_default();
                    return self.fail(
                        T::UnboundLocalError,
                        format!("cannot access local variable '{n}' where it is not associated with a value"),
                    );
                }
                f.stack.push(v);
            }
            Op::StoreFast(i) => {
                let v = self.pop();
                let f = self.top();
                if let Some(l) = f.locals.get_mut(i as usize) {
                    *l = v;
                }
            }
            Op::DeleteFast(i) => {
                let f = self.top();
                let n = f.code.varnames.get(i as usize).cloned().unwrap_or_default();
                match f.locals.get_mut(i as usize) {
                    Some(l) if !l.is_unbound() => *l = Value::Unbound,
                    _ => {
                        return self.fail(
                            T::UnboundLocalError,
                            format!("cannot access local variable '{n}' where it is not associated with a value"),
                        );
                    }
                }
            }
            Op::LoadName(i) => {
                let (n, names, globals) = self.name_at(i);
                let v = names
                    .and_then(|d| self.get_name_hashed(d, &n.s, n.hash))
                    .or_else(|| self.get_name_hashed(globals, &n.s, n.hash))
                    .or_else(|| self.get_name_hashed(self.builtins, &n.s, n.hash));
                match v {
                    Some(v) => self.push(v),
                    None => return self.name_error(&n.s),
                }
            }
            Op::LoadGlobal(i) => {
                let (n, _, globals) = self.name_at(i);
                let v = self
                    .get_name_hashed(globals, &n.s, n.hash)
                    .or_else(|| self.get_name_hashed(self.builtins, &n.s, n.hash));
                match v {
                    Some(v) => self.push(v),
                    None => return self.name_error(&n.s),
                }
            }
            Op::StoreName(i) => {
                let (n, names, globals) = self.name_at(i);
                let v = self.pop();
                self.set_name(names.unwrap_or(globals), &n.s, v);
            }
            Op::StoreGlobal(i) => {
                let (n, _, globals) = self.name_at(i);
                let v = self.pop();
                self.set_name(globals, &n.s, v);
            }
            Op::DeleteName(i) => {
                let (n, names, globals) = self.name_at(i);
                if !self.del_name(names.unwrap_or(globals), &n.s) {
                    return self.name_error(&n.s);
                }
            }
            Op::DeleteGlobal(i) => {
                let (n, _, globals) = self.name_at(i);
                if !self.del_name(globals, &n.s) {
                    return self.name_error(&n.s);
                }
            }
            Op::LoadDeref(i) => {
                let v = self.cell(i);
                if v.is_unbound() {
                    return self.unbound_cell(i);
                }
                self.push(v);
            }
            Op::LoadClassDeref(i) => {
                let f = self.top();
                let (names, name) = (f.names, cell_name(&f.code, i));
                if let Some(v) = names.and_then(|d| self.get_name(d, &name)) {
                    self.push(v);
                    return Ok(());
                }
                let v = self.cell(i);
                if v.is_unbound() {
                    return self.unbound_cell(i);
                }
                self.push(v);
            }
            Op::StoreDeref(i) => {
                let v = self.pop();
                if let Some(c) = self.top().cells.get(i as usize).copied() {
                    *self.kind_mut(c) = Kind::Cell(v);
                }
            }
            Op::DeleteDeref(i) => {
                if self.cell(i).is_unbound() {
                    return self.unbound_cell(i);
                }
                if let Some(c) = self.top().cells.get(i as usize).copied() {
                    *self.kind_mut(c) = Kind::Cell(Value::Unbound);
                }
            }
            Op::LoadClosure(i) => {
                if let Some(c) = self.top().cells.get(i as usize).copied() {
                    self.push(Value::Obj(c));
                }
            }
            Op::LoadAttr(i) => {
                let o = self.pop();
                let (n, ..) = self.name_at(i);
                return self.load_attr(o, &n.s, n.hash, Cont::Push);
            }
            Op::LoadMethod(i) => {
                let o = self.pop();
                let (n, ..) = self.name_at(i);
                if let Some(f) = self.plain_method(o, &n.s, n.hash) {
                    self.push(f);
                    self.push(o);
                    return Ok(());
                }
                return self.load_attr_null(o, &n.s, n.hash);
            }
            Op::StoreAttr(i) => {
                let o = self.pop();
                let v = self.pop();
                let (n, ..) = self.name_at(i);
                return self.store_attr(o, &n.s, v, Cont::Discard);
            }
            Op::DeleteAttr(i) => {
                let o = self.pop();
                let (n, ..) = self.name_at(i);
                return self.delete_attr(o, &n.s, Cont::Discard);
            }
            Op::LoadPrelude(i) => {
                let (n, ..) = self.name_at(i);
                let v = self.prelude_fn(&n.s);
                self.push(v);
            }
            Op::BinarySubscr => {
                let i = self.pop();
                let o = self.pop();
                return self.subscript(o, i, Cont::Push);
            }
            Op::StoreSubscr => {
                let i = self.pop();
                let o = self.pop();
                let v = self.pop();
                return self.set_subscript(o, i, v, Cont::Discard);
            }
            Op::DeleteSubscr => {
                let i = self.pop();
                let o = self.pop();
                return self.del_subscript(o, i, Cont::Discard);
            }
            Op::Binary(op) => {
                let b = self.pop();
                let a = self.pop();
                if let (Value::Int(x), Value::Int(y)) = (a, b) {
                    let r = match op {
                        BinOp::Add => x.checked_add(y),
                        BinOp::Sub => x.checked_sub(y),
                        BinOp::Mul => x.checked_mul(y),
                        _ => None,
                    };
                    if let Some(r) = r {
                        self.push(Value::Int(r));
                        return Ok(());
                    }
                }
                return self.binary(op, false, a, b, Cont::Push);
            }
            Op::Inplace(op) => {
                let b = self.pop();
                let a = self.pop();
                return self.binary(op, true, a, b, Cont::Push);
            }
            Op::Unary(op) => {
                let a = self.pop();
                if op == UnOp::Not {
                    return match self.truth(a)? {
                        Some(t) => {
                            self.push(Value::Bool(!t));
                            Ok(())
                        }
                        None => self.slow_truth(a, true),
                    };
                }
                return self.unary(op, a, Cont::Push);
            }
            Op::Compare(op) => {
                let b = self.pop();
                let a = self.pop();
                if let (Value::Int(x), Value::Int(y)) = (a, b) {
                    let r = match op {
                        CmpOp::Eq => x == y,
                        CmpOp::Ne => x != y,
                        CmpOp::Lt => x < y,
                        CmpOp::Le => x <= y,
                        CmpOp::Gt => x > y,
                        _ => x >= y,
                    };
                    self.push(Value::Bool(r));
                    return Ok(());
                }
                return self.compare(op, a, b, Cont::Push);
            }
            Op::Contains(not) => {
                let c = self.pop();
                let x = self.pop();
                return self.contains(c, x, not);
            }
            Op::Is(not) => {
                let b = self.pop();
                let a = self.pop();
                self.push(Value::Bool(a.same(b) != not));
            }
            Op::BuildTuple(n) => {
                let vs = self.take(n);
                let v = self.tuple(vs);
                self.push(v);
            }
            Op::BuildList(n) => {
                let vs = self.take(n);
                let v = self.list(vs);
                self.push(v);
            }
            Op::BuildSet(n) => {
                let vs = self.take(n);
                let s = self.alloc(T::Set, Kind::Set(crate::set::Set::default()));
                let mut slow = false;
                if let Value::Obj(r) = s {
                    for v in &vs {
                        if !self.set_add(r, *v)? {
                            slow = true;
                        }
                    }
                }
                if slow {
                    let l = self.list(vs);
                    return self.call_prelude("_set_from", vec![s, l], Cont::Push);
                }
                self.push(s);
            }
            Op::BuildMap(n) => {
                let vs = self.take(n * 2);
                let d = self.new_dict();
                let mut slow = Vec::new();
                for p in vs.chunks(2) {
                    if let [k, v] = p
                        && !self.dict_set(d, *k, *v)?
                    {
                        slow.extend([*k, *v]);
                    }
                }
                if !slow.is_empty() {
                    let l = self.list(slow);
                    return self.call_prelude("_dict_from_flat", vec![Value::Obj(d), l], Cont::Push);
                }
                self.push(Value::Obj(d));
            }
            Op::BuildString(n) => {
                let vs = self.take(n);
                let mut s = String::new();
                for v in vs {
                    if let Some(t) = self.as_str(v) {
                        s.push_str(&t.s);
                    }
                }
                let v = self.str(s);
                self.push(v);
            }
            Op::BuildSlice(n) => {
                let c = if n == 3 { self.pop() } else { Value::None };
                let b = self.pop();
                let a = self.pop();
                let v = self.alloc(T::Slice, Kind::Slice(a, b, c));
                self.push(v);
            }
            Op::ListAppend(depth) => {
                let v = self.pop();
                if let Value::Obj(r) = self.peek(depth - 1)
                    && let Kind::List(l) = self.kind_mut(r)
                {
                    l.push(v);
                }
            }
            Op::SetAdd(depth) => {
                let v = self.pop();
                if let Value::Obj(r) = self.peek(depth - 1)
                    && !self.set_add(r, v)?
                {
                    return self.call_prelude("_set_add", vec![Value::Obj(r), v], Cont::Discard);
                }
            }
            Op::MapAdd(depth) => {
                let v = self.pop();
                let k = self.pop();
                if let Value::Obj(r) = self.peek(depth - 1)
                    && !self.dict_set(r, k, v)?
                {
                    return self.call_prelude("_dict_set", vec![Value::Obj(r), k, v], Cont::Discard);
                }
            }
            Op::ListExtend => {
                let it = self.pop();
                let l = self.peek(0);
                return self.extend(l, it, Cont::Discard);
            }
            Op::SetUpdate => {
                let it = self.pop();
                let s = self.peek(0);
                return self.call_prelude("_set_from", vec![s, it], Cont::Discard);
            }
            Op::DictUpdate => {
                let it = self.pop();
                let d = self.peek(0);
                return self.call_prelude("_dict_update", vec![d, it], Cont::Discard);
            }
            Op::DictMerge => {
                let it = self.pop();
                let d = self.peek(0);
                let f = self.peek(3);
                return self.call_prelude("_dict_merge", vec![d, it, f], Cont::Discard);
            }
            Op::ListToTuple => {
                let l = self.pop();
                let vs = self.items(l).unwrap_or_default();
                let v = self.tuple(vs);
                self.push(v);
            }
            Op::FormatValue { conv, spec } => {
                let s = if spec { self.pop() } else { Value::Unbound };
                let v = self.pop();
                return self.format_value(v, conv, s, Cont::Push);
            }
            Op::Jump(t) => self.top().pc = t,
            Op::PopJumpIfFalse(t) | Op::PopJumpIfTrue(t) => {
                let v = self.pop();
                let want = matches!(op, Op::PopJumpIfTrue(_));
                match self.truth(v)? {
                    Some(b) => {
                        if b == want {
                            self.top().pc = t;
                        }
                    }
                    None => return self.again(v),
                }
            }
            Op::JumpIfFalseOrPop(t) | Op::JumpIfTrueOrPop(t) => {
                let v = self.pop();
                let want = matches!(op, Op::JumpIfTrueOrPop(_));
                match self.truth(v)? {
                    Some(b) => {
                        if b == want {
                            self.push(v);
                            self.top().pc = t;
                        }
                    }
                    None => return self.truth_or(v, t, want),
                }
            }
            Op::GetIter => {
                let v = self.pop();
                return self.get_iter(v, Cont::Iter);
            }
            Op::ForIter(t) => {
                let it = self.peek(0);
                return self.next(it, Cont::ForIter(t));
            }
            Op::PushNull => self.push(Value::Unbound),
            Op::Call(n) => {
                let pos = self.take(u32::from(n));
                return self.call_stack(pos, Vec::new());
            }
            Op::CallKw(n, c) => {
                let names = self.top().consts.get(c as usize).copied().unwrap_or(Value::None);
                let names: Vec<Arc<str>> =
                    self.items(names).unwrap_or_default().into_iter().filter_map(|v| self.text(v)).collect();
                let mut pos = self.take(u32::from(n));
                let at = pos.len().saturating_sub(names.len());
                let kw = names.into_iter().zip(pos.split_off(at)).collect();
                return self.call_stack(pos, kw);
            }
            Op::CallEx(has_kw) => {
                let mut kw = Vec::new();
                if has_kw {
                    let d = self.pop();
                    let es: Vec<(Value, Value)> = self.as_dict(d).map(|d| d.entries().collect()).unwrap_or_default();
                    for (k, v) in es {
                        match self.text(k) {
                            Some(s) => kw.push((s, v)),
                            None => return self.type_error("keywords must be strings"),
                        }
                    }
                }
                let l = self.pop();
                let pos = self.items(l).unwrap_or_default();
                return self.call_stack(pos, kw);
            }
            Op::MakeFunction(c, flags) => self.make_function(c, flags),
            Op::Return => {
                let v = self.pop();
                return self.return_value(v);
            }
            Op::Yield => {
                let v = self.pop();
                return self.yield_value(v);
            }
            Op::YieldFrom => return self.yield_from(),
            Op::GetAwaitable => {
                let v = self.pop();
                return self.call_prelude("_get_awaitable", vec![v], Cont::Push);
            }
            Op::Setup(t) | Op::SetupWith(t) => {
                let less = u32::from(matches!(op, Op::SetupWith(_)));
                let f = self.top();
                let b = Block {
                    handler: t,
                    depth: (f.stack.len() as u32).saturating_sub(less),
                    handling: f.handling.len() as u32,
                };
                f.blocks.push(b);
            }
            Op::PopBlock => {
                self.top().blocks.pop();
            }
            Op::PopExcept => {
                self.top().handling.pop();
            }
            Op::Raise(n) => return self.raise(n),
            Op::Reraise => {
                let e = self.pop();
                // The place of the first raise stays: no new traceback entry for this frame.
                self.forget_entry(e);
                return Err(e);
            }
            Op::MatchExc => {
                let t = self.pop();
                let e = self.pop();
                let m = self.match_exc(e, t)?;
                self.push(Value::Bool(m));
            }
            Op::BeforeWith(is_async) => {
                let m = self.pop();
                let (enter, exit) = if is_async { ("__aenter__", "__aexit__") } else { ("__enter__", "__exit__") };
                let class = self.class_of(m);
                let (Some(enter_fn), Some(exit_fn)) = (self.lookup(class, enter), self.lookup(class, exit)) else {
                    let name = self.type_name(m);
                    let what = if is_async { "asynchronous context manager" } else { "context manager" };
                    let missing = if self.lookup(class, enter).is_none() { "" } else { " (missed __exit__ method)" };
                    return self.type_error(format!("'{name}' object does not support the {what} protocol{missing}"));
                };
                let exit = self.bind(exit_fn, m);
                self.push(exit);
                let enter = self.bind(enter_fn, m);
                return self.call(enter, Args::default(), Cont::Push);
            }
            Op::WithExcept => {
                let e = self.peek(0);
                let exit = self.peek(1);
                let t = Value::Obj(self.class_of(e));
                let tb = self.traceback_of(e);
                return self.call(exit, Args::of(vec![t, e, tb]), Cont::Push);
            }
            Op::ImportName(i) => {
                let from = self.pop();
                let level = self.pop();
                let (n, _, globals) = self.name_at(i);
                let name = self.str(n.s.clone());
                return self.call_prelude("_import", vec![name, Value::Obj(globals), from, level], Cont::Push);
            }
            Op::ImportFrom(i) => {
                let m = self.peek(0);
                let (n, ..) = self.name_at(i);
                if let Kind::Module { dict } = self.kind(m)
                    && let Some(v) = self.get_name_hashed(*dict, &n.s, n.hash)
                {
                    self.push(v);
                    return Ok(());
                }
                let s = self.str(n.s.clone());
                return self.call_prelude("_import_from", vec![m, s], Cont::Push);
            }
            Op::ImportStar => {
                let m = self.pop();
                let globals = self.top().globals;
                return self.call_prelude("_import_star", vec![m, Value::Obj(globals)], Cont::Discard);
            }
            Op::BuildClass => {
                let f = self.prelude_fn("__build_class__");
                self.push(f);
            }
            Op::Unpack(n) => {
                let v = self.pop();
                return self.unpack(v, n as usize);
            }
            Op::UnpackEx(before, after) => {
                let v = self.pop();
                return self.unpack_ex(v, before as usize, after as usize);
            }
            Op::Pop => {
                self.pop();
            }
            Op::Dup => {
                let v = self.peek(0);
                self.push(v);
            }
            Op::Dup2 => {
                let (a, b) = (self.peek(1), self.peek(0));
                self.push(a);
                self.push(b);
            }
            Op::Rot2 => {
                let b = self.pop();
                let a = self.pop();
                self.push(b);
                self.push(a);
            }
            Op::Rot3 => {
                let c = self.pop();
                let b = self.pop();
                let a = self.pop();
                self.push(c);
                self.push(a);
                self.push(b);
            }
            Op::SetupAnnotations => {
                let f = self.top();
                let names = f.names.unwrap_or(f.globals);
                if self.get_name(names, "__annotations__").is_none() {
                    let d = self.new_dict();
                    self.set_name(names, "__annotations__", Value::Obj(d));
                }
            }
            Op::Nop => {}
        }
        Ok(())
    }

    fn name_at(&mut self, i: u32) -> (crate::compile::code::Name, Option<Ref>, Ref) {
        let f = self.top();
        let n = f.code.names.get(i as usize).cloned();
        let n = n.unwrap_or_else(|| crate::compile::code::Name::new("".into()));
        (n, f.names, f.globals)
    }

    fn name_error(&mut self, n: &str) -> R<()> {
        self.fail(T::NameError, format!("name '{n}' is not defined"))
    }

    fn cell(&mut self, i: u32) -> Value {
        let c = self.top().cells.get(i as usize).copied();
        match c.map(|c| &self.object(c).kind) {
            Some(Kind::Cell(v)) => *v,
            _ => Value::Unbound,
        }
    }

    fn unbound_cell(&mut self, i: u32) -> R<()> {
        let code = self.top().code.clone();
        let n = cell_name(&code, i);
        if (i as usize) < code.cellvars.len() {
            return self.fail(
                T::UnboundLocalError,
                format!("cannot access local variable '{n}' where it is not associated with a value"),
            );
        }
        self.fail(
            T::NameError,
            format!("cannot access free variable '{n}' where it is not associated with a value in enclosing scope"),
        )
    }

    pub(super) fn peek(&self, depth: u32) -> Value {
        self.frames
            .last()
            .and_then(|f| f.stack.len().checked_sub(depth as usize + 1).and_then(|i| f.stack.get(i)))
            .copied()
            .unwrap_or(Value::None)
    }

    pub(super) fn take(&mut self, n: u32) -> Vec<Value> {
        let f = self.top();
        let at = f.stack.len().saturating_sub(n as usize);
        f.stack.split_off(at)
    }

    fn call_stack(&mut self, mut pos: Vec<Value>, kw: Vec<(Arc<str>, Value)>) -> R<()> {
        let this = self.pop();
        let f = self.pop();
        if !this.is_unbound() {
            pos.insert(0, this);
        }
        self.call(f, Args { pos, kw }, Cont::Push)
    }

    /// Runs the instruction again with the value's truth in its place.
    fn again(&mut self, v: Value) -> R<()> {
        self.top().pc -= 1;
        self.slow_truth(v, false)
    }

    /// `v and …` with a truth that Python code must tell: keeps the value.
    fn truth_or(&mut self, v: Value, target: u32, want: bool) -> R<()> {
        self.push(v);
        self.ask_truth(v, Cont::TruthOr { target, want })
    }

    fn make_function(&mut self, c: u32, flags: u8) {
        let closure = if flags & 8 != 0 { self.pop() } else { Value::None };
        let annotations = if flags & 4 != 0 { self.pop() } else { Value::None };
        let kwdefaults = if flags & 2 != 0 { self.pop() } else { Value::None };
        let defaults = if flags & 1 != 0 { self.pop() } else { Value::None };
        let f = self.top();
        let globals = f.globals;
        let Some(code) = f.consts.get(c as usize).copied() else { return };
        let Kind::Code(code) = self.kind(code) else { return };
        let code = code.clone();
        let consts = self.consts(&code);
        let doc = match &code.doc {
            Some(d) => self.str(d.clone()),
            None => Value::None,
        };
        let module = self.get_name(globals, "__name__").unwrap_or(Value::None);
        let func = Func {
            name: code.name.clone(),
            qualname: code.qualname.clone(),
            code,
            consts,
            globals,
            defaults: self.items(defaults).unwrap_or_default().into(),
            kwdefaults,
            annotations,
            closure: self.items(closure).unwrap_or_default().into(),
            doc,
            module,
        };
        let v = self.alloc(T::Function, Kind::Func(Box::new(func)));
        self.push(v);
    }

    fn unpack(&mut self, v: Value, n: usize) -> R<()> {
        let Some(items) = self.fast_items(v) else {
            return self.call_prelude("_unpack", vec![v, Value::Int(n as i64)], Cont::Push).map(|()| {
                // The prelude's answer is a tuple of exactly n: unpack it when it is there.
                let f = self.frames.len().checked_sub(2).and_then(|i| self.frames.get_mut(i));
                if let Some(f) = f {
                    f.pc -= 1;
                }
            });
        };
        if items.len() < n {
            return self.value_error(format!("not enough values to unpack (expected {n}, got {})", items.len()));
        }
        if items.len() > n {
            return self.value_error(format!("too many values to unpack (expected {n})"));
        }
        self.top().stack.extend(items.into_iter().rev());
        Ok(())
    }

    fn unpack_ex(&mut self, v: Value, before: usize, after: usize) -> R<()> {
        let Some(mut items) = self.fast_items(v) else {
            return self.call_prelude("_to_list", vec![v], Cont::Push).map(|()| {
                let f = self.frames.len().checked_sub(2).and_then(|i| self.frames.get_mut(i));
                if let Some(f) = f {
                    f.pc -= 1;
                }
            });
        };
        if items.len() < before + after {
            return self.value_error(format!(
                "not enough values to unpack (expected at least {}, got {})",
                before + after,
                items.len()
            ));
        }
        let tail = items.split_off(items.len() - after);
        let middle = items.split_off(before);
        let middle = self.list(middle);
        let f = self.top();
        f.stack.extend(tail.into_iter().rev());
        f.stack.push(middle);
        f.stack.extend(items.into_iter().rev());
        Ok(())
    }

    /// An exception that is raised again keeps the place where this frame raised it first.
    pub(super) fn forget_entry(&mut self, e: Value) {
        let Some(f) = self.frames.last() else { return };
        let code = f.code.clone();
        if let Value::Obj(r) = e
            && let Kind::Exc(x) = self.kind_mut(r)
            && x.tb.first().is_some_and(|t: &TbEntry| Arc::ptr_eq(&t.code, &code))
        {
            // The unwinder will add this frame again: mark it by moving the entry's place there.
            let t = x.tb.remove(0);
            self.reraise_at = Some(t.pc);
        }
    }
}

fn cell_name(code: &Code, i: u32) -> Arc<str> {
    code.cellvars.iter().chain(&code.freevars).nth(i as usize).cloned().unwrap_or_default()
}
