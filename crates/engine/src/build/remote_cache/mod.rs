//! Build caches outside of the builder: `--cache-to` and `--cache-from` (BuildKit `cache/remotecache`).
//! What is kept is BuildKit's form: a manifest whose config lists layers and records, the layers' blobs
//! beside it. A record's digest is the step's key.

pub mod config;
pub mod export;
pub mod import;

use std::collections::BTreeMap;

use super::error::BuildError;

/// The annotation with a layer's digest when unpacked.
pub const UNCOMPRESSED: &str = "containerd.io/uncompressed";
/// The annotation with the time at which a layer was made.
pub const CREATED_AT: &str = "buildkit/createdat";
/// The name of the context that brings the folder of the n-th `--cache-from`.
pub const LOCAL_PREFIX: &str = ".cache-from.";

/// A `--cache-from` or `--cache-to`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// `registry`, `local`, `inline`, ….
    pub kind: String,
    /// The rest.
    pub options: BTreeMap<String, String>,
}

impl Place {
    /// Reads `type=registry,ref=x`, or a name alone, which is a registry's.
    ///
    /// # Errors
    /// A field without a value, no type.
    pub fn parse(text: &str) -> Result<Self, BuildError> {
        let mut options = BTreeMap::new();
        if !text.contains('=') {
            options.insert("ref".to_owned(), text.to_owned());
            return Ok(Self { kind: "registry".to_owned(), options });
        }
        for field in text.split(',') {
            let (k, v) = field.split_once('=').ok_or_else(|| BuildError::new(format!("invalid value {field}")))?;
            options.insert(k.trim().to_lowercase(), v.to_owned());
        }
        let kind = options.remove("type").filter(|k| !k.is_empty());
        let kind = kind.ok_or_else(|| BuildError::new(format!("type required form> \"{text}\"")))?;
        Ok(Self { kind, options })
    }

    /// An option's value.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str).filter(|v| !v.is_empty())
    }

    /// An option that is on unless it is switched off.
    pub fn is_on(&self, name: &str) -> bool {
        !matches!(self.option(name), Some("false" | "0"))
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn places_are_read_as_buildx_reads_them() {
        let p = Place::parse("localhost:5000/app:cache").unwrap();
        assert_eq!((p.kind.as_str(), p.option("ref")), ("registry", Some("localhost:5000/app:cache")));
        let p = Place::parse("type=local,dest=/tmp/c,mode=max").unwrap();
        assert_eq!((p.kind.as_str(), p.option("dest"), p.option("mode")), ("local", Some("/tmp/c"), Some("max")));
        assert!(Place::parse("ref=x").is_err() && Place::parse("type=local,dest").is_err());
    }
}
