//! pflag's reading of a command line: `--x=y`, `--x y`, `-xy`, `-x=y`, `--`.

use super::{Parsed, value};
use crate::tree::{Command, Flag, tree};

/// Why a command line cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagError {
    /// `--help` (or `-h`, which is `true`: deprecated) was given.
    Help(bool),
    /// pflag's own words.
    Message(String),
}

fn message<T>(text: String) -> Result<T, FlagError> {
    Err(FlagError::Message(text))
}

/// Reads the words after a command's name. Without `interspersed` the first word that is no flag
/// ends the flags (`docker run`, `docker exec`).
pub fn parse(c: &Command, path: &str, words: &[String], interspersed: bool) -> Result<Parsed, FlagError> {
    let mut p = Parsed { path: path.to_owned(), ..Parsed::default() };
    let mut help = None;
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if word == "--" {
            p.args.extend(rest.by_ref().cloned());
        } else if let Some(long) = word.strip_prefix("--") {
            parse_long(c, &mut p, word, long, &mut rest, &mut help)?;
        } else if let Some(shorts) = word.strip_prefix('-').filter(|s| !s.is_empty()) {
            parse_shorts(c, &mut p, shorts, &mut rest, &mut help)?;
        } else {
            p.args.push(word.clone());
            if !interspersed {
                p.args.extend(rest.by_ref().cloned());
            }
        }
    }
    // Help comes after the words have been read to their end.
    help.map_or(Ok(p), |short| Err(FlagError::Help(short)))
}

/// A flag of the command or a global one of a group above it.
fn find(c: &Command, test: impl Fn(&Flag) -> bool) -> Option<&Flag> {
    let own = c.flags.iter().find(|f| test(f));
    own.or_else(|| {
        let groups = c.path.match_indices(' ').filter_map(|(i, _)| tree().get(c.path.get(..i)?));
        groups.flat_map(|g| &g.flags).find(|f| f.marks.contains('g') && test(f))
    })
}

fn parse_long(
    c: &Command,
    p: &mut Parsed,
    word: &str,
    long: &str,
    rest: &mut std::slice::Iter<'_, String>,
    help: &mut Option<bool>,
) -> Result<(), FlagError> {
    if long.starts_with(['-', '=']) {
        return message(format!("bad flag syntax: {word}"));
    }
    let (name, given) = match long.split_once('=') {
        Some((n, v)) => (n, Some(v.to_owned())),
        None => (long, None),
    };
    if name == "help" {
        match given.as_deref().map_or(Some(true), value::parse_bool) {
            Some(true) => *help = Some(false),
            Some(false) => *help = None,
            None => {
                let given = crate::format::quote(&given.unwrap_or_default());
                return message(format!(
                    "invalid argument {given} for \"--help\" flag: strconv.ParseBool: parsing {given}: invalid syntax"
                ));
            }
        }
        return Ok(());
    }
    let Some(flag) = find(c, |f| f.name == name) else {
        return message(format!("unknown flag: --{name}"));
    };
    let value = match given {
        Some(v) => v,
        None if flag.is_bool() => "true".into(),
        None => match rest.next() {
            Some(v) => v.clone(),
            None => return message(format!("flag needs an argument: --{name}")),
        },
    };
    store(p, flag, value)
}

fn parse_shorts(
    c: &Command,
    p: &mut Parsed,
    shorts: &str,
    rest: &mut std::slice::Iter<'_, String>,
    help: &mut Option<bool>,
) -> Result<(), FlagError> {
    let mut chars = shorts.char_indices();
    while let Some((at, letter)) = chars.next() {
        let tail = shorts.get(at..).unwrap_or("");
        let after = chars.as_str();
        let Some(flag) = find(c, |f| f.short == Some(letter)) else {
            if letter == 'h' {
                *help = Some(true);
                continue;
            }
            return message(format!("unknown shorthand flag: '{letter}' in -{tail}"));
        };
        if let Some(v) = after.strip_prefix('=') {
            return store(p, flag, v.to_owned());
        }
        if flag.is_bool() {
            store(p, flag, "true".into())?;
        } else if !after.is_empty() {
            return store(p, flag, after.to_owned());
        } else {
            return match rest.next() {
                Some(v) => store(p, flag, v.clone()),
                None => message(format!("flag needs an argument: '{letter}' in -{tail}")),
            };
        }
    }
    Ok(())
}

fn store(p: &mut Parsed, flag: &Flag, given: String) -> Result<(), FlagError> {
    if let Err(why) = value::check(flag, &given) {
        let shown = match flag.short {
            Some(s) => format!("-{s}, --{}", flag.name),
            None => format!("--{}", flag.name),
        };
        return message(format!("invalid argument {} for \"{shown}\" flag: {why}", crate::format::quote(&given)));
    }
    if matches!(flag.kind, "strings" | "ipSlice" | "ipNetSlice") {
        for one in given.split(',') {
            p.set(flag.name, one.to_owned(), true);
        }
        return Ok(());
    }
    p.set(flag.name, given, flag.is_repeatable());
    Ok(())
}
