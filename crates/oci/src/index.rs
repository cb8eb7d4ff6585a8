//! An index: manifests of one image for several platforms, and their attestations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::json::{self, null_as_default};
use crate::{Descriptor, media_type};

/// An index, in the field order of Go's `ocispec.Index`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    /// Always 2.
    pub schema_version: u32,
    /// Of the index itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub media_type: String,
    /// The kind of an artifact.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub artifact_type: String,
    /// What it lists.
    #[serde(deserialize_with = "null_as_default")]
    pub manifests: Vec<Descriptor>,
    /// The manifest that this one is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Free metadata.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Index {
    /// An OCI index.
    #[must_use]
    pub fn new(manifests: Vec<Descriptor>) -> Self {
        Self {
            schema_version: 2,
            media_type: media_type::OCI_INDEX.to_owned(),
            artifact_type: String::new(),
            manifests,
            subject: None,
            annotations: BTreeMap::new(),
        }
    }

    /// The bytes that BuildKit writes: indented by two spaces.
    ///
    /// # Errors
    /// None in practice: every field has a JSON form.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        json::marshal_indent(self)
    }

    /// The bytes that containerd writes: `json.Marshal`.
    ///
    /// # Errors
    /// As [`Index::to_json`].
    pub fn to_json_compact(&self) -> Result<Vec<u8>, serde_json::Error> {
        json::marshal(self)
    }

    /// Reads an index.
    ///
    /// # Errors
    /// Not JSON, or a field is missing or has another type.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}
