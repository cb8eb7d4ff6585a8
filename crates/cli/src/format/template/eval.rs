//! Running a template.

use std::rc::Rc;

use super::Missing;
use super::functions::{self, Kind};
use super::parse::{Arg, Call, Command, Node, Operand, Pipe, Tree};
use crate::format::quote;
use crate::format::value::{Row, Value};

/// Actions that a template may run: ends what would not end in sensible time.
const MAX_STEPS: u32 = 1_000_000;

/// Templates that may call each other, one in the other. Go allows 100 000, and its message says so; ours
/// ends before the stack does.
const MAX_TEMPLATES: usize = 20;

struct State<'a> {
    out: String,
    variables: Vec<(String, Value)>,
    missing: Missing,
    headers: bool,
    steps: u32,
    root: &'a Value,
    /// What is being evaluated: errors are told there (Go's `state.at`).
    place: Place,
    tree: &'a Tree,
    /// The names of the templates that are being run.
    running: Vec<String>,
}

/// A node's line, column and text.
#[derive(Clone, Debug, Default)]
struct Place {
    line: usize,
    column: usize,
    text: String,
}

impl Place {
    fn of(a: &Arg, text: String) -> Self {
        // A chain stands where its second link stands (Go's `parse.Tree.operand`); a variable is the first.
        let links = a.fields.len() + usize::from(matches!(a.operand, Operand::Variable(_)));
        let second = a.text.char_indices().skip(1).find(|(_, c)| *c == '.').map_or(0, |(i, _)| i);
        let column = if links > 1 { a.column + second } else { a.column };
        Self { line: a.line, column, text }
    }
}

enum Flow {
    Next,
    Break,
    Continue,
}

pub(super) fn execute(tree: &Tree, data: &Value, missing: Missing, headers: bool) -> Result<String, (String, String)> {
    let mut s = State {
        out: String::new(),
        variables: vec![("$".into(), data.clone())],
        missing,
        headers,
        steps: 0,
        root: data,
        place: Place::default(),
        tree,
        running: Vec::new(),
    };
    match s.list(&tree.nodes, data) {
        Ok(_) => Ok(s.out),
        Err(e) => Err((e, s.out)),
    }
}

impl State<'_> {
    fn at(&mut self, a: &Arg) {
        self.place = Place::of(a, a.text.clone());
    }

    fn fail<T>(&self, what: &str) -> Result<T, String> {
        let Place { line, column, text } = &self.place;
        let name = quote(self.running.last().map_or("", String::as_str));
        Err(format!("template: :{line}:{column}: executing {name} at <{text}>: {what}"))
    }

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
            Node::Template(call) => self.template(call, dot)?,
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::Next)
    }

    fn template(&mut self, call: &Call, dot: &Value) -> Result<(), String> {
        self.place = Place { line: call.line, column: call.column, text: call.text.clone() };
        let Some((name, nodes)) = self.tree.defined.iter().find(|d| d.0 == call.name) else {
            return self.fail(&format!("template {} not defined", quote(&call.name)));
        };
        if self.running.len() >= MAX_TEMPLATES {
            return self.fail("exceeded maximum template depth (100000)");
        }
        let data = match &call.data {
            Some(p) => self.pipe(p, dot)?,
            None => Value::Null,
        };
        let outside = std::mem::replace(&mut self.variables, vec![("$".into(), data.clone())]);
        self.running.push(name.clone());
        self.list(nodes, &data)?;
        self.running.pop();
        self.variables = outside;
        Ok(())
    }

    fn range(&mut self, p: &Pipe, body: &[Node], none: &[Node], dot: &Value) -> Result<Flow, String> {
        let scope = self.variables.len();
        let bare = Pipe { variables: Vec::new(), ..p.clone() };
        let over = self.pipe(&bare, dot)?;
        let items: Vec<(Value, Value)> = match over.pointed() {
            Value::List(l) | Value::Strings(l) => {
                l.iter().enumerate().map(|(i, v)| (Value::Int(i as i64), v.clone())).collect()
            }
            map @ (Value::Map(_) | Value::Dict(..)) => {
                let mut sorted: Vec<&(String, Value)> = map.items().iter().collect();
                sorted.sort_by(|a, b| a.0.cmp(&b.0));
                sorted.into_iter().map(|(k, v)| (Value::str(k), v.clone())).collect()
            }
            Value::Int(n) if p.variables.len() > 1 => {
                return self.fail(&format!("can't use {n} to iterate over more than one variable"));
            }
            Value::Int(n) => (0..(*n).min(i64::from(MAX_STEPS))).map(|i| (Value::Int(i), Value::Int(i))).collect(),
            Value::Null | Value::NilList => Vec::new(),
            other => {
                if let Some(first) = p.commands.first().and_then(|c| c.args.first()) {
                    self.at(first);
                }
                return self.fail(&format!("range can't iterate over {other}"));
            }
        };
        if items.is_empty() {
            return self.list(none, dot);
        }
        for (key, value) in items {
            match p.variables.as_slice() {
                [v] => self.assign(v, value.clone(), p.declares)?,
                [k, v] => {
                    self.assign(k, key, p.declares)?;
                    self.assign(v, value.clone(), p.declares)?;
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

    fn assign(&mut self, name: &str, value: Value, declares: bool) -> Result<(), String> {
        if declares {
            self.variables.push((name.to_owned(), value));
            return Ok(());
        }
        match self.variables.iter_mut().rev().find(|(n, _)| n == name) {
            Some(slot) => slot.1 = value,
            None => return self.fail(&format!("undefined variable: {name}")),
        }
        Ok(())
    }

    fn pipe(&mut self, p: &Pipe, dot: &Value) -> Result<Value, String> {
        let mut value = None;
        for c in &p.commands {
            value = Some(self.command(c, dot, value)?);
        }
        let value = value.unwrap_or(Value::Null);
        for v in &p.variables {
            self.assign(v, value.clone(), p.declares)?;
        }
        Ok(value)
    }

    fn command(&mut self, c: &Command, dot: &Value, piped: Option<Value>) -> Result<Value, String> {
        let Some(first) = c.args.first() else { return Ok(Value::Null) };
        let arguments = c.args.get(1..).unwrap_or(&[]);
        if let Operand::Function(name) = &first.operand {
            let value = self.function(name, first, c, dot, piped)?;
            return self.chain(value, &first.fields);
        }
        let outer = self.place.clone();
        self.at(first);
        // Fields of a row are methods; others take no arguments.
        if let Some((last, before)) = first.fields.split_last() {
            let mut value = self.base(first, dot)?;
            value = self.chain(value, before)?;
            if let Value::Row(r) = &value {
                return self.method(r, last, first, arguments, dot, piped);
            }
            if !arguments.is_empty() || piped.is_some() {
                if let Value::Map(_) | Value::Dict(..) = value.pointed() {
                    return self.fail(&format!("{last} is not a method but has arguments"));
                }
                // A field that there isn't is told first.
                self.field(&value, last)?;
                return self.fail(&format!("{last} has arguments but cannot be invoked as function"));
            }
            return self.field(&value, last);
        }
        if !arguments.is_empty() || piped.is_some() {
            let mut text = first.text.as_str();
            if let Operand::Paren(_) = first.operand {
                text = text.trim_start_matches('(').trim_end_matches(')');
                self.place = Place { text: c.text(), ..outer };
                (self.place.line, self.place.column) = (first.line, first.column);
            }
            return self.fail(&format!("can't give argument to non-function {text}"));
        }
        if let Operand::Nil = first.operand {
            return self.fail("nil is not a command");
        }
        self.base(first, dot)
    }

    fn function(
        &mut self,
        name: &str,
        first: &Arg,
        c: &Command,
        dot: &Value,
        piped: Option<Value>,
    ) -> Result<Value, String> {
        self.place = Place { line: first.line, column: first.column, text: name.to_owned() };
        let arguments = c.args.get(1..).unwrap_or(&[]);
        if let Err(what) = functions::count(name, arguments.len() + usize::from(piped.is_some())) {
            return self.fail(&what);
        }
        let mut args = Vec::new();
        for (i, a) in arguments.iter().enumerate() {
            let value = self.typed(a, dot, functions::kind(name, i))?;
            if (name == "and" || name == "or") && value.truth() == (name == "or") {
                return Ok(value);
            }
            args.push(value);
        }
        if let Some(value) = piped {
            if let Some(what) = functions::kind(name, args.len()).refuses(&value) {
                return self.fail(&what);
            }
            args.push(value);
        }
        if self.headers
            && let Some(v) = functions::header(name, &args)
        {
            return Ok(v);
        }
        if name == "call" {
            // Nothing that a template of docker's sees is a function.
            self.place = Place { line: first.line, column: first.column, text: c.text() };
            let shown = arguments.first().map_or("", |a| match a.operand {
                Operand::Paren(_) if a.fields.is_empty() => a.text.trim_start_matches('(').trim_end_matches(')'),
                _ => a.text.as_str(),
            });
            return self.fail(&match args.first() {
                None | Some(Value::Null) => "error calling call: call of nil".to_owned(),
                Some(v) => format!("error calling call: non-function {shown} of type {}", functions::type_name(v)),
            });
        }
        functions::call(name, &args).or_else(|what| {
            self.place = Place { line: first.line, column: first.column, text: c.text() };
            self.fail(&format!("error calling {name}: {what}"))
        })
    }

    /// A row's method: a field, or what finds a label.
    fn method(
        &mut self,
        row: &Rc<Row>,
        name: &str,
        first: &Arg,
        arguments: &[Arg],
        dot: &Value,
        piped: Option<Value>,
    ) -> Result<Value, String> {
        let finds_label = name == "Label" && row.has_labels();
        let (want, got) = (usize::from(finds_label), arguments.len() + usize::from(piped.is_some()));
        if !finds_label {
            let value = self.field(&Value::Row(row.clone()), name)?;
            if got == want {
                return Ok(value);
            }
        }
        if got != want {
            return self.fail(&format!("wrong number of args for {name}: want {want} got {got}"));
        }
        let key = match (arguments.first(), piped) {
            (Some(a), _) => self.typed(a, dot, Kind::Str)?,
            (None, piped) => piped.unwrap_or(Value::Null),
        };
        self.at(first);
        if let Some(what) = Kind::Str.refuses(&key) {
            return self.fail(&what);
        }
        let key = key.to_string();
        Ok(if self.headers {
            Value::str(key.rsplit('.').next().unwrap_or("").replace(['-', '_'], " "))
        } else {
            Value::str(row.labels.get(&key).map_or("", String::as_str))
        })
    }

    /// An argument where a type is wanted.
    fn typed(&mut self, a: &Arg, dot: &Value, kind: Kind) -> Result<Value, String> {
        self.at(a);
        if a.fields.is_empty()
            && let Some(what) = kind.refuses_literal(&a.operand, &a.text)
        {
            return self.fail(&what);
        }
        if let (Kind::Int, true, Some(n)) = (kind, a.fields.is_empty(), a.operand.whole()) {
            return Ok(Value::Int(n));
        }
        let value = self.arg(a, dot)?;
        match kind.refuses(&value) {
            Some(what) => self.fail(&what),
            None => Ok(value),
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
            Operand::Complex(re, im) => Value::Complex(*re, *im),
            Operand::Bool(b) => Value::Bool(*b),
            Operand::Nil => Value::Null,
            Operand::Paren(p) => self.pipe(p, dot)?,
            Operand::Function(f) => {
                let alone = Command { args: vec![Arg { fields: Vec::new(), text: f.clone(), ..a.clone() }] };
                self.function(f, a, &alone, dot, None)?
            }
        })
    }

    fn arg(&mut self, a: &Arg, dot: &Value) -> Result<Value, String> {
        self.at(a);
        if a.fields.is_empty() {
            return self.base(a, dot);
        }
        let alone = Command { args: vec![a.clone()] };
        self.command(&alone, dot, None)
    }

    fn chain(&mut self, mut value: Value, fields: &[String]) -> Result<Value, String> {
        for field in fields {
            value = self.field(&value, field)?;
        }
        Ok(value)
    }

    fn field(&self, v: &Value, name: &str) -> Result<Value, String> {
        self.find(v, name).or_else(|what| self.fail(&what))
    }

    fn find(&self, v: &Value, name: &str) -> Result<Value, String> {
        if let Some(found) = v.get(name) {
            return Ok(found.clone());
        }
        match v {
            // A table without rows knows no fields but those with headers of their own.
            Value::Row(_) if self.headers => Ok(Value::str(name.to_uppercase())),
            Value::Row(r) => Err(format!("can't evaluate field {name} in type *{}", r.type_name)),
            Value::Map(_) if self.missing == Missing::NoValue => Ok(Value::Null),
            Value::Dict(..) => Ok(Value::Null),
            Value::Pointer(v) => self.find(v, name).map_err(|e| e.replacen(" in type ", " in type *", 1)),
            Value::Nil => Err(format!("nil pointer evaluating field {name}")),
            Value::Map(_) => Err(format!("map has no entry for key {}", quote(name))),
            Value::Null if self.missing == Missing::NoValue => Ok(Value::Null),
            Value::Null => Err(format!("nil data; no entry for key {}", quote(name))),
            Value::Struct(s) => Err(format!("can't evaluate field {name} in type {}", s.name)),
            // Values of JSON are in interfaces.
            _ if self.missing == Missing::Error => Err(format!("can't evaluate field {name} in type interface {{}}")),
            other => Err(format!("can't evaluate field {name} in type {}", functions::type_name(other))),
        }
    }
}
