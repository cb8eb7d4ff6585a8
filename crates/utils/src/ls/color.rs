//! Colours, from `LS_COLORS` or GNU's built-in defaults.

use std::cell::Cell;
use std::collections::BTreeMap;

use layerlab_kernel::{FileType, Stat};

use super::Entry;

const DEFAULTS: &str =
    "di=01;34:ln=01;36:pi=33:so=01;35:bd=01;33:cd=01;33:su=37;41:sg=30;43:tw=30;42:ow=34;42:st=37;44:ex=01;32";

/// A table of colours.
pub(crate) struct Colors {
    types: BTreeMap<String, String>,
    suffixes: Vec<(String, String)>,
    started: Cell<bool>,
}

impl Colors {
    /// From the variable's text.
    pub(crate) fn new(text: Option<&str>) -> Self {
        let mut c = Self { types: BTreeMap::new(), suffixes: Vec::new(), started: Cell::new(false) };
        for item in DEFAULTS.split(':').chain(text.unwrap_or("").split(':')) {
            let Some((key, value)) = item.split_once('=') else { continue };
            match key.strip_prefix('*') {
                Some(s) => c.suffixes.push((s.to_ascii_lowercase(), value.to_owned())),
                None => drop(c.types.insert(key.to_owned(), value.to_owned())),
            }
        }
        c
    }

    fn of(&self, key: &str) -> Option<&str> {
        self.types.get(key).map(String::as_str).filter(|v| !v.is_empty() && *v != "00" && *v != "0")
    }

    fn code(&self, name: &str, s: &Stat) -> Option<&str> {
        let key = match s.file_type {
            FileType::Dir => match (s.mode & 0o1000 != 0, s.mode & 0o002 != 0) {
                (true, true) => "tw",
                (false, true) => "ow",
                (true, false) => "st",
                _ => "di",
            },
            FileType::Symlink => "ln",
            FileType::Fifo => "pi",
            FileType::Socket => "so",
            FileType::Block => "bd",
            FileType::Char => "cd",
            FileType::File if s.mode & 0o4000 != 0 => "su",
            FileType::File if s.mode & 0o2000 != 0 => "sg",
            FileType::File if s.mode & 0o111 != 0 => "ex",
            FileType::File => {
                let name = name.to_ascii_lowercase();
                let hit = self.suffixes.iter().rev().find(|(end, _)| name.ends_with(end.as_str()));
                return hit.map(|(_, c)| c.as_str()).or_else(|| self.of("fi"));
            }
        };
        self.of(key).or_else(|| (s.file_type == FileType::Dir).then(|| self.of("di")).flatten())
    }

    fn wrap(name: &str, code: Option<&str>) -> String {
        code.map_or_else(|| name.to_owned(), |c| format!("\x1b[{c}m{name}\x1b[0m"))
    }

    /// A name in its colour.
    pub(crate) fn paint(&self, name: &str, e: &Entry) -> String {
        match (&e.stat, &e.target) {
            (Some(_), Some((_, None))) if self.of("or").is_some() => Self::wrap(name, self.of("or")),
            (Some(_), Some((_, Some(to)))) if self.of("ln") == Some("target") => self.paint_stat(name, &e.name, to),
            (Some(s), _) => self.paint_stat(name, &e.name, s),
            (None, _) => self.paint_missing(name),
        }
    }

    /// What has this stat.
    pub(crate) fn paint_stat(&self, shown: &str, name: &str, s: &Stat) -> String {
        Self::wrap(shown, self.code(name, s))
    }

    /// What a link names but is not there.
    pub(crate) fn paint_missing(&self, shown: &str) -> String {
        Self::wrap(shown, self.of("mi").or_else(|| self.of("or")))
    }

    /// GNU resets the colours once, before the first.
    pub(crate) fn start(&self, text: String) -> String {
        match text.find('\x1b') {
            Some(at) if !self.started.replace(true) => format!("{}\x1b[0m{}", &text[..at], &text[at..]),
            _ => text,
        }
    }
}
