//! `--build-context NAME=oci-layout://…`: an image that lies in a folder of the client's as an OCI layout.

use layerlab_kernel::vfs::Tree;
use layerlab_oci::{Bytes, Descriptor, Digest, ImageConfig, Index, Manifest, Platform, media_type};

use super::base::{Resolved, of_remote};
use super::needs::Wanted;
use crate::catalog::Remote;
use crate::registry::fetch::of_blob;

/// Before the tag or digest in the value of such a context.
pub(super) const PREFIX: &str = "oci-layout:";
/// The tag of an image in a layout's index.
const REF_NAME: &str = "org.opencontainers.image.ref.name";

/// The name that an image of such a context has in the build.
pub(super) fn name(context: &str) -> String {
    format!("oci-layout/{context}:latest")
}

fn blob(tree: &Tree, digest: &Digest) -> Result<Bytes, String> {
    let found = tree.read(&format!("/blobs/sha256/{}", digest.hex()));
    found.filter(|b| Digest::of(b) == *digest).ok_or_else(|| format!("content digest {digest}: not found"))
}

/// Finds the image: by its digest, by its tag, or the only one.
///
/// # Errors
/// There is none, or the layout is damaged.
pub(super) fn resolve(tree: &Tree, which: &str, wanted: &Wanted) -> Result<Resolved, String> {
    let index = tree.read("/index.json").ok_or("open index.json: no such file or directory")?;
    let index = Index::from_json(&index).map_err(|e| e.to_string())?;
    let is_it = |d: &&Descriptor| match which.parse::<Digest>() {
        Ok(digest) => d.digest == digest,
        Err(_) => {
            which.is_empty()
                || d.annotations.get(REF_NAME).is_some_and(|n| n == which || n.ends_with(&format!(":{which}")))
        }
    };
    let mut fits = index.manifests.iter().filter(is_it);
    let target = match (fits.next(), fits.next()) {
        (Some(_), Some(_)) if which.is_empty() => {
            return Err("a tag or digest is needed: the layout has several images".to_owned());
        }
        (Some(one), _) => one.clone(),
        (None, _) => return Err(format!("{which}: not found")),
    };
    let mut blobs = vec![(target.digest, blob(tree, &target.digest)?)];
    let manifest = if media_type::is_index(&target.media_type) {
        let list = blobs.first().map(|b| Index::from_json(&b.1)).transpose().map_err(|e| e.to_string())?;
        let all = list.map(|l| l.manifests).unwrap_or_default();
        let runs = wanted.platform.runs();
        let fits = |p: &Platform| all.iter().find(|d| d.platform.as_ref().is_some_and(|o| o.matches(p)));
        let found = runs.iter().find_map(fits).ok_or("no match for platform in manifest: not found")?;
        let bytes = blob(tree, &found.digest)?;
        blobs.push((found.digest, bytes.clone()));
        bytes
    } else {
        blob(tree, &target.digest)?
    };
    let manifest = Manifest::from_json(&manifest).map_err(|e| e.to_string())?;
    let config = blob(tree, &manifest.config.digest)?;
    let diff_ids = ImageConfig::from_json(&config).map_err(|e| e.to_string())?.rootfs.diff_ids;
    blobs.push((manifest.config.digest, config));
    let mut layers = Vec::new();
    for (d, diff_id) in manifest.layers.iter().zip(&diff_ids) {
        layers.push(of_blob(blob(tree, &d.digest)?, d.digest, diff_id).map_err(|e| e.message)?);
    }
    let remote = Remote { target, layers, blobs, platform: wanted.platform.clone() };
    of_remote(&wanted.full, &wanted.platform, remote)
}
