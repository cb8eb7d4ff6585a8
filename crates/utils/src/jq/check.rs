//! What a program names must exist before it runs.

use std::rc::Rc;

use super::ast::{Ast, Part, Pattern};
use super::eval::names;

/// Names that hold at a place.
#[derive(Clone, Default)]
pub(super) struct Scope {
    functions: Vec<(String, usize)>,
    vars: Vec<String>,
    labels: Vec<String>,
}

impl Scope {
    pub(super) fn with_var(mut self, name: &str) -> Self {
        self.vars.push(name.to_owned());
        self
    }
    pub(super) fn function(&mut self, name: &str, n: usize) {
        self.functions.push((name.to_owned(), n));
    }

    fn pattern(&self, p: &Pattern) -> Result<Self, String> {
        let mut inner = self.clone();
        inner.vars.extend(names(p));
        let mut todo = vec![p];
        while let Some(p) = todo.pop() {
            match p {
                Pattern::Var(_) => {}
                Pattern::Array(all) => todo.extend(all),
                Pattern::Object(all) => {
                    for (_, key, p) in all {
                        inner.check(key)?;
                        todo.extend(p);
                    }
                }
            }
        }
        Ok(inner)
    }

    fn each(&self, all: &[&Rc<Ast>]) -> Result<(), String> {
        all.iter().try_for_each(|a| self.check(a))
    }

    /// The first name that doesn't exist is an error.
    pub(super) fn check(&self, ast: &Ast) -> Result<(), String> {
        match ast {
            Ast::Identity | Ast::Recurse | Ast::Const(_) | Ast::Format(_) | Ast::Array(None) => Ok(()),
            Ast::Index(a, b)
            | Ast::Pipe(a, b)
            | Ast::Comma(a, b)
            | Ast::Binary(_, a, b)
            | Ast::And(a, b)
            | Ast::Or(a, b)
            | Ast::Else(a, b)
            | Ast::Assign(_, a, b) => self.each(&[a, b]),
            Ast::Slice(a, b, c) => {
                self.check(a)?;
                b.iter().chain(c.iter()).try_for_each(|e| self.check(e))
            }
            Ast::Iterate(a) | Ast::Array(Some(a)) | Ast::Negative(a) => self.check(a),
            Ast::Text(_, parts) => parts.iter().try_for_each(|p| match p {
                Part::Plain(_) => Ok(()),
                Part::Filter(f) => self.check(f),
            }),
            Ast::Object(pairs) => pairs.iter().try_for_each(|(k, v)| self.each(&[k, v])),
            Ast::Try(a, c) => {
                self.check(a)?;
                c.iter().try_for_each(|c| self.check(c))
            }
            Ast::If(a, b, c) => self.each(&[a, b, c]),
            Ast::Reduce(s, p, i, u) => {
                self.each(&[s, i])?;
                self.pattern(p)?.check(u)
            }
            Ast::Foreach(s, p, i, u, e) => {
                self.each(&[s, i])?;
                let inner = self.pattern(p)?;
                inner.check(u)?;
                e.iter().try_for_each(|e| inner.check(e))
            }
            Ast::Define(f, rest) => {
                let mut outer = self.clone();
                outer.function(&f.name, f.parameters.len());
                let mut inner = outer.clone();
                for p in &f.parameters {
                    match p.strip_prefix('$') {
                        Some(v) => {
                            inner.vars.push(v.to_owned());
                            inner.function(v, 0);
                        }
                        None => inner.function(p, 0),
                    }
                }
                inner.check(&f.body)?;
                outer.check(rest)
            }
            Ast::Call(name, args) => {
                if !self.functions.iter().any(|(n, k)| n == name && *k == args.len()) {
                    return Err(format!("{name}/{} is not defined", args.len()));
                }
                args.iter().try_for_each(|a| self.check(a))
            }
            Ast::Var(n) if n == "ENV" || self.vars.contains(n) => Ok(()),
            Ast::Var(n) => Err(format!("${n} is not defined")),
            Ast::As(s, patterns, body) => {
                self.check(s)?;
                let mut inner = self.clone();
                for p in patterns {
                    inner = inner.pattern(p)?;
                }
                inner.check(body)
            }
            Ast::Label(n, body) => {
                let mut inner = self.clone();
                inner.labels.push(n.clone());
                inner.check(body)
            }
            Ast::Break(n) if self.labels.contains(n) => Ok(()),
            Ast::Break(n) => Err(format!("$*label-{n} is not defined")),
        }
    }
}
