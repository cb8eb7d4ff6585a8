//! Which names of a scope are local, captured, or global: one walk to collect, one to resolve.

use crate::syntax::ast::*;
use crate::syntax::lexer::{Res, SyntaxErr};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Module,
    Class,
    Function,
    Comp,
}

#[derive(Debug)]
pub(super) struct Scope {
    pub(super) kind: Kind,
    parent: u32,
    class: Option<Str>,
    bound: BTreeSet<Str>,
    used: BTreeSet<Str>,
    pub(super) globals: BTreeSet<Str>,
    nonlocals: BTreeSet<Str>,
    pub(super) cells: BTreeSet<Str>,
    pub(super) frees: BTreeSet<Str>,
    pub(super) generator: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    Fast,
    Cell,
    Free,
    Global,
    Name,
}

pub(super) struct Scopes {
    pub(super) all: BTreeMap<u32, Scope>,
}

/// `__x` in class C becomes `_C__x`.
pub(super) fn mangle(class: Option<&Str>, name: &Str) -> Str {
    match class {
        Some(c) if name.starts_with("__") && !name.ends_with("__") && !name.contains('.') => {
            let c = c.trim_start_matches('_');
            if c.is_empty() { name.clone() } else { format!("_{c}{name}").into() }
        }
        _ => name.clone(),
    }
}

impl Scopes {
    pub(super) fn module(body: &[Stmt]) -> Res<Scopes> {
        let mut s = Scopes { all: BTreeMap::new() };
        s.open(0, Kind::Module, 0, None);
        s.stmts(0, body)?;
        s.resolve()?;
        Ok(s)
    }

    pub(super) fn expression(e: &Expr) -> Res<Scopes> {
        let mut s = Scopes { all: BTreeMap::new() };
        s.open(0, Kind::Module, 0, None);
        s.expr(0, e)?;
        s.resolve()?;
        Ok(s)
    }

    pub(super) fn find(&self, scope: u32, name: &Str) -> Where {
        let Some(s) = self.all.get(&scope) else { return Where::Global };
        if s.globals.contains(name) {
            return Where::Global;
        }
        if s.frees.contains(name) {
            return Where::Free;
        }
        if s.cells.contains(name) && s.kind != Kind::Class {
            return Where::Cell;
        }
        match s.kind {
            Kind::Module | Kind::Class => Where::Name,
            _ if s.bound.contains(name) => Where::Fast,
            _ => Where::Global,
        }
    }

    fn open(&mut self, id: u32, kind: Kind, parent: u32, class: Option<Str>) {
        let class = class.or_else(|| self.all.get(&parent).and_then(|p| p.class.clone()));
        self.all.insert(
            id,
            Scope {
                kind,
                parent,
                class,
                bound: BTreeSet::new(),
                used: BTreeSet::new(),
                globals: BTreeSet::new(),
                nonlocals: BTreeSet::new(),
                cells: BTreeSet::new(),
                frees: BTreeSet::new(),
                generator: false,
            },
        );
    }

    fn at(&mut self, s: u32) -> &mut Scope {
        if !self.all.contains_key(&s) {
            self.open(s, Kind::Module, 0, None);
        }
        self.all.entry(s).or_insert_with(unreachable_scope)
    }

    fn bind(&mut self, s: u32, n: &Str) {
        let sc = self.at(s);
        let n = mangle(sc.class.as_ref(), n);
        sc.bound.insert(n);
    }

    fn use_(&mut self, s: u32, n: &Str) {
        let sc = self.at(s);
        let n = mangle(sc.class.as_ref(), n);
        if &*n == "super" && sc.kind == Kind::Function {
            sc.used.insert("__class__".into());
        }
        sc.used.insert(n);
    }

    fn stmts(&mut self, s: u32, body: &[Stmt]) -> Res<()> {
        for st in body {
            self.stmt(s, st)?;
        }
        Ok(())
    }

    fn opt(&mut self, s: u32, e: Option<&Expr>) -> Res<()> {
        e.map_or(Ok(()), |e| self.expr(s, e))
    }

    fn exprs(&mut self, s: u32, es: &[Expr]) -> Res<()> {
        es.iter().try_for_each(|e| self.expr(s, e))
    }

    fn stmt(&mut self, s: u32, st: &Stmt) -> Res<()> {
        match &st.kind {
            St::Expr(e) => self.expr(s, e),
            St::Assign(ts, v) => {
                self.expr(s, v)?;
                ts.iter().try_for_each(|t| self.target(s, t))
            }
            St::AugAssign(t, _, v) => {
                self.expr(s, v)?;
                self.expr(s, t)?;
                self.target(s, t)
            }
            St::AnnAssign { target, annotation, value } => {
                if self.at(s).kind != Kind::Function {
                    self.expr(s, annotation)?;
                    self.use_(s, &"__annotations__".into());
                }
                self.opt(s, value.as_ref())?;
                self.target(s, target)
            }
            St::Return(e) => self.opt(s, e.as_ref()),
            St::Delete(es) => es.iter().try_for_each(|t| self.target(s, t)),
            St::Pass | St::Break | St::Continue => Ok(()),
            St::If(arms, orelse) => {
                for (t, b) in arms {
                    self.expr(s, t)?;
                    self.stmts(s, b)?;
                }
                self.stmts(s, orelse)
            }
            St::While(t, b, o) => {
                self.expr(s, t)?;
                self.stmts(s, b)?;
                self.stmts(s, o)
            }
            St::For { target, iter, body, orelse, .. } => {
                self.expr(s, iter)?;
                self.target(s, target)?;
                self.stmts(s, body)?;
                self.stmts(s, orelse)
            }
            St::Try { body, handlers, orelse, finally } => {
                self.stmts(s, body)?;
                for h in handlers {
                    self.opt(s, h.typ.as_ref())?;
                    if let Some(n) = &h.name {
                        self.bind(s, n);
                    }
                    self.stmts(s, &h.body)?;
                }
                self.stmts(s, orelse)?;
                self.stmts(s, finally)
            }
            St::With { items, body, .. } => {
                for i in items {
                    self.expr(s, &i.context)?;
                    if let Some(t) = &i.target {
                        self.target(s, t)?;
                    }
                }
                self.stmts(s, body)
            }
            St::Raise(a, b) => {
                self.opt(s, a.as_ref())?;
                self.opt(s, b.as_ref())
            }
            St::Assert(a, b) => {
                self.expr(s, a)?;
                self.opt(s, b.as_ref())
            }
            St::Import(names) => {
                for a in names {
                    let n = a.asname.clone().unwrap_or_else(|| a.name.split('.').next().unwrap_or("").into());
                    self.bind(s, &n);
                }
                Ok(())
            }
            St::From { names, .. } => {
                for a in names {
                    self.bind(s, a.asname.as_ref().unwrap_or(&a.name));
                }
                Ok(())
            }
            St::FromStar { .. } => {
                if self.at(s).kind == Kind::Module {
                    Ok(())
                } else {
                    Err(SyntaxErr::new("import * only allowed at module level", st.span))
                }
            }
            St::Global(names) => {
                for n in names {
                    let sc = self.at(s);
                    if sc.bound.contains(n) || sc.used.contains(n) {
                        let what = if sc.bound.contains(n) { "assigned to" } else { "used prior to" };
                        let msg = if sc.bound.contains(n) && sc.kind != Kind::Module {
                            format!("name '{n}' is {what} before global declaration")
                        } else {
                            format!("name '{n}' is used prior to global declaration")
                        };
                        return Err(SyntaxErr::new(msg, st.span));
                    }
                    sc.globals.insert(n.clone());
                }
                Ok(())
            }
            St::Nonlocal(names) => {
                if self.at(s).kind == Kind::Module {
                    return Err(SyntaxErr::new("nonlocal declaration not allowed at module level", st.span));
                }
                for n in names {
                    if !self.has_enclosing(s, n) {
                        return Err(SyntaxErr::new(format!("no binding for nonlocal '{n}' found"), st.span));
                    }
                    self.at(s).nonlocals.insert(n.clone());
                }
                Ok(())
            }
            St::Func(f) => {
                self.exprs(s, &f.decorators)?;
                self.params_outer(s, &f.params)?;
                self.opt(s, f.returns.as_ref())?;
                self.bind(s, &f.name);
                self.open(f.scope, Kind::Function, s, None);
                self.params(f.scope, &f.params);
                self.at(f.scope).generator = false;
                self.stmts(f.scope, &f.body)
            }
            St::Class(c) => {
                self.exprs(s, &c.decorators)?;
                self.args(s, &c.args)?;
                self.bind(s, &c.name);
                self.open(c.scope, Kind::Class, s, Some(c.name.clone()));
                self.stmts(c.scope, &c.body)
            }
            St::Match(e, cases) => {
                self.expr(s, e)?;
                for c in cases {
                    self.pat(s, &c.pattern)?;
                    self.opt(s, c.guard.as_ref())?;
                    self.stmts(s, &c.body)?;
                }
                Ok(())
            }
        }
    }

    /// Bindings that an enclosing function makes are known only after its body was walked, so a
    /// nonlocal is checked against the enclosing functions' names so far, and again when resolving.
    fn has_enclosing(&self, s: u32, _name: &Str) -> bool {
        let mut at = self.all.get(&s).map_or(0, |x| x.parent);
        loop {
            match self.all.get(&at) {
                Some(sc) if sc.kind == Kind::Function => return true,
                Some(sc) if sc.kind != Kind::Module => at = sc.parent,
                _ => return false,
            }
        }
    }

    fn pat(&mut self, s: u32, p: &Pat) -> Res<()> {
        match p {
            Pat::Value(e) | Pat::Singleton(e) => self.expr(s, e),
            Pat::Capture(n) | Pat::Star(Some(n)) => {
                self.bind(s, n);
                Ok(())
            }
            Pat::Wildcard | Pat::Star(None) => Ok(()),
            Pat::As(p, n) => {
                self.bind(s, n);
                self.pat(s, p)
            }
            Pat::Or(ps) | Pat::Seq(ps) => ps.iter().try_for_each(|p| self.pat(s, p)),
            Pat::Map { keys, rest } => {
                if let Some(n) = rest {
                    self.bind(s, n);
                }
                keys.iter().try_for_each(|(k, p)| {
                    self.expr(s, k)?;
                    self.pat(s, p)
                })
            }
            Pat::Class { cls, args, kwargs } => {
                self.expr(s, cls)?;
                args.iter().try_for_each(|p| self.pat(s, p))?;
                kwargs.iter().try_for_each(|(_, p)| self.pat(s, p))
            }
        }
    }

    fn target(&mut self, s: u32, t: &Expr) -> Res<()> {
        match &*t.kind {
            Ex::Name(n) => {
                self.bind(s, n);
                Ok(())
            }
            Ex::Tuple(es) | Ex::List(es) => es.iter().try_for_each(|e| self.target(s, e)),
            Ex::Star(e) => self.target(s, e),
            Ex::Attr(e, _) => self.expr(s, e),
            Ex::Sub(e, i) => {
                self.expr(s, e)?;
                self.expr(s, i)
            }
            _ => self.expr(s, t),
        }
    }

    fn args(&mut self, s: u32, args: &[Arg]) -> Res<()> {
        args.iter().try_for_each(|a| match a {
            Arg::Pos(e) | Arg::Star(e) | Arg::Kw(_, e) | Arg::DoubleStar(e) => self.expr(s, e),
        })
    }

    fn params_outer(&mut self, s: u32, p: &Params) -> Res<()> {
        for q in p.args.iter().chain(&p.vararg).chain(&p.kwonly).chain(&p.kwarg) {
            self.opt(s, q.default.as_ref())?;
            self.opt(s, q.annotation.as_ref())?;
        }
        Ok(())
    }

    fn params(&mut self, s: u32, p: &Params) {
        for q in p.args.iter().chain(&p.vararg).chain(&p.kwonly).chain(&p.kwarg) {
            self.bind(s, &q.name);
        }
    }

    fn comp(&mut self, s: u32, id: u32, comps: &[Comp], elts: &[&Expr]) -> Res<()> {
        self.open(id, Kind::Comp, s, None);
        for (i, c) in comps.iter().enumerate() {
            self.expr(if i == 0 { s } else { id }, &c.iter)?;
            self.target(id, &c.target)?;
            self.exprs(id, &c.ifs)?;
        }
        elts.iter().try_for_each(|e| self.expr(id, e))
    }

    fn expr(&mut self, s: u32, e: &Expr) -> Res<()> {
        match &*e.kind {
            Ex::Name(n) => {
                self.use_(s, n);
                Ok(())
            }
            Ex::Int(_)
            | Ex::Big(_)
            | Ex::Float(_)
            | Ex::Str(_)
            | Ex::Bytes(_)
            | Ex::None
            | Ex::Bool(_)
            | Ex::Ellipsis => Ok(()),
            Ex::FString(parts) => self.fparts(s, parts),
            Ex::Tuple(es) | Ex::List(es) | Ex::Set(es) | Ex::BoolOp(_, es) => self.exprs(s, es),
            Ex::Dict(ps) => ps.iter().try_for_each(|(k, v)| {
                self.opt(s, k.as_ref())?;
                self.expr(s, v)
            }),
            Ex::Bin(_, a, b) | Ex::Sub(a, b) => {
                self.expr(s, a)?;
                self.expr(s, b)
            }
            Ex::Unary(_, a) | Ex::Attr(a, _) | Ex::Star(a) => self.expr(s, a),
            Ex::Await(a) | Ex::YieldFrom(a) => {
                self.at(s).generator = true;
                self.expr(s, a)
            }
            Ex::Compare(a, ops) => {
                self.expr(s, a)?;
                ops.iter().try_for_each(|(_, e)| self.expr(s, e))
            }
            Ex::Call(f, args) => {
                self.expr(s, f)?;
                self.args(s, args)
            }
            Ex::Slice(a, b, c) => {
                self.opt(s, a.as_ref())?;
                self.opt(s, b.as_ref())?;
                self.opt(s, c.as_ref())
            }
            Ex::IfElse { test, body, orelse } => {
                self.expr(s, test)?;
                self.expr(s, body)?;
                self.expr(s, orelse)
            }
            Ex::Lambda { scope, params, body } => {
                self.params_outer(s, params)?;
                self.open(*scope, Kind::Function, s, None);
                self.params(*scope, params);
                self.expr(*scope, body)
            }
            Ex::ListComp { scope, elt, comps } | Ex::SetComp { scope, elt, comps } => {
                self.comp(s, *scope, comps, &[elt])
            }
            Ex::GenExp { scope, elt, comps } => {
                self.comp(s, *scope, comps, &[elt])?;
                self.at(*scope).generator = true;
                Ok(())
            }
            Ex::DictComp { scope, key, value, comps } => self.comp(s, *scope, comps, &[key, value]),
            Ex::Yield(v) => {
                if matches!(self.at(s).kind, Kind::Module | Kind::Class) {
                    return Err(SyntaxErr::new("'yield' outside function", e.span));
                }
                self.at(s).generator = true;
                self.opt(s, v.as_ref())
            }
            Ex::Walrus(n, v) => {
                let mut at = s;
                while let Some(sc) = self.all.get(&at)
                    && sc.kind == Kind::Comp
                {
                    at = sc.parent;
                }
                if at != s {
                    if self.at(at).kind == Kind::Function {
                        self.at(s).nonlocals.insert(n.clone());
                    } else {
                        self.at(s).globals.insert(n.clone());
                    }
                }
                self.bind(at, n);
                self.expr(s, v)
            }
        }
    }

    fn fparts(&mut self, s: u32, parts: &[FPart]) -> Res<()> {
        for p in parts {
            if let FPart::Expr { value, spec, .. } = p {
                self.expr(s, value)?;
                if let Some(sp) = spec {
                    self.fparts(s, sp)?;
                }
            }
        }
        Ok(())
    }

    fn resolve(&mut self) -> Res<()> {
        let ids: Vec<u32> = self.all.keys().copied().collect();
        for id in ids {
            let Some(sc) = self.all.get(&id) else { continue };
            if sc.kind == Kind::Module {
                continue;
            }
            let names: Vec<Str> = sc
                .used
                .iter()
                .chain(&sc.nonlocals)
                .filter(|n| (!sc.bound.contains(*n) || sc.nonlocals.contains(*n)) && !sc.globals.contains(*n))
                .cloned()
                .collect();
            for n in names {
                self.capture(id, &n);
            }
        }
        Ok(())
    }

    /// Makes `name` a free variable of `id` and of all scopes up to the function that binds it.
    fn capture(&mut self, id: u32, name: &Str) {
        let mut path = vec![id];
        let mut at = self.all.get(&id).map_or(0, |s| s.parent);
        loop {
            let Some(sc) = self.all.get(&at) else { return };
            let found = match sc.kind {
                Kind::Module => return,
                Kind::Class => &**name == "__class__",
                _ => {
                    if sc.globals.contains(name) {
                        return;
                    }
                    sc.bound.contains(name) && !sc.nonlocals.contains(name)
                }
            };
            if found {
                self.at(at).cells.insert(name.clone());
                for p in path {
                    self.at(p).frees.insert(name.clone());
                }
                return;
            }
            path.push(at);
            if at == sc.parent {
                return;
            }
            at = sc.parent;
        }
    }
}

fn unreachable_scope() -> Scope {
    Scope {
        kind: Kind::Module,
        parent: 0,
        class: None,
        bound: BTreeSet::new(),
        used: BTreeSet::new(),
        globals: BTreeSet::new(),
        nonlocals: BTreeSet::new(),
        cells: BTreeSet::new(),
        frees: BTreeSet::new(),
        generator: false,
    }
}
