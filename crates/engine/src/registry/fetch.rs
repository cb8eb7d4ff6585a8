//! What a registry has of an image, asked over the network.

use layerlab_api::query::Query;
use layerlab_api::registry::{Registry, RegistryError, Reply};
use layerlab_kernel::Sys;
use layerlab_oci::{Bytes, Descriptor, Digest, ImageConfig, Index, Manifest, Platform, Reference, media_type};

use super::client;
use super::serve::{NOMINAL, kind_of};
use super::store::figures;
use crate::catalog::Remote;
use crate::context::with;
use crate::error::ApiError;
use crate::image::layer::{NewLayer, from_entries};
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
    let registry = client::open(sys, reference.domain(), authorization).await;
    fetch(&registry, reference, platform).await.map_err(|e| match e {
        Refusal::Denied => ApiError::not_found(format!(
            "pull access denied for {}, repository does not exist or may require 'docker login'",
            reference.familiar_name()
        )),
        Refusal::Other(e) if e.message.starts_with("toomanyrequests: ") => e,
        Refusal::Other(e) => {
            ApiError { message: format!("failed to resolve reference \"{reference}\": {}", e.message), ..e }
        }
    })
}

/// Looks a name up for a build: what BuildKit says of a base image that can't be had.
///
/// # Errors
/// Its words, without the name of the image before them.
pub async fn lookup_base(
    sys: &Sys,
    reference: &Reference,
    platform: &Platform,
    authorization: Option<String>,
) -> Result<Remote, String> {
    let registry = client::open(sys, reference.domain(), authorization).await;
    fetch(&registry, reference, platform).await.map_err(|e| match e {
        Refusal::Denied => DENIED.to_owned(),
        Refusal::Other(e) => e.message,
    })
}

/// What containerd says of a repository that it may not see.
const DENIED: &str = "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed";

/// Why an image can't be had.
pub(crate) enum Refusal {
    /// It is not for whoever asks, or it isn't there.
    Denied,
    /// Anything else.
    Other(ApiError),
}

impl From<RegistryError> for Refusal {
    fn from(e: RegistryError) -> Self {
        Self::Other(e.into())
    }
}

impl From<ApiError> for Refusal {
    fn from(e: ApiError) -> Self {
        Self::Other(e)
    }
}

impl From<Refusal> for ApiError {
    fn from(e: Refusal) -> Self {
        match e {
            Refusal::Denied => Self::not_found(DENIED),
            Refusal::Other(e) => e,
        }
    }
}

fn not_found(reference: &Reference, reply: &Reply) -> Refusal {
    let hub = reference.domain() == layerlab_oci::reference::DEFAULT_DOMAIN;
    match reply.head.status {
        404 if hub => {
            ApiError::not_found(format!("{reference}: not found{}", crate::catalog::real::explain(reference))).into()
        }
        404 => ApiError::not_found(format!("{reference}: not found")).into(),
        401 if reply.header("Www-Authenticate").starts_with("Bearer") => Refusal::Denied,
        401 => ApiError::internal(
            "pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials",
        )
        .into(),
        429 => ApiError { status: 429, message: reply.why() }.into(),
        _ => ApiError::internal(reply.why()).into(),
    }
}

async fn fetch(registry: &Registry, reference: &Reference, platform: &Platform) -> Result<Remote, Refusal> {
    let what = reference.digest().map_or_else(|| reference.tag().unwrap_or("latest").to_owned(), ToString::to_string);
    let repo = reference.path();
    let path = |what: &str| format!("{repo}/manifests/{what}");
    let head = registry.request("HEAD", &path(&what), Query::default(), ACCEPT, None).await?;
    if head.head.status >= 400 {
        return Err(not_found(reference, &head));
    }
    // What is here already is not asked for again.
    let known = head.header("Docker-Content-Digest").parse::<Digest>().ok();
    let target = held(registry, reference, &path(&what), known).await?;
    let mut blobs: Vec<(Digest, Bytes)> = vec![(target.0.digest, target.1.clone())];
    let bytes = if media_type::is_index(&target.0.media_type) {
        let index = Index::from_json(&target.1).map_err(|e| ApiError::internal(e.to_string()))?;
        let of = |p: &Platform| index.manifests.iter().find(|d| d.platform.as_ref().is_none_or(|o| o.matches(p)));
        let chosen = platform.runs().iter().find_map(of);
        let chosen = chosen.ok_or_else(|| ApiError::not_found("no match for platform in manifest: not found"))?;
        let one = held(registry, reference, &path(&chosen.digest.to_string()), Some(chosen.digest)).await?;
        blobs.push((one.0.digest, one.1.clone()));
        one.1
    } else {
        target.1
    };
    let parsed = Manifest::from_json(&bytes).map_err(|e| ApiError::internal(e.to_string()))?;
    let config = match kept(&registry.sys, &parsed.config.digest)? {
        Some(c) => c,
        None => blob(registry, repo, &parsed.config.digest).await?,
    };
    let image = ImageConfig::from_json(&config).map_err(|e| ApiError::internal(e.to_string()))?;
    blobs.push((parsed.config.digest, config));
    let mut layers = Vec::new();
    for (descriptor, diff_id) in parsed.layers.iter().zip(&image.rootfs.diff_ids) {
        layers.push(layer(registry, repo, descriptor, diff_id).await?);
    }
    Ok(Remote { target: target.0, layers, blobs, platform: platform.clone() })
}

/// What is here already, of an image or of an earlier build.
fn kept(sys: &Sys, digest: &Digest) -> Result<Option<Bytes>, ApiError> {
    with(sys, |s| s.content.0.get(digest).or_else(|| s.cache.manifests.get(digest)).cloned())
}

/// A manifest or index: from here if it is here.
async fn held(
    registry: &Registry,
    reference: &Reference,
    path: &str,
    known: Option<Digest>,
) -> Result<(Descriptor, Bytes), Refusal> {
    let here = known.map(|d| kept(&registry.sys, &d)).transpose()?.flatten();
    match here {
        Some(bytes) => Ok((Descriptor::of(&kind_of(&bytes), &bytes), bytes)),
        None => manifest(registry, reference, path).await,
    }
}

/// A manifest or index by its path behind `/v2/`.
///
/// # Errors
/// The registry hasn't got it.
pub(crate) async fn manifest(
    registry: &Registry,
    reference: &Reference,
    path: &str,
) -> Result<(Descriptor, Bytes), Refusal> {
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
    figured(registry, repo, digest).await.map(|b| b.0)
}

/// A blob, with the figures of what it stands for where the registry tells them.
async fn figured(registry: &Registry, repo: &str, digest: &Digest) -> Result<(Bytes, Option<(u64, u64)>), ApiError> {
    let reply = registry.request("GET", &format!("{repo}/blobs/{digest}"), Query::default(), "", None).await?;
    if reply.head.status != 200 {
        return Err(ApiError::internal(reply.why()));
    }
    if Digest::of(&reply.body) != *digest {
        return Err(ApiError::internal(format!("failed precondition: unexpected commit digest, expected {digest}")));
    }
    let figures = figures(reply.header(NOMINAL));
    Ok((Bytes::new(reply.body), figures))
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
    let (blob, told) = figured(registry, repo, &descriptor.digest).await?;
    if let Some((compressed, unpacked)) = told {
        let (digest, size) = (descriptor.digest, blob.len() as u64);
        let info = LayerInfo { digest, diff_id: *diff_id, size, compressed, unpacked, present: true };
        return Ok(NewLayer { blob, info });
    }
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
