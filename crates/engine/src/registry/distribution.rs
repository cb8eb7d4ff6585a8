//! `GET /distribution/NAME/json`, and our addition `…/manifest`: what a registry has under a name.

use layerlab_oci::{Bytes, Descriptor, Index, Reference, media_type};
use serde_json::json;

use super::client;
use super::fetch;
use super::login::authorization;
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::image::list::descriptor;

/// Tells what a name points to: its descriptor and platforms, or with `raw` the manifest's own bytes.
///
/// # Errors
/// It is no name, or the registry has no such thing.
pub async fn endpoint(cx: &mut Context, name: &str, raw: bool) -> Reply {
    let reference = Reference::parse_normalized(name).map_err(|e| ApiError::bad(e.to_string()))?.tag_name_only();
    let (target, bytes) = manifest(cx, &reference).await?;
    if raw {
        return cx.answer(200, &target.media_type, bytes.to_vec()).await;
    }
    let platforms: Vec<_> = if media_type::is_index(&target.media_type) {
        let index = Index::from_json(&bytes).map_err(|e| ApiError::internal(e.to_string()))?;
        index.manifests.iter().filter_map(|d| descriptor(d).platform).collect()
    } else {
        Vec::new()
    };
    cx.json(200, &json!({ "Descriptor": descriptor(&target), "Platforms": platforms })).await
}

async fn manifest(cx: &Context, reference: &Reference) -> Result<(Descriptor, Bytes), ApiError> {
    let registry = client::open(&cx.sys, reference.domain(), authorization(&cx.request)).await;
    let what = reference.digest().map_or_else(|| reference.tag().unwrap_or("latest").to_owned(), ToString::to_string);
    Ok(fetch::manifest(&registry, reference, &format!("{}/manifests/{what}", reference.path())).await?)
}
