//! Whether what an archive claims is so: digests, sizes, diff IDs, and layers that can be read.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::save::{parse_index, parse_manifest};
use super::{ArchiveError, Image};
use crate::layer::{self, Limits};
use crate::{Bytes, Descriptor, Digest, ImageConfig, Manifest, media_type};

/// Most indexes and manifests of one archive.
const TARGETS_MAX: usize = 10_000;

/// The blobs that the images need. `blobs` is by the digest of the bytes themselves.
///
/// In an index, manifests may be missing, whole or in part (other platforms); but each image must
/// have one that is whole.
pub(super) fn reachable(
    images: &[Image],
    blobs: &BTreeMap<Digest, Bytes>,
    limits: Limits,
) -> Result<BTreeMap<Digest, Bytes>, ArchiveError> {
    let mut verifier = Verifier { blobs, needed: BTreeMap::new(), unpacked: BTreeSet::new(), limits, bytes: 0 };
    for image in images {
        verifier.image(&image.target)?;
    }
    Ok(verifier.needed)
}

struct Verifier<'a> {
    blobs: &'a BTreeMap<Digest, Bytes>,
    needed: BTreeMap<Digest, Bytes>,
    /// Layers that were found to be right: blob and diff ID.
    unpacked: BTreeSet<(Digest, Digest)>,
    limits: Limits,
    /// Bytes unpacked so far.
    bytes: u64,
}

impl Verifier<'_> {
    fn image(&mut self, target: &Descriptor) -> Result<(), ArchiveError> {
        let mut seen = BTreeSet::new();
        let mut todo = vec![target.clone()];
        let mut whole = false;
        let mut missing = None;
        while let Some(next) = todo.pop() {
            if !seen.insert(next.digest) {
                continue;
            }
            if seen.len() > TARGETS_MAX {
                return Err(ArchiveError::TooDeep);
            }
            let Some(bytes) = self.blob(&next)? else {
                missing.get_or_insert(next.digest);
                continue;
            };
            if media_type::is_index(&next.media_type) {
                let index = parse_index(&next.digest, &bytes)?;
                // The first of the list is looked at first.
                todo.extend(index.manifests.into_iter().rev());
            } else if media_type::is_manifest(&next.media_type) {
                match self.manifest(&parse_manifest(&next.digest, &bytes)?)? {
                    None => whole = true,
                    Some(digest) => {
                        missing.get_or_insert(digest);
                    }
                }
            } else {
                return Err(ArchiveError::NotManifest(next.media_type));
            }
            self.needed.insert(next.digest, bytes);
        }
        if whole { Ok(()) } else { Err(ArchiveError::NotFound(missing.unwrap_or(target.digest))) }
    }

    /// Takes config and layers, or says what is missing of them.
    fn manifest(&mut self, manifest: &Manifest) -> Result<Option<Digest>, ArchiveError> {
        let mut found = Vec::new();
        for child in [&manifest.config].into_iter().chain(&manifest.layers) {
            match self.blob(child)? {
                Some(bytes) => found.push((child.digest, bytes)),
                None => return Ok(Some(child.digest)),
            }
        }
        let is_image = media_type::is_config(&manifest.config.media_type)
            && manifest.layers.iter().all(|layer| media_type::is_layer(&layer.media_type));
        if is_image && let Some(((config_digest, config), layers)) = found.split_first() {
            let config = ImageConfig::from_json(config)
                .map_err(|error| ArchiveError::Json(config_digest.to_string(), error.to_string()))?;
            if config.rootfs.diff_ids.len() != layers.len() {
                return Err(ArchiveError::LayerCount);
            }
            for ((digest, content), diff_id) in layers.iter().zip(&config.rootfs.diff_ids) {
                self.layer(digest, content, diff_id)?;
            }
        }
        self.needed.extend(found);
        Ok(None)
    }

    fn layer(&mut self, digest: &Digest, content: &Bytes, diff_id: &Digest) -> Result<(), ArchiveError> {
        if self.unpacked.contains(&(*digest, *diff_id)) {
            return Ok(());
        }
        let left = self.limits.bytes.saturating_sub(self.bytes);
        let tar = layer::decompress(content, left)?;
        self.bytes = self.bytes.saturating_add(tar.len() as u64);
        let actual = Digest::of(&tar);
        if actual != *diff_id {
            return Err(ArchiveError::WrongDiffId { expected: *diff_id, actual });
        }
        layer::read(&tar, self.limits)?;
        self.unpacked.insert((*digest, *diff_id));
        Ok(())
    }

    /// A blob, if it is there; its size must be that of its descriptor.
    fn blob(&self, target: &Descriptor) -> Result<Option<Bytes>, ArchiveError> {
        let Some(bytes) = self.blobs.get(&target.digest) else {
            return Ok(None);
        };
        let actual = bytes.len() as u64;
        if actual != target.size {
            return Err(ArchiveError::SizeMismatch { actual, expected: target.size });
        }
        Ok(Some(Rc::clone(bytes)))
    }
}
