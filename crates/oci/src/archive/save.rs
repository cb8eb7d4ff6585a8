//! `docker save`: containerd's exporter with the options that the daemon gives it
//! (`core/images/archive/exporter.go`; `daemon/containerd/image_exporter.go`).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ArchiveError, Blobs, DOCKER_MANIFEST_FILE, DockerImage, INDEX_FILE, Image, LAYOUT_FILE, LAYOUT_VERSION, blob_path,
};
use crate::descriptor::{ANNOTATION_IMAGE_NAME, ANNOTATION_REF_NAME};
use crate::layer::{Entry, EntryKind, write};
use crate::{Bytes, Descriptor, Digest, Index, Manifest, Platform, Reference, json, media_type};

/// How deep indexes may be nested.
const DEPTH_MAX: u32 = 4;

/// Writes images with all their blobs. Blobs of other platforms that are not there are left out, as
/// the daemon does. `platform` is that of the daemon: `manifest.json` names that image of an index.
///
/// # Errors
/// A target that is no manifest, or that is missing or damaged.
pub fn save(images: &[Image], blobs: &impl Blobs, platform: &Platform) -> Result<Vec<u8>, ArchiveError> {
    let (mut files, docker) = collect(images, blobs, platform)?;
    if !docker.is_empty() {
        files.insert(DOCKER_MANIFEST_FILE.to_owned(), to_json(DOCKER_MANIFEST_FILE, &docker)?.into());
    }
    pack(files)
}

/// As [`save`], but an OCI image layout only (`docker buildx build --output type=oci`).
///
/// # Errors
/// As [`save`].
pub fn save_oci(images: &[Image], blobs: &impl Blobs, platform: &Platform) -> Result<Vec<u8>, ArchiveError> {
    pack(layout(images, blobs, platform)?)
}

/// An OCI image layout as files by path: what a folder of `--output type=oci,tar=false` holds.
///
/// # Errors
/// As [`save`].
pub fn layout(
    images: &[Image],
    blobs: &impl Blobs,
    platform: &Platform,
) -> Result<BTreeMap<String, Bytes>, ArchiveError> {
    Ok(collect(images, blobs, platform)?.0)
}

/// The layout's files, and Docker's list, in which each manifest stands once with all its names.
fn collect(
    images: &[Image],
    blobs: &impl Blobs,
    platform: &Platform,
) -> Result<(BTreeMap<String, Bytes>, Vec<DockerImage>), ArchiveError> {
    let mut saver = Saver { blobs, files: BTreeMap::new() };
    let mut index = Index::new(Vec::new());
    let mut docker: Vec<(Digest, DockerImage)> = Vec::new();
    for image in images {
        index.manifests.push(named_target(image));
        let Some(manifest) = saver.add_target(&image.target, platform)? else {
            continue;
        };
        let tag = image.name.clone().map(|name| name.tag_name_only().familiar());
        if let Some((_, known)) = docker.iter_mut().find(|(digest, _)| *digest == manifest.digest) {
            known.repo_tags.get_or_insert_default().extend(tag);
        } else {
            let mut entry = saver.docker_image(&manifest)?;
            entry.repo_tags = tag.map(|tag| vec![tag]);
            docker.push((manifest.digest, entry));
        }
    }
    let mut files: BTreeMap<String, Bytes> =
        saver.files.into_iter().map(|(digest, content)| (blob_path(&digest), content)).collect();
    let layout = BTreeMap::from([("imageLayoutVersion", LAYOUT_VERSION)]);
    files.insert(LAYOUT_FILE.to_owned(), to_json(LAYOUT_FILE, &layout)?.into());
    files.insert(INDEX_FILE.to_owned(), to_json(INDEX_FILE, &index)?.into());
    Ok((files, docker.into_iter().map(|(_, image)| image).collect()))
}

/// The files as an archive, with the modes that containerd gives them.
fn pack(files: BTreeMap<String, Bytes>) -> Result<Vec<u8>, ArchiveError> {
    let mut entries = Vec::with_capacity(files.len() + 2);
    if files.keys().any(|path| path.starts_with("blobs/")) {
        entries.push(Entry::dir("blobs", 0o755));
        entries.push(Entry::dir("blobs/sha256", 0o755));
    }
    for (path, content) in files {
        let mode = if matches!(path.as_str(), INDEX_FILE | DOCKER_MANIFEST_FILE) { 0o644 } else { 0o444 };
        entries.push(Entry::new(&path, EntryKind::File { content }, mode));
    }
    Ok(write(&entries)?)
}

fn to_json<T: serde::Serialize>(name: &str, value: &T) -> Result<Vec<u8>, ArchiveError> {
    json::marshal(value).map_err(|error| ArchiveError::Json(name.to_owned(), error.to_string()))
}

/// The descriptor in `index.json`: the target with the image's name, or with none.
fn named_target(image: &Image) -> Descriptor {
    let mut target = image.target.clone();
    target.annotations.remove(ANNOTATION_IMAGE_NAME);
    target.annotations.remove(ANNOTATION_REF_NAME);
    if let Some(name) = &image.name {
        target.annotations.insert(ANNOTATION_IMAGE_NAME.to_owned(), name.to_string());
        target.annotations.insert(ANNOTATION_REF_NAME.to_owned(), ref_name(name));
    }
    target
}

/// containerd's "object" of a reference: the tag, or `@` and the digest, or both.
pub(super) fn ref_name(name: &Reference) -> String {
    let digest = name.digest().map(|digest| format!("@{digest}")).unwrap_or_default();
    format!("{}{digest}", name.tag().unwrap_or_default())
}

struct Saver<'a, B> {
    blobs: &'a B,
    files: BTreeMap<Digest, Bytes>,
}

impl<B: Blobs> Saver<'_, B> {
    /// Adds a target with all that it needs. Returns the manifest that `manifest.json` shall name.
    fn add_target(&mut self, target: &Descriptor, platform: &Platform) -> Result<Option<Descriptor>, ArchiveError> {
        if media_type::is_manifest(&target.media_type) {
            self.blob(&target.digest)?;
            self.add_manifest(target)?;
            return Ok(Some(target.clone()));
        }
        if !media_type::is_index(&target.media_type) {
            return Err(ArchiveError::NotManifest(target.media_type.clone()));
        }
        self.blob(&target.digest)?;
        let mut manifests = Vec::new();
        let mut seen = BTreeSet::new();
        let mut level = vec![target.clone()];
        for _ in 0..DEPTH_MAX {
            let mut next = Vec::new();
            for index in std::mem::take(&mut level) {
                let Some(bytes) = self.blobs.blob(&index.digest) else {
                    continue;
                };
                for child in parse_index(&index.digest, &bytes)?.manifests {
                    if !seen.insert(child.digest) {
                        continue;
                    }
                    if media_type::is_index(&child.media_type) {
                        next.push(child);
                    } else if self.add_manifest(&child)? {
                        manifests.push(child);
                    }
                }
                self.files.insert(index.digest, bytes);
            }
            level = next;
        }
        if !level.is_empty() {
            return Err(ArchiveError::TooDeep);
        }
        let fits = |manifest: &&Descriptor| manifest.platform.as_ref() == Some(platform);
        let is_image = |manifest: &&Descriptor| !manifest.platform.as_ref().is_some_and(Platform::is_unknown);
        let chosen = manifests.iter().find(fits).or_else(|| manifests.iter().find(is_image));
        Ok(chosen.or(manifests.first()).cloned())
    }

    /// Adds a manifest and, if all of it is there, its config and layers. Whether it is there at all.
    fn add_manifest(&mut self, target: &Descriptor) -> Result<bool, ArchiveError> {
        let Some(bytes) = self.blobs.blob(&target.digest) else {
            return Ok(false);
        };
        let manifest = parse_manifest(&target.digest, &bytes)?;
        let children: Vec<&Digest> =
            [&manifest.config].into_iter().chain(&manifest.layers).map(|child| &child.digest).collect();
        let found: Option<Vec<(Digest, Bytes)>> =
            children.into_iter().map(|digest| Some((*digest, self.blobs.blob(digest)?))).collect();
        self.files.extend(found.into_iter().flatten());
        self.files.insert(target.digest, bytes);
        Ok(true)
    }

    fn docker_image(&self, manifest: &Descriptor) -> Result<DockerImage, ArchiveError> {
        let manifest = parse_manifest(&manifest.digest, &self.blob(&manifest.digest)?)?;
        let layers: Vec<String> = manifest.layers.iter().map(|layer| blob_path(&layer.digest)).collect();
        Ok(DockerImage {
            config: blob_path(&manifest.config.digest),
            repo_tags: None,
            layers: (!layers.is_empty()).then_some(layers),
        })
    }

    fn blob(&self, digest: &Digest) -> Result<Bytes, ArchiveError> {
        self.blobs.blob(digest).ok_or(ArchiveError::NotFound(*digest))
    }
}

pub(super) fn parse_manifest(digest: &Digest, bytes: &[u8]) -> Result<Manifest, ArchiveError> {
    Manifest::from_json(bytes).map_err(|error| ArchiveError::Json(digest.to_string(), error.to_string()))
}

pub(super) fn parse_index(digest: &Digest, bytes: &[u8]) -> Result<Index, ArchiveError> {
    Index::from_json(bytes).map_err(|error| ArchiveError::Json(digest.to_string(), error.to_string()))
}
