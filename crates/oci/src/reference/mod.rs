//! Image references: `[domain[:port]/]path[:tag][@digest]`, with the grammar, the defaults and the
//! error texts of Docker's `distribution/reference` (0.6).

mod grammar;
mod pattern;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Digest;
use crate::digest::DigestError;
use grammar::{is_digest, is_domain, is_identifier, is_path, is_tag};
pub use pattern::PatternError;

/// Docker Hub's domain, which familiar names leave out.
pub const DEFAULT_DOMAIN: &str = "docker.io";
/// The tag of a name without tag and digest.
pub const DEFAULT_TAG: &str = "latest";
const LEGACY_DEFAULT_DOMAIN: &str = "index.docker.io";
const OFFICIAL_PREFIX: &str = "library/";
/// Most characters of a repository's path.
const PATH_MAX: usize = 255;

/// A reference to an image. [`fmt::Display`] gives the full form, `docker.io/library/redis:7`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    domain: String,
    path: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

/// What an image can be called: by name or by its digest alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AnyReference {
    /// A full digest or 64 hexadecimal digits.
    Digest(Digest),
    /// A name.
    Named(Reference),
}

/// Why a text is no reference. The wording is Docker's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ReferenceError {
    /// It fits the grammar nowhere.
    InvalidFormat,
    /// A tag with forbidden characters or too long.
    InvalidTag,
    /// In lower case it would be right.
    Uppercase,
    /// As [`ReferenceError::Uppercase`], naming the path that was meant.
    UppercasePath(String),
    /// Nothing.
    Empty,
    /// More than 255 characters.
    TooLong,
    /// 64 hexadecimal digits are an ID, not a name.
    Identifier(String),
    /// The part after `@`.
    Digest(DigestError),
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidFormat => f.write_str("invalid reference format"),
            Self::InvalidTag => f.write_str("invalid tag format"),
            Self::Uppercase => f.write_str("repository name must be lowercase"),
            Self::UppercasePath(path) => {
                write!(f, "invalid reference format: repository name ({path}) must be lowercase")
            }
            Self::Empty => f.write_str("repository name must have at least one component"),
            Self::TooLong => write!(f, "repository name must not be more than {PATH_MAX} characters"),
            Self::Identifier(id) => {
                write!(f, "invalid repository name ({id}), cannot specify 64-byte hexadecimal strings")
            }
            Self::Digest(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReferenceError {}

impl Reference {
    /// Reads a reference as it is, without defaults: `reference.Parse`. The domain may be empty.
    /// This is how `docker build -t` checks its tags.
    ///
    /// # Errors
    /// See [`ReferenceError`].
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::Empty);
        }
        let Some(parts) = split(text) else {
            let lower = text.to_lowercase();
            let only_case = lower != text && split(&lower).is_some();
            return Err(if only_case { ReferenceError::Uppercase } else { ReferenceError::InvalidFormat });
        };
        if parts.path.len() > PATH_MAX {
            return Err(ReferenceError::TooLong);
        }
        let digest = match parts.digest {
            Some(digest) => Some(digest.parse().map_err(ReferenceError::Digest)?),
            None => None,
        };
        Ok(Self {
            domain: parts.domain.to_owned(),
            path: parts.path.to_owned(),
            tag: parts.tag.map(str::to_owned),
            digest,
        })
    }

    /// Reads a name as a person types it, filling in `docker.io` and `library/` but no tag:
    /// `reference.ParseNormalizedNamed`.
    ///
    /// # Errors
    /// See [`ReferenceError`].
    pub fn parse_normalized(text: &str) -> Result<Self, ReferenceError> {
        if is_identifier(text) {
            return Err(ReferenceError::Identifier(text.to_owned()));
        }
        let (domain, remainder) = split_docker_domain(text);
        let remote = remainder.split(':').next().unwrap_or_default();
        if remote.to_lowercase() != remote {
            return Err(ReferenceError::UppercasePath(remote.to_owned()));
        }
        Self::parse(&format!("{domain}/{remainder}"))
    }

    /// As [`Reference::parse_normalized`], with `latest` where there is neither tag nor digest:
    /// what `docker pull`, `run` and `tag` work with.
    ///
    /// # Errors
    /// See [`ReferenceError`].
    pub fn parse_familiar(text: &str) -> Result<Self, ReferenceError> {
        Ok(Self::parse_normalized(text)?.tag_name_only())
    }

    /// As [`Reference::parse_familiar`], but of tag and digest the digest alone stays:
    /// `reference.ParseDockerRef`, containerd's image name.
    ///
    /// # Errors
    /// See [`ReferenceError`].
    pub fn parse_docker_ref(text: &str) -> Result<Self, ReferenceError> {
        let mut named = Self::parse_familiar(text)?;
        if named.digest.is_some() {
            named.tag = None;
        }
        Ok(named)
    }

    /// The registry, `docker.io` or `localhost:5000`.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The repository in the registry, `library/redis`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The tag, if there is one.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, if there is one.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// Neither tag nor digest.
    #[must_use]
    pub fn is_name_only(&self) -> bool {
        self.tag.is_none() && self.digest.is_none()
    }

    /// Domain and path: `docker.io/library/redis`.
    #[must_use]
    pub fn name(&self) -> String {
        if self.domain.is_empty() { self.path.clone() } else { format!("{}/{}", self.domain, self.path) }
    }

    /// The name as Docker shows it: `redis`, `user/app`, `localhost:5000/app`.
    #[must_use]
    pub fn familiar_name(&self) -> String {
        if self.domain != DEFAULT_DOMAIN {
            return self.name();
        }
        match self.path.strip_prefix(OFFICIAL_PREFIX) {
            Some(short) if !short.contains('/') => short.to_owned(),
            _ => self.path.clone(),
        }
    }

    /// Name, tag and digest as Docker shows them: `redis:7`.
    #[must_use]
    pub fn familiar(&self) -> String {
        format!("{}{}", self.familiar_name(), self.suffix())
    }

    fn suffix(&self) -> String {
        let tag = self.tag.as_ref().map(|tag| format!(":{tag}")).unwrap_or_default();
        let digest = self.digest.map(|digest| format!("@{digest}")).unwrap_or_default();
        tag + &digest
    }

    /// `latest` where there is neither tag nor digest.
    #[must_use]
    pub fn tag_name_only(mut self) -> Self {
        if self.is_name_only() {
            self.tag = Some(DEFAULT_TAG.to_owned());
        }
        self
    }

    /// Without tag and digest.
    #[must_use]
    pub fn trim(mut self) -> Self {
        self.tag = None;
        self.digest = None;
        self
    }

    /// With this tag.
    ///
    /// # Errors
    /// [`ReferenceError::InvalidTag`].
    pub fn with_tag(mut self, tag: &str) -> Result<Self, ReferenceError> {
        if !is_tag(tag) {
            return Err(ReferenceError::InvalidTag);
        }
        self.tag = Some(tag.to_owned());
        Ok(self)
    }

    /// With this digest.
    #[must_use]
    pub fn with_digest(mut self, digest: Digest) -> Self {
        self.digest = Some(digest);
        self
    }

    /// Whether the familiar form fits a shell pattern (`docker images --filter reference=…`):
    /// `reference.FamiliarMatch`.
    ///
    /// # Errors
    /// The pattern is not well-formed.
    pub fn familiar_match(&self, pattern: &str) -> Result<bool, PatternError> {
        Ok(pattern::matches(pattern, &self.familiar())? || pattern::matches(pattern, &self.familiar_name())?)
    }
}

/// Reads what may be an ID, a digest or a name: `reference.ParseAnyReference`.
///
/// # Errors
/// See [`ReferenceError`].
pub fn parse_any(text: &str) -> Result<AnyReference, ReferenceError> {
    if is_identifier(text) {
        return Digest::from_hex(text).map(AnyReference::Digest).map_err(ReferenceError::Digest);
    }
    if let Ok(digest) = text.parse() {
        return Ok(AnyReference::Digest(digest));
    }
    Reference::parse_normalized(text).map(AnyReference::Named)
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.name(), self.suffix())
    }
}

impl std::str::FromStr for Reference {
    type Err = ReferenceError;

    /// As [`Reference::parse`].
    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        Self::parse(text)
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

struct Parts<'a> {
    domain: &'a str,
    path: &'a str,
    tag: Option<&'a str>,
    digest: Option<&'a str>,
}

/// The anchored reference expression. Neither name nor tag has an `@`, no tag has a `/` or `:`, and
/// a name has a `:` only in its domain, which a `/` ends: so the parts can be cut without backtracking.
fn split(text: &str) -> Option<Parts<'_>> {
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    let last_component = rest.rfind('/').map_or(0, |slash| slash + 1);
    let (name, tag) = match rest.get(last_component..)?.find(':') {
        Some(colon) => (rest.get(..last_component + colon)?, Some(rest.get(last_component + colon + 1..)?)),
        None => (rest, None),
    };
    if !digest.is_none_or(is_digest) || !tag.is_none_or(is_tag) {
        return None;
    }
    if let Some((domain, path)) = name.split_once('/')
        && is_domain(domain)
        && is_path(path)
    {
        return Some(Parts { domain, path, tag, digest });
    }
    is_path(name).then_some(Parts { domain: "", path: name, tag, digest })
}

/// `splitDockerDomain`: is the first component a registry?
fn split_docker_domain(name: &str) -> (&str, String) {
    let Some((first, rest)) = name.split_once('/') else {
        return (DEFAULT_DOMAIN, format!("{OFFICIAL_PREFIX}{name}"));
    };
    let is_registry = first == "localhost" || first.contains(['.', ':']) || first.to_lowercase() != first;
    let (domain, remainder) = match first {
        LEGACY_DEFAULT_DOMAIN => (DEFAULT_DOMAIN, rest),
        _ if is_registry => (first, rest),
        _ => (DEFAULT_DOMAIN, name),
    };
    if domain == DEFAULT_DOMAIN && !remainder.contains('/') {
        return (domain, format!("{OFFICIAL_PREFIX}{remainder}"));
    }
    (domain, remainder.to_owned())
}

#[cfg(test)]
mod tests;
