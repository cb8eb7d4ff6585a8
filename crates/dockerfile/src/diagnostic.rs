//! What is wrong with a Dockerfile, as data.

use std::ops::{Range, RangeInclusive};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// A build check: the build goes on.
    Warning,
    /// The build stops.
    Error,
}

/// What sort of mistake it is: for texts in other languages and for help beside the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DiagnosticKind {
    /// The file has no bytes, or only comments, or no `FROM`.
    Empty,
    /// A parser directive (`# escape=`) is wrong or repeated.
    Directive,
    /// An instruction's arguments can't be read at all.
    Syntax,
    /// A heredoc has no end.
    Heredoc,
    /// No such instruction.
    UnknownInstruction,
    /// No such flag, or a wrong value for one.
    Flag,
    /// Too many, too few or wrong arguments.
    Arguments,
    /// Nothing but `ARG` may stand before the first `FROM`.
    NoStage,
    /// A build check (see [`Diagnostic::rule`]).
    Check,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// The sort of mistake.
    pub kind: DiagnosticKind,
    /// Name of the build check, if it is one.
    pub rule: Option<&'static str>,
    /// BuildKit's own sentence, complete (with its line prefix and its suggestion).
    pub message: String,
    /// The lines (from 1) that are marked in the excerpt.
    pub lines: RangeInclusive<u32>,
    /// The same place as byte offsets into the text.
    pub span: Range<usize>,
    /// What was probably meant: the word after `did you mean`.
    pub hint: Option<String>,
}

impl Diagnostic {
    pub(crate) fn error(
        kind: DiagnosticKind,
        message: impl Into<String>,
        lines: RangeInclusive<u32>,
        span: Range<usize>,
    ) -> Self {
        Self { severity: Severity::Error, kind, rule: None, message: message.into(), lines, span, hint: None }
    }

    /// Whether the build stops here.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The form that a build prints for a check: `Name: message (line N)`; an error's message.
    #[must_use]
    pub fn short(&self) -> String {
        match self.rule {
            Some(rule) if *self.lines.start() > 0 => {
                format!("{rule}: {} (line {})", self.message, self.lines.start())
            }
            Some(rule) => format!("{rule}: {}", self.message),
            None => self.message.clone(),
        }
    }
}
