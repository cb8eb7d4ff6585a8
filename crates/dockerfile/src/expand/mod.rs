//! Variable expansion and word splitting: BuildKit's `shell.Lex`.

mod pattern;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;
use std::str::Chars;

use words::Words;

/// `${a:-${b:-…}}` deeper than this is refused, so that no text can exhaust the stack.
const MAX_DEPTH: usize = 64;

/// Where values come from.
pub trait Variables {
    /// The variable's value, if it is set.
    fn get(&self, name: &str) -> Option<&str>;
}

impl Variables for BTreeMap<String, String> {
    fn get(&self, name: &str) -> Option<&str> {
        self.get(name).map(String::as_str)
    }
}

impl Variables for [(String, String)] {
    fn get(&self, name: &str) -> Option<&str> {
        self.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl Variables for Vec<(String, String)> {
    fn get(&self, name: &str) -> Option<&str> {
        Variables::get(self.as_slice(), name)
    }
}

/// No variable is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoVariables;

impl Variables for NoVariables {
    fn get(&self, _name: &str) -> Option<&str> {
        None
    }
}

/// How a text is expanded. [`Expander::new`] is the way of most instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Expander {
    /// `\`, or the backtick after `# escape=`.
    pub escape: char,
    /// Quotes stay in the result (names of steps).
    pub raw_quotes: bool,
    /// Escape characters stay in the result.
    pub raw_escapes: bool,
    /// Quotes have no meaning (contents of heredocs).
    pub ignore_quotes: bool,
    /// `$X` of an unset X stays as it is.
    pub keep_unset: bool,
}

/// A text after expansion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Expanded {
    /// The whole as one word: blanks are kept.
    pub text: String,
    /// The whole split at unquoted blanks.
    pub words: Vec<String>,
    /// Names that were set.
    pub used: BTreeSet<String>,
    /// Names that were not set (also those that have a default).
    pub undefined: BTreeSet<String>,
}

/// Why a text can't be expanded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExpandError {
    /// BuildKit's message.
    pub message: String,
}

impl std::fmt::Display for ExpandError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ExpandError {}

impl Expander {
    /// Expansion as ENV, COPY, WORKDIR … do it.
    #[must_use]
    pub fn new(escape: char) -> Self {
        Self { escape, raw_quotes: false, raw_escapes: false, ignore_quotes: false, keep_unset: false }
    }

    /// Expansion for the name of a RUN step: quotes and unknown variables stay.
    #[must_use]
    pub fn for_run_name(escape: char) -> Self {
        Self { raw_quotes: true, keep_unset: true, ..Self::new(escape) }
    }

    /// Expansion inside a heredoc of COPY or ADD: quotes are plain text.
    #[must_use]
    pub fn for_heredoc() -> Self {
        Self { ignore_quotes: true, ..Self::new('\\') }
    }

    /// Replaces the variables of `text`, removes quotes and escapes, and splits into words.
    ///
    /// # Errors
    /// An unclosed quote or brace, an unknown modifier, or `${X:?message}` of an unset X.
    pub fn expand(&self, text: &str, variables: &(impl Variables + ?Sized)) -> Result<Expanded, ExpandError> {
        let mut run = Run {
            rules: *self,
            variables,
            input: text.chars().peekable(),
            raw_escapes: self.raw_escapes,
            depth: 0,
            used: BTreeSet::new(),
            undefined: BTreeSet::new(),
        };
        match run.until(None, self.raw_escapes) {
            Ok((result, words)) => Ok(Expanded { text: result, words, used: run.used, undefined: run.undefined }),
            Err(cause) => Err(ExpandError { message: format!("failed to process {}: {cause}", crate::quote(text)) }),
        }
    }
}

struct Run<'a, V: ?Sized> {
    rules: Expander,
    variables: &'a V,
    input: Peekable<Chars<'a>>,
    raw_escapes: bool,
    depth: usize,
    used: BTreeSet<String>,
    undefined: BTreeSet<String>,
}

impl<V: Variables + ?Sized> Run<'_, V> {
    /// Reads up to `stop` (which is consumed) or to the end.
    fn until(&mut self, stop: Option<char>, raw_escapes: bool) -> Result<(String, Vec<String>), String> {
        if self.depth >= MAX_DEPTH {
            return Err(format!("syntax error: more than {MAX_DEPTH} nested substitutions"));
        }
        self.depth += 1;
        let outer = std::mem::replace(&mut self.raw_escapes, raw_escapes);
        let result = self.until_inner(stop);
        self.raw_escapes = outer;
        self.depth -= 1;
        result
    }

    fn until_inner(&mut self, stop: Option<char>) -> Result<(String, Vec<String>), String> {
        let mut text = String::new();
        let mut words = Words::default();
        while let Some(&c) = self.input.peek() {
            if Some(c) == stop {
                self.input.next();
                return Ok((text, words.finish()));
            }
            match c {
                '$' => {
                    let value = self.dollar()?;
                    words.add_split(&value);
                    text.push_str(&value);
                }
                '\'' if !self.rules.ignore_quotes => {
                    let value = self.single_quoted()?;
                    words.add_whole(&value);
                    text.push_str(&value);
                }
                '"' if !self.rules.ignore_quotes => {
                    let value = self.double_quoted()?;
                    words.add_whole(&value);
                    text.push_str(&value);
                }
                _ => {
                    self.input.next();
                    if c == self.rules.escape {
                        if self.raw_escapes {
                            words.add_raw(c);
                            text.push(c);
                        }
                        let Some(next) = self.input.next() else { break };
                        words.add_raw(next);
                        text.push(next);
                    } else {
                        words.add(c);
                        text.push(c);
                    }
                }
            }
        }
        match stop {
            Some(stop) => Err(format!("unexpected end of statement while looking for matching {stop}")),
            None => Ok((text, words.finish())),
        }
    }

    fn single_quoted(&mut self) -> Result<String, String> {
        let mut out = String::new();
        self.take_quote(&mut out);
        loop {
            match self.input.peek() {
                None => {
                    return Err("unexpected end of statement while looking for matching single-quote".into());
                }
                Some('\'') => {
                    self.take_quote(&mut out);
                    return Ok(out);
                }
                Some(&c) => {
                    self.input.next();
                    out.push(c);
                }
            }
        }
    }

    fn take_quote(&mut self, out: &mut String) {
        if let Some(quote) = self.input.next()
            && self.rules.raw_quotes
        {
            out.push(quote);
        }
    }

    fn double_quoted(&mut self) -> Result<String, String> {
        let mut out = String::new();
        self.take_quote(&mut out);
        loop {
            match self.input.peek().copied() {
                None => {
                    return Err("unexpected end of statement while looking for matching double-quote".into());
                }
                Some('"') => {
                    self.take_quote(&mut out);
                    return Ok(out);
                }
                Some('$') => out.push_str(&self.dollar()?),
                Some(c) => {
                    self.input.next();
                    if c != self.rules.escape {
                        out.push(c);
                        continue;
                    }
                    if self.raw_escapes {
                        out.push(c);
                    }
                    // Only these can be escaped here; any other escape character is itself.
                    match self.input.peek().copied() {
                        None => {}
                        Some(next) if next == '"' || next == '$' || next == self.rules.escape => {
                            self.input.next();
                            out.push(next);
                        }
                        Some(_) => out.push(c),
                    }
                }
            }
        }
    }

    fn dollar(&mut self) -> Result<String, String> {
        self.input.next();
        if self.input.peek() != Some(&'{') {
            let name = self.name();
            if name.is_empty() {
                return Ok("$".into());
            }
            return Ok(match self.value(&name) {
                None if self.rules.keep_unset => format!("${name}"),
                value => value.unwrap_or_default(),
            });
        }
        self.input.next();
        match self.input.peek() {
            None => return Err("syntax error: missing '}'".into()),
            Some('{' | '}' | ':') => return Err("syntax error: bad substitution".into()),
            Some(_) => {}
        }
        let name = self.name();
        let Some(first) = self.input.next() else {
            return Err(unsupported("\u{fffd}"));
        };
        match first {
            '}' => Ok(match self.value(&name) {
                None if self.rules.keep_unset => format!("${{{name}}}"),
                value => value.unwrap_or_default(),
            }),
            ':' => {
                let modifier = self.input.next().unwrap_or('\u{fffd}');
                self.modified(&name, modifier, true)
            }
            '+' | '-' | '?' | '#' | '%' => self.modified(&name, first, false),
            '/' => self.replaced(&name),
            other => Err(unsupported(&other.to_string())),
        }
    }

    /// `${name:-word}` and its like, behind the modifier.
    fn modified(&mut self, name: &str, modifier: char, empty_is_unset: bool) -> Result<String, String> {
        let colon = if empty_is_unset { ":" } else { "" };
        let word = self.until_brace(matches!(modifier, '#' | '%'))?;
        let value = self.value(name);
        if value.is_none() && self.rules.keep_unset {
            return Ok(format!("${{{name}{colon}{modifier}{word}}}"));
        }
        let missing = match &value {
            None => true,
            Some(value) => empty_is_unset && value.is_empty(),
        };
        match modifier {
            '-' if missing => Ok(word),
            '+' if missing => Ok(String::new()),
            '+' => Ok(word),
            '?' if missing => {
                let state = if value.is_none() { "unset" } else { "empty" };
                Err(if word.is_empty() {
                    format!("{name}: is not allowed to be {state}")
                } else {
                    format!("{name}: {word}")
                })
            }
            '-' | '?' => Ok(value.unwrap_or_default()),
            '#' | '%' => {
                let (greedy, glob) = match word.strip_prefix(modifier) {
                    Some(rest) => (true, rest),
                    None => (false, word.as_str()),
                };
                let value = value.unwrap_or_default();
                let trimmed = if modifier == '#' {
                    pattern::trim_prefix(glob, &value, greedy)
                } else {
                    pattern::trim_suffix(glob, &value, greedy)
                };
                trimmed.map_err(|cause| format!("invalid pattern ({glob}) in substitution: {cause}"))
            }
            other => Err(unsupported(&format!("{colon}{other}"))),
        }
    }

    /// `${name/pattern/replacement}`, behind the first slash.
    fn replaced(&mut self, name: &str) -> Result<String, String> {
        let all = self.input.next_if_eq(&'/').is_some();
        let glob = match self.until(Some('/'), true) {
            Ok((glob, _)) => glob,
            Err(_) if self.input.peek().is_none() => {
                return Err("syntax error: missing '/' in ${}".into());
            }
            Err(cause) => return Err(cause),
        };
        let replacement = self.until_brace(true)?;
        let value = self.value(name);
        if value.is_none() && self.rules.keep_unset {
            return Ok(format!("${{{name}/{glob}/{replacement}}}"));
        }
        pattern::replace(&glob, &value.unwrap_or_default(), &replacement, all)
            .map_err(|cause| format!("invalid pattern ({glob}) in substitution: {cause}"))
    }

    fn until_brace(&mut self, raw_escapes: bool) -> Result<String, String> {
        match self.until(Some('}'), raw_escapes) {
            Ok((word, _)) => Ok(word),
            Err(_) if self.input.peek().is_none() && self.depth < MAX_DEPTH => Err("syntax error: missing '}'".into()),
            Err(cause) => Err(cause),
        }
    }

    /// A name, a number, or one special parameter (`$@`, `$#` …, which are never set here).
    fn name(&mut self) -> String {
        let mut name = String::new();
        match self.input.peek() {
            Some(c) if c.is_numeric() => {
                while let Some(c) = self.input.next_if(|c| c.is_numeric()) {
                    name.push(c);
                }
            }
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => name.extend(self.input.next()),
            _ => {
                while let Some(c) = self.input.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    name.push(c);
                }
            }
        }
        name
    }

    fn value(&mut self, name: &str) -> Option<String> {
        let value = self.variables.get(name).map(str::to_owned);
        let seen = if value.is_some() { &mut self.used } else { &mut self.undefined };
        seen.insert(name.to_owned());
        value
    }
}

fn unsupported(modifier: &str) -> String {
    format!("unsupported modifier ({modifier}) in substitution")
}
