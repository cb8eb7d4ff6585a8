//! `POST /images/{name}/push`.

use layerlab_api::query::Query;
use layerlab_api::stream::{JsonMessage, ProgressDetail};
use layerlab_oci::{Descriptor, Digest, Reference, media_type};

use super::client::Registry;
use super::login::authorization;
use crate::context::{Context, Reply, with};
use crate::error::ApiError;
use crate::image::Image;

const DENIED: &str = "push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed";

/// Uploads what a registry doesn't have of an image.
///
/// # Errors
/// There is no such name; the registry refuses or cannot be reached.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let _ = cx.body().await?;
    let mut reference = Reference::parse_normalized(name).map_err(|e| ApiError::bad(e.to_string()))?;
    let tag = cx.param("tag").to_owned();
    if !tag.is_empty() {
        reference = reference.with_tag(&tag).map_err(|e| ApiError::bad(e.to_string()))?;
    }
    let all: Vec<Reference> = if reference.is_name_only() {
        let prefix = format!("{}:", reference.name());
        let names =
            cx.with(|s| s.images.names.keys().filter(|n| n.starts_with(&prefix)).cloned().collect::<Vec<_>>())?;
        names.iter().filter_map(|n| Reference::parse(n).ok()).collect()
    } else {
        vec![reference.clone()]
    };
    let host = reference.domain().to_owned();
    let registry = Registry::new(&cx.sys, &host, authorization(&cx.request));
    cx.line(&JsonMessage::status(None, format!("The push refers to repository [{}]", reference.name()))).await?;
    if all.is_empty() {
        return Err(ApiError::not_found(format!("tag does not exist: {}", reference.familiar())));
    }
    for one in all {
        let image = cx.with(|s| s.images.find_named(&one))?;
        let image = image.ok_or_else(|| ApiError::not_found(format!("tag does not exist: {}", one.familiar())))?;
        if host == layerlab_oci::reference::DEFAULT_DOMAIN {
            return Err(ApiError::internal(DENIED));
        }
        push(cx, &registry, &one, &image).await?;
        let (at, id) = (cx.now(), one.familiar());
        cx.with(|s| s.event(at, "image", "push", &id, &[("name", &one.familiar_name())]))?;
    }
    cx.end().await
}

async fn line(cx: &mut Context, id: &Digest, status: String) -> Reply {
    let mut message = JsonMessage::status(Some(&id.short()), status);
    message.progress_detail = Some(ProgressDetail::default());
    cx.line(&message).await
}

async fn push(cx: &mut Context, registry: &Registry, name: &Reference, image: &Image) -> Reply {
    let repo = name.path();
    for l in &image.layers {
        line(cx, &l.digest, "Preparing".to_owned()).await?;
    }
    for l in &image.layers {
        let done = layer(cx, registry, repo, l).await?;
        line(cx, &l.digest, done).await?;
    }
    blob(cx, registry, repo, &image.config_digest).await?;
    let mut last = image.manifest.clone();
    put_manifest(cx, registry, repo, &image.manifest, &image.manifest.digest.to_string()).await?;
    if image.target.digest != image.manifest.digest {
        last = image.target.clone();
    }
    let tag = name.tag().unwrap_or("latest").to_owned();
    put_manifest(cx, registry, repo, &last, &tag).await?;
    let size = last.size;
    cx.line(&JsonMessage::status(None, format!("{tag}: digest: {} size: {size}", last.digest))).await
}

/// Brings a layer over; answers what became of it.
async fn layer(cx: &Context, registry: &Registry, repo: &str, l: &Descriptor) -> Result<String, ApiError> {
    let path = format!("{repo}/blobs/{}", l.digest);
    let head = registry.request("HEAD", &path, Query::default(), "", None).await?;
    if head.head.status == 200 {
        return Ok("Layer already exists".to_owned());
    }
    if head.head.status == 401 {
        return Err(ApiError::internal(
            "push access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials",
        ));
    }
    // Where the registry has it under another name of ours, it mounts it.
    for other in others(cx, registry, repo, &l.digest)? {
        let query = Query::default().with("mount", l.digest.to_string()).with("from", other.as_str());
        let reply = registry.request("POST", &format!("{repo}/blobs/uploads/"), query, "", None).await?;
        if reply.head.status == 201 {
            return Ok(format!("Mounted from {other}"));
        }
    }
    blob(cx, registry, repo, &l.digest).await?;
    let nominal = with(&cx.sys, |s| s.layers.values().find(|i| i.digest == l.digest).map(|i| i.compressed))?;
    // The real layer's bytes take their time.
    let millis = nominal.unwrap_or(l.size) / 12_000;
    cx.sys.sleep(layerlab_kernel::SimTime::millis(millis)).await?;
    Ok("Pushed".to_owned())
}

/// Repositories of this registry that images here were tagged for and that have the layer.
fn others(cx: &Context, registry: &Registry, repo: &str, layer: &Digest) -> Result<Vec<String>, ApiError> {
    cx.with(|s| {
        let mut found = Vec::new();
        for (name, named) in &s.images.names {
            let Ok(r) = Reference::parse(name) else { continue };
            let has = s.images.images.get(&named.target).is_some_and(|i| i.layers.iter().any(|l| l.digest == *layer));
            let other = r.path().to_owned();
            if has && r.domain() == registry.host && other != repo && !found.contains(&other) {
                found.push(other);
            }
        }
        found
    })
}

async fn blob(cx: &Context, registry: &Registry, repo: &str, digest: &Digest) -> Result<(), ApiError> {
    let data = cx.with(|s| s.content.0.get(digest).cloned())?;
    let data = data.ok_or_else(|| ApiError::not_found(format!("content digest {digest}: not found")))?;
    let begun = registry.request("POST", &format!("{repo}/blobs/uploads/"), Query::default(), "", None).await?;
    if begun.head.status != 202 {
        return Err(ApiError::internal(if begun.head.status == 401 { DENIED.to_owned() } else { begun.why() }));
    }
    let location = begun.header("Location").to_owned();
    let path = location.split("/v2/").nth(1).unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
    let query = Query::default().with("digest", digest.to_string());
    let done = registry.request("PUT", &path, query, "", Some(("application/octet-stream", data.to_vec()))).await?;
    if done.head.status == 201 { Ok(()) } else { Err(ApiError::internal(done.why())) }
}

async fn put_manifest(cx: &Context, registry: &Registry, repo: &str, d: &Descriptor, name: &str) -> Reply {
    let data = cx.with(|s| s.content.0.get(&d.digest).cloned())?;
    let data = data.ok_or_else(|| ApiError::not_found(format!("content digest {}: not found", d.digest)))?;
    let kind = if d.media_type.is_empty() { media_type::OCI_MANIFEST } else { &d.media_type };
    let path = format!("{repo}/manifests/{name}");
    let reply = registry.request("PUT", &path, Query::default(), "", Some((kind, data.to_vec()))).await?;
    if reply.head.status == 201 { Ok(()) } else { Err(ApiError::internal(reply.why())) }
}
