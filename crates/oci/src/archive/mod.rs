//! Image archives: what `docker save` writes and `docker load` reads.
//!
//! Docker 29 (containerd's image store) writes an OCI image layout that has a Docker
//! `manifest.json` beside it, so that old and new tools read it. Loading takes that form, plain OCI
//! layouts, and the older Docker form without a layout. A load gives everything, verified, or an
//! error: nothing is half loaded.

mod docker;
mod error;
mod load;
mod save;
mod verify;

use std::collections::BTreeMap;

pub use error::ArchiveError;
pub use load::{load, load_files};
pub use save::{layout, save, save_oci};

use crate::{Bytes, Descriptor, Digest, Reference};

/// The file that makes an archive an OCI image layout.
const LAYOUT_FILE: &str = "oci-layout";
/// The only version of the layout.
const LAYOUT_VERSION: &str = "1.0.0";
const INDEX_FILE: &str = "index.json";
const DOCKER_MANIFEST_FILE: &str = "manifest.json";

/// An image of an archive: a manifest or an index, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Image {
    /// `None`: an image without a name.
    pub name: Option<Reference>,
    /// Its manifest or index.
    pub target: Descriptor,
}

/// What [`load`] gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// One for each name, in the archive's order.
    pub images: Vec<Image>,
    /// Every blob that the images need and the archive has, by the digest of its bytes.
    pub blobs: BTreeMap<Digest, Bytes>,
}

/// Where [`save`] finds blobs.
pub trait Blobs {
    /// The blob of this digest, if it is there.
    fn blob(&self, digest: &Digest) -> Option<Bytes>;
}

impl Blobs for BTreeMap<Digest, Bytes> {
    fn blob(&self, digest: &Digest) -> Option<Bytes> {
        self.get(digest).cloned()
    }
}

/// One image in Docker's `manifest.json`; Go writes `null` for empty lists.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DockerImage {
    config: String,
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
    #[serde(default)]
    layers: Option<Vec<String>>,
}

/// Where a blob lies in an archive.
fn blob_path(digest: &Digest) -> String {
    format!("blobs/sha256/{}", digest.hex())
}

#[cfg(test)]
mod tests;
