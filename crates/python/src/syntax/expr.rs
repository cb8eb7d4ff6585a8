//! Expressions, by precedence climbing.

use super::ast::{Arg, BinOp, CmpOp, Comp, Ex, Expr, Param, Params, UnOp};
use super::lexer::{Res, SyntaxErr, Tok};
use super::parser::{KEYWORDS, Parser};

impl Parser<'_> {
    /// `a, *b, c`: a tuple unless there is one element and no comma.
    pub(super) fn star_exprs(&mut self) -> Res<Expr> {
        let start = self.span();
        let first = self.star_expr()?;
        if !self.is_op(",") {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.eat_op(",") {
            if self.ends_list() {
                break;
            }
            items.push(self.star_expr()?);
        }
        let below = depth(&items);
        self.make(Ex::Tuple(items), start.to(self.last_span()), below)
    }

    fn ends_list(&self) -> bool {
        match self.tok() {
            Tok::Newline | Tok::End => true,
            Tok::Op(o) => {
                matches!(*o, ")" | "]" | "}" | "=" | ":" | ";")
                    || (o.ends_with('=') && o.len() > 1 && !matches!(*o, "==" | "!=" | "<=" | ">="))
            }
            Tok::Name(n) => matches!(&**n, "in" | "for" | "if"),
            _ => false,
        }
    }

    pub(super) fn star_expr(&mut self) -> Res<Expr> {
        let start = self.span();
        if self.eat_op("*") {
            let e = self.binary(BITOR)?;
            let below = e.depth;
            return self.make(Ex::Star(e), start.to(self.last_span()), below);
        }
        self.named()
    }

    pub(super) fn named(&mut self) -> Res<Expr> {
        let start = self.span();
        if self.is_name() && matches!(self.tok_at(1), Tok::Op(":=")) {
            let name = self.ident()?;
            self.i += 1;
            let e = self.test()?;
            let below = e.depth;
            return self.make(Ex::Walrus(name, e), start.to(self.last_span()), below);
        }
        self.test()
    }

    /// A ternary, a lambda, or what binds tighter.
    pub(super) fn test(&mut self) -> Res<Expr> {
        self.enter()?;
        let r = self.test_inner();
        self.leave();
        r
    }

    fn test_inner(&mut self) -> Res<Expr> {
        let start = self.span();
        if self.is_kw("lambda") {
            self.i += 1;
            let params = self.params(":")?;
            self.expect_op(":")?;
            let scope = self.scope();
            let body = self.test()?;
            let below = body.depth;
            return self.make(Ex::Lambda { scope, params, body }, start.to(self.last_span()), below);
        }
        let body = self.binary(0)?;
        if !self.is_kw("if") {
            return Ok(body);
        }
        self.i += 1;
        let test = self.binary(0)?;
        if !self.eat_kw("else") {
            return Err(SyntaxErr::new("expected 'else' after 'if' expression", start.to(self.last_span())));
        }
        let orelse = self.test()?;
        let below = body.depth.max(test.depth).max(orelse.depth);
        self.make(Ex::IfElse { test, body, orelse }, start.to(self.last_span()), below)
    }

    /// Operators of at least the given binding power.
    fn binary(&mut self, min: u8) -> Res<Expr> {
        let start = self.span();
        let mut left = if min <= NOT && self.is_kw("not") {
            self.i += 1;
            self.enter()?;
            let e = self.binary(NOT)?;
            self.leave();
            let below = e.depth;
            self.make(Ex::Unary(UnOp::Not, e), start.to(self.last_span()), below)?
        } else {
            self.unary()?
        };
        while let Some((op, power)) = self.infix() {
            if power < min {
                break;
            }
            match op {
                Infix::Bool(and) => {
                    let mut items = vec![left];
                    let word = if and { "and" } else { "or" };
                    while self.eat_kw(word) {
                        items.push(self.binary(power + 1)?);
                    }
                    let below = depth(&items);
                    left = self.make(Ex::BoolOp(and, items), start.to(self.last_span()), below)?;
                }
                Infix::Cmp => {
                    let mut ops = Vec::new();
                    let mut below = left.depth;
                    while let Some(op) = self.cmp_op() {
                        let e = self.binary(BITOR)?;
                        below = below.max(e.depth);
                        ops.push((op, e));
                    }
                    left = self.make(Ex::Compare(left, ops), start.to(self.last_span()), below)?;
                }
                Infix::Bin(op) => {
                    self.i += 1;
                    let right = self.binary(power + 1)?;
                    let below = left.depth.max(right.depth);
                    left = self.make(Ex::Bin(op, left, right), start.to(self.last_span()), below)?;
                }
            }
        }
        Ok(left)
    }

    fn infix(&self) -> Option<(Infix, u8)> {
        Some(match self.tok() {
            Tok::Name(n) => match &**n {
                "or" => (Infix::Bool(false), OR),
                "and" => (Infix::Bool(true), AND),
                "in" | "is" => (Infix::Cmp, CMP),
                "not" if matches!(self.tok_at(1), Tok::Name(n) if &**n == "in") => (Infix::Cmp, CMP),
                _ => return None,
            },
            Tok::Op(o) => match *o {
                "==" | "!=" | "<" | "<=" | ">" | ">=" => (Infix::Cmp, CMP),
                "|" => (Infix::Bin(BinOp::Or), BITOR),
                "^" => (Infix::Bin(BinOp::Xor), BITOR + 1),
                "&" => (Infix::Bin(BinOp::And), BITOR + 2),
                "<<" => (Infix::Bin(BinOp::LShift), BITOR + 3),
                ">>" => (Infix::Bin(BinOp::RShift), BITOR + 3),
                "+" => (Infix::Bin(BinOp::Add), BITOR + 4),
                "-" => (Infix::Bin(BinOp::Sub), BITOR + 4),
                "*" => (Infix::Bin(BinOp::Mul), BITOR + 5),
                "/" => (Infix::Bin(BinOp::Div), BITOR + 5),
                "//" => (Infix::Bin(BinOp::FloorDiv), BITOR + 5),
                "%" => (Infix::Bin(BinOp::Mod), BITOR + 5),
                "@" => (Infix::Bin(BinOp::MatMul), BITOR + 5),
                _ => return None,
            },
            _ => return None,
        })
    }

    fn cmp_op(&mut self) -> Option<CmpOp> {
        let (op, n) = match self.tok() {
            Tok::Op(o) => (
                match *o {
                    "==" => CmpOp::Eq,
                    "!=" => CmpOp::Ne,
                    "<" => CmpOp::Lt,
                    "<=" => CmpOp::Le,
                    ">" => CmpOp::Gt,
                    ">=" => CmpOp::Ge,
                    _ => return None,
                },
                1,
            ),
            Tok::Name(n) => match (&**n, self.tok_at(1)) {
                ("in", _) => (CmpOp::In, 1),
                ("is", Tok::Name(m)) if &**m == "not" => (CmpOp::IsNot, 2),
                ("is", _) => (CmpOp::Is, 1),
                ("not", Tok::Name(m)) if &**m == "in" => (CmpOp::NotIn, 2),
                _ => return None,
            },
            _ => return None,
        };
        self.i += n;
        Some(op)
    }

    fn unary(&mut self) -> Res<Expr> {
        let start = self.span();
        let op = match self.tok() {
            Tok::Op("-") => UnOp::Neg,
            Tok::Op("+") => UnOp::Pos,
            Tok::Op("~") => UnOp::Invert,
            _ => return self.power(),
        };
        self.i += 1;
        self.enter()?;
        let e = self.unary()?;
        self.leave();
        let below = e.depth;
        self.make(Ex::Unary(op, e), start.to(self.last_span()), below)
    }

    fn power(&mut self) -> Res<Expr> {
        let start = self.span();
        let base = if self.is_kw("await") {
            self.i += 1;
            let e = self.primary()?;
            let below = e.depth;
            self.make(Ex::Await(e), start.to(self.last_span()), below)?
        } else {
            self.primary()?
        };
        if !self.eat_op("**") {
            return Ok(base);
        }
        self.enter()?;
        let exp = self.unary()?;
        self.leave();
        let below = base.depth.max(exp.depth);
        self.make(Ex::Bin(BinOp::Pow, base, exp), start.to(self.last_span()), below)
    }

    pub(super) fn primary(&mut self) -> Res<Expr> {
        let start = self.span();
        let mut e = self.atom()?;
        loop {
            if self.eat_op(".") {
                let name = self.ident()?;
                let below = e.depth;
                e = self.make(Ex::Attr(e, name), start.to(self.last_span()), below)?;
            } else if self.is_op("(") {
                self.i += 1;
                let args = self.call_args()?;
                self.expect_op(")")?;
                let below = args.iter().map(arg_depth).max().unwrap_or(0).max(e.depth);
                e = self.make(Ex::Call(e, args), start.to(self.last_span()), below)?;
            } else if self.eat_op("[") {
                let at = self.span();
                let first = self.subscript()?;
                let idx = if self.is_op(",") {
                    let mut items = vec![first];
                    while self.eat_op(",") {
                        if self.is_op("]") {
                            break;
                        }
                        items.push(self.subscript()?);
                    }
                    let below = depth(&items);
                    self.make(Ex::Tuple(items), at.to(self.last_span()), below)?
                } else {
                    first
                };
                self.expect_op("]")?;
                let below = e.depth.max(idx.depth);
                e = self.make(Ex::Sub(e, idx), start.to(self.last_span()), below)?;
            } else {
                return Ok(e);
            }
        }
    }

    fn subscript(&mut self) -> Res<Expr> {
        let start = self.span();
        let lower = if self.is_op(":") { None } else { Some(self.star_expr()?) };
        if !self.is_op(":") {
            return lower.ok_or_else(|| self.invalid());
        }
        self.i += 1;
        let ends = |p: &Self| p.is_op("]") || p.is_op(",") || p.is_op(":");
        let upper = if ends(self) { None } else { Some(self.test()?) };
        let step = if self.eat_op(":") && !ends(self) { Some(self.test()?) } else { None };
        let below = [&lower, &upper, &step].iter().filter_map(|e| e.as_ref().map(|e| e.depth)).max().unwrap_or(0);
        self.make(Ex::Slice(lower, upper, step), start.to(self.last_span()), below)
    }

    pub(super) fn call_args(&mut self) -> Res<Vec<Arg>> {
        let mut args = Vec::new();
        let mut keyword = None;
        while !self.is_op(")") {
            let start = self.span();
            if self.eat_op("**") {
                args.push(Arg::DoubleStar(self.test()?));
                keyword = Some("positional argument follows keyword argument unpacking");
            } else if self.eat_op("*") {
                args.push(Arg::Star(self.test()?));
            } else if matches!(self.tok(), Tok::Name(_)) && matches!(self.tok_at(1), Tok::Op("=")) {
                if !self.is_name() {
                    let Tok::Name(n) = self.tok() else { return Err(self.invalid()) };
                    let msg = if matches!(&**n, "True" | "False" | "None") {
                        format!("cannot assign to {n}")
                    } else {
                        "invalid syntax".into()
                    };
                    return Err(SyntaxErr::new(msg, start));
                }
                let name = self.ident()?;
                self.i += 1;
                args.push(Arg::Kw(name, self.test()?));
                keyword = keyword.or(Some("positional argument follows keyword argument"));
            } else {
                let e = self.named()?;
                if self.is_kw("for") || self.is_kw("async") {
                    let scope = self.scope();
                    let comps = self.comps()?;
                    let below = e.depth.max(comps_depth(&comps));
                    let span = start.to(self.last_span());
                    let g = self.make(Ex::GenExp { scope, elt: e, comps }, span, below)?;
                    if !args.is_empty() || (self.is_op(",") && !matches!(self.tok_at(1), Tok::Op(")"))) {
                        return Err(SyntaxErr::new("Generator expression must be parenthesized", span));
                    }
                    args.push(Arg::Pos(g));
                } else if self.is_op("=") {
                    return Err(SyntaxErr::new(
                        "expression cannot contain assignment, perhaps you meant \"==\"?",
                        start.to(self.span()),
                    ));
                } else {
                    if let Some(msg) = keyword {
                        return Err(SyntaxErr::new(msg, self.span()));
                    }
                    args.push(Arg::Pos(e));
                }
            }
            if !self.eat_op(",") {
                break;
            }
        }
        if !self.is_op(")") && self.starts_expr() {
            return Err(self.forgot_comma(args.last().map(arg_expr)));
        }
        Ok(args)
    }

    fn starts_expr(&self) -> bool {
        match self.tok() {
            Tok::Name(n) => !KEYWORDS.contains(&&**n) || matches!(&**n, "None" | "True" | "False" | "not" | "lambda"),
            Tok::Int(_) | Tok::Big(_) | Tok::Float(_) | Tok::Str(_) | Tok::Bytes(_) | Tok::FString { .. } => true,
            _ => false,
        }
    }

    fn forgot_comma(&mut self, last: Option<&Expr>) -> SyntaxErr {
        let Some(start) = last.map(|e| e.span) else { return self.invalid() };
        match self.binary(0) {
            Ok(_) => SyntaxErr::new("invalid syntax. Perhaps you forgot a comma?", start.to(self.last_span())),
            Err(e) => e,
        }
    }

    pub(super) fn comps(&mut self) -> Res<Vec<Comp>> {
        let mut out = Vec::new();
        loop {
            if self.is_kw("async") && matches!(self.tok_at(1), Tok::Name(n) if &**n == "for") {
                return Err(SyntaxErr::new(
                    "asynchronous comprehensions are not part of Layerlab's Python",
                    self.span(),
                ));
            }
            if !self.eat_kw("for") {
                return Ok(out);
            }
            let target = self.target_list()?;
            self.expect_kw("in")?;
            let iter = self.binary(0)?;
            let mut ifs = Vec::new();
            while self.eat_kw("if") {
                let start = self.span();
                let e = if self.is_name() && matches!(self.tok_at(1), Tok::Op(":=")) {
                    self.named()?
                } else {
                    self.binary(0)?
                };
                let _ = start;
                ifs.push(e);
            }
            out.push(Comp { target, iter, ifs });
        }
    }

    /// The targets of `for`: stops before `in`.
    pub(super) fn target_list(&mut self) -> Res<Expr> {
        let start = self.span();
        let one = |p: &mut Self| -> Res<Expr> {
            let at = p.span();
            if p.eat_op("*") {
                let e = p.binary(BITOR)?;
                let below = e.depth;
                return p.make(Ex::Star(e), at.to(p.last_span()), below);
            }
            p.binary(BITOR)
        };
        let first = one(self)?;
        let e = if self.is_op(",") {
            let mut items = vec![first];
            while self.eat_op(",") {
                if self.is_kw("in") || self.is_op("=") {
                    break;
                }
                items.push(one(self)?);
            }
            let below = depth(&items);
            self.make(Ex::Tuple(items), start.to(self.last_span()), below)?
        } else {
            first
        };
        self.check_target(&e, "assign to")?;
        Ok(e)
    }

    fn atom(&mut self) -> Res<Expr> {
        let start = self.span();
        let tok = self.tok().clone();
        let kind = match tok {
            Tok::Name(n) => match &*n {
                "None" => Ex::None,
                "True" => Ex::Bool(true),
                "False" => Ex::Bool(false),
                "yield" => return self.yield_expr(),
                w if KEYWORDS.contains(&w) => return Err(self.invalid()),
                _ => Ex::Name(n),
            },
            Tok::Int(v) => Ex::Int(v),
            Tok::Big(v) => Ex::Big(v),
            Tok::Float(v) => Ex::Float(v),
            Tok::Str(_) | Tok::FString { .. } | Tok::Bytes(_) => return self.strings(),
            Tok::Op("...") => Ex::Ellipsis,
            Tok::Op("(") => {
                self.enter()?;
                let e = self.paren();
                self.leave();
                return e;
            }
            Tok::Op("[") => {
                self.enter()?;
                let e = self.list();
                self.leave();
                return e;
            }
            Tok::Op("{") => {
                self.enter()?;
                let e = self.braces();
                self.leave();
                return e;
            }
            _ => return Err(self.invalid()),
        };
        self.i += 1;
        self.make(kind, start, 0)
    }

    pub(super) fn yield_expr(&mut self) -> Res<Expr> {
        let start = self.span();
        self.expect_kw("yield")?;
        if self.eat_kw("from") {
            let e = self.test()?;
            let below = e.depth;
            return self.make(Ex::YieldFrom(e), start.to(self.last_span()), below);
        }
        let value = if self.ends_list() { None } else { Some(self.star_exprs()?) };
        let below = value.as_ref().map_or(0, |e| e.depth);
        self.make(Ex::Yield(value), start.to(self.last_span()), below)
    }

    fn paren(&mut self) -> Res<Expr> {
        let start = self.span();
        self.i += 1;
        if self.eat_op(")") {
            return self.make(Ex::Tuple(Vec::new()), start.to(self.last_span()), 0);
        }
        if self.is_kw("yield") {
            let e = self.yield_expr()?;
            self.expect_op(")")?;
            return Ok(e);
        }
        let first = self.star_expr()?;
        if self.is_kw("for") || self.is_kw("async") {
            let scope = self.scope();
            let comps = self.comps()?;
            self.expect_op(")")?;
            let below = first.depth.max(comps_depth(&comps));
            return self.make(Ex::GenExp { scope, elt: first, comps }, start.to(self.last_span()), below);
        }
        if self.is_op(",") {
            let mut items = vec![first];
            while self.eat_op(",") {
                if self.is_op(")") {
                    break;
                }
                items.push(self.star_expr()?);
            }
            self.close(")", items.last())?;
            let below = depth(&items);
            return self.make(Ex::Tuple(items), start.to(self.last_span()), below);
        }
        self.close(")", Some(&first))?;
        if matches!(&*first.kind, Ex::Star(_)) {
            return Err(SyntaxErr::new("cannot use starred expression here", first.span));
        }
        Ok(first)
    }

    fn close(&mut self, op: &str, last: Option<&Expr>) -> Res<()> {
        if !self.is_op(op) && self.starts_expr() {
            return Err(self.forgot_comma(last));
        }
        self.expect_op(op)
    }

    fn list(&mut self) -> Res<Expr> {
        let start = self.span();
        self.i += 1;
        let mut items = Vec::new();
        while !self.is_op("]") {
            let e = self.star_expr()?;
            if items.is_empty() && (self.is_kw("for") || self.is_kw("async")) {
                let scope = self.scope();
                let comps = self.comps()?;
                self.expect_op("]")?;
                let below = e.depth.max(comps_depth(&comps));
                return self.make(Ex::ListComp { scope, elt: e, comps }, start.to(self.last_span()), below);
            }
            items.push(e);
            if !self.eat_op(",") {
                break;
            }
        }
        self.close("]", items.last())?;
        let below = depth(&items);
        self.make(Ex::List(items), start.to(self.last_span()), below)
    }

    fn braces(&mut self) -> Res<Expr> {
        let start = self.span();
        self.i += 1;
        if self.eat_op("}") {
            return self.make(Ex::Dict(Vec::new()), start.to(self.last_span()), 0);
        }
        let mut pairs: Vec<(Option<Expr>, Expr)> = Vec::new();
        let mut items = Vec::new();
        let mut below = 0;
        while !self.is_op("}") {
            if self.eat_op("**") {
                let e = self.binary(BITOR)?;
                below = below.max(e.depth);
                pairs.push((None, e));
            } else {
                let e = self.star_expr()?;
                below = below.max(e.depth);
                if items.is_empty() && self.eat_op(":") {
                    let v = self.test()?;
                    below = below.max(v.depth);
                    if pairs.is_empty() && (self.is_kw("for") || self.is_kw("async")) {
                        let scope = self.scope();
                        let comps = self.comps()?;
                        self.expect_op("}")?;
                        let below = below.max(comps_depth(&comps));
                        let kind = Ex::DictComp { scope, key: e, value: v, comps };
                        return self.make(kind, start.to(self.last_span()), below);
                    }
                    pairs.push((Some(e), v));
                } else if !pairs.is_empty() {
                    return Err(SyntaxErr::new("':' expected after dictionary key", self.last_span()));
                } else {
                    if items.is_empty() && (self.is_kw("for") || self.is_kw("async")) {
                        let scope = self.scope();
                        let comps = self.comps()?;
                        self.expect_op("}")?;
                        let below = below.max(comps_depth(&comps));
                        return self.make(Ex::SetComp { scope, elt: e, comps }, start.to(self.last_span()), below);
                    }
                    items.push(e);
                }
            }
            if !self.eat_op(",") {
                break;
            }
        }
        let last = items.last().or(pairs.last().map(|p| &p.1)).cloned();
        self.close("}", last.as_ref())?;
        let kind = if items.is_empty() { Ex::Dict(pairs) } else { Ex::Set(items) };
        self.make(kind, start.to(self.last_span()), below)
    }

    /// Parameters of a `def` (up to `)`) or `lambda` (up to `:`).
    pub(super) fn params(&mut self, end: &str) -> Res<Params> {
        let mut p = Params::default();
        let mut star = false;
        let mut seen: Vec<std::sync::Arc<str>> = Vec::new();
        while !self.is_op(end) {
            if self.eat_op("/") {
                p.pos_only = p.args.len() as u32;
            } else if self.eat_op("**") {
                p.kwarg = Some(self.param(end)?);
                self.eat_op(",");
                break;
            } else if self.eat_op("*") {
                star = true;
                if !self.is_op(",") {
                    p.vararg = Some(self.param(end)?);
                } else if matches!(self.tok_at(1), Tok::Op(o) if *o == end) {
                    return Err(SyntaxErr::new("named arguments must follow bare *", self.last_span()));
                }
            } else {
                let mut one = self.param(end)?;
                if seen.contains(&one.name) {
                    return Err(SyntaxErr::new(
                        format!("duplicate argument '{}' in function definition", one.name),
                        self.last_span(),
                    ));
                }
                seen.push(one.name.clone());
                let at = self.last_span();
                if self.eat_op("=") {
                    one.default = Some(self.test()?);
                }
                if star {
                    p.kwonly.push(one);
                } else {
                    if one.default.is_none() && p.args.last().is_some_and(|a| a.default.is_some()) {
                        return Err(SyntaxErr::new("non-default argument follows default argument", at));
                    }
                    p.args.push(one);
                }
            }
            if !self.eat_op(",") {
                break;
            }
        }
        Ok(p)
    }

    fn param(&mut self, end: &str) -> Res<Param> {
        let name = self.ident()?;
        let annotation = if end == ")" && self.eat_op(":") { Some(self.star_expr()?) } else { None };
        Ok(Param { name, annotation, default: None })
    }

    /// Refuses what cannot be assigned to or deleted, in CPython's words.
    pub(super) fn check_target(&self, e: &Expr, verb: &str) -> Res<()> {
        let what = match &*e.kind {
            Ex::Name(_) | Ex::Attr(..) | Ex::Sub(..) => return Ok(()),
            Ex::Star(inner) => return self.check_target(inner, verb),
            Ex::Tuple(items) | Ex::List(items) => {
                for i in items {
                    self.check_target(i, verb)?;
                }
                return Ok(());
            }
            Ex::None => "None",
            Ex::Bool(true) => "True",
            Ex::Bool(false) => "False",
            Ex::Ellipsis => "ellipsis",
            Ex::Call(..) => "function call",
            Ex::Compare(..) => "comparison",
            Ex::FString(_) => "f-string expression",
            Ex::Int(_) | Ex::Big(_) | Ex::Float(_) | Ex::Str(_) | Ex::Bytes(_) => "literal",
            Ex::Lambda { .. } => "lambda",
            Ex::IfElse { .. } => "conditional expression",
            Ex::ListComp { .. } => "list comprehension",
            Ex::SetComp { .. } => "set comprehension",
            Ex::DictComp { .. } => "dict comprehension",
            Ex::GenExp { .. } => "generator expression",
            Ex::Dict(_) => "dict literal",
            Ex::Set(_) => "set display",
            Ex::Yield(_) | Ex::YieldFrom(_) => "yield expression",
            Ex::Await(_) => "await expression",
            Ex::Walrus(..) => "named expression",
            Ex::Slice(..) | Ex::Bin(..) | Ex::Unary(..) | Ex::BoolOp(..) => "expression",
        };
        let hint = if verb == "assign to"
            && self.is_op("=")
            && !matches!(&*e.kind, Ex::None | Ex::Bool(_) | Ex::Ellipsis | Ex::Yield(_))
        {
            " here. Maybe you meant '==' instead of '='?"
        } else {
            ""
        };
        Err(SyntaxErr::new(format!("cannot {verb} {what}{hint}"), e.span))
    }
}

const OR: u8 = 1;
const AND: u8 = 3;
const NOT: u8 = 5;
const CMP: u8 = 6;
pub(super) const BITOR: u8 = 8;

enum Infix {
    Bool(bool),
    Cmp,
    Bin(BinOp),
}

pub(super) fn depth(items: &[Expr]) -> u16 {
    items.iter().map(|e| e.depth).max().unwrap_or(0)
}

fn comps_depth(comps: &[Comp]) -> u16 {
    comps.iter().map(|c| c.iter.depth.max(depth(&c.ifs))).max().unwrap_or(0)
}

fn arg_expr(a: &Arg) -> &Expr {
    match a {
        Arg::Pos(e) | Arg::Star(e) | Arg::Kw(_, e) | Arg::DoubleStar(e) => e,
    }
}

fn arg_depth(a: &Arg) -> u16 {
    arg_expr(a).depth
}
