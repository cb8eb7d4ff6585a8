//! `POST /images/{name}/tag`.

use layerlab_oci::Reference;

use crate::context::{Context, Reply};
use crate::error::ApiError;

/// Gives an image another name.
///
/// # Errors
/// No such image, or no such name can be.
pub async fn endpoint(cx: &mut Context, name: &str) -> Reply {
    let repo = cx.param("repo").to_owned();
    let tag = cx.param("tag").to_owned();
    let mut reference = Reference::parse_normalized(&repo).map_err(|e| ApiError::bad(e.to_string()))?;
    if !tag.is_empty() {
        reference = reference.with_tag(&tag).map_err(|e| ApiError::bad(e.to_string()))?;
    }
    let now = cx.now();
    cx.with(|s| {
        let image = s.images.find_any(name)?;
        let old = s.images.tag(&reference, image.id(), now);
        let shown = reference.clone().tag_name_only().familiar();
        s.event(now, "image", "tag", &image.id().to_string(), &[("name", &shown)]);
        if let Some(old) = old {
            s.drop_if_dangling(&old);
        }
        Ok::<_, ApiError>(())
    })??;
    cx.empty(201).await
}
