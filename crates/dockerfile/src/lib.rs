//! BuildKit's Dockerfile frontend as a pure library: text in, tree, typed instructions and
//! diagnostics out.
//!
//! Start at [`parse`] (text to [`Ast`]), then [`stages`] (tree to typed instructions). A build
//! uses [`expand::Expander`] for variables and [`ignore::Ignore`] for `.dockerignore`; an editor
//! uses [`lint::lint`].
//!
//! Architecture invariant: this crate knows no files, no images and no engine. What it must know
//! of the world (a base image's environment, the ignore file's text) is handed in.
//!
//! Rules and wording follow moby/buildkit v0.26 (`frontend/dockerfile`) and moby/patternmatcher.

pub mod ast;
mod diagnostic;
mod duration;
mod excerpt;
pub mod expand;
mod glob;
pub mod ignore;
pub mod instruction;
pub mod lint;
mod parser;
mod quote;
mod suggest;

pub use ast::{Ast, Directive, Directives, Heredoc, Node};
pub use diagnostic::{Diagnostic, DiagnosticKind, Severity};
pub use excerpt::source_excerpt;
pub use instruction::{Arg, Command, Instruction, Stage, instruction, stages};
pub use parser::{Parsed, parse, parse_directives};
pub use quote::quote;
