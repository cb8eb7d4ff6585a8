//! Go's `text/template`, as much of it as docker's `--format` can use: fields, variables,
//! pipelines, `if`, `range`, `with`, `break`, `continue`, `define`, `template`, `block`, trim marks, comments, Go's functions and
//! docker's (docker/cli `templates/templates.go`).

mod eval;
mod functions;
mod lex;
mod looks;
mod number;
mod parse;
mod printf;

use super::value::Value;
use parse::{Node, Operand, Tree};

/// A parsed template.
#[derive(Clone, Debug)]
pub struct Template(Tree);

/// What a missing key of an object gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// `<no value>`.
    NoValue,
    /// An error (docker's `inspect`).
    Error,
}

/// A piece of what a template writes that only names fields of its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// This text.
    Text(String),
    /// The field of this name.
    Field(String),
}

impl Template {
    /// Parses.
    ///
    /// # Errors
    /// Go's words, e.g. `template: :1: unclosed action`.
    pub fn parse(text: &str) -> Result<Self, String> {
        parse::parse(text).map(Self)
    }

    /// The text for a value.
    ///
    /// # Errors
    /// Go's words, e.g. `template: :1:2: executing "" at <.Nope>: …`, with what was written before.
    pub fn execute(&self, data: &Value, missing: Missing) -> Result<String, (String, String)> {
        eval::execute(&self.0, data, missing, false)
    }

    /// The headers of a table: docker's functions give their argument back.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn headers(&self, data: &Value) -> Result<String, (String, String)> {
        eval::execute(&self.0, data, Missing::NoValue, true)
    }

    /// The fields of its data that it can look at; `None`: maybe all.
    pub fn wants(&self) -> Option<Vec<String>> {
        looks::only_fields(&self.0.nodes).then(|| looks::fields(&self.0.nodes))
    }

    /// What it writes, if it does nothing but name fields of its data.
    pub fn parts(&self) -> Option<Vec<Part>> {
        let part = |node: &Node| match node {
            Node::Text(t) => Some(Part::Text(t.clone())),
            Node::Action(p) if p.variables.is_empty() => {
                let [command] = p.commands.as_slice() else { return None };
                let [arg] = command.args.as_slice() else { return None };
                match (&arg.operand, arg.fields.as_slice()) {
                    (Operand::Dot, [field]) => Some(Part::Field(field.clone())),
                    _ => None,
                }
            }
            _ => None,
        };
        self.0.nodes.iter().map(part).collect()
    }

    /// Whether a field is used anywhere (docker asks the daemon for sizes only then).
    pub fn uses(&self, field: &str) -> bool {
        let defined = self.0.defined.iter().map(|d| &d.1);
        std::iter::once(&self.0.nodes).chain(defined).any(|nodes| looks::fields(nodes).iter().any(|f| f == field))
    }
}

#[cfg(test)]
mod tests;
