//! What a registry has: Docker Hub's catalog, or what a registry on the network answers.

use layerlab_api::query::Query;
use layerlab_kernel::Sys;
use layerlab_oci::{Bytes, Descriptor, Digest, ImageConfig, Index, Manifest, Platform, Reference, media_type};

use super::client::{Registry, Reply};
use super::serve::kind_of;
use crate::catalog::{self, Remote};
use crate::context::with;
use crate::error::ApiError;
use crate::image::layer::{NewLayer, from_entries};
use crate::image::pull::missing;
use crate::image::unpack::read_blob;
use crate::state::LayerInfo;

const ACCEPT: &str = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, */*";

/// Looks a name up in its registry; layers that are here already are not fetched.
///
/// # Errors
/// The daemon's words for why it can't be pulled.
pub async fn lookup(
    sys: &Sys,
    reference: &Reference,
    platform: &Platform,
    authorization: Option<String>,
) -> Result<Remote, ApiError> {
    if reference.domain() == layerlab_oci::reference::DEFAULT_DOMAIN {
        return catalog::lookup_for(reference, platform).map_err(|why| missing(reference, why));
    }
    let registry = Registry::new(sys, reference.domain(), authorization);
    fetch(&registry, reference, platform)
        .await
        .map_err(|e| ApiError { message: format!("failed to resolve reference \"{reference}\": {}", e.message), ..e })
}

fn not_found(reference: &Reference, reply: &Reply) -> ApiError {
    match reply.head.status {
        404 => ApiError::not_found(format!("{reference}: not found")),
        401 => ApiError::internal(
            "pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials",
        ),
        _ => ApiError::internal(reply.why()),
    }
}

async fn fetch(registry: &Registry, reference: &Reference, platform: &Platform) -> Result<Remote, ApiError> {
    let what = reference.digest().map_or_else(|| reference.tag().unwrap_or("latest").to_owned(), ToString::to_string);
    let repo = reference.path();
    let path = |what: &str| format!("{repo}/manifests/{what}");
    let head = registry.request("HEAD", &path(&what), Query::default(), ACCEPT, None).await?;
    if head.head.status >= 400 {
        return Err(not_found(reference, &head));
    }
    let target = manifest(registry, reference, &path(&what)).await?;
    let mut blobs: Vec<(Digest, Bytes)> = vec![(target.0.digest, target.1.clone())];
    let bytes = if media_type::is_index(&target.0.media_type) {
        let index = Index::from_json(&target.1).map_err(|e| ApiError::internal(e.to_string()))?;
        let of = |p: &Platform| index.manifests.iter().find(|d| d.platform.as_ref().is_none_or(|o| o.matches(p)));
        let chosen = platform.runs().iter().find_map(of);
        let chosen = chosen.ok_or_else(|| {
            ApiError::not_found(format!("no matching manifest for {platform} in the manifest list entries: not found"))
        })?;
        let one = manifest(registry, reference, &path(&chosen.digest.to_string())).await?;
        blobs.push((one.0.digest, one.1.clone()));
        one.1
    } else {
        target.1
    };
    let parsed = Manifest::from_json(&bytes).map_err(|e| ApiError::internal(e.to_string()))?;
    let config = blob(registry, repo, &parsed.config.digest).await?;
    let image = ImageConfig::from_json(&config).map_err(|e| ApiError::internal(e.to_string()))?;
    blobs.push((parsed.config.digest, config));
    let mut layers = Vec::new();
    for (descriptor, diff_id) in parsed.layers.iter().zip(&image.rootfs.diff_ids) {
        layers.push(layer(registry, repo, descriptor, diff_id).await?);
    }
    Ok(Remote { target: target.0, layers, blobs, platform: platform.clone() })
}

/// A manifest or index by its path behind `/v2/`.
///
/// # Errors
/// The registry hasn't got it.
pub(crate) async fn manifest(
    registry: &Registry,
    reference: &Reference,
    path: &str,
) -> Result<(Descriptor, Bytes), ApiError> {
    let reply = registry.request("GET", path, Query::default(), ACCEPT, None).await?;
    if reply.head.status != 200 {
        return Err(not_found(reference, &reply));
    }
    Ok((Descriptor::of(&kind_of(&reply.body), &reply.body), Bytes::new(reply.body)))
}

/// A blob, whose bytes are what its digest says.
///
/// # Errors
/// The registry hasn't got it.
pub(crate) async fn blob(registry: &Registry, repo: &str, digest: &Digest) -> Result<Bytes, ApiError> {
    let reply = registry.request("GET", &format!("{repo}/blobs/{digest}"), Query::default(), "", None).await?;
    if reply.head.status != 200 {
        return Err(ApiError::internal(reply.why()));
    }
    if Digest::of(&reply.body) != *digest {
        return Err(ApiError::internal(format!("failed precondition: unexpected commit digest, expected {digest}")));
    }
    Ok(Bytes::new(reply.body))
}

/// A layer, from here if it is here.
///
/// # Errors
/// The registry hasn't got it, or its bytes are others.
pub(crate) async fn layer(
    registry: &Registry,
    repo: &str,
    descriptor: &Descriptor,
    diff_id: &Digest,
) -> Result<NewLayer, ApiError> {
    let here = with(&registry.sys, |s| {
        let info = s.layers.get(diff_id).filter(|l| l.digest == descriptor.digest)?;
        s.content.0.get(&descriptor.digest).map(|b| NewLayer { blob: b.clone(), info: info.clone() })
    })?;
    if let Some(layer) = here {
        return Ok(layer);
    }
    let blob = blob(registry, repo, &descriptor.digest).await?;
    of_blob(blob, descriptor.digest, diff_id)
}

/// A layer whose figures are found in its files.
///
/// # Errors
/// It is no layer.
pub(crate) fn of_blob(blob: Bytes, digest: Digest, diff_id: &Digest) -> Result<NewLayer, ApiError> {
    let figures = from_entries(&read_blob(&blob).map_err(ApiError::internal)?, None).info;
    let size = blob.len() as u64;
    let info = LayerInfo {
        digest,
        diff_id: *diff_id,
        size,
        compressed: figures.compressed - figures.size.min(figures.compressed) + size,
        unpacked: figures.unpacked,
        present: true,
    };
    Ok(NewLayer { blob, info })
}
