//! `POST /images/load`.

use std::collections::BTreeSet;

use layerlab_api::stream::JsonMessage;
use layerlab_oci::archive::{self, Image as Archived};
use layerlab_oci::layer::Limits;
use layerlab_oci::{Digest, Platform, gzip};

use super::Image;
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
    let platforms = super::save::platforms_of(cx, "platform")?;
    let now = cx.now();
    let loaded = archive::load(&body, Limits::default()).map_err(|e| ApiError::internal(e.to_string()))?;
    let lines = cx.with(|s| {
        let unwanted: BTreeSet<Digest> = match platforms.as_slice() {
            [] => BTreeSet::new(),
            some => loaded.images.iter().flat_map(|i| super::save::hidden(&i.target, &loaded.blobs, some)).collect(),
        };
        for (digest, blob) in loaded.blobs.iter().filter(|(d, _)| !unwanted.contains(d)) {
            s.content.0.insert(*digest, blob.clone());
        }
        provided(s, &loaded.images, &platforms)?;
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

/// Refuses images that are for none of the platforms that are asked for (moby `daemon/containerd/image_exporter.go`,
/// `verifyImagesProvidePlatform`).
fn provided(state: &mut EngineState, images: &[Archived], platforms: &[Platform]) -> Result<(), ApiError> {
    if platforms.is_empty() {
        return Ok(());
    }
    let fits = |i: &Archived| {
        Image::read(&i.target, &state.content).is_ok_and(|read| platforms.iter().any(|p| read.of(p).is_some()))
    };
    let name = |i: &Archived| match &i.name {
        Some(name) => name.clone().tag_name_only().familiar(),
        None => i.target.digest.to_string(),
    };
    let lacking: Vec<String> = images.iter().filter(|i| !fits(i)).map(name).collect();
    let wanted: Vec<String> = platforms.iter().map(ToString::to_string).collect();
    let wanted = wanted.join(" ");
    let message = match lacking.as_slice() {
        [] => return Ok(()),
        [one] => format!("image {one} was loaded, but doesn't provide the requested platform ([{wanted}])"),
        many => {
            let many = many.join(", ");
            format!("images [{many}] were loaded, but don't provide the requested platform ([{wanted}])")
        }
    };
    state.collect_garbage();
    Err(ApiError::not_found(message))
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
