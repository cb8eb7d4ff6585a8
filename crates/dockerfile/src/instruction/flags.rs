//! `--flag` words of one instruction, checked against the flags that it knows.

use std::collections::{BTreeMap, BTreeSet};

use super::read::Problem;
use crate::suggest;

#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// `--link`, `--link=false`
    Bool,
    /// `--from=x`
    Text,
    /// `--exclude=x`, several times
    Texts,
}

#[derive(Default)]
pub(super) struct Flags {
    values: BTreeMap<String, Vec<String>>,
}

impl Flags {
    pub(super) fn parse(words: &[String], known: &[(&str, Shape)]) -> Result<Self, Problem> {
        let mut flags = Self::default();
        let mut used = BTreeSet::new();
        for word in words {
            let Some(body) = word.strip_prefix("--") else {
                return Err(Problem::flag(format!("arg should start with -- : {word}")));
            };
            let (name, value) = match body.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (body, None),
            };
            let about = |message: String| Problem::flag(message).about(format!("--{name}"));
            let Some((_, shape)) = known.iter().find(|(flag, _)| *flag == name) else {
                let nearest = suggest::search(name, known.iter().map(|(flag, _)| *flag), true);
                return Err(about(format!("unknown flag: --{name}")).with_hint(nearest));
            };
            if !used.insert(name) && !matches!(shape, Shape::Texts) {
                return Err(about(format!("duplicate flag specified: --{name}")));
            }
            let missing = || about(format!("missing a value on flag: --{name}"));
            let value = match (shape, value) {
                (Shape::Bool, None) => "true".to_owned(),
                (Shape::Bool, Some("")) => return Err(missing()),
                (Shape::Bool, Some(text)) => match text.to_lowercase().as_str() {
                    lower @ ("true" | "false") => lower.to_owned(),
                    _ => {
                        return Err(about(format!("expecting boolean value for flag --{name}, not: {text}")));
                    }
                },
                (Shape::Text | Shape::Texts, Some(text)) => text.to_owned(),
                (Shape::Text | Shape::Texts, None) => return Err(missing()),
            };
            flags.values.entry(name.to_owned()).or_default().push(value);
        }
        Ok(flags)
    }

    /// The flag's value; an empty one counts as absent.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.values.get(name).and_then(|values| values.first()).filter(|text| !text.is_empty()).cloned()
    }

    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        self.values.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn switch(&self, name: &str) -> Option<bool> {
        self.text(name).map(|text| text == "true")
    }

    pub(super) fn is_on(&self, name: &str) -> bool {
        self.switch(name) == Some(true)
    }
}
