//! Command lines as GNU's `getopt_long` reads them, from a table in one line of text.

/// A command's options and the words about it.
pub(crate) struct Spec {
    /// After "Usage: NAME ".
    pub(crate) usage: &'static str,
    /// What it does, one sentence.
    pub(crate) about: &'static str,
    /// Options, separated by spaces: the names of one are joined by `|` (one letter: short), `=` at the
    /// end asks for a value, `?` allows one. The first name identifies it. A leading `+` stops at the
    /// first operand.
    pub(crate) options: &'static str,
    /// Exit code of a wrong command line.
    pub(crate) fail: i32,
    /// Behind the name for `--version`.
    pub(crate) version: &'static str,
}

/// GNU coreutils as Debian 13 has them.
pub(crate) const COREUTILS: &str = "GNU coreutils) 9.7 (simulated";

impl Spec {
    /// A coreutil's.
    pub(crate) const fn new(usage: &'static str, about: &'static str, options: &'static str) -> Self {
        Self { usage, about, options, fail: 1, version: COREUTILS }
    }
    /// With another exit code for wrong command lines.
    pub(crate) const fn fails(self, fail: i32) -> Self {
        Self { fail, ..self }
    }
    /// With another version.
    pub(crate) const fn version(self, version: &'static str) -> Self {
        Self { version, ..self }
    }
}

/// A command line, read.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    /// Options in order: name and value.
    pub(crate) options: Vec<(&'static str, Option<String>)>,
    /// The rest.
    pub(crate) operands: Vec<String>,
    /// How many options stand before each operand (before `--`).
    pub(crate) before: Vec<usize>,
}

impl Parsed {
    /// Whether an option is given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.options.iter().any(|(n, _)| *n == name)
    }
    /// Its last value.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.options.iter().rev().find(|(n, _)| *n == name).and_then(|(_, v)| v.as_deref())
    }
    /// All its values.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        self.options.iter().filter(|(n, _)| *n == name).filter_map(|(_, v)| v.clone()).collect()
    }
    /// The one of these that comes last.
    pub(crate) fn last_of(&self, names: &[&str]) -> Option<&'static str> {
        self.options.iter().rev().map(|(n, _)| *n).find(|n| names.contains(n))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    None,
    Required,
    Optional,
}

struct Row {
    id: &'static str,
    names: Vec<&'static str>,
    value: Value,
}

fn rows(spec: &Spec) -> Vec<Row> {
    let table = spec.options.trim_start_matches('+');
    table
        .split_ascii_whitespace()
        .chain(["help", "version"])
        .map(|word| {
            let (names, value) = match (word.strip_suffix('='), word.strip_suffix('?')) {
                (Some(w), _) if !w.is_empty() => (w, Value::Required),
                (_, Some(w)) if !w.is_empty() => (w, Value::Optional),
                _ => (word, Value::None),
            };
            let names: Vec<_> = names.split('|').collect();
            Row { id: names.first().copied().unwrap_or(""), names, value }
        })
        .collect()
}

/// Reads a command line; what is wrong with it otherwise.
pub(crate) fn parse(spec: &Spec, args: Vec<String>) -> Result<Parsed, String> {
    let rows = rows(spec);
    let stop = spec.options.starts_with('+');
    let mut p = Parsed::default();
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        if arg == "--" {
            p.operands.extend(args.by_ref());
        } else if let Some(long) = arg.strip_prefix("--") {
            let (name, value) = match long.split_once('=') {
                Some((n, v)) => (n, Some(v.to_owned())),
                None => (long, None),
            };
            let (row, full) = find_long(&rows, name, &arg)?;
            let value = match (row.value, value) {
                (Value::None, Some(_)) => return Err(format!("option '--{full}' doesn't allow an argument")),
                (Value::Required, None) => {
                    Some(args.next().ok_or_else(|| format!("option '--{full}' requires an argument"))?)
                }
                (_, v) => v,
            };
            p.options.push((row.id, value));
        } else if arg.len() > 1 && arg.starts_with('-') {
            short(&rows, &arg, &mut args, &mut p)?;
        } else {
            p.operands.push(arg);
            p.before.push(p.options.len());
            if stop {
                p.operands.extend(args.by_ref());
            }
        }
    }
    p.before.resize(p.operands.len(), p.options.len());
    Ok(p)
}

fn short(rows: &[Row], arg: &str, args: &mut dyn Iterator<Item = String>, p: &mut Parsed) -> Result<(), String> {
    let mut rest = &arg[1..];
    while let Some(c) = rest.chars().next() {
        let (letter, after) = rest.split_at(c.len_utf8());
        rest = after;
        let row = rows.iter().find(|r| r.names.contains(&letter));
        let row = row.ok_or_else(|| format!("invalid option -- '{letter}'"))?;
        let value = match row.value {
            Value::None => None,
            Value::Optional if rest.is_empty() => None,
            Value::Required if rest.is_empty() => {
                Some(args.next().ok_or_else(|| format!("option requires an argument -- '{letter}'"))?)
            }
            _ => Some(std::mem::take(&mut rest).to_owned()),
        };
        p.options.push((row.id, value));
    }
    Ok(())
}

fn find_long<'a>(rows: &'a [Row], name: &str, arg: &str) -> Result<(&'a Row, &'static str), String> {
    let long = |n: &&'static str| n.len() > 1;
    let all = || rows.iter().flat_map(|r| r.names.iter().copied().filter(long).map(move |n| (r, n)));
    if let Some(hit) = all().find(|(_, n)| *n == name) {
        return Ok(hit);
    }
    let hits: Vec<_> = all().filter(|(_, n)| !name.is_empty() && n.starts_with(name)).collect();
    match hits.as_slice() {
        [] => Err(format!("unrecognized option '{arg}'")),
        [first, rest @ ..] if rest.iter().all(|(r, _)| r.id == first.0.id) => Ok(*first),
        _ => {
            let list: String = hits.iter().map(|(_, n)| format!(" '--{n}'")).collect();
            Err(format!("option '{arg}' is ambiguous; possibilities:{list}"))
        }
    }
}

/// What `--help` prints.
pub(crate) fn help(spec: &Spec, name: &str) -> String {
    let mut text = format!("Usage: {name} {}\n{}\n", spec.usage, spec.about);
    for row in rows(spec) {
        let names: Vec<String> = row
            .names
            .iter()
            .map(|n| match (n.len(), row.value) {
                (1, _) => format!("-{n}"),
                (_, Value::Required) => format!("--{n}=VALUE"),
                (_, Value::Optional) => format!("--{n}[=VALUE]"),
                _ => format!("--{n}"),
            })
            .collect();
        let indent = if row.names.iter().any(|n| n.len() == 1) { "  " } else { "      " };
        text.push_str(&format!("{indent}{}\n", names.join(", ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const LS: Spec = Spec::new("", "", "a|all l color? w|width= context");

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn options_may_follow_operands_and_be_joined_or_abbreviated() {
        let p = parse(&LS, words("x -alw9 --col=auto y --al -- -z")).unwrap();
        let names: Vec<_> = p.options.iter().map(|(n, _)| *n).collect();
        assert_eq!(names, ["a", "l", "w", "color", "a"]);
        assert_eq!((p.value("w"), p.value("color")), (Some("9"), Some("auto")));
        assert_eq!(p.operands, ["x", "y", "-z"]);
    }

    #[test]
    fn errors_are_getopts() {
        for (line, message) in [
            ("-z", "invalid option -- 'z'"),
            ("--zz", "unrecognized option '--zz'"),
            ("-w", "option requires an argument -- 'w'"),
            ("--width", "option '--width' requires an argument"),
            ("--all=1", "option '--all' doesn't allow an argument"),
            ("--co", "option '--co' is ambiguous; possibilities: '--color' '--context'"),
        ] {
            assert_eq!(parse(&LS, words(line)).unwrap_err(), message);
        }
    }
}
