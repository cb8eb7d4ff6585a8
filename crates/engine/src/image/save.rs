//! `GET /images/{name}/get`, `GET /images/get`: `docker save`.

use layerlab_oci::archive::{self, Image as Archived};
use layerlab_oci::{Descriptor, Platform, Reference};

use super::Image;
use super::inspect::{image_for, platform_of};
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::state::EngineState;

/// Streams an archive of images.
///
/// # Errors
/// No such image.
pub async fn endpoint(cx: &mut Context, names: &[String]) -> Reply {
    let now = cx.now();
    let platforms = platforms_of(cx, "platform")?;
    let tar = cx.with(|s| {
        let tar = save(s, names, &platforms)?;
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

/// The platforms that a parameter names, which may come several times.
///
/// # Errors
/// One is none.
pub fn platforms_of(cx: &Context, parameter: &str) -> Result<Vec<Platform>, ApiError> {
    let all: Result<Vec<_>, _> = cx.request.query.all(parameter).map(platform_of).collect();
    Ok(all?.into_iter().flatten().collect())
}

/// What is saved of an image: all, or its manifest for the one platform that is asked for.
fn target(image: &Image, name: &str, platforms: &[Platform]) -> Result<Descriptor, ApiError> {
    let mut found = None;
    for p in platforms {
        let one = image_for(image, name, p)
            .map_err(|e| ApiError { message: format!("no suitable export target found: {}", e.message), ..e })?;
        found = Some(one.manifest);
    }
    Ok(found.filter(|_| platforms.len() == 1).unwrap_or_else(|| image.target.clone()))
}

/// An archive of these images: a name without tag takes all its tags.
///
/// # Errors
/// No such image, or not for one of these platforms.
pub fn save(state: &EngineState, names: &[String], platforms: &[Platform]) -> Result<Vec<u8>, ApiError> {
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
            images.push(Archived { name: named, target: target(&image, name, platforms)? });
        }
        for (full, named) in tagged {
            let image = state.images.images.get(&named.target).ok_or_else(|| super::store::no_such(name))?;
            images.push(Archived { name: Reference::parse(full).ok(), target: target(image, name, platforms)? });
        }
    }
    let own = Platform::linux("amd64");
    archive::save(&images, &state.content, platforms.first().unwrap_or(&own))
        .map_err(|e| ApiError::internal(e.to_string()))
}
