//! The platform that an image is for.

mod specifier;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::null_as_default;

pub use specifier::PlatformError;

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

    /// Reads `os`, `architecture`, `os/architecture[/variant]` or `os(version)/…`; what is left out is
    /// that of `host`. `x86_64`, `aarch64`, `armhf` and the like become Go's names
    /// (containerd/platforms `Parse`).
    ///
    /// # Errors
    /// containerd's message.
    pub fn parse(text: &str, host: &Self) -> Result<Self, PlatformError> {
        specifier::parse(text, host)
    }

    /// With Go's names, and without the variants that are the usual ones (`arm64/v8`, `amd64/v1`):
    /// containerd/platforms `Normalize`.
    #[must_use]
    pub fn normalized(&self) -> Self {
        let (architecture, variant) = specifier::architecture(&self.architecture, &self.variant);
        Self { os: specifier::system(&self.os), architecture, variant, ..self.clone() }
    }

    /// What runs on this platform, best first: itself, then older variants, then 32 bits
    /// (containerd/platforms `Only`).
    #[must_use]
    pub fn runs(&self) -> Vec<Self> {
        specifier::runs(&self.normalized())
    }

    /// Whether both are the same, however written.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        let (a, b) = (self.normalized(), other.normalized());
        (a.os, a.architecture, a.variant) == (b.os, b.architecture, b.variant)
    }

    /// BuildKit's `unknown/unknown`: an attestation manifest, not an image.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.os == "unknown" && self.architecture == "unknown"
    }
}

/// `os/architecture[/variant]`, or `unknown` without an operating system.
impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.os.is_empty() {
            return f.write_str("unknown");
        }
        write!(f, "{}/{}", self.os, self.architecture)?;
        if self.variant.is_empty() { Ok(()) } else { write!(f, "/{}", self.variant) }
    }
}
