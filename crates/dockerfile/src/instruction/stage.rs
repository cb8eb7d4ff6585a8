//! Stages: what stands from one FROM to the next.

use std::ops::{Range, RangeInclusive};

use super::read::{self, Item};
use super::{ArgDeclaration, Command, Instruction};
use crate::ast::Ast;
use crate::diagnostic::{Diagnostic, DiagnosticKind};

/// A build stage. Image and platform are not expanded yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stage {
    /// Its number, from 0.
    pub index: usize,
    /// `AS name`, in lower case.
    pub name: Option<String>,
    /// `AS name` as written.
    pub written_name: Option<String>,
    /// The image, or an earlier stage's name, or `scratch`.
    pub image: String,
    /// `--platform=`
    pub platform: Option<String>,
    /// The instructions behind FROM.
    pub instructions: Vec<Instruction>,
    /// The keyword `FROM` as written.
    pub keyword: String,
    /// The keyword `AS` as written.
    pub as_keyword: Option<String>,
    /// The FROM line.
    pub source: String,
    /// Lines of the FROM, from 1.
    pub lines: RangeInclusive<u32>,
    /// Byte offsets of the FROM.
    pub span: Range<usize>,
    /// The text of a `# name text` comment above.
    pub description: Option<String>,
}

/// An ARG before the first FROM.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arg {
    /// What it declares.
    pub declarations: Vec<ArgDeclaration>,
    /// The line.
    pub source: String,
    /// Lines, from 1.
    pub lines: RangeInclusive<u32>,
    /// Byte offsets.
    pub span: Range<usize>,
}

/// Types all instructions. Wrong ones are reported and left out. A build stops at the first
/// diagnostic of the parser, then at the first one here.
#[must_use]
pub fn stages(ast: &Ast) -> (Vec<Stage>, Vec<Arg>, Vec<Diagnostic>) {
    let mut stages: Vec<Stage> = Vec::new();
    let mut globals = Vec::new();
    let mut diagnostics = Vec::new();
    // A FROM that can't be read still begins a stage: what follows is not misplaced.
    let mut from_seen = false;
    for node in &ast.nodes {
        let is_from = node.keyword.eq_ignore_ascii_case("from");
        if node.broken {
            from_seen |= is_from;
            continue;
        }
        match read::item(node) {
            Err(problem) => {
                from_seen |= is_from;
                diagnostics.push(problem.diagnostic(node));
            }
            Ok(Item::From(mut stage)) => {
                from_seen = true;
                stage.index = stages.len();
                stages.push(*stage);
            }
            Ok(Item::Instruction(instruction)) => match stages.last_mut() {
                Some(stage) => stage.instructions.push(*instruction),
                None if from_seen => {}
                None => match instruction.command {
                    Command::Arg(declarations) => globals.push(Arg {
                        declarations,
                        source: instruction.source,
                        lines: instruction.lines,
                        span: instruction.span,
                    }),
                    _ => diagnostics.push(Diagnostic::error(
                        DiagnosticKind::NoStage,
                        "no build stage in current context",
                        instruction.lines,
                        instruction.span,
                    )),
                },
            },
        }
    }
    if stages.is_empty() && !from_seen && diagnostics.is_empty() && !globals.is_empty() {
        let message = "dockerfile contains no stages to build";
        diagnostics.push(Diagnostic::error(DiagnosticKind::Empty, message, 0..=0, 0..0));
    }
    (stages, globals, diagnostics)
}
