//! From pieces to a tree.

use super::functions;
use super::lex::{Kind, Piece, Token, cut, error};

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
    Bool(bool),
    Nil,
    Paren(Box<Pipe>),
}

/// Deepest nesting of blocks and parentheses.
const MAX_DEPTH: usize = 50;

struct Parser {
    pieces: std::vec::IntoIter<Piece>,
    variables: Vec<String>,
    depth: usize,
    in_range: usize,
    line: usize,
}

/// What ended a list of nodes.
enum End {
    Eof,
    Closed,
    /// `else`, with what follows it.
    Else(Vec<Token>, usize),
}

pub(super) fn parse(text: &str) -> Result<Vec<Node>, String> {
    let cut = cut(text)?;
    let mut p =
        Parser { pieces: cut.pieces.into_iter(), variables: vec!["$".into()], depth: 0, in_range: 0, line: cut.line };
    match p.list()? {
        (nodes, End::Eof) => Ok(nodes),
        (_, End::Closed) => Err(error(p.line, "unexpected {{end}}")),
        (_, End::Else(_, line)) => Err(error(line, "unexpected {{else}}")),
    }
}

impl Parser {
    fn list(&mut self) -> Result<(Vec<Node>, End), String> {
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.next() {
            let (tokens, line) = match piece {
                Piece::Text(t) => {
                    nodes.push(Node::Text(t));
                    continue;
                }
                Piece::Action(tokens, line) => (tokens, line),
            };
            let keyword = tokens.first().filter(|t| t.kind == Kind::Word).map_or("", |t| t.text.as_str()).to_owned();
            let rest = || tokens.get(1..).unwrap_or(&[]).to_vec();
            match keyword.as_str() {
                "end" => return Ok((nodes, End::Closed)),
                "else" => return Ok((nodes, End::Else(rest(), line))),
                "if" | "with" | "range" => nodes.push(self.block(&keyword, &rest(), line)?),
                "break" | "continue" if self.in_range == 0 => {
                    return Err(error(line, format!("{{{{{keyword}}}}} outside {{{{range}}}}")));
                }
                "break" => nodes.push(Node::Break),
                "continue" => nodes.push(Node::Continue),
                "define" | "template" | "block" => {
                    return Err(error(line, format!("{{{{{keyword}}}}} is not supported")));
                }
                _ => nodes.push(Node::Action(self.pipe(&tokens, line, "command")?)),
            }
        }
        Ok((nodes, End::Eof))
    }

    fn block(&mut self, keyword: &str, tokens: &[Token], line: usize) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(error(line, "too deeply nested"));
        }
        let scope = self.variables.len();
        let pipe = self.pipe(tokens, line, keyword)?;
        self.in_range += usize::from(keyword == "range");
        let (body, end) = self.list()?;
        self.in_range -= usize::from(keyword == "range");
        let otherwise = match end {
            End::Eof => return Err(error(self.line, "unexpected EOF")),
            End::Closed => Vec::new(),
            End::Else(tokens, line) => self.otherwise(&tokens, line)?,
        };
        self.variables.truncate(scope);
        self.depth -= 1;
        Ok(match keyword {
            "if" => Node::If(pipe, body, otherwise),
            "with" => Node::With(pipe, body, otherwise),
            _ => Node::Range(pipe, body, otherwise),
        })
    }

    fn otherwise(&mut self, tokens: &[Token], line: usize) -> Result<Vec<Node>, String> {
        if let Some(t) = tokens.first() {
            if t.text == "if" || t.text == "with" {
                let text = t.text.clone();
                return Ok(vec![self.block(&text, tokens.get(1..).unwrap_or(&[]), line)?]);
            }
            return Err(error(line, format!("unexpected <{}> in else", t.text)));
        }
        match self.list()? {
            (nodes, End::Closed) => Ok(nodes),
            (_, End::Eof) => Err(error(self.line, "unexpected EOF")),
            (_, End::Else(_, line)) => Err(error(line, "expected end; found {{else}}")),
        }
    }

    fn pipe(&mut self, tokens: &[Token], line: usize, context: &str) -> Result<Pipe, String> {
        let mut pipe = Pipe::default();
        let mut tokens = tokens;
        let is = |i: usize, k: &Kind| tokens.get(i).is_some_and(|t| t.kind == *k);
        let taken = if is(0, &Kind::Variable) && (is(1, &Kind::Declare) || is(1, &Kind::Assign)) {
            1
        } else if is(0, &Kind::Variable)
            && is(1, &Kind::Comma)
            && is(2, &Kind::Variable)
            && (is(3, &Kind::Declare) || is(3, &Kind::Assign))
            && context == "range"
        {
            3
        } else {
            0
        };
        if taken > 0 {
            pipe.declares = is(taken, &Kind::Declare);
            pipe.variables =
                tokens.iter().take(taken).filter(|t| t.kind == Kind::Variable).map(|t| t.text.clone()).collect();
            tokens = tokens.get(taken + 1..).unwrap_or(&[]);
        }
        let mut depth = 0i32;
        let parts = tokens.split(|t| {
            depth += i32::from(t.kind == Kind::Open) - i32::from(t.kind == Kind::Close);
            t.kind == Kind::Pipe && depth == 0
        });
        for part in parts {
            if part.is_empty() {
                return Err(error(line, format!("missing value for {context}")));
            }
            let command = self.command(part)?;
            if !pipe.commands.is_empty()
                && !command.args.first().is_some_and(|a| {
                    matches!(a.operand, Operand::Function(_) | Operand::Dot | Operand::Variable(_) | Operand::Paren(_))
                })
            {
                return Err(error(
                    line,
                    format!("non executable command in pipeline stage {}", pipe.commands.len() + 1),
                ));
            }
            pipe.commands.push(command);
        }
        for v in &pipe.variables {
            if pipe.declares {
                self.variables.push(v.clone());
            } else if !self.variables.contains(v) {
                return Err(error(line, format!("undefined variable {}", super::super::quote(v))));
            }
        }
        Ok(pipe)
    }

    fn command(&mut self, tokens: &[Token]) -> Result<Command, String> {
        let mut command = Command::default();
        let mut i = 0;
        while let Some(t) = tokens.get(i) {
            if t.kind == Kind::Field
                && !t.spaced
                && let Some(last) = command.args.last_mut()
            {
                last.fields.push(t.text.trim_start_matches('.').to_owned());
                last.text.push_str(&t.text);
                i += 1;
                continue;
            }
            let (operand, used) = self.operand(tokens, i)?;
            let fields =
                if t.kind == Kind::Field { vec![t.text.trim_start_matches('.').to_owned()] } else { Vec::new() };
            let text = tokens
                .get(i..i + used)
                .unwrap_or(&[])
                .iter()
                .enumerate()
                .map(|(n, t)| if t.spaced && n > 0 { format!(" {}", t.text) } else { t.text.clone() })
                .collect();
            command.args.push(Arg { operand, fields, text, line: t.line, column: t.column });
            i += used;
        }
        Ok(command)
    }

    fn operand(&mut self, tokens: &[Token], i: usize) -> Result<(Operand, usize), String> {
        let Some(t) = tokens.get(i) else { return Ok((Operand::Nil, 1)) };
        let unexpected = || error(t.line, format!("unexpected {} in operand", super::super::quote(&t.text)));
        Ok((
            match &t.kind {
                Kind::Dot | Kind::Field => Operand::Dot,
                Kind::Variable if self.variables.contains(&t.text) => Operand::Variable(t.text.clone()),
                Kind::Variable => {
                    return Err(error(t.line, format!("undefined variable {}", super::super::quote(&t.text))));
                }
                Kind::Str(s) => Operand::Str(s.clone()),
                Kind::Number(n, true) => Operand::Int(*n as i64),
                Kind::Number(n, false) => Operand::Float(*n),
                Kind::Word => match t.text.as_str() {
                    "true" | "false" => Operand::Bool(t.text == "true"),
                    "nil" => Operand::Nil,
                    f if functions::exists(f) => Operand::Function(f.to_owned()),
                    f => return Err(error(t.line, format!("function {} not defined", super::super::quote(f)))),
                },
                Kind::Open => return self.paren(tokens, i),
                _ => return Err(unexpected()),
            },
            1,
        ))
    }

    fn paren(&mut self, tokens: &[Token], i: usize) -> Result<(Operand, usize), String> {
        let line = tokens.get(i).map_or(1, |t| t.line);
        let mut depth = 0i32;
        let close = tokens.iter().enumerate().skip(i).find(|(_, t)| {
            depth += i32::from(t.kind == Kind::Open) - i32::from(t.kind == Kind::Close);
            depth == 0
        });
        let Some((end, _)) = close else { return Err(error(line, "unclosed left paren")) };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(error(line, "too deeply nested"));
        }
        let pipe = self.pipe(tokens.get(i + 1..end).unwrap_or(&[]), line, "parenthesized pipeline")?;
        self.depth -= 1;
        Ok((Operand::Paren(Box::new(pipe)), end + 1 - i))
    }
}

/// The names of all fields of the dot.
/// Whether nothing but fields of the data is looked at: not the data as a whole, no variables, no other dot.
pub(super) fn only_fields(nodes: &[Node]) -> bool {
    fn of_pipe(p: &Pipe) -> bool {
        p.variables.is_empty()
            && p.commands.iter().flat_map(|c| &c.args).all(|a| match &a.operand {
                Operand::Dot => !a.fields.is_empty(),
                Operand::Variable(_) => false,
                Operand::Paren(p) => of_pipe(p),
                _ => true,
            })
    }
    nodes.iter().all(|n| match n {
        Node::Action(p) => of_pipe(p),
        Node::If(p, a, b) => of_pipe(p) && only_fields(a) && only_fields(b),
        Node::With(..) | Node::Range(..) => false,
        Node::Text(_) | Node::Break | Node::Continue => true,
    })
}

pub(super) fn fields(nodes: &[Node]) -> Vec<String> {
    fn of_pipe(p: &Pipe, out: &mut Vec<String>) {
        for a in p.commands.iter().flat_map(|c| &c.args) {
            out.extend(a.fields.first().cloned());
            if let Operand::Paren(p) = &a.operand {
                of_pipe(p, out);
            }
        }
    }
    let mut out = Vec::new();
    for n in nodes {
        match n {
            Node::Action(p) => of_pipe(p, &mut out),
            Node::If(p, a, b) | Node::With(p, a, b) | Node::Range(p, a, b) => {
                of_pipe(p, &mut out);
                out.extend(fields(a));
                out.extend(fields(b));
            }
            _ => {}
        }
    }
    out
}
