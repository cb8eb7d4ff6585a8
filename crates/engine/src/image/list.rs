//! `GET /images/json`.

use layerlab_api::filters::Filters;
use layerlab_api::image::{
    Descriptor, ImageProperties, ManifestSize, ManifestSummary, Platform, Summary, UnpackedSize,
};
use layerlab_oci::Reference;

use super::Image;
use crate::context::{Context, Reply};
use crate::error::ApiError;
use crate::shared::Shared;
use crate::state::EngineState;

/// Lists images, newest first.
///
/// # Errors
/// A filter that there isn't.
pub async fn endpoint(cx: &mut Context) -> Reply {
    let filters = Filters::parse(cx.param("filters")).map_err(|_| ApiError::bad("invalid filter"))?;
    for name in filters.0.keys() {
        if !["dangling", "label", "before", "since", "until", "reference"].contains(&name.as_str()) {
            return Err(ApiError::bad(format!("invalid filter '{name}'")));
        }
    }
    let manifests = cx.flag("manifests");
    let list = cx.with(|s| list(s, &filters, manifests))??;
    cx.json(200, &list).await
}

/// The images that pass the filters, newest first.
///
/// # Errors
/// A filter names an image that there isn't.
pub fn list(state: &EngineState, filters: &Filters, manifests: bool) -> Result<Vec<Summary>, ApiError> {
    let edge =
        |name: &str| filters.get(name).next().map(|n| state.images.find(n).map(|i| i.config.created)).transpose();
    let (before, since) = (edge("before")?, edge("since")?);
    let mut images: Vec<Summary> = Vec::new();
    for image in state.images.images.values() {
        let mut summary = summary(state, image, manifests);
        if before.is_some_and(|b| image.config.created >= b) || since.is_some_and(|b| image.config.created <= b) {
            continue;
        }
        if let Some(want) = filters.get("dangling").next()
            && matches!(want, "true" | "1") != summary.repo_tags.is_empty()
        {
            continue;
        }
        if filters.has("reference") {
            summary.repo_tags.retain(|t| {
                let reference = Reference::parse_familiar(t);
                filters.get("reference").any(|p| reference.as_ref().is_ok_and(|r| r.familiar_match(p).unwrap_or(false)))
            });
            if summary.repo_tags.is_empty() {
                continue;
            }
        }
        let labels = &image.config.config.labels;
        let has = |l: &str| match l.split_once('=') {
            Some((k, v)) => labels.get(k).is_some_and(|x| x == v),
            None => labels.contains_key(l),
        };
        if filters.get("label").all(has) {
            images.push(summary);
        }
    }
    images.sort_by(|a, b| (b.created, &a.id).cmp(&(a.created, &b.id)));
    Ok(images)
}

/// An image's line.
pub fn summary(state: &EngineState, image: &Image, manifests: bool) -> Summary {
    let id = image.id();
    let names: Vec<Reference> =
        state.images.names_of(&id).into_iter().filter_map(|n| Reference::parse(n).ok()).collect();
    let users: Vec<String> = state.containers.values().filter(|c| c.image_id == id).map(|c| c.id.clone()).collect();
    let size: u64 = image.all().map(|i| i.content_size(state) + i.unpacked_size(state)).sum();
    let mut digests: Vec<String> = names.iter().map(|n| format!("{}@{id}", n.familiar_name())).collect();
    digests.dedup();
    let labels = &image.config.config.labels;
    Summary {
        containers: users.len() as i64,
        created: image.config.created.map_or(0, |t| t.secs),
        id: id.to_string(),
        labels: (!labels.is_empty()).then(|| labels.clone()),
        parent_id: String::new(),
        descriptor: Some(descriptor(&image.target)),
        manifests: manifests.then(|| {
            let here = image.all().map(|i| manifest(state, i));
            here.chain(image.absent.iter().map(absent)).collect()
        }),
        repo_digests: digests,
        repo_tags: names.iter().map(Reference::familiar).collect(),
        shared_size: -1,
        size: size as i64,
    }
}

/// The image of one platform.
fn manifest(state: &EngineState, image: &Image) -> ManifestSummary {
    let (content, unpacked) = (image.content_size(state) as i64, image.unpacked_size(state) as i64);
    let uses = |c: &&Shared<crate::container::Container>| {
        c.image_id == image.id() && c.manifest.as_ref().is_none_or(|m| m.digest == image.manifest.digest)
    };
    ManifestSummary {
        id: image.manifest.digest.to_string(),
        descriptor: descriptor(&image.manifest),
        available: true,
        size: ManifestSize { content, total: content + unpacked },
        kind: "image".to_owned(),
        image_data: Some(ImageProperties {
            platform: platform(&image.platform()),
            size: UnpackedSize { unpacked },
            containers: state.containers.values().filter(uses).map(|c| c.id.clone()).collect(),
        }),
    }
}

/// A platform whose blobs are not here.
fn absent(d: &layerlab_oci::Descriptor) -> ManifestSummary {
    ManifestSummary {
        id: d.digest.to_string(),
        descriptor: descriptor(d),
        available: false,
        size: ManifestSize::default(),
        kind: "image".to_owned(),
        image_data: Some(ImageProperties {
            platform: d.platform.as_ref().map(platform).unwrap_or_default(),
            size: UnpackedSize::default(),
            containers: Vec::new(),
        }),
    }
}

fn platform(p: &layerlab_oci::Platform) -> Platform {
    Platform { architecture: p.architecture.clone(), os: p.os.clone(), variant: p.variant.clone() }
}

/// A descriptor in the API's form.
pub fn descriptor(d: &layerlab_oci::Descriptor) -> Descriptor {
    let platform = d.platform.as_ref().map(platform);
    Descriptor { media_type: d.media_type.clone(), digest: d.digest.to_string(), size: d.size, platform }
}
