//! From words to a tree, step by step as Go's `text/template/parse/parse.go`: its messages name the word
//! that comes where it does not belong, and what it came in.

use super::functions;
use super::lex::{Kind, Token, cut, error};
use super::number;
use crate::format::quote;

/// A node of the tree.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(String),
    Action(Pipe),
    If(Pipe, Vec<Node>, Vec<Node>),
    With(Pipe, Vec<Node>, Vec<Node>),
    Range(Pipe, Vec<Node>, Vec<Node>),
    Break,
    Continue,
    /// `{{template "name" .}}`
    Template(Call),
}

/// Where another template is to be run.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) data: Option<Pipe>,
    /// As Go writes it in messages, and where.
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A template with those that it defines.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) defined: Vec<(String, Vec<Node>)>,
}

/// Commands joined by `|`, with the variables that take the result.
#[derive(Clone, Debug, Default)]
pub(super) struct Pipe {
    pub(super) variables: Vec<String>,
    pub(super) declares: bool,
    pub(super) commands: Vec<Command>,
}

/// An operand and its arguments.
#[derive(Clone, Debug, Default)]
pub(super) struct Command {
    pub(super) args: Vec<Arg>,
}

impl Command {
    /// As Go writes it in messages.
    pub(super) fn text(&self) -> String {
        self.args.iter().map(|a| a.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// An operand with its place.
#[derive(Clone, Debug)]
pub(super) struct Arg {
    pub(super) operand: Operand,
    /// Fields behind it: `(…).A.B`, `$x.A`, `.A.B`.
    pub(super) fields: Vec<String>,
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Operand {
    Dot,
    Variable(String),
    Function(String),
    Str(String),
    Int(i64),
    Float(f64),
    Complex(f64, f64),
    Bool(bool),
    Nil,
    Paren(Box<Pipe>),
}

/// Deepest nesting of blocks and parentheses.
const MAX_DEPTH: usize = 50;

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    variables: Vec<String>,
    depth: usize,
    in_range: usize,
    /// The line of the action that is being read.
    action: Option<usize>,
    defined: Vec<(String, Vec<Node>)>,
}

/// A node, or what ends a list of them.
enum Item {
    Node(Node),
    End,
    Else,
}

pub(super) fn parse(text: &str) -> Result<Tree, String> {
    let mut p = Parser {
        tokens: cut(text),
        at: 0,
        variables: vec!["$".into()],
        depth: 0,
        in_range: 0,
        action: None,
        defined: Vec::new(),
    };
    let mut nodes = Vec::new();
    while p.kind() != Kind::Eof {
        if p.kind() == Kind::LeftDelim && p.tokens.get(p.at + 1).is_some_and(|t| is_keyword(t, "define")) {
            p.at += 2;
            p.definition()?;
            continue;
        }
        match p.item()? {
            Item::Node(n) => nodes.push(n),
            Item::End => return p.fail("unexpected {{end}}"),
            Item::Else => return p.fail("unexpected {{else}}"),
        }
    }
    Ok(Tree { nodes, defined: p.defined })
}

fn is_keyword(t: &Token, word: &str) -> bool {
    t.kind == Kind::Keyword && t.text == word
}

/// Whether a template prints nothing but blanks (Go's `IsEmptyTree`).
fn is_empty(nodes: &[Node]) -> bool {
    nodes.iter().all(|n| matches!(n, Node::Text(t) if t.trim().is_empty()))
}

impl Parser {
    fn peek(&self) -> Token {
        let end = || Token { kind: Kind::Eof, text: String::new(), line: 1, column: 0, spaced: false };
        self.tokens.get(self.at).or(self.tokens.last()).cloned().unwrap_or_else(end)
    }

    fn kind(&self) -> Kind {
        self.peek().kind
    }

    fn next(&mut self) -> Token {
        let t = self.peek();
        self.at += 1;
        t
    }

    /// Goes on if the next word is this keyword.
    fn takes(&mut self, word: &str) -> bool {
        let found = is_keyword(&self.peek(), word);
        self.at += usize::from(found);
        found
    }

    fn fail<T>(&self, what: &str) -> Result<T, String> {
        let last = self.tokens.get(self.at.saturating_sub(1)).or(self.tokens.last());
        Err(error(last.map_or(1, |t| t.line), what))
    }

    fn unexpected<T>(&self, t: &Token, context: &str) -> Result<T, String> {
        if t.kind != Kind::Error {
            return Err(error(t.line, format!("unexpected {} in {context}", t.shown())));
        }
        Err(error(
            t.line,
            match self.action.filter(|line| *line != t.line) {
                Some(line) if t.text.ends_with(" action") => format!("{} started at :{line}", t.text),
                Some(line) => format!("{} in action started at :{line}", t.text),
                None => t.text.clone(),
            },
        ))
    }

    fn expect(&mut self, kind: &Kind, context: &str) -> Result<(), String> {
        let t = self.next();
        if t.kind == *kind { Ok(()) } else { self.unexpected(&t, context) }
    }

    /// A list of nodes and whether `else` ended it.
    fn list(&mut self) -> Result<(Vec<Node>, bool), String> {
        let mut nodes = Vec::new();
        while self.kind() != Kind::Eof {
            match self.item()? {
                Item::Node(n) => nodes.push(n),
                Item::End => return Ok((nodes, false)),
                Item::Else => return Ok((nodes, true)),
            }
        }
        self.fail("unexpected EOF")
    }

    /// A list that `end` ends.
    fn body(&mut self, context: &str) -> Result<Vec<Node>, String> {
        match self.list()? {
            (nodes, false) => Ok(nodes),
            (_, true) => self.fail(&format!("unexpected {{{{else}}}} in {context}")),
        }
    }

    fn item(&mut self) -> Result<Item, String> {
        let t = self.next();
        match t.kind {
            Kind::Text => Ok(Item::Node(Node::Text(t.text))),
            Kind::LeftDelim => {
                self.action = Some(t.line);
                let item = self.action();
                self.action = None;
                item
            }
            _ => self.unexpected(&t, "input"),
        }
    }

    fn action(&mut self) -> Result<Item, String> {
        let t = self.peek();
        let keyword = if t.kind == Kind::Keyword { t.text.as_str() } else { "" };
        self.at += 1;
        Ok(Item::Node(match keyword {
            "end" => {
                self.expect(&Kind::RightDelim, "end")?;
                return Ok(Item::End);
            }
            "else" => {
                let after = self.peek();
                if !is_keyword(&after, "if") && !is_keyword(&after, "with") {
                    self.expect(&Kind::RightDelim, "else")?;
                }
                return Ok(Item::Else);
            }
            "if" | "with" | "range" => self.control(keyword)?,
            "break" | "continue" => {
                let context = format!("{{{{{keyword}}}}}");
                self.expect(&Kind::RightDelim, &context)?;
                if self.in_range == 0 {
                    return self.fail(&format!("{context} outside {{{{range}}}}"));
                }
                if keyword == "break" { Node::Break } else { Node::Continue }
            }
            "template" => {
                let (name, at) = self.name("template clause")?;
                let from = self.at;
                let data = if self.kind() == Kind::RightDelim {
                    self.at += 1;
                    None
                } else {
                    Some(self.pipe("template clause", &Kind::RightDelim)?)
                };
                self.call(name, data, &at, from)
            }
            "block" => {
                let (name, at) = self.name("block clause")?;
                let from = self.at;
                let data = self.pipe("block clause", &Kind::RightDelim)?;
                let to = self.at;
                let nodes = self.inner("block clause")?;
                self.define(name.clone(), nodes)?;
                let end = std::mem::replace(&mut self.at, to);
                let node = self.call(name, Some(data), &at, from);
                self.at = end;
                node
            }
            _ => {
                self.at -= 1;
                Node::Action(self.pipe("command", &Kind::RightDelim)?)
            }
        }))
    }

    /// A template's name and its place.
    fn name(&mut self, context: &str) -> Result<(String, Token), String> {
        let t = self.next();
        match &t.kind {
            Kind::Str(name) => Ok((name.clone(), t.clone())),
            _ => self.unexpected(&t, context),
        }
    }

    fn call(&self, name: String, data: Option<Pipe>, at: &Token, from: usize) -> Node {
        let mut text = format!("{{{{template {}", quote(&name));
        if data.is_some() {
            text.push(' ');
            text.push_str(self.text(from, self.at - 1).trim_start());
        }
        text.push_str("}}");
        Node::Template(Call { name, data, text, line: at.line, column: at.column })
    }

    /// What stands between `define` or `block` and its end: nothing from outside is known there.
    fn inner(&mut self, context: &str) -> Result<Vec<Node>, String> {
        self.deeper()?;
        let outside = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let ranges = std::mem::take(&mut self.in_range);
        let nodes = self.body(context)?;
        self.variables = outside;
        self.in_range = ranges;
        self.depth -= 1;
        Ok(nodes)
    }

    fn definition(&mut self) -> Result<(), String> {
        let (name, _) = self.name("define clause")?;
        self.expect(&Kind::RightDelim, "define clause")?;
        let nodes = self.inner("define clause")?;
        self.define(name, nodes)
    }

    fn define(&mut self, name: String, nodes: Vec<Node>) -> Result<(), String> {
        match self.defined.iter_mut().find(|d| d.0 == name) {
            Some(old) if is_empty(&old.1) => old.1 = nodes,
            Some(_) if is_empty(&nodes) => {}
            Some(_) => return self.fail(&format!("template: multiple definition of template {}", quote(&name))),
            None => self.defined.push((name, nodes)),
        }
        Ok(())
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { self.fail("too deeply nested") } else { Ok(()) }
    }

    fn control(&mut self, keyword: &str) -> Result<Node, String> {
        self.deeper()?;
        let scope = self.variables.len();
        let pipe = self.pipe(keyword, &Kind::RightDelim)?;
        self.in_range += usize::from(keyword == "range");
        let (body, has_else) = self.list()?;
        self.in_range -= usize::from(keyword == "range");
        let otherwise = if !has_else {
            Vec::new()
        } else if keyword != "range" && self.takes(keyword) {
            vec![self.control(keyword)?]
        } else {
            match self.list()? {
                (nodes, false) => nodes,
                (_, true) => return self.fail("expected end; found {{else}}"),
            }
        };
        self.variables.truncate(scope);
        self.depth -= 1;
        Ok(match keyword {
            "if" => Node::If(pipe, body, otherwise),
            "with" => Node::With(pipe, body, otherwise),
            _ => Node::Range(pipe, body, otherwise),
        })
    }

    /// `$x :=`, `$x =` and for `range` `$x, $y :=`.
    fn declarations(&mut self, pipe: &mut Pipe, context: &str) -> Result<(), String> {
        while self.kind() == Kind::Variable {
            let after = self.tokens.get(self.at + 1).map_or(Kind::Eof, |t| t.kind.clone());
            let comma = self.tokens.get(self.at + 1).is_some_and(|t| t.kind == Kind::Char && t.text == ",");
            if !comma && after != Kind::Assign && after != Kind::Declare {
                return Ok(());
            }
            let name = self.next().text;
            self.at += 1;
            self.variables.push(name.clone());
            pipe.variables.push(name);
            if !comma {
                pipe.declares = after == Kind::Declare;
                return Ok(());
            }
            if context != "range" || pipe.variables.len() > 1 {
                return self.fail(&format!("too many declarations in {context}"));
            }
            if !matches!(self.kind(), Kind::Variable | Kind::RightDelim | Kind::Close) {
                return self.fail("range can only initialize variables");
            }
        }
        Ok(())
    }

    fn pipe(&mut self, context: &str, end: &Kind) -> Result<Pipe, String> {
        let mut pipe = Pipe::default();
        self.declarations(&mut pipe, context)?;
        loop {
            let t = self.peek();
            match t.kind {
                ref kind if kind == end => break,
                Kind::Bool
                | Kind::Dot
                | Kind::Field
                | Kind::Word
                | Kind::Number
                | Kind::Str(_)
                | Kind::Variable
                | Kind::Open => pipe.commands.push(self.command()?),
                Kind::Keyword if t.text == "nil" => pipe.commands.push(self.command()?),
                _ => return self.unexpected(&t, context),
            }
        }
        self.at += 1;
        if pipe.commands.is_empty() {
            return self.fail(&format!("missing value for {context}"));
        }
        for (i, c) in pipe.commands.iter().enumerate().skip(1) {
            let executable = c.args.first().is_some_and(|a| {
                !a.fields.is_empty()
                    || matches!(a.operand, Operand::Function(_) | Operand::Variable(_) | Operand::Paren(_))
            });
            if !executable {
                return self.fail(&format!("non executable command in pipeline stage {}", i + 1));
            }
        }
        Ok(pipe)
    }

    fn command(&mut self) -> Result<Command, String> {
        let mut command = Command::default();
        loop {
            let operand = self.operand()?;
            let found = operand.is_some();
            command.args.extend(operand);
            let t = self.peek();
            if found && t.spaced {
                continue;
            }
            match t.kind {
                Kind::RightDelim | Kind::Close => {}
                Kind::Pipe => self.at += 1,
                _ => return self.unexpected(&t, "operand"),
            }
            return if command.args.is_empty() { self.fail("empty command") } else { Ok(command) };
        }
    }

    /// Words as they stand, with blanks where there are some.
    fn text(&self, from: usize, to: usize) -> String {
        let mut text = String::new();
        for (n, t) in self.tokens.get(from..to).unwrap_or(&[]).iter().enumerate() {
            if t.spaced && n > 0 {
                text.push(' ');
            }
            text.push_str(&t.text);
        }
        text
    }

    fn operand(&mut self) -> Result<Option<Arg>, String> {
        let from = self.at;
        let Some(operand) = self.term()? else { return Ok(None) };
        let first = self.tokens.get(from).cloned().unwrap_or_else(|| self.peek());
        let mut fields = Vec::new();
        if first.kind == Kind::Field {
            fields.push(first.text.trim_start_matches('.').to_owned());
        }
        let term = self.at;
        while self.kind() == Kind::Field && !self.peek().spaced {
            fields.push(self.next().text.trim_start_matches('.').to_owned());
        }
        let takes_fields = first.kind == Kind::Field
            || matches!(operand, Operand::Variable(_) | Operand::Function(_) | Operand::Paren(_));
        if self.at > term && !takes_fields {
            return self.fail(&format!("unexpected . after term {}", quote(&self.text(from, term))));
        }
        let text = self.text(from, self.at);
        Ok(Some(Arg { operand, fields, text, line: first.line, column: first.column }))
    }

    fn term(&mut self) -> Result<Option<Operand>, String> {
        let t = self.peek();
        self.at += 1;
        Ok(Some(match &t.kind {
            Kind::Dot | Kind::Field => Operand::Dot,
            Kind::Variable if self.variables.contains(&t.text) => Operand::Variable(t.text),
            Kind::Variable => return self.fail(&format!("undefined variable {}", quote(&t.text))),
            Kind::Str(s) => Operand::Str(s.clone()),
            Kind::Bool => Operand::Bool(t.text == "true"),
            Kind::Keyword if t.text == "nil" => Operand::Nil,
            Kind::Number => match number::read(&t.text) {
                Ok(operand) => operand,
                Err(what) => return self.fail(&what),
            },
            Kind::Word if functions::exists(&t.text) => Operand::Function(t.text),
            Kind::Word => return self.fail(&format!("function {} not defined", quote(&t.text))),
            Kind::Open => {
                self.deeper()?;
                let pipe = self.pipe("parenthesized pipeline", &Kind::Close)?;
                self.depth -= 1;
                Operand::Paren(Box::new(pipe))
            }
            _ => {
                self.at -= 1;
                return Ok(None);
            }
        }))
    }
}
