//! Archives of Docker before 25, and of many other tools: `manifest.json` without an OCI layout.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::load::Files;
use super::{ArchiveError, DockerImage, Image, Loaded, verify};
use crate::layer::Limits;
use crate::{Bytes, Descriptor, Digest, ImageConfig, Manifest, Platform, Reference, gzip, media_type, zstd};

/// Makes Docker manifests for what `manifest.json` lists, as containerd's importer does.
pub(super) fn load(list: &[DockerImage], files: &Files, limits: Limits) -> Result<Loaded, ArchiveError> {
    let mut blobs: BTreeMap<Digest, Bytes> = BTreeMap::new();
    let mut images = Vec::new();
    for image in list {
        let config_bytes = find(files, &image.config, ArchiveError::ConfigNotFound)?;
        let config = Descriptor::of(media_type::DOCKER_CONFIG, &config_bytes);
        let parsed = ImageConfig::from_json(&config_bytes)
            .map_err(|error| ArchiveError::Json(image.config.clone(), error.to_string()))?;
        blobs.insert(config.digest, config_bytes);
        let mut layers = Vec::new();
        for path in image.layers.iter().flatten() {
            let content = find(files, path, ArchiveError::LayerNotFound)?;
            let media_type = if gzip::is_gzip(&content) {
                media_type::DOCKER_LAYER_GZIP
            } else if zstd::is_zstd(&content) {
                media_type::DOCKER_LAYER_ZSTD
            } else {
                media_type::DOCKER_LAYER
            };
            let layer = Descriptor::of(media_type, &content);
            blobs.insert(layer.digest, content);
            layers.push(layer);
        }
        let mut manifest = Manifest::new(config, layers);
        media_type::DOCKER_MANIFEST.clone_into(&mut manifest.media_type);
        let bytes =
            manifest.to_json_compact().map_err(|error| ArchiveError::Json("manifest".to_owned(), error.to_string()))?;
        let mut target = Descriptor::of(media_type::DOCKER_MANIFEST, &bytes);
        target.platform = platform(&parsed);
        blobs.insert(target.digest, Rc::new(bytes));
        let tags = image.repo_tags.clone().unwrap_or_default();
        if tags.is_empty() {
            images.push(Image { name: None, target: target.clone() });
        }
        for tag in tags {
            let name = Reference::parse_docker_ref(&tag).map_err(|error| ArchiveError::BadName(tag, error))?;
            images.push(Image { name: Some(name), target: target.clone() });
        }
    }
    let blobs = verify::reachable(&images, &blobs, limits)?;
    Ok(Loaded { images, blobs })
}

fn platform(config: &ImageConfig) -> Option<Platform> {
    if config.os.is_empty() && config.architecture.is_empty() {
        return None;
    }
    Some(Platform {
        architecture: config.architecture.clone(),
        os: config.os.clone(),
        os_version: config.os_version.clone(),
        os_features: Vec::new(),
        variant: config.variant.clone(),
    })
}

/// A file by the path that `manifest.json` gives; old archives have links between layers.
fn find(files: &Files, path: &str, missing: fn(String) -> ArchiveError) -> Result<Bytes, ArchiveError> {
    let path = path.strip_prefix("./").unwrap_or(path);
    if let Some(content) = files.by_name.get(path) {
        return Ok(Rc::clone(content));
    }
    let Some(link) = files.links.get(path) else {
        return Err(missing(path.to_owned()));
    };
    let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let target = join(dir, link);
    match files.by_name.get(&target) {
        Some(content) => Ok(Rc::clone(content)),
        None => Err(ArchiveError::DanglingLink(path.to_owned(), target)),
    }
}

/// Go's `path.Join`; what leads out of the archive finds nothing there.
fn join(dir: &str, link: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in dir.split('/').chain(link.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}
