//! Flags as pflag reads them, from the table in [`crate::tree`].

mod parse;
pub mod port;
mod service;
pub mod value;

use std::collections::BTreeMap;

use crate::tree::Command;

pub use parse::{FlagError, parse};
pub(crate) use service::authority;

/// What a command line says after parsing.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The path as typed, aliases kept: `docker ps`.
    pub path: String,
    values: BTreeMap<&'static str, Vec<String>>,
    /// What is no flag.
    pub args: Vec<String>,
}

impl Parsed {
    /// The last value, or the flag's default.
    pub fn str<'a>(&'a self, c: &'a Command, name: &str) -> &'a str {
        match self.values.get(name).and_then(|v| v.last()) {
            Some(v) => v,
            None => c.flag(name).map_or("", |f| f.default.trim_matches('"')),
        }
    }
    /// The last value, if the flag was given.
    pub fn opt(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(|v| v.last()).map(String::as_str)
    }
    /// A bool flag: whether it is on, given or by `default`.
    pub fn bool_or(&self, name: &str, default: bool) -> bool {
        self.opt(name).map_or(default, |v| value::parse_bool(v) == Some(true))
    }
    /// A bool flag that is off by default.
    pub fn bool(&self, name: &str) -> bool {
        self.bool_or(name, false)
    }
    /// All values, in order.
    pub fn list(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }
    /// Whether it was given.
    pub fn is_set(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }
    /// Whether no flag was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
    /// An integer, if it was given.
    pub fn int(&self, name: &str) -> Option<i64> {
        self.opt(name).and_then(|v| value::parse_int(v).ok())
    }
    /// The argument with this number.
    pub fn arg(&self, i: usize) -> &str {
        self.args.get(i).map_or("", String::as_str)
    }

    /// Without flags.
    pub(crate) fn words(path: &str, args: &[String]) -> Self {
        Self { path: path.to_owned(), args: args.to_vec(), ..Self::default() }
    }

    /// Takes the global flags that were given to a group above.
    pub(crate) fn inherit(&mut self, group: &Self) {
        for (k, v) in &group.values {
            self.values.entry(k).or_insert_with(|| v.clone());
        }
    }

    fn set(&mut self, name: &'static str, value: String, repeatable: bool) {
        let values = self.values.entry(name).or_default();
        if !repeatable {
            values.clear();
        }
        values.push(value);
    }
}
