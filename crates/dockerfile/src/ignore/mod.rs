//! `.dockerignore` (moby/patternmatcher).

mod path;
mod pattern;

pub(crate) use path::clean;
use pattern::Pattern;

/// The patterns of an ignore file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ignore {
    patterns: Vec<Pattern>,
}

impl Ignore {
    /// Reads an ignore file: one pattern a line, `#` comments, blanks trimmed.
    ///
    /// # Errors
    /// The original's message for a pattern that is none (`[`, a lone `!`).
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = Vec::new();
        for line in text.lines() {
            if line.starts_with('#') {
                continue;
            }
            let line = line.trim();
            let (mark, body) = match line.strip_prefix('!') {
                Some(body) => ("!", body.trim()),
                None => ("", line),
            };
            if line.is_empty() {
                continue;
            }
            let mut body = if body.is_empty() { String::new() } else { clean(body) };
            if body.len() > 1
                && let Some(relative) = body.strip_prefix('/')
            {
                body = relative.to_owned();
            }
            lines.push(format!("{mark}{body}"));
        }
        Self::from_patterns(lines.iter().map(String::as_str))
    }

    /// Takes the patterns as they are (as `COPY --exclude` gives them).
    ///
    /// # Errors
    /// As [`Ignore::parse`].
    pub fn from_patterns<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut out = Vec::new();
        for text in patterns {
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            let cleaned = clean(text);
            let (negated, body) = match cleaned.strip_prefix('!') {
                Some("") => return Err("illegal exclusion pattern: \"!\"".into()),
                Some(body) => (true, body),
                None => (false, cleaned.as_str()),
            };
            out.push(Pattern::new(body, negated)?);
        }
        Ok(Self { patterns: out })
    }

    /// Whether there is no pattern at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether a pattern begins with `!`: then something inside an ignored folder may be wanted,
    /// and a walk must go on into it.
    #[must_use]
    pub fn has_negation(&self) -> bool {
        self.patterns.iter().any(|pattern| pattern.negated)
    }

    /// Whether the path (relative to the context, with `/`) is ignored: itself or by one of the
    /// folders above it, the last pattern that says something wins.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let path = clean(path);
        let path = path.trim_start_matches('/');
        if path == "." || path.is_empty() {
            return false;
        }
        self.walk(path)
    }

    /// As the original's walk does it: from the top folder down, each pattern remembers that it
    /// has matched a folder above.
    fn walk(&self, path: &str) -> bool {
        let mut above = vec![false; self.patterns.len()];
        let mut ignored = false;
        for end in path.match_indices('/').map(|(at, _)| at).chain([path.len()]) {
            let part = path.get(..end).unwrap_or_default();
            ignored = false;
            for (pattern, above) in self.patterns.iter().zip(above.iter_mut()) {
                *above = *above || (pattern.negated == ignored && pattern.matches(part));
                if *above {
                    ignored = !pattern.negated;
                }
            }
        }
        ignored
    }
}
