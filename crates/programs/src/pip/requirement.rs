//! Requirements (PEP 508) and requirements files.

use std::fmt;

use super::version::{Specifier, Version};

/// `flask[async]==3.0.3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Requirement {
    /// As it was written.
    pub(crate) name: String,
    /// Extras, normalized.
    pub(crate) extras: Vec<String>,
    /// Specifiers.
    pub(crate) specifiers: Vec<Specifier>,
    /// Only with this extra of the one who asks.
    pub(crate) only_for: Option<String>,
}

/// A name as the index knows it (PEP 503).
pub(crate) fn normalize(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            c => out.push(c.to_ascii_lowercase()),
        }
    }
    out
}

impl Requirement {
    /// Parses one; `None` if it is malformed. Markers about Python and the system are taken as true.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (body, marker) = text.split_once(';').map_or((text, ""), |(b, m)| (b, m));
        let body = body.trim();
        let end = body.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(body.len());
        let (name, mut rest) = body.split_at(end);
        if name.is_empty() || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return None;
        }
        rest = rest.trim_start();
        let mut extras = Vec::new();
        if let Some(r) = rest.strip_prefix('[') {
            let (inside, after) = r.split_once(']')?;
            extras = inside.split(',').map(|e| normalize(e.trim())).filter(|e| !e.is_empty()).collect();
            rest = after.trim_start();
        }
        let rest = rest.trim_start_matches('(').trim_end_matches(')').trim();
        let mut specifiers = Vec::new();
        if !rest.is_empty() {
            for part in rest.split(',') {
                specifiers.push(Specifier::parse(part)?);
            }
        }
        let only_for = marker.split_once("extra").and_then(|(_, m)| {
            Some(normalize(
                m.trim_start_matches([' ', '=']).trim().trim_matches(['\'', '"']).split(['\'', '"']).next()?,
            ))
        });
        Some(Self { name: name.to_owned(), extras, specifiers, only_for })
    }

    /// The project.
    pub(crate) fn key(&self) -> String {
        normalize(&self.name)
    }

    /// Whether a version fits.
    pub(crate) fn fits(&self, v: &Version) -> bool {
        self.specifiers.iter().all(|s| s.fits(v))
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if !self.extras.is_empty() {
            write!(f, "[{}]", self.extras.join(","))?;
        }
        let mut specs: Vec<String> = self.specifiers.iter().map(ToString::to_string).collect();
        specs.sort();
        f.write_str(&specs.join(","))
    }
}

/// A line of a requirements file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A requirement and its line's number.
    Requirement(String, usize),
    /// `-r other`.
    File(String),
    /// `-c other`.
    Constraints(String),
    /// Another option.
    Option(String),
}

/// Takes a requirements file apart: comments, continued lines, options.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let mut out = Vec::new();
    let mut joined = String::new();
    let mut first = 1;
    for (i, raw) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if joined.is_empty() {
            first = i + 1;
        }
        if let Some(part) = raw.strip_suffix('\\') {
            joined.push_str(part);
            continue;
        }
        joined.push_str(raw);
        let full = std::mem::take(&mut joined);
        let line = if full.trim_start().starts_with('#') { "" } else { full.split(" #").next().unwrap_or("") }.trim();
        if line.is_empty() {
            continue;
        }
        let option = |names: [&str; 2]| {
            names.into_iter().find_map(|n| {
                let rest = line.strip_prefix(n)?;
                let fits = rest.starts_with([' ', '=']) || (n.len() == 2 && !rest.is_empty());
                fits.then(|| rest.trim_start_matches(['=', ' ']).to_owned())
            })
        };
        out.push(match (option(["-r", "--requirement"]), option(["-c", "--constraint"])) {
            (Some(f), _) => Line::File(f),
            (_, Some(f)) => Line::Constraints(f),
            _ if line.starts_with('-') => Line::Option(line.to_owned()),
            _ => Line::Requirement(line.split(" --hash").next().unwrap_or(line).trim().to_owned(), first),
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_read_and_shown() {
        for (text, shown) in [
            ("flask==3.0.3", "flask==3.0.3"),
            ("Flask [async, dotenv] >= 2 , <4", "Flask[async,dotenv]<4,>=2"),
            ("requests ; python_version > '3'", "requests"),
        ] {
            assert_eq!(Requirement::parse(text).unwrap().to_string(), shown);
        }
        assert_eq!(Requirement::parse("x; extra == 'A_b'").unwrap().only_for.as_deref(), Some("a-b"));
        assert_eq!(Requirement::parse("flask=3"), None);
        assert_eq!(Requirement::parse("==3"), None);
        assert_eq!(normalize("Flask_SQLAlchemy"), "flask-sqlalchemy");
    }

    #[test]
    fn files_have_comments_and_other_files() {
        let text = "# c\n\nflask==3.0.3  # web\n-r more.txt\nrequests\\\n>=2\n--no-index\n";
        assert_eq!(
            lines(text),
            [
                Line::Requirement("flask==3.0.3".into(), 3),
                Line::File("more.txt".into()),
                Line::Requirement("requests>=2".into(), 5),
                Line::Option("--no-index".into()),
            ]
        );
    }
}
