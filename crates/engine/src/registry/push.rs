//! `POST /images/{name}/push`.

use layerlab_api::query::Query;
use layerlab_api::registry::Registry;
use layerlab_api::stream::{JsonMessage, ProgressDetail};
use layerlab_oci::{Descriptor, Digest, Index, Manifest, Platform, Reference, media_type};

use super::client;
use super::login::authorization;
use super::serve::NOMINAL;
use crate::build::export;
use crate::context::{Context, Reply, with};
use crate::error::ApiError;
use crate::image::Image;
use crate::state::EngineState;
use crate::transfer::Transfer;

const NO_CREDENTIALS: &str = "push access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials";
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
    let mut registry = client::open(&cx.sys, &host, authorization(&cx.request)).await;
    registry.pushes = true;
    let platform = crate::image::inspect::platform_of(cx.param("platform"))?;
    cx.line(&JsonMessage::status(None, format!("The push refers to repository [{}]", reference.name()))).await?;
    let built = cx.param("build").parse::<u64>().ok();
    let built = match built {
        Some(number) => cx.with(|s| s.handed_over.get(&number).cloned())?,
        None => None,
    };
    if let Some(exported) = built {
        // The builder's own image, which has no name here.
        let target = exported.target();
        let image = cx.with(|s| {
            export::put(s, exported);
            Image::read(&target, &s.content)
        })?;
        let image = image.map_err(ApiError::internal)?;
        let result = push(cx, &registry, &reference, &image, platform.as_ref()).await;
        cx.with(EngineState::collect_garbage)?;
        result?;
        return cx.end().await;
    }
    if all.is_empty() {
        return Err(ApiError::not_found(format!("tag does not exist: {}", reference.familiar())));
    }
    for one in all {
        let image = cx.with(|s| s.images.find_named(&one))?;
        let image = image.ok_or_else(|| ApiError::not_found(format!("tag does not exist: {}", one.familiar())))?;
        push(cx, &registry, &one, &image, platform.as_ref()).await?;
        let (at, id) = (cx.now(), one.familiar());
        cx.with(|s| s.event(at, "image", "push", &id, &[("name", &one.familiar_name())]))?;
    }
    cx.end().await
}

async fn line(cx: &mut Context, transfer: u64, id: &Digest, status: String) -> Reply {
    let mut message = JsonMessage::status(Some(&id.short()), status);
    message.progress_detail = Some(ProgressDetail::default());
    cx.with(|s| s.go_on_transfer(transfer, &message))?;
    cx.line(&message).await
}

/// What of an image goes to a registry.
struct Chosen {
    /// Images of platforms.
    images: Vec<Image>,
    /// Attestation manifests.
    attestations: Vec<Descriptor>,
    /// What the tag will point to.
    last: Descriptor,
    /// What is said behind it.
    note: Option<String>,
}

/// All of an index if all of it is here, else the only platform that is (moby
/// `daemon/containerd/image_push.go`).
fn choose(cx: &Context, name: &Reference, image: &Image, platform: Option<&Platform>) -> Result<Chosen, ApiError> {
    let one = |image: Image, note: Option<String>| Chosen {
        last: image.manifest.clone(),
        images: vec![image],
        attestations: Vec::new(),
        note,
    };
    if let Some(p) = platform {
        let found = image.of(p).ok_or_else(|| {
            let shown = name.familiar();
            ApiError::not_found(format!(
                "image with reference {shown} was found but does not provide the specified platform ({p})"
            ))
        })?;
        return Ok(one(found, None));
    }
    if image.target.digest == image.manifest.digest {
        return Ok(one(image.clone(), None));
    }
    if image.absent.is_empty() {
        let index = cx.with(|s| s.content.0.get(&image.target.digest).cloned())?;
        let index = index.and_then(|b| Index::from_json(&b).ok()).map(|i| i.manifests).unwrap_or_default();
        let about = |d: &Descriptor| d.platform.as_ref().is_some_and(Platform::is_unknown);
        return Ok(Chosen {
            images: image.all().cloned().collect(),
            attestations: index.into_iter().filter(about).collect(),
            last: image.target.clone(),
            note: None,
        });
    }
    if image.variants.is_empty() {
        let (from, to) = (image.target.digest, image.manifest.digest);
        let note = format!(
            "\n Info -> Not all multiplatform-content is present and only the available single-platform image was pushed\n         {from} -> {to}"
        );
        return Ok(one(image.clone(), Some(note)));
    }
    Err(ApiError::not_found(
        "failed to push because content is missing: You're trying to push a manifest list/index which references multiple platform specific manifests, but not all of them are available locally or available to the remote repository. You can also push only a single platform specific manifest directly by specifying the platform you want to push with the --platform flag.",
    ))
}

async fn push(
    cx: &mut Context,
    registry: &Registry,
    name: &Reference,
    image: &Image,
    platform: Option<&Platform>,
) -> Reply {
    let repo = name.path();
    let chosen = choose(cx, name, image, platform)?;
    let mut layers: Vec<&Descriptor> = Vec::new();
    for l in chosen.images.iter().flat_map(|i| &i.layers) {
        if !layers.iter().any(|o| o.digest == l.digest) {
            layers.push(l);
        }
    }
    // Whether anything may be pushed at all is known before anything is said.
    if let Some(l) = layers.first() {
        has(registry, repo, &l.digest).await?;
    }
    let transfer = cx.with(|s| {
        let transfer = Transfer::push(name, &chosen.images, s);
        s.begin_transfer(transfer)
    })?;
    let brought = bring(cx, registry, repo, &layers, transfer).await;
    cx.with(|s| s.end_transfer(transfer))?;
    brought?;
    let tag = name.tag().unwrap_or("latest").to_owned();
    for one in &chosen.images {
        blob(cx, registry, repo, &one.config_digest).await?;
        put_manifest(cx, registry, repo, &one.manifest, &one.manifest.digest.to_string()).await?;
    }
    for d in &chosen.attestations {
        let content = cx.with(|s| s.content.0.get(&d.digest).cloned())?;
        let parsed = content.and_then(|b| Manifest::from_json(&b).ok());
        let parsed = parsed.ok_or_else(|| ApiError::not_found(format!("content digest {}: not found", d.digest)))?;
        for part in parsed.layers.iter().chain([&parsed.config]) {
            blob(cx, registry, repo, &part.digest).await?;
        }
        put_manifest(cx, registry, repo, d, &d.digest.to_string()).await?;
    }
    put_manifest(cx, registry, repo, &chosen.last, &tag).await?;
    let (digest, size) = (chosen.last.digest, chosen.last.size);
    cx.line(&JsonMessage::status(None, format!("{tag}: digest: {digest} size: {size}"))).await?;
    if let Some(note) = chosen.note {
        cx.line(&JsonMessage::status(None, note)).await?;
    }
    Ok(())
}

/// Brings layers over, telling of it.
async fn bring(cx: &mut Context, registry: &Registry, repo: &str, layers: &[&Descriptor], transfer: u64) -> Reply {
    for l in layers {
        line(cx, transfer, &l.digest, "Preparing".to_owned()).await?;
    }
    for l in layers {
        let done = layer(cx, registry, repo, l, transfer).await?;
        line(cx, transfer, &l.digest, done).await?;
    }
    Ok(())
}

/// Whether a registry has a blob.
async fn has(registry: &Registry, repo: &str, digest: &Digest) -> Result<bool, ApiError> {
    let head = registry.request("HEAD", &format!("{repo}/blobs/{digest}"), Query::default(), "", None).await?;
    if head.head.status == 401 {
        let bearer = head.header("Www-Authenticate").starts_with("Bearer");
        return Err(ApiError::internal(if bearer { DENIED } else { NO_CREDENTIALS }));
    }
    Ok(head.head.status == 200)
}

/// Brings a layer over; answers what became of it.
async fn layer(
    cx: &Context,
    registry: &Registry,
    repo: &str,
    l: &Descriptor,
    transfer: u64,
) -> Result<String, ApiError> {
    if has(registry, repo, &l.digest).await? {
        return Ok("Layer already exists".to_owned());
    }
    // Where the registry has it under another name of ours, it mounts it.
    for other in others(cx, registry, repo, &l.digest)? {
        let query = Query::default().with("mount", l.digest.to_string()).with("from", other.as_str());
        let reply = registry.request("POST", &format!("{repo}/blobs/uploads/"), query, "", None).await?;
        if reply.head.status == 201 {
            return Ok(format!("Mounted from {other}"));
        }
    }
    cx.with(|s| s.go_on_transfer(transfer, &JsonMessage::progress(&l.digest.short(), "Pushing", 0, None, None)))?;
    blob(cx, registry, repo, &l.digest).await?;
    let nominal = with(&cx.sys, |s| s.layer_of(&l.digest).map(|i| i.compressed))?;
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
    put_blob(registry, repo, digest, &data).await
}

/// Gives a registry a blob, whether it has it or not.
///
/// # Errors
/// It refuses, or nobody answers.
pub(crate) async fn put_blob(registry: &Registry, repo: &str, digest: &Digest, data: &[u8]) -> Result<(), ApiError> {
    let begun = registry.request("POST", &format!("{repo}/blobs/uploads/"), Query::default(), "", None).await?;
    if begun.head.status != 202 {
        return Err(ApiError::internal(if begun.head.status == 401 { DENIED.to_owned() } else { begun.why() }));
    }
    let location = begun.header("Location").to_owned();
    let path = location.split("/v2/").nth(1).unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
    let mut query = Query::default().with("digest", digest.to_string());
    let nominal = with(&registry.sys, |s| s.layer_of(digest).map(|i| (i.compressed, i.unpacked)))?;
    if let Some((compressed, unpacked)) = nominal {
        query = query.with(NOMINAL, format!("{compressed} {unpacked}"));
    }
    let done = registry.request("PUT", &path, query, "", Some(("application/octet-stream", data.to_vec()))).await?;
    if done.head.status == 201 { Ok(()) } else { Err(ApiError::internal(done.why())) }
}

async fn put_manifest(cx: &Context, registry: &Registry, repo: &str, d: &Descriptor, name: &str) -> Reply {
    let data = cx.with(|s| s.content.0.get(&d.digest).cloned())?;
    let data = data.ok_or_else(|| ApiError::not_found(format!("content digest {}: not found", d.digest)))?;
    let kind = if d.media_type.is_empty() { media_type::OCI_MANIFEST } else { &d.media_type };
    put_named(registry, repo, kind, name, &data).await
}

/// Gives a registry a manifest under a tag or digest.
///
/// # Errors
/// It refuses, or nobody answers.
pub(crate) async fn put_named(registry: &Registry, repo: &str, kind: &str, name: &str, data: &[u8]) -> Reply {
    let path = format!("{repo}/manifests/{name}");
    let reply = registry.request("PUT", &path, Query::default(), "", Some((kind, data.to_vec()))).await?;
    if reply.head.status == 201 { Ok(()) } else { Err(ApiError::internal(reply.why())) }
}
