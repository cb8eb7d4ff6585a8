//! Syntax errors, and how each shell words them.

use crate::dialect::Dialect;

/// What is wrong and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Line of the place.
    pub line: u32,
    /// What.
    pub kind: ErrorKind,
    /// The source line, which bash shows too.
    pub source: String,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A token that cannot stand there.
    Unexpected {
        /// Its text (`newline` for a line's end).
        token: String,
        /// Whether it is an ordinary word.
        word: bool,
        /// What should stand there, where only one thing can.
        expecting: Option<&'static str>,
    },
    /// The text ends within a command.
    Eof {
        /// What should follow.
        expecting: Option<&'static str>,
    },
    /// A quote, `${` or `$(` that isn't closed: what would close it.
    Unclosed(char),
    /// An expression whose `))` dash and ash don't find.
    Arithmetic,
    /// `for 1x in`: not a name.
    BadName(String),
    /// A `${…}` that dash and ash refuse when reading.
    BadSubstitution,
    /// Nested deeper than we read.
    TooDeep,
}

impl ParseError {
    /// Whether more text could make it whole.
    pub fn is_incomplete(&self) -> bool {
        matches!(self.kind, ErrorKind::Eof { .. } | ErrorKind::Unclosed(_) | ErrorKind::Arithmetic)
    }

    /// The message without the shell's name and place; a second line where bash shows the source.
    pub fn message(&self, dialect: Dialect, with_source: bool) -> Vec<String> {
        match dialect {
            Dialect::Bash => self.bash(with_source),
            Dialect::Dash => vec![format!("Syntax error: {}", self.almquist(Dialect::Dash))],
            Dialect::Ash => vec![format!("syntax error: {}", self.almquist(Dialect::Ash))],
        }
    }

    fn bash(&self, with_source: bool) -> Vec<String> {
        let first = match &self.kind {
            ErrorKind::Unexpected { token, .. } => format!("syntax error near unexpected token `{token}'"),
            ErrorKind::Eof { .. } => "syntax error: unexpected end of file".to_owned(),
            ErrorKind::Unclosed(c) => return vec![format!("unexpected EOF while looking for matching `{c}'")],
            ErrorKind::Arithmetic => return vec!["unexpected EOF while looking for matching `)'".to_owned()],
            ErrorKind::BadName(n) => return vec![format!("`{n}': not a valid identifier")],
            ErrorKind::BadSubstitution => return vec!["bad substitution".to_owned()],
            ErrorKind::TooDeep => return vec!["syntax error: nested too deeply".to_owned()],
        };
        if with_source && matches!(self.kind, ErrorKind::Unexpected { .. }) {
            vec![first, format!("`{}'", self.source)]
        } else {
            vec![first]
        }
    }

    fn almquist(&self, dialect: Dialect) -> String {
        let ash = dialect == Dialect::Ash;
        let tail = |e: Option<&str>| match e {
            None => String::new(),
            Some("word") => " (expecting word)".to_owned(),
            Some(e) => format!(" (expecting \"{e}\")"),
        };
        match &self.kind {
            ErrorKind::Unexpected { token, word, expecting } => {
                let what = match token.as_str() {
                    "newline" => "newline".to_owned(),
                    t if t.starts_with(['<', '>']) => "redirection".to_owned(),
                    _ if *word => "word".to_owned(),
                    t => format!("\"{t}\""),
                };
                if ash {
                    format!("unexpected {what}{}", tail(*expecting))
                } else {
                    format!("{what} unexpected{}", tail(*expecting))
                }
            }
            ErrorKind::Eof { expecting } => {
                if ash {
                    format!("unexpected end of file{}", tail(*expecting))
                } else {
                    format!("end of file unexpected{}", tail(*expecting))
                }
            }
            ErrorKind::Unclosed('}') => if ash { "missing '}'" } else { "Missing '}'" }.to_owned(),
            ErrorKind::Unclosed('`') => "EOF in backquote substitution".to_owned(),
            ErrorKind::Unclosed(')') => self.expecting_paren(ash),
            ErrorKind::Unclosed(_) => {
                if ash { "unterminated quoted string" } else { "Unterminated quoted string" }.to_owned()
            }
            ErrorKind::Arithmetic => if ash { "missing '))'" } else { "Missing '))'" }.to_owned(),
            ErrorKind::BadName(_) => if ash { "bad for loop variable" } else { "Bad for loop variable" }.to_owned(),
            ErrorKind::BadSubstitution => if ash { "bad substitution" } else { "Bad substitution" }.to_owned(),
            ErrorKind::TooDeep => "nested too deeply".to_owned(),
        }
    }

    fn expecting_paren(&self, ash: bool) -> String {
        if ash { "unexpected end of file (expecting \")\")" } else { "end of file unexpected (expecting \")\")" }
            .to_owned()
    }
}
