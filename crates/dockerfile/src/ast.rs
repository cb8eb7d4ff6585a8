//! The tree that the parser makes.

use std::ops::{Range, RangeInclusive};

use crate::quote::quote;

/// A parsed Dockerfile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ast {
    /// Instructions in the order of the file.
    pub nodes: Vec<Node>,
    /// `# syntax=`, `# escape=`, `# check=`.
    pub directives: Directives,
    /// For each instruction with an empty line inside: the line on which it ends.
    pub empty_continuations: Vec<(u32, Range<usize>)>,
}

/// One instruction, split as its keyword demands but not yet checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    /// The keyword as written.
    pub keyword: String,
    /// `--flag` and `--flag=value`, unquoted.
    pub flags: Vec<String>,
    /// The arguments. ENV and LABEL have three for each pair: key, value, and `=` or nothing.
    pub args: Vec<String>,
    /// What ONBUILD shall run.
    pub sub: Option<Box<Node>>,
    /// The arguments were a JSON array.
    pub json: bool,
    /// Contents that belong to `<<NAME` words.
    pub heredocs: Vec<Heredoc>,
    /// The instruction as one line (continuations joined, comments dropped, no heredoc content).
    pub original: String,
    /// Comment lines directly above.
    pub comments: Vec<String>,
    /// First and last line, from 1.
    pub lines: RangeInclusive<u32>,
    /// Byte offsets of the instruction in the text.
    pub span: Range<usize>,
    /// The parser has reported an error for it: the arguments are not to be trusted.
    pub broken: bool,
}

/// The content behind a `<<NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Heredoc {
    /// The delimiter, without quotes.
    pub name: String,
    /// The number before `<<`, 0 if none.
    pub file_descriptor: u32,
    /// The delimiter was not quoted: variables are replaced (COPY, ADD).
    pub expand: bool,
    /// `<<-`: leading tabs are dropped.
    pub chomp: bool,
    /// The lines as in the file, with their tabs and line ends.
    pub content: String,
}

impl Heredoc {
    /// The content, without leading tabs if it was written `<<-`.
    #[must_use]
    pub fn text(&self) -> String {
        if !self.chomp {
            return self.content.clone();
        }
        self.content.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect()
    }
}

/// A parser directive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Directive {
    /// The text behind `=`.
    pub value: String,
    /// Its line, from 1.
    pub line: u32,
    /// Byte offsets of the line.
    pub span: Range<usize>,
}

/// The parser directives of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Directives {
    /// `# syntax=`: the frontend image.
    pub syntax: Option<Directive>,
    /// `# escape=`.
    pub escape: Option<Directive>,
    /// `# check=`: settings of the build checks.
    pub check: Option<Directive>,
}

impl Directives {
    /// The escape character: `\` unless `# escape=` names the backtick.
    #[must_use]
    pub fn escape_char(&self) -> char {
        match &self.escape {
            Some(directive) if directive.value == "`" => '`',
            _ => '\\',
        }
    }
}

impl Node {
    /// The keyword in upper case.
    #[must_use]
    pub fn name(&self) -> String {
        self.keyword.to_ascii_uppercase()
    }

    fn dump_into(&self, out: &mut String) {
        out.push_str(&self.keyword.to_lowercase());
        if !self.flags.is_empty() {
            let flags: Vec<String> = self.flags.iter().map(|flag| quote(flag)).collect();
            out.push_str(" [");
            out.push_str(&flags.join(" "));
            out.push(']');
        }
        // ONBUILD nests at most as deep as the parser allows.
        if let Some(sub) = &self.sub {
            out.push_str(" (");
            sub.dump_into(out);
            out.push(')');
        }
        for arg in &self.args {
            out.push(' ');
            out.push_str(&quote(arg));
        }
    }
}

impl Ast {
    /// The tree as S-expressions, a line for each instruction, as BuildKit's `Node.Dump` prints it.
    #[must_use]
    pub fn dump(&self) -> String {
        let mut out = String::new();
        for node in &self.nodes {
            out.push('(');
            node.dump_into(&mut out);
            out.push_str(")\n");
        }
        out
    }
}
