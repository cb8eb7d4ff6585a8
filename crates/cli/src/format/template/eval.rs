//! Running a template.

use super::Missing;
use super::functions;
use super::parse::{Arg, Command, Node, Operand, Pipe};
use crate::format::quote;
use crate::format::value::Value;

/// Actions that a template may run: ends what would not end in sensible time.
const MAX_STEPS: u32 = 1_000_000;

struct State<'a> {
    out: String,
    variables: Vec<(String, Value)>,
    missing: Missing,
    headers: bool,
    steps: u32,
    root: &'a Value,
}

enum Flow {
    Next,
    Break,
    Continue,
}

pub(super) fn execute(
    nodes: &[Node],
    data: &Value,
    missing: Missing,
    headers: bool,
) -> Result<String, (String, String)> {
    let mut s = State {
        out: String::new(),
        variables: vec![("$".into(), data.clone())],
        missing,
        headers,
        steps: 0,
        root: data,
    };
    match s.list(nodes, data) {
        Ok(_) => Ok(s.out),
        Err(e) => Err((e, s.out)),
    }
}

fn at(a: &Arg, text: &str, what: &str) -> String {
    // A chain stands where its second link stands (Go's `parse.Tree.operand`).
    let second = a.text.char_indices().skip(1).find(|(_, c)| *c == '.').map_or(0, |(i, _)| i);
    let column = if a.fields.len() > 1 { a.column + second } else { a.column };
    format!("template: :{}:{column}: executing \"\" at <{text}>: {what}", a.line)
}

impl State<'_> {
    fn list(&mut self, nodes: &[Node], dot: &Value) -> Result<Flow, String> {
        let scope = self.variables.len();
        let mut flow = Flow::Next;
        for node in nodes {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return Err("template: : exceeded the limit of actions".into());
            }
            flow = self.node(node, dot)?;
            if !matches!(flow, Flow::Next) {
                break;
            }
        }
        self.variables.truncate(scope);
        Ok(flow)
    }

    fn node(&mut self, node: &Node, dot: &Value) -> Result<Flow, String> {
        match node {
            Node::Text(t) => self.out.push_str(t),
            Node::Action(p) => {
                let v = self.pipe(p, dot)?;
                if p.variables.is_empty() {
                    self.out.push_str(&v.to_string());
                }
            }
            Node::If(p, yes, no) | Node::With(p, yes, no) => {
                let scope = self.variables.len();
                let v = self.pipe(p, dot)?;
                let inner = if matches!(node, Node::With(..)) { &v } else { dot };
                let flow = if v.truth() { self.list(yes, inner) } else { self.list(no, dot) };
                self.variables.truncate(scope);
                return flow;
            }
            Node::Range(p, body, none) => return self.range(p, body, none, dot),
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::Next)
    }

    fn range(&mut self, p: &Pipe, body: &[Node], none: &[Node], dot: &Value) -> Result<Flow, String> {
        let scope = self.variables.len();
        let bare = Pipe { variables: Vec::new(), ..p.clone() };
        let over = self.pipe(&bare, dot)?;
        let items: Vec<(Value, Value)> = match over.pointed() {
            Value::List(l) => l.iter().enumerate().map(|(i, v)| (Value::Int(i as i64), v.clone())).collect(),
            map @ (Value::Map(_) | Value::Dict(..)) => {
                let mut sorted: Vec<&(String, Value)> = map.items().iter().collect();
                sorted.sort_by(|a, b| a.0.cmp(&b.0));
                sorted.into_iter().map(|(k, v)| (Value::str(k), v.clone())).collect()
            }
            Value::Int(n) => (0..(*n).min(i64::from(MAX_STEPS))).map(|i| (Value::Int(i), Value::Int(i))).collect(),
            Value::Null | Value::NilList => Vec::new(),
            other => return Err(self.command_error(p, &format!("range can't iterate over {other}"))),
        };
        if items.is_empty() {
            return self.list(none, dot);
        }
        for (key, value) in items {
            match p.variables.as_slice() {
                [v] => self.assign(v, value.clone(), p.declares),
                [k, v] => {
                    self.assign(k, key, p.declares);
                    self.assign(v, value.clone(), p.declares);
                }
                _ => {}
            }
            let flow = self.list(body, &value)?;
            self.variables.truncate(scope);
            if matches!(flow, Flow::Break) {
                break;
            }
        }
        Ok(Flow::Next)
    }

    fn assign(&mut self, name: &str, value: Value, declares: bool) {
        if !declares && let Some(slot) = self.variables.iter_mut().rev().find(|(n, _)| n == name) {
            slot.1 = value;
            return;
        }
        self.variables.push((name.to_owned(), value));
    }

    fn pipe(&mut self, p: &Pipe, dot: &Value) -> Result<Value, String> {
        let mut value = None;
        for c in &p.commands {
            value = Some(self.command(c, dot, value)?);
        }
        let value = value.unwrap_or(Value::Null);
        for v in &p.variables {
            self.assign(v, value.clone(), p.declares);
        }
        Ok(value)
    }

    fn command_error(&self, p: &Pipe, what: &str) -> String {
        let first = p.commands.first().and_then(|c| c.args.first());
        first.map_or_else(|| what.to_owned(), |a| at(a, &a.text, what))
    }

    fn command(&mut self, c: &Command, dot: &Value, piped: Option<Value>) -> Result<Value, String> {
        let Some(first) = c.args.first() else { return Ok(Value::Null) };
        let Operand::Function(name) = &first.operand else {
            return self.operand(first, c, dot, piped);
        };
        let fail = |what: String| at(first, &c.text(), &what);
        if name == "and" || name == "or" {
            let mut value = Value::Null;
            for a in c.args.iter().skip(1) {
                value = self.arg(a, dot)?;
                if value.truth() == (name == "or") {
                    return Ok(value);
                }
            }
            return Ok(piped.unwrap_or(value));
        }
        let mut args = Vec::new();
        for a in c.args.iter().skip(1) {
            args.push(self.arg(a, dot)?);
        }
        args.extend(piped);
        if self.headers
            && let Some(v) = functions::header(name, &args)
        {
            return Ok(v);
        }
        functions::call(name, &args).map_err(fail)
    }

    /// A command whose first word is no function: it may be a method with arguments.
    fn operand(&mut self, first: &Arg, c: &Command, dot: &Value, piped: Option<Value>) -> Result<Value, String> {
        let mut args = Vec::new();
        for a in c.args.iter().skip(1) {
            args.push(self.arg(a, dot)?);
        }
        args.extend(piped);
        if args.is_empty() {
            return self.arg(first, dot);
        }
        let is_label = first.fields.last().is_some_and(|f| f == "Label");
        match (self.base(first, dot)?, args.first()) {
            (Value::Row(r), Some(key)) if is_label => Ok(if self.headers {
                let last = key.to_string();
                Value::str(last.rsplit('.').next().unwrap_or("").replace(['-', '_'], " "))
            } else {
                Value::str(r.labels.get(&key.to_string()).map_or("", String::as_str))
            }),
            _ => {
                let what = format!(
                    "{} has arguments but cannot be invoked as function",
                    first.fields.last().map_or("it", String::as_str)
                );
                Err(at(first, &first.text, &what))
            }
        }
    }

    fn base(&mut self, a: &Arg, dot: &Value) -> Result<Value, String> {
        Ok(match &a.operand {
            Operand::Dot => dot.clone(),
            Operand::Variable(v) => {
                self.variables.iter().rev().find(|(n, _)| n == v).map_or_else(|| self.root.clone(), |(_, v)| v.clone())
            }
            Operand::Str(s) => Value::str(s),
            Operand::Int(n) => Value::Int(*n),
            Operand::Float(n) => Value::Float(*n),
            Operand::Bool(b) => Value::Bool(*b),
            Operand::Nil => Value::Null,
            Operand::Paren(p) => self.pipe(p, dot)?,
            Operand::Function(f) => functions::call(f, &[]).map_err(|e| at(a, &a.text, &e))?,
        })
    }

    fn arg(&mut self, a: &Arg, dot: &Value) -> Result<Value, String> {
        let mut v = self.base(a, dot)?;
        for field in &a.fields {
            v = self.field(&v, field).map_err(|what| at(a, &a.text, &what))?;
        }
        Ok(v)
    }

    fn field(&self, v: &Value, name: &str) -> Result<Value, String> {
        if let Some(found) = v.get(name) {
            return Ok(found.clone());
        }
        match v {
            // A table without rows knows no fields but those with headers of their own.
            Value::Row(_) if self.headers => Ok(Value::str(name.to_uppercase())),
            Value::Row(r) => Err(format!("can't evaluate field {name} in type *{}", r.type_name)),
            Value::Map(_) if self.missing == Missing::NoValue => Ok(Value::Null),
            Value::Dict(..) => Ok(Value::Null),
            Value::Pointer(v) => self.field(v, name).map_err(|e| e.replacen(" in type ", " in type *", 1)),
            Value::Nil => Err(format!("nil pointer evaluating field {name}")),
            Value::Map(_) => Err(format!("map has no entry for key {}", quote(name))),
            Value::Null if self.missing == Missing::NoValue => Ok(Value::Null),
            Value::Null => Err(format!("nil data; no entry for key {}", quote(name))),
            // Values of JSON are in interfaces.
            _ if self.missing == Missing::Error => Err(format!("can't evaluate field {name} in type interface {{}}")),
            other => Err(format!("can't evaluate field {name} in type {}", functions::type_name(other))),
        }
    }
}
