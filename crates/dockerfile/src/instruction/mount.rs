//! `RUN --mount=`

use crate::quote::quote;
use crate::suggest;

/// What is mounted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MountKind {
    /// A part of the context, a stage or an image.
    #[default]
    Bind,
    /// A folder that outlives the build.
    Cache,
    /// Memory.
    Tmpfs,
    /// A file with a secret.
    Secret,
    /// The socket of an ssh agent.
    Ssh,
}

/// Who may use a cache mount at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sharing {
    /// All.
    Shared,
    /// Each build its own.
    Private,
    /// One after the other.
    Locked,
}

const KINDS: [(&str, MountKind); 5] = [
    ("bind", MountKind::Bind),
    ("cache", MountKind::Cache),
    ("secret", MountKind::Secret),
    ("ssh", MountKind::Ssh),
    ("tmpfs", MountKind::Tmpfs),
];

const SHARINGS: [(&str, Sharing); 3] =
    [("locked", Sharing::Locked), ("private", Sharing::Private), ("shared", Sharing::Shared)];

const KEYS: [&str; 20] = [
    "destination",
    "dst",
    "env",
    "from",
    "gid",
    "id",
    "mode",
    "readonly",
    "readwrite",
    "required",
    "ro",
    "rw",
    "sharing",
    "size",
    "source",
    "src",
    "target",
    "type",
    "uid",
    "device",
];

impl MountKind {
    /// The word behind `type=`.
    #[must_use]
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// A mount, as one `--mount` describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mount {
    /// `type=`
    pub kind: MountKind,
    /// `from=`: stage or image.
    pub from: Option<String>,
    /// `source=`
    pub source: Option<String>,
    /// `target=`
    pub target: Option<String>,
    /// Not writable. Bind, secret and ssh mounts are so unless `rw` is given.
    pub read_only: bool,
    /// `id=`
    pub id: Option<String>,
    /// `sharing=`
    pub sharing: Option<Sharing>,
    /// `required`: the build fails without it.
    pub required: bool,
    /// `size=` in bytes.
    pub size: Option<u64>,
    /// `mode=`
    pub mode: Option<u32>,
    /// `uid=`
    pub uid: Option<u32>,
    /// `gid=`
    pub gid: Option<u32>,
    /// `env=`: the secret as an environment variable.
    pub env: Option<String>,
}

impl Mount {
    /// What BuildKit checks already before variables are known: `from` takes none.
    pub(super) fn check_early(text: &str) -> Result<(), String> {
        for field in fields(text)? {
            if let Some((key, value)) = field.split_once('=')
                && key.eq_ignore_ascii_case("from")
                && value.chars().rev().skip(1).any(|c| c == '$')
            {
                return Err(format!(
                    "'{}' doesn't support variable expansion, define alias stage instead",
                    key.to_lowercase()
                ));
            }
        }
        Ok(())
    }

    /// Reads the value of one `--mount`; `expand` replaces variables in the values.
    ///
    /// # Errors
    /// BuildKit's message, which stands without the `dockerfile parse error` prefix.
    pub fn parse(text: &str, mut expand: impl FnMut(&str) -> Result<String, String>) -> Result<Self, String> {
        let mut mount = Self::default();
        let mut read_only = None;
        for field in fields(text)? {
            let Some((key, value)) = field.split_once('=') else {
                match field.to_lowercase().as_str() {
                    "readonly" | "ro" => read_only = Some(true),
                    "readwrite" | "rw" => read_only = Some(false),
                    key @ "required" => {
                        mount.only_for(&[MountKind::Secret, MountKind::Ssh], key)?;
                        mount.required = true;
                    }
                    _ => return Err(format!("invalid field '{field}' must be a key=value pair")),
                }
                continue;
            };
            let key = key.to_lowercase();
            let value = expand(value)?;
            match key.as_str() {
                "readonly" | "ro" => read_only = Some(boolean(&key, &value)?),
                "readwrite" | "rw" => read_only = Some(!boolean(&key, &value)?),
                _ => mount.set(&key, &value, &field)?,
            }
        }
        mount.read_only = read_only.unwrap_or(!matches!(mount.kind, MountKind::Cache | MountKind::Tmpfs));
        mount.validate()?;
        Ok(mount)
    }

    fn set(&mut self, key: &str, value: &str, field: &str) -> Result<(), String> {
        let text = || (!value.is_empty()).then(|| value.to_owned());
        match key {
            "type" => self.kind = one_of(&KINDS, value, "mount type")?,
            "from" => self.from = text(),
            "source" | "src" => self.source = text(),
            "target" | "dst" | "destination" => self.target = text(),
            "id" => self.id = text(),
            "env" => {
                self.only_for(&[MountKind::Secret], key)?;
                self.env = text();
            }
            "required" => {
                self.only_for(&[MountKind::Secret, MountKind::Ssh], key)?;
                self.required = boolean(key, value)?;
            }
            "size" => {
                self.only_for(&[MountKind::Tmpfs], key)?;
                self.size = Some(bytes(value).ok_or_else(|| format!("invalid value for {key}: {value}"))?);
            }
            "sharing" => self.sharing = Some(one_of(&SHARINGS, value, "sharing value")?),
            "mode" => self.mode = Some(number(value, 8, key)?),
            "uid" => self.uid = Some(number(value, 10, key)?),
            "gid" => self.gid = Some(number(value, 10, key)?),
            _ => {
                let message = format!("unexpected key '{key}' in '{field}'");
                return Err(suggested(message, key, KEYS.iter().copied()));
            }
        }
        Ok(())
    }

    fn only_for(&self, kinds: &[MountKind], key: &str) -> Result<(), String> {
        if kinds.contains(&self.kind) {
            return Ok(());
        }
        Err(format!("unexpected key '{key}' for mount type '{}'", self.kind.name()))
    }

    fn validate(&self) -> Result<(), String> {
        if matches!(self.kind, MountKind::Bind | MountKind::Tmpfs) {
            for (name, given) in
                [("mode", self.mode.is_some()), ("uid", self.uid.is_some()), ("gid", self.gid.is_some())]
            {
                if given {
                    let kind = quote(self.kind.name());
                    return Err(format!("{name} not allowed for {kind} type mounts"));
                }
            }
        }
        if self.kind == MountKind::Secret {
            if self.from.is_some() {
                return Err("secret mount should not have a from".into());
            }
            if self.sharing.is_some() {
                return Err("secret mount should not define sharing".into());
            }
            if self.source.is_none() && self.target.is_none() && self.id.is_none() {
                return Err("invalid secret mount. one of source, target required".into());
            }
            if self.source.is_some() && self.id.is_some() {
                return Err("both source and id can't be set".into());
            }
        }
        if self.sharing.is_some() && self.kind != MountKind::Cache {
            return Err(format!("invalid cache sharing set for {} mount", self.kind.name()));
        }
        Ok(())
    }
}

fn one_of<T: Copy>(table: &[(&str, T)], value: &str, what: &str) -> Result<T, String> {
    let lower = value.to_lowercase();
    match table.iter().find(|(name, _)| *name == lower) {
        Some((_, found)) => Ok(*found),
        None => {
            let message = format!("unsupported {what} {}", quote(value));
            Err(suggested(message, value, table.iter().map(|(name, _)| *name)))
        }
    }
}

fn suggested<'a>(message: String, word: &str, options: impl Iterator<Item = &'a str>) -> String {
    match suggest::search(word, options, true) {
        Some(nearest) => format!("{message} (did you mean {nearest}?)"),
        None => message,
    }
}

fn number(value: &str, radix: u32, key: &str) -> Result<u32, String> {
    let digits = !value.is_empty() && value.chars().all(|c| c.is_digit(radix));
    let parsed = if digits { u32::from_str_radix(value, radix).ok() } else { None };
    parsed.ok_or_else(|| format!("invalid value {value} for {key}"))
}

/// Go's `strconv.ParseBool`.
fn boolean(key: &str, value: &str) -> Result<bool, String> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!("invalid value for {key}: {value}")),
    }
}

/// `64m`, `1.5GiB`: powers of 1024 (docker/go-units `RAMInBytes`).
fn bytes(text: &str) -> Option<u64> {
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let number: f64 = number.parse().ok()?;
    let unit = unit.strip_prefix(' ').unwrap_or(unit).to_lowercase();
    let unit = unit.strip_suffix('b').unwrap_or(&unit);
    let power = match unit.strip_suffix('i').unwrap_or(unit) {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        _ => return None,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number has no sign, and the cast saturates"
    )]
    let size = (number * 1024f64.powi(power)) as u64;
    Some(size)
}

/// The fields of one CSV record: a quoted field may hold commas, `""` in it is a quote.
fn fields(text: &str) -> Result<Vec<String>, String> {
    let failed = |cause: &str| Err(format!("failed to parse csv mounts: {cause}"));
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return failed("EOF");
    }
    let mut out = Vec::new();
    let mut rest = text;
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut field = String::new();
            let mut input = quoted.char_indices();
            let after = loop {
                match input.next() {
                    None => {
                        return failed("parse error on line 1, extraneous or missing \" in quoted-field");
                    }
                    Some((at, '"')) => {
                        let behind = quoted.get(at + 1..).unwrap_or_default();
                        if !behind.starts_with('"') {
                            break behind;
                        }
                        input.next();
                        field.push('"');
                    }
                    Some((_, c)) => field.push(c),
                }
            };
            out.push(field);
            if after.is_empty() {
                return Ok(out);
            }
            let Some(next) = after.strip_prefix(',') else {
                return failed("parse error on line 1, extraneous or missing \" in quoted-field");
            };
            rest = next;
        } else {
            let (field, next) = match rest.split_once(',') {
                Some((field, next)) => (field, Some(next)),
                None => (rest, None),
            };
            if field.contains('"') {
                return failed("parse error on line 1, bare \" in non-quoted-field");
            }
            out.push(field.to_owned());
            match next {
                Some(next) => rest = next,
                None => return Ok(out),
            }
        }
    }
}
