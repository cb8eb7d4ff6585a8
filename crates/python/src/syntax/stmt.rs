//! Statements.

use super::ast::{Alias, BinOp, Case, ClassDef, Ex, Expr, FuncDef, Handler, Span, St, Stmt, WithItem};
use super::lexer::{ErrKind, Res, SyntaxErr, Tok};
use super::parser::Parser;

impl Parser<'_> {
    pub(super) fn statement(&mut self, out: &mut Vec<Stmt>) -> Res<()> {
        let start = self.span();
        let word = match self.tok() {
            Tok::Name(n) => n.clone(),
            Tok::Op("@") => "@".into(),
            Tok::Newline => {
                self.i += 1;
                return Ok(());
            }
            _ => return self.simple_line(out),
        };
        let kind = match &*word {
            "if" => self.if_stmt()?,
            "while" => {
                self.i += 1;
                let test = self.named()?;
                let body = self.block("'while' statement", start)?;
                St::While(test, body, self.else_block()?)
            }
            "for" => self.for_stmt(false)?,
            "try" => self.try_stmt()?,
            "with" => self.with_stmt(false)?,
            "def" | "class" | "@" => self.decorated()?,
            "async" => {
                self.i += 1;
                if self.is_kw("for") {
                    self.for_stmt(true)?
                } else if self.is_kw("with") {
                    self.with_stmt(true)?
                } else {
                    St::Func(Box::new(self.func(Vec::new(), true)?))
                }
            }
            "match" if self.looks_like_match() => self.match_stmt()?,
            _ => return self.simple_line(out),
        };
        out.push(Stmt { kind, span: start.to(self.last_span()) });
        Ok(())
    }

    fn simple_line(&mut self, out: &mut Vec<Stmt>) -> Res<()> {
        loop {
            let start = self.span();
            let kind = self.simple()?;
            out.push(Stmt { kind, span: start.to(self.last_span()) });
            if self.eat_op(";") {
                if matches!(self.tok(), Tok::Newline) {
                    self.i += 1;
                    return Ok(());
                }
                continue;
            }
            return match self.tok() {
                Tok::Newline => {
                    self.i += 1;
                    Ok(())
                }
                Tok::End => Ok(()),
                _ => {
                    if let Some(Stmt { kind: St::Expr(e), .. }) = out.last()
                        && let Ex::Name(n) = &*e.kind
                        && matches!(&**n, "print" | "exec")
                        && e.span.line == self.span().line
                    {
                        let span = e.span;
                        let msg = format!("Missing parentheses in call to '{n}'. Did you mean {n}(...)?");
                        let mut end = self.span();
                        while !matches!(self.tok(), Tok::Newline | Tok::End) {
                            end = self.span();
                            self.i += 1;
                        }
                        return Err(SyntaxErr::new(msg, span.to(end)));
                    }
                    Err(self.invalid())
                }
            };
        }
    }

    fn simple(&mut self) -> Res<St> {
        let word = match self.tok() {
            Tok::Name(n) => n.clone(),
            _ => return self.expr_stmt(),
        };
        let ends = |p: &Self| matches!(p.tok(), Tok::Newline | Tok::End | Tok::Op(";"));
        match &*word {
            "pass" | "break" | "continue" => {
                self.i += 1;
                Ok(match &*word {
                    "pass" => St::Pass,
                    "break" => St::Break,
                    _ => St::Continue,
                })
            }
            "return" => {
                self.i += 1;
                Ok(St::Return(if ends(self) { None } else { Some(self.star_exprs()?) }))
            }
            "raise" => {
                self.i += 1;
                if ends(self) {
                    return Ok(St::Raise(None, None));
                }
                let e = self.test()?;
                let cause = if self.eat_kw("from") { Some(self.test()?) } else { None };
                Ok(St::Raise(Some(e), cause))
            }
            "assert" => {
                self.i += 1;
                let e = self.test()?;
                let msg = if self.eat_op(",") { Some(self.test()?) } else { None };
                Ok(St::Assert(e, msg))
            }
            "del" => {
                self.i += 1;
                let e = self.star_exprs()?;
                self.check_target(&e, "delete")?;
                Ok(St::Delete(match *e.kind {
                    Ex::Tuple(items) => items,
                    _ => vec![e],
                }))
            }
            "global" | "nonlocal" => {
                self.i += 1;
                let mut names = vec![self.ident()?];
                while self.eat_op(",") {
                    names.push(self.ident()?);
                }
                Ok(if &*word == "global" { St::Global(names) } else { St::Nonlocal(names) })
            }
            "import" => {
                self.i += 1;
                let mut names = Vec::new();
                loop {
                    let name = self.dotted()?;
                    let asname = if self.eat_kw("as") { Some(self.ident()?) } else { None };
                    names.push(Alias { name, asname });
                    if !self.eat_op(",") {
                        return Ok(St::Import(names));
                    }
                }
            }
            "from" => self.import_from(),
            _ => self.expr_stmt(),
        }
    }

    fn dotted(&mut self) -> Res<std::sync::Arc<str>> {
        let mut name = self.ident()?.to_string();
        while self.eat_op(".") {
            name.push('.');
            name.push_str(&self.ident()?);
        }
        Ok(name.into())
    }

    fn import_from(&mut self) -> Res<St> {
        self.i += 1;
        let mut level = 0;
        loop {
            if self.eat_op(".") {
                level += 1;
            } else if self.eat_op("...") {
                level += 3;
            } else {
                break;
            }
        }
        let module = if level > 0 && self.is_kw("import") { "".into() } else { self.dotted()? };
        self.expect_kw("import")?;
        if self.eat_op("*") {
            return Ok(St::FromStar { module, level });
        }
        let paren = self.eat_op("(");
        let mut names = Vec::new();
        loop {
            let name = self.ident()?;
            let asname = if self.eat_kw("as") { Some(self.ident()?) } else { None };
            names.push(Alias { name, asname });
            if !self.eat_op(",") || (paren && self.is_op(")")) {
                break;
            }
            if !paren && matches!(self.tok(), Tok::Newline) {
                return Err(SyntaxErr::new(
                    "trailing comma not allowed without surrounding parentheses",
                    self.last_span(),
                ));
            }
        }
        if paren {
            self.expect_op(")")?;
        }
        Ok(St::From { module, names, level })
    }

    fn expr_stmt(&mut self) -> Res<St> {
        let value = |p: &mut Self| if p.is_kw("yield") { p.yield_expr() } else { p.star_exprs() };
        let first = value(self)?;
        if self.eat_op(":") {
            self.check_target(&first, "annotate")?;
            let annotation = self.test()?;
            let v = if self.eat_op("=") { Some(value(self)?) } else { None };
            return Ok(St::AnnAssign { target: first, annotation, value: v });
        }
        if let Tok::Op(o) = self.tok()
            && let Some(op) = aug_op(o)
        {
            match &*first.kind {
                Ex::Name(_) | Ex::Attr(..) | Ex::Sub(..) => {}
                other => {
                    let what = match other {
                        Ex::Tuple(_) => "tuple",
                        Ex::List(_) => "list",
                        Ex::Call(..) => "function call",
                        Ex::Int(_) | Ex::Float(_) | Ex::Str(_) => "literal",
                        _ => "expression",
                    };
                    return Err(SyntaxErr::new(
                        format!("'{what}' is an illegal expression for augmented assignment"),
                        first.span,
                    ));
                }
            }
            self.i += 1;
            let v = value(self)?;
            return Ok(St::AugAssign(first, op, v));
        }
        if !self.is_op("=") {
            return Ok(St::Expr(first));
        }
        let mut targets = Vec::new();
        let mut last = first;
        while self.is_op("=") {
            self.check_target(&last, "assign to")?;
            if matches!(&*last.kind, Ex::Star(_)) {
                return Err(SyntaxErr::new("starred assignment target must be in a list or tuple", last.span));
            }
            self.i += 1;
            targets.push(last);
            last = value(self)?;
        }
        Ok(St::Assign(targets, last))
    }

    /// `if x = 3`: the mark goes from the left operand to the right one.
    fn meant_equal(&mut self) -> SyntaxErr {
        let start = self.last_span();
        self.i += 1;
        match self.test() {
            Ok(_) => SyntaxErr::new(
                "invalid syntax. Maybe you meant '==' or ':=' instead of '='?",
                start.to(self.last_span()),
            ),
            Err(e) => e,
        }
    }

    /// `: NEWLINE INDENT statements DEDENT`, or simple statements on the same line.
    pub(super) fn block(&mut self, what: &str, opener: Span) -> Res<Vec<Stmt>> {
        if !self.eat_op(":") {
            return Err(match self.tok() {
                Tok::Op("=") => self.meant_equal(),
                Tok::Op("<>") => self.invalid(),
                _ => SyntaxErr::new("expected ':'", self.span()),
            });
        }
        let mut out = Vec::new();
        if !matches!(self.tok(), Tok::Newline) {
            self.simple_line(&mut out)?;
            return Ok(out);
        }
        self.i += 1;
        if !matches!(self.tok(), Tok::Indent) {
            return Err(SyntaxErr {
                kind: ErrKind::Indentation,
                msg: format!("expected an indented block after {what} on line {}", opener.line),
                span: Span { end_line: 0, end_col: 0, ..self.span() },
            });
        }
        self.i += 1;
        self.enter()?;
        while !matches!(self.tok(), Tok::Dedent | Tok::End) {
            self.statement(&mut out)?;
        }
        self.leave();
        if matches!(self.tok(), Tok::Dedent) {
            self.i += 1;
        }
        Ok(out)
    }

    fn else_block(&mut self) -> Res<Vec<Stmt>> {
        let at = self.span();
        if self.eat_kw("else") { self.block("'else' statement", at) } else { Ok(Vec::new()) }
    }

    fn if_stmt(&mut self) -> Res<St> {
        let mut arms = Vec::new();
        let mut word = "'if' statement";
        loop {
            let at = self.span();
            self.i += 1;
            let test = self.named()?;
            let body = self.block(word, at)?;
            arms.push((test, body));
            if !self.is_kw("elif") {
                return Ok(St::If(arms, self.else_block()?));
            }
            word = "'elif' statement";
        }
    }

    fn for_stmt(&mut self, is_async: bool) -> Res<St> {
        let at = self.span();
        self.i += 1;
        let target = self.target_list()?;
        self.expect_kw("in")?;
        let iter = self.star_exprs()?;
        let body = self.block("'for' statement", at)?;
        let orelse = self.else_block()?;
        Ok(St::For { target, iter, body, orelse, is_async })
    }

    fn try_stmt(&mut self) -> Res<St> {
        let at = self.span();
        self.i += 1;
        let body = self.block("'try' statement", at)?;
        let mut handlers = Vec::new();
        while self.is_kw("except") {
            let start = self.span();
            self.i += 1;
            if self.is_op("*") {
                return Err(SyntaxErr::new("except* is not supported by Layerlab's Python", self.span()));
            }
            let typ = if self.is_op(":") { None } else { Some(self.test()?) };
            if self.is_op(",") {
                return Err(SyntaxErr::new("multiple exception types must be parenthesized", start.to(self.span())));
            }
            let name = if self.eat_kw("as") { Some(self.ident()?) } else { None };
            let span = start.to(self.last_span());
            let body = self.block("'except' statement", start)?;
            handlers.push(Handler { typ, name, body, span });
        }
        let orelse = if handlers.is_empty() { Vec::new() } else { self.else_block()? };
        let at = self.span();
        let finally = if self.eat_kw("finally") { self.block("'finally' statement", at)? } else { Vec::new() };
        if handlers.is_empty() && finally.is_empty() {
            return Err(SyntaxErr::new("expected 'except' or 'finally' block", self.span()));
        }
        Ok(St::Try { body, handlers, orelse, finally })
    }

    fn with_stmt(&mut self, is_async: bool) -> Res<St> {
        let at = self.span();
        self.i += 1;
        // `with (a as b, c as d):` — try the parenthesised form first, fall back to an expression.
        let saved = (self.i, self.next_scope, self.depth);
        if self.eat_op("(")
            && let Ok(items) = self.with_items(")")
            && self.eat_op(")")
            && self.is_op(":")
        {
            let body = self.block("'with' statement", at)?;
            return Ok(St::With { items, body, is_async });
        }
        (self.i, self.next_scope, self.depth) = saved;
        let items = self.with_items(":")?;
        let body = self.block("'with' statement", at)?;
        Ok(St::With { items, body, is_async })
    }

    fn with_items(&mut self, end: &str) -> Res<Vec<WithItem>> {
        let mut items = Vec::new();
        loop {
            let context = self.test()?;
            let target = if self.eat_kw("as") {
                let e = self.star_expr()?;
                self.check_target(&e, "assign to")?;
                Some(e)
            } else {
                None
            };
            items.push(WithItem { context, target });
            if !self.eat_op(",") || self.is_op(end) {
                return Ok(items);
            }
        }
    }

    fn decorated(&mut self) -> Res<St> {
        let mut decorators = Vec::new();
        while self.eat_op("@") {
            decorators.push(self.named()?);
            if !matches!(self.tok(), Tok::Newline) {
                return Err(self.invalid());
            }
            self.i += 1;
        }
        if self.is_kw("class") {
            let at = self.span();
            self.i += 1;
            let name = self.ident()?;
            let scope = self.scope();
            let args = if self.eat_op("(") {
                let a = self.call_args()?;
                self.expect_op(")")?;
                a
            } else {
                Vec::new()
            };
            let body = self.block("class definition", at)?;
            return Ok(St::Class(ClassDef { scope, name, args, body, decorators }));
        }
        let is_async = self.eat_kw("async");
        Ok(St::Func(Box::new(self.func(decorators, is_async)?)))
    }

    fn func(&mut self, decorators: Vec<Expr>, is_async: bool) -> Res<FuncDef> {
        let at = self.span();
        self.expect_kw("def")?;
        let name = self.ident()?;
        let scope = self.scope();
        self.expect_op("(")?;
        let params = self.params(")")?;
        self.expect_op(")")?;
        let returns = if self.eat_op("->") { Some(self.star_exprs()?) } else { None };
        let body = self.block("function definition", at)?;
        Ok(FuncDef { scope, name, params, returns, body, decorators, is_async })
    }

    /// `match` is a keyword only where a subject and a colon at the line's end follow.
    fn looks_like_match(&self) -> bool {
        let mut depth = 0;
        let mut n = 1;
        if matches!(self.tok_at(1), Tok::Newline | Tok::End | Tok::Op("=" | "." | "," | ")" | ":")) {
            return false;
        }
        loop {
            match self.tok_at(n) {
                Tok::Op("(" | "[" | "{") => depth += 1,
                Tok::Op(")" | "]" | "}") => depth -= 1,
                Tok::Op(":") if depth == 0 => {
                    return matches!(self.tok_at(n + 1), Tok::Newline)
                        && matches!(self.tok_at(n + 2), Tok::Indent)
                        && matches!(self.tok_at(n + 3), Tok::Name(c) if &**c == "case");
                }
                Tok::Op("=") if depth == 0 => return false,
                Tok::Newline | Tok::End => return false,
                _ => {}
            }
            n += 1;
        }
    }

    fn match_stmt(&mut self) -> Res<St> {
        self.i += 1;
        let subject = self.star_exprs()?;
        self.expect_op(":")?;
        self.i += 2;
        let mut cases = Vec::new();
        while self.is_kw("case") {
            let at = self.span();
            self.i += 1;
            let pattern = self.patterns()?;
            let guard = if self.eat_kw("if") { Some(self.named()?) } else { None };
            let body = self.block("'case' statement", at)?;
            cases.push(Case { pattern, guard, body });
        }
        if !matches!(self.tok(), Tok::Dedent | Tok::End) {
            return Err(self.invalid());
        }
        self.i += 1;
        Ok(St::Match(subject, cases))
    }
}

fn aug_op(o: &str) -> Option<BinOp> {
    Some(match o {
        "+=" => BinOp::Add,
        "-=" => BinOp::Sub,
        "*=" => BinOp::Mul,
        "/=" => BinOp::Div,
        "//=" => BinOp::FloorDiv,
        "%=" => BinOp::Mod,
        "**=" => BinOp::Pow,
        "<<=" => BinOp::LShift,
        ">>=" => BinOp::RShift,
        "&=" => BinOp::And,
        "|=" => BinOp::Or,
        "^=" => BinOp::Xor,
        "@=" => BinOp::MatMul,
        _ => return None,
    })
}
