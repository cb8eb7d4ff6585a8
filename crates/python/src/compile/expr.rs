//! Expressions.

use super::*;

impl<'a> Compiler<'a> {
    pub(super) fn expr(&mut self, e: &'a Expr) -> Res<()> {
        self.at(e.span);
        match &*e.kind {
            Ex::Name(n) => self.load_name(n),
            Ex::Int(v) => self.load(Const::Int(*v)),
            Ex::Big(v) => self.load(Const::Big(v.clone())),
            Ex::Float(v) => self.load(Const::Float(*v)),
            Ex::Str(s) => self.load(Const::Str(s.clone())),
            Ex::Bytes(b) => self.load(Const::Bytes(b.clone())),
            Ex::None => self.load(Const::None),
            Ex::Bool(b) => self.load(Const::Bool(*b)),
            Ex::Ellipsis => self.load(Const::Ellipsis),
            Ex::FString(parts) => self.fstring(parts, e.span)?,
            Ex::Tuple(es) => {
                if let Some(c) = const_of(e) {
                    self.load(c);
                } else {
                    self.sequence(es, e.span, Op::BuildTuple(es.len() as u32))?;
                }
            }
            Ex::List(es) => self.sequence(es, e.span, Op::BuildList(es.len() as u32))?,
            Ex::Set(es) => self.sequence(es, e.span, Op::BuildSet(es.len() as u32))?,
            Ex::Dict(pairs) => self.dict(pairs, e.span)?,
            Ex::Bin(op, a, b) => {
                self.expr(a)?;
                self.expr(b)?;
                self.at(e.span);
                self.anchor(a, b, e.span);
                self.emit(Op::Binary(*op));
            }
            Ex::Unary(op, a) => {
                if let (UnOp::Neg, Ex::Int(v)) = (op, &*a.kind) {
                    self.load(v.checked_neg().map_or(Const::Int(*v), Const::Int));
                } else if let (UnOp::Neg, Ex::Float(v)) = (op, &*a.kind) {
                    self.load(Const::Float(-v));
                } else {
                    self.expr(a)?;
                    self.at(e.span);
                    self.emit(Op::Unary(*op));
                }
            }
            Ex::BoolOp(and, es) => {
                let end = self.label();
                for (i, x) in es.iter().enumerate() {
                    self.expr(x)?;
                    if i + 1 < es.len() {
                        self.emit(if *and { Op::JumpIfFalseOrPop(end.0) } else { Op::JumpIfTrueOrPop(end.0) });
                    }
                }
                self.here(end);
            }
            Ex::Compare(a, ops) => self.compare(a, ops, e.span)?,
            Ex::Call(f, args) => self.call(f, args, e.span)?,
            Ex::Attr(v, n) => {
                self.expr(v)?;
                self.at(e.span);
                let i = self.attr_name(n);
                self.emit(Op::LoadAttr(i));
            }
            Ex::Sub(v, i) => {
                self.expr(v)?;
                self.expr(i)?;
                self.at(e.span);
                if e.span.line == e.span.end_line {
                    let u = self.unit();
                    u.pos.lo = v.span.end_col;
                    u.pos.hi = e.span.end_col;
                }
                self.emit(Op::BinarySubscr);
            }
            Ex::Slice(a, b, c) => {
                for x in [a, b] {
                    match x {
                        Some(x) => self.expr(x)?,
                        None => self.load(Const::None),
                    }
                }
                if let Some(c) = c {
                    self.expr(c)?;
                }
                self.at(e.span);
                self.emit(Op::BuildSlice(if c.is_some() { 3 } else { 2 }));
            }
            Ex::Star(_) => return self.error("can't use starred expression here", e.span),
            Ex::IfElse { test, body, orelse } => {
                let (no, end) = (self.label(), self.label());
                self.expr(test)?;
                self.emit(Op::PopJumpIfFalse(no.0));
                self.expr(body)?;
                self.emit(Op::Jump(end.0));
                self.here(no);
                self.expr(orelse)?;
                self.here(end);
            }
            Ex::Lambda { scope, params, body } => {
                let flags = self.defaults(params)?;
                self.push_unit(*scope, "<lambda>".into(), e.span.line);
                self.params(params);
                self.expr(body)?;
                self.emit(Op::Return);
                self.function(flags, e.span);
            }
            Ex::ListComp { scope, elt, comps } => {
                self.comp(*scope, "<listcomp>", comps, e.span, Op::BuildList(0), &[elt], Op::ListAppend)?;
            }
            Ex::SetComp { scope, elt, comps } => {
                self.comp(*scope, "<setcomp>", comps, e.span, Op::BuildSet(0), &[elt], Op::SetAdd)?;
            }
            Ex::DictComp { scope, key, value, comps } => {
                self.comp(*scope, "<dictcomp>", comps, e.span, Op::BuildMap(0), &[key, value], Op::MapAdd)?;
            }
            Ex::GenExp { scope, elt, comps } => {
                self.comp(*scope, "<genexpr>", comps, e.span, Op::Nop, &[elt], |_| Op::Yield)?;
            }
            Ex::Yield(v) => {
                self.in_function("'yield' outside function", e.span)?;
                match v {
                    Some(v) => self.expr(v)?,
                    None => self.load(Const::None),
                }
                self.at(e.span);
                self.emit(Op::Yield);
            }
            Ex::YieldFrom(v) => {
                self.in_function("'yield' outside function", e.span)?;
                self.expr(v)?;
                self.at(e.span);
                self.emit(Op::GetIter);
                self.load(Const::None);
                self.emit(Op::YieldFrom);
            }
            Ex::Await(v) => {
                self.in_function("'await' outside function", e.span)?;
                self.expr(v)?;
                self.at(e.span);
                self.emit(Op::GetAwaitable);
                self.load(Const::None);
                self.emit(Op::YieldFrom);
            }
            Ex::Walrus(n, v) => {
                self.expr(v)?;
                self.emit(Op::Dup);
                self.store_name(n);
            }
        }
        Ok(())
    }

    fn in_function(&mut self, msg: &str, span: Span) -> Res<()> {
        if matches!(self.unit().kind, Kind::Module | Kind::Class) { self.error(msg, span) } else { Ok(()) }
    }

    /// Where the operator of `a op b` stands, for the `~~^~~` of tracebacks.
    pub(super) fn anchor(&mut self, a: &Expr, b: &Expr, span: Span) {
        if span.line != span.end_line {
            return;
        }
        let line = self.line(span.line);
        let mut at = a.span.end_col;
        while line.get(at as usize).is_some_and(|c| c.is_whitespace() || *c == ')' || *c == '\\') && at < b.span.col {
            at += 1;
        }
        let two = line.get(at as usize + 1).is_some_and(|c| {
            !c.is_whitespace()
                && !c.is_alphanumeric()
                && *c != '('
                && *c != '_'
                && *c != '"'
                && *c != '\''
                && *c != '-'
                && *c != '['
                && *c != '{'
        });
        let u = self.unit();
        u.pos.lo = at;
        u.pos.hi = at + 1 + u32::from(two);
    }

    fn line(&self, n: u32) -> Vec<char> {
        self.src.split(|c| *c == '\n').nth(n.saturating_sub(1) as usize).unwrap_or(&[]).to_vec()
    }

    fn sequence(&mut self, es: &'a [Expr], span: Span, build: Op) -> Res<()> {
        if !es.iter().any(|e| matches!(&*e.kind, Ex::Star(_))) {
            for e in es {
                self.expr(e)?;
            }
            self.at(span);
            self.emit(build);
            return Ok(());
        }
        let set = matches!(build, Op::BuildSet(_));
        self.emit(if set { Op::BuildSet(0) } else { Op::BuildList(0) });
        for e in es {
            if let Ex::Star(inner) = &*e.kind {
                self.expr(inner)?;
                self.emit(if set { Op::SetUpdate } else { Op::ListExtend });
            } else {
                self.expr(e)?;
                self.emit(if set { Op::SetAdd(1) } else { Op::ListAppend(1) });
            }
        }
        if matches!(build, Op::BuildTuple(_)) {
            self.emit(Op::ListToTuple);
        }
        Ok(())
    }

    fn dict(&mut self, pairs: &'a [(Option<Expr>, Expr)], span: Span) -> Res<()> {
        if pairs.iter().all(|p| p.0.is_some()) && pairs.len() < 1000 {
            for (k, v) in pairs {
                if let Some(k) = k {
                    self.expr(k)?;
                }
                self.expr(v)?;
            }
            self.at(span);
            self.emit(Op::BuildMap(pairs.len() as u32));
            return Ok(());
        }
        self.emit(Op::BuildMap(0));
        for (k, v) in pairs {
            match k {
                Some(k) => {
                    self.expr(k)?;
                    self.expr(v)?;
                    self.emit(Op::MapAdd(1));
                }
                None => {
                    self.expr(v)?;
                    self.emit(Op::DictUpdate);
                }
            }
        }
        Ok(())
    }

    fn compare(&mut self, a: &'a Expr, ops: &'a [(CmpOp, Expr)], span: Span) -> Res<()> {
        self.expr(a)?;
        let (end, cleanup) = (self.label(), self.label());
        for (i, (op, b)) in ops.iter().enumerate() {
            self.expr(b)?;
            let last = i + 1 == ops.len();
            if !last {
                self.emit(Op::Dup);
                self.emit(Op::Rot3);
            }
            self.at(span);
            self.emit(match op {
                CmpOp::In => Op::Contains(false),
                CmpOp::NotIn => Op::Contains(true),
                CmpOp::Is => Op::Is(false),
                CmpOp::IsNot => Op::Is(true),
                other => Op::Compare(*other),
            });
            if !last {
                self.emit(Op::JumpIfFalseOrPop(cleanup.0));
            }
        }
        if ops.len() > 1 {
            self.emit(Op::Jump(end.0));
            self.here(cleanup);
            self.emit(Op::Rot2);
            self.emit(Op::Pop);
        }
        self.here(end);
        Ok(())
    }

    fn call(&mut self, f: &'a Expr, args: &'a [Arg], span: Span) -> Res<()> {
        if let Ex::Attr(v, n) = &*f.kind {
            self.expr(v)?;
            self.at(f.span);
            let i = self.attr_name(n);
            self.emit(Op::LoadMethod(i));
        } else {
            self.expr(f)?;
            self.emit(Op::PushNull);
        }
        self.call_args(args, 0, span)
    }

    /// Arguments and the call itself; `given` positional ones are already on the stack.
    pub(super) fn call_args(&mut self, args: &'a [Arg], given: u16, span: Span) -> Res<()> {
        let mut seen: Vec<&Str> = Vec::new();
        for a in args {
            if let Arg::Kw(n, e) = a {
                if seen.contains(&n) {
                    return self.error(format!("keyword argument repeated: {n}"), e.span);
                }
                seen.push(n);
            }
        }
        let simple = args.iter().all(|a| matches!(a, Arg::Pos(_) | Arg::Kw(..)));
        if simple {
            let mut names = Vec::new();
            for a in args {
                if let Arg::Pos(e) = a {
                    self.expr(e)?;
                }
            }
            for a in args {
                if let Arg::Kw(n, e) = a {
                    self.expr(e)?;
                    names.push(Const::Str(n.clone()));
                }
            }
            self.at(span);
            let total = given + args.len() as u16;
            if names.is_empty() {
                self.emit(Op::Call(total));
            } else {
                let c = self.constant(Const::Tuple(names));
                self.emit(Op::CallKw(total, c));
            }
            return Ok(());
        }
        self.emit(Op::BuildList(u32::from(given)));
        for a in args {
            match a {
                Arg::Pos(e) => {
                    self.expr(e)?;
                    self.emit(Op::ListAppend(1));
                }
                Arg::Star(e) => {
                    self.expr(e)?;
                    self.emit(Op::ListExtend);
                }
                _ => {}
            }
        }
        let kw = args.iter().any(|a| matches!(a, Arg::Kw(..) | Arg::DoubleStar(_)));
        if kw {
            self.emit(Op::BuildMap(0));
            for a in args {
                match a {
                    Arg::Kw(n, e) => {
                        self.load(Const::Str(n.clone()));
                        self.expr(e)?;
                        self.emit(Op::MapAdd(1));
                    }
                    Arg::DoubleStar(e) => {
                        self.expr(e)?;
                        self.at(span);
                        self.emit(Op::DictMerge);
                    }
                    _ => {}
                }
            }
        }
        self.at(span);
        self.emit(Op::CallEx(kw));
        Ok(())
    }

    fn fstring(&mut self, parts: &'a [FPart], span: Span) -> Res<()> {
        for p in parts {
            match p {
                FPart::Lit(s) => self.load(Const::Str(s.as_str().into())),
                FPart::Expr { value, conv, spec } => {
                    self.expr(value)?;
                    if let Some(s) = spec {
                        self.fstring(s, span)?;
                    }
                    self.at(value.span);
                    self.emit(Op::FormatValue { conv: *conv, spec: spec.is_some() });
                }
            }
        }
        self.at(span);
        self.emit(Op::BuildString(parts.len() as u32));
        Ok(())
    }

    /// Evaluates defaults and annotations; returns MakeFunction's flags.
    pub(super) fn defaults(&mut self, p: &'a Params) -> Res<u8> {
        let mut flags = 0;
        let n = p.args.iter().filter(|a| a.default.is_some()).count();
        if n > 0 {
            for d in p.args.iter().filter_map(|a| a.default.as_ref()) {
                self.expr(d)?;
            }
            self.emit(Op::BuildTuple(n as u32));
            flags |= 1;
        }
        let k: Vec<(&Str, &Expr)> = p.kwonly.iter().filter_map(|a| a.default.as_ref().map(|d| (&a.name, d))).collect();
        if !k.is_empty() {
            let n = k.len();
            for (name, d) in k {
                self.load(Const::Str(name.clone()));
                self.expr(d)?;
            }
            self.emit(Op::BuildMap(n as u32));
            flags |= 2;
        }
        Ok(flags)
    }

    pub(super) fn params(&mut self, p: &Params) {
        let class = self.unit().class.clone();
        let names: Vec<Str> = p
            .args
            .iter()
            .chain(&p.kwonly)
            .chain(&p.vararg)
            .chain(&p.kwarg)
            .map(|a| mangle(class.as_ref(), &a.name))
            .collect();
        for n in &names {
            self.local_index(n);
        }
        let c = &mut self.unit().code;
        c.argcount = p.args.len() as u32;
        c.posonly = p.pos_only;
        c.kwonly = p.kwonly.len() as u32;
        c.varargs = p.vararg.is_some();
        c.varkw = p.kwarg.is_some();
    }

    /// Ends the current unit and makes a function of it in the enclosing one.
    pub(super) fn function(&mut self, mut flags: u8, span: Span) {
        let code = self.pop_unit();
        self.at(span);
        if !code.freevars.is_empty() {
            for n in &code.freevars {
                let i = self.cell_index(n);
                self.emit(Op::LoadClosure(i));
            }
            self.emit(Op::BuildTuple(code.freevars.len() as u32));
            flags |= 8;
        }
        let c = self.constant(Const::Code(code));
        self.emit(Op::MakeFunction(c, flags));
    }

    #[allow(clippy::too_many_arguments, reason = "one place for the four comprehensions")]
    fn comp(
        &mut self,
        scope: u32,
        name: &str,
        comps: &'a [Comp],
        span: Span,
        build: Op,
        elts: &[&'a Expr],
        add: fn(u32) -> Op,
    ) -> Res<()> {
        self.push_unit(scope, name.into(), span.line);
        self.local_index(&".0".into());
        self.unit().code.argcount = 1;
        self.at(span);
        let generator = build == Op::Nop;
        if !generator {
            self.emit(build);
        }
        let mut loops = Vec::new();
        for (i, c) in comps.iter().enumerate() {
            let (start, end) = (self.label(), self.label());
            if i == 0 {
                self.emit(Op::LoadFast(0));
            } else {
                self.expr(&c.iter)?;
                self.emit(Op::GetIter);
            }
            self.here(start);
            self.at(span);
            self.emit(Op::ForIter(end.0));
            self.store(&c.target)?;
            for test in &c.ifs {
                self.expr(test)?;
                self.emit(Op::PopJumpIfFalse(start.0));
            }
            loops.push((start, end));
        }
        for e in elts {
            self.expr(e)?;
        }
        self.at(span);
        self.emit(add(comps.len() as u32 + 1));
        if generator {
            self.emit(Op::Pop);
        }
        while let Some((start, end)) = loops.pop() {
            self.emit(Op::Jump(start.0));
            self.here(end);
        }
        if generator {
            self.load(Const::None);
        }
        self.emit(Op::Return);
        self.function(0, span);
        self.emit(Op::PushNull);
        if let Some(c) = comps.first() {
            self.expr(&c.iter)?;
            self.at(c.iter.span);
            self.emit(Op::GetIter);
        }
        self.at(span);
        self.emit(Op::Call(1));
        Ok(())
    }

    /// Stores the value on the stack's top into a target.
    pub(super) fn store(&mut self, t: &'a Expr) -> Res<()> {
        self.at(t.span);
        match &*t.kind {
            Ex::Name(n) => self.store_name(n),
            Ex::Attr(v, n) => {
                self.expr(v)?;
                self.at(t.span);
                let i = self.attr_name(n);
                self.emit(Op::StoreAttr(i));
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
                self.emit(Op::StoreSubscr);
            }
            Ex::Tuple(es) | Ex::List(es) => {
                let stars: Vec<usize> =
                    es.iter().enumerate().filter(|(_, e)| matches!(&*e.kind, Ex::Star(_))).map(|(i, _)| i).collect();
                match stars.as_slice() {
                    [] => self.emit(Op::Unpack(es.len() as u32)),
                    [i] => self.emit(Op::UnpackEx(*i as u16, (es.len() - i - 1) as u16)),
                    _ => return self.error("multiple starred expressions in assignment", t.span),
                }
                for e in es {
                    match &*e.kind {
                        Ex::Star(inner) => self.store(inner)?,
                        _ => self.store(e)?,
                    }
                }
            }
            _ => return self.error("cannot assign to expression", t.span),
        }
        Ok(())
    }
}

/// A tuple of constants is a constant.
fn const_of(e: &Expr) -> Option<Const> {
    Some(match &*e.kind {
        Ex::Int(v) => Const::Int(*v),
        Ex::Float(v) => Const::Float(*v),
        Ex::Str(s) => Const::Str(s.clone()),
        Ex::None => Const::None,
        Ex::Bool(b) => Const::Bool(*b),
        Ex::Tuple(es) => Const::Tuple(es.iter().map(const_of).collect::<Option<_>>()?),
        _ => return None,
    })
}
