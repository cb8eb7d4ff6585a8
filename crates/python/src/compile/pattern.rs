//! `match`: each pattern tests the value on the stack's top and leaves a bool in its place.

use super::*;

impl<'a> Compiler<'a> {
    pub(super) fn match_stmt(&mut self, subject: &'a Expr, cases: &'a [Case]) -> Res<()> {
        let end = self.label();
        let var: Str = format!(".match{}", self.unit().code.ops.len()).into();
        self.expr(subject)?;
        self.store_temp(&var);
        for c in cases {
            let next = self.label();
            self.load_temp(&var);
            self.pattern(&c.pattern)?;
            self.emit(Op::PopJumpIfFalse(next.0));
            if let Some(g) = &c.guard {
                self.expr(g)?;
                self.emit(Op::PopJumpIfFalse(next.0));
            }
            for s in &c.body {
                self.stmt(s)?;
            }
            self.emit(Op::Jump(end.0));
            self.here(next);
        }
        self.here(end);
        Ok(())
    }

    /// Names that the source cannot hold: locals of a function, else names of the module or class.
    fn store_temp(&mut self, n: &Str) {
        let op = if self.unit().code.by_name {
            Op::StoreName(self.name_index(n))
        } else {
            Op::StoreFast(self.local_index(n))
        };
        self.emit(op);
    }

    fn load_temp(&mut self, n: &Str) {
        let op =
            if self.unit().code.by_name { Op::LoadName(self.name_index(n)) } else { Op::LoadFast(self.local_index(n)) };
        self.emit(op);
    }

    fn pattern(&mut self, p: &'a Pat) -> Res<()> {
        match p {
            Pat::Value(e) => {
                self.expr(e)?;
                self.emit(Op::Compare(CmpOp::Eq));
            }
            Pat::Singleton(e) => {
                self.expr(e)?;
                self.emit(Op::Is(false));
            }
            Pat::Wildcard => {
                self.emit(Op::Pop);
                self.load(Const::Bool(true));
            }
            Pat::Capture(n) => {
                self.store_name(n);
                self.load(Const::Bool(true));
            }
            Pat::Star(_) => return self.error("can't use starred pattern here", Span::default()),
            Pat::As(inner, n) => {
                let end = self.label();
                self.emit(Op::Dup);
                self.pattern(inner)?;
                let no = self.label();
                self.emit(Op::PopJumpIfFalse(no.0));
                self.store_name(n);
                self.load(Const::Bool(true));
                self.emit(Op::Jump(end.0));
                self.here(no);
                self.emit(Op::Pop);
                self.load(Const::Bool(false));
                self.here(end);
            }
            Pat::Or(alts) => {
                let end = self.label();
                for a in alts {
                    let next = self.label();
                    self.emit(Op::Dup);
                    self.pattern(a)?;
                    self.emit(Op::PopJumpIfFalse(next.0));
                    self.emit(Op::Pop);
                    self.load(Const::Bool(true));
                    self.emit(Op::Jump(end.0));
                    self.here(next);
                }
                self.emit(Op::Pop);
                self.load(Const::Bool(false));
                self.here(end);
            }
            Pat::Seq(items) => {
                let star = items.iter().position(|p| matches!(p, Pat::Star(_)));
                let before = star.unwrap_or(items.len());
                let after = star.map_or(-1, |s| (items.len() - s - 1) as i64);
                self.load(Const::Int(before as i64));
                self.load(Const::Int(after));
                self.matcher("_match_seq", 3);
                let subs: Vec<&'a Pat> = items.iter().collect();
                self.parts(&subs)?;
            }
            Pat::Map { keys, rest } => {
                for (k, _) in keys {
                    self.expr(k)?;
                }
                self.emit(Op::BuildTuple(keys.len() as u32));
                self.load(Const::Bool(rest.is_some()));
                self.matcher("_match_map", 3);
                let subs: Vec<&'a Pat> = keys.iter().map(|(_, p)| p).collect();
                self.parts_with(&subs, rest.as_ref())?;
            }
            Pat::Class { cls, args, kwargs } => {
                self.expr(cls)?;
                self.load(Const::Int(args.len() as i64));
                self.load(Const::Tuple(kwargs.iter().map(|(k, _)| Const::Str(k.clone())).collect()));
                self.matcher("_match_class", 4);
                let subs: Vec<&'a Pat> = args.iter().chain(kwargs.iter().map(|(_, p)| p)).collect();
                self.parts(&subs)?;
            }
        }
        Ok(())
    }

    /// Calls a prelude function with the `n` values on the stack; it gives a tuple of parts or None.
    fn matcher(&mut self, name: &str, n: u32) {
        self.emit(Op::BuildTuple(n));
        let i = self.name_index(&name.into());
        self.emit(Op::LoadPrelude(i));
        self.emit(Op::PushNull);
        self.emit(Op::Rot3);
        self.emit(Op::Rot3);
        // Stack was (args, f, null); two rotations make it (f, null, args).
        self.emit(Op::ListToTuple);
        self.emit(Op::CallEx(false));
    }

    fn parts(&mut self, subs: &[&'a Pat]) -> Res<()> {
        self.parts_with(subs, None)
    }

    fn parts_with(&mut self, subs: &[&'a Pat], rest: Option<&'a Str>) -> Res<()> {
        let (end, none) = (self.label(), self.label());
        self.emit(Op::Dup);
        self.load(Const::None);
        self.emit(Op::Is(false));
        self.emit(Op::PopJumpIfTrue(none.0));
        let count = subs.len() + usize::from(rest.is_some());
        self.emit(Op::Unpack(count as u32));
        let mut fails = Vec::new();
        for (i, p) in subs.iter().enumerate() {
            let left = count - i - 1;
            match p {
                Pat::Star(Some(n)) => self.store_name(n),
                Pat::Star(None) => self.emit(Op::Pop),
                _ => {
                    self.pattern(p)?;
                    let l = self.label();
                    self.emit(Op::PopJumpIfFalse(l.0));
                    fails.push((l, left));
                }
            }
        }
        if let Some(n) = rest {
            self.store_name(n);
        }
        self.load(Const::Bool(true));
        self.emit(Op::Jump(end.0));
        for (l, left) in fails {
            self.here(l);
            for _ in 0..left {
                self.emit(Op::Pop);
            }
            self.load(Const::Bool(false));
            self.emit(Op::Jump(end.0));
        }
        self.here(none);
        self.emit(Op::Pop);
        self.load(Const::Bool(false));
        self.here(end);
        Ok(())
    }
}
