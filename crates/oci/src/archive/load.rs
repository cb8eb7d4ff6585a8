//! `docker load`: containerd's importer (`core/images/archive/importer.go`), with every digest
//! checked before anything is handed out.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{
    ArchiveError, DOCKER_MANIFEST_FILE, DockerImage, INDEX_FILE, Image, LAYOUT_FILE, LAYOUT_VERSION, Loaded, docker,
    verify,
};
use crate::descriptor::{ANNOTATION_IMAGE_NAME, ANNOTATION_REF_NAME};
use crate::layer::{EntryKind, LayerError, Limits, read};
use crate::{Bytes, Descriptor, Digest, Index, Reference, gzip, zstd};

/// Reads an archive: plain, in gzip or in zstd.
///
/// `limits` is for the archive's files and, once more, for the layers unpacked.
///
/// # Errors
/// See [`ArchiveError`]. Then nothing is loaded.
pub fn load(bytes: &[u8], limits: Limits) -> Result<Loaded, ArchiveError> {
    let unzipped;
    let tar = if gzip::is_gzip(bytes) {
        unzipped = gzip::decompress(bytes, limits.bytes.saturating_mul(2))?;
        &unzipped
    } else if zstd::is_zstd(bytes) {
        unzipped = zstd::decompress(bytes, limits.bytes.saturating_mul(2)).map_err(LayerError::Zstd)?;
        &unzipped
    } else {
        bytes
    };
    load_from(&Files::read(tar, limits)?, limits)
}

/// Reads an OCI image layout, or an unpacked archive, from a folder's files by path
/// (`--build-context name=oci-layout://DIR`).
///
/// # Errors
/// As [`load`].
pub fn load_files(files: BTreeMap<String, Bytes>, limits: Limits) -> Result<Loaded, ArchiveError> {
    load_from(&Files { by_name: files, links: BTreeMap::new() }, limits)
}

fn load_from(files: &Files, limits: Limits) -> Result<Loaded, ArchiveError> {
    if files.by_name.contains_key(LAYOUT_FILE) {
        return load_layout(files, limits);
    }
    let Some(list) = files.json::<Option<Vec<DockerImage>>>(DOCKER_MANIFEST_FILE)?.flatten() else {
        return Err(ArchiveError::Unrecognized);
    };
    docker::load(&list, files, limits)
}

/// The regular files of an archive by path, and its symbolic links.
pub(super) struct Files {
    pub(super) by_name: BTreeMap<String, Bytes>,
    pub(super) links: BTreeMap<String, String>,
}

impl Files {
    fn read(tar: &[u8], limits: Limits) -> Result<Self, ArchiveError> {
        let mut files = Self { by_name: BTreeMap::new(), links: BTreeMap::new() };
        for entry in read(tar, limits)? {
            match entry.kind {
                // Twice the same is no harm; two that differ would be read by some as the one, by
                // others as the other.
                EntryKind::File { content } => {
                    if files.by_name.get(&entry.path).is_some_and(|known| *known != content) {
                        return Err(ArchiveError::Duplicate(entry.path));
                    }
                    files.by_name.insert(entry.path, content);
                }
                EntryKind::Symlink { target } => {
                    files.links.insert(entry.path, target);
                }
                // The importer ignores everything else.
                _ => {}
            }
        }
        Ok(files)
    }

    /// A JSON file, if it is there.
    fn json<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ArchiveError> {
        let Some(bytes) = self.by_name.get(name) else {
            return Ok(None);
        };
        match serde_json::from_slice(bytes) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(ArchiveError::Json(name.to_owned(), error.to_string())),
        }
    }
}

fn load_layout(files: &Files, limits: Limits) -> Result<Loaded, ArchiveError> {
    #[derive(serde::Deserialize)]
    struct Layout {
        #[serde(rename = "imageLayoutVersion", default)]
        version: String,
    }
    let layout: Option<Layout> = files.json(LAYOUT_FILE)?;
    let version = layout.map(|layout| layout.version).unwrap_or_default();
    if version != LAYOUT_VERSION {
        return Err(ArchiveError::LayoutVersion(version));
    }
    let index: Index = files.json(INDEX_FILE)?.ok_or(ArchiveError::MissingIndex)?;
    let mut blobs = BTreeMap::new();
    let mut claims = BTreeMap::new();
    for (path, content) in &files.by_name {
        let Some(hex) = path.strip_prefix("blobs/sha256/") else {
            continue;
        };
        let actual = Digest::of(content);
        blobs.insert(actual, Rc::clone(content));
        if let Ok(expected) = Digest::from_hex(hex)
            && expected != actual
        {
            claims.insert(expected, actual);
        }
    }
    let images: Vec<Image> = index.manifests.into_iter().map(named_image).collect();
    let blobs = verify::reachable(&images, &blobs, limits).map_err(|error| match error {
        // Tell a blob with a wrong name from one that is not there.
        ArchiveError::NotFound(expected) => match claims.get(&expected) {
            Some(&actual) => ArchiveError::DigestMismatch { expected, actual },
            None => error,
        },
        other => other,
    })?;
    Ok(Loaded { images, blobs })
}

/// An image by the annotations of its descriptor, which it loses. A name that is none leaves the
/// image without one, as the daemon does.
fn named_image(mut target: Descriptor) -> Image {
    let full = target.annotations.remove(ANNOTATION_IMAGE_NAME).filter(|name| !name.is_empty());
    let short = target.annotations.remove(ANNOTATION_REF_NAME);
    let name = full.or(short).and_then(|name| Reference::parse_familiar(&name).ok());
    Image { name, target }
}
