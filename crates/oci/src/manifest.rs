//! The manifest of one image: its config and its layers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::json::{self, null_as_default};
use crate::{Descriptor, media_type};

/// A manifest, in the field order of Go's `ocispec.Manifest`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Always 2.
    pub schema_version: u32,
    /// Of the manifest itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub media_type: String,
    /// The kind of an artifact.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub artifact_type: String,
    /// The image config.
    pub config: Descriptor,
    /// Layers, lowest first.
    #[serde(deserialize_with = "null_as_default")]
    pub layers: Vec<Descriptor>,
    /// The manifest that this one is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Free metadata.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Manifest {
    /// An OCI manifest.
    #[must_use]
    pub fn new(config: Descriptor, layers: Vec<Descriptor>) -> Self {
        Self {
            schema_version: 2,
            media_type: media_type::OCI_MANIFEST.to_owned(),
            artifact_type: String::new(),
            config,
            layers,
            subject: None,
            annotations: BTreeMap::new(),
        }
    }

    /// The bytes that BuildKit writes: indented by two spaces (`exporter/containerimage/writer.go`).
    ///
    /// # Errors
    /// None in practice: every field has a JSON form.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        json::marshal_indent(self)
    }

    /// The bytes that containerd and the daemon write: `json.Marshal`.
    ///
    /// # Errors
    /// As [`Manifest::to_json`].
    pub fn to_json_compact(&self) -> Result<Vec<u8>, serde_json::Error> {
        json::marshal(self)
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// Not JSON, or a field is missing or has another type.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}
