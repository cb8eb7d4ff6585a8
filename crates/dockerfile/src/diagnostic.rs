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
    /// The word of the text that it is about, if it is about one ([`Diagnostic::place`]).
    pub word: Option<String>,
}

impl Diagnostic {
    pub(crate) fn error(
        kind: DiagnosticKind,
        message: impl Into<String>,
        lines: RangeInclusive<u32>,
        span: Range<usize>,
    ) -> Self {
        let (severity, message) = (Severity::Error, message.into());
        Self { severity, kind, rule: None, message, lines, span, hint: None, word: None }
    }

    /// The byte offsets that an editor underlines: the word that it is about, else the first line of
    /// the instruction. `text` is the file.
    #[must_use]
    pub fn place(&self, text: &str) -> Range<usize> {
        let source = text.get(self.span.clone()).unwrap_or_default();
        let found = self.word.as_deref().filter(|word| !word.is_empty()).and_then(|word| whole_word(source, word));
        let length = || source.split(['\r', '\n']).next().unwrap_or_default().trim_end().len();
        let inside = found.unwrap_or_else(|| 0..length());
        self.span.start + inside.start..self.span.start + inside.end
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

/// Where a word stands that is no part of a longer one; else where it stands at all.
fn whole_word(source: &str, word: &str) -> Option<Range<usize>> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let places = || source.match_indices(word).map(|(at, _)| at..at + word.len());
    let is_whole = |place: &Range<usize>| {
        let before = source.get(..place.start).and_then(|text| text.chars().next_back());
        let behind = source.get(place.end..).and_then(|text| text.chars().next());
        let goes_on = before.is_some_and(is_word) && word.starts_with(is_word)
            || behind.is_some_and(is_word) && word.ends_with(is_word);
        !goes_on
    };
    places().find(is_whole).or_else(|| places().next())
}
