//! Tree to bytecode. `expr.rs` and `stmt.rs` hold the translation, `scope.rs` finds out where names live.

pub(crate) mod code;
mod expr;
mod pattern;
mod scope;
mod stmt;

use crate::syntax::ast::*;
use crate::syntax::lexer::{Res, SyntaxErr};
use crate::syntax::parser;
use code::{Code, Const, Name, Op, Pos, Source};
use scope::{Kind, Scopes, Where, mangle};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// What `compile()` is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    Exec,
    Eval,
    /// As typed at the prompt: expressions show their values.
    Single,
}

/// Compiles a source text. `shown` is false for `-c` and `exec`, whose lines tracebacks cannot print.
pub(crate) fn compile(text: &str, filename: &str, mode: Mode, hidden: bool, shown: bool) -> Res<Arc<Code>> {
    let src: Vec<char> = text.strip_prefix('\u{feff}').unwrap_or(text).chars().collect();
    let source = Arc::new(Source {
        filename: filename.into(),
        lines: if shown && !hidden { text.lines().map(str::to_owned).collect() } else { Vec::new() },
        hidden,
    });
    match mode {
        Mode::Exec | Mode::Single => {
            let body = parser::parse_module(&src)?;
            let scopes = Scopes::module(&body)?;
            let mut c =
                Compiler { scopes, units: Vec::new(), source, src: &src, future: false, single: mode == Mode::Single };
            c.push_unit(0, "<module>".into(), 1);
            c.module(&body)?;
            Ok(c.pop_unit())
        }
        Mode::Eval => {
            let e = parser::parse_eval(&src)?;
            let scopes = Scopes::expression(&e)?;
            let mut c =
                Compiler { scopes, units: Vec::new(), source, src: &src, future: false, single: mode == Mode::Single };
            c.push_unit(0, "<module>".into(), 1);
            c.expr(&e)?;
            c.emit(Op::Return);
            Ok(c.pop_unit())
        }
    }
}

static NEXT_ID: AtomicU32 = AtomicU32::new(1);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Label(u32);

/// What `break`, `continue` and `return` must undo on their way out.
#[derive(Clone)]
enum Block<'a> {
    Loop { start: Label, end: Label, is_for: bool },
    Try,
    Finally(&'a [Stmt]),
    Handler(Option<Str>),
    FinallyBody,
    With(bool),
}

struct Unit<'a> {
    scope: u32,
    kind: Kind,
    class: Option<Str>,
    code: Code,
    labels: Vec<u32>,
    blocks: Vec<Block<'a>>,
    pos: Pos,
}

struct Compiler<'a> {
    scopes: Scopes,
    units: Vec<Unit<'a>>,
    source: Arc<Source>,
    src: &'a [char],
    future: bool,
    single: bool,
}

impl<'a> Compiler<'a> {
    fn unit(&mut self) -> &mut Unit<'a> {
        let n = self.units.len() - 1;
        &mut self.units[n]
    }

    fn push_unit(&mut self, scope: u32, name: Str, line: u32) {
        let (kind, cells, frees, generator) =
            self.scopes.all.get(&scope).map_or((Kind::Module, vec![], vec![], false), |s| {
                (s.kind, s.cells.iter().cloned().collect(), s.frees.iter().cloned().collect(), s.generator)
            });
        let qualname = match self.units.last() {
            Some(u)
                if u.kind == Kind::Module
                    || self.scopes.find(u.scope, &name) == Where::Global
                        && kind != Kind::Comp
                        && &*name != "<lambda>" =>
            {
                name.clone()
            }
            Some(u) if u.kind == Kind::Class => format!("{}.{name}", u.code.qualname).into(),
            Some(u) => format!("{}.<locals>.{name}", u.code.qualname).into(),
            None => name.clone(),
        };
        let class = self.units.last().and_then(|u| u.class.clone());
        let code = Code {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            name,
            qualname,
            source: self.source.clone(),
            first_line: line,
            doc: None,
            ops: Vec::new(),
            pos: Vec::new(),
            consts: Vec::new(),
            names: Vec::new(),
            varnames: Vec::new(),
            cellvars: cells,
            freevars: frees,
            cell_args: Vec::new(),
            argcount: 0,
            posonly: 0,
            kwonly: 0,
            varargs: false,
            varkw: false,
            generator,
            coroutine: false,
            by_name: matches!(kind, Kind::Module | Kind::Class),
        };
        let pos = Pos { span: Span { line, ..Span::default() }, lo: 0, hi: 0 };
        self.units.push(Unit { scope, kind, class, code, labels: Vec::new(), blocks: Vec::new(), pos });
    }

    fn pop_unit(&mut self) -> Arc<Code> {
        let Some(mut u) = self.units.pop() else { return self.empty() };
        let labels = u.labels;
        let at = |l: u32| labels.get(l as usize).copied().unwrap_or(0);
        for op in &mut u.code.ops {
            *op = match *op {
                Op::Jump(l) => Op::Jump(at(l)),
                Op::PopJumpIfFalse(l) => Op::PopJumpIfFalse(at(l)),
                Op::PopJumpIfTrue(l) => Op::PopJumpIfTrue(at(l)),
                Op::JumpIfFalseOrPop(l) => Op::JumpIfFalseOrPop(at(l)),
                Op::JumpIfTrueOrPop(l) => Op::JumpIfTrueOrPop(at(l)),
                Op::ForIter(l) => Op::ForIter(at(l)),
                Op::Setup(l) => Op::Setup(at(l)),
                Op::SetupWith(l) => Op::SetupWith(at(l)),
                other => other,
            };
        }
        let c = &mut u.code;
        let args = c.argcount + c.kwonly + u32::from(c.varargs) + u32::from(c.varkw);
        for i in 0..args {
            if let Some(cell) = c.varnames.get(i as usize).and_then(|n| c.cellvars.iter().position(|x| x == n)) {
                c.cell_args.push((i, cell as u32));
            }
        }
        Arc::new(u.code)
    }

    fn empty(&mut self) -> Arc<Code> {
        self.push_unit(0, "".into(), 1);
        let u = self.units.pop();
        u.map_or_else(|| self.empty(), |u| Arc::new(u.code))
    }

    fn emit(&mut self, op: Op) {
        let u = self.unit();
        let pos = u.pos;
        u.code.ops.push(op);
        u.code.pos.push(pos);
    }

    fn at(&mut self, span: Span) {
        self.unit().pos = Pos { span, lo: 0, hi: 0 };
    }

    fn label(&mut self) -> Label {
        let u = self.unit();
        u.labels.push(0);
        Label(u.labels.len() as u32 - 1)
    }

    fn here(&mut self, l: Label) {
        let u = self.unit();
        let at = u.code.ops.len() as u32;
        if let Some(x) = u.labels.get_mut(l.0 as usize) {
            *x = at;
        }
    }

    fn constant(&mut self, c: Const) -> u32 {
        let consts = &mut self.unit().code.consts;
        let found = consts.iter().position(|x| match (x, &c) {
            (Const::None, Const::None) | (Const::Ellipsis, Const::Ellipsis) => true,
            (Const::Bool(a), Const::Bool(b)) => a == b,
            (Const::Int(a), Const::Int(b)) => a == b,
            (Const::Str(a), Const::Str(b)) => a == b,
            _ => false,
        });
        found.unwrap_or_else(|| {
            consts.push(c);
            consts.len() - 1
        }) as u32
    }

    fn load(&mut self, c: Const) {
        let i = self.constant(c);
        self.emit(Op::LoadConst(i));
    }

    fn name_index(&mut self, n: &Str) -> u32 {
        let names = &mut self.unit().code.names;
        let found = names.iter().position(|x| x.s == *n);
        found.unwrap_or_else(|| {
            names.push(Name::new(n.clone()));
            names.len() - 1
        }) as u32
    }

    fn attr_name(&mut self, n: &Str) -> u32 {
        let n = mangle(self.unit().class.as_ref(), n);
        self.name_index(&n)
    }

    fn local_index(&mut self, n: &Str) -> u32 {
        let v = &mut self.unit().code.varnames;
        let found = v.iter().position(|x| x == n);
        found.unwrap_or_else(|| {
            v.push(n.clone());
            v.len() - 1
        }) as u32
    }

    fn cell_index(&mut self, n: &Str) -> u32 {
        let c = &self.unit().code;
        let found = c.cellvars.iter().chain(&c.freevars).position(|x| x == n);
        found.unwrap_or(0) as u32
    }

    fn load_name(&mut self, n: &Str) {
        let n = mangle(self.unit().class.as_ref(), n);
        let (scope, kind) = (self.unit().scope, self.unit().kind);
        let op = match self.scopes.find(scope, &n) {
            Where::Fast => Op::LoadFast(self.local_index(&n)),
            Where::Free if kind == Kind::Class => Op::LoadClassDeref(self.cell_index(&n)),
            Where::Cell | Where::Free => Op::LoadDeref(self.cell_index(&n)),
            Where::Global => Op::LoadGlobal(self.name_index(&n)),
            Where::Name => Op::LoadName(self.name_index(&n)),
        };
        self.emit(op);
    }

    fn store_name(&mut self, n: &Str) {
        let n = mangle(self.unit().class.as_ref(), n);
        let (scope, kind) = (self.unit().scope, self.unit().kind);
        let op = match self.scopes.find(scope, &n) {
            Where::Fast => Op::StoreFast(self.local_index(&n)),
            Where::Free
                if kind == Kind::Class && !self.scopes.all.get(&scope).is_some_and(|s| s.frees.contains(&n)) =>
            {
                Op::StoreName(self.name_index(&n))
            }
            Where::Cell | Where::Free => Op::StoreDeref(self.cell_index(&n)),
            Where::Global => Op::StoreGlobal(self.name_index(&n)),
            Where::Name => Op::StoreName(self.name_index(&n)),
        };
        self.emit(op);
    }

    fn delete_name(&mut self, n: &Str) {
        let n = mangle(self.unit().class.as_ref(), n);
        let scope = self.unit().scope;
        let op = match self.scopes.find(scope, &n) {
            Where::Fast => Op::DeleteFast(self.local_index(&n)),
            Where::Cell | Where::Free => Op::DeleteDeref(self.cell_index(&n)),
            Where::Global => Op::DeleteGlobal(self.name_index(&n)),
            Where::Name => Op::DeleteName(self.name_index(&n)),
        };
        self.emit(op);
    }

    fn prelude(&mut self, name: &str) {
        let i = self.name_index(&name.into());
        self.emit(Op::LoadPrelude(i));
        self.emit(Op::PushNull);
    }

    fn error<T>(&self, msg: impl Into<String>, span: Span) -> Res<T> {
        Err(SyntaxErr::new(msg, span))
    }
}
