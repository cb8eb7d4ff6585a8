//! An index: manifests of one image for several platforms, and their attestations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::json::{self, null_as_default};
use crate::{Descriptor, Platform, media_type};

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

    /// The manifest to run on a platform: the best that runs there ([`Platform::runs`]).
    #[must_use]
    pub fn select(&self, platform: &Platform) -> Option<&Descriptor> {
        let of = |wanted: &Platform| {
            self.manifests.iter().find(|manifest| manifest.platform.as_ref().is_some_and(|it| it.matches(wanted)))
        };
        platform.runs().iter().find_map(of)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_an_index_is_selected() {
        let manifest = |text: &str| {
            let mut descriptor = Descriptor::of(media_type::OCI_MANIFEST, text.as_bytes());
            descriptor.platform = Some(Platform::parse(text, &Platform::linux("amd64")).unwrap());
            descriptor
        };
        let mut index = Index::new(["linux/arm/v6", "linux/386", "linux/arm64/v8"].map(manifest).into());
        index.manifests.push(Descriptor::of(media_type::OCI_MANIFEST, b"without a platform"));
        let selected = |text: &str| {
            let platform = Platform::parse(text, &Platform::linux("amd64")).unwrap();
            index.select(&platform).and_then(|found| found.platform.as_ref()).map(ToString::to_string)
        };
        assert_eq!(selected("linux/arm64").as_deref(), Some("linux/arm64/v8"));
        assert_eq!(selected("linux/arm/v7").as_deref(), Some("linux/arm/v6"));
        assert_eq!(selected("linux/amd64").as_deref(), Some("linux/386"));
        assert_eq!(selected("linux/s390x"), None);
    }
}
