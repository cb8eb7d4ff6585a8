//! `GET /images/{name}/get`, `GET /images/get`: `docker save`.

use std::collections::BTreeSet;

use layerlab_oci::archive::{self, Blobs, Image as Archived};
use layerlab_oci::{Bytes, Descriptor, Digest, Index, Platform, Reference};

use super::Image;
use super::inspect::{image_for, platform_of};
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::state::{Content, EngineState};

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

/// What is saved of an image: all, or its manifest for the one platform that is asked for. Of several platforms
/// those are saved that are here (moby `daemon/containerd/image_exporter.go`).
fn target(image: &Image, name: &str, platforms: &[Platform]) -> Result<Descriptor, ApiError> {
    let [only] = platforms else { return Ok(image.target.clone()) };
    let one = image_for(image, name, only)
        .map_err(|e| ApiError { message: format!("no suitable export target found: {}", e.message), ..e })?;
    Ok(one.manifest)
}

/// The blobs without those manifests that nobody asked for.
struct Wanted<'a> {
    content: &'a Content,
    hidden: BTreeSet<Digest>,
}

impl Blobs for Wanted<'_> {
    fn blob(&self, digest: &Digest) -> Option<Bytes> {
        self.content.blob(digest).filter(|_| !self.hidden.contains(digest))
    }
}

/// Manifests of an image's index that are for none of these platforms; what is attested is for none.
pub(super) fn hidden(target: &Descriptor, content: &impl Blobs, platforms: &[Platform]) -> Vec<Digest> {
    let index = content.blob(&target.digest).and_then(|b| Index::from_json(&b).ok());
    let fits = |d: &Descriptor| d.platform.as_ref().is_some_and(|p| platforms.iter().any(|w| w.matches(p)));
    index.into_iter().flat_map(|i| i.manifests).filter(|d| !fits(d)).map(|d| d.digest).collect()
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
    let preferred = platforms.iter().find(|p| p.matches(&own)).or(platforms.first()).unwrap_or(&own);
    let mut wanted = Wanted { content: &state.content, hidden: BTreeSet::new() };
    if platforms.len() > 1 {
        wanted.hidden = images.iter().flat_map(|i| hidden(&i.target, &state.content, platforms)).collect();
    }
    archive::save(&images, &wanted, preferred).map_err(|e| ApiError::internal(e.to_string()))
}
