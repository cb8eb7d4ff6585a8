//! Statements.

use super::*;

impl<'a> Compiler<'a> {
    pub(super) fn module(&mut self, body: &'a [Stmt]) -> Res<()> {
        if let Some(doc) = docstring(body).filter(|_| !self.single) {
            self.load(Const::Str(doc));
            self.store_name(&"__doc__".into());
        }
        if annotates(body) {
            self.emit(Op::SetupAnnotations);
        }
        self.stmts(body)?;
        self.load(Const::None);
        self.emit(Op::Return);
        Ok(())
    }

    fn stmts(&mut self, body: &'a [Stmt]) -> Res<()> {
        body.iter().try_for_each(|s| self.stmt(s))
    }

    pub(super) fn stmt(&mut self, s: &'a Stmt) -> Res<()> {
        self.at(s.span);
        match &s.kind {
            St::Expr(e) if self.single && self.units.len() == 1 => {
                self.prelude("_display");
                self.expr(e)?;
                self.emit(Op::Call(1));
                self.emit(Op::Pop);
            }
            St::Expr(e) => {
                if matches!(&*e.kind, Ex::Str(_) | Ex::Int(_) | Ex::Ellipsis | Ex::None) {
                    self.emit(Op::Nop);
                } else {
                    self.expr(e)?;
                    self.emit(Op::Pop);
                }
            }
            St::Assign(ts, v) => {
                self.expr(v)?;
                for (i, t) in ts.iter().enumerate() {
                    if i + 1 < ts.len() {
                        self.emit(Op::Dup);
                    }
                    self.store(t)?;
                }
            }
            St::AugAssign(t, op, v) => self.aug(t, *op, v, s.span)?,
            St::AnnAssign { target, annotation, value } => {
                if let Some(v) = value {
                    self.expr(v)?;
                    self.store(target)?;
                }
                if let Ex::Name(n) = &*target.kind
                    && self.unit().kind != Kind::Function
                {
                    self.annotation(annotation)?;
                    self.load_name(&"__annotations__".into());
                    let n = mangle(self.unit().class.as_ref(), n);
                    self.load(Const::Str(n));
                    self.emit(Op::StoreSubscr);
                }
            }
            St::Return(v) => {
                if self.unit().kind == Kind::Module || self.unit().kind == Kind::Class {
                    return self.error("'return' outside function", s.span);
                }
                match v {
                    Some(v) => self.expr(v)?,
                    None => self.load(Const::None),
                }
                self.unwind(0, true)?;
                self.at(s.span);
                self.emit(Op::Return);
            }
            St::Delete(ts) => ts.iter().try_for_each(|t| self.delete(t))?,
            St::Pass => self.emit(Op::Nop),
            St::Break | St::Continue => self.leave_loop(matches!(s.kind, St::Break), s.span)?,
            St::If(arms, orelse) => {
                let end = self.label();
                for (test, body) in arms {
                    let next = self.label();
                    self.condition(test, next)?;
                    self.stmts(body)?;
                    self.emit(Op::Jump(end.0));
                    self.here(next);
                }
                self.stmts(orelse)?;
                self.here(end);
            }
            St::While(test, body, orelse) => {
                let (start, out, end) = (self.label(), self.label(), self.label());
                self.here(start);
                self.condition(test, out)?;
                self.unit().blocks.push(Block::Loop { start, end, is_for: false });
                self.stmts(body)?;
                self.unit().blocks.pop();
                self.emit(Op::Jump(start.0));
                self.here(out);
                self.stmts(orelse)?;
                self.here(end);
            }
            St::For { target, iter, body, orelse, is_async } => {
                if *is_async {
                    return self.error("'async for' is not supported by Layerlab's Python", s.span);
                }
                let (start, out, end) = (self.label(), self.label(), self.label());
                self.expr(iter)?;
                self.at(iter.span);
                self.emit(Op::GetIter);
                self.here(start);
                self.at(iter.span);
                self.emit(Op::ForIter(out.0));
                self.store(target)?;
                self.unit().blocks.push(Block::Loop { start, end, is_for: true });
                self.stmts(body)?;
                self.unit().blocks.pop();
                self.emit(Op::Jump(start.0));
                self.here(out);
                self.stmts(orelse)?;
                self.here(end);
            }
            St::Try { body, handlers, orelse, finally } => self.try_stmt(body, handlers, orelse, finally)?,
            St::With { items, body, is_async } => self.with_stmt(items, body, *is_async, s.span)?,
            St::Raise(e, cause) => {
                let mut n = 0;
                for x in [e, cause].into_iter().flatten() {
                    self.expr(x)?;
                    n += 1;
                }
                self.at(s.span);
                self.emit(Op::Raise(n));
            }
            St::Assert(test, msg) => {
                let ok = self.label();
                self.expr(test)?;
                self.emit(Op::PopJumpIfTrue(ok.0));
                self.prelude("AssertionError");
                if let Some(m) = msg {
                    self.expr(m)?;
                }
                self.at(test.span);
                self.emit(Op::Call(u16::from(msg.is_some())));
                self.emit(Op::Raise(1));
                self.here(ok);
            }
            St::Import(names) => self.import(names),
            St::From { module, names, level } => {
                if &**module == "__future__" {
                    self.future |= names.iter().any(|a| &*a.name == "annotations");
                }
                self.load(Const::Int(i64::from(*level)));
                self.load(Const::Tuple(names.iter().map(|a| Const::Str(a.name.clone())).collect()));
                let i = self.name_index(module);
                self.emit(Op::ImportName(i));
                for a in names {
                    let i = self.name_index(&a.name);
                    self.emit(Op::ImportFrom(i));
                    self.store_name(a.asname.as_ref().unwrap_or(&a.name));
                }
                self.emit(Op::Pop);
            }
            St::FromStar { module, level } => {
                self.load(Const::Int(i64::from(*level)));
                self.load(Const::Tuple(vec![Const::Str("*".into())]));
                let i = self.name_index(module);
                self.emit(Op::ImportName(i));
                self.emit(Op::ImportStar);
            }
            St::Global(_) | St::Nonlocal(_) => {}
            St::Func(f) => self.def(f, s.span)?,
            St::Class(c) => self.class(c, s.span)?,
            St::Match(subject, cases) => self.match_stmt(subject, cases)?,
        }
        Ok(())
    }

    /// Jumps to `no` unless the test holds.
    fn condition(&mut self, test: &'a Expr, no: Label) -> Res<()> {
        match &*test.kind {
            Ex::Unary(UnOp::Not, inner) => {
                self.expr(inner)?;
                self.emit(Op::PopJumpIfTrue(no.0));
            }
            Ex::BoolOp(true, es) => {
                for e in es {
                    self.expr(e)?;
                    self.emit(Op::PopJumpIfFalse(no.0));
                }
            }
            _ => {
                self.expr(test)?;
                self.emit(Op::PopJumpIfFalse(no.0));
            }
        }
        Ok(())
    }

    fn aug(&mut self, t: &'a Expr, op: BinOp, v: &'a Expr, span: Span) -> Res<()> {
        match &*t.kind {
            Ex::Name(n) => {
                self.at(t.span);
                self.load_name(n);
                self.expr(v)?;
                self.at(span);
                self.emit(Op::Inplace(op));
                self.store_name(n);
            }
            Ex::Attr(o, n) => {
                self.expr(o)?;
                self.emit(Op::Dup);
                let i = self.attr_name(n);
                self.at(t.span);
                self.emit(Op::LoadAttr(i));
                self.expr(v)?;
                self.at(span);
                self.emit(Op::Inplace(op));
                self.emit(Op::Rot2);
                self.at(t.span);
                self.emit(Op::StoreAttr(i));
            }
            Ex::Sub(o, i) => {
                self.expr(o)?;
                self.expr(i)?;
                self.emit(Op::Dup2);
                self.at(t.span);
                if t.span.line == t.span.end_line {
                    let u = self.unit();
                    u.pos.lo = o.span.end_col;
                    u.pos.hi = t.span.end_col;
                }
                self.emit(Op::BinarySubscr);
                self.expr(v)?;
                self.at(span);
                self.emit(Op::Inplace(op));
                self.emit(Op::Rot3);
                self.at(t.span);
                self.emit(Op::StoreSubscr);
            }
            _ => return self.error("illegal expression for augmented assignment", t.span),
        }
        Ok(())
    }

    fn delete(&mut self, t: &'a Expr) -> Res<()> {
        self.at(t.span);
        match &*t.kind {
            Ex::Name(n) => self.delete_name(n),
            Ex::Attr(v, n) => {
                self.expr(v)?;
                let i = self.attr_name(n);
                self.at(t.span);
                self.emit(Op::DeleteAttr(i));
            }
            Ex::Sub(v, i) => {
                self.expr(v)?;
                self.expr(i)?;
                self.at(t.span);
                if t.span.line == t.span.end_line {
                    let u = self.unit();
                    u.pos.lo = v.span.end_col;
                    u.pos.hi = t.span.end_col;
                }
                self.emit(Op::DeleteSubscr);
            }
            Ex::Tuple(es) | Ex::List(es) => es.iter().try_for_each(|e| self.delete(e))?,
            _ => return self.error("cannot delete expression", t.span),
        }
        Ok(())
    }

    /// Leaves all blocks above the `down_to` lowest, keeping the stack's top if `keep`.
    fn unwind(&mut self, down_to: usize, keep: bool) -> Res<()> {
        let saved = self.unit().blocks.clone();
        while self.unit().blocks.len() > down_to {
            let Some(b) = self.unit().blocks.pop() else { break };
            match b {
                Block::Loop { is_for, .. } => {
                    if is_for {
                        if keep {
                            self.emit(Op::Rot2);
                        }
                        self.emit(Op::Pop);
                    }
                }
                Block::Try => self.emit(Op::PopBlock),
                Block::Finally(body) => {
                    self.emit(Op::PopBlock);
                    self.stmts(body)?;
                }
                Block::Handler(name) => {
                    if name.is_some() {
                        self.emit(Op::PopBlock);
                    }
                    self.emit(Op::PopExcept);
                    if let Some(n) = name {
                        self.load(Const::None);
                        self.store_name(&n);
                        self.delete_name(&n);
                    }
                }
                Block::FinallyBody => {
                    if keep {
                        self.emit(Op::Rot2);
                    }
                    self.emit(Op::Pop);
                    self.emit(Op::PopExcept);
                }
                Block::With(is_async) => {
                    self.emit(Op::PopBlock);
                    if keep {
                        self.emit(Op::Rot2);
                    }
                    self.exit_call(is_async);
                }
            }
        }
        self.unit().blocks = saved;
        Ok(())
    }

    fn exit_call(&mut self, is_async: bool) {
        self.emit(Op::PushNull);
        for _ in 0..3 {
            self.load(Const::None);
        }
        self.emit(Op::Call(3));
        if is_async {
            self.emit(Op::GetAwaitable);
            self.load(Const::None);
            self.emit(Op::YieldFrom);
        }
        self.emit(Op::Pop);
    }

    fn leave_loop(&mut self, is_break: bool, span: Span) -> Res<()> {
        let found = self.unit().blocks.iter().rposition(|b| matches!(b, Block::Loop { .. }));
        let Some(i) = found else {
            let word = if is_break { "'break' outside loop" } else { "'continue' not properly in loop" };
            return self.error(word, span);
        };
        let Some(Block::Loop { start, end, is_for }) = self.unit().blocks.get(i).cloned() else { return Ok(()) };
        self.unwind(i + 1, false)?;
        if is_break {
            if is_for {
                self.emit(Op::Pop);
            }
            self.emit(Op::Jump(end.0));
        } else {
            self.emit(Op::Jump(start.0));
        }
        Ok(())
    }

    fn try_stmt(
        &mut self,
        body: &'a [Stmt],
        handlers: &'a [Handler],
        orelse: &'a [Stmt],
        finally: &'a [Stmt],
    ) -> Res<()> {
        if finally.is_empty() {
            return self.try_except(body, handlers, orelse);
        }
        let (handler, end) = (self.label(), self.label());
        self.emit(Op::Setup(handler.0));
        self.unit().blocks.push(Block::Finally(finally));
        if handlers.is_empty() {
            self.stmts(body)?;
        } else {
            self.try_except(body, handlers, orelse)?;
        }
        self.unit().blocks.pop();
        self.emit(Op::PopBlock);
        self.stmts(finally)?;
        self.emit(Op::Jump(end.0));
        self.here(handler);
        self.unit().blocks.push(Block::FinallyBody);
        self.stmts(finally)?;
        self.unit().blocks.pop();
        self.emit(Op::Reraise);
        self.here(end);
        Ok(())
    }

    fn try_except(&mut self, body: &'a [Stmt], handlers: &'a [Handler], orelse: &'a [Stmt]) -> Res<()> {
        let (handler, end) = (self.label(), self.label());
        self.emit(Op::Setup(handler.0));
        self.unit().blocks.push(Block::Try);
        self.stmts(body)?;
        self.unit().blocks.pop();
        self.emit(Op::PopBlock);
        self.stmts(orelse)?;
        self.emit(Op::Jump(end.0));
        self.here(handler);
        for (i, h) in handlers.iter().enumerate() {
            let next = self.label();
            if let Some(t) = &h.typ {
                self.emit(Op::Dup);
                self.expr(t)?;
                self.at(t.span);
                self.emit(Op::MatchExc);
                self.emit(Op::PopJumpIfFalse(next.0));
            } else if i + 1 < handlers.len() {
                return self.error("default 'except:' must be last", h.span);
            }
            self.at(h.span);
            if let Some(n) = &h.name {
                let cleanup = self.label();
                self.store_name(n);
                self.emit(Op::Setup(cleanup.0));
                self.unit().blocks.push(Block::Handler(Some(n.clone())));
                self.stmts(&h.body)?;
                self.unit().blocks.pop();
                self.emit(Op::PopBlock);
                self.emit(Op::PopExcept);
                self.load(Const::None);
                self.store_name(n);
                self.delete_name(n);
                self.emit(Op::Jump(end.0));
                self.here(cleanup);
                self.load(Const::None);
                self.store_name(n);
                self.delete_name(n);
                self.emit(Op::Reraise);
            } else {
                self.emit(Op::Pop);
                self.unit().blocks.push(Block::Handler(None));
                self.stmts(&h.body)?;
                self.unit().blocks.pop();
                self.emit(Op::PopExcept);
                self.emit(Op::Jump(end.0));
            }
            self.here(next);
        }
        self.emit(Op::Reraise);
        self.here(end);
        Ok(())
    }

    fn with_stmt(&mut self, items: &'a [WithItem], body: &'a [Stmt], is_async: bool, span: Span) -> Res<()> {
        let Some((first, rest)) = items.split_first() else { return self.stmts(body) };
        let (handler, end, suppress) = (self.label(), self.label(), self.label());
        self.expr(&first.context)?;
        self.at(first.context.span);
        self.emit(Op::BeforeWith(is_async));
        if is_async {
            self.emit(Op::GetAwaitable);
            self.load(Const::None);
            self.emit(Op::YieldFrom);
        }
        // The handler's stack holds the exit function only: what `__enter__` gave is stored inside the block.
        self.emit(Op::SetupWith(handler.0));
        match &first.target {
            Some(t) => self.store(t)?,
            None => self.emit(Op::Pop),
        }
        self.unit().blocks.push(Block::With(is_async));
        self.with_stmt(rest, body, is_async, span)?;
        self.unit().blocks.pop();
        self.emit(Op::PopBlock);
        self.at(span);
        self.exit_call(is_async);
        self.emit(Op::Jump(end.0));
        self.here(handler);
        self.emit(Op::WithExcept);
        if is_async {
            self.emit(Op::GetAwaitable);
            self.load(Const::None);
            self.emit(Op::YieldFrom);
        }
        self.emit(Op::PopJumpIfTrue(suppress.0));
        self.emit(Op::Reraise);
        self.here(suppress);
        self.emit(Op::Pop);
        self.emit(Op::PopExcept);
        self.emit(Op::Pop);
        self.here(end);
        Ok(())
    }

    fn import(&mut self, names: &'a [Alias]) {
        for a in names {
            self.load(Const::Int(0));
            self.load(Const::None);
            let i = self.name_index(&a.name);
            self.emit(Op::ImportName(i));
            match &a.asname {
                Some(n) => {
                    // `import a.b as c` binds the submodule.
                    for part in a.name.split('.').skip(1) {
                        let i = self.name_index(&part.into());
                        self.emit(Op::ImportFrom(i));
                        self.emit(Op::Rot2);
                        self.emit(Op::Pop);
                    }
                    self.store_name(n);
                }
                None => self.store_name(&a.name.split('.').next().unwrap_or("").into()),
            }
        }
    }

    fn annotation(&mut self, e: &'a Expr) -> Res<()> {
        if self.future {
            let line: Vec<char> = self.src.split(|c| *c == '\n').nth(e.span.line as usize - 1).unwrap_or(&[]).to_vec();
            let text: String = line.get(e.span.col as usize..e.span.end_col as usize).unwrap_or(&[]).iter().collect();
            self.load(Const::Str(text.into()));
            return Ok(());
        }
        self.expr(e)
    }

    fn def(&mut self, f: &'a FuncDef, span: Span) -> Res<()> {
        for d in &f.decorators {
            self.expr(d)?;
            self.emit(Op::PushNull);
        }
        let mut flags = self.defaults(&f.params)?;
        let mut n = 0;
        for p in f.params.args.iter().chain(&f.params.vararg).chain(&f.params.kwonly).chain(&f.params.kwarg) {
            if let Some(a) = &p.annotation {
                self.load(Const::Str(p.name.clone()));
                self.annotation(a)?;
                n += 1;
            }
        }
        if let Some(r) = &f.returns {
            self.load(Const::Str("return".into()));
            self.annotation(r)?;
            n += 1;
        }
        if n > 0 {
            self.emit(Op::BuildMap(n));
            flags |= 4;
        }
        let line = f.decorators.first().map_or(span.line, |d| d.span.line);
        self.push_unit(f.scope, f.name.clone(), line);
        self.params(&f.params);
        let doc = docstring(&f.body);
        let c = &mut self.unit().code;
        c.doc = doc;
        c.coroutine = f.is_async;
        c.generator |= f.is_async;
        self.stmts(&f.body)?;
        self.load(Const::None);
        self.emit(Op::Return);
        self.function(flags, span);
        for d in f.decorators.iter().rev() {
            self.at(d.span);
            self.emit(Op::Call(1));
        }
        self.at(span);
        self.store_name(&f.name);
        Ok(())
    }

    fn class(&mut self, c: &'a ClassDef, span: Span) -> Res<()> {
        for d in &c.decorators {
            self.expr(d)?;
            self.emit(Op::PushNull);
        }
        self.at(span);
        self.emit(Op::BuildClass);
        self.emit(Op::PushNull);
        self.push_unit(c.scope, c.name.clone(), span.line);
        self.unit().class = Some(c.name.clone());
        let qual = self.unit().code.qualname.clone();
        let i = self.name_index(&"__name__".into());
        self.emit(Op::LoadGlobal(i));
        self.store_name(&"__module__".into());
        self.load(Const::Str(qual));
        self.store_name(&"__qualname__".into());
        if let Some(d) = docstring(&c.body) {
            self.load(Const::Str(d));
            self.store_name(&"__doc__".into());
        }
        if annotates(&c.body) {
            self.emit(Op::SetupAnnotations);
        }
        self.stmts(&c.body)?;
        if self.unit().code.cellvars.iter().any(|n| &**n == "__class__") {
            let i = self.cell_index(&"__class__".into());
            self.emit(Op::LoadClosure(i));
        } else {
            self.load(Const::None);
        }
        self.emit(Op::Return);
        self.function(0, span);
        self.load(Const::Str(c.name.clone()));
        self.call_args(&c.args, 2, span)?;
        for d in c.decorators.iter().rev() {
            self.at(d.span);
            self.emit(Op::Call(1));
        }
        self.at(span);
        self.store_name(&c.name);
        Ok(())
    }
}

fn docstring(body: &[Stmt]) -> Option<Str> {
    match &body.first()?.kind {
        St::Expr(e) => match &*e.kind {
            Ex::Str(s) => Some(s.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn annotates(body: &[Stmt]) -> bool {
    body.iter().any(|s| match &s.kind {
        St::AnnAssign { .. } => true,
        St::If(arms, orelse) => arms.iter().any(|a| annotates(&a.1)) || annotates(orelse),
        St::Try { body, .. } | St::With { body, .. } | St::For { body, .. } => annotates(body),
        _ => false,
    })
}
