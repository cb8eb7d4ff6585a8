//! The platform that an image is for.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::null_as_default;

/// Operating system and architecture, in the field order of Go's `ocispec.Platform`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Platform {
    /// `amd64`, `arm64`, ….
    #[serde(default)]
    pub architecture: String,
    /// `linux`.
    #[serde(default)]
    pub os: String,
    /// Windows' version; else empty.
    #[serde(rename = "os.version", default, skip_serializing_if = "String::is_empty")]
    pub os_version: String,
    /// Features that the operating system must have.
    #[serde(
        rename = "os.features",
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub os_features: Vec<String>,
    /// `v8`, `v7`, …; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub variant: String,
}

impl Platform {
    /// `linux/ARCHITECTURE`.
    #[must_use]
    pub fn linux(architecture: &str) -> Self {
        Self { architecture: architecture.to_owned(), os: "linux".to_owned(), ..Self::default() }
    }

    /// BuildKit's `unknown/unknown`: an attestation manifest, not an image.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.os == "unknown" && self.architecture == "unknown"
    }
}

/// `os/architecture[/variant]`.
impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        if self.variant.is_empty() { Ok(()) } else { write!(f, "/{}", self.variant) }
    }
}
