//! Adjacent string literals and f-strings (PEP 498).

use super::ast::{Ex, Expr, FPart};
use super::lexer::{Lexer, Res, SyntaxErr, Tok, unescape};
use super::parser::Parser;

impl Parser<'_> {
    pub(super) fn strings(&mut self) -> Res<Expr> {
        let start = self.span();
        let mut parts: Vec<FPart> = Vec::new();
        let mut bytes: Option<Vec<u8>> = None;
        let mut formatted = false;
        let mut count = 0;
        loop {
            let tok = self.tok().clone();
            match tok {
                Tok::Str(s) => push_lit(&mut parts, &s),
                Tok::Bytes(b) => bytes.get_or_insert_default().extend(b),
                Tok::FString { raw, start, end, line, col } => {
                    formatted = true;
                    self.fstring(&mut parts, raw, (start, end), (line, col), 0)?;
                }
                _ => break,
            }
            count += 1;
            self.i += 1;
            let have_str = formatted || !parts.is_empty() || (bytes.is_none() && count > 0);
            if bytes.is_some() && have_str {
                return Err(SyntaxErr::new("cannot mix bytes and nonbytes literals", start));
            }
        }
        let span = start.to(self.last_span());
        let kind = if let Some(b) = bytes {
            Ex::Bytes(b)
        } else if formatted {
            Ex::FString(parts)
        } else {
            match parts.pop() {
                Some(FPart::Lit(s)) => Ex::Str(s.into()),
                _ => Ex::Str("".into()),
            }
        };
        self.make(kind, span, 1)
    }

    fn fstring(
        &mut self,
        parts: &mut Vec<FPart>,
        raw: bool,
        (start, end): (usize, usize),
        (mut line, mut col): (u32, u32),
        level: u8,
    ) -> Res<()> {
        let at = self.span();
        let err = |m: &str| SyntaxErr::new(format!("f-string: {m}"), at);
        if level > 2 {
            return Err(err("expressions nested too deeply"));
        }
        let src = self.src;
        let get = |i: usize| if i < end { src.get(i).copied() } else { None };
        let mut lit: Vec<char> = Vec::new();
        let mut i = start;
        let step = |i: &mut usize, line: &mut u32, col: &mut u32| {
            if get(*i) == Some('\n') {
                *line += 1;
                *col = 0;
            } else {
                *col += 1;
            }
            *i += 1;
        };
        let flush = |lit: &mut Vec<char>, parts: &mut Vec<FPart>| -> Res<()> {
            if !lit.is_empty() {
                let s = if raw { lit.iter().collect() } else { unescape(lit, at)? };
                push_lit(parts, &s);
                lit.clear();
            }
            Ok(())
        };
        while let Some(c) = get(i) {
            if c == '\\' && !raw {
                lit.push(c);
                step(&mut i, &mut line, &mut col);
                if let Some(n) = get(i) {
                    lit.push(n);
                    step(&mut i, &mut line, &mut col);
                }
            } else if (c == '{' || c == '}') && get(i + 1) == Some(c) && level == 0 {
                lit.push(c);
                step(&mut i, &mut line, &mut col);
                step(&mut i, &mut line, &mut col);
            } else if c == '}' {
                return Err(err("single '}' is not allowed"));
            } else if c == '{' {
                flush(&mut lit, parts)?;
                step(&mut i, &mut line, &mut col);
                let (from, from_line, from_col) = (i, line, col);
                let mut nest: Vec<char> = Vec::new();
                let mut quote: Option<char> = None;
                loop {
                    let Some(c) = get(i) else { return Err(err("expecting '}'")) };
                    if let Some(q) = quote {
                        if c == '\\' {
                            return Err(err("expression part cannot include a backslash"));
                        }
                        if c == q {
                            quote = None;
                        }
                    } else {
                        match c {
                            '\\' => return Err(err("expression part cannot include a backslash")),
                            '#' => return Err(err("expression part cannot include '#'")),
                            '"' | '\'' => quote = Some(c),
                            '(' | '[' | '{' => nest.push(c),
                            ')' | ']' => {
                                nest.pop();
                            }
                            '}' if !nest.is_empty() => {
                                nest.pop();
                            }
                            '}' => break,
                            '!' if nest.is_empty() && get(i + 1) != Some('=') => break,
                            ':' if nest.is_empty() => break,
                            '=' if nest.is_empty()
                                && get(i + 1) != Some('=')
                                && !matches!(get(i.wrapping_sub(1)), Some('=' | '!' | '<' | '>')) =>
                            {
                                break;
                            }
                            _ => {}
                        }
                    }
                    step(&mut i, &mut line, &mut col);
                }
                if src[from..i].iter().all(|c| c.is_whitespace()) {
                    return Err(err("empty expression not allowed"));
                }
                let value = self.sub_expr(from, i, from_line, from_col)?;
                let mut debug = false;
                if get(i) == Some('=') {
                    debug = true;
                    step(&mut i, &mut line, &mut col);
                    while get(i).is_some_and(char::is_whitespace) {
                        step(&mut i, &mut line, &mut col);
                    }
                    let text: String = src[from..i].iter().collect();
                    push_lit(parts, &text);
                }
                let mut conv = None;
                if get(i) == Some('!') {
                    step(&mut i, &mut line, &mut col);
                    conv = get(i);
                    if !matches!(conv, Some('r' | 's' | 'a')) {
                        return Err(err("invalid conversion character: expected 's', 'r', or 'a'"));
                    }
                    step(&mut i, &mut line, &mut col);
                }
                let mut spec = None;
                if get(i) == Some(':') {
                    step(&mut i, &mut line, &mut col);
                    let (from, place) = (i, (line, col));
                    let mut nest = 0;
                    while let Some(c) = get(i) {
                        match c {
                            '{' => nest += 1,
                            '}' if nest == 0 => break,
                            '}' => nest -= 1,
                            _ => {}
                        }
                        step(&mut i, &mut line, &mut col);
                    }
                    let mut inner = Vec::new();
                    self.fstring(&mut inner, raw, (from, i), place, level + 1)?;
                    spec = Some(inner);
                }
                if get(i) != Some('}') {
                    return Err(err("expecting '}'"));
                }
                step(&mut i, &mut line, &mut col);
                if debug && conv.is_none() && spec.is_none() {
                    conv = Some('r');
                }
                parts.push(FPart::Expr { value, conv, spec });
            } else {
                lit.push(c);
                step(&mut i, &mut line, &mut col);
            }
        }
        flush(&mut lit, parts)
    }

    fn sub_expr(&mut self, from: usize, to: usize, line: u32, col: u32) -> Res<Expr> {
        self.enter()?;
        let toks = Lexer::expression(self.src, from, to, line, col).map_err(|mut e| {
            if !e.msg.starts_with("f-string") {
                e.msg = format!("f-string: {}", e.msg);
            }
            e
        })?;
        let saved = (std::mem::replace(&mut self.toks, toks), std::mem::replace(&mut self.i, 0));
        let e = if self.is_kw("yield") { self.yield_expr() } else { self.star_exprs() };
        let e = e.and_then(|e| if matches!(self.tok(), Tok::End) { Ok(e) } else { Err(self.invalid()) });
        (self.toks, self.i) = saved;
        self.leave();
        e.map_err(|mut e| {
            if !e.msg.starts_with("f-string") {
                e.msg = format!("f-string: {}", e.msg);
            }
            e
        })
    }
}

fn push_lit(parts: &mut Vec<FPart>, s: &str) {
    if let Some(FPart::Lit(last)) = parts.last_mut() {
        last.push_str(s);
    } else if !s.is_empty() || parts.is_empty() {
        parts.push(FPart::Lit(s.to_owned()));
    }
}
