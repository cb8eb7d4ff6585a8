//! The part of HCL that bake files use: blocks, attributes, templates, lists, maps, conditions, operators
//! and function calls (hashicorp/hcl, "Native Syntax Specification").

use serde_json::{Map, Value};

/// How deep expressions may be nested.
const DEPTH: usize = 60;

/// `target "app" { … }`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    pub(super) kind: String,
    pub(super) labels: Vec<String>,
    pub(super) attributes: Vec<(String, Expr)>,
    pub(super) blocks: Vec<Block>,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    Value(Value),
    /// A quoted text with `${…}`.
    Template(Vec<Expr>),
    Name(String),
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    Call(String, Vec<Expr>),
    Unary(char, Box<Expr>),
    Binary(&'static str, Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Index(Box<Expr>, Box<Expr>),
}

/// Operators, the loosest first.
const OPERATORS: [&[&str]; 6] =
    [&["||"], &["&&"], &["==", "!="], &["<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

/// Reads a file's blocks; attributes outside of blocks are variables' defaults of a block without a kind.
pub(super) fn parse(text: &str) -> Result<Block, String> {
    let mut r = Reader { text, at: 0, depth: 0 };
    let body = r.body(true)?;
    Ok(Block { kind: String::new(), labels: Vec::new(), attributes: body.0, blocks: body.1 })
}

type Body = (Vec<(String, Expr)>, Vec<Block>);

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }
    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }
    fn take(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }
    fn line(&self) -> usize {
        self.text.get(..self.at).map_or(1, |t| t.matches('\n').count() + 1)
    }
    fn fail<T>(&self, what: &str) -> Result<T, String> {
        Err(format!("line {}: {what}", self.line()))
    }
    /// Blanks and comments, line ends too if `lines`.
    fn blanks(&mut self, lines: bool) {
        while let Some(c) = self.peek() {
            let rest = self.rest();
            if c == '#' || rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.at += rest.find("*/").map_or(rest.len(), |e| e + 2);
            } else if c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n') {
                self.at += 1;
            } else {
                return;
            }
        }
    }
    fn eat(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        if found {
            self.at += what.len();
        }
        found
    }
    fn expect(&mut self, what: &str) -> Result<(), String> {
        if self.eat(what) { Ok(()) } else { self.fail(&format!("expected {what}")) }
    }
    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEPTH { self.fail("nested too deeply") } else { Ok(()) }
    }
    fn word(&mut self) -> Option<String> {
        let rest = self.rest();
        let is = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let end = rest.find(|c| !is(c)).unwrap_or(rest.len());
        let word = rest.get(..end)?.to_owned();
        if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return None;
        }
        self.at += end;
        Some(word)
    }

    fn body(&mut self, top: bool) -> Result<Body, String> {
        self.deeper()?;
        let (mut attributes, mut blocks) = (Vec::new(), Vec::new());
        loop {
            self.blanks(true);
            match self.peek() {
                None if top => break,
                Some('}') if !top => {
                    self.at += 1;
                    break;
                }
                None => return self.fail("unclosed block"),
                _ => {}
            }
            let Some(name) = self.word() else { return self.fail("Argument or block definition required") };
            self.blanks(false);
            if self.peek() == Some('=') && !self.rest().starts_with("==") {
                self.at += 1;
                let value = self.expression()?;
                attributes.push((name, value));
                continue;
            }
            let mut labels = Vec::new();
            loop {
                self.blanks(false);
                match self.peek() {
                    Some('"') => match self.quoted()? {
                        Expr::Value(Value::String(s)) => labels.push(s),
                        _ => return self.fail("a label must be a plain text"),
                    },
                    Some('{') => {
                        self.at += 1;
                        break;
                    }
                    _ => match self.word() {
                        Some(w) => labels.push(w),
                        None => return self.fail("Invalid block definition"),
                    },
                }
            }
            let body = self.body(false)?;
            blocks.push(Block { kind: name, labels, attributes: body.0, blocks: body.1 });
        }
        self.depth -= 1;
        Ok((attributes, blocks))
    }

    fn expression(&mut self) -> Result<Expr, String> {
        self.deeper()?;
        let test = self.binary(0)?;
        self.blanks(false);
        let out = if self.eat("?") {
            let yes = self.expression()?;
            self.blanks(true);
            self.expect(":")?;
            Expr::If(Box::new(test), Box::new(yes), Box::new(self.expression()?))
        } else {
            test
        };
        self.depth -= 1;
        Ok(out)
    }

    fn binary(&mut self, level: usize) -> Result<Expr, String> {
        let Some(operators) = OPERATORS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        loop {
            self.blanks(false);
            let Some(op) = operators.iter().find(|o| self.rest().starts_with(**o)) else { return Ok(left) };
            self.at += op.len();
            left = Expr::Binary(op, Box::new(left), Box::new(self.binary(level + 1)?));
        }
    }

    fn unary(&mut self) -> Result<Expr, String> {
        self.blanks(false);
        match self.peek() {
            Some(c @ ('!' | '-')) => {
                self.at += 1;
                self.deeper()?;
                let of = self.unary()?;
                self.depth -= 1;
                Ok(Expr::Unary(c, Box::new(of)))
            }
            _ => self.postfix(),
        }
    }

    fn postfix(&mut self) -> Result<Expr, String> {
        let mut out = self.primary()?;
        loop {
            if self.eat(".") {
                let Some(name) = self.word() else { return self.fail("expected a name after the dot") };
                out = Expr::Index(Box::new(out), Box::new(Expr::Value(name.into())));
            } else if self.eat("[") {
                let key = self.expression()?;
                self.blanks(true);
                self.expect("]")?;
                out = Expr::Index(Box::new(out), Box::new(key));
            } else {
                return Ok(out);
            }
        }
    }

    fn primary(&mut self) -> Result<Expr, String> {
        self.blanks(true);
        match self.peek() {
            Some('"') => self.quoted(),
            Some('<') if self.rest().starts_with("<<") => self.heredoc(),
            Some('(') => {
                self.at += 1;
                let inner = self.expression()?;
                self.blanks(true);
                self.expect(")")?;
                Ok(inner)
            }
            Some('[') => {
                self.at += 1;
                self.list("]").map(Expr::List)
            }
            Some('{') => {
                self.at += 1;
                self.map()
            }
            Some(c) if c.is_ascii_digit() => {
                let rest = self.rest();
                let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
                let text = rest.get(..end).unwrap_or_default().to_owned();
                self.at += end;
                let number = text.parse::<i64>().ok().map(Value::from);
                let number = number.or_else(|| text.parse::<f64>().ok().map(Value::from));
                number.map(Expr::Value).ok_or_else(|| format!("line {}: no number: {text}", self.line()))
            }
            _ => {
                let Some(name) = self.word() else { return self.fail("Invalid expression") };
                Ok(match name.as_str() {
                    "true" => Expr::Value(Value::Bool(true)),
                    "false" => Expr::Value(Value::Bool(false)),
                    "null" => Expr::Value(Value::Null),
                    _ if self.eat("(") => Expr::Call(name, self.list(")")?),
                    _ => Expr::Name(name),
                })
            }
        }
    }

    fn list(&mut self, end: &str) -> Result<Vec<Expr>, String> {
        let mut out = Vec::new();
        loop {
            self.blanks(true);
            if self.eat(end) {
                return Ok(out);
            }
            out.push(self.expression()?);
            self.blanks(true);
            if !self.eat(",") {
                self.expect(end)?;
                return Ok(out);
            }
        }
    }

    fn map(&mut self) -> Result<Expr, String> {
        let mut out = Vec::new();
        loop {
            self.blanks(true);
            if self.eat("}") {
                return Ok(Expr::Map(out));
            }
            let key = match self.peek() {
                Some('"') => self.quoted()?,
                Some('(') => self.primary()?,
                _ => match self.word() {
                    Some(w) => Expr::Value(w.into()),
                    None => return self.fail("expected a key"),
                },
            };
            self.blanks(false);
            if !self.eat("=") {
                self.expect(":")?;
            }
            let value = self.expression()?;
            out.push((key, value));
            self.blanks(false);
            self.eat(",");
        }
    }

    fn quoted(&mut self) -> Result<Expr, String> {
        self.expect("\"")?;
        let mut text = String::new();
        let mut parts = Vec::new();
        loop {
            if self.eat("$${") {
                text.push_str("${");
                continue;
            }
            if self.eat("${") {
                parts.push(Expr::Value(std::mem::take(&mut text).into()));
                parts.push(self.expression()?);
                self.blanks(true);
                self.expect("}")?;
                continue;
            }
            match self.take() {
                None | Some('\n') => return self.fail("unterminated text"),
                Some('"') => break,
                Some('\\') => match self.take() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some(c) => text.push(c),
                    None => return self.fail("unterminated text"),
                },
                Some(c) => text.push(c),
            }
        }
        if parts.is_empty() {
            return Ok(Expr::Value(text.into()));
        }
        parts.push(Expr::Value(text.into()));
        Ok(Expr::Template(parts))
    }

    /// `<<EOT`; with `<<-` the common blanks go.
    fn heredoc(&mut self) -> Result<Expr, String> {
        self.expect("<<")?;
        let indented = self.eat("-");
        let Some(end) = self.word() else { return self.fail("expected a heredoc's name") };
        let rest = self.rest().strip_prefix('\n').unwrap_or(self.rest());
        let skipped = self.rest().len() - rest.len();
        let (mut lines, mut used) = (Vec::new(), 0);
        for line in rest.split_inclusive('\n') {
            used += line.len();
            if line.trim() == end {
                self.at += skipped + used.saturating_sub(usize::from(line.ends_with('\n')));
                let cut = lines.iter().filter(|l: &&&str| !l.trim().is_empty()).map(|l| l.len() - l.trim_start().len());
                let cut = if indented { cut.min().unwrap_or(0) } else { 0 };
                let text: String = lines.iter().map(|l: &&str| l.get(cut..).unwrap_or("\n")).collect();
                return Ok(Expr::Value(text.into()));
            }
            lines.push(line);
        }
        self.fail("unterminated heredoc")
    }
}

/// A value as text in a template.
pub(super) fn text(v: &Value) -> String {
    match v {
        Value::String(s) => s.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn truth(v: &Value) -> Result<bool, String> {
    match v {
        Value::Bool(b) => Ok(*b),
        Value::String(s) if s == "true" => Ok(true),
        Value::String(s) if s == "false" => Ok(false),
        other => Err(format!("a bool is required, not {other}")),
    }
}

fn number(v: &Value) -> Result<f64, String> {
    let n = match v {
        Value::Number(n) => n.as_f64(),
        Value::String(s) => s.parse().ok(),
        _ => None,
    };
    n.ok_or_else(|| format!("a number is required, not {v}"))
}

fn numeral(n: f64) -> Value {
    if n.fract() == 0.0 && n.abs() < 1e15 { Value::from(n as i64) } else { Value::from(n) }
}

impl Expr {
    /// Its value; `name` knows the variables.
    pub(super) fn value(&self, name: &dyn Fn(&str) -> Result<Value, String>) -> Result<Value, String> {
        let of = |e: &Self| e.value(name);
        Ok(match self {
            Self::Value(v) => v.clone(),
            Self::Template(parts) => {
                let mut out = String::new();
                for p in parts {
                    out.push_str(&text(&of(p)?));
                }
                out.into()
            }
            Self::Name(n) => name(n)?,
            Self::List(list) => Value::Array(list.iter().map(of).collect::<Result<_, _>>()?),
            Self::Map(pairs) => {
                let mut map = Map::new();
                for (k, v) in pairs {
                    map.insert(text(&of(k)?), of(v)?);
                }
                Value::Object(map)
            }
            Self::If(test, yes, no) => of(if truth(&of(test)?)? { yes } else { no })?,
            Self::Unary('!', e) => Value::Bool(!truth(&of(e)?)?),
            Self::Unary(_, e) => numeral(-number(&of(e)?)?),
            Self::Index(e, key) => {
                let (e, key) = (of(e)?, of(key)?);
                let found = match (&e, &key) {
                    (Value::Object(m), k) => m.get(&text(k)).cloned(),
                    (Value::Array(l), k) => {
                        k.as_u64().and_then(|i| usize::try_from(i).ok()).and_then(|i| l.get(i).cloned())
                    }
                    _ => None,
                };
                found.ok_or_else(|| format!("no element {key}"))?
            }
            Self::Binary(op, a, b) => binary(op, &of(a)?, &|| of(b))?,
            Self::Call(f, args) => call(f, &args.iter().map(of).collect::<Result<Vec<_>, _>>()?)?,
        })
    }
}

fn binary(op: &str, a: &Value, b: &dyn Fn() -> Result<Value, String>) -> Result<Value, String> {
    Ok(match op {
        "&&" => Value::Bool(truth(a)? && truth(&b()?)?),
        "||" => Value::Bool(truth(a)? || truth(&b()?)?),
        "==" => Value::Bool(*a == b()?),
        "!=" => Value::Bool(*a != b()?),
        _ => {
            let (x, y) = (number(a)?, number(&b()?)?);
            match op {
                "<" => Value::Bool(x < y),
                ">" => Value::Bool(x > y),
                "<=" => Value::Bool(x <= y),
                ">=" => Value::Bool(x >= y),
                "+" => numeral(x + y),
                "-" => numeral(x - y),
                "*" => numeral(x * y),
                _ if y == 0.0 => return Err("division by zero".to_owned()),
                "/" => numeral(x / y),
                _ => numeral(x % y),
            }
        }
    })
}

/// The functions that bake files use most (buildx `bake/hclparser/stdlib.go`).
fn call(f: &str, args: &[Value]) -> Result<Value, String> {
    let arg = |i: usize| args.get(i).cloned().unwrap_or(Value::Null);
    let word = |i: usize| text(&arg(i));
    let list = |i: usize| arg(i).as_array().cloned().unwrap_or_default();
    Ok(match f {
        "equal" => Value::Bool(arg(0) == arg(1)),
        "notequal" => Value::Bool(arg(0) != arg(1)),
        "not" => Value::Bool(!truth(&arg(0))?),
        "and" => Value::Bool(truth(&arg(0))? && truth(&arg(1))?),
        "or" => Value::Bool(truth(&arg(0))? || truth(&arg(1))?),
        "upper" => word(0).to_uppercase().into(),
        "lower" => word(0).to_lowercase().into(),
        "trimspace" => word(0).trim().into(),
        "trimprefix" => word(0).strip_prefix(&word(1)).map_or_else(|| word(0), str::to_owned).into(),
        "trimsuffix" => word(0).strip_suffix(&word(1)).map_or_else(|| word(0), str::to_owned).into(),
        "replace" => word(0).replace(&word(1), &word(2)).into(),
        "split" => word(1).split(word(0).as_str()).map(Value::from).collect(),
        "join" => list(1).iter().map(text).collect::<Vec<_>>().join(&word(0)).into(),
        "concat" => Value::Array(args.iter().filter_map(Value::as_array).flatten().cloned().collect()),
        "length" => match arg(0) {
            Value::Array(l) => l.len().into(),
            Value::Object(m) => m.len().into(),
            other => text(&other).chars().count().into(),
        },
        "contains" => Value::Bool(list(0).contains(&arg(1))),
        "coalesce" => args.iter().find(|a| !a.is_null() && a.as_str() != Some("")).cloned().unwrap_or(Value::Null),
        "merge" => Value::Object(
            args.iter().filter_map(Value::as_object).flatten().map(|(k, v)| (k.clone(), v.clone())).collect(),
        ),
        "add" => numeral(number(&arg(0))? + number(&arg(1))?),
        "substract" | "subtract" => numeral(number(&arg(0))? - number(&arg(1))?),
        other => {
            return Err(format!(
                "Function calls not allowed; There is no function named {}.",
                crate::format::quote(other)
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(expression: &str) -> Result<Value, String> {
        let block = parse(&format!("x = {expression}\n"))?;
        let known = |n: &str| if n == "TAG" { Ok("v1".into()) } else { Err(format!("unknown {n}")) };
        block.attributes[0].1.value(&known)
    }

    #[test]
    fn expressions_have_hcls_values() {
        for (text, json) in [
            ("\"a:${TAG}-b\"", "\"a:v1-b\""),
            ("[\"a\", upper(\"b\"),\n]", "[\"a\",\"B\"]"),
            ("{ A = 1, \"B\" : true\n C = null }", "{\"A\":1,\"B\":true,\"C\":null}"),
            ("TAG == \"v1\" ? \"yes\" : \"no\"", "\"yes\""),
            ("1 + 2 * 3 - -1", "8"),
            ("!(1 > 2) && 3 >= 3", "true"),
            ("\"$${x} \\\"q\\\"\"", "\"${x} \\\"q\\\"\""),
            ("notequal(\"\", TAG) ? join(\",\", split(\"-\", \"a-b\")) : \"\"", "\"a,b\""),
            ("{ a = [1, 2] }.a[1]", "2"),
            ("<<-EOT\n    one\n      two\n  EOT", "\"one\\n  two\\n\""),
        ] {
            assert_eq!(value(text).map(|v| v.to_string()), Ok(json.to_owned()), "{text}");
        }
        assert!(value("nosuch(1)").unwrap_err().contains("no function named \"nosuch\""));
        assert!(value(&"(".repeat(5000)).is_err() && value("NOPE").is_err());
    }

    #[test]
    fn blocks_nest_and_comments_go() {
        let b = parse("# c\nA = 1 // x\ntarget \"app\" { /* y */\n  tags = [\"t\"]\n  inner { z = 2 }\n}\n").unwrap();
        assert_eq!(
            (b.attributes.len(), b.blocks[0].kind.as_str(), b.blocks[0].labels[0].as_str()),
            (1, "target", "app")
        );
        assert_eq!(b.blocks[0].blocks[0].kind, "inner");
        assert!(parse("target \"a\" {").is_err() && parse("= 1").is_err());
    }
}
