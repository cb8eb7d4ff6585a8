//! `POST /images/load`.

use layerlab_api::stream::JsonMessage;
use layerlab_oci::archive;
use layerlab_oci::layer::Limits;
use layerlab_oci::{Digest, gzip};

use super::layer::from_entries;
use super::unpack::read_blob;
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::state::{EngineState, LayerInfo};

/// Takes an archive in.
///
/// # Errors
/// It is none, or damaged; then nothing is loaded.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let body = cx.body().await?;
    let now = cx.now();
    let loaded = archive::load(&body, Limits::default()).map_err(|e| ApiError::internal(e.to_string()))?;
    let lines = cx.with(|s| {
        for (digest, blob) in &loaded.blobs {
            s.content.0.insert(*digest, blob.clone());
        }
        let mut lines = Vec::new();
        for image in &loaded.images {
            let added = s.add_image(&image.target).map_err(ApiError::internal)?;
            for (layer, diff_id) in added.layers.iter().zip(added.diff_ids()) {
                add_layer_info(s, &layer.digest, diff_id).map_err(ApiError::internal)?;
            }
            let id = added.id();
            let line = match &image.name {
                Some(name) => {
                    let old = s.images.tag(name, id, now);
                    if let Some(old) = old {
                        s.drop_if_dangling(&old);
                    }
                    format!("Loaded image: {}\n", name.clone().tag_name_only().familiar())
                }
                None => format!("Loaded image ID: {id}\n"),
            };
            s.event(now, "image", "load", &id.to_string(), &[("name", &id.to_string())]);
            lines.push(line);
        }
        Ok::<_, ApiError>(lines)
    })??;
    for line in lines {
        cx.line(&JsonMessage::stream(line)).await?;
    }
    if !cx.has_started() {
        cx.begin("application/json").await?;
    }
    cx.end().await
}

/// Notes the figures of a layer whose blob is here.
///
/// # Errors
/// The blob is missing or damaged.
pub fn add_layer_info(state: &mut EngineState, digest: &Digest, diff_id: &Digest) -> Result<(), String> {
    if state.layers.contains_key(diff_id) {
        return Ok(());
    }
    let blob = state.content.0.get(digest).cloned().ok_or_else(|| format!("content digest {digest}: not found"))?;
    let figures = from_entries(&read_blob(&blob)?, None).info;
    let size = blob.len() as u64;
    let compressed =
        if gzip::is_gzip(&blob) { figures.compressed - figures.size.min(figures.compressed) + size } else { size };
    let info =
        LayerInfo { digest: *digest, diff_id: *diff_id, size, compressed, unpacked: figures.unpacked, present: true };
    state.layers.insert(*diff_id, info);
    Ok(())
}
