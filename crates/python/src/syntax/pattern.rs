//! Patterns of `match` (PEP 634).

use super::ast::{BinOp, Ex, Pat, UnOp};
use super::lexer::{Res, Tok};
use super::parser::Parser;

impl Parser<'_> {
    /// The pattern after `case`: an open sequence is allowed.
    pub(super) fn patterns(&mut self) -> Res<Pat> {
        let first = self.pattern_or_star()?;
        if !self.is_op(",") {
            return Ok(if matches!(first, Pat::Star(_)) { Pat::Seq(vec![first]) } else { first });
        }
        let mut items = vec![first];
        while self.eat_op(",") {
            if self.is_op(":") || self.is_kw("if") {
                break;
            }
            items.push(self.pattern_or_star()?);
        }
        Ok(Pat::Seq(items))
    }

    fn pattern_or_star(&mut self) -> Res<Pat> {
        if self.eat_op("*") {
            let n = self.ident()?;
            return Ok(Pat::Star(if &*n == "_" { None } else { Some(n) }));
        }
        self.pattern()
    }

    fn pattern(&mut self) -> Res<Pat> {
        self.enter()?;
        let first = self.closed()?;
        let mut alts = vec![first];
        while self.eat_op("|") {
            alts.push(self.closed()?);
        }
        let mut pat = if alts.len() == 1 { alts.remove(0) } else { Pat::Or(alts) };
        if self.eat_kw("as") {
            pat = Pat::As(Box::new(pat), self.ident()?);
        }
        self.leave();
        Ok(pat)
    }

    fn closed(&mut self) -> Res<Pat> {
        let start = self.span();
        match self.tok().clone() {
            Tok::Op("-") | Tok::Int(_) | Tok::Big(_) | Tok::Float(_) => {
                let neg = self.eat_op("-");
                let mut e = self.primary()?;
                if neg {
                    e = self.make(Ex::Unary(UnOp::Neg, e), start.to(self.last_span()), 1)?;
                }
                let _ = BinOp::Add;
                Ok(Pat::Value(e))
            }
            Tok::Str(_) | Tok::Bytes(_) | Tok::FString { .. } => Ok(Pat::Value(self.strings()?)),
            Tok::Name(n) if matches!(&*n, "None" | "True" | "False") => Ok(Pat::Singleton(self.primary_name()?)),
            Tok::Name(n) => {
                self.ident()?;
                if !self.is_op(".") && !self.is_op("(") {
                    return Ok(if &*n == "_" { Pat::Wildcard } else { Pat::Capture(n) });
                }
                let mut e = self.make(Ex::Name(n), start, 0)?;
                while self.eat_op(".") {
                    let attr = self.ident()?;
                    let below = e.depth;
                    e = self.make(Ex::Attr(e, attr), start.to(self.last_span()), below)?;
                }
                if !self.eat_op("(") {
                    return Ok(Pat::Value(e));
                }
                let (mut args, mut kwargs) = (Vec::new(), Vec::new());
                while !self.is_op(")") {
                    if self.is_name() && matches!(self.tok_at(1), Tok::Op("=")) {
                        let k = self.ident()?;
                        self.i += 1;
                        kwargs.push((k, self.pattern()?));
                    } else {
                        args.push(self.pattern()?);
                    }
                    if !self.eat_op(",") {
                        break;
                    }
                }
                self.expect_op(")")?;
                Ok(Pat::Class { cls: e, args, kwargs })
            }
            Tok::Op(open @ ("(" | "[")) => {
                self.i += 1;
                let close = if open == "(" { ")" } else { "]" };
                let mut items = Vec::new();
                let mut comma = false;
                while !self.is_op(close) {
                    items.push(self.pattern_or_star()?);
                    if !self.eat_op(",") {
                        break;
                    }
                    comma = true;
                }
                self.expect_op(close)?;
                if open == "(" && items.len() == 1 && !comma && !matches!(items[0], Pat::Star(_)) {
                    return Ok(items.remove(0));
                }
                Ok(Pat::Seq(items))
            }
            Tok::Op("{") => {
                self.i += 1;
                let (mut keys, mut rest) = (Vec::new(), None);
                while !self.is_op("}") {
                    if self.eat_op("**") {
                        rest = Some(self.ident()?);
                    } else {
                        let (Pat::Value(k) | Pat::Singleton(k)) = self.closed()? else { return Err(self.invalid()) };
                        self.expect_op(":")?;
                        keys.push((k, self.pattern()?));
                    }
                    if !self.eat_op(",") {
                        break;
                    }
                }
                self.expect_op("}")?;
                Ok(Pat::Map { keys, rest })
            }
            _ => Err(self.invalid()),
        }
    }

    fn primary_name(&mut self) -> Res<super::ast::Expr> {
        let start = self.span();
        let kind = if self.is_kw("None") { Ex::None } else { Ex::Bool(self.is_kw("True")) };
        self.i += 1;
        self.make(kind, start, 0)
    }
}
