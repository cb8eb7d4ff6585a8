//! `GET /images/{name}/history`.

use layerlab_api::image::HistoryItem;
use layerlab_oci::Reference;

use super::Image;
use super::inspect::{image_for, platform_of};
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::state::EngineState;

/// How an image was made, newest first.
///
/// # Errors
/// No such image, or not for this platform.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let platform = platform_of(cx.param("platform"))?;
    let answer = cx.with(|s| {
        let image = s.images.find(name)?;
        let image = match &platform {
            Some(p) => image_for(&image, name, p)?.into(),
            None => image,
        };
        Ok::<_, ApiError>(history(s, &image))
    })??;
    cx.json(200, &answer).await
}

/// The lines of `docker history`, newest first.
pub fn history(state: &EngineState, image: &Image) -> Vec<HistoryItem> {
    let mut layers = image.diff_ids().iter();
    let mut items: Vec<HistoryItem> = Vec::new();
    for line in &image.config.history {
        let layer = if line.empty_layer { None } else { layers.next() };
        items.push(HistoryItem {
            comment: line.comment.clone(),
            created: line.created.map_or(0, |t| t.secs),
            created_by: line.created_by.clone(),
            id: "<missing>".to_owned(),
            size: layer.and_then(|d| state.layers.get(d)).map_or(0, |l| l.unpacked as i64),
            tags: None,
        });
    }
    items.reverse();
    if let Some(first) = items.first_mut() {
        first.id = image.id().to_string();
        let tags: Vec<String> = state
            .images
            .names_of(&image.id())
            .into_iter()
            .filter_map(|n| Reference::parse(n).ok())
            .map(|r| r.familiar())
            .collect();
        first.tags = (!tags.is_empty()).then_some(tags);
    }
    items
}
