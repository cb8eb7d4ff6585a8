//! `GET /images/{name}/get`, `GET /images/get`: `docker save`.

use layerlab_oci::archive::{self, Image as Archived};
use layerlab_oci::{Platform, Reference};

use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::state::EngineState;

/// Streams an archive of images.
///
/// # Errors
/// No such image.
pub async fn endpoint(cx: &mut Context, names: &[String]) -> Reply {
    let now = cx.now();
    let tar = cx.with(|s| {
        let tar = save(s, names)?;
        for name in names {
            let id = s.images.find(name)?.id().to_string();
            s.event(now, "image", "save", &id, &[("name", name)]);
        }
        Ok::<_, ApiError>(tar)
    })??;
    cx.begin("application/x-tar").await?;
    for piece in tar.chunks(1 << 16) {
        cx.send(piece).await?;
    }
    cx.end().await
}

/// An archive of these images: a name without tag takes all its tags.
///
/// # Errors
/// No such image.
pub fn save(state: &EngineState, names: &[String]) -> Result<Vec<u8>, ApiError> {
    let mut images = Vec::new();
    for name in names {
        let reference = Reference::parse_normalized(name).ok();
        let all_tags = reference.as_ref().filter(|r| r.is_name_only()).map(|r| format!("{}:", r.name()));
        let tagged: Vec<_> = match &all_tags {
            Some(prefix) => state.images.names.iter().filter(|(n, _)| n.starts_with(prefix.as_str())).collect(),
            None => Vec::new(),
        };
        if tagged.is_empty() {
            let image = state.images.find(name)?;
            let named = reference
                .filter(|r| r.digest().is_none() && state.images.find_named(r).is_some())
                .map(Reference::tag_name_only);
            images.push(Archived { name: named, target: image.target.clone() });
        }
        for (full, named) in tagged {
            let image = state.images.images.get(&named.target).ok_or_else(|| super::store::no_such(name))?;
            images.push(Archived { name: Reference::parse(full).ok(), target: image.target.clone() });
        }
    }
    archive::save(&images, &state.content, &Platform::linux("amd64")).map_err(|e| ApiError::internal(e.to_string()))
}
