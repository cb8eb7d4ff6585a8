//! Why an archive could not be saved or loaded.

use std::fmt;

use crate::Digest;
use crate::gzip::GzipError;
use crate::layer::LayerError;
use crate::reference::ReferenceError;

/// Why an archive could not be saved or loaded. The wording is containerd's where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ArchiveError {
    /// The archive itself, or a layer in it, is damaged.
    Tar(LayerError),
    /// The compression is damaged, or too much comes out.
    Gzip(GzipError),
    /// Neither `oci-layout` nor `manifest.json`.
    Unrecognized,
    /// `oci-layout` names a version that nobody knows.
    LayoutVersion(String),
    /// An OCI layout without `index.json`.
    MissingIndex,
    /// A file is not the JSON that it should be: file or digest, and why.
    Json(String, String),
    /// Two files of one name with different content.
    Duplicate(String),
    /// A blob that is needed is not there.
    NotFound(Digest),
    /// A blob's bytes have another digest than its name says.
    DigestMismatch {
        /// The name.
        expected: Digest,
        /// The bytes.
        actual: Digest,
    },
    /// A blob has another size, in bytes, than its descriptor says.
    SizeMismatch {
        /// The bytes.
        actual: u64,
        /// The descriptor.
        expected: u64,
    },
    /// A layer's content is not what the image config says.
    WrongDiffId {
        /// What the config says.
        expected: Digest,
        /// What the layer has.
        actual: Digest,
    },
    /// The config has another number of layers than the manifest.
    LayerCount,
    /// `manifest.json` names a config that is not there.
    ConfigNotFound(String),
    /// `manifest.json` names a layer that is not there.
    LayerNotFound(String),
    /// A link to a file that is not there.
    DanglingLink(String, String),
    /// A tag of `manifest.json` is no reference.
    BadName(String, ReferenceError),
    /// The target is neither a manifest nor an index.
    NotManifest(String),
    /// Indexes in indexes, without end.
    TooDeep,
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tar(error) => error.fmt(f),
            Self::Gzip(error) => error.fmt(f),
            Self::Unrecognized => f.write_str("unrecognized image format"),
            Self::LayoutVersion(version) => write!(f, "unsupported OCI version {version}"),
            Self::MissingIndex => write!(f, "missing index.json in OCI layout {}", super::LAYOUT_VERSION),
            Self::Json(file, why) => write!(f, "{file}: {why}"),
            Self::Duplicate(path) => write!(f, "{path:?} is twice in the archive, with different content"),
            // The daemon stores blobs by the digest of their bytes, so a wrong name means "not found".
            Self::NotFound(digest) | Self::DigestMismatch { expected: digest, .. } => {
                write!(f, "content digest {digest}: not found")
            }
            Self::SizeMismatch { actual, expected } => {
                write!(f, "failed size validation: {actual} != {expected}: failed precondition")
            }
            Self::WrongDiffId { expected, actual } => {
                write!(f, "wrong diff id {actual} calculated on extraction, expected {expected}")
            }
            Self::LayerCount => f.write_str("mismatched image rootfs and manifest layers"),
            Self::ConfigNotFound(path) => write!(f, "image config {path:?} not found"),
            Self::LayerNotFound(path) => {
                write!(f, "failed to resolve layers: layer {path:?} not found")
            }
            Self::DanglingLink(name, target) => {
                write!(f, "no target for symlink layer from {name:?} to {target:?}")
            }
            Self::BadName(name, error) => write!(f, "normalize image ref {name:?}: {error}"),
            Self::NotManifest(media_type) => {
                write!(f, "only manifests may be in an archive, not {media_type:?}: invalid argument")
            }
            Self::TooDeep => f.write_str("indexes are nested too deeply"),
        }
    }
}

impl std::error::Error for ArchiveError {}

impl From<LayerError> for ArchiveError {
    fn from(error: LayerError) -> Self {
        Self::Tar(error)
    }
}

impl From<GzipError> for ArchiveError {
    fn from(error: GzipError) -> Self {
        Self::Gzip(error)
    }
}
