//! The parser's state and helpers. `stmt.rs`, `expr.rs`, `pattern.rs` and `fstring.rs` hold the grammar.

use super::ast::{Ex, Expr, Span, Stmt, Str};
use super::lexer::{ErrKind, Lexer, Res, SyntaxErr, Tok, Token};

/// How deeply constructs may nest: keeps the native stack small whatever the source is.
pub(crate) const MAX_DEPTH: u16 = 100;

pub(crate) struct Parser<'a> {
    pub(super) src: &'a [char],
    pub(super) toks: Vec<Token>,
    pub(super) i: usize,
    pub(super) depth: u16,
    pub(super) next_scope: u32,
}

pub(super) const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// A module's statements and how many scopes they contain.
pub(crate) fn parse_module(src: &[char]) -> Res<Vec<Stmt>> {
    let toks = Lexer::new(src).run()?;
    let mut p = Parser { src, toks, i: 0, depth: 0, next_scope: 1 };
    let mut out = Vec::new();
    while !matches!(p.tok(), Tok::End) {
        p.statement(&mut out)?;
    }
    Ok(out)
}

/// One expression, for `eval`.
pub(crate) fn parse_eval(src: &[char]) -> Res<Expr> {
    let toks = Lexer::new(src).run()?;
    let mut p = Parser { src, toks, i: 0, depth: 0, next_scope: 1 };
    let e = p.star_exprs()?;
    while matches!(p.tok(), Tok::Newline) {
        p.i += 1;
    }
    if !matches!(p.tok(), Tok::End) {
        return Err(p.invalid());
    }
    Ok(e)
}

impl Parser<'_> {
    pub(super) fn tok(&self) -> &Tok {
        self.toks.get(self.i).map_or(&Tok::End, |t| &t.tok)
    }

    pub(super) fn tok_at(&self, n: usize) -> &Tok {
        self.toks.get(self.i + n).map_or(&Tok::End, |t| &t.tok)
    }

    pub(super) fn span(&self) -> Span {
        self.toks.get(self.i).or(self.toks.last()).map_or(Span::default(), |t| t.span)
    }

    pub(super) fn last_span(&self) -> Span {
        self.toks.get(self.i.saturating_sub(1)).map_or(Span::default(), |t| t.span)
    }

    pub(super) fn is_op(&self, op: &str) -> bool {
        matches!(self.tok(), Tok::Op(o) if *o == op)
    }

    pub(super) fn is_kw(&self, kw: &str) -> bool {
        matches!(self.tok(), Tok::Name(n) if &**n == kw)
    }

    pub(super) fn eat_op(&mut self, op: &str) -> bool {
        let yes = self.is_op(op);
        self.i += usize::from(yes);
        yes
    }

    pub(super) fn eat_kw(&mut self, kw: &str) -> bool {
        let yes = self.is_kw(kw);
        self.i += usize::from(yes);
        yes
    }

    pub(super) fn invalid(&self) -> SyntaxErr {
        match self.tok() {
            Tok::Indent => SyntaxErr {
                kind: ErrKind::Indentation,
                msg: "unexpected indent".into(),
                span: Span { col: 0, end_line: 0, end_col: 0, ..self.span() },
            },
            Tok::End if self.i > 0 => SyntaxErr::new("unexpected EOF while parsing", self.span()),
            _ => SyntaxErr::new("invalid syntax", self.span()),
        }
    }

    pub(super) fn expect_op(&mut self, op: &str) -> Res<()> {
        if self.eat_op(op) {
            return Ok(());
        }
        if matches!(op, ":") {
            return Err(SyntaxErr::new("expected ':'", self.span()));
        }
        if op == "(" {
            return Err(SyntaxErr::new("expected '('", self.span()));
        }
        Err(self.invalid())
    }

    pub(super) fn expect_kw(&mut self, kw: &str) -> Res<()> {
        if self.eat_kw(kw) { Ok(()) } else { Err(self.invalid()) }
    }

    pub(super) fn is_name(&self) -> bool {
        matches!(self.tok(), Tok::Name(n) if !KEYWORDS.contains(&&**n))
    }

    pub(super) fn ident(&mut self) -> Res<Str> {
        if let Tok::Name(n) = self.tok()
            && !KEYWORDS.contains(&&**n)
        {
            let n = n.clone();
            self.i += 1;
            return Ok(n);
        }
        Err(self.invalid())
    }

    pub(super) fn scope(&mut self) -> u32 {
        let s = self.next_scope;
        self.next_scope += 1;
        s
    }

    pub(super) fn enter(&mut self) -> Res<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(SyntaxErr::new("too many nested parentheses", self.span()));
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// An expression over others; refuses chains that would be too deep to walk.
    pub(super) fn make(&self, kind: Ex, span: Span, below: u16) -> Res<Expr> {
        let depth = below + 1;
        if depth > 2 * MAX_DEPTH {
            return Err(SyntaxErr::new("expression is too long for Layerlab's parser", span));
        }
        Ok(Expr { kind: Box::new(kind), span, depth })
    }
}
